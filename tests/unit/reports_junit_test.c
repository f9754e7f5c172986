/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/hash.h>
#include <stdlib.h>

#include "reports/reports.h"
#include "sim/base/xml.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

static oc_xml_doc *make(const char *folder, bool strict, unsigned cases)
{
    char result[128];
    char junit[128];
    oc_diag diag = {0};
    oc_xml_doc *doc = NULL;
    oc_sample_result(folder, strict, cases);
    oc_sample_path(result, sizeof result, folder, "result.xml");
    oc_sample_path(junit, sizeof junit, folder, "junit.xml");
    OC_ASSERT_OK(
        oc_report_write("junit", &(oc_report_inputs){.result_path = result, .data_folder = "."}, junit, &diag));
    OC_ASSERT_OK(oc_xml_load(&doc, junit, &(oc_xml_limits){.bytes = OC_BUF_MAX}, &diag));
    return doc;
}

/* What the Jenkins grammar and the parsers of Jenkins, GitLab and GitHub agree on. */
static const struct {
    const char *element;
    const char *attributes; /* each between blanks */
    const char *children;
    const char *required;
} grammar[] = {
    {"testsuites", " name time tests failures errors ", " testsuite ", " tests failures errors "},
    {"testsuite", " name tests failures errors skipped time timestamp id ", " properties testcase ",
     " name tests failures errors time "},
    {"properties", " ", " property ", " "},
    {"property", " name value ", " ", " name value "},
    {"testcase", " name classname time ", " skipped error failure system-out ", " name classname time "},
    {"failure", " type message ", " ", " type message "},
    {"error", " type message ", " ", " type message "},
    {"skipped", " type message ", " ", " message "},
    {"system-out", " ", " ", " "},
};

static bool listed(const char *list, const char *name)
{
    char padded[64];
    snprintf(padded, sizeof padded, " %s ", name);
    return strstr(list, padded) != NULL;
}

static bool is_decimal(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    size_t fraction = text[digits] == '.' ? strspn(text + digits + 1, "0123456789") : 0;
    return digits > 0 && (text[digits] == '\0' || (fraction > 0 && text[digits + 1 + fraction] == '\0'));
}

static void check_element(const xmlNode *node)
{
    size_t row = 0;
    while (row < sizeof grammar / sizeof grammar[0] && !oc_xml_is(node, grammar[row].element)) {
        row++;
    }
    CU_ASSERT_TRUE_FATAL(row < sizeof grammar / sizeof grammar[0]);
    for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
        CU_ASSERT_TRUE(listed(grammar[row].attributes, (const char *)attr->name));
        if (strcmp((const char *)attr->name, "time") == 0) {
            CU_ASSERT_TRUE(is_decimal((const char *)attr->children->content));
        }
    }
    const char *at = grammar[row].required;
    char name[32];
    while (sscanf(at, " %31s", name) == 1) {
        CU_ASSERT_PTR_NOT_NULL(oc_xml_attr(node, name));
        at = strstr(at, name) + strlen(name);
    }
    for (const xmlNode *child = oc_xml_child(node, NULL); child != NULL; child = oc_xml_next(child, NULL)) {
        CU_ASSERT_TRUE(listed(grammar[row].children, oc_xml_name(child)));
        check_element(child);
    }
}

