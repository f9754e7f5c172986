/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/host.h"
#include "tests/unit/host_keys.h"

static struct test_keys keys;
static oc_host *host;

static void open_host(uint8_t alg)
{
    static oc_clock clock;
    clock = oc_clock_default();
    test_keys_open(&keys, alg);
    oc_host_parts parts = {.store = ":memory:", .clock = &clock, .keys = test_keys_provider(&keys)};
    OC_ASSERT_OK(oc_host_open(&host, &parts, NULL));
}

static void close_host(void)
{
    oc_host_close(&host);
    CU_ASSERT_PTR_NULL(host);
    test_keys_close(&keys);
}

/* Sends and tells whether the answer is `result`, with `reason` or with none. */
static bool answers(const char *name, const oc_fields *message, const char *result, const char *reason)
{
    oc_fields answer = {0};
    OC_ASSERT_OK(oc_fields_set_text(&answer, "left-over", "x"));
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_host_message(host, name, message, &answer, &diag));
    bool same = test_says(&answer, "result", result) && test_says(&answer, "reason", reason == NULL ? "" : reason) &&
                oc_fields_get(&answer, "left-over") == NULL;
    oc_fields_free(&answer);
    return same;
}

static bool totals_say(const char *debits, const char *loads, const char *own, const char *loaded)
{
    oc_fields none = {0};
    oc_fields answer = {0};
    OC_ASSERT_OK(oc_host_message(host, "totals", &none, &answer, NULL));
    bool same = test_says(&answer, "debits", debits) && test_says(&answer, "loads", loads) &&
                test_says(&answer, "own", own) && test_says(&answer, "loaded", loaded);
    oc_fields_free(&answer);
    return same;
}

static void a_debit_is_booked_once(void)
{
    static const uint8_t algs[] = {OC_ALG_3DES, OC_ALG_SM4};
    for (size_t i = 0; i < 2; i++) {
        open_host(algs[i]);
        oc_fields debit = {0};
        test_debit(&keys, &debit, 7, 100);
        CU_ASSERT_TRUE(answers("card-debit", &debit, "accepted", NULL));
        CU_ASSERT_TRUE(answers("card-debit", &debit, "duplicate", NULL));
        test_debit(&keys, &debit, 8, 101);
        CU_ASSERT_TRUE(answers("card-debit", &debit, "accepted", NULL));
        CU_ASSERT_TRUE(totals_say("2", "0", "2000", "0"));
        oc_fields_free(&debit);
        close_host();
    }
}

static void neither_counter_is_used_twice(void)
{
    open_host(OC_ALG_3DES);
    oc_fields debit = {0};
    test_debit(&keys, &debit, 7, 100);
    CU_ASSERT_TRUE(answers("card-debit", &debit, "accepted", NULL));
    test_debit(&keys, &debit, 7, 101); /* the card's number again, at another serial */
    CU_ASSERT_TRUE(answers("card-debit", &debit, "duplicate", NULL));
    test_debit(&keys, &debit, 8, 100); /* the TAC does not cover the card's number: the serial tells */
    CU_ASSERT_TRUE(answers("card-debit", &debit, "duplicate", NULL));
    CU_ASSERT_TRUE(totals_say("1", "0", "1000", "0"));
    oc_fields_free(&debit);
    close_host();
}

static void every_covered_field_counts(void)
{
    static const char *const covered[] = {"own", "cash", "pooled", "type", "terminal", "serial", "time", "tac"};
    open_host(OC_ALG_3DES);
    for (size_t i = 0; i < sizeof covered / sizeof covered[0]; i++) {
        oc_fields debit = {0};
        test_debit(&keys, &debit, 7, 100);
        OC_ASSERT_OK(oc_fields_set(&debit, "type", oc_test_hex("32")));
        oc_span value = oc_fields_span(&debit, covered[i]);
        uint8_t changed[8];
        memcpy(changed, value.at, value.len);
        changed[value.len - 1] ^= 0x01;
        OC_ASSERT_OK(oc_fields_set(&debit, covered[i], oc_span_of(changed, value.len)));
        CU_ASSERT_TRUE(answers("card-debit", &debit, "refused", "tac"));
        oc_fields_free(&debit);
    }
    CU_ASSERT_TRUE(totals_say("0", "0", "0", "0"));
    close_host();
}

