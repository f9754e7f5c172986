/* SPDX-License-Identifier: Apache-2.0 */
/* The table of ready key schedules must never show: whatever keys came before, an answer is that of a fresh start. */
#include "sim/base/random.h"
#include "sim/crypto/ssc.h"
#include "tests/support/oc_test.h"

#define KEYS 400

struct answer {
    uint8_t enciphered[16];
    uint8_t deciphered[16];
    uint8_t mac[16];
};

static oc_key keys[KEYS];

static struct answer answer_of(oc_crypto *crypto, const oc_key *key)
{
    struct answer answer = {{0}, {0}, {0}};
    oc_span data = oc_test_hex("000102030405060708090A0B0C0D0E0F");
    OC_ASSERT_OK(oc_encipher(crypto, key, data, answer.enciphered));
    OC_ASSERT_OK(oc_decipher(crypto, key, data, answer.deciphered));
    OC_ASSERT_OK(oc_cbc_mac(crypto, key, oc_span_empty(), oc_test_hex("0102030405060708090A"), answer.mac));
    return answer;
}

static void make_keys(void)
{
    oc_random random;
    oc_random_init(&random, 1, "schedules");
    for (size_t i = 0; i < KEYS; i += 4) {
        uint8_t bytes[16];
        OC_ASSERT_OK(oc_random_bytes(&random, bytes, sizeof bytes));
        /* the same bytes as a key of the other algorithm, as a session key, and with one bit more */
        OC_ASSERT_OK(oc_key_load(&keys[i], OC_ALG_3DES, oc_span_of(bytes, 16)));
        OC_ASSERT_OK(oc_key_load(&keys[i + 1], OC_ALG_SM4, oc_span_of(bytes, 16)));
        keys[i + 2] = keys[i];
        keys[i + 2].transient = 1;
        bytes[15] ^= 0x02;
        OC_ASSERT_OK(oc_key_load(&keys[i + 3], OC_ALG_3DES, oc_span_of(bytes, 16)));
    }
}

static void many_keys_in_any_order(void)
{
    make_keys();
    static struct answer fresh[KEYS];
    for (size_t i = 0; i < KEYS; i++) {
        oc_crypto *crypto = NULL;
        OC_ASSERT_OK(oc_crypto_new(&crypto));
        fresh[i] = answer_of(crypto, &keys[i]);
        oc_crypto_free(&crypto);
    }
    CU_ASSERT_TRUE(memcmp(&fresh[0], &fresh[1], sizeof fresh[0]) != 0);
    CU_ASSERT_TRUE(memcmp(&fresh[0], &fresh[2], sizeof fresh[0]) == 0);
    CU_ASSERT_TRUE(memcmp(&fresh[0], &fresh[3], sizeof fresh[0]) != 0);

    oc_crypto *crypto = NULL;
    OC_ASSERT_OK(oc_crypto_new(&crypto));
    for (size_t step = 1; step < 12; step += 2) { /* odd steps visit every key, each time in another order */
        for (size_t n = 0, i = 0; n < KEYS; n++, i = (i + step * 13) % KEYS) {
            struct answer answer = answer_of(crypto, &keys[i]);
            CU_ASSERT_TRUE_FATAL(memcmp(&answer, &fresh[i], sizeof answer) == 0);
        }
    }
    oc_crypto_free(&crypto);
}

static void an_all_zero_key_is_a_key(void)
{
    oc_crypto *crypto = NULL;
    OC_ASSERT_OK(oc_crypto_new(&crypto));
    static const uint8_t zeros[16];
    oc_key key;
    uint8_t out[8];
    OC_ASSERT_OK(oc_key_load(&key, OC_ALG_3DES, oc_span_of(zeros, 16)));
    OC_ASSERT_OK(oc_encipher(crypto, &key, oc_span_of(zeros, 8), out));
    OC_ASSERT_BYTES(oc_span_of(out, 8), "8CA64DE9C1B123A7"); /* DES of zeros under zeros, NBS SP 500-20 */
    oc_crypto_free(&crypto);
    CU_ASSERT_PTR_NULL(crypto);
    oc_crypto_free(&crypto);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"many keys in any order", many_keys_in_any_order},
        {"an all-zero key is a key", an_all_zero_key_is_a_key},
        {NULL, NULL},
    };
    return oc_test_main("schedules", rows);
}
