/* SPDX-License-Identifier: Apache-2.0 */
/* SM2 against the published examples of GB/T 32918 on the recommended curve, and against itself. */
#include "sim/crypto/sm2.h"
#include "tests/support/oc_test.h"

#define SCALAR "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
#define POINT                                                                                                         \
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"                                                \
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
#define DIGEST "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640"
#define SIGNATURE                                                                                                     \
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"                                                \
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
/* "encryption standard" for the same key. */
#define CIPHER                                                                                                        \
    "04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"                                                \
    "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"                                                \
    "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"                                                \
    "21886CA989CA9C7D58087307CA93092D651EFA"

static oc_crypto *crypto;

static bool verifies(const oc_sm2_key *key, oc_span digest, oc_span signature)
{
    bool valid = false;
    OC_ASSERT_OK(oc_sm2_verify(key, digest, signature, &valid));
    return valid;
}

static void knows_the_published_key(void)
{
    oc_sm2_key pair;
    OC_ASSERT_OK(oc_sm2_pair(crypto, &pair, oc_test_hex(SCALAR)));
    OC_ASSERT_BYTES(oc_span_of(pair.point, 64), POINT);
    OC_ASSERT_BYTES(oc_span_of(pair.scalar, 32), SCALAR);
    CU_ASSERT_TRUE(pair.is_pair);
    oc_sm2_wipe(&pair);
    CU_ASSERT_FALSE(pair.is_pair);
}

static void verifies_the_published_signature(void)
{
    oc_sm2_key key;
    uint8_t digest[32];
    OC_ASSERT_OK(oc_sm2_public(crypto, &key, oc_test_hex(POINT)));
    OC_ASSERT_OK(oc_sm2_digest(crypto, &key, oc_span_text(OC_SM2_DEFAULT_ID), oc_span_text("message digest"), digest));
    OC_ASSERT_BYTES(oc_span_of(digest, 32), DIGEST);
    CU_ASSERT_TRUE(verifies(&key, oc_test_hex(DIGEST), oc_test_hex(SIGNATURE)));
    OC_ASSERT_OK(
        oc_sm2_digest(crypto, &key, oc_span_text("ALICE123@YAHOO.COM"), oc_span_text("message digest"), digest));
    CU_ASSERT_FALSE(verifies(&key, oc_span_of(digest, 32), oc_test_hex(SIGNATURE)));
    uint8_t bytes[64] = {0};
    CU_ASSERT_FALSE(verifies(&key, oc_test_hex(DIGEST), oc_span_of(bytes, 64)));
    CU_ASSERT_FALSE(verifies(&key, oc_test_hex(DIGEST), oc_span_of(bytes, 63)));
    memset(bytes, 0xFF, sizeof bytes);
    CU_ASSERT_FALSE(verifies(&key, oc_test_hex(DIGEST), oc_span_of(bytes, 64)));
    CU_ASSERT_FALSE(verifies(&key, oc_span_of(bytes, 31), oc_test_hex(SIGNATURE)));
    OC_ASSERT_CODE(oc_sm2_sign(crypto, &key, oc_test_hex(DIGEST), oc_span_empty(), bytes), OC_E_FORMAT);
}

static void signs(void)
{
    oc_sm2_key keys[2];
    OC_ASSERT_OK(oc_sm2_pair(crypto, &keys[0], oc_test_hex(SCALAR)));
    OC_ASSERT_OK(oc_sm2_pair_from(crypto, &keys[1], oc_span_text("another")));
    for (size_t i = 0; i < 2; i++) {
        uint8_t signature[3][64];
        OC_ASSERT_OK(oc_sm2_sign(crypto, &keys[i], oc_test_hex(DIGEST), oc_span_text("1"), signature[0]));
        OC_ASSERT_OK(oc_sm2_sign(crypto, &keys[i], oc_test_hex(DIGEST), oc_span_text("1"), signature[1]));
        OC_ASSERT_OK(oc_sm2_sign(crypto, &keys[i], oc_test_hex(DIGEST), oc_span_text("2"), signature[2]));
        CU_ASSERT_EQUAL(memcmp(signature[0], signature[1], 64), 0);
        CU_ASSERT_NOT_EQUAL(memcmp(signature[0], signature[2], 64), 0);
        CU_ASSERT_TRUE(verifies(&keys[i], oc_test_hex(DIGEST), oc_span_of(signature[0], 64)));
        CU_ASSERT_TRUE(verifies(&keys[i], oc_test_hex(DIGEST), oc_span_of(signature[2], 64)));
        CU_ASSERT_FALSE(verifies(&keys[1 - i], oc_test_hex(DIGEST), oc_span_of(signature[0], 64)));
        signature[0][63] ^= 1;
        CU_ASSERT_FALSE(verifies(&keys[i], oc_test_hex(DIGEST), oc_span_of(signature[0], 64)));
    }
    uint8_t signature[64];
    OC_ASSERT_CODE(oc_sm2_sign(crypto, &keys[0], oc_span_text("31 bytes"), oc_span_empty(), signature), OC_E_FORMAT);
}