static void check_names(const xmlNode *root)
{
    xmlHashTablePtr seen = xmlHashCreate(256);
    for (const xmlNode *suite = oc_xml_child(root, NULL); suite != NULL; suite = oc_xml_next(suite, NULL)) {
        for (const xmlNode *one = oc_xml_child(suite, "testcase"); one != NULL; one = oc_xml_next(one, "testcase")) {
            const char *classname = oc_xml_attr(one, "classname");
            CU_ASSERT_EQUAL(strspn(classname, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"),
                            strlen(classname));
            CU_ASSERT_EQUAL(
                xmlHashAddEntry2(seen, (const xmlChar *)classname, (const xmlChar *)oc_xml_attr(one, "name"), seen),
                0);
        }
    }
    xmlHashFree(seen, NULL);
}

static void expect_attr(const xmlNode *node, const char *name, const char *value)
{
    CU_ASSERT_STRING_EQUAL(oc_xml_attr(node, name), value);
}

static const xmlNode *find_case(const xmlNode *root, const char *suite_name, const char *id)
{
    for (const xmlNode *suite = oc_xml_child(root, "testsuite"); suite != NULL;
         suite = oc_xml_next(suite, "testsuite")) {
        for (const xmlNode *one = oc_xml_child(suite, "testcase");
             one != NULL && strcmp(oc_xml_attr(suite, "name"), suite_name) == 0; one = oc_xml_next(one, "testcase")) {
            if (strncmp(oc_xml_attr(one, "name"), id, strlen(id)) == 0) {
                return one;
            }
        }
    }
    CU_FAIL_FATAL("no such case");
    return NULL;
}

static void the_grammar_is_kept(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_xml_doc *doc = make(folder, false, 60);
    check_element(oc_xml_root(doc));
    check_names(oc_xml_root(doc));
    oc_xml_free(&doc);
    oc_sample_remove(folder);
}

static void verdicts_become_elements(void)
{
    static const struct {
        const char *id;
        const char *element; /* NULL: a pass */
        const char *type;
    } expected[] = {
        {"CARD.SAMPLE.00000 ", NULL, NULL},           {"CARD.SAMPLE.00001 ", "skipped", "not-applicable"},
        {"CARD.SAMPLE.00002 ", "skipped", "not-run"}, {"CARD.SAMPLE.00003 ", "error", "inconclusive"},
        {"CARD.SAMPLE.00004 ", NULL, NULL},           {"CARD.SAMPLE.00005 ", "failure", "conformance"},
        {"CARD.SAMPLE.00006 ", "error", "infra"},
    };
    static const char *const kinds[] = {"failure", "error", "skipped"};
    char folder[64];
    oc_sample_folder(folder);
    oc_xml_doc *doc = make(folder, false, 0);
    const xmlNode *root = oc_xml_root(doc);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const xmlNode *one = find_case(root, "ssc-3.0/inproc", expected[i].id);
        for (size_t k = 0; k < 3; k++) {
            const xmlNode *child = oc_xml_child(one, kinds[k]);
            bool wanted = expected[i].element != NULL && strcmp(expected[i].element, kinds[k]) == 0;
            CU_ASSERT_EQUAL(child != NULL, wanted);
            if (child != NULL) {
                expect_attr(child, "type", expected[i].type);
            }
        }
    }
    /* 19 cases and the difference of the links. */
    expect_attr(root, "tests", "20");
    expect_attr(root, "failures", "4");
    expect_attr(root, "errors", "5");
    const xmlNode *pass = oc_xml_child(root, "testsuite");
    expect_attr(pass, "name", "ssc-3.0/inproc");
    expect_attr(pass, "tests", "10");
    expect_attr(pass, "failures", "2");
    expect_attr(pass, "errors", "2");
    expect_attr(pass, "skipped", "2");
    expect_attr(pass, "timestamp", "2026-03-02T09:15:00");
    expect_attr(find_case(root, "ssc-3.0/inproc", "FLOW.MED-1.PAY "), "classname",
                "onecard.ssc-3_0_inproc.flow.FLOW_MED-1");
    oc_xml_free(&doc);
    oc_sample_remove(folder);
}

