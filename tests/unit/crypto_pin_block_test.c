/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/pin_block.h"
#include "tests/support/oc_test.h"

static void packs_digits(void)
{
    static const struct {
        const char *digits;
        const char *packed; /* NULL: refused */
    } rows[] = {{"1234", "1234"}, {"12345", "12345F"}, {"123456", "123456"},    {"000000000000", "000000000000"},
                {"123", NULL},    {"", NULL},          {"1234567890123", NULL}, {"12345A", NULL},
                {"12 456", NULL}, {"１２３４", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_buf out = {0};
        OC_ASSERT_OK(oc_buf_append_byte(&out, 0xEE));
        oc_result r = oc_pin_pack(&out, oc_span_text(rows[i].digits));
        CU_ASSERT_EQUAL(r.code, rows[i].packed == NULL ? OC_E_FORMAT : OC_E_OK);
        oc_span added = oc_span_slice(oc_buf_span(&out), 1, SIZE_MAX);
        CU_ASSERT_TRUE(oc_span_equal(added, oc_test_hex(rows[i].packed == NULL ? "" : rows[i].packed)));
        oc_buf_free(&out);
    }
}

static void fills_a_block(void)
{
    oc_buf out = {0};
    OC_ASSERT_OK(oc_pin_block(&out, oc_test_hex("123456"), 8)); /* the form seen in drivers, ssc-card 6.7 */
    OC_ASSERT_BYTES(oc_buf_span(&out), "0312345680000000");
    oc_buf_clear(&out);
    OC_ASSERT_OK(oc_pin_block(&out, oc_test_hex("123456"), 16));
    OC_ASSERT_BYTES(oc_buf_span(&out), "03123456800000000000000000000000");
    oc_buf_clear(&out);
    OC_ASSERT_OK(oc_pin_block(&out, oc_test_hex("123456789012"), 8));
    OC_ASSERT_BYTES(oc_buf_span(&out), "0612345678901280");
    OC_ASSERT_CODE(oc_pin_block(&out, oc_test_hex("12345678901234"), 8), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_pin_block(&out, oc_test_hex("123456"), 17), OC_E_FORMAT);
    CU_ASSERT_EQUAL(out.len, 8);
    oc_buf_free(&out);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"packs digits", packs_digits},
        {"fills a block", fills_a_block},
        {NULL, NULL},
    };
    return oc_test_main("pin block", rows);
}
