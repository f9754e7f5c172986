/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/tlv.h"
#include "tests/support/oc_test.h"

static void reads_what_the_card_answers(void)
{
    /* The FCI of the social security environment, ssc-card 3. */
    oc_span fci = oc_test_hex("6F16 840F 7378312E73682EC9E7BBE1B1A3D5CF A503 88011E");
    oc_span value;
    CU_ASSERT_TRUE(oc_tlv_find(fci, 0x88, &value));
    OC_ASSERT_BYTES(value, "1E");
    CU_ASSERT_TRUE(oc_tlv_find(fci, 0x84, &value));
    CU_ASSERT_EQUAL(value.len, 15);
    CU_ASSERT_FALSE(oc_tlv_find(fci, 0x9F0C, &value));
}

static void tags_and_lengths(void)
{
    static const struct {
        const char *bytes;
        uint32_t tag;
        size_t len;
        bool constructed;
    } rows[] = {
        {"9F0C 01 AA", 0x9F0C, 1, false},   {"DFEE01 00", 0xDFEE01, 0, false},  {"70 8102 AABB", 0x70, 2, true},
        {"04 820002 AABB", 0x04, 2, false}, {"04 83000001 AA", 0x04, 1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_rd rd = oc_rd_of(oc_test_hex(rows[i].bytes));
        oc_tlv tlv;
        CU_ASSERT_TRUE_FATAL(oc_tlv_next(&rd, &tlv));
        CU_ASSERT_EQUAL(tlv.tag, rows[i].tag);
        CU_ASSERT_EQUAL(tlv.value.len, rows[i].len);
        CU_ASSERT_EQUAL(tlv.constructed, rows[i].constructed);
        CU_ASSERT_FALSE(oc_tlv_next(&rd, &tlv));
        CU_ASSERT_FALSE(rd.bad);
    }
}

static void refuses_what_is_no_tlv(void)
{
    static const char *const bad[] = {"6F",     "9F",   "9F8182 00", "0480",    "0484000000 01",
                                      "0402AA", "0481", "048200",    "04830000"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        oc_rd rd = oc_rd_of(oc_test_hex(bad[i]));
        oc_tlv tlv;
        CU_ASSERT_FALSE(oc_tlv_next(&rd, &tlv));
        CU_ASSERT_TRUE(rd.bad);
    }
}

static void nesting_has_a_bound(void)
{
    /* 60 templates, one in another, around one object */
    uint8_t bytes[124];
    for (size_t i = 0; i < 60; i++) {
        bytes[2 * i] = 0x70;
        bytes[2 * i + 1] = (uint8_t)(sizeof bytes - 2 * i - 2);
    }
    memcpy(bytes + 120, "\x84\x02\xAA\xBB", 4);
    oc_span value;
    CU_ASSERT_FALSE(oc_tlv_find(oc_span_of(bytes, sizeof bytes), 0x84, &value));
    CU_ASSERT_TRUE(oc_tlv_find(oc_span_of(bytes + 108, 16), 0x84, &value));
}

static void writes_the_shortest_form(void)
{
    static uint8_t content[65536];
    static uint8_t room[70000];
    static const struct {
        uint32_t tag;
        size_t len;
        const char *head;
    } rows[] = {{0x84, 0, "8400"},
                {0x84, 127, "847F"},
                {0x84, 128, "848180"},
                {0x9F0C, 255, "9F0C81FF"},
                {0xDFEE01, 256, "DFEE01820100"},
                {0x70, 65535, "7082FFFF"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_wr wr = oc_wr_of(room, sizeof room);
        oc_tlv_write(&wr, rows[i].tag, oc_span_of(content, rows[i].len));
        CU_ASSERT_FALSE(wr.bad);
        oc_span head = oc_test_hex(rows[i].head);
        CU_ASSERT_TRUE(oc_span_equal(oc_span_of(room, head.len), head));
        CU_ASSERT_EQUAL(wr.len, head.len + rows[i].len);
    }
    oc_wr wr = oc_wr_of(room, sizeof room);
    oc_tlv_write(&wr, 0x70, oc_span_of(content, 65536));
    CU_ASSERT_TRUE(wr.bad);
}

static void records_have_one_length_byte(void)
{
    uint8_t bytes[2 + 255] = {0x23, 0xFF};
    oc_rd rd = oc_rd_of(oc_span_of(bytes, sizeof bytes));
    oc_tlv tlv;
    CU_ASSERT_TRUE_FATAL(oc_record_tlv_next(&rd, &tlv));
    CU_ASSERT_EQUAL(tlv.tag, 0x23);
    CU_ASSERT_EQUAL(tlv.value.len, 255);
    CU_ASSERT_FALSE(oc_record_tlv_next(&rd, &tlv));
    CU_ASSERT_FALSE(rd.bad);
    rd = oc_rd_of(oc_test_hex("1F01"));
    CU_ASSERT_FALSE(oc_record_tlv_next(&rd, &tlv));
    CU_ASSERT_TRUE(rd.bad);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"reads what the card answers", reads_what_the_card_answers},
        {"tags and lengths", tags_and_lengths},
        {"refuses what is no TLV", refuses_what_is_no_tlv},
        {"nesting has a bound", nesting_has_a_bound},
        {"writes the shortest form", writes_the_shortest_form},
        {"records have one length byte", records_have_one_length_byte},
        {NULL, NULL},
    };
    return oc_test_main("tlv", rows);
}
