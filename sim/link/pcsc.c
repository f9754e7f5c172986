/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <winscard.h>

#include "sim/base/atr.h"
#include "sim/link/io.h"
#include "sim/link/pcsc_client.h"
#include "sim/link/pcsc_reader.h"
#include "sim/link/transports.h"

/* Opening: answers of the daemon, and how long a card may take to be seen (vpcd is polled every 400 ms). */
#define OPEN_MS 10000
#define PRESENCE_MS 3000
#define LOOK_MS 600
#define SEEN_MS 800
#define DISCONNECT_MS 2000
#define CONNECT_AGAIN_NS 20000000
/* A command fills one vpcd frame at most. */
#define COMMAND_MAX 65535

struct pcsc {
    oc_pcsc_client *client;
    SCARDHANDLE card;
    bool connected;
    bool broken;  /* a call was ended by its timeout: the context is dead */
    DWORD wanted; /* protocol that is asked for first */
    DWORD protocols;
    DWORD protocol;
    char reader[MAX_READERNAME];
    uint8_t room[MAX_BUFFER_SIZE_EXTENDED];
};

static oc_result finish(struct pcsc *pcsc, LONG error, int timeout_ms, const char *what, oc_diag *diag)
{
    if (oc_pcsc_client_end(pcsc->client)) {
        pcsc->broken = true;
        return oc_diag_fail(diag, OC_E_TIMEOUT, "%s: the card in \"%s\" gave no answer within %d ms", what,
                            pcsc->reader, timeout_ms);
    }
    if (error == SCARD_S_SUCCESS) {
        return oc_ok();
    }
    return oc_diag_fail(diag, oc_pcsc_code(error), "%s: reader \"%s\": %s", what, pcsc->reader,
                        pcsc_stringify_error(error));
}

static oc_result check_usable(const struct pcsc *pcsc, oc_diag *diag)
{
    if (pcsc->broken) {
        return oc_diag_fail(diag, OC_E_GONE, "the card in \"%s\" was given up after an earlier timeout", pcsc->reader);
    }
    return oc_ok();
}

static oc_result read_atr(struct pcsc *pcsc, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    DWORD name_len = 0;
    DWORD state = 0;
    uint8_t room[MAX_ATR_SIZE];
    DWORD len = sizeof room;
    oc_pcsc_client_begin(pcsc->client, timeout_ms);
    LONG error = SCardStatus(pcsc->card, NULL, &name_len, &state, &pcsc->protocol, room, &len);
    OC_TRY(finish(pcsc, error, timeout_ms, "reading the answer to reset", diag));
    return oc_buf_set(atr, oc_span_of(room, len));
}

static oc_result pcsc_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    struct pcsc *pcsc = self;
    OC_TRY(check_usable(pcsc, diag));
    uint64_t deadline = oc_deadline_in(timeout_ms);
    oc_pcsc_client_begin(pcsc->client, timeout_ms);
    LONG error = SCardReconnect(pcsc->card, SCARD_SHARE_EXCLUSIVE, pcsc->protocols,
                                kind == OC_RESET_COLD ? SCARD_UNPOWER_CARD : SCARD_RESET_CARD, &pcsc->protocol);
    OC_TRY(finish(pcsc, error, timeout_ms, "resetting the card", diag));
    return read_atr(pcsc, oc_deadline_left(deadline), atr, diag);
}

static oc_result pcsc_transmit(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    struct pcsc *pcsc = self;
    OC_TRY(check_usable(pcsc, diag));
    const SCARD_IO_REQUEST *request = pcsc->protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
    DWORD len = sizeof pcsc->room;
    oc_pcsc_client_begin(pcsc->client, timeout_ms);
    LONG error = SCardTransmit(pcsc->card, request, command.at, command.len, NULL, pcsc->room, &len);
    OC_TRY(finish(pcsc, error, timeout_ms, "sending a command", diag));
    if (len == 0) {
        /* Success with nothing: what the vpcd driver makes of a card that leaves while a command runs. */
        return oc_diag_fail(diag, OC_E_GONE, "the card in \"%s\" went away during a command", pcsc->reader);
    }
    return oc_buf_set(response, oc_span_of(pcsc->room, len));
}

static enum oc_protocol pcsc_protocol(void *self)
{
    const struct pcsc *pcsc = self;
    return pcsc->protocol == SCARD_PROTOCOL_T1 ? OC_PROTOCOL_T1 : OC_PROTOCOL_T0;
}

/* pcscd does the PPS when it connects again. */
static void pcsc_prefer(void *self, enum oc_protocol protocol)
{
    struct pcsc *pcsc = self;
    pcsc->protocols = protocol == OC_PROTOCOL_T1 ? SCARD_PROTOCOL_T1 : SCARD_PROTOCOL_T0;
}

