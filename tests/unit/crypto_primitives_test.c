/* SPDX-License-Identifier: Apache-2.0 */
/* Published answers: pyemv's tests (MAC-2 to MAC-4), recorded scripts of a metro card (TU-2, TU-3), a published PBOC
 * transaction (PBOC-AC-1), GB/T 32905 and GB/T 32907. */
#include "sim/crypto/crypto.h"
#include "tests/support/oc_test.h"

static oc_crypto *crypto;

static oc_key key_of(uint8_t alg, const char *hex)
{
    oc_key key = {0};
    OC_ASSERT_OK(oc_key_load(&key, alg, oc_test_hex(hex)));
    return key;
}

static void keys_are_checked(void)
{
    oc_key key;
    oc_span bytes = oc_test_hex("0123456789ABCDEFFEDCBA9876543210");
    OC_ASSERT_CODE(oc_key_load(&key, 0x01, bytes), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_key_load(&key, OC_ALG_SM4, oc_span_slice(bytes, 0, 15)), OC_E_FORMAT);
    oc_key des = key_of(OC_ALG_3DES, "0123456789ABCDEFFEDCBA9876543210");
    oc_key sm4 = key_of(OC_ALG_SM4, "0123456789ABCDEFFEDCBA9876543210");
    oc_key same = key_of(OC_ALG_SM4, "0123456789ABCDEFFEDCBA9876543210");
    CU_ASSERT_FALSE(oc_key_equal(&des, &sm4));
    CU_ASSERT_TRUE(oc_key_equal(&same, &sm4));
    oc_key_wipe(&same);
    CU_ASSERT_FALSE(oc_key_equal(&same, &sm4));
}

