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
    uint8_t first[5]; /* the header of the first and second command */
    uint8_t second[5];
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
    struct card *card = self;
    if (card->next < 2 && command.len >= 5) {
        memcpy(card->next == 0 ? card->first : card->second, command.at, 5);
    }
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
    /* first, and where it is not sent, the card is asked for the tries left */
    static const uint16_t words[] = {0x63C3, 0x9000, 0x63C2, 0x63C2, 0x6700, 0x9000};
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
    CU_ASSERT_EQUAL(card.next, 4);
    watch.wrong = false;
    CU_ASSERT_EQUAL(send(link, VERIFY_OTHER), OC_E_UNAVAILABLE); /* not the PIN that was accepted */
    CU_ASSERT_EQUAL(send(link, VERIFY_RIGHT), OC_E_OK);
    CU_ASSERT_EQUAL(card.next, 6);
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

#define SELECT_CERT "00A404000853532E434552542E"
#define VERIFY_CERT "002001811000112233445566778899AABBCCDDEEFF"

/* Nobody knows who held the card before: its PIN is not presented before it has told the tries left. */
static void no_pin_is_presented_blindly(void)
{
    static const struct {
        uint16_t words[4];
        unsigned allowed;
        const char *select; /* or NULL */
        const char *verify;
        enum oc_code code;
        size_t sent; /* without SELECT */
    } rows[] = {
        {{0x63C2}, 0, NULL, VERIFY_RIGHT, OC_E_UNAVAILABLE, 1},
        {{0x63C2}, OC_TOUCH_COUNTERS, NULL, VERIFY_RIGHT, OC_E_UNAVAILABLE, 1},
        {{0x6983}, OC_TOUCH_COUNTERS, NULL, VERIFY_RIGHT, OC_E_UNAVAILABLE, 1},
        {{0x63C3, 0x63C2}, 0, NULL, VERIFY_RIGHT, OC_E_OK, 2},
        {{0x6700}, 0, NULL, VERIFY_RIGHT, OC_E_UNAVAILABLE, 1},
        {{0x9000}, 0, NULL, VERIFY_RIGHT, OC_E_UNAVAILABLE, 1}, /* verified, says a card that is careless */
        {{0x6700, 0x63C2}, OC_TOUCH_COUNTERS, NULL, VERIFY_RIGHT, OC_E_OK, 2},
        {{0x9000, 0x63C2}, 0, SELECT_CERT, VERIFY_CERT, OC_E_UNAVAILABLE, 1},
        {{0x9000, 0x63C3, 0x9000}, 0, SELECT_CERT, VERIFY_CERT, OC_E_OK, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct card card = {.words = rows[i].words};
        oc_watch watch = {.allowed = rows[i].allowed};
        oc_link *link = guarded(&card, &watch);
        size_t before = rows[i].select != NULL;
        CU_ASSERT_TRUE(before == 0 || send(link, rows[i].select) == OC_E_OK);
        CU_ASSERT_EQUAL(send(link, rows[i].verify), rows[i].code);
        CU_ASSERT_EQUAL(card.next - before, rows[i].sent);
        bool cert = rows[i].select != NULL;
        OC_ASSERT_BYTES(oc_span_of(card.first, 5), before == 0 ? "0020000000" : "00A4040008");
        CU_ASSERT_TRUE(!cert || memcmp(card.second, "\x00\x20\x01\x81\x00", 5) == 0);
        oc_link_free(&link);
    }
}

/* The master key is behind TERMINATE, too, and may be the environment's: one counter. BK is behind CARD BLOCK. */
static void one_key_has_one_count(void)
{
    static const char auth_mk[] = "008200001000112233445566770011223344556677";
    static const char auth_bk[] = "008200051000112233445566770011223344556677";
    static const uint16_t words[] = {0x63C2, 0x6118, 0x63C2};
    struct card card = {.words = words};
    oc_watch watch = {.allowed = OC_TOUCH_LIFECYCLE};
    oc_link *link = guarded(&card, &watch);
    CU_ASSERT_EQUAL(send(link, auth_mk), OC_E_OK);
    CU_ASSERT_EQUAL(send(link, "84FE000004AABBCCDD"), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(send(link, "00A4000002DF01"), OC_E_OK);
    CU_ASSERT_EQUAL(send(link, auth_mk), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(send(link, "8416000004AABBCCDD"), OC_E_OK);
    CU_ASSERT_EQUAL(send(link, auth_bk), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(send(link, "008200051100112233445566770011223344556677"
                               "01"),
                    OC_E_UNAVAILABLE);
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
    oc_buf content = {0};
    spied->seen[0] = '\0';
    if (oc_is_ok(oc_file_read(&content, spied->path, sizeof spied->seen - 1, NULL))) {
        memcpy(spied->seen, content.at, content.len);
        spied->seen[content.len] = '\0';
    }
    oc_buf_free(&content);
    oc_wr_u16(response, command.len == 5 ? 0x63C3 : 0x9000);
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

/* A dual-interface card is one card, whichever way it is reached. */
static void both_interfaces_have_one_history(void)
{
    static const char *const atrs[] = {"3B6D000000994F43338699990130000001",
                                       "3B8D800100994F4333869999013000000133" /* the check byte is not looked at */};
    char path[256];
    snprintf(path, sizeof path, "%s/00994F43338699990130000001", folder);
    oc_diag diag = {0};
    for (size_t i = 0; i < 2; i++) {
        static const uint16_t words[] = {0x63C2};
        struct card card = {.words = words};
        oc_watch watch = {0};
        oc_link *link = NULL;
        OC_ASSERT_OK(oc_sample_ledger_open(&watch.ledger, oc_test_hex(atrs[i]), &watch.guard, &diag));
        CU_ASSERT_STRING_EQUAL(oc_sample_ledger_path(watch.ledger), path);
        link = guarded(&card, &watch);
        CU_ASSERT_EQUAL(send(link, AUTH_85), i == 0 ? OC_E_OK : OC_E_UNAVAILABLE);
        oc_link_free(&link);
        oc_sample_ledger_free(&watch.ledger);
    }
    CU_ASSERT_EQUAL(unlink(path), 0);
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
        {"no PIN is presented blindly", no_pin_is_presented_blindly},
        {"one key has one count", one_key_has_one_count},
        {"both interfaces have one history", both_interfaces_have_one_history},
        {"costs are noted ahead", costs_are_noted_ahead},
        {"damaged history stops", damaged_history_stops},
        {NULL, NULL},
    };
    return oc_test_main("guard of a foreign card", rows);
}