static void pcsc_free(void *self)
{
    struct pcsc *pcsc = self;
    if (pcsc->connected && !pcsc->broken) {
        oc_pcsc_client_begin(pcsc->client, DISCONNECT_MS);
        SCardDisconnect(pcsc->card, SCARD_UNPOWER_CARD);
        (void)oc_pcsc_client_end(pcsc->client);
    }
    oc_pcsc_client_free(&pcsc->client);
    oc_wipe(pcsc, sizeof *pcsc);
    free(pcsc);
}

static oc_result choose_reader(struct pcsc *pcsc, const char *wanted, oc_diag *diag)
{
    char *names = (char *)pcsc->room;
    DWORD len = sizeof pcsc->room;
    snprintf(pcsc->reader, sizeof pcsc->reader, "%s", wanted);
    oc_pcsc_client_begin(pcsc->client, OPEN_MS);
    LONG error = SCardListReaders(oc_pcsc_client_context(pcsc->client), NULL, names, &len);
    if (error == SCARD_E_NO_READERS_AVAILABLE) {
        names[0] = '\0';
        error = SCARD_S_SUCCESS;
    }
    OC_TRY(finish(pcsc, error, OPEN_MS, "listing the readers", diag));
    return oc_pcsc_choose(pcsc->reader, names, wanted, diag);
}

/* Which protocol to ask for: T=0 where a card offers both and names it first, though pcscd would prefer T=1. */
static void choose_protocol(struct pcsc *pcsc, oc_span atr)
{
    pcsc->wanted = oc_atr_protocol(atr) == 1 ? SCARD_PROTOCOL_T1 : SCARD_PROTOCOL_T0;
}

static oc_result wait_for_card(struct pcsc *pcsc, uint64_t deadline, oc_diag *diag)
{
    SCARD_READERSTATE state = {.szReader = pcsc->reader, .dwCurrentState = SCARD_STATE_UNAWARE};
    for (;;) {
        int left = oc_deadline_left(deadline);
        oc_pcsc_client_begin(pcsc->client, OPEN_MS);
        LONG error = SCardGetStatusChange(oc_pcsc_client_context(pcsc->client), (DWORD)left, &state, 1);
        bool is_late = error == SCARD_E_TIMEOUT;
        OC_TRY(finish(pcsc, is_late ? SCARD_S_SUCCESS : error, OPEN_MS, "waiting for a card", diag));
        if ((state.dwEventState & SCARD_STATE_PRESENT) != 0) {
            choose_protocol(pcsc, oc_span_of(state.rgbAtr, state.cbAtr));
            return oc_ok();
        }
        if (is_late || left == 0) {
            return oc_diag_fail(diag, OC_E_GONE, "there is no card in \"%s\"", pcsc->reader);
        }
        state.dwCurrentState = state.dwEventState;
    }
}

/* The handle is exclusive, so that nobody else's reset or command falls into a case. */
static oc_result connect_card(struct pcsc *pcsc, oc_diag *diag)
{
    const DWORD choices[] = {pcsc->wanted, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1};
    LONG error = SCARD_E_PROTO_MISMATCH;
    for (size_t i = 0; i < sizeof choices / sizeof choices[0] && error == SCARD_E_PROTO_MISMATCH; i++) {
        pcsc->protocols = choices[i];
        oc_pcsc_client_begin(pcsc->client, OPEN_MS);
        error = SCardConnect(oc_pcsc_client_context(pcsc->client), pcsc->reader, SCARD_SHARE_EXCLUSIVE,
                             pcsc->protocols, &pcsc->card, &pcsc->protocol);
        if (error == SCARD_E_PROTO_MISMATCH) {
            (void)oc_pcsc_client_end(pcsc->client);
        }
    }
    OC_TRY(finish(pcsc, error, OPEN_MS, "connecting to the card", diag));
    pcsc->connected = true;
    return oc_ok();
}

/* The number of insertions and removals that pcscd has seen in the reader stands in the upper half of the state. */
static bool events_seen(struct pcsc *pcsc, DWORD *count)
{
    SCARD_READERSTATE state = {.szReader = pcsc->reader, .dwCurrentState = SCARD_STATE_UNAWARE};
    oc_pcsc_client_begin(pcsc->client, OPEN_MS);
    LONG error = SCardGetStatusChange(oc_pcsc_client_context(pcsc->client), 0, &state, 1);
    *count = state.dwEventState >> 16;
    return !oc_pcsc_client_end(pcsc->client) && (error == SCARD_S_SUCCESS || error == SCARD_E_TIMEOUT);
}

/* Where pcscd sees the card by itself after it was roused, it powers it up once more, and tells nobody: what a case had done
 * by then would be lost. So it is given the time to. */
