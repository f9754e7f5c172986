/* SPDX-License-Identifier: Apache-2.0 */
/* PKI_SignData and PKI_VerifySign. */
#include "tests/unit/terminal_kit.h"

#define USER_PIN "654321"

static int sign(struct kit *kit, const char *pin, const char *text)
{
    kit_arg(kit, "type", "1");
    kit_arg(kit, "user-pin", pin);
    kit_arg(kit, "in-data", text);
    return kit_call(kit, "PKI_SignData");
}

struct signed_text {
    char signature[200];
    char certificate[2400];
};

static void keep(const struct kit *kit, struct signed_text *out)
{
    oc_span signature = oc_fields_span(&kit->answer, "1");
    oc_span certificate = oc_fields_span(&kit->answer, "2");
    CU_ASSERT_EQUAL_FATAL(signature.len, 128);
    CU_ASSERT_TRUE_FATAL(certificate.len > 600 && certificate.len < sizeof out->certificate);
    snprintf(out->signature, sizeof out->signature, "%.128s", (const char *)signature.at);
    snprintf(out->certificate, sizeof out->certificate, "%.*s", (int)certificate.len, (const char *)certificate.at);
}

static int verify(struct kit *kit, const char *pin, const struct signed_text *given, const char *text)
{
    kit_arg(kit, "type", "1");
    kit_arg(kit, "user-pin", pin);
    kit_arg(kit, "cert", given->certificate);
    kit_arg(kit, "clear-text", text);
    kit_arg(kit, "signature", given->signature);
    return kit_call(kit, "PKI_VerifySign");
}

static const char *const profiles[] = {"vectors/cards/ssc-3.0.xml", "vectors/cards/ssc-3.0-t1.xml"};

static void signs_and_verifies(void)
{
    for (size_t i = 0; i < 2; i++) {
        struct kit kit;
        struct signed_text given;
        kit_open(&kit, profiles[i]);
        CU_ASSERT_EQUAL_FATAL(sign(&kit, USER_PIN, "\xD5\xC5 10.00"), 0);
        keep(&kit, &given);
        CU_ASSERT_EQUAL(memcmp(given.certificate, "3082", 4), 0);
        CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &given, "\xD5\xC5 10.00"), 0);
        CU_ASSERT_EQUAL(kit.answer.count, 1);
        CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &given, "\xD5\xC5 10.01"), -15);
        CU_ASSERT_EQUAL(sign(&kit, USER_PIN, ""), 0);
        kit_close(&kit);
    }
}

static void alter(struct signed_text *out, const struct signed_text *given, size_t digit, size_t certificate_digit)
{
    *out = *given;
    char *at = digit != 0 ? &out->signature[digit] : &out->certificate[certificate_digit];
    *at = *at == '0' ? '1' : '0';
}

static void what_is_altered_is_refused(void)
{
    struct kit kit;
    struct signed_text given;
    struct signed_text other;
    kit_open(&kit, profiles[0]);
    CU_ASSERT_EQUAL_FATAL(sign(&kit, USER_PIN, "text"), 0);
    keep(&kit, &given);
    alter(&other, &given, 5, 0);
    CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &other, "text"), -15);
    alter(&other, &given, 0, 1); /* no certificate */
    CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &other, "text"), -23);
    other = given;
    other.signature[126] = '\0';
    CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &other, "text"), -42);
    other.signature[125] = '\0';
    CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &other, "text"), -42);
    alter(&other, &given, 3, 0);
    other.signature[3] = 'g';
    CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &other, "text"), -41);
    other = given;
    strcpy(other.certificate, "");
    CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &other, "text"), -23);

    /* another's certificate: it holds another key */
    kit_print(kit.profile, "pki/foreign", other.certificate, sizeof other.certificate);
    CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &other, "text"), -15);
    kit.clock.seconds += (int64_t)20 * 365 * 86400;
    CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &given, "text"), -15);
    kit.clock.seconds -= (int64_t)30 * 365 * 86400;
    CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &given, "text"), -15);
    kit_close(&kit);
}

static void its_pin_is_asked(void)
{
    struct kit kit;
    struct signed_text given;
    kit_open(&kit, profiles[0]);
    CU_ASSERT_EQUAL_FATAL(sign(&kit, USER_PIN, "text"), 0);
    keep(&kit, &given);
    CU_ASSERT_EQUAL(sign(&kit, "", "text"), -33);
    CU_ASSERT_EQUAL(sign(&kit, "123", "text"), -33);
    CU_ASSERT_EQUAL(sign(&kit, "1234567890123", "text"), -33);
    CU_ASSERT_EQUAL(sign(&kit, "65432a", "text"), -41);
    CU_ASSERT_EQUAL(verify(&kit, "654322", &given, "text"), -51);
    CU_ASSERT_TRUE(kit_says(&kit, "tries", "5"));
    for (int i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(sign(&kit, "654322", "text"), -51);
        CU_ASSERT_PTR_NULL(oc_fields_get(&kit.answer, "out"));
    }
    CU_ASSERT_EQUAL(sign(&kit, USER_PIN, "text"), -52);
    CU_ASSERT_EQUAL(verify(&kit, USER_PIN, &given, "text"), -52);
    kit_close(&kit);
}

static void a_card_without_certificates(void)
{
    static const char *const without[] = {"vectors/cards/ssc-1.0.xml", "vectors/cards/ssc-2.0.xml"};
    for (size_t i = 0; i < 2; i++) {
        struct kit kit;
        kit_open(&kit, without[i]);
        CU_ASSERT_EQUAL(sign(&kit, USER_PIN, "text"), -0x6A82);
        kit_close(&kit);
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"signs and verifies", signs_and_verifies},
        {"what is altered is refused", what_is_altered_is_refused},
        {"its PIN is asked", its_pin_is_asked},
        {"a card without certificates", a_card_without_certificates},
        {NULL, NULL},
    };
    return oc_test_main("terminal PKI", rows);
}