static void a_failure_says_it_in_its_first_line(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_xml_doc *doc = make(folder, false, 0);
    const xmlNode *failure = oc_xml_child(find_case(oc_xml_root(doc), "ssc-3.0/pcsc", "CARD.SAMPLE.00005"), "failure");
    oc_buf text = {0};
    OC_ASSERT_OK(oc_xml_text(&text, failure));
    OC_ASSERT_OK(oc_buf_append_byte(&text, 0));
    const char *message = oc_xml_attr(failure, "message");
    CU_ASSERT_STRING_EQUAL(message, "step read: expected 9000, received 6982");
    CU_ASSERT_EQUAL(strncmp((const char *)text.at, message, strlen(message)), 0);
    CU_ASSERT_EQUAL(text.at[strlen(message)], '\n');
    CU_ASSERT_PTR_NOT_NULL(strstr((const char *)text.at, "received: 6982\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr((const char *)text.at, "vector: card/auth.xml:15\n"));
    oc_buf_free(&text);
    oc_xml_free(&doc);
    oc_sample_remove(folder);
}

static void deviations_pass_unless_strict(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_xml_doc *doc = make(folder, false, 0);
    const xmlNode *one = find_case(oc_xml_root(doc), "ssc-3.0/inproc", "CARD.SAMPLE.00004");
    oc_buf text = {0};
    OC_ASSERT_OK(oc_xml_text(&text, oc_xml_child(one, "system-out")));
    CU_ASSERT_EQUAL(strncmp((const char *)text.at, "WARN: DEVIATION: record 1", 25), 0);
    oc_buf_free(&text);
    oc_xml_free(&doc);
    doc = make(folder, true, 0);
    one = find_case(oc_xml_root(doc), "ssc-3.0/inproc", "CARD.SAMPLE.00004");
    CU_ASSERT_PTR_NOT_NULL_FATAL(oc_xml_child(one, "failure"));
    expect_attr(oc_xml_child(one, "failure"), "type", "deviation");
    expect_attr(oc_xml_root(doc), "failures", "6");
    oc_xml_free(&doc);
    oc_sample_remove(folder);
}

/* A trace far beyond 64 kB, in characters of four bytes. */
static void output_is_capped(void)
{
    char folder[64];
    char result[128];
    char junit[128];
    oc_diag diag = {0};
    oc_outcome outcome;
    oc_sample_folder(folder);
    oc_record *record = oc_sample_record(folder, false);
    char *note = malloc(4 * 100000 + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(note);
    for (size_t i = 0; i < 100000; i++) {
        memcpy(note + 4 * i, "\xf0\x9f\x98\x80", 4);
    }
    note[400000] = '\0';
    const oc_outcome_step step = {.id = "long", .kind = "let", .actor = "", .phase = "steps", .note = note};
    oc_sample_outcome(&outcome, "ssc-3.0/inproc", 400, OC_VERDICT_FAIL);
    outcome.steps = &step;
    outcome.step_count = 1;
    OC_ASSERT_OK(oc_record_outcome(record, &outcome, &diag));
    oc_outcome_free(&outcome);
    OC_ASSERT_OK(oc_record_finish(record, "e", false, 1, &diag));
    oc_record_free(&record);
    oc_sample_path(result, sizeof result, folder, "result.xml");
    oc_sample_path(junit, sizeof junit, folder, "junit.xml");
    OC_ASSERT_OK(
        oc_report_write("junit", &(oc_report_inputs){.result_path = result, .data_folder = "."}, junit, &diag));
    oc_xml_doc *doc = NULL;
    OC_ASSERT_OK(oc_xml_load(&doc, junit, NULL, &diag));
    oc_buf text = {0};
    OC_ASSERT_OK(oc_xml_text(
        &text, oc_xml_child(find_case(oc_xml_root(doc), "ssc-3.0/inproc", "CARD.SAMPLE.00400"), "system-out")));
    CU_ASSERT_TRUE(text.len > 60000 && text.len <= 65536);
    oc_buf_free(&text);
    oc_xml_free(&doc);
    free(note);
    oc_sample_remove(folder);
}

static void a_run_that_broke_off_is_not_green(void)
{
    char folder[64];
    char result[128];
    char junit[128];
    oc_diag diag = {0};
    oc_record *record = NULL;
    oc_xml_doc *doc = NULL;
    oc_sample_folder(folder);
    oc_run_info info = oc_sample_run_info();
    OC_ASSERT_OK(oc_record_open(&record, folder, &info, false, &diag));
    OC_ASSERT_OK(oc_record_finish(record, "e", true, 130, &diag));
    oc_record_free(&record);
    oc_sample_path(result, sizeof result, folder, "result.xml");
    oc_sample_path(junit, sizeof junit, folder, "junit.xml");
    OC_ASSERT_OK(
        oc_report_write("junit", &(oc_report_inputs){.result_path = result, .data_folder = "."}, junit, &diag));
    OC_ASSERT_OK(oc_xml_load(&doc, junit, NULL, &diag));
    check_element(oc_xml_root(doc));
    expect_attr(oc_xml_root(doc), "tests", "1");
    expect_attr(oc_xml_root(doc), "errors", "1");
    oc_xml_free(&doc);
    oc_sample_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"the grammar is kept", the_grammar_is_kept},
        {"verdicts become elements", verdicts_become_elements},
        {"a failure says it in its first line", a_failure_says_it_in_its_first_line},
        {"deviations pass unless strict", deviations_pass_unless_strict},
        {"output is capped", output_is_capped},
        {"a run that broke off is not green", a_run_that_broke_off_is_not_green},
        {NULL, NULL},
    };
    return oc_test_main("reports: JUnit", rows);
}