static void await_second_power_up(struct pcsc *pcsc, DWORD before)
{
    uint64_t deadline = oc_deadline_in(SEEN_MS);
    DWORD now = before;
    while (now == before && oc_deadline_left(deadline) > 0 && events_seen(pcsc, &now)) {
        nanosleep(&(struct timespec){.tv_nsec = CONNECT_AGAIN_NS}, NULL);
    }
    nanosleep(&(struct timespec){.tv_nsec = CONNECT_AGAIN_NS}, NULL);
}

/* When a card follows another one faster than pcscd polls (400 ms), pcscd 1.9 may take the reader for empty until
 * the next card comes. Powering the card up through a direct handle makes it look again. */
static oc_result rouse_card(struct pcsc *pcsc, oc_diag *diag)
{
    DWORD none;
    DWORD events;
    bool knows_events = events_seen(pcsc, &events);
    oc_pcsc_client_begin(pcsc->client, OPEN_MS);
    LONG error = SCardConnect(oc_pcsc_client_context(pcsc->client), pcsc->reader, SCARD_SHARE_DIRECT, 0, &pcsc->card,
                              &none);
    if (error == SCARD_S_SUCCESS) {
        pcsc->protocols = SCARD_PROTOCOL_T0;
        error = SCardReconnect(pcsc->card, SCARD_SHARE_EXCLUSIVE, pcsc->protocols, SCARD_UNPOWER_CARD,
                               &pcsc->protocol);
        if (error == SCARD_E_PROTO_MISMATCH) {
            pcsc->protocols |= SCARD_PROTOCOL_T1;
            error = SCardReconnect(pcsc->card, SCARD_SHARE_EXCLUSIVE, pcsc->protocols, SCARD_UNPOWER_CARD,
                                   &pcsc->protocol);
        }
        if (error != SCARD_S_SUCCESS) {
            SCardDisconnect(pcsc->card, SCARD_LEAVE_CARD);
        }
    }
    OC_TRY(finish(pcsc, error, OPEN_MS, "looking for a card", diag));
    pcsc->connected = true;
    if (knows_events) {
        await_second_power_up(pcsc, events);
    }
    return oc_ok();
}

/* One look: a card that is there, or comes soon, is connected to. A card whose answer to reset was spoilt once is known
 * by that until it is powered up again: it seems to have no protocol. */
static oc_result look_for_card(struct pcsc *pcsc, oc_diag *diag)
{
    oc_result result = wait_for_card(pcsc, oc_deadline_in(LOOK_MS), diag);
    bool is_there = oc_is_ok(result);
    if (is_there) {
        result = connect_card(pcsc, diag);
    }
    bool may_be_roused = is_there ? result.code == OC_E_UNAVAILABLE : result.code == OC_E_GONE;
    return may_be_roused && oc_is_ok(rouse_card(pcsc, NULL)) ? oc_ok() : result;
}

/* Right after cards were exchanged, pcscd may also still speak of the one before, and connecting fails as if the card
 * were gone. */
static oc_result open_card(struct pcsc *pcsc, const char *reader, int wait_ms, oc_diag *diag)
{
    OC_TRY(oc_pcsc_client_new(&pcsc->client, OPEN_MS, diag));
    OC_TRY(choose_reader(pcsc, reader, diag));
    uint64_t deadline = oc_deadline_in(wait_ms);
    for (;;) {
        oc_diag local = {0};
        oc_result result = look_for_card(pcsc, &local);
        if (oc_is_ok(result)) {
            return result;
        }
        if (result.code != OC_E_GONE || oc_deadline_left(deadline) == 0) {
            return oc_diag_fail(diag, result.code, "%s", local.reason);
        }
        nanosleep(&(struct timespec){.tv_nsec = CONNECT_AGAIN_NS}, NULL);
    }
}

oc_result oc_link_pcsc(oc_link **out, const char *reader, oc_diag *diag)
{
    return oc_link_pcsc_waiting(out, reader, PRESENCE_MS, diag);
}

oc_result oc_link_pcsc_waiting(oc_link **out, const char *reader, int wait_ms, oc_diag *diag)
{
    static const oc_link_ops ops = {pcsc_reset, pcsc_transmit, pcsc_free, pcsc_protocol, pcsc_prefer};
    static const oc_link_traits traits = {"pcsc", false, false, COMMAND_MAX};
    *out = NULL;
    struct pcsc *pcsc = calloc(1, sizeof *pcsc);
    if (pcsc == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result result = open_card(pcsc, reader, wait_ms, diag);
    if (!oc_is_ok(result)) {
        pcsc_free(pcsc);
        return result;
    }
    return oc_link_new(out, &ops, traits, pcsc);
}
