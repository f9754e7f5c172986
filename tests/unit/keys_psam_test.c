/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in a PSAM: what it answers, and what it cannot. */
#include <stdio.h>

#include "sim/crypto/ssc.h"
#include "sim/issuer/issuer.h"
#include "sim/link/transports.h"
#include "tests/unit/keys_kit.h"

#define CARD_2 "vectors/cards/ssc-2.0.xml"
#define CARD_3 "vectors/cards/ssc-3.0.xml"

struct bench {
    oc_keys_kit kit;
    oc_card_os *os;
    oc_crypto *crypto;
    oc_card *psam;
    oc_key_provider provider;
};

static void open_bench(struct bench *bench, const char *profile)
{
    oc_diag diag = {0};
    oc_link *link = NULL;
    oc_keys_kit_open(&bench->kit, profile);
    OC_ASSERT_OK(oc_crypto_new(&bench->crypto));
    OC_ASSERT_OK(oc_issuer_psam_os(&bench->os));
    OC_ASSERT_OK(oc_issuer_make_psam(&bench->psam, bench->os, bench->crypto, bench->kit.profile, &diag));
    OC_ASSERT_OK(oc_link_inproc(&link, oc_card_endpoint(bench->psam)));
    OC_ASSERT_OK(oc_keys_psam(&bench->provider, link, &bench->kit.parts));
}

static void close_bench(struct bench *bench)
{
    oc_key_provider_close(&bench->provider);
    oc_card_free(&bench->psam);
    oc_card_os_free(&bench->os);
    oc_crypto_free(&bench->crypto);
    oc_keys_kit_close(&bench->kit);
}

/* Usage 48: enciphering and MAC with or without ICV, each with own or given factors, all under a session. */
static void answers_agree(void)
{
    static const char *const profiles[] = {CARD_2, CARD_3};
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        open_bench(&bench, profiles[i]);
        /* enciphering in two forms of ICV, which it ignores */
        CU_ASSERT_EQUAL(oc_keys_kit_compare(&bench.kit, &bench.provider, "SSSE/UK"), 8);
        CU_ASSERT_EQUAL(oc_keys_kit_compare(&bench.kit, &bench.provider, "SSSE/STK"), 8);
        /* usage 47: enciphering only */
        CU_ASSERT_EQUAL(oc_keys_kit_compare(&bench.kit, &bench.provider, "SSSE/RK"), 4);
        close_bench(&bench);
    }
}

/* More than one command holds: 600 bytes. */
static void long_data(void)
{
    struct bench bench;
    static const uint8_t data[600] = {1, 2, 3};
    open_bench(&bench, CARD_3);
    for (unsigned mac = 0; mac < 2; mac++) {
        oc_key_question question = {.use = mac ? OC_KEY_MAC : OC_KEY_ENCIPHER,
                                    .session = oc_span_of("session!", 8),
                                    .data = oc_span_of(data, mac ? 600 : 592)};
        uint8_t expected[OC_KEY_ANSWER_MAX];
        uint8_t received[OC_KEY_ANSWER_MAX];
        oc_wr reference = oc_wr_of(expected, sizeof expected);
        oc_wr answer = oc_wr_of(received, sizeof received);
        oc_diag diag = {0};
        OC_ASSERT_OK(oc_key_name_parse(&question.key, "SSSE/UK"));
        OC_ASSERT_OK(oc_key_provider_answer(&bench.kit.reference, &question, &reference, &diag));
        OC_ASSERT_OK(oc_key_provider_answer(&bench.provider, &question, &answer, &diag));
        CU_ASSERT_TRUE(oc_span_equal(oc_wr_span(&reference), oc_wr_span(&answer)));
    }
    close_bench(&bench);
}

