/* SPDX-License-Identifier: Apache-2.0 */
/* A root and a card's certificates under it: made, then read by OpenSSL's parser, and refused for each reason. */
#include "sim/crypto/certificate.h"
#include "sim/crypto/pin_block.h"
#include "tests/support/oc_test.h"

#define FROM 1709251200 /* 2024-03-01T00:00:00Z */
#define TO 2024783999   /* 2034-02-28T23:59:59Z */

static oc_crypto *crypto;
static oc_sm2_key authority;
static oc_sm2_key stranger;
static oc_sm2_key holder;
static oc_buf root;
static oc_buf card;

static void make(enum oc_certificate_use use, const char *issuer, const char *subject, const oc_sm2_key *signer,
                 int64_t until, oc_buf *out)
{
    const oc_certificate_order order = {.use = use,
                                        .serial = oc_test_hex("8001"),
                                        .issuer = issuer,
                                        .subject = subject,
                                        .not_before = FROM,
                                        .not_after = until,
                                        .signer = signer,
                                        .receiver = use == OC_CERTIFICATE_ROOT ? signer : &holder};
    oc_buf_clear(out);
    OC_ASSERT_OK(oc_certificate_make(crypto, &order, out));
}

static enum oc_certificate_flaw flaw(oc_span certificate, oc_span under, enum oc_certificate_use use, int64_t now)
{
    enum oc_certificate_flaw found = OC_CERTIFICATE_RIGHT;
    OC_ASSERT_OK(oc_certificate_check(crypto, certificate, under, use, now, NULL, &found));
    return found;
}

static void set_up(void)
{
    OC_ASSERT_OK(oc_sm2_pair_from(crypto, &authority, oc_span_text("authority")));
    OC_ASSERT_OK(oc_sm2_pair_from(crypto, &stranger, oc_span_text("stranger")));
    OC_ASSERT_OK(oc_sm2_pair_from(crypto, &holder, oc_span_text("holder")));
    make(OC_CERTIFICATE_ROOT, "test root", "test root", &authority, 2524608000 /* 2050 */, &root);
    make(OC_CERTIFICATE_SIGNING, "test root", "样本𠮷", &authority, TO, &card);
}

static void accepts_the_chain(void)
{
    oc_sm2_key key;
    enum oc_certificate_flaw found;
    OC_ASSERT_OK(oc_certificate_check(crypto, oc_buf_span(&card), oc_buf_span(&root), OC_CERTIFICATE_SIGNING, FROM,
                                      &key, &found));
    CU_ASSERT_STRING_EQUAL(oc_certificate_flaw_name(found), "ok");
    CU_ASSERT_EQUAL(memcmp(key.point, holder.point, 64), 0);
    CU_ASSERT_FALSE(key.is_pair);
    CU_ASSERT_TRUE(card.len < OC_CERTIFICATE_MAX && root.len < OC_CERTIFICATE_MAX);
    oc_buf again = {0};
    make(OC_CERTIFICATE_SIGNING, "test root", "样本𠮷", &authority, TO, &again);
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&again), oc_buf_span(&card)));
    oc_buf_free(&again);
}

static void minds_the_time(void)
{
    oc_span c = oc_buf_span(&card);
    oc_span r = oc_buf_span(&root);
    CU_ASSERT_EQUAL(flaw(c, r, OC_CERTIFICATE_SIGNING, FROM - 1), OC_CERTIFICATE_NOT_YET_VALID);
    CU_ASSERT_EQUAL(flaw(c, r, OC_CERTIFICATE_SIGNING, TO), OC_CERTIFICATE_RIGHT);
    CU_ASSERT_EQUAL(flaw(c, r, OC_CERTIFICATE_SIGNING, TO + 1), OC_CERTIFICATE_EXPIRED);
    oc_buf long_lived = {0};
    make(OC_CERTIFICATE_SIGNING, "test root", "long", &authority, 2600000000, &long_lived);
    CU_ASSERT_EQUAL(flaw(oc_buf_span(&long_lived), r, OC_CERTIFICATE_SIGNING, 2524608000), OC_CERTIFICATE_RIGHT);
    CU_ASSERT_EQUAL(flaw(oc_buf_span(&long_lived), r, OC_CERTIFICATE_SIGNING, 2524608001), OC_CERTIFICATE_EXPIRED);
    oc_buf_free(&long_lived);
}

