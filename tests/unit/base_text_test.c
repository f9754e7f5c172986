/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/text.h"
#include "tests/support/oc_test.h"

/* The SSSE name's text is attested as these GB18030 bytes (ssc-card 3); the last one needs four bytes. */
#define CARD_TEXT "C9E7BBE1B1A3D5CF"
#define FOUR_BYTES "9534B235" /* U+20BB7 */

static void both_ways(void)
{
    oc_buf card = {0};
    oc_buf utf8 = {0};
    OC_ASSERT_OK(oc_text_to_card(&card, oc_span_text("社会保障")));
    OC_ASSERT_BYTES(oc_buf_span(&card), CARD_TEXT);
    OC_ASSERT_OK(oc_text_to_card(&card, oc_span_text("\xF0\xA0\xAE\xB7")));
    OC_ASSERT_BYTES(oc_buf_span(&card), CARD_TEXT FOUR_BYTES);
    OC_ASSERT_OK(oc_text_from_card(&utf8, oc_buf_span(&card)));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&utf8), oc_span_text("社会保障\xF0\xA0\xAE\xB7")));
    OC_ASSERT_OK(oc_text_from_card(&utf8, oc_span_empty()));
    oc_buf_free(&card);
    oc_buf_free(&utf8);
}

static void refuses_bytes_that_are_no_text(void)
{
    oc_buf out = {0};
    OC_ASSERT_OK(oc_buf_append(&out, oc_span_text("kept")));
    static const char *const no_gb18030[] = {"FF", "C9E7BB", "8130", "C9E7FF41", "81308130FF"};
    for (size_t i = 0; i < sizeof no_gb18030 / sizeof no_gb18030[0]; i++) {
        OC_ASSERT_CODE(oc_text_from_card(&out, oc_test_hex(no_gb18030[i])), OC_E_FORMAT);
    }
    static const char *const no_utf8[] = {"FF", "E7A4", "EDA080", "C0AF", "41C2"};
    for (size_t i = 0; i < sizeof no_utf8 / sizeof no_utf8[0]; i++) {
        OC_ASSERT_CODE(oc_text_to_card(&out, oc_test_hex(no_utf8[i])), OC_E_FORMAT);
    }
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&out), oc_span_text("kept")));
    oc_buf_free(&out);
}

/* Alone they go another way than beside a character that has to be converted. */
static void plain_bytes_stay_what_they_are(void)
{
    uint8_t plain[128 + 3];
    for (unsigned i = 0; i < 128; i++) {
        plain[i] = (uint8_t)i;
    }
    memcpy(plain + 128, "社", 3);
    oc_span alone = oc_span_of(plain, 128);
    oc_span beside = oc_span_of(plain, sizeof plain);
    CU_ASSERT_TRUE(oc_text_is_ascii(alone));
    CU_ASSERT_TRUE(oc_text_is_ascii(oc_span_empty()));
    CU_ASSERT_FALSE(oc_text_is_ascii(beside));
    oc_buf one = {0};
    oc_buf other = {0};
    oc_buf back = {0};
    OC_ASSERT_OK(oc_text_to_card(&one, alone));
    OC_ASSERT_OK(oc_text_to_card(&other, beside));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&one), alone));
    CU_ASSERT_TRUE(oc_span_equal(oc_span_slice(oc_buf_span(&other), 0, 128), alone));
    OC_ASSERT_OK(oc_text_from_card(&back, oc_buf_span(&one)));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&back), alone));
    oc_buf_free(&one);
    oc_buf_free(&other);
    oc_buf_free(&back);
}

static void numbers(void)
{
    static const struct {
        const char *text;
        int64_t number;
    } good[] = {{"0", 0}, {"-51", -51}, {"007", 7}, {"-0", 0}, {"999999999999999999", 999999999999999999}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t number = 1;
        CU_ASSERT_TRUE(oc_text_to_number(oc_span_text(good[i].text), &number));
        CU_ASSERT_EQUAL(number, good[i].number);
    }
    static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1x", "--1", "1.0", "1000000000000000000"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t number = 1;
        CU_ASSERT_FALSE(oc_text_to_number(oc_span_text(bad[i]), &number));
        CU_ASSERT_EQUAL(number, 1);
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"both ways", both_ways},
        {"refuses bytes that are no text", refuses_bytes_that_are_no_text},
        {"plain bytes stay what they are", plain_bytes_stay_what_they_are},
        {"numbers", numbers},
        {NULL, NULL},
    };
    return oc_test_main("text", rows);
}
