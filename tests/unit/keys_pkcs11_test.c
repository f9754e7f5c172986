/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in a PKCS#11 token. */
#include <p11-kit/pkcs11.h>
#include <stdio.h>

#include "tests/support/oc_token_kit.h"
#include "tests/unit/keys_kit.h"

#define CARD_2 "vectors/cards/ssc-2.0.xml"
#define CARD_3 "vectors/cards/ssc-3.0.xml"
#define ROOTS "vectors/cards/test-keys.xml"

static oc_token_kit token;

static void answers_agree(void)
{
    oc_keys_kit kit;
    oc_key_provider provider;
    oc_diag diag = {0};
    oc_keys_kit_open(&kit, CARD_2);
    oc_result r = oc_keys_pkcs11(&provider, token.uri, &kit.parts, &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s\n", diag.reason);
    }
    OC_ASSERT_OK(r);
    static const char *const names[] = {"SSSE/UK", "SSSE/IRK", "DF04/DPK#2", "DF04/DTK", "DF01/UK3"};
    for (unsigned again = 0; again < 2; again++) {
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            CU_ASSERT_EQUAL(oc_keys_kit_compare(&kit, &provider, names[i]), 40);
        }
    }
    oc_keys_kit_expect(&provider, "SSSE/PUK", OC_E_UNAVAILABLE, "key SSSE/PUK version 1: the token has no such key");
    oc_keys_kit_expect(&provider, "SSSE/UK#4", OC_E_UNAVAILABLE, "key SSSE/UK version 4");
    oc_key_provider_close(&provider);
    oc_keys_kit_close(&kit);
}

/* Two providers at once, as two workers have them; the end of one is not the other's. */
static void providers_share_a_module(void)
{
    oc_keys_kit kit;
    oc_key_provider first;
    oc_key_provider second;
    oc_diag diag = {0};
    oc_keys_kit_open(&kit, CARD_2);
    OC_ASSERT_OK(oc_keys_pkcs11(&first, token.uri, &kit.parts, &diag));
    OC_ASSERT_OK(oc_keys_pkcs11(&second, token.uri, &kit.parts, &diag));
    CU_ASSERT_EQUAL(oc_keys_kit_compare(&kit, &first, "SSSE/UK"), 40);
    oc_key_provider_close(&first);
    CU_ASSERT_EQUAL(oc_keys_kit_compare(&kit, &second, "SSSE/UK"), 40);
    oc_key_provider_close(&second);
    oc_keys_kit_close(&kit);
}

/* SM4 works where the URI names the token's mechanism. This token has none: its AES takes the place, to see that the
 * mechanism named is the one that computes. The data of a question then is not what SM4 would give. */
static void sm4_by_the_mechanism_named(void)
{
    oc_keys_kit kit;
    oc_key_provider provider;
    oc_diag diag = {0};
    oc_keys_kit_open(&kit, CARD_3);
    OC_ASSERT_OK(oc_keys_pkcs11(&provider, token.uri, &kit.parts, &diag));
    oc_keys_kit_expect(&provider, "SSSE/UK", OC_E_UNAVAILABLE, "key SSSE/UK version 1: the token's SM4 mechanism");
    oc_key_provider_close(&provider);
    char uri[4 * PATH_MAX];
    snprintf(uri, sizeof uri, "%s&sm4-ecb=0x%lX", token.uri, CKM_AES_ECB);
    OC_ASSERT_OK(oc_keys_pkcs11(&provider, uri, &kit.parts, &diag));
    oc_keys_kit_expect(&provider, "SSSE/UK", OC_E_UNAVAILABLE, "the token has no such key");
    oc_token_kit_add(CKK_AES, "SSSE/UK#1", oc_test_hex("000102030405060708090A0B0C0D0E0F"));
    oc_key_question question = {.use = OC_KEY_ENCIPHER,
                                .factors = {oc_test_hex("0001020304050607")},
                                .factor_count = 1,
                                .data = oc_test_hex("00112233445566778899AABBCCDDEEFF")};
    OC_ASSERT_OK(oc_key_name_parse(&question.key, "SSSE/UK"));
    uint8_t room[16];
    oc_wr answer = oc_wr_of(room, sizeof room);
    OC_ASSERT_OK(oc_key_provider_answer(&provider, &question, &answer, &diag));
    /* SM4 of the data under AES-128(key, factor || NOT factor), computed with OpenSSL's command line. */
    OC_ASSERT_BYTES(oc_wr_span(&answer), "A50C006903311D6B8983383BBB3412D6");
    oc_key_provider_close(&provider);
    snprintf(uri, sizeof uri, "%s&sm4-ecb=0x7FFFFFFF", token.uri);
    OC_ASSERT_OK(oc_keys_pkcs11(&provider, uri, &kit.parts, &diag));
    oc_keys_kit_expect(&provider, "SSSE/UK", OC_E_UNAVAILABLE, "key SSSE/UK version 1: ");
    oc_key_provider_close(&provider);
    oc_keys_kit_close(&kit);
}

