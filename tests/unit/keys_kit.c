/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/keys_kit.h"

#include <stdio.h>

void oc_keys_kit_open(oc_keys_kit *kit, const char *profile_path)
{
    oc_diag diag = {0};
    *kit = (oc_keys_kit){0};
    OC_ASSERT_OK(oc_profile_load(&kit->profile, profile_path, &diag));
    OC_ASSERT_OK(oc_crypto_new(&kit->crypto));
    OC_ASSERT_OK(oc_profile_key_provider(&kit->reference, kit->profile, kit->crypto));
    kit->parts = (oc_keys_parts){.profile = kit->profile, .crypto = kit->crypto, .timeout_ms = 60000};
}

void oc_keys_kit_close(oc_keys_kit *kit)
{
    oc_key_provider_close(&kit->reference);
    oc_crypto_free(&kit->crypto);
    oc_profile_free(&kit->profile);
}

static bool same_answer(const oc_keys_kit *kit, const oc_key_provider *provider, const oc_key_question *question)
{
    uint8_t expected[OC_KEY_ANSWER_MAX];
    uint8_t received[OC_KEY_ANSWER_MAX];
    oc_wr reference = oc_wr_of(expected, sizeof expected);
    oc_wr answer = oc_wr_of(received, sizeof received);
    oc_diag diag = {0};
    oc_result can = oc_key_provider_answer(&kit->reference, question, &reference, NULL);
    oc_result r = oc_key_provider_answer(provider, question, &answer, &diag);
    if (r.code == OC_E_UNAVAILABLE) {
        char named[40];
        snprintf(named, sizeof named, "key %s/%s version %u", question->key.dir, question->key.name,
                 question->key.version);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, named));
        CU_ASSERT_EQUAL(answer.len, 0);
        return false;
    }
    if (!oc_is_ok(can)) {
        CU_ASSERT_FALSE(oc_is_ok(r));
        return false;
    }
    CU_ASSERT_EQUAL(r.code, OC_E_OK);
    /* A PSAM gives out four bytes of a purchase's MAC. */
    oc_span got = oc_wr_span(&answer);
    CU_ASSERT_TRUE(oc_span_equal(got, oc_wr_span(&reference)));
    return true;
}

unsigned oc_keys_kit_compare(const oc_keys_kit *kit, const oc_key_provider *provider, const char *key_name)
{
    static const enum oc_key_use uses[] = {OC_KEY_ENCIPHER, OC_KEY_DECIPHER, OC_KEY_MAC, OC_KEY_RETAIL_MAC,
                                           OC_KEY_TAC};
    static const uint8_t data[32] = "sixteen or thirty-two bytes, ok";
    static const uint8_t factors[3][8] = {"990000sh", "990100sx", {1, 2, 3, 4, 5, 6, 7, 8}};
    oc_key_question question = {0};
    enum oc_alg alg;
    unsigned same = 0;
    OC_ASSERT_OK(oc_key_name_parse(&question.key, key_name));
    OC_ASSERT_OK(oc_key_provider_alg(&kit->reference, &question.key, &alg));
    enum oc_alg told = OC_ALG_3DES;
    OC_ASSERT_OK(oc_key_provider_alg(provider, &question.key, &told));
    CU_ASSERT_EQUAL(told, alg);
    for (size_t u = 0; u < sizeof uses / sizeof uses[0]; u++) {
        for (unsigned form = 0; form < 8; form++) {
            question.use = uses[u];
            question.session = (form & 1) != 0 ? oc_span_of("session!", 8) : oc_span_empty();
            bool mac = uses[u] == OC_KEY_MAC || uses[u] == OC_KEY_RETAIL_MAC || uses[u] == OC_KEY_TAC;
            question.icv = (form & 2) != 0 && mac ? oc_span_of(data, oc_alg_block(alg)) : oc_span_empty();
            question.factor_count = (form & 4) != 0 ? 3 : 0;
            for (size_t i = 0; i < question.factor_count; i++) {
                question.factors[i] = oc_span_of(factors[i], sizeof factors[i]);
            }
            question.data = oc_span_of(data, mac ? 21 : 32);
            same += same_answer(kit, provider, &question);
        }
    }
    return same;
}

void oc_keys_kit_expect(const oc_key_provider *provider, const char *key_name, enum oc_code code, const char *reason)
{
    oc_key_question question = {
        .use = OC_KEY_MAC, .session = oc_span_of("session!", 8), .data = oc_span_of("data", 4)};
    uint8_t room[16];
    oc_wr answer = oc_wr_of(room, sizeof room);
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_key_name_parse(&question.key, key_name));
    OC_ASSERT_CODE(oc_key_provider_answer(provider, &question, &answer, &diag), code);
    if (strstr(diag.reason, reason) == NULL) {
        printf("\n    \"%s\" does not contain \"%s\"\n", diag.reason, reason);
        CU_FAIL("reason");
    }
}
