/* SPDX-License-Identifier: Apache-2.0 */
/* SM2-1: the published signature of GB/T 32918 on the recommended curve. */
#include "sim/crypto/sm2.h"
#include "tests/support/oc_test.h"

#define SCALAR "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
#define POINT                                                                                                         \
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"                                                \
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
#define SIGNATURE                                                                                                     \
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"                                                \
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"

static oc_span id(void)
{
    return oc_span_text(OC_SM2_DEFAULT_ID);
}

static bool verifies(const oc_sm2_key *key, oc_span user, oc_span message, oc_span signature)
{
    bool valid = false;
    OC_ASSERT_OK(oc_sm2_verify(key, user, message, signature, &valid));
    return valid;
}

static void verifies_the_published_signature(void)
{
    oc_sm2_key *key = NULL;
    OC_ASSERT_OK(oc_sm2_import(&key, oc_test_hex(POINT), oc_span_empty()));
    uint8_t point[64];
    OC_ASSERT_OK(oc_sm2_point(key, point));
    OC_ASSERT_BYTES(oc_span_of(point, 64), POINT);
    oc_span message = oc_span_text("message digest");
    CU_ASSERT_TRUE(verifies(key, id(), message, oc_test_hex(SIGNATURE)));
    CU_ASSERT_FALSE(verifies(key, id(), oc_span_text("message digesu"), oc_test_hex(SIGNATURE)));
    CU_ASSERT_FALSE(verifies(key, oc_span_text("ALICE123@YAHOO.COM"), message, oc_test_hex(SIGNATURE)));
    uint8_t zeros[64] = {0};
    CU_ASSERT_FALSE(verifies(key, id(), message, oc_span_of(zeros, 64)));
    CU_ASSERT_FALSE(verifies(key, id(), message, oc_span_of(zeros, 63)));
    uint8_t signature[64];
    CU_ASSERT_NOT_EQUAL(oc_sm2_sign(key, id(), message, signature).code, OC_E_OK); /* a public key cannot sign */
    oc_sm2_free(&key);
    CU_ASSERT_PTR_NULL(key);
    oc_sm2_free(&key);
}

static void signs_and_enciphers(void)
{
    oc_sm2_key *keys[2] = {NULL, NULL};
    OC_ASSERT_OK(oc_sm2_import(&keys[0], oc_test_hex(POINT), oc_test_hex(SCALAR)));
    OC_ASSERT_OK(oc_sm2_generate(&keys[1]));
    oc_span message = oc_span_text("message digest");
    for (size_t i = 0; i < 2; i++) {
        uint8_t signature[64];
        OC_ASSERT_OK(oc_sm2_sign(keys[i], id(), message, signature));
        CU_ASSERT_TRUE(verifies(keys[i], id(), message, oc_span_of(signature, 64)));
        CU_ASSERT_FALSE(verifies(keys[1 - i], id(), message, oc_span_of(signature, 64)));

        oc_buf cipher = {0};
        oc_buf plain = {0};
        OC_ASSERT_OK(oc_sm2_encrypt(keys[i], message, &cipher));
        OC_ASSERT_OK(oc_sm2_decrypt(keys[i], oc_buf_span(&cipher), &plain));
        CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&plain), message));
        CU_ASSERT_NOT_EQUAL(oc_sm2_decrypt(keys[1 - i], oc_buf_span(&cipher), &plain).code, OC_E_OK);
        for (size_t cut = 0; cut < cipher.len; cut++) {
            CU_ASSERT_NOT_EQUAL(oc_sm2_decrypt(keys[i], oc_span_of(cipher.at, cut), &plain).code, OC_E_OK);
        }
        cipher.at[cipher.len - 1] ^= 1;
        CU_ASSERT_NOT_EQUAL(oc_sm2_decrypt(keys[i], oc_buf_span(&cipher), &plain).code, OC_E_OK);
        CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&plain), message));
        oc_buf_free(&cipher);
        oc_buf_free(&plain);
    }
    oc_sm2_free(&keys[0]);
    oc_sm2_free(&keys[1]);
}

static void refuses_what_is_no_key(void)
{
    oc_sm2_key *key = NULL;
    OC_ASSERT_CODE(oc_sm2_import(&key, oc_test_hex("00"), oc_span_empty()), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_sm2_import(&key, oc_test_hex(POINT), oc_test_hex("00")), OC_E_FORMAT);
    uint8_t off_curve[64];
    memcpy(off_curve, oc_test_hex(POINT).at, 64);
    off_curve[63] ^= 1;
    CU_ASSERT_NOT_EQUAL(oc_sm2_import(&key, oc_span_of(off_curve, 64), oc_span_empty()).code, OC_E_OK);
    CU_ASSERT_PTR_NULL(key);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"verifies the published signature", verifies_the_published_signature},
        {"signs and enciphers", signs_and_enciphers},
        {"refuses what is no key", refuses_what_is_no_key},
        {NULL, NULL},
    };
    return oc_test_main("sm2", rows);
}
