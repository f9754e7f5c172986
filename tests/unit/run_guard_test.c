/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conformance/run/guarded_link.h"
#include "sim/base/file.h"
#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* A card that answers each command with the next status word and counts what reaches it. */
struct card {
    const uint16_t *words;
    size_t next;
};

static oc_result card_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    (void)kind;
    oc_wr_bytes(atr, oc_test_hex("3B00"));
    return oc_ok();
}

static oc_result card_exchange(void *self, oc_span command, oc_wr *response)
{
    (void)command;
    struct card *card = self;
    oc_wr_u16(response, card->words[card->next++]);
    return oc_ok();
}

static oc_link *guarded(struct card *card, oc_watch *watch)
{
    oc_link *inner = NULL;
    oc_link *link = NULL;
    OC_ASSERT_OK(oc_link_inproc(&inner, (oc_endpoint){card, card_reset, card_exchange}));
    OC_ASSERT_OK(oc_guarded_link(&link, inner, watch));
    return link;
}

static enum oc_code send(oc_link *link, const char *command)
{
    oc_buf response = {0};
    oc_diag diag = {0};
    oc_result r = oc_link_transmit(link, oc_test_hex(command), &response, &diag);
    oc_buf_free(&response);
    return r.code;
}

#define VERIFY_RIGHT "0020000003123456"
#define VERIFY_OTHER "0020000003000000"
#define AUTH_85 "008200851000112233445566770011223344556677"

