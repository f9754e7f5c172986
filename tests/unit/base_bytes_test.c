/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/base/bytes.h"
#include "sim/base/hex.h"
#include "tests/support/oc_test.h"

static void slices_are_cut(void)
{
    oc_span s = oc_test_hex("0011223344");
    OC_ASSERT_BYTES(oc_span_slice(s, 1, 3), "112233");
    OC_ASSERT_BYTES(oc_span_slice(s, 3, 100), "3344");
    OC_ASSERT_BYTES(oc_span_slice(s, 3, SIZE_MAX), "3344");
    CU_ASSERT_EQUAL(oc_span_slice(s, 5, 1).len, 0);
    CU_ASSERT_EQUAL(oc_span_slice(s, SIZE_MAX, 1).len, 0);
    CU_ASSERT_EQUAL(oc_span_slice(oc_span_empty(), 0, 1).len, 0);
}

static void equality(void)
{
    const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        {"", "", true}, {"00", "", false}, {"0102", "0102", true}, {"0102", "0103", false}, {"01", "0102", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(oc_span_equal(oc_test_hex(rows[i].a), oc_test_hex(rows[i].b)), rows[i].equal);
        CU_ASSERT_EQUAL(oc_span_equal_secret(oc_test_hex(rows[i].a), oc_test_hex(rows[i].b)), rows[i].equal);
    }
}

static void buffers_grow(void)
{
    oc_buf buf = {0};
    for (unsigned i = 0; i < 1000; i++) {
        OC_ASSERT_OK(oc_buf_append_byte(&buf, (uint8_t)i));
    }
    CU_ASSERT_EQUAL(buf.len, 1000);
    CU_ASSERT_EQUAL(buf.at[999], (uint8_t)999);
    OC_ASSERT_CODE(oc_buf_reserve(&buf, OC_BUF_MAX + 1), OC_E_LIMIT);
    OC_ASSERT_CODE(oc_buf_append(&buf, oc_span_of(buf.at, OC_BUF_MAX)), OC_E_LIMIT);
    CU_ASSERT_EQUAL(buf.len, 1000);
    oc_buf_free(&buf);
    CU_ASSERT_PTR_NULL(buf.at);
    oc_buf_free(&buf);
    oc_buf_free(NULL);
}

static void a_buffer_takes_its_own_content(void)
{
    oc_buf buf = {0};
    OC_ASSERT_OK(oc_buf_append(&buf, oc_test_hex("00112233445566")));
    OC_ASSERT_OK(oc_buf_set(&buf, oc_span_slice(oc_buf_span(&buf), 2, 3)));
    OC_ASSERT_BYTES(oc_buf_span(&buf), "223344");
    OC_ASSERT_OK(oc_buf_set(&buf, oc_span_empty()));
    CU_ASSERT_EQUAL(buf.len, 0);
    /* 40 bytes appended to themselves need a new room in the middle of the work */
    for (unsigned i = 0; i < 40; i++) {
        OC_ASSERT_OK(oc_buf_append_byte(&buf, (uint8_t)i));
    }
    OC_ASSERT_OK(oc_buf_append(&buf, oc_buf_span(&buf)));
    CU_ASSERT_EQUAL_FATAL(buf.len, 80);
    CU_ASSERT_TRUE(memcmp(buf.at, buf.at + 40, 40) == 0);
    CU_ASSERT_EQUAL(buf.at[79], 39);
    oc_buf_free(&buf);
}

static void reading_cursor(void)
{
    oc_rd rd = oc_rd_of(oc_test_hex("01 0203 04050607 0809"));
    CU_ASSERT_EQUAL(oc_rd_u8(&rd), 0x01);
    CU_ASSERT_EQUAL(oc_rd_u16(&rd), 0x0203);
    CU_ASSERT_EQUAL(oc_rd_u32(&rd), 0x04050607);
    CU_ASSERT_FALSE(oc_rd_done(&rd));
    uint8_t copy[2];
    oc_rd_copy(&rd, copy, 2);
    OC_ASSERT_BYTES(oc_span_of(copy, 2), "0809");
    CU_ASSERT_TRUE(oc_rd_done(&rd));
    CU_ASSERT_EQUAL(oc_rd_bytes(&rd, 0).len, 0);
    CU_ASSERT_TRUE(oc_rd_done(&rd));
}

