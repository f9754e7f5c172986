/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/crypto/pin_block.h"
#include "sim/host/host.h"
#include "tests/unit/host_keys.h"

/* The card that test_keys has for its own: region 430100, historical bytes that end in its factor. */
#define CARD_ID "43010000112233445566778899001122"
#define ATR "8660112233445566"

static struct test_keys keys;
static oc_host *host;

static void open_host(uint8_t alg, bool mac1_zero)
{
    test_keys_open(&keys, alg);
    oc_host_parts parts = {.store = ":memory:", .keys = test_keys_provider(&keys), .mac1_zero = mac1_zero};
    OC_ASSERT_OK(oc_host_open(&host, &parts, NULL));
}

static void close_host(void)
{
    oc_host_close(&host);
    test_keys_close(&keys);
}

/* Name and value, in pairs, up to a NULL name. */
static void ask(const char *message, const char *const *pairs, oc_fields *answer)
{
    oc_fields in = {0};
    for (size_t i = 0; pairs[i] != NULL; i += 2) {
        OC_ASSERT_OK(oc_fields_set_text(&in, pairs[i], pairs[i + 1]));
    }
    OC_ASSERT_OK(oc_host_message(host, message, &in, answer, NULL));
    oc_fields_free(&in);
}

static bool accepts(const char *message, const char *const *pairs, const char *pkey)
{
    oc_fields answer = {0};
    ask(message, pairs, &answer);
    bool same = test_says(&answer, "result", "accepted") && test_says(&answer, "pkey", pkey);
    oc_fields_free(&answer);
    return same;
}

/* Refused for a wrong field, with `part` in the sentence and nothing of what was sent. */
static void refuses(const char *message, const char *const *pairs, const char *part)
{
    oc_fields answer = {0};
    ask(message, pairs, &answer);
    CU_ASSERT_TRUE(test_says(&answer, "result", "refused"));
    CU_ASSERT_TRUE(test_says(&answer, "reason", "field"));
    char detail[256];
    oc_span text = oc_fields_span(&answer, "detail");
    snprintf(detail, sizeof detail, "%.*s", (int)text.len, (const char *)text.at);
    CU_ASSERT_PTR_NOT_NULL(strstr(detail, part));
    if (strstr(detail, part) == NULL) {
        printf("'%s' instead of '%s'\n", detail, part);
    }
    CU_ASSERT_PTR_NULL(strstr(detail, "1122334455667788"));
    CU_ASSERT_PTR_NULL(strstr(detail, "246802"));
    oc_fields_free(&answer);
}

/* The key as the card has it. */
static oc_key card_key(const char *name)
{
    oc_key_name named;
    OC_ASSERT_OK(oc_key_name_parse(&named, name));
    oc_key key = keys.root;
    for (size_t i = 0; named.name[i] != '\0'; i++) {
        key.sealed[i] ^= (uint8_t)named.name[i];
    }
    key.sealed[15] ^= named.version;
    OC_ASSERT_OK(oc_ssc_diversify_all(keys.crypto, &key, keys.own, OC_KEY_FACTORS_MAX, &key));
    return key;
}

/* Appends cryptogram and text as 32 hex digits. */
static void append_data(char *out, size_t room, const char *key_name, const char *challenge, const char *text)
{
    oc_key key = card_key(key_name);
    uint8_t data[16];
    memcpy(data + 8, oc_test_hex(text).at, 8);
    OC_ASSERT_OK(oc_ssc_auth(keys.crypto, &key, oc_test_hex(challenge), oc_test_hex(text), data));
    size_t len = strlen(out);
    oc_hex_encode(out + len, room - len, oc_span_of(data, sizeof data));
}

#define R1 "1122334455667788"
#define R2 "8877665544332211"
#define R3 "0102030405060708"
#define R4 "1112131415161718"
#define FACTS "atr", ATR, "card-id", CARD_ID