static void what_could_cost_too_much_is_not_sent(void)
{
    /* where it is not sent, the card is asked for the tries left instead */
    static const uint16_t words[] = {0x9000, 0x63C2, 0x63C2, 0x6700, 0x9000};
    struct card card = {.words = words};
    oc_watch watch = {.wrong = true, .allowed = OC_TOUCH_COUNTERS};
    oc_link *link = guarded(&card, &watch);
    CU_ASSERT_EQUAL(send(link, VERIFY_OTHER), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(card.next, 0);
    watch.wrong = false;
    CU_ASSERT_EQUAL(send(link, VERIFY_RIGHT), OC_E_OK);
    watch.wrong = true;
    CU_ASSERT_EQUAL(send(link, VERIFY_OTHER), OC_E_OK);
    CU_ASSERT_EQUAL(send(link, VERIFY_OTHER), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(card.next, 3);
    watch.wrong = false;
    CU_ASSERT_EQUAL(send(link, VERIFY_OTHER), OC_E_UNAVAILABLE); /* not the PIN that was accepted */
    CU_ASSERT_EQUAL(send(link, VERIFY_RIGHT), OC_E_OK);
    CU_ASSERT_EQUAL(card.next, 5);
    oc_link_free(&link);
}

static void local_keys_belong_to_their_directory(void)
{
    static const uint16_t words[] = {0x6118, 0x63C2, 0x6118, 0x9000, 0x6118};
    struct card card = {.words = words};
    oc_watch watch = {0};
    oc_link *link = guarded(&card, &watch);
    CU_ASSERT_EQUAL(send(link, "00A4000002DF01"), OC_E_OK);
    CU_ASSERT_EQUAL(send(link, AUTH_85), OC_E_OK);
    CU_ASSERT_EQUAL(send(link, AUTH_85), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(send(link, "00A4040006D15600000503"), OC_E_OK); /* DF04 by its AID */
    CU_ASSERT_EQUAL(send(link, AUTH_85), OC_E_OK);
    CU_ASSERT_EQUAL(send(link, "00A4040006D15600000500"), OC_E_OK); /* DF01 again */
    CU_ASSERT_EQUAL(send(link, AUTH_85), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(card.next, 5);
    oc_link_free(&link);
}

/* Whatever allows it, a chain and a lasting change do not pass by themselves. */
static void lasting_changes_are_not_sent(void)
{
    static const uint16_t words[] = {0x9000, 0x9000};
    struct card card = {.words = words};
    oc_watch watch = {0};
    oc_link *link = guarded(&card, &watch);
    CU_ASSERT_EQUAL(send(link, "841E000004AABBCCDD"), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(send(link, "84FE000004AABBCCDD"), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(send(link, "805E010007123456FF654321"), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(send(link, "B02C01000FAABBCC"), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(send(link, "1020000003123456"), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(card.next, 0);
    watch.allowed = OC_TOUCH_PURSE;
    CU_ASSERT_EQUAL(send(link, "B02C01000FAABBCC"), OC_E_OK);
    CU_ASSERT_EQUAL(watch.guard.debits, 1);
    CU_ASSERT_EQUAL(watch.guard.loads, 0);
    CU_ASSERT_EQUAL(send(link, "841E000004AABBCCDD"), OC_E_UNAVAILABLE);
    watch.allowed = OC_TOUCH_LIFECYCLE;
    CU_ASSERT_EQUAL(send(link, "841E000004AABBCCDD"), OC_E_OK);
    CU_ASSERT_EQUAL(card.next, 2);
    oc_link_free(&link);
}

/* The PIN's tries as the card tells them count more than what may have been lost. */
static void the_card_is_asked_for_its_tries(void)
{
    static const uint16_t words[] = {0x63C5, 0x9000, 0x63C2, 0x63C1};
    struct card card = {.words = words};
    oc_watch watch = {0};
    oc_guard_told(&watch.guard, OC_GUARD_PIN, 1);
    oc_link *link = guarded(&card, &watch);
    CU_ASSERT_EQUAL(send(link, VERIFY_RIGHT), OC_E_OK);
    CU_ASSERT_EQUAL(card.next, 2);
    oc_link_free(&link);
    watch = (oc_watch){0};
    oc_guard_told(&watch.guard, OC_GUARD_PIN, 1);
    link = guarded(&card, &watch);
    CU_ASSERT_EQUAL(send(link, VERIFY_RIGHT), OC_E_UNAVAILABLE); /* it says two */
    CU_ASSERT_EQUAL(card.next, 3);
    oc_link_free(&link);
}

/* A card that is asked what stands in its ledger while a command is on its way. */
struct spied {
    const char *path;
    char seen[64];
};

static oc_result spied_exchange(void *self, oc_span command, oc_wr *response)
{
    struct spied *spied = self;
    (void)command;
    oc_buf content = {0};
    spied->seen[0] = '\0';
    if (oc_is_ok(oc_file_read(&content, spied->path, sizeof spied->seen - 1, NULL))) {
        memcpy(spied->seen, content.at, content.len);
        spied->seen[content.len] = '\0';
    }
    oc_buf_free(&content);
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

static char folder[] = "/tmp/onecard-guard-XXXXXX";

static void history_survives_the_program(void)
{
    static const uint16_t first[] = {0x63C2};
    static const uint16_t second[] = {0x9000};
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    setenv("ONECARD_LEDGER", folder, 1);
    oc_diag diag = {0};
    oc_span atr = oc_test_hex("3B6D0102");
    for (int run = 0; run < 3; run++) {
        struct card card = {.words = run == 0 ? first : second};
        oc_watch watch = {0};
        OC_ASSERT_OK(oc_sample_ledger_open(&watch.ledger, atr, &watch.guard, &diag));
        oc_link *link = guarded(&card, &watch);
        /* Also what is meant to be right: one more failure would leave one try. */
        CU_ASSERT_EQUAL(send(link, AUTH_85), run == 0 ? OC_E_OK : OC_E_UNAVAILABLE);
        oc_link_free(&link);
        oc_sample_ledger_free(&watch.ledger);
    }
    oc_guard other = {0};
    oc_sample_ledger *ledger = NULL;
    OC_ASSERT_OK(oc_sample_ledger_open(&ledger, oc_test_hex("3B6D0103"), &other, &diag)); /* another card */
    static const oc_guard empty;
    CU_ASSERT_EQUAL(memcmp(&other, &empty, sizeof other), 0);
    oc_sample_ledger_free(&ledger);
}

/* A run that is killed while a command is on its way has it in its ledger already. */
static void costs_are_noted_ahead(void)
{
    char path[256];
    snprintf(path, sizeof path, "%s/3B6D0104", folder);
    struct spied spied = {.path = path};
    oc_watch watch = {0};
    oc_diag diag = {0};
    oc_link *inner = NULL;
    oc_link *link = NULL;
    OC_ASSERT_OK(oc_sample_ledger_open(&watch.ledger, oc_test_hex("3B6D0104"), &watch.guard, &diag));
    OC_ASSERT_OK(oc_link_inproc(&inner, (oc_endpoint){&spied, card_reset, spied_exchange}));
    OC_ASSERT_OK(oc_guarded_link(&link, inner, &watch));
    CU_ASSERT_EQUAL(send(link, VERIFY_RIGHT), OC_E_OK);
    CU_ASSERT_STRING_EQUAL(spied.seen, "01000000 2 1 -\n");
    CU_ASSERT_EQUAL(send(link, VERIFY_RIGHT), OC_E_OK); /* power may fail */
    CU_ASSERT_STRING_EQUAL(spied.seen, "01000000 2 1 -\n");
    watch.wrong = true;
    watch.allowed = OC_TOUCH_COUNTERS;
    CU_ASSERT_EQUAL(send(link, VERIFY_OTHER), OC_E_OK);
    CU_ASSERT_STRING_EQUAL(spied.seen, "01000000 2 1 -\n");
    oc_link_free(&link);
    oc_sample_ledger_free(&watch.ledger);
    CU_ASSERT_EQUAL(unlink(path), 0);
}

static void damaged_history_stops(void)
{
    char path[256];
    snprintf(path, sizeof path, "%s/3B6D0102", folder);
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_file_replace(path, oc_span_text("01000000 2 1 -\n02000400 16 1 -\n"), &diag));
    oc_guard guard = {0};
    oc_sample_ledger *ledger = NULL;
    OC_ASSERT_CODE(oc_sample_ledger_open(&ledger, oc_test_hex("3B6D0102"), &guard, &diag), OC_E_IO);
    CU_ASSERT_PTR_NULL(ledger);
    CU_ASSERT_STRING_EQUAL(diag.file, path);
    CU_ASSERT_EQUAL(diag.line, 2);
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT_EQUAL(rmdir(folder), 0);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"what could cost too much is not sent", what_could_cost_too_much_is_not_sent},
        {"local keys belong to their directory", local_keys_belong_to_their_directory},
        {"lasting changes are not sent", lasting_changes_are_not_sent},
        {"the card is asked for its tries", the_card_is_asked_for_its_tries},
        {"history survives the program", history_survives_the_program},
        {"costs are noted ahead", costs_are_noted_ahead},
        {"damaged history stops", damaged_history_stops},
        {NULL, NULL},
    };
    return oc_test_main("guard of a foreign card", rows);
}