static void factors_choose_the_key(void)
{
    open_host(OC_ALG_3DES);
    oc_fields debit = {0};
    test_debit(&keys, &debit, 7, 100);
    OC_ASSERT_OK(oc_fields_set(&debit, "factor", oc_test_hex("8660112233445567")));
    OC_ASSERT_OK(oc_fields_set(&debit, "city", keys.own[1]));
    OC_ASSERT_OK(oc_fields_set(&debit, "province", keys.own[0]));
    CU_ASSERT_TRUE(answers("card-debit", &debit, "refused", "tac"));
    OC_ASSERT_OK(oc_fields_set(&debit, "factor", keys.own[2]));
    CU_ASSERT_TRUE(answers("card-debit", &debit, "accepted", NULL));
    oc_fields_free(&debit);

    test_debit(&keys, &debit, 8, 101);
    OC_ASSERT_OK(oc_fields_set(&debit, "city", keys.own[1])); /* a level without the card's */
    CU_ASSERT_TRUE(answers("card-debit", &debit, "refused", "field"));
    oc_fields_free(&debit);
    close_host();
}

static void version_and_algorithm_must_fit(void)
{
    static const struct {
        const char *name, *value, *reason;
    } rows[] = {
        {"version", "00", "field"}, {"version", "05", "field"}, {"version", "02", "tac"},
        {"alg", "03", "field"},     {"alg", "07", "field"},     {"alg", "00", NULL},
    };
    open_host(OC_ALG_3DES);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_fields debit = {0};
        test_debit(&keys, &debit, 7, 100);
        OC_ASSERT_OK(oc_fields_set(&debit, rows[i].name, oc_test_hex(rows[i].value)));
        CU_ASSERT_TRUE(answers("card-debit", &debit, rows[i].reason == NULL ? "accepted" : "refused", rows[i].reason));
        oc_fields_free(&debit);
    }
    /* a key that the provider lacks is no judgement on the card */
    oc_fields debit = {0};
    oc_fields answer = {0};
    oc_diag diag = {0};
    test_debit(&keys, &debit, 9, 109);
    OC_ASSERT_OK(oc_fields_set(&debit, "version", oc_test_hex("03")));
    OC_ASSERT_CODE(oc_host_message(host, "card-debit", &debit, &answer, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "DF04/DTK version 3"));
    oc_fields_free(&debit);
    oc_fields_free(&answer);
    close_host();
}

static void gaps_are_booked_and_reported(void)
{
    static const struct {
        uint16_t seq;
        const char *gap; /* NULL: none */
    } rows[] = {{5, NULL}, {6, NULL}, {9, "2"}, {7, NULL}, {10, NULL}, {65535, "65524"}};
    open_host(OC_ALG_3DES);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_fields debit = {0};
        oc_fields answer = {0};
        test_debit(&keys, &debit, rows[i].seq, (uint32_t)i);
        OC_ASSERT_OK(oc_host_message(host, "card-debit", &debit, &answer, NULL));
        CU_ASSERT_TRUE(test_says(&answer, "result", "accepted"));
        CU_ASSERT_TRUE(test_says(&answer, "reason", rows[i].gap == NULL ? "" : "gap"));
        CU_ASSERT_TRUE(test_says(&answer, "gap", rows[i].gap == NULL ? "" : rows[i].gap));
        oc_fields_free(&debit);
        oc_fields_free(&answer);
    }
    CU_ASSERT_TRUE(totals_say("6", "0", "6000", "0"));
    close_host();
}