static void deciphers_the_published_text(void)
{
    oc_sm2_key key;
    oc_buf plain = {0};
    bool right = false;
    OC_ASSERT_OK(oc_sm2_pair(crypto, &key, oc_test_hex(SCALAR)));
    OC_ASSERT_OK(oc_sm2_decrypt(crypto, &key, oc_test_hex(CIPHER), &plain, &right));
    CU_ASSERT_TRUE(right);
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&plain), oc_span_text("encryption standard")));
    oc_buf_free(&plain);
}

static bool deciphers(const oc_sm2_key *key, oc_span cipher, oc_buf *plain)
{
    bool right = true;
    OC_ASSERT_OK(oc_sm2_decrypt(crypto, key, cipher, plain, &right));
    return right;
}

static void enciphers(void)
{
    oc_sm2_key key;
    oc_sm2_key other;
    oc_buf cipher = {0};
    oc_buf plain = {0};
    oc_span text = oc_span_text("sixteen bytes ok");
    OC_ASSERT_OK(oc_sm2_pair(crypto, &key, oc_test_hex(SCALAR)));
    OC_ASSERT_OK(oc_sm2_pair_from(crypto, &other, oc_span_text("another")));
    OC_ASSERT_OK(oc_sm2_encrypt(crypto, &key, text, oc_span_text("seed"), &cipher));
    CU_ASSERT_EQUAL(cipher.len, 96 + text.len);
    CU_ASSERT_TRUE(deciphers(&key, oc_buf_span(&cipher), &plain));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&plain), text));
    CU_ASSERT_FALSE(deciphers(&other, oc_buf_span(&cipher), &plain));
    for (size_t cut = 0; cut < cipher.len; cut++) {
        CU_ASSERT_FALSE(deciphers(&key, oc_span_of(cipher.at, cut), &plain));
        cipher.at[cut] ^= 1;
        CU_ASSERT_FALSE(deciphers(&key, oc_buf_span(&cipher), &plain));
        cipher.at[cut] ^= 1;
    }
    CU_ASSERT_EQUAL(plain.len, text.len);
    OC_ASSERT_CODE(oc_sm2_encrypt(crypto, &key, oc_span_empty(), oc_span_empty(), &cipher), OC_E_LIMIT);
    oc_buf_free(&cipher);
    oc_buf_free(&plain);
}

static void refuses_what_is_no_key(void)
{
    static const char *const scalars[] = {
        "00", "0000000000000000000000000000000000000000000000000000000000000000",
        "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123",  /* the order */
        "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54122"}; /* the order less one */
    oc_sm2_key key;
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++) {
        OC_ASSERT_CODE(oc_sm2_pair(crypto, &key, oc_test_hex(scalars[i])), OC_E_FORMAT);
        CU_ASSERT_FALSE(key.is_pair);
    }
    OC_ASSERT_OK(
        oc_sm2_pair(crypto, &key, oc_test_hex("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54121")));
    OC_ASSERT_CODE(oc_sm2_public(crypto, &key, oc_test_hex("00")), OC_E_FORMAT);
    uint8_t off_curve[64];
    memcpy(off_curve, oc_test_hex(POINT).at, 64);
    off_curve[63] ^= 1;
    OC_ASSERT_CODE(oc_sm2_public(crypto, &key, oc_span_of(off_curve, 64)), OC_E_FORMAT);
    memset(off_curve, 0, sizeof off_curve);
    OC_ASSERT_CODE(oc_sm2_public(crypto, &key, oc_span_of(off_curve, 64)), OC_E_FORMAT);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"knows the published key", knows_the_published_key},
        {"verifies the published signature", verifies_the_published_signature},
        {"signs", signs},
        {"deciphers the published text", deciphers_the_published_text},
        {"enciphers", enciphers},
        {"refuses what is no key", refuses_what_is_no_key},
        {NULL, NULL},
    };
    if (!oc_is_ok(oc_crypto_new(&crypto))) {
        return 1;
    }
    int failed = oc_test_main("sm2", rows);
    oc_crypto_free(&crypto);
    return failed;
}