static void minds_issuer_and_usage(void)
{
    oc_buf other = {0};
    oc_span r = oc_buf_span(&root);
    CU_ASSERT_EQUAL(flaw(oc_buf_span(&card), r, OC_CERTIFICATE_ENCIPHERING, FROM), OC_CERTIFICATE_USAGE);
    CU_ASSERT_EQUAL(flaw(r, r, OC_CERTIFICATE_SIGNING, FROM), OC_CERTIFICATE_USAGE);
    CU_ASSERT_EQUAL(flaw(oc_buf_span(&card), oc_buf_span(&card), OC_CERTIFICATE_SIGNING, FROM),
                    OC_CERTIFICATE_NO_ROOT);
    make(OC_CERTIFICATE_ENCIPHERING, "test root", "holder", &authority, TO, &other);
    CU_ASSERT_EQUAL(flaw(oc_buf_span(&other), r, OC_CERTIFICATE_ENCIPHERING, FROM), OC_CERTIFICATE_RIGHT);
    CU_ASSERT_EQUAL(flaw(oc_buf_span(&other), r, OC_CERTIFICATE_SIGNING, FROM), OC_CERTIFICATE_USAGE);
    make(OC_CERTIFICATE_SIGNING, "another root", "holder", &authority, TO, &other);
    CU_ASSERT_EQUAL(flaw(oc_buf_span(&other), r, OC_CERTIFICATE_SIGNING, FROM), OC_CERTIFICATE_ISSUER);
    make(OC_CERTIFICATE_SIGNING, "test root", "holder", &stranger, TO, &other);
    CU_ASSERT_EQUAL(flaw(oc_buf_span(&other), r, OC_CERTIFICATE_SIGNING, FROM), OC_CERTIFICATE_SIGNATURE);
    oc_buf_free(&other);
}

static void minds_every_byte(void)
{
    oc_span r = oc_buf_span(&root);
    for (size_t i = 0; i < card.len; i++) {
        CU_ASSERT_EQUAL(flaw(oc_span_of(card.at, i), r, OC_CERTIFICATE_SIGNING, FROM), OC_CERTIFICATE_MALFORMED);
        card.at[i] ^= 0x01;
        CU_ASSERT_NOT_EQUAL(flaw(oc_buf_span(&card), r, OC_CERTIFICATE_SIGNING, FROM), OC_CERTIFICATE_RIGHT);
        card.at[i] ^= 0x01;
    }
}

static void reads_a_file(void)
{
    oc_sm2_key key;
    bool found = false;
    oc_buf file = {0};
    static const uint8_t zeros[64];
    OC_ASSERT_OK(oc_buf_set(&file, oc_buf_span(&card)));
    OC_ASSERT_OK(oc_buf_append(&file, oc_span_of(zeros, sizeof zeros)));
    CU_ASSERT_EQUAL(flaw(oc_buf_span(&file), oc_buf_span(&root), OC_CERTIFICATE_SIGNING, FROM), OC_CERTIFICATE_RIGHT);
    OC_ASSERT_OK(oc_certificate_key(crypto, oc_buf_span(&file), &key, &found));
    CU_ASSERT_TRUE(found);
    CU_ASSERT_EQUAL(memcmp(key.point, holder.point, 64), 0);
    file.at[file.len - 1] = 0x01;
    CU_ASSERT_EQUAL(flaw(oc_buf_span(&file), oc_buf_span(&root), OC_CERTIFICATE_SIGNING, FROM),
                    OC_CERTIFICATE_MALFORMED);
    OC_ASSERT_OK(oc_certificate_key(crypto, oc_span_of(zeros, sizeof zeros), &key, &found));
    CU_ASSERT_FALSE(found);
    oc_buf_free(&file);
}

static void refuses_impossible_orders(void)
{
    char name[OC_CERTIFICATE_NAME_MAX + 2];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    oc_certificate_order order = {.use = OC_CERTIFICATE_SIGNING,
                                  .serial = oc_test_hex("01"),
                                  .issuer = "root",
                                  .subject = name,
                                  .not_before = FROM,
                                  .not_after = TO,
                                  .signer = &authority,
                                  .receiver = &holder};
    oc_buf out = {0};
    OC_ASSERT_CODE(oc_certificate_make(crypto, &order, &out), OC_E_LIMIT);
    order.subject = "";
    OC_ASSERT_CODE(oc_certificate_make(crypto, &order, &out), OC_E_LIMIT);
    order.subject = name + 1;
    OC_ASSERT_OK(oc_certificate_make(crypto, &order, &out));
    order.not_before = -1;
    OC_ASSERT_CODE(oc_certificate_make(crypto, &order, &out), OC_E_LIMIT);
    order.not_before = FROM;
    order.serial = oc_span_empty();
    OC_ASSERT_CODE(oc_certificate_make(crypto, &order, &out), OC_E_LIMIT);
    oc_buf_free(&out);
}

static void makes_a_key_of_a_pin(void)
{
    oc_key key;
    oc_key expected;
    OC_ASSERT_OK(oc_pin_key(crypto, oc_test_hex("123456"), &key));
    OC_ASSERT_OK(oc_key_load(&expected, OC_ALG_SM4, oc_test_hex("3DE741F445DD357BEA4E6C3FE6437036")));
    CU_ASSERT_TRUE(oc_key_equal(&key, &expected));
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"makes root and card", set_up},
        {"accepts the chain", accepts_the_chain},
        {"minds the time", minds_the_time},
        {"minds issuer and usage", minds_issuer_and_usage},
        {"minds every byte", minds_every_byte},
        {"reads a file", reads_a_file},
        {"refuses impossible orders", refuses_impossible_orders},
        {"makes a key of a PIN", makes_a_key_of_a_pin},
        {NULL, NULL},
    };
    if (!oc_is_ok(oc_crypto_new(&crypto))) {
        return 1;
    }
    int failed = oc_test_main("certificate", rows);
    oc_crypto_free(&crypto);
    oc_buf_free(&root);
    oc_buf_free(&card);
    return failed;
}