static void fields_have_their_lengths(void)
{
    static const struct {
        const char *name, *value; /* NULL: sent with one byte less, then one more */
        const char *part;         /* of the detail */
    } rows[] = {
        {"card", NULL, "'card' has"},
        {"seq", NULL, "'seq' has"},
        {"own", NULL, "'own' has"},
        {"cash", NULL, "'cash' has"},
        {"pooled", NULL, "'pooled' has"},
        {"terminal", NULL, "'terminal' has"},
        {"serial", NULL, "'serial' has"},
        {"time", NULL, "'time' has"},
        {"tac", NULL, "'tac' has"},
        {"factor", "00", "'factor' has 1 bytes, not 8"},
        {"time", "2026030209150A", "packed digits"},
        {"card", "413030303030303137", NULL},
        {"card", "410030303030303137", "text"},
        {"sec", "00", "no field 'sec'"},
    };
    open_host(OC_ALG_3DES);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int more = 0; more < 2; more++) {
            oc_fields debit = {0};
            oc_fields answer = {0};
            test_debit(&keys, &debit, 7, 100);
            uint8_t value[16] = {0};
            oc_span good = oc_fields_span(&debit, rows[i].name);
            if (good.len > 0) {
                memcpy(value, good.at, good.len);
            }
            OC_ASSERT_OK(oc_fields_set(&debit, rows[i].name,
                                       rows[i].value != NULL ? oc_test_hex(rows[i].value)
                                                             : oc_span_of(value, more ? good.len + 1 : good.len - 1)));
            OC_ASSERT_OK(oc_host_message(host, "card-debit", &debit, &answer, NULL));
            if (rows[i].part == NULL) {
                CU_ASSERT_TRUE(test_says(&answer, "result", more ? "duplicate" : "accepted"));
            } else {
                CU_ASSERT_TRUE(test_says(&answer, "result", "refused"));
                CU_ASSERT_TRUE(test_says(&answer, "reason", "field"));
                OC_ASSERT_OK(oc_fields_set(&answer, "detail-z", oc_fields_span(&answer, "detail")));
                oc_buf *text = &answer.at[answer.count - 1].value;
                OC_ASSERT_OK(oc_buf_append_byte(text, 0));
                CU_ASSERT_PTR_NOT_NULL(strstr((const char *)text->at, rows[i].part));
            }
            oc_fields_free(&debit);
            oc_fields_free(&answer);
        }
    }
    close_host();
}

static void missing_fields_and_unknown_messages(void)
{
    open_host(OC_ALG_3DES);
    oc_fields none = {0};
    CU_ASSERT_TRUE(answers("card-debit", &none, "refused", "field"));
    CU_ASSERT_TRUE(answers("card-load", &none, "refused", "field"));
    CU_ASSERT_TRUE(answers("internal-auth", &none, "refused", "field"));
    CU_ASSERT_TRUE(answers("card-Debit", &none, "unknown-message", NULL));
    CU_ASSERT_TRUE(answers("", &none, "unknown-message", NULL));
    close_host();
}

static void make_load(oc_fields *load, const char *seq)
{
    OC_ASSERT_OK(oc_fields_set_text(load, "card", "A00000017"));
    OC_ASSERT_OK(oc_fields_set(load, "balance", oc_test_hex("00002710")));
    OC_ASSERT_OK(oc_fields_set(load, "seq", oc_test_hex(seq)));
    OC_ASSERT_OK(oc_fields_set(load, "amount", oc_test_hex("000003E8")));
    OC_ASSERT_OK(oc_fields_set(load, "terminal", oc_test_hex(TEST_TERMINAL)));
    OC_ASSERT_OK(oc_fields_set(load, "time", oc_test_hex(TEST_TIME)));
    oc_buf data = {0};
    OC_ASSERT_OK(oc_buf_append(&data, oc_test_hex("00002710")));
    OC_ASSERT_OK(oc_buf_append(&data, oc_test_hex(seq)));
    OC_ASSERT_OK(oc_buf_append(&data, oc_test_hex("000003E8 31" TEST_TERMINAL TEST_TIME)));
    test_keys_sign(&keys, load, "DF04/DTK", oc_buf_span(&data));
    oc_buf_free(&data);
}