static void keys_of_one_label_are_refused(void)
{
    oc_keys_kit kit;
    oc_key_provider provider;
    oc_diag diag = {0};
    oc_keys_kit_open(&kit, CARD_2);
    oc_token_kit_add(CKK_DES2, "DF01/UK4#1", oc_test_hex("000102030405060708090A0B0C0D0E0F"));
    OC_ASSERT_OK(oc_keys_pkcs11(&provider, token.uri, &kit.parts, &diag));
    oc_keys_kit_expect(&provider, "DF01/UK4", OC_E_UNAVAILABLE, "key DF01/UK4 version 1: the token has several");
    oc_key_provider_close(&provider);
    oc_keys_kit_close(&kit);
}

/* None tells what the URI holds: it may be the PIN. */
static void uris_that_lead_nowhere(void)
{
    static const struct {
        const char *uri; /* %s: the PIN file */
        enum oc_code code;
        const char *reason;
    } rows[] = {
        {"pkcs11:%%%%", OC_E_USAGE, "no PKCS#11 URI"},
        {"pkcs11:sort=sweet?module-path=" OC_SOFTHSM, OC_E_USAGE, "not known"},
        {"pkcs11:token=onecard%%20test", OC_E_USAGE, "module-path"},
        {"pkcs11:?module-path=libsofthsm2.so", OC_E_USAGE, "absolute"},
        {"pkcs11:?module-path=/nonexistent/module.so", OC_E_UNAVAILABLE, "cannot be loaded"},
        {"pkcs11:token=another?module-path=" OC_SOFTHSM "&pin-source=file:%s", OC_E_UNAVAILABLE, "no token"},
        {"pkcs11:token=onecard%%20test?module-path=" OC_SOFTHSM, OC_E_UNAVAILABLE, "wants a PIN"},
        {"pkcs11:token=onecard%%20test?module-path=" OC_SOFTHSM "&pin-source=pin", OC_E_USAGE, "pin-source"},
        {"pkcs11:token=onecard%%20test?module-path=" OC_SOFTHSM "&pin-source=file:/nonexistent/pin", OC_E_USAGE, ""},
        {"pkcs11:token=onecard%%20test?module-path=" OC_SOFTHSM "&pin-source=|echo%%20x", OC_E_USAGE, ""},
        {"pkcs11:?sm4-ecb=many&module-path=" OC_SOFTHSM, OC_E_USAGE, "sm4-ecb"},
        {"pkcs11:token=onecard%%20test?module-path=" OC_SOFTHSM "&pin-value=SECRET999", OC_E_UNAVAILABLE, "login"},
        {"pkcs11:object=0123456789012345678901234567890123456789012345678901234567890123456789", OC_E_USAGE,
         "longer than"},
    };
    oc_keys_kit kit;
    oc_keys_kit_open(&kit, CARD_2);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char uri[4 * PATH_MAX];
        const char *hole = strstr(rows[i].uri, "%s");
        snprintf(uri, sizeof uri, "%.*s%s", hole == NULL ? (int)strlen(rows[i].uri) : (int)(hole - rows[i].uri),
                 rows[i].uri, hole == NULL ? "" : token.pin_file);
        for (char *c = strstr(uri, "%%"); c != NULL; c = strstr(c + 1, "%%")) {
            memmove(c, c + 1, strlen(c));
        }
        oc_key_provider provider;
        oc_diag diag = {0};
        oc_result r = oc_keys_pkcs11(&provider, uri, &kit.parts, &diag);
        if (r.code != rows[i].code || strstr(diag.reason, rows[i].reason) == NULL) {
            printf("\n    %s: %s, \"%s\"\n", uri, oc_code_name(r.code), diag.reason);
        }
        OC_ASSERT_CODE(r, rows[i].code);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, rows[i].reason));
        CU_ASSERT_PTR_NULL(strstr(diag.reason, "SECRET999"));
        CU_ASSERT_PTR_NULL(provider.ops);
    }
    oc_keys_kit_close(&kit);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"answers agree", answers_agree},
        {"providers share a module", providers_share_a_module},
        {"SM4 by the mechanism named", sm4_by_the_mechanism_named},
        {"keys of one label are refused", keys_of_one_label_are_refused},
        {"URIs that lead nowhere", uris_that_lead_nowhere},
        {NULL, NULL},
    };
    if (!oc_token_kit_open(&token, ROOTS, "SSSE/PUK#1")) {
        printf("no SoftHSM: skipped\n");
        return 77;
    }
    int code = oc_test_main("keys in a token", rows);
    oc_token_kit_close(&token);
    return code;
}
