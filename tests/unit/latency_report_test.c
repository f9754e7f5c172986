/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include "reports/latency/latency_report.h"
#include "reports/reports.h"
#include "sim/base/file.h"
#include "tests/support/oc_test.h"
#include "tests/unit/latency_kit.h"

#define MS 1000000u

#define LIMITS                                                                                                        \
    "<limits id=\"t\" file=\"t.xml\"><rule id=\"DR2\" kind=\"percentile\" confidence=\"0.95\" minimum-n=\"59\" "      \
    "guard-band=\"measured\"/><limit id=\"pay\" scope=\"tx.pay\" statistic=\"p95\" value=\"400\" unit=\"ms\" "        \
    "rule=\"DR2\" source=\"&lt;script&gt;alert(1)&lt;/script&gt;\" status=\"normative\"/>"                            \
    "<threshold>tx.pay:p(50)&lt;200ms</threshold></limits>"

/* FLOW.PAY 400 times, a sixth of it with a stall of 700 ms in the step "debit"; `flows` more flows, once each. */
static void write_record(const char *path, unsigned flows)
{
    kit_record record;
    kit_begin(&record);
    for (unsigned i = 0; i < 400; i++) {
        const kit_step steps[] = {{"select", "apdu", "SELECT", 2 * MS},
                                  {"&lt;b&gt;read", "apdu", "READ RECORD", 3 * MS + i},
                                  {"debit", "call", "iDoDebit", (i % 6 == 5 ? 700u : 40u) * MS}};
        kit_case(&record, "FLOW.PAY", i + 1, "PASS", true, 300ull * MS, steps, 3);
    }
    for (unsigned i = 0; i < flows; i++) {
        char id[32];
        snprintf(id, sizeof id, "FLOW.F%u", i);
        const kit_step steps[] = {{"select", "apdu", "SELECT", 2 * MS + i}};
        kit_case(&record, id, 1, "PASS", true, 0, steps, 1);
    }
    kit_write(&record, path, "cpu", LIMITS);
}

static void tree_of(xmlDoc **doc, const char *path)
{
    oc_samples *samples = NULL;
    oc_diag diag = {0};
    *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *parent = xmlNewNode(NULL, (const xmlChar *)"report");
    xmlDocSetRootElement(*doc, parent);
    OC_ASSERT_OK(oc_samples_read(&samples, path, &diag));
    OC_ASSERT_OK(oc_latency_report(parent, samples, NULL, &diag));
    oc_samples_free(&samples);
}

static void temporary(char path[64])
{
    snprintf(path, 64, "/tmp/onecard-latency-XXXXXX");
    int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    close(fd);
}

static bool has(const xmlNode *node, const char *name, const char *value)
{
    const char *text = oc_xml_attr(node, name);
    return text != NULL && strcmp(text, value) == 0;
}

static void a_stall_is_found(void)
{
    char path[64];
    xmlDoc *doc = NULL;
    temporary(path);
    write_record(path, 0);
    tree_of(&doc, path);
    const xmlNode *report = oc_xml_child(xmlDocGetRootElement(doc), "latency-report");
    const xmlNode *limit = oc_xml_child(report, "judgement");
    CU_ASSERT_TRUE(has(limit, "limit", "pay") && has(limit, "verdict", "FAIL"));
    CU_ASSERT_TRUE(has(limit, "conformity", "false")); /* the card is virtual */
    CU_ASSERT_TRUE(has(oc_xml_next(limit, "judgement"), "budget", "true"));
    CU_ASSERT_TRUE(has(oc_xml_child(report, "threshold"), "holds", "true"));
    CU_ASSERT_TRUE(has(oc_xml_child(report, "null-card"), "n", "1000"));
    const xmlNode *flow = oc_xml_child(report, "series");
    CU_ASSERT_TRUE(has(flow, "name", "FLOW.PAY") && has(flow, "kind", "flow"));
    const xmlNode *worst = NULL;
    size_t plots = 0;
    for (const xmlNode *plot = oc_xml_child(flow, "plot"); plot != NULL; plot = oc_xml_next(plot, "plot")) {
        worst = has(plot, "kind", "worst") ? plot : worst;
        plots++;
    }
    CU_ASSERT_EQUAL(plots, 4); /* ECDF, scatter, median, worst */
    CU_ASSERT_PTR_NOT_NULL_FATAL(worst);
    const xmlNode *row = oc_xml_next(oc_xml_next(oc_xml_child(worst, "row"), "row"), "row");
    CU_ASSERT_TRUE(has(row, "head", "debit"));
    xmlFreeDoc(doc);
    unlink(path);
}

static char *page_of(const char *path, const char *out)
{
    oc_diag diag = {0};
    oc_buf text = {0};
    oc_result r = oc_report_write("html", &(oc_report_inputs){.result_path = path, .data_folder = "."}, out, &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    OC_ASSERT_OK(oc_file_read(&text, out, OC_BUF_MAX, &diag));
    char *copy = strndup((const char *)text.at, text.len);
    oc_buf_free(&text);
    return copy;
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static void the_page_shows_it(void)
{
    char path[64];
    char out[64];
    temporary(path);
    temporary(out);
    write_record(path, 0);
    char *text = page_of(path, out);
    CU_ASSERT_PTR_NULL(strstr(text, "<script>alert"));
    CU_ASSERT_PTR_NULL(strstr(text, "<b>read"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "超出限值"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "informative comparison"));
    CU_ASSERT_PTR_NULL(strstr(text, ">statement of conformity<"));
    CU_ASSERT_EQUAL(count_of(text, "<svg "), count_of(text, "<desc "));
    CU_ASSERT(count_of(text, "<svg ") > 4);
    char *again = page_of(path, out);
    CU_ASSERT_STRING_EQUAL(text, again);
    free(again);
    free(text);
    unlink(path);
    unlink(out);
}

/* Of 600 flows all stand in the table, some are drawn. */
static void many_series_stay_small(void)
{
    char path[64];
    char out[64];
    temporary(path);
    temporary(out);
    write_record(path, 600);
    char *text = page_of(path, out);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "F0<"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "F599<"));
    CU_ASSERT(count_of(text, "<svg ") <= 4 * (OC_LATENCY_PLOTTED_FLOWS + OC_LATENCY_PLOTTED_CLASSES + 1));
    CU_ASSERT(strlen(text) < 3u * 1024 * 1024);
    free(text);
    unlink(path);
    unlink(out);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a stall is found", a_stall_is_found},
        {"the page shows it", the_page_shows_it},
        {"many series stay small", many_series_stay_small},
        {NULL, NULL},
    };
    return oc_test_main("latency report", rows);
}