static void loads(void)
{
    static const uint8_t algs[] = {OC_ALG_3DES, OC_ALG_SM4};
    for (size_t i = 0; i < 2; i++) {
        open_host(algs[i]);
        oc_fields load = {0};
        make_load(&load, "0001");
        CU_ASSERT_TRUE(answers("card-load", &load, "accepted", NULL));
        CU_ASSERT_TRUE(answers("card-load", &load, "duplicate", NULL));
        make_load(&load, "0004");
        CU_ASSERT_TRUE(answers("card-load", &load, "accepted", "gap"));
        OC_ASSERT_OK(oc_fields_set(&load, "seq", oc_test_hex("0005")));
        CU_ASSERT_TRUE(answers("card-load", &load, "refused", "tac"));
        /* debits have a counter of their own */
        oc_fields debit = {0};
        test_debit(&keys, &debit, 1, 1);
        CU_ASSERT_TRUE(answers("card-debit", &debit, "accepted", NULL));
        CU_ASSERT_TRUE(totals_say("1", "2", "1000", "2000"));
        oc_fields_free(&debit);
        oc_fields_free(&load);
        close_host();
    }
}

static void a_card_is_authenticated(void)
{
    static const uint8_t algs[] = {OC_ALG_3DES, OC_ALG_SM4};
    for (size_t i = 0; i < 2; i++) {
        open_host(algs[i]);
        oc_span challenge = oc_test_hex("0011223344556677");
        oc_span text = oc_test_hex("8899AABBCCDDEEFF");
        oc_key named = keys.root;
        memcpy(named.sealed,
               (uint8_t[]){(uint8_t)(named.sealed[0] ^ 'I'), (uint8_t)(named.sealed[1] ^ 'R'),
                           (uint8_t)(named.sealed[2] ^ 'K')},
               3);
        named.sealed[15] ^= 1;
        oc_key irk;
        uint8_t cryptogram[8];
        OC_ASSERT_OK(oc_ssc_diversify_all(keys.crypto, &named, keys.own, 3, &irk));
        OC_ASSERT_OK(oc_ssc_auth(keys.crypto, &irk, challenge, text, cryptogram));
        oc_fields message = {0};
        OC_ASSERT_OK(oc_fields_set(&message, "challenge", challenge));
        OC_ASSERT_OK(oc_fields_set(&message, "text", text));
        OC_ASSERT_OK(oc_fields_set(&message, "cryptogram", oc_span_of(cryptogram, 8)));
        CU_ASSERT_TRUE(answers("internal-auth", &message, "accepted", NULL));
        cryptogram[7] ^= 0x80;
        OC_ASSERT_OK(oc_fields_set(&message, "cryptogram", oc_span_of(cryptogram, 8)));
        CU_ASSERT_TRUE(answers("internal-auth", &message, "refused", "mac"));
        oc_fields_free(&message);
        close_host();
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a debit is booked once", a_debit_is_booked_once},
        {"neither counter is used twice", neither_counter_is_used_twice},
        {"every covered field counts", every_covered_field_counts},
        {"factors choose the key", factors_choose_the_key},
        {"version and algorithm must fit", version_and_algorithm_must_fit},
        {"gaps are booked and reported", gaps_are_booked_and_reported},
        {"fields have their lengths", fields_have_their_lengths},
        {"missing fields and unknown messages", missing_fields_and_unknown_messages},
        {"loads", loads},
        {"a card is authenticated", a_card_is_authenticated},
        {NULL, NULL},
    };
    return oc_test_main("host messages", rows);
}
