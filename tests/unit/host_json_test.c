/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/json.h"

#include <stdio.h>

#include "tests/support/oc_test.h"

static oc_result parse(oc_span text, oc_diag *diag)
{
    json_t *value = NULL;
    *diag = (oc_diag){0};
    oc_result r = oc_json_parse(&value, text, diag);
    CU_ASSERT_EQUAL(value != NULL, oc_is_ok(r));
    json_decref(value);
    return r;
}

static void test_strict(void)
{
    static const struct {
        const char *text;
        enum oc_code code;
        const char *reason; /* part of it */
    } rows[] = {
        {"{}", OC_E_OK, ""},
        {" [1, \"\\u793e\"] ", OC_E_OK, ""},
        {"{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[\"}", OC_E_OK, ""},
        {"", OC_E_FORMAT, "too early"},
        {"{\"a\":", OC_E_FORMAT, "too early"},
        {"{\"a\":1,\"b\":2,\"a\":3}", OC_E_FORMAT, "twice"},
        {"{\"a\":\"\xC3\x28\"}", OC_E_FORMAT, "not UTF-8"},
        {"{\"a\":\"\xC9\xE7\xB1\xA3\"}", OC_E_FORMAT, "not UTF-8"}, /* GBK */
        {"{\"a\":\"\\u0000\"}", OC_E_FORMAT, "U+0000"},
        {"{\"a\":1}{", OC_E_FORMAT, "behind the value"},
        {"{\"a\":99999999999999999999}", OC_E_FORMAT, "does not fit"},
        {"{'a':1}", OC_E_FORMAT, "not JSON"},
        {"12", OC_E_FORMAT, "not"},
        {"]]]]", OC_E_FORMAT, "not"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_diag diag;
        OC_ASSERT_CODE(parse(oc_span_text(rows[i].text), &diag), rows[i].code);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, rows[i].reason));
    }
}

static void test_place_without_content(void)
{
    oc_diag diag;
    OC_ASSERT_CODE(parse(oc_span_text("{\"pin\":\"135790\",\n\"b\":135790x}"), &diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "line 2"));
    CU_ASSERT_PTR_NULL(strstr(diag.reason, "135790"));
}

static void test_depth(void)
{
    char text[2 * OC_JSON_DEPTH + 3];
    oc_diag diag;
    for (unsigned depth = OC_JSON_DEPTH; depth <= OC_JSON_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        OC_ASSERT_CODE(parse(oc_span_of(text, (size_t)2 * depth), &diag),
                       depth > OC_JSON_DEPTH ? OC_E_LIMIT : OC_E_OK);
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "32 levels"));
}

static void test_number_of_values(void)
{
    oc_buf text = {0};
    oc_diag diag;
    OC_ASSERT_OK(oc_buf_append_byte(&text, '['));
    for (unsigned i = 0; i < OC_JSON_VALUES; i++) {
        OC_ASSERT_OK(oc_buf_append(&text, oc_span_text("1,")));
    }
    OC_ASSERT_OK(oc_buf_append(&text, oc_span_text("1]")));
    OC_ASSERT_CODE(parse(oc_buf_span(&text), &diag), OC_E_LIMIT);
    oc_buf_free(&text);
}

static void test_fields(void)
{
    json_t *value = NULL;
    oc_fields fields = {0};
    oc_buf text = {0};
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_json_parse(&value, oc_span_text("{\"b\":\"2|\",\"a\":\"\"}"), &diag));
    OC_ASSERT_OK(oc_json_to_fields(&fields, value, &diag));
    CU_ASSERT_EQUAL(fields.count, 2);
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&fields, "b"), oc_span_text("2|")));
    json_decref(value);
    OC_ASSERT_OK(oc_fields_set(&fields, "c", oc_span_of("x\xFF", 2)));
    OC_ASSERT_OK(oc_json_from_fields(&value, &fields));
    OC_ASSERT_OK(oc_json_print(&text, value));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&text), oc_span_text("{\"b\":\"2|\",\"a\":\"\",\"c\":\"x?\"}")));
    json_decref(value);
    oc_buf_free(&text);

    OC_ASSERT_OK(oc_json_parse(&value, oc_span_text("{\"amount\":5}"), &diag));
    OC_ASSERT_CODE(oc_json_to_fields(&fields, value, &diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "'amount'"));
    json_decref(value);
    OC_ASSERT_OK(oc_json_parse(&value, oc_span_text("[\"a\"]"), &diag));
    OC_ASSERT_CODE(oc_json_to_fields(&fields, value, NULL), OC_E_FORMAT);
    json_decref(value);
    char long_name[OC_FIELD_NAME_MAX + 10];
    snprintf(long_name, sizeof long_name, "{\"%0*d\":\"\"}", OC_FIELD_NAME_MAX, 0);
    OC_ASSERT_OK(oc_json_parse(&value, oc_span_text(long_name), &diag));
    OC_ASSERT_CODE(oc_json_to_fields(&fields, value, NULL), OC_E_LIMIT);
    json_decref(value);
    oc_fields_free(&fields);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"strict where the RFC leaves room", test_strict},
        {"an error names the place, not the content", test_place_without_content},
        {"depth is bounded", test_depth},
        {"the number of values is bounded", test_number_of_values},
        {"objects of texts are fields", test_fields},
        {NULL, NULL},
    };
    return oc_test_main("JSON", rows);
}