static void expect_lack(const struct bench *bench, oc_key_question *question, const char *key, const char *reason)
{
    uint8_t room[64];
    oc_wr answer = oc_wr_of(room, sizeof room);
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_key_name_parse(&question->key, key));
    OC_ASSERT_CODE(oc_key_provider_answer(&bench->provider, question, &answer, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_EQUAL(answer.len, 0);
    if (strstr(diag.reason, reason) == NULL || strncmp(diag.reason, "key ", 4) != 0) {
        printf("\n    \"%s\" does not tell of \"%s\"\n", diag.reason, reason);
        CU_FAIL("reason");
    }
}

static void what_a_psam_cannot(void)
{
    struct bench bench;
    open_bench(&bench, CARD_2);
    const oc_span session = oc_span_of("session!", 8);
    oc_key_question question = {.use = OC_KEY_DECIPHER, .session = session, .data = oc_span_of("eight by", 8)};
    expect_lack(&bench, &question, "SSSE/UK", "enciphers and makes MACs only");
    question.use = OC_KEY_TAC;
    expect_lack(&bench, &question, "DF04/DTK", "no partner");
    expect_lack(&bench, &question, "SSSE/UK", "enciphers and makes MACs only");
    question.use = OC_KEY_MAC;
    expect_lack(&bench, &question, "SSSE/RK", "answers 6985 to 80 FA");
    expect_lack(&bench, &question, "SSSE/UK#2", "first version only");
    expect_lack(&bench, &question, "DF04/DPK", "first MAC of a purchase");
    question.session = oc_span_empty();
    expect_lack(&bench, &question, "SSSE/UK", "session keys only");
    question.session = session;
    question.factors[0] = oc_span_of("990000sh", 8);
    question.factor_count = 1;
    expect_lack(&bench, &question, "SSSE/UK", "factors of province, city and card");
    close_bench(&bench);
}

/* Session random || number || serial; amounts, type, terminal, time. */
static oc_result ask_purchase(const struct bench *bench, const oc_key_provider *provider, const char *session_hex,
                              const char *terminal_hex, oc_wr *answer, oc_diag *diag)
{
    uint8_t data[26];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_bytes(&wr, oc_test_hex("000000010000000000000000"
                                 "31"));
    oc_wr_bytes(&wr, oc_test_hex(terminal_hex));
    oc_wr_bytes(&wr, oc_test_hex("20261122101530"));
    oc_key_question question = {.use = OC_KEY_MAC, .session = oc_test_hex(session_hex), .data = oc_wr_span(&wr)};
    OC_ASSERT_OK(oc_key_name_parse(&question.key, "DF04/DPK"));
    (void)bench;
    return oc_key_provider_answer(provider, &question, answer, diag);
}

static void purchases_with_its_own_numbers(void)
{
    static const char *const profiles[] = {CARD_2, CARD_3};
    static const char *const terminals[] = {"990100000020", "990100000030"};
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        open_bench(&bench, profiles[i]);
        uint8_t expected[16];
        uint8_t received[16];
        oc_diag diag = {0};
        oc_wr reference = oc_wr_of(expected, sizeof expected);
        oc_wr answer = oc_wr_of(received, sizeof received);
        /* another serial, another terminal */
        OC_ASSERT_CODE(ask_purchase(&bench, &bench.provider, "1122334400070009", terminals[i], &answer, &diag),
                       OC_E_UNAVAILABLE);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "key DF04/DPK version 1: the PSAM pays with its own"));
        OC_ASSERT_CODE(ask_purchase(&bench, &bench.provider, "1122334400070001", "000000000001", &answer, NULL),
                       OC_E_UNAVAILABLE);
        /* its own, which counts up */
        OC_ASSERT_OK(ask_purchase(&bench, &bench.provider, "1122334400070001", terminals[i], &answer, &diag));
        OC_ASSERT_OK(ask_purchase(&bench, &bench.kit.reference, "1122334400070001", terminals[i], &reference, &diag));
        CU_ASSERT_EQUAL(answer.len, 4);
        uint8_t mac[4];
        if (reference.len == 16) {
            oc_ssc_fold4(expected, mac);
        } else {
            memcpy(mac, expected, 4);
        }
        CU_ASSERT_EQUAL(memcmp(mac, received, 4), 0);
        OC_ASSERT_CODE(ask_purchase(&bench, &bench.provider, "1122334400070001", terminals[i], &answer, NULL),
                       OC_E_UNAVAILABLE);
        OC_ASSERT_OK(ask_purchase(&bench, &bench.provider, "1122334400070002", terminals[i], &answer, NULL));
        close_bench(&bench);
    }
}

/* A PSAM that loses power or its place is found again at the next question. */
static void it_is_found_again(void)
{
    struct bench bench;
    oc_card_image *image = NULL;
    open_bench(&bench, CARD_3);
    OC_ASSERT_OK(oc_card_image_take(&image, bench.psam));
    oc_keys_kit_expect(&bench.provider, "SSSE/UK", OC_E_OK, "");
    OC_ASSERT_OK(oc_card_image_put(bench.psam, image));
    oc_keys_kit_expect(&bench.provider, "SSSE/UK", OC_E_OK, "");
    oc_card_image_free(&image);
    close_bench(&bench);
}

struct broken {
    unsigned exchanges;
    enum oc_code code;
    unsigned sw;
};

static oc_result broken_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    (void)kind;
    oc_wr_bytes(atr, oc_test_hex("3B00"));
    return oc_ok();
}

static oc_result broken_exchange(void *self, oc_span command, oc_wr *response)
{
    struct broken *broken = self;
    (void)command;
    broken->exchanges++;
    oc_wr_u16(response, (uint16_t)broken->sw);
    return oc_fail(broken->code);
}

/* No PSAM at all: each question ends, with a reason. */
static void what_is_no_psam(void)
{
    static const struct {
        enum oc_code code;
        unsigned sw;
        enum oc_code expected;
    } rows[] = {
        {OC_E_GONE, 0x9000, OC_E_GONE},
        {OC_E_OK, 0x6E00, OC_E_UNAVAILABLE},
        {OC_E_OK, 0x6100, OC_E_GARBAGE},
        {OC_E_OK, 0x9000, OC_E_GARBAGE}, /* nothing where a block has to be */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_keys_kit kit;
        oc_key_provider provider;
        oc_link *link = NULL;
        struct broken broken = {.code = rows[i].code, .sw = rows[i].sw};
        oc_keys_kit_open(&kit, CARD_3);
        OC_ASSERT_OK(oc_link_inproc(&link, (oc_endpoint){&broken, broken_reset, broken_exchange}));
        OC_ASSERT_OK(oc_keys_psam(&provider, link, &kit.parts));
        oc_keys_kit_expect(&provider, "SSSE/UK", rows[i].expected, "");
        CU_ASSERT(broken.exchanges < 64);
        oc_key_provider_close(&provider);
        oc_keys_kit_close(&kit);
    }
}

int main(void)
{
    const oc_test_row rows[] = {
        {"answers agree", answers_agree},
        {"long data", long_data},
        {"what a PSAM cannot", what_a_psam_cannot},
        {"purchases with its own numbers", purchases_with_its_own_numbers},
        {"it is found again", it_is_found_again},
        {"what is no PSAM", what_is_no_psam},
        {NULL, NULL},
    };
    return oc_test_main("keys in a PSAM", rows);
}
