/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_HOST_KEYS_H
#define OC_TESTS_UNIT_HOST_KEYS_H

#include "sim/base/fields.h"
#include "sim/crypto/key_provider.h"
#include "sim/crypto/ssc.h"
#include "tests/support/oc_test.h"

/* A key provider for tests of the host: one root for every name, version 1 and 2, of one algorithm. Without factors it
 * answers with the keys of one card of its own. */
struct test_keys {
    oc_crypto *crypto;
    oc_key root;
    oc_span own[OC_KEY_FACTORS_MAX];
};

static oc_result test_keys_alg(void *self, const oc_key_name *key, enum oc_alg *alg)
{
    const struct test_keys *keys = self;
    *alg = (enum oc_alg)keys->root.alg;
    return key->version <= 2 ? oc_ok() : oc_fail(OC_E_UNAVAILABLE);
}

static oc_result test_keys_answer(void *self, const oc_key_question *question, oc_wr *answer, oc_diag *diag)
{
    struct test_keys *keys = self;
    enum oc_alg alg;
    if (!oc_is_ok(test_keys_alg(self, &question->key, &alg))) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "no %s/%s version %u", question->key.dir, question->key.name,
                            question->key.version);
    }
    /* keys of other names and versions differ */
    oc_key named = keys->root;
    for (size_t i = 0; question->key.name[i] != '\0'; i++) {
        named.sealed[i] ^= (uint8_t)question->key.name[i];
    }
    named.sealed[15] ^= question->key.version;
    oc_key key;
    bool given = question->factor_count > 0;
    OC_TRY(oc_ssc_diversify_all(keys->crypto, &named, given ? question->factors : keys->own,
                                given ? question->factor_count : OC_KEY_FACTORS_MAX, &key));
    return oc_key_answer_with(keys->crypto, &key, question, answer);
}

static oc_key_provider test_keys_provider(struct test_keys *keys)
{
    static const oc_key_provider_ops ops = {"test", test_keys_alg, test_keys_answer, NULL, NULL};
    return (oc_key_provider){&ops, keys};
}

static void test_keys_open(struct test_keys *keys, uint8_t alg)
{
    OC_ASSERT_OK(oc_crypto_new(&keys->crypto));
    OC_ASSERT_OK(oc_key_load(&keys->root, alg, oc_test_hex("374598B5C0B0EAE1E1D06609AC5BB369")));
    keys->own[0] = oc_test_hex("3433303030307368");
    keys->own[1] = oc_test_hex("3433303130307378");
    keys->own[2] = oc_test_hex("8660112233445566");
}

static void test_keys_close(struct test_keys *keys)
{
    oc_crypto_free(&keys->crypto);
}

/* Sets "tac" as the card would compute it over the fields named. */
static void test_keys_sign(struct test_keys *keys, oc_fields *message, const char *dir_key, oc_span data)
{
    oc_key_question question = {.use = OC_KEY_TAC, .data = data};
    OC_ASSERT_OK(oc_key_name_parse(&question.key, dir_key));
    uint8_t block[16];
    uint8_t tac[4];
    oc_wr answer = oc_wr_of(block, sizeof block);
    OC_ASSERT_OK(test_keys_answer(keys, &question, &answer, NULL));
    if (answer.len == 16) {
        oc_ssc_fold4(block, tac);
    } else {
        memcpy(tac, block, 4);
    }
    OC_ASSERT_OK(oc_fields_set(message, "tac", oc_span_of(tac, 4)));
}

#define TEST_TERMINAL "430100000001"
#define TEST_TIME "20260302091500"

/* A debit of 10.00 yuan from the personal account with a right TAC, written out here byte by byte. */
static inline void test_debit(struct test_keys *keys, oc_fields *message, uint16_t seq, uint32_t serial)
{
    uint8_t seq_bytes[2];
    uint8_t serial_bytes[4];
    oc_wr wr = oc_wr_of(seq_bytes, 2);
    oc_wr_u16(&wr, seq);
    wr = oc_wr_of(serial_bytes, 4);
    oc_wr_u32(&wr, serial);
    OC_ASSERT_OK(oc_fields_set_text(message, "card", "A00000017"));
    OC_ASSERT_OK(oc_fields_set(message, "seq", oc_span_of(seq_bytes, 2)));
    OC_ASSERT_OK(oc_fields_set(message, "own", oc_test_hex("000003E8")));
    OC_ASSERT_OK(oc_fields_set(message, "cash", oc_test_hex("00000002")));
    OC_ASSERT_OK(oc_fields_set(message, "pooled", oc_test_hex("00000003")));
    OC_ASSERT_OK(oc_fields_set(message, "terminal", oc_test_hex(TEST_TERMINAL)));
    OC_ASSERT_OK(oc_fields_set(message, "serial", oc_span_of(serial_bytes, 4)));
    OC_ASSERT_OK(oc_fields_set(message, "time", oc_test_hex(TEST_TIME)));
    uint8_t room[40];
    wr = oc_wr_of(room, sizeof room);
    oc_wr_bytes(&wr, oc_test_hex("000003E8 00000002 00000003 32" TEST_TERMINAL));
    oc_wr_u32(&wr, serial);
    oc_wr_bytes(&wr, oc_test_hex(TEST_TIME));
    test_keys_sign(keys, message, "DF04/DTK", oc_wr_span(&wr));
}

static bool test_says(const oc_fields *answer, const char *name, const char *value)
{
    return oc_span_equal(oc_fields_span(answer, name), oc_span_text(value));
}

#endif