static void reading_past_the_end_stays_bad(void)
{
    oc_rd rd = oc_rd_of(oc_test_hex("010203"));
    CU_ASSERT_EQUAL(oc_rd_u32(&rd), 0);
    CU_ASSERT_TRUE(rd.bad);
    CU_ASSERT_EQUAL(oc_rd_u8(&rd), 0);
    CU_ASSERT_FALSE(oc_rd_done(&rd));
    uint8_t copy[3] = {9, 9, 9};
    oc_rd_copy(&rd, copy, 3);
    OC_ASSERT_BYTES(oc_span_of(copy, 3), "000000");

    rd = oc_rd_of(oc_test_hex("01"));
    CU_ASSERT_EQUAL(oc_rd_bytes(&rd, SIZE_MAX).len, 0);
    CU_ASSERT_TRUE(rd.bad);
}

static void writing_cursor(void)
{
    uint8_t room[10];
    oc_wr wr = oc_wr_of(room, sizeof room);
    oc_wr_u8(&wr, 0x01);
    oc_wr_u16(&wr, 0x0203);
    oc_wr_u32(&wr, 0x04050607);
    oc_wr_fill(&wr, 0xFF, 2);
    OC_ASSERT_BYTES(oc_wr_span(&wr), "01020304050607FFFF");
    oc_wr_u16(&wr, 0xAAAA);
    CU_ASSERT_TRUE(wr.bad);
    oc_wr_u8(&wr, 0xAA);
    CU_ASSERT_EQUAL(wr.len, 9);

    wr = oc_wr_of(room, sizeof room);
    oc_wr_fill(&wr, 0, SIZE_MAX);
    CU_ASSERT_TRUE(wr.bad);
    CU_ASSERT_EQUAL(wr.len, 0);
}

static void hex_both_ways(void)
{
    oc_buf out = {0};
    const char *text = " 00a4\t0A\r\nfF ";
    OC_ASSERT_OK(oc_hex_decode(&out, text, strlen(text)));
    OC_ASSERT_BYTES(oc_buf_span(&out), "00A40AFF");
    static const char *const bad[] = {"0", "0 0", "0G", "00x", "00 1", "-1", "0\xC3\xA9"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        OC_ASSERT_CODE(oc_hex_decode(&out, bad[i], strlen(bad[i])), OC_E_FORMAT);
        CU_ASSERT_EQUAL(out.len, 4);
    }
    char text_out[9];
    oc_hex_encode(text_out, sizeof text_out, oc_buf_span(&out));
    CU_ASSERT_STRING_EQUAL(text_out, "00A40AFF");
    oc_hex_encode(text_out, 6, oc_buf_span(&out));
    CU_ASSERT_STRING_EQUAL(text_out, "00A4");
    text_out[0] = 'x';
    oc_hex_encode(text_out, 0, oc_buf_span(&out));
    CU_ASSERT_EQUAL(text_out[0], 'x');
    for (unsigned value = 0; value < 256; value++) {
        const uint8_t byte = (uint8_t)value;
        char digits[3];
        snprintf(digits, sizeof digits, "%02X", value);
        oc_hex_encode(text_out, sizeof text_out, oc_span_of(&byte, 1));
        CU_ASSERT_STRING_EQUAL(text_out, digits);
    }
    oc_buf_free(&out);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"slices are cut to what is there", slices_are_cut},
        {"equality", equality},
        {"buffers grow up to their bound", buffers_grow},
        {"a buffer takes its own content", a_buffer_takes_its_own_content},
        {"reading cursor", reading_cursor},
        {"reading past the end stays bad", reading_past_the_end_stays_bad},
        {"writing cursor", writing_cursor},
        {"hex both ways", hex_both_ways},
        {NULL, NULL},
    };
    return oc_test_main("bytes", rows);
}
