/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/xml.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

#define NAMESPACE "urn:onecard:result:1"

static oc_xml_doc *load_valid(const char *folder)
{
    char path[128];
    oc_diag diag = {0};
    oc_xml_doc *doc = NULL;
    oc_xml_schema *schema = NULL;
    oc_sample_path(path, sizeof path, folder, "result.xml");
    OC_ASSERT_OK(oc_xml_schema_new(&schema, "reports/result.xsd", &diag));
    OC_ASSERT_OK(oc_xml_load(&doc, path, &(oc_xml_limits){.bytes = OC_BUF_MAX}, &diag));
    oc_result valid = oc_xml_validate(doc, schema, &diag);
    if (!oc_is_ok(valid)) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(valid);
    oc_xml_schema_free(&schema);
    return doc;
}

/* XPath over the record, prefix r. */
static double number_of(const oc_xml_doc *doc, const char *expression)
{
    xmlXPathContext *context = xmlXPathNewContext(oc_xml_root(doc)->doc);
    xmlXPathRegisterNs(context, (const xmlChar *)"r", (const xmlChar *)NAMESPACE);
    xmlXPathObject *value = xmlXPathEvalExpression((const xmlChar *)expression, context);
    CU_ASSERT_PTR_NOT_NULL_FATAL(value);
    double number = xmlXPathCastToNumber(value);
    xmlXPathFreeObject(value);
    xmlXPathFreeContext(context);
    return number;
}

static void expect_number(const oc_xml_doc *doc, const char *expression, double expected)
{
    double number = number_of(doc, expression);
    if (number != expected) {
        fprintf(stderr, "%s is %g, not %g\n", expression, number, expected);
    }
    CU_ASSERT_EQUAL(number, expected);
}

static void the_script_is_valid_and_whole(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    oc_xml_doc *doc = load_valid(folder);
    expect_number(doc, "count(/r:result/r:case)", 19);
    expect_number(doc, "count(/r:result/r:pass)", 2);
    expect_number(doc, "/r:result/r:counts/r:count[@verdict='PASS']/@n", 5);
    expect_number(doc, "/r:result/r:counts/r:count[@verdict='FAIL']/@n", 4);
    expect_number(doc, "/r:result/r:counts/r:count[@verdict='ERROR']/@n", 2);
    expect_number(doc, "sum(/r:result/r:counts/r:count/@n)", 19);
    expect_number(doc, "count(/r:result[@seed='18446744073709551615'][@exit-code='1'][@planned='19'])", 1);
    expect_number(doc, "count(/r:result[@interrupted='false'][@strict='false'][@resumes='0'])", 1);
    expect_number(doc, "count(/r:result/r:vectors/r:file)", 2);
    expect_number(doc, "count(/r:result/r:difference[@verdict-a='PASS'][@verdict-b='FAIL'])", 1);
    expect_number(doc, "count(/r:result/r:one-link[r:reason])", 1);
    expect_number(doc, "count(/r:result/r:command-line[contains(., '--profile .../ssc-3.0.xml ')])", 1);
    expect_number(doc, "count(//r:case[@id='FLOW.MED-1.PAY.TWICE'][@twin='FLOW.MED-1.PAY'])", 2);
    expect_number(doc, "count(//r:case[@verdict='DEVIATION'][r:evidence/@first-difference=2])", 2);
    expect_number(doc, "count(//r:case[@id='CARD.SAMPLE.00005'][1]/r:step)", 5);
    expect_number(doc, "count(//r:exchange[not(r:response)]) > 0", 1);
    expect_number(doc, "count(/r:result/r:environment[@cpu!=''][@openssl!=''][@clock-source!=''])", 1);
    oc_xml_free(&doc);
    oc_sample_remove(folder);
}

