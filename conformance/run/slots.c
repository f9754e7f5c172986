/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/slots.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conformance/run/wait.h"
#include "sim/base/clock.h"
#include "sim/link/card_server.h"
#include "sim/link/pcsc_list.h"

/* The daemon looks for cards every 400 ms (vpcd); this is long enough on a loaded machine. */
#define NOTICE_MS 20000
#define POLL_MS 10
/* A card stays out so long that a look falls into it, and is taken out once more when nobody saw it come. */
#define OUT_MS 500
#define SEEN_MS 2000
#define FREE_MS 2000

struct oc_slots {
    oc_endpoint cards[OC_SLOT_COUNT];
    bool present[OC_SLOT_COUNT];
    const oc_private_pcscd *pcscd; /* either this, with the cards in its readers, */
    oc_vpcd_card *in_reader[OC_SLOT_COUNT];
    bool was_seen[OC_SLOT_COUNT];
    unsigned seen[OC_SLOT_COUNT];   /* events of the reader when its card was seen */
    uint64_t out_ns[OC_SLOT_COUNT]; /* since when the card is out; 0: it was never in */
    oc_card_server *server;         /* or this */
    char texts[2][4 * PATH_MAX];    /* of the environment */
    const char *environment[3];
};

/* The folder of the stand-in reader libraries: beside the program in a build, or where they are installed. False when
 * they are nowhere: a terminal that needs them says so itself. */