static void retail_mac(void)
{
    static const struct {
        const char *id, *key, *icv, *data, *mac;
    } rows[] = {
        {"MAC-2", "0123456789ABCDEFFEDCBA9876543210", "", "8424000008", "0BFFF5DF3FAA24E1"},
        {"MAC-3", "29B33180E567CE38EA4CBC9D753B0E61", "", "0123456789ABCDEF0123456789ABCDEF", "FA624250B008B59A"},
        {"TU-3", "F28E92292DCB63F11EA7F5776A7122B8", "1B53473200000000",
         "04D685002C 07314100000000004100000089999985020020150605000F00000001000120150605203808080000", "C853F358"},
        {"TU-2", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "19393A9200000000",
         "84D439001C 7B9864710732C21C8BB314B67CC4B6C352C518AA7305D7FF", "6B72FE30"},
        {"PBOC-AC-1", "D4102725E6E5AD329E55AAB50BF23DA9", "",
         "000000000001000000000000015600800460000156140701001E78EEBC7D00024003A04002", "5D016C91005E7CC2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_key key = key_of(OC_ALG_3DES, rows[i].key);
        uint8_t mac[8];
        OC_ASSERT_OK(oc_retail_mac(crypto, &key, oc_test_hex(rows[i].icv), oc_test_hex(rows[i].data), mac));
        oc_span expected = oc_test_hex(rows[i].mac);
        CU_ASSERT_TRUE(oc_span_equal(oc_span_of(mac, expected.len), expected));
    }
    oc_key sm4 = key_of(OC_ALG_SM4, "0123456789ABCDEFFEDCBA9876543210");
    uint8_t mac[8];
    OC_ASSERT_CODE(oc_retail_mac(crypto, &sm4, oc_span_empty(), oc_span_empty(), mac), OC_E_FORMAT);
}

static void triple_des(void)
{
    oc_key key = key_of(OC_ALG_3DES, "29B33180E567CE38EA4CBC9D753B0E61");
    uint8_t out[24];
    /* MAC-4: ARPC method 1 is one encryption of the cryptogram XOR the response code 0000 */
    OC_ASSERT_OK(oc_encipher(crypto, &key, oc_test_hex("FA624250B008B59A"), out));
    OC_ASSERT_BYTES(oc_span_of(out, 8), "45D4255EEF10C920");
    OC_ASSERT_OK(oc_decipher(crypto, &key, oc_span_of(out, 8), out));
    OC_ASSERT_BYTES(oc_span_of(out, 8), "FA624250B008B59A");
    oc_key transport = key_of(OC_ALG_3DES, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
    OC_ASSERT_OK(oc_encipher(crypto, &transport, oc_test_hex("DCE8F51100000000"), out)); /* TU-1 */
    OC_ASSERT_BYTES(oc_span_of(out, 8), "CB1693339A342336");
    OC_ASSERT_OK(
        oc_encipher(crypto, &transport, oc_test_hex("1401003300D03A01624D2E0255E5CE47218BA45DC8800000"), out));
    OC_ASSERT_BYTES(oc_span_of(out, 24), "7B9864710732C21C8BB314B67CC4B6C352C518AA7305D7FF"); /* TU-2 */
    /* PBOC-AC-1: the session key of ATC 0240 */
    oc_key udk = key_of(OC_ALG_3DES, "014C986ECD8F49157CC8B59E3BCDFD98");
    OC_ASSERT_OK(oc_encipher(crypto, &udk, oc_test_hex("0000000000000240000000000000FDBF"), out));
    oc_span expected = oc_test_hex("D4102725E6E5AD329E55AAB50BF23DA9");
    for (size_t i = 0; i < 16; i++) {
        CU_ASSERT_EQUAL(out[i] | 1, expected.at[i] | 1); /* bit 0 of a DES key byte is parity */
    }
}

static void sm4_and_digests(void)
{
    oc_key key = key_of(OC_ALG_SM4, "0123456789ABCDEFFEDCBA9876543210");
    uint8_t out[32];
    OC_ASSERT_OK(oc_encipher(crypto, &key, oc_test_hex("0123456789ABCDEFFEDCBA9876543210"), out));
    OC_ASSERT_BYTES(oc_span_of(out, 16), "681EDF34D206965E86B3E94F536E4246");
    OC_ASSERT_OK(oc_decipher(crypto, &key, oc_span_of(out, 16), out));
    OC_ASSERT_BYTES(oc_span_of(out, 16), "0123456789ABCDEFFEDCBA9876543210");
    OC_ASSERT_OK(oc_sm3(crypto, oc_span_text("abc"), out));
    OC_ASSERT_BYTES(oc_span_of(out, 32), "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0");
    OC_ASSERT_OK(oc_sha256(crypto, oc_span_text("abc"), out)); /* FIPS 180-4 */
    OC_ASSERT_BYTES(oc_span_of(out, 32), "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
    OC_ASSERT_OK(oc_sm3(crypto, oc_span_empty(), out));
}

/* A CBC-MAC written out with single blocks, against the one in use, for every length up to a few of its pieces. */
static void cbc_mac_of_every_length(void)
{
    static uint8_t data[600];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i * 7);
    }
    static const uint8_t algs[] = {OC_ALG_3DES, OC_ALG_SM4};
    for (size_t a = 0; a < 2; a++) {
        oc_key key = key_of(algs[a], "374598B5C0B0EAE1E1D06609AC5BB369");
        size_t block = oc_alg_block((enum oc_alg)algs[a]);
        oc_span icv = oc_span_of("0123456789ABCDEF", block);
        for (size_t len = 0; len < sizeof data - 16; len++) {
            uint8_t padded[sizeof data + 16] = {0};
            memcpy(padded, data, len);
            padded[len] = 0x80;
            uint8_t chain[16];
            memcpy(chain, icv.at, block);
            for (size_t at = 0; at <= len; at += block) {
                for (size_t i = 0; i < block; i++) {
                    chain[i] ^= padded[at + i];
                }
                OC_ASSERT_OK(oc_encipher(crypto, &key, oc_span_of(chain, block), chain));
            }
            uint8_t mac[16];
            OC_ASSERT_OK(oc_cbc_mac(crypto, &key, icv, oc_span_of(data, len), mac));
            CU_ASSERT_TRUE(memcmp(mac, chain, block) == 0);
        }
    }
}

static void odd_lengths_are_refused(void)
{
    oc_key des = key_of(OC_ALG_3DES, "374598B5C0B0EAE1E1D06609AC5BB369");
    oc_key sm4 = key_of(OC_ALG_SM4, "374598B5C0B0EAE1E1D06609AC5BB369");
    uint8_t out[32];
    OC_ASSERT_CODE(oc_encipher(crypto, &des, oc_span_empty(), out), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_encipher(crypto, &des, oc_test_hex("00"), out), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_encipher(crypto, &sm4, oc_test_hex("0001020304050607"), out), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_decipher(crypto, &sm4, oc_test_hex("0001020304050607"), out), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_cbc_mac(crypto, &sm4, oc_test_hex("0001020304050607"), oc_span_empty(), out), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_cbc_mac(crypto, &des, oc_test_hex("00"), oc_span_empty(), out), OC_E_FORMAT);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"keys are checked", keys_are_checked},
        {"retail MAC", retail_mac},
        {"3DES", triple_des},
        {"SM4 and digests", sm4_and_digests},
        {"CBC-MAC of every length", cbc_mac_of_every_length},
        {"odd lengths are refused", odd_lengths_are_refused},
        {NULL, NULL},
    };
    if (!oc_is_ok(oc_crypto_new(&crypto))) {
        return 2;
    }
    int code = oc_test_main("primitives", rows);
    oc_crypto_free(&crypto);
    return code;
}
