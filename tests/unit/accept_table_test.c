/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/order_table.h"

#include "tests/support/oc_test.h"

static oc_table *parsed(oc_span content, const char *encoding)
{
    oc_table *table = NULL;
    oc_diag diag = {0};
    oc_result r = oc_table_parse(&table, content, "order.csv", encoding, &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %ld: %s\n", diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    return table;
}

static void fields_as_rfc_4180_has_them(void)
{
    oc_table *table = parsed(oc_span_text("no,name,note\r\n1,\"a, \"\"b\"\"\",\"two\nlines\"\r\n\r\n 2 ,,x"), NULL);
    CU_ASSERT_EQUAL_FATAL(oc_table_rows(table), 2);
    CU_ASSERT_EQUAL(oc_table_columns(table), 3);
    CU_ASSERT_EQUAL(oc_table_column(table, "note"), 2);
    CU_ASSERT_EQUAL(oc_table_column(table, "nothing"), -1);
    CU_ASSERT_STRING_EQUAL(oc_table_cell(table, 0, 1), "a, \"b\"");
    CU_ASSERT_STRING_EQUAL(oc_table_cell(table, 0, 2), "two\nlines");
    CU_ASSERT_STRING_EQUAL(oc_table_cell(table, 1, 0), " 2 ");
    CU_ASSERT_STRING_EQUAL(oc_table_cell(table, 1, 1), "");
    CU_ASSERT_EQUAL(oc_table_line(table, 0), 2);
    CU_ASSERT_EQUAL(oc_table_line(table, 1), 5);
    oc_table_free(&table);
}

/* "名\n𠮷" in each encoding, with its mark and without. */
static void encodings(void)
{
    static const struct {
        const char *hex;
        const char *encoding;
    } rows[] = {
        {"E5908D0A F0A0AEB70A", NULL},           {"EFBBBF E5908D0A F0A0AEB70A", "GB18030"},
        {"C3FB0A 9534B2350A", "GB18030"},        {"84319533 C3FB0A 9534B2350A", NULL},
        {"FFFE 0D540A00 42D8B7DF0A00", "UTF-8"}, {"FEFF 540D000A D842DFB7000A", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_table *table = parsed(oc_test_hex(rows[i].hex), rows[i].encoding);
        CU_ASSERT_EQUAL(oc_table_column(table, "名"), 0);
        CU_ASSERT_EQUAL_FATAL(oc_table_rows(table), 1);
        CU_ASSERT_STRING_EQUAL(oc_table_cell(table, 0, 0), "𠮷");
        oc_table_free(&table);
    }
}

static void orders_that_are_none(void)
{
    static const struct {
        const char *content;
        const char *encoding;
        long line;
        const char *part;
    } rows[] = {
        {"", NULL, 1, "empty"},
        {"a,b\n1\n", NULL, 2, "1 fields"},
        {"a,b\n1,2\n1,2,3\n", NULL, 3, "3 fields"},
        {"a,a\n1,2\n", NULL, 1, "two columns"},
        {"a,b\n1,\"2\n", NULL, 2, "quote"},
        {"a,b\n1,2\"3\n", NULL, 2, "quote"},
        {"a,b\n1,2\n1,\xFF\n", NULL, 3, "no character of UTF-8"},
        {"a,b\n1,\xE5\x90", NULL, 2, "no character of UTF-8"},
        {"a,b\n1,\xFF\n", "GB18030", 2, "no character of GB18030"},
        {"a,b\n", "UTF-16", 1, "byte order mark"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_table *table = NULL;
        oc_diag diag = {0};
        OC_ASSERT_CODE(oc_table_parse(&table, oc_span_text(rows[i].content), "order.csv", rows[i].encoding, &diag),
                       OC_E_FORMAT);
        CU_ASSERT_PTR_NULL(table);
        CU_ASSERT_STRING_EQUAL(diag.file, "order.csv");
        CU_ASSERT_EQUAL(diag.line, rows[i].line);
        bool named = strstr(diag.reason, rows[i].part) != NULL;
        if (!named || diag.line != rows[i].line) {
            printf("\n    row %zu: %ld: %s\n", i, diag.line, diag.reason);
        }
        CU_ASSERT_TRUE(named);
    }
    oc_table *table = NULL;
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_table_parse(&table, oc_span_of("a\nb\0c\n", 6), "order.csv", NULL, &diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "zero bytes"));
}

int main(void)
{
    const oc_test_row rows[] = {
        {"fields as RFC 4180 has them", fields_as_rfc_4180_has_them},
        {"encodings", encodings},
        {"orders that are none", orders_that_are_none},
        {NULL, NULL},
    };
    return oc_test_main("order tables", rows);
}
