/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "conformance/driver_host/json.h"
#include "tests/support/oc_test.h"

static oc_dh_json json;
static char room[8192];

static bool read_text(const char *text, const char **why)
{
    snprintf(room, sizeof room, "%s", text);
    return oc_dh_json_read(&json, room, strlen(room), why);
}

static void values_are_read(void)
{
    const char *why = NULL;
    CU_ASSERT_TRUE_FATAL(read_text(" { \"a\" : -12 , \"b\":[\"x\",\"\"],\"c\":{\"d\":true},\"e\":null,\"f\":\"\\u0041"
                                   "\\n\\\"\\\\\\/\\u6d4b\\ud83d\\ude00\" }\r",
                                   &why));
    CU_ASSERT_EQUAL(oc_dh_json_member(&json, 0, "a")->number, -12);
    const oc_dh_value *list = oc_dh_json_member(&json, 0, "b");
    unsigned at = oc_dh_json_index(&json, list);
    const oc_dh_value *first = oc_dh_json_next(&json, at, NULL);
    CU_ASSERT_STRING_EQUAL(first->text, "x");
    CU_ASSERT_STRING_EQUAL(oc_dh_json_next(&json, at, first)->text, "");
    CU_ASSERT_PTR_NULL(oc_dh_json_next(&json, at, oc_dh_json_next(&json, at, first)));
    at = oc_dh_json_index(&json, oc_dh_json_member(&json, 0, "c"));
    CU_ASSERT_EQUAL(oc_dh_json_member(&json, at, "d")->number, 1);
    CU_ASSERT_EQUAL(oc_dh_json_member(&json, 0, "e")->kind, OC_DH_NULL);
    CU_ASSERT_STRING_EQUAL(oc_dh_json_member(&json, 0, "f")->text, "A\n\"\\/测\xF0\x9F\x98\x80");
    CU_ASSERT_PTR_NULL(oc_dh_json_member(&json, 0, "d"));
    CU_ASSERT_TRUE(read_text("{}", &why));
    CU_ASSERT_PTR_NULL(oc_dh_json_next(&json, 0, NULL));
}

static void wrong_lines_are_refused(void)
{
    static const char *const wrong[] = {"",
                                        "[]",
                                        "1",
                                        "{",
                                        "{}x",
                                        "{\"a\"}",
                                        "{\"a\":}",
                                        "{\"a\":1,}",
                                        "{a:1}",
                                        "{\"a\":1,\"a\":2}",
                                        "{\"a\":1.5}",
                                        "{\"a\":1e3}",
                                        "{\"a\":-}",
                                        "{\"a\":9223372036854775808}",
                                        "{\"a\":\"x}",
                                        "{\"a\":\"\\x\"}",
                                        "{\"a\":\"\\u00\"}",
                                        "{\"a\":\"\\u0000\"}",
                                        "{\"a\":\"\\ud83d\"}",
                                        "{\"a\":\"\\ude00\"}",
                                        "{\"a\":\"\t\"}",
                                        "{\"a\":[[[[1]]]]}",
                                        "{\"a\":tru}",
                                        "{\"a\":[1,2}",
                                        "{\"a\":\"\\"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *why = NULL;
        CU_ASSERT_FALSE(read_text(wrong[i], &why));
        CU_ASSERT_PTR_NOT_NULL(why);
    }
}

static void values_are_bounded(void)
{
    const char *why = NULL;
    size_t len = (size_t)snprintf(room, sizeof room, "{\"a\":[");
    for (int i = 0; i < OC_DH_VALUES; i++) {
        len += (size_t)snprintf(room + len, sizeof room - len, "1,");
    }
    snprintf(room + len - 1, sizeof room - len, "]}");
    CU_ASSERT_FALSE(oc_dh_json_read(&json, room, strlen(room), &why));
    CU_ASSERT_STRING_EQUAL(why, "there are too many values");
}

static void what_is_written_can_be_read(void)
{
    const unsigned char bytes[] = {0x00, 0xAB};
    char line[256];
    const char *why = NULL;
    oc_dh_out out;
    oc_dh_out_begin(&out, line, sizeof line);
    oc_dh_out_number(&out, "n", -5);
    oc_dh_out_text(&out, "t", "a\"\\\n\xCE\xDE测\xED\xA0\x80");
    oc_dh_out_hex(&out, "h", bytes, 2);
    oc_dh_out_list(&out, "l");
    oc_dh_out_text(&out, NULL, "x");
    oc_dh_out_text(&out, NULL, NULL);
    oc_dh_out_list_end(&out);
    oc_dh_out_number(&out, "m", 1);
    oc_dh_out_end(&out);
    CU_ASSERT_FALSE(out.bad);
    CU_ASSERT_TRUE(oc_span_equal(
        oc_span_of(line, out.len),
        oc_span_text("{\"n\":-5,\"t\":\"a\\\"\\\\\\u000a??测???\",\"h\":\"00AB\",\"l\":[\"x\",\"\"],\"m\":1}\n")));
    CU_ASSERT_TRUE(oc_dh_json_read(&json, line, out.len, &why));
    oc_dh_out_begin(&out, line, 8);
    oc_dh_out_text(&out, "t", "longer");
    oc_dh_out_end(&out);
    CU_ASSERT_TRUE(out.bad);
    CU_ASSERT_TRUE(out.len <= 8);
}

int main(void)
{
    static const oc_test_row rows[] = {{"values", values_are_read},
                                       {"wrong", wrong_lines_are_refused},
                                       {"bounds", values_are_bounded},
                                       {"writing", what_is_written_can_be_read},
                                       {NULL, NULL}};
    return oc_test_main("dut_driver_host_json", rows);
}