static void latency_stands_by_class_flow_and_link(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    oc_xml_doc *doc = load_valid(folder);
    /* Pass, deviation and two flows: what stopped early does not count. */
    expect_number(doc, "//r:series[@pass='ssc-3.0/inproc'][@kind='part'][@name='terminal iReadCardBas: own']/@p50-ns",
                  400000);
    expect_number(doc, "//r:series[@pass='ssc-3.0/inproc'][@name='READ RECORD']/@n", 4);
    expect_number(doc, "//r:series[@pass='ssc-3.0/pcsc'][@name='READ RECORD']/@n", 3);
    expect_number(doc, "//r:series[@pass='ssc-3.0/pcsc'][@kind='flow'][@name='FLOW.MED-1.PAY']/@p99-ns", 67200);
    expect_number(doc, "count(//r:series[@kind='flow'])", 2); /* no negatives */
    expect_number(doc, "//r:series[@pass='ssc-3.0/pcsc'][@kind='empty']/@p50-ns", 1100);
    expect_number(doc, "//r:series[@pass='ssc-3.0/pcsc'][@kind='empty']/@max-ns", 5000);
    oc_xml_free(&doc);
    oc_sample_remove(folder);
}

static void hostile_texts_stay_texts(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    oc_xml_doc *doc = load_valid(folder);
    const char *shown = "]]>\" ' & <script>alert(1)</script></case>\\x01\\x1B[31m \\xFF\\xC0\\xAF \\xED\\xA0\\x80 "
                        "\\u202E\\u009B\\x0D\n\tend";
    const xmlNode *hostile = NULL;
    for (xmlNode *one = oc_xml_child(oc_xml_root(doc), "case"); one != NULL; one = oc_xml_next(one, "case")) {
        hostile = strcmp(oc_xml_attr(one, "id"), "CARD.SAMPLE.00100") == 0 ? one : hostile;
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(hostile);
    oc_buf text = {0};
    OC_ASSERT_OK(oc_xml_text(&text, oc_xml_child(hostile, "reason")));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&text), oc_span_text(shown)));
    CU_ASSERT_STRING_EQUAL(oc_xml_attr(oc_xml_child(hostile, "evidence"), "step"), shown);
    CU_ASSERT_PTR_NULL(oc_xml_child(hostile, "script"));
    oc_buf_free(&text);
    char *raw = oc_sample_read(folder, "result.xml");
    CU_ASSERT_PTR_NULL(strstr(raw, "<script"));
    CU_ASSERT_PTR_NULL(strchr(raw, '\x1b'));
    free(raw);
    oc_xml_free(&doc);
    oc_sample_remove(folder);
}

static void finishing_twice_gives_the_same_bytes(void)
{
    char folder[64];
    oc_diag diag = {0};
    oc_sample_folder(folder);
    oc_record *record = oc_sample_record(folder, false);
    OC_ASSERT_OK(oc_record_finish(record, "e", true, 130, &diag));
    char *once = oc_sample_read(folder, "result.xml");
    OC_ASSERT_OK(oc_record_finish(record, "e", true, 130, &diag));
    char *twice = oc_sample_read(folder, "result.xml");
    CU_ASSERT_STRING_EQUAL(once, twice);
    CU_ASSERT_PTR_NOT_NULL(strstr(once, "interrupted=\"true\""));
    free(once);
    free(twice);
    oc_record_free(&record);
    oc_sample_remove(folder);
}

static void counts_hold_differences_as_errors(void)
{
    char folder[64];
    size_t counts[OC_VERDICT_COUNT];
    static const size_t expected[OC_VERDICT_COUNT] = {5, 2, 2, 2, 2, 4, 3};
    oc_sample_folder(folder);
    oc_record *record = oc_sample_record(folder, false);
    oc_record_counts(record, counts);
    CU_ASSERT_EQUAL(memcmp(counts, expected, sizeof counts), 0);
    oc_record_free(&record);
    oc_record_free(&record);
    oc_sample_remove(folder);
}

static void an_unknown_pass_is_our_mistake(void)
{
    char folder[64];
    oc_diag diag = {0};
    oc_outcome outcome;
    oc_sample_folder(folder);
    oc_record *record = oc_sample_record(folder, false);
    oc_sample_outcome(&outcome, "no/such", 1, OC_VERDICT_PASS);
    OC_ASSERT_CODE(oc_record_outcome(record, &outcome, &diag), OC_E_INTERNAL);
    oc_outcome_free(&outcome);
    oc_record_free(&record);
    oc_sample_remove(folder);
}