static bool standin_folder(char *out, size_t room)
{
    static const char *const places[] = {"standins", "../lib/onecard/standins"};
    char program[PATH_MAX];
    char library[PATH_MAX + 32];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len <= 0) {
        return false;
    }
    program[len] = '\0';
    const char *folder = dirname(program);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        int end = snprintf(out, room, "%s/%s", folder, places[i]);
        snprintf(library, sizeof library, "%s/libpcsclite.so.1", out);
        if (end > 0 && (size_t)end < room && access(library, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

/* A card is seen when the reader has one. It is noticed as gone when the daemon's own look found the reader empty: that
 * it is called empty is not enough, as a command that failed says so too, and counts as an event of the reader. A card
 * that came back before that look would never be seen, for the look would find no change. */
static bool is_noticed(const oc_slots *slots, enum oc_slot slot, const oc_pcsc_reader *reader, bool wanted)
{
    bool long_out = oc_clock_now_ns() - slots->out_ns[slot] >= (uint64_t)OUT_MS * 1000000u;
    return wanted ? reader->present : !slots->was_seen[slot] || (reader->events != slots->seen[slot] && long_out);
}

/* *noticed is false when the time was over. */
static oc_result wait_for(oc_slots *slots, enum oc_slot slot, bool wanted, int ms, bool *noticed, oc_diag *diag)
{
    const char *name = oc_private_pcscd_reader(slots->pcscd, slot);
    oc_pcsc_reader reader;
    uint64_t end = oc_clock_now_ns() + (uint64_t)ms * 1000000u;
    *noticed = false;
    do {
        OC_TRY(oc_pcsc_look(&reader, name, diag));
        if (is_noticed(slots, slot, &reader, wanted)) {
            slots->was_seen[slot] = wanted;
            slots->seen[slot] = reader.events;
            *noticed = true;
            return oc_ok();
        }
        oc_wait_ms(POLL_MS);
    } while (oc_clock_now_ns() < end);
    return oc_ok();
}

static oc_result unnoticed(const oc_slots *slots, enum oc_slot slot, bool wanted, oc_diag *diag)
{
    return oc_diag_fail(diag, OC_E_TIMEOUT, "the reader %s did not see the card %s within %d s",
                        oc_private_pcscd_reader(slots->pcscd, slot), wanted ? "come" : "go", NOTICE_MS / 1000);
}

static void take_out(oc_slots *slots, enum oc_slot slot)
{
    oc_vpcd_card_stop(&slots->in_reader[slot]);
    slots->out_ns[slot] = oc_clock_now_ns();
}

static oc_result leave(oc_slots *slots, enum oc_slot slot, oc_diag *diag)
{
    bool noticed;
    OC_TRY(wait_for(slots, slot, false, NOTICE_MS, &noticed, diag));
    return noticed ? oc_ok() : unnoticed(slots, slot, false, diag);
}

static oc_result insert(oc_slots *slots, enum oc_slot slot, oc_diag *diag)
{
    bool noticed = false;
    OC_TRY(leave(slots, slot, diag));
    for (int waited = 0; waited < NOTICE_MS && !noticed; waited += SEEN_MS) {
        if (slots->in_reader[slot] != NULL) {
            take_out(slots, slot);
            oc_wait_ms(2 * OUT_MS);
        }
        OC_TRY(oc_vpcd_card_start(&slots->in_reader[slot], slots->cards[slot],
                                  oc_private_pcscd_port(slots->pcscd, slot), diag));
        OC_TRY(wait_for(slots, slot, true, SEEN_MS, &noticed, diag));
    }
    return noticed ? oc_ok() : unnoticed(slots, slot, true, diag);
}

static oc_result seat(oc_slots *slots, enum oc_slot slot, bool present, oc_diag *diag)
{
    if (slots->server != NULL) {
        oc_card_server_present(slots->server, slot, present);
        return oc_ok();
    }
    if (present) {
        return insert(slots, slot, diag);
    }
    take_out(slots, slot);
    return leave(slots, slot, diag);
}

oc_result oc_slots_present(oc_slots *slots, enum oc_slot slot, bool present, oc_diag *diag)
{
    if (slots->cards[slot].exchange == NULL || present == slots->present[slot]) {
        return oc_ok();
    }
    slots->present[slot] = present;
    return seat(slots, slot, present, diag);
}

static oc_result wait_free(const oc_slots *slots, enum oc_slot slot, uint64_t end, oc_diag *diag)
{
    oc_pcsc_reader reader;
    OC_TRY(oc_pcsc_look(&reader, oc_private_pcscd_reader(slots->pcscd, slot), diag));
    while (reader.in_use && oc_clock_now_ns() < end) {
        oc_wait_ms(POLL_MS);
        OC_TRY(oc_pcsc_look(&reader, oc_private_pcscd_reader(slots->pcscd, slot), diag));
    }
    return oc_ok();
}

oc_result oc_slots_wait_free(const oc_slots *slots, oc_diag *diag)
{
    uint64_t end = oc_clock_now_ns() + (uint64_t)FREE_MS * 1000000u;
    /* The card server sees that a client hung up before it serves another one. */
    for (enum oc_slot slot = OC_SLOT_CARD; slot < OC_SLOT_COUNT && slots->pcscd != NULL; slot++) {
        OC_TRY(wait_free(slots, slot, end, diag));
    }
    return oc_ok();
}

void oc_slots_lost(oc_slots *slots, enum oc_slot slot)
{
    slots->present[slot] = false;
    if (slots->server != NULL) {
        oc_card_server_present(slots->server, slot, false);
    } else {
        take_out(slots, slot);
    }
}

void oc_slots_lock(oc_slots *slots, enum oc_slot slot)
{
    if (slots->server != NULL) {
        oc_card_server_lock(slots->server);
    } else if (slots->in_reader[slot] != NULL) {
        oc_vpcd_card_lock(slots->in_reader[slot]);
    }
}

void oc_slots_unlock(oc_slots *slots, enum oc_slot slot)
{
    if (slots->server != NULL) {
        oc_card_server_unlock(slots->server);
    } else if (slots->in_reader[slot] != NULL) {
        oc_vpcd_card_unlock(slots->in_reader[slot]);
    }
}

const char *const *oc_slots_environment(const oc_slots *slots)
{
    return slots->environment;
}

const char *oc_slots_via(const oc_slots *slots)
{
    return slots->pcscd != NULL ? "pcsc" : "inproc";
}

static oc_result start_readers(oc_slots *slots, oc_diag *diag)
{
    for (enum oc_slot slot = OC_SLOT_CARD; slot < OC_SLOT_COUNT; slot++) {
        OC_TRY(oc_slots_present(slots, slot, true, diag));
    }
    /* The daemon put its socket into our own environment, too: what a child has does not depend on that. */
    const char *socket = getenv("PCSCLITE_CSOCK_NAME");
    snprintf(slots->texts[0], sizeof slots->texts[0], "PCSCLITE_CSOCK_NAME=%s", socket == NULL ? "" : socket);
    slots->environment[0] = slots->texts[0];
    return oc_ok();
}

static oc_result start_server(oc_slots *slots, const char *address, bool contactless, oc_diag *diag)
{
    oc_card_slot served[OC_SLOT_COUNT] = {
        {"Virtual Card 00 00", contactless ? OC_CARDS_CONTACTLESS : OC_CARDS_USER, slots->cards[OC_SLOT_CARD], false},
        {"Virtual SAM 00 00", OC_CARDS_SAM, slots->cards[OC_SLOT_PSAM], false}};
    for (size_t i = 0; i < OC_SLOT_COUNT; i++) {
        served[i].present = slots->cards[i].exchange != NULL;
        slots->present[i] = served[i].present;
    }
    OC_TRY(oc_card_server_start(&slots->server, served, OC_SLOT_COUNT, address != NULL ? address : "unix:", diag));
    snprintf(slots->texts[0], sizeof slots->texts[0], "ONECARD_CARDS=%s", oc_card_server_address(slots->server));
    slots->environment[0] = slots->texts[0];
    char folder[PATH_MAX];
    const char *before = getenv("LD_LIBRARY_PATH");
    if (standin_folder(folder, sizeof folder)) {
        bool more = before != NULL && before[0] != '\0';
        snprintf(slots->texts[1], sizeof slots->texts[1], "LD_LIBRARY_PATH=%s%s%s", folder, more ? ":" : "",
                 more ? before : "");
        slots->environment[1] = slots->texts[1];
    }
    return oc_ok();
}

oc_result oc_slots_start(oc_slots **out, const oc_endpoint cards[OC_SLOT_COUNT], const oc_private_pcscd *pcscd,
                         const char *address, bool contactless, oc_diag *diag)
{
    *out = NULL;
    oc_slots *slots = calloc(1, sizeof *slots);
    if (slots == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    slots->pcscd = pcscd;
    for (size_t i = 0; i < OC_SLOT_COUNT; i++) {
        slots->cards[i] = cards[i];
    }
    oc_result r = pcscd != NULL ? start_readers(slots, diag) : start_server(slots, address, contactless, diag);
    if (!oc_is_ok(r)) {
        oc_slots_stop(&slots);
        return r;
    }
    *out = slots;
    return oc_ok();
}

void oc_slots_stop(oc_slots **slots)
{
    if (*slots == NULL) {
        return;
    }
    for (size_t i = 0; i < OC_SLOT_COUNT; i++) {
        oc_vpcd_card_stop(&(*slots)->in_reader[i]);
    }
    oc_card_server_stop(&(*slots)->server);
    free(*slots);
    *slots = NULL;
}
