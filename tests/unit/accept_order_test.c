/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/order.h"

#include "tests/support/oc_test.h"

#define MAP(items)                                                                                                    \
    "<map xmlns='urn:onecard:order-map:1' batch='B1'><identify column='no' as='card-number'/>"                        \
    "<city column='city'/><pin column='pin'/>" items "</map>"
#define ITEMS                                                                                                         \
    "<item column='no' to='SSSE/EF05/07' as='text'/>"                                                                 \
    "<item column='name' to='SSSE/EF06/09' as='name' extension='SSSE/EF06/4E'/>"                                      \
    "<item column='until' to='SSSE/EF05/06' as='date' format='YYYY-MM-DD'/>"                                          \
    "<item column='sex' to='SSSE/EF06/0A' as='sex'/>"                                                                 \
    "<item column='group' to='SSSE/EF06/0B' as='ethnic' mandatory='no'/>"                                             \
    "<item column='city' to='SSSE/EF06/0C' as='area'/>"                                                               \
    "<item value='3.00' to='SSSE/EF05/03' as='text'/>"
#define HEAD "no,city,pin,name,until,sex,group\n"
#define LINE "990000308,990100,286719,样本𠮷,2034-03-01,男,汉族\n"

static oc_profile *profile;

static oc_result make(oc_order **order, oc_map_file **map, const char *xml, const char *csv, oc_diag *diag)
{
    oc_table *table = NULL;
    *order = NULL;
    *map = NULL;
    OC_TRY(oc_map_parse(map, oc_span_text(xml), "map.xml", diag));
    OC_TRY(oc_table_parse(&table, oc_span_text(csv), "order.csv", NULL, diag));
    return oc_order_make(order, table, oc_map_of(*map), profile, diag);
}