static void repeats_are_numbered(void)
{
    char folder[64];
    oc_diag diag = {0};
    oc_sample_folder(folder);
    oc_record *record = oc_sample_record(folder, false);
    static const enum oc_verdict verdicts[] = {OC_VERDICT_NOT_RUN, OC_VERDICT_PASS, OC_VERDICT_FAIL, OC_VERDICT_PASS};
    for (unsigned i = 0; i < 4; i++) {
        oc_outcome outcome;
        oc_sample_outcome(&outcome, "ssc-3.0/inproc", 300, verdicts[i]);
        OC_ASSERT_OK(oc_record_outcome(record, &outcome, &diag));
        oc_outcome_free(&outcome);
    }
    enum oc_verdict verdict = OC_VERDICT_PASS;
    CU_ASSERT_TRUE(oc_record_has(record, "ssc-3.0/inproc", "CARD.SAMPLE.00300", &verdict, NULL));
    CU_ASSERT_EQUAL(verdict, OC_VERDICT_FAIL);
    CU_ASSERT_FALSE(oc_record_has(record, "ssc-3.0/pcsc", "CARD.SAMPLE.00300", NULL, NULL));
    OC_ASSERT_OK(oc_record_finish(record, "e", false, 1, &diag));
    oc_record_free(&record);
    oc_xml_doc *doc = load_valid(folder);
    expect_number(doc, "count(//r:case[@id='CARD.SAMPLE.00300'])", 3);
    expect_number(doc, "count(//r:case[@id='CARD.SAMPLE.00300'][not(@repeat)][@verdict='PASS'])", 1);
    expect_number(doc, "count(//r:case[@id='CARD.SAMPLE.00300'][@repeat=2][@verdict='FAIL'])", 1);
    expect_number(doc, "/r:result/r:counts/r:count[@verdict='NOT_RUN']/@n", 2);
    oc_xml_free(&doc);
    oc_sample_remove(folder);
}

struct worker {
    oc_record *record;
    unsigned first;
    bool failed;
};

static void *work(void *self)
{
    struct worker *worker = self;
    for (unsigned i = 0; i < 100; i++) {
        oc_outcome outcome;
        oc_sample_outcome(&outcome, "ssc-3.0/inproc", worker->first + i * 4, OC_VERDICT_PASS);
        worker->failed = worker->failed || !oc_is_ok(oc_record_outcome(worker->record, &outcome, NULL));
        oc_outcome_free(&outcome);
    }
    return NULL;
}

/* Whatever order four workers end in, the record is the one of a single worker. */
static void workers_change_nothing(void)
{
    char *results[2];
    for (unsigned round = 0; round < 2; round++) {
        char folder[64];
        oc_sample_folder(folder);
        oc_record *record = oc_sample_record(folder, false);
        struct worker workers[4];
        pthread_t threads[4];
        for (unsigned i = 0; i < 4; i++) {
            workers[i] = (struct worker){record, 1000 + i, false};
            if (round == 0) {
                CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
            } else {
                work(&workers[i]);
            }
        }
        for (unsigned i = 0; i < 4; i++) {
            if (round == 0) {
                pthread_join(threads[i], NULL);
            }
            CU_ASSERT_FALSE(workers[i].failed);
        }
        OC_ASSERT_OK(oc_record_finish(record, "e", false, 1, NULL));
        oc_record_free(&record);
        results[round] = oc_sample_read(folder, "result.xml");
        oc_sample_remove(folder);
    }
    CU_ASSERT_STRING_EQUAL(results[0], results[1]);
    free(results[0]);
    free(results[1]);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"the script is valid and whole", the_script_is_valid_and_whole},
        {"latency stands by class, flow and link", latency_stands_by_class_flow_and_link},
        {"hostile texts stay texts", hostile_texts_stay_texts},
        {"finishing twice gives the same bytes", finishing_twice_gives_the_same_bytes},
        {"counts hold differences as errors", counts_hold_differences_as_errors},
        {"an unknown pass is our mistake", an_unknown_pass_is_our_mistake},
        {"repeats are numbered", repeats_are_numbered},
        {"workers change nothing", workers_change_nothing},
        {NULL, NULL},
    };
    return oc_test_main("record: result", rows);
}