static void basic_reading(void)
{
    char pkey[128] = "";
    open_host(OC_ALG_3DES, false);
    append_data(pkey, sizeof pkey, "SSSE/IRK", R1, R2);
    strcat(pkey, "||");
    static const char *const names[] = {"01", "DES", "3DES", "3des"};
    for (size_t i = 0; i < 4; i++) {
        char step1[200];
        snprintf(step1, sizeof step1, "430100|" ATR "|%s|" CARD_ID "|" R1 "|" R2 "|||%s", names[i],
                 i == 1 ? "430100000001|" : "");
        CU_ASSERT_TRUE(accepts("hsm-basic", (const char *const[]){"step1", step1, NULL}, pkey));
    }
    close_host();
    open_host(OC_ALG_SM4, false);
    pkey[0] = '\0';
    append_data(pkey, sizeof pkey, "SSSE/IRK", R1, R2);
    strcat(pkey, "|");
    append_data(pkey, sizeof pkey, "SSSE/RK", R3, R4);
    strcat(pkey, "|");
    CU_ASSERT_TRUE(accepts(
        "hsm-basic",
        (const char *const[]){"step1", "430100|0000" ATR "|03|" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4, NULL}, pkey));
    close_host();
}

static void bad_basic_strings(void)
{
    static const struct {
        const char *step1, *part;
    } rows[] = {
        {"", "field 'step1' has 0 bytes"},
        {"430100|" ATR "|03|" CARD_ID "|" R1 "|" R2 "|" R3 "|", "has 7 items"},
        {"430100|" ATR "|03|" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|430100000001|x|", "has 10 items"},
        {"43010|" ATR "|03|" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|", "the region has 5 characters, not 6"},
        {"430101|" ATR "|03|" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|", "region is not that of the card"},
        {"A30100|" ATR "|03|A" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|", "the region is not made of digits"},
        {"430100|60112233445566|03|" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|", "ATR history has 14 characters"},
        {"430100|" ATR "0|03|" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|", "ATR history is not made of hex"},
        {"430100|" ATR "|04|" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|", "the algorithm is none of"},
        {"430100|" ATR "||" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|", "the algorithm is none of"},
        {"430100|" ATR "|SSF33|" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|", "SSF33 is not available"},
        {"430100|" ATR "|01|" CARD_ID "|" R1 "|" R2 "|||", "not that of key SSSE/IRK"},
        {"430100|" ATR "|01|" CARD_ID "|" R1 "|" R2 "|" R3 "|" R4 "|", "random3 is there"},
        {"430100|" ATR "|03|" CARD_ID "|" R1 "|" R2 "|" R3 "||", "random4 is missing"},
        {"430100|" ATR "|03|" CARD_ID "0|" R1 "|" R2 "|" R3 "|" R4 "|", "card identifier has 33"},
        {"430100|" ATR "|03|" CARD_ID "|X122334455667788|" R2 "|" R3 "|" R4 "|", "random1 is not made of hex"},
        {"430100|" ATR "|03|" CARD_ID "|" R1 "||" R3 "|" R4 "|", "random2 has 0 characters"},
    };
    open_host(OC_ALG_SM4, false);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        refuses("hsm-basic", (const char *const[]){"step1", rows[i].step1, NULL}, rows[i].part);
    }
    refuses("hsm-basic", (const char *const[]){NULL}, "field 'step1' is missing");
    refuses("hsm-basic", (const char *const[]){"step1", "x", "step3", "y", NULL}, "has no field 'step3'");
    close_host();
}

static void external_authentication(void)
{
    static const struct {
        const char *address, *key, *business;
    } rows[] = {{"000A01", "SSSE/RK", "01"},
                {"018802", "DF01/RK#2", "01"},
                {"000601", "SSSE/PUK", "02"},
                {"018301", "DF01/UK1", "04"},
                {"138C01", "DF03/UK4", "04"}};
    static const struct {
        uint8_t alg;
        const char *name;
    } algs[] = {{OC_ALG_3DES, "01"}, {OC_ALG_SM4, "SM4"}};
    for (size_t a = 0; a < 2; a++) {
        open_host(algs[a].alg, false);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            char pkey[64] = "";
            char step1[100];
            append_data(pkey, sizeof pkey, rows[i].key, R1, R2);
            snprintf(step1, sizeof step1, "%s|%s|" R1 "|" R2 "|", algs[a].name, rows[i].address);
            CU_ASSERT_TRUE(accepts("hsm-external", (const char *const[]){"step1", step1, FACTS, NULL}, pkey));
            CU_ASSERT_TRUE(accepts("hsm-external",
                                   (const char *const[]){"step1", step1, "business", rows[i].business, NULL}, pkey));
            refuses("hsm-external", (const char *const[]){"step1", step1, "business", "07", NULL}, "'business'");
        }
        close_host();
    }
}

static void bad_external_strings(void)
{
    static const struct {
        const char *step1, *part;
    } rows[] = {
        {"03|000A01|" R1 "|", "has 3 items, not 4"},
        {"03|000A01|" R1 "|" R2 "||", "has 5 items"},
        {"03|00A01|" R1 "|" R2 "|", "the key address has 5"},
        {"03|00FF01|" R1 "|" R2 "|", "names no key"},
        {"03|000A09|" R1 "|" R2 "|", "names no key"},
        {"03|000201|" R1 "|" R2 "|", "not one to authenticate with"}, /* STK */
        {"03|040101|" R1 "|" R2 "|", "not one to authenticate with"}, /* DPK */
        {"03|038301|" R1 "|" R2 "|", "not one to authenticate with"}, /* LK */
        {"01|000A01|" R1 "|" R2 "|", "algorithm is not that of key SSSE/RK"},
        {"03|000A01|" R1 "00|" R2 "|", "random1 has 18"},
    };
    open_host(OC_ALG_SM4, false);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        refuses("hsm-external", (const char *const[]){"step1", rows[i].step1, FACTS, NULL}, rows[i].part);
    }
#define RIGHT "step1", "03|000A01|" R1 "|" R2 "|"
    refuses("hsm-external", (const char *const[]){RIGHT, "atr", ATR, NULL}, "'card-id' is missing");
    refuses("hsm-external", (const char *const[]){RIGHT, "card-id", CARD_ID, NULL}, "'atr' is missing");
    refuses("hsm-external", (const char *const[]){RIGHT, "atr", ATR "|", "card-id", CARD_ID "0", NULL}, "not 32");
    refuses("hsm-external", (const char *const[]){RIGHT, "atr", "0|" ATR, "card-id", CARD_ID, NULL},
            "atr has 2 items");
    refuses("hsm-external",
            (const char *const[]){RIGHT, "atr", ATR, "card-id", "X3010000112233445566778899001122", NULL}, "card-id");
    refuses("hsm-external",
            (const char *const[]){RIGHT, "atr", ATR, "card-id", "FF010000112233445566778899001122", NULL},
            "does not begin with a region");
    close_host();
    /* A key that the provider lacks is its failure. */
    open_host(OC_ALG_SM4, false);
    oc_fields in = {0};
    oc_fields answer = {0};
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_fields_set_text(&in, "step1", "03|000A03|" R1 "|" R2 "|"));
    OC_ASSERT_CODE(oc_host_message(host, "hsm-external", &in, &answer, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "SSSE/RK version 3"));
    oc_fields_free(&in);
    oc_fields_free(&answer);
    close_host();
}

/* A command as the card would open it: MAC right under the session key, PIN inside. */
static void check_command(const oc_fields *answer, const char *header, const char *pin)
{
    oc_key stk = card_key("SSSE/STK");
    oc_key session;
    oc_buf command = {0};
    oc_span text = oc_fields_span(answer, "pkey");
    OC_ASSERT_OK(oc_hex_decode(&command, (const char *)text.at, text.len));
    OC_ASSERT_OK(oc_ssc_session(keys.crypto, &stk, oc_test_hex(R1), &session));
    OC_ASSERT_BYTES(oc_span_slice(oc_buf_span(&command), 0, 5), header);
    CU_ASSERT_EQUAL_FATAL(command.len, 5u + command.at[4]);
    uint8_t mac[4];
    OC_ASSERT_OK(oc_ssc_mac4(keys.crypto, &session, oc_span_empty(), oc_span_of(command.at, command.len - 4), mac));
    CU_ASSERT_EQUAL(memcmp(mac, command.at + command.len - 4, 4), 0);
    oc_span cipher = oc_span_of(command.at + 5, command.len - 9);
    if (pin != NULL) {
        uint8_t block[16];
        OC_ASSERT_OK(oc_decipher(keys.crypto, &session, cipher, block));
        oc_span wanted = oc_test_hex(pin);
        CU_ASSERT_EQUAL(block[0], wanted.len);
        CU_ASSERT_EQUAL(memcmp(block + 1, wanted.at, wanted.len), 0);
        CU_ASSERT_EQUAL(block[1 + wanted.len], 0x80);
    } else {
        CU_ASSERT_EQUAL(cipher.len, 0);
    }
    oc_buf_free(&command);
}

static void secure_messages(void)
{
    static const struct {
        uint8_t alg;
        const char *step2, *header, *pin;
    } rows[] = {
        {OC_ALG_3DES, "01|000201|" R1 "|842400010C|246802|", "842400010C", "246802"},
        {OC_ALG_3DES, "01|000201|" R1 "|842400010C|24680|", "842400010C", "24680F"},
        {OC_ALG_3DES, "DES|000201|" R1 "|842400010C|24680246|", "842400010C", "24680246"},
        {OC_ALG_3DES, "01|000201|" R1 "|8424000004||", "8424000004", NULL},
        {OC_ALG_SM4, "03|000201|" R1 "|8424000114|246802|", "8424000114", "246802"},
        {OC_ALG_SM4, "03|000202|" R1 "|8424000004||", "8424000004", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_fields answer = {0};
        open_host(rows[i].alg, false);
        ask("hsm-secure-message", (const char *const[]){"step2", rows[i].step2, FACTS, NULL}, &answer);
        CU_ASSERT_TRUE(test_says(&answer, "result", "accepted"));
        if (strstr(rows[i].step2, "000202") == NULL) {
            check_command(&answer, rows[i].header, rows[i].pin);
        }
        oc_fields_free(&answer);
        close_host();
    }
}

static void bad_secure_messages(void)
{
    static const struct {
        const char *step2, *part;
    } rows[] = {
        {"01|000201|" R1 "|842400010C|", "has 4 items, not 5"},
        {"01|000A01|" R1 "|842400010C|246802|", "not that of SSSE/STK"},
        {"01|000201|" R1 "|8424000114|246802|", "Lc is 20, not 12"},
        {"01|000201|" R1 "|842400010C||", "the PIN is missing"},
        {"01|000201|" R1 "|8424000004|246802|", "there is a PIN"},
        {"01|000201|" R1 "|841E000004||", "neither 84240000 nor 84240001"}, /* APPLICATION BLOCK is not signed */
        {"01|000201|" R1 "|04D6000004||", "neither 84240000 nor 84240001"},
        {"01|000201|" R1 "|842400010C|246|", "the PIN has 3 characters, not 4 to 8"},
        {"01|000201|" R1 "|842400010C|246802468|", "the PIN has 9 characters"},
        {"01|000201|" R1 "|842400010C|24680A|", "the PIN is not made of digits"},
        {"01|000201|00" R1 "|842400010C|246802|", "the process random has 18"},
        {"03|000201|" R1 "|8424000114|246802|", "algorithm is not that of key SSSE/STK"},
    };
    open_host(OC_ALG_3DES, false);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        refuses("hsm-secure-message", (const char *const[]){"step2", rows[i].step2, NULL}, rows[i].part);
    }
    close_host();
}

#define SUMS "000003E80000000200000003"
#define TAIL "32430100000001" TEST_TIME
#define DEBIT(alg, sums) alg "|040101|A1B2C3D4|0102|" sums "|32|430100000001|" TEST_TIME "|"

static void mac4(const char *key_name, const char *session_input, const char *data, bool tac, char out[9])
{
    oc_key key = card_key(key_name);
    uint8_t mac[4];
    if (tac) {
        OC_ASSERT_OK(oc_ssc_tac_key(&key, &key));
    } else {
        OC_ASSERT_OK(oc_ssc_session(keys.crypto, &key, oc_test_hex(session_input), &key));
    }
    OC_ASSERT_OK(oc_ssc_mac4(keys.crypto, &key, oc_span_empty(), oc_test_hex(data), mac));
    oc_hex_encode(out, 9, oc_span_of(mac, 4));
}

static void debits(void)
{
    static const struct {
        uint8_t alg;
        bool mac1_zero;
        const char *step1, *covered;
    } rows[] = {
        {OC_ALG_3DES, false, DEBIT("01", SUMS), SUMS TAIL},
        {OC_ALG_SM4, false, DEBIT("03", SUMS), SUMS TAIL},
        {OC_ALG_3DES, true, DEBIT("01", SUMS), "000000000000000200000003" TAIL},
        {OC_ALG_3DES, false, DEBIT("01", "0000000200000003"), "000000000000000200000003" TAIL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        open_host(rows[i].alg, rows[i].mac1_zero);
        char mac1[9];
        char pkey[64];
        mac4("DF04/DPK", "A1B2C3D401020102", rows[i].covered, false, mac1);
        snprintf(pkey, sizeof pkey, "00000102|" TEST_TIME "|%s|", mac1);
        CU_ASSERT_TRUE(
            accepts("hsm-debit", (const char *const[]){"step1", rows[i].step1, FACTS, "business", "07", NULL}, pkey));
        close_host();
    }
}

static void what_the_card_answered(void)
{
    static const uint8_t algs[] = {OC_ALG_3DES, OC_ALG_SM4};
    for (size_t i = 0; i < 2; i++) {
        open_host(algs[i], false);
        char mac2[9];
        char tac[9];
        mac4("DF04/DPK", "A1B2C3D401020102", SUMS, false, mac2);
        mac4("DF04/DTK", NULL,
             SUMS "32430100000001"
                  "00000102" TEST_TIME,
             true, tac);
        const char *step1 = i == 0 ? DEBIT("01", SUMS) : DEBIT("03", SUMS);
        oc_fields answer = {0};
        ask("hsm-debit-check", (const char *const[]){"step1", step1, "mac2", mac2, "tac", tac, NULL}, &answer);
        CU_ASSERT_TRUE(test_says(&answer, "result", "accepted"));
        oc_fields_free(&answer);
        ask("hsm-debit-check", (const char *const[]){"step1", step1, "mac2", mac2, "tac", "00000000", NULL}, &answer);
        CU_ASSERT_TRUE(test_says(&answer, "result", "refused") && test_says(&answer, "reason", "tac"));
        oc_fields_free(&answer);
        ask("hsm-debit-check", (const char *const[]){"step1", step1, "mac2", tac, "tac", mac2, NULL}, &answer);
        CU_ASSERT_TRUE(test_says(&answer, "result", "refused") && test_says(&answer, "reason", "mac2"));
        oc_fields_free(&answer);
        refuses("hsm-debit-check", (const char *const[]){"step1", step1, "mac2", "0000000X", "tac", tac, NULL},
                "mac2: the value is not made of hex");
        close_host();
    }
}

static void bad_debits(void)
{
    static const struct {
        const char *step1, *part;
    } rows[] = {
        {"01|040101|A1B2C3D4|0102|" SUMS "|32|430100000001|", "has 7 items, not 8"},
        {"01|040101|A1B2C3D4|0102|000003E8000000020000|32|430100000001|" TEST_TIME "|", "neither 16 nor 24"},
        {"01|040101|A1B2C3D4|0102|" SUMS "|32|430100000001|2026030209150|", "date and time has 13"},
        {"01|040101|A1B2C3D4|0102|" SUMS "|32|430100000001|2026030209150A|", "not made of digits"},
        {"01|000A01|A1B2C3D4|0102|" SUMS "|32|430100000001|" TEST_TIME "|", "not that of DF04/DPK"},
        {"01|040101|A1B2C3|0102|" SUMS "|32|430100000001|" TEST_TIME "|", "pseudo-random number has 6"},
        {"01|040101|A1B2C3D4|102|" SUMS "|32|430100000001|" TEST_TIME "|", "counter has 3"},
        {"02|040101|A1B2C3D4|0102|" SUMS "|32|430100000001|" TEST_TIME "|", "SSF33"},
        {"03|040101|A1B2C3D4|0102|" SUMS "|32|430100000001|" TEST_TIME "|", "not that of key DF04/DPK"},
    };
    open_host(OC_ALG_3DES, false);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        refuses("hsm-debit", (const char *const[]){"step1", rows[i].step1, NULL}, rows[i].part);
    }
    refuses("hsm-debit", (const char *const[]){"step1", DEBIT("01", SUMS), "business", "01", NULL}, "'business'");
    close_host();
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"basic reading, both algorithms", basic_reading},
        {"bad strings of basic reading", bad_basic_strings},
        {"external authentication, both algorithms", external_authentication},
        {"bad strings of external authentication", bad_external_strings},
        {"secure messages open on the card", secure_messages},
        {"bad secure messages", bad_secure_messages},
        {"MAC1 of debits", debits},
        {"MAC2 and TAC of the card", what_the_card_answered},
        {"bad debits", bad_debits},
        {NULL, NULL},
    };
    return oc_test_main("HSM of the host", rows);
}