static void values_as_on_the_card(void)
{
    oc_order *order;
    oc_map_file *map;
    oc_diag diag = {0};
    oc_result r = make(&order, &map, MAP(ITEMS), HEAD LINE "990000412,990100,,样本乙,2034-03-01,2,\n", &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    CU_ASSERT_EQUAL_FATAL(oc_order_count(order), 2);
    CU_ASSERT_EQUAL_FATAL(oc_order_places(order), 7);
    const oc_order_line *line = oc_order_line_at(order, 0);
    CU_ASSERT_EQUAL(line->line, 2);
    CU_ASSERT_STRING_EQUAL(line->area, "990100");
    CU_ASSERT_STRING_EQUAL(line->pin, "286719");
    OC_ASSERT_BYTES(line->values[0], "393930303030333038");
    OC_ASSERT_BYTES(line->values[1], "D1F9B1BE 9534B235"); /* GB18030, the last one of four bytes */
    OC_ASSERT_BYTES(line->values[2], "20340301");
    OC_ASSERT_BYTES(line->values[3], "31");
    OC_ASSERT_BYTES(line->values[4], "01");
    OC_ASSERT_BYTES(line->values[5], "990100");
    OC_ASSERT_BYTES(line->values[6], "332E3030");
    CU_ASSERT_PTR_NULL(oc_order_line_at(order, 1)->values[4].at);
    CU_ASSERT_PTR_NULL(oc_order_line_at(order, 1)->pin);
    CU_ASSERT_EQUAL(oc_order_find(order, oc_span_text("990000412")), 1);
    CU_ASSERT_EQUAL(oc_order_find(order, oc_span_text("990000413")), -1);
    oc_order_free(&order);
    oc_map_free(&map);
}

static void expect_refused(const char *xml, const char *csv, const char *file, long line, const char *part)
{
    oc_order *order;
    oc_map_file *map;
    oc_diag diag = {0};
    oc_result r = make(&order, &map, xml, csv, &diag);
    bool as_wanted = !oc_is_ok(r) && order == NULL && strcmp(diag.file, file) == 0 &&
                     (line == 0 || diag.line == line) && strstr(diag.reason, part) != NULL;
    if (!as_wanted) {
        printf("\n    %s:%ld: %s, where \"%s\" in line %ld is expected\n", diag.file, diag.line, diag.reason, part,
               line);
    }
    CU_ASSERT_TRUE(as_wanted);
    oc_order_free(&order);
    oc_map_free(&map);
}

static void orders_that_do_not_fit(void)
{
    static const struct {
        const char *csv;
        long line;
        const char *part;
    } rows[] = {
        {HEAD, 1, "no line"},
        {"no,city,pin,name,until,sex\n", 1, "no line"},
        {"no,city,pin,name,until,sex\n990000308,990100,,a,2034-03-01,1\n", 1, "no column 'group'"},
        {HEAD LINE ",990100,,a,2034-03-01,1,1\n", 3, "column 'no'"},
        {HEAD LINE LINE, 3, "same card as in line 2"},
        {HEAD "990000308,9901,,a,2034-03-01,1,1\n", 2, "column 'city'"},
        {HEAD "990000308,990100,12,a,2034-03-01,1,1\n", 2, "column 'pin'"},
        {HEAD "990000308,990100,,,2034-03-01,1,1\n", 2, "column 'name': the field is empty"},
        {HEAD "990000308,990100,,a,2034-02-30,1,1\n", 2, "column 'until': no date"},
        {HEAD "990000308,990100,,a,20340301,1,1\n", 2, "column 'until': no date"},
        {HEAD "990000308,990100,,a,2034-03-01,x,1\n", 2, "column 'sex'"},
        {HEAD "990000308,990100,,a,2034-03-01,1,57\n", 2, "column 'group'"},
        {HEAD "990000308,990100,,一二三四五六七八九十一二三四五六七八九十一二三四五六,2034-03-01,1,1\n", 2,
         "52 bytes on the card, where there is room for 50"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_refused(MAP(ITEMS), rows[i].csv, "order.csv", rows[i].line, rows[i].part);
    }
}

static void maps_that_do_not_fit(void)
{
    static const struct {
        const char *xml;
        const char *part;
    } rows[] = {
        {"<map", ""},
        {"<map xmlns='urn:onecard:order-map:1'/>", "batch"},
        {MAP("<item column='no' value='1' to='SSSE/EF05/07' as='text'/>"), "either a column or a value"},
        {MAP("<item column='no' to='SSSE/EF05/FE' as='text'/>"), "no record SSSE/EF05/FE"},
        {MAP("<item column='no' to='DF09/EF05/01' as='text'/>"), "no record DF09/EF05/01"},
        {MAP("<item column='no' to='SSSE/EF05/06' as='text'/>"), "packed digits"},
        {MAP("<item column='no' to='SSSE/EF05/06' as='date' format='YYYY-MM'/>"), "YYYY, MM and DD"},
        {MAP("<item column='no' to='SSSE/EF05/07' as='code'/>"), "list of codes"},
        {MAP("<item column='no' to='SSSE/EF05/07' as='text' extension='SSSE/EF06/4E'/>"), "takes an extension"},
        {MAP("<item column='no' to='SSSE/EF06/09' as='name' extension='SSSE/EF05/07'/>"), "in the file of"},
        {MAP("<item column='no' to='SSSE/EF05/07' as='text'/><item column='no' to='SSSE/EF05/07' as='text'/>"),
         "one-item-a-place"},
        {MAP("<key name='SSSE/UK' versions='1 1'/>"), "stands twice"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_refused(rows[i].xml, HEAD LINE, "map.xml", 0, rows[i].part);
    }
}

int main(void)
{
    const oc_test_row rows[] = {
        {"values as on the card", values_as_on_the_card},
        {"orders that do not fit", orders_that_do_not_fit},
        {"maps that do not fit", maps_that_do_not_fit},
        {NULL, NULL},
    };
    oc_diag diag = {0};
    if (!oc_is_ok(oc_profile_load(&profile, "vectors/cards/ssc-3.0.xml", &diag))) {
        printf("%s\n", diag.reason);
        return 1;
    }
    int code = oc_test_main("orders", rows);
    oc_profile_free(&profile);
    return code;
}
