/* SPDX-License-Identifier: Apache-2.0 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "reports/record_reader.h"
#include "sim/base/file.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

struct seen {
    size_t heads;
    size_t cases;
    size_t steps;
    size_t ends;
    size_t siblings; /* cases beside the one that was handed over */
    char last_id[64];
    oc_record_end end;
};

static oc_result see_head(void *self, const xmlNode *result, oc_diag *diag)
{
    (void)diag;
    struct seen *seen = self;
    CU_ASSERT_EQUAL(seen->cases, 0);
    CU_ASSERT_PTR_NOT_NULL(oc_xml_child(result, "pass"));
    CU_ASSERT_PTR_NOT_NULL(oc_xml_child(result, "latency"));
    CU_ASSERT_PTR_NULL(oc_xml_child(result, "case"));
    seen->heads++;
    return oc_ok();
}

static oc_result see_case(void *self, const xmlNode *one, oc_diag *diag)
{
    (void)diag;
    struct seen *seen = self;
    CU_ASSERT_EQUAL(seen->heads, 1);
    CU_ASSERT_PTR_EQUAL(oc_xml_child(one->parent, "case"), one);
    seen->siblings += oc_xml_next(one, "case") != NULL;
    seen->cases++;
    for (const xmlNode *step = oc_xml_child(one, "step"); step != NULL; step = oc_xml_next(step, "step")) {
        seen->steps++;
    }
    snprintf(seen->last_id, sizeof seen->last_id, "%.60s", oc_xml_attr(one, "id"));
    return oc_ok();
}

static oc_result see_end(void *self, const oc_record_end *end, oc_diag *diag)
{
    (void)diag;
    struct seen *seen = self;
    seen->ends++;
    seen->end = *end;
    return oc_ok();
}

static oc_result look(const char *path, struct seen *seen, oc_diag *diag)
{
    *seen = (struct seen){0};
    const oc_record_visitor visitor = {seen, see_head, see_case, see_end, true};
    return oc_record_read(path, &visitor, diag);
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        count++;
    }
    return count;
}

static void a_record_is_seen_whole(void)
{
    char folder[64];
    char path[128];
    struct seen seen;
    oc_diag diag = {0};
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 300);
    oc_sample_path(path, sizeof path, folder, "result.xml");
    OC_ASSERT_OK(look(path, &seen, &diag));
    char *text = oc_sample_read(folder, "result.xml");
    CU_ASSERT_EQUAL(seen.heads, 1);
    CU_ASSERT_EQUAL(seen.ends, 1);
    CU_ASSERT_EQUAL(seen.siblings, 0);
    CU_ASSERT_EQUAL(seen.cases, count_of(text, "<case "));
    CU_ASSERT_EQUAL(seen.steps, count_of(text, "<step "));
    CU_ASSERT_EQUAL(seen.end.cases, seen.cases);
    CU_ASSERT_EQUAL(oc_report_total(&seen.end.counts), seen.cases);
    CU_ASSERT_EQUAL(strlen(seen.end.sha256), 64);
    CU_ASSERT_EQUAL(strlen(seen.end.sm3), 64);
    CU_ASSERT_EQUAL(strncmp(seen.last_id, "FLOW.", 5), 0);
    free(text);
    oc_sample_remove(folder);
}

static void a_visitor_may_want_nothing(void)
{
    char folder[64];
    char path[128];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    oc_sample_path(path, sizeof path, folder, "result.xml");
    const oc_record_visitor visitor = {0};
    OC_ASSERT_OK(oc_record_read(path, &visitor, NULL));
    oc_sample_remove(folder);
}

static oc_result refuse_third(void *self, const xmlNode *one, oc_diag *diag)
{
    (void)one;
    size_t *count = self;
    return ++*count == 3 ? oc_diag_fail(diag, OC_E_LIMIT, "the third") : oc_ok();
}

static void a_visitor_ends_the_reading(void)
{
    char folder[64];
    char path[128];
    size_t count = 0;
    oc_diag diag = {0};
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    oc_sample_path(path, sizeof path, folder, "result.xml");
    const oc_record_visitor visitor = {.self = &count, .one = refuse_third};
    OC_ASSERT_CODE(oc_record_read(path, &visitor, &diag), OC_E_LIMIT);
    CU_ASSERT_EQUAL(count, 3);
    CU_ASSERT_STRING_EQUAL(diag.reason, "the third");
    CU_ASSERT_STRING_EQUAL(diag.file, path);
    oc_sample_remove(folder);
}

/* A record with `inside` (or NULL) between head and end, and `tail` behind it. */
static void put_record(const char *path, const char *root_extra, const char *inside, const char *tail)
{
    static const char *const verdicts[] = {"PASS",      "NOT_APPLICABLE", "NOT_RUN", "INCONCLUSIVE",
                                           "DEVIATION", "FAIL",           "ERROR"};
    FILE *out = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fprintf(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<result xmlns=\"urn:onecard:result:1\" suite-version=\"1\" "
        "seed=\"1\" strict=\"false\" started=\"a\" ended=\"b\" interrupted=\"false\" resumes=\"0\" exit-code=\"0\" "
        "planned=\"1\"%s>\n<environment cpu=\"c\" processors=\"1\" compiler=\"c\" openssl=\"o\" libxml2=\"l\" "
        "pcsclite=\"p\" clock=\"c\" clock-source=\"t\" governor=\"g\"/>\n<vectors sha256=\"%064d\"/>\n<counts>",
        root_extra, 0);
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        fprintf(out, "<count verdict=\"%s\" n=\"%d\"/>", verdicts[i], i == 0);
    }
    fprintf(out, "</counts>\n<pass id=\"p\" virtual=\"true\"/>\n<latency/>\n%s</result>%s", inside, tail);
    fclose(out);
}

#define CASE_HEAD "<case id=\"A.B\" pass=\"p\" verdict=\"PASS\" line=\"1\" rev=\"1\" flow=\"false\" duration-ns=\"1\""

static void hostile_records_are_refused(void)
{
    static const struct {
        const char *root_extra;
        const char *inside;
        const char *tail;
        enum oc_code code;
        long line;
        const char *says;
    } rows[] = {
        {"", CASE_HEAD "/>", "", OC_E_OK, 0, ""},
        {"", CASE_HEAD "><title lang=\"en\">]]&gt; &#x202E; <![CDATA[</case>]]></title></case>", "\n<!-- c -->",
         OC_E_OK, 0, ""},
        {"", CASE_HEAD ">&bomb;</case>", "", OC_E_FORMAT, 8, "bomb"},
        {"", CASE_HEAD " script=\"x\"/>", "", OC_E_FORMAT, 8, "script"},
        {"", CASE_HEAD "><script>alert(1)</script></case>", "", OC_E_FORMAT, 8, "script"},
        {"", CASE_HEAD "/>" CASE_HEAD "/>", "", OC_E_FORMAT, 8, "twice"},
        {"", "", "", OC_E_FORMAT, 5, "changed"},
        {"", CASE_HEAD "><step duration-ns=\"1\"><exchange begin-ns=\"1\"/></step></case>", "", OC_E_FORMAT, 8,
         "duration-ns"},
        {"", CASE_HEAD "><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>", "", OC_E_FORMAT, 8, "a"},
        {"", CASE_HEAD ">\x01</case>", "", OC_E_FORMAT, 8, "PCDATA"},
        {"", CASE_HEAD ">\xff</case>", "", OC_E_FORMAT, 8, ""},
        {"", CASE_HEAD "/>", "<more/>", OC_E_FORMAT, 8, ""},
        {"", CASE_HEAD "/>", "more", OC_E_FORMAT, 8, ""},
        {"", CASE_HEAD "/><pass id=\"p\" virtual=\"true\"/>", "", OC_E_FORMAT, 8, "pass"},
        {" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:x /dev/null\"",
         CASE_HEAD "/>", "", OC_E_OK, 0, ""},
        {" seed=\"2\"", CASE_HEAD "/>", "", OC_E_FORMAT, 2, "seed"},
    };
    char folder[64];
    char path[128];
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "result.xml");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct seen seen;
        oc_diag diag = {0};
        put_record(path, rows[i].root_extra, rows[i].inside, rows[i].tail);
        oc_result r = look(path, &seen, &diag);
        if (r.code != rows[i].code || diag.line != rows[i].line || strstr(diag.reason, rows[i].says) == NULL) {
            printf("row %zu: %s:%ld: %s\n", i, diag.file, diag.line, diag.reason);
            CU_FAIL("not refused as it must be");
        }
    }
    oc_sample_remove(folder);
}

static void a_doctype_is_refused_before_its_entities(void)
{
    char folder[64];
    char path[128];
    struct seen seen;
    oc_diag diag = {0};
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "result.xml");
    OC_ASSERT_OK(
        oc_file_replace(path,
                        oc_span_text("<!DOCTYPE result [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n"
                                     "<result xmlns=\"urn:onecard:result:1\">&b;</result>"),
                        NULL));
    OC_ASSERT_CODE(look(path, &seen, &diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "DOCTYPE"));
    oc_sample_remove(folder);
}

static void other_versions_are_named(void)
{
    char folder[64];
    char path[128];
    struct seen seen;
    oc_diag diag = {0};
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "result.xml");
    OC_ASSERT_OK(oc_file_replace(path, oc_span_text("<result xmlns=\"urn:onecard:result:2\">"), NULL));
    OC_ASSERT_CODE(look(path, &seen, &diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "version 2"));
    CU_ASSERT_EQUAL(diag.line, 1);
    oc_sample_remove(folder);
}

struct held {
    size_t cases;
    size_t most; /* bytes */
};

static oc_result weigh(void *self, const xmlNode *one, oc_diag *diag)
{
    (void)one;
    (void)diag;
    struct held *held = self;
    if (held->cases++ % 100 == 0) {
        size_t now = mallinfo2().uordblks; /* nothing under tools that replace malloc */
        held->most = now > held->most ? now : held->most;
    }
    return oc_ok();
}

static size_t most_held(const char *path, size_t cases)
{
    struct held held = {0};
    const oc_record_visitor visitor = {.self = &held, .one = weigh, .digests = true};
    OC_ASSERT_OK(oc_record_read(path, &visitor, NULL));
    CU_ASSERT_EQUAL(held.cases, cases);
    return held.most;
}

static void put_big(const char *path, unsigned cases)
{
    FILE *out = NULL;
    char counts[64];
    put_record(path, "", "", "");
    oc_buf head = {0};
    OC_ASSERT_OK(oc_file_read(&head, path, OC_BUF_MAX, NULL));
    OC_ASSERT_OK(oc_buf_append_byte(&head, 0));
    char *counted = strstr((char *)head.at, "\"PASS\" n=\"1\"");
    char *end = strstr((char *)head.at, "</result>");
    CU_ASSERT_TRUE_FATAL(counted != NULL && end != NULL && (out = fopen(path, "w")) != NULL);
    *counted = *end = '\0';
    snprintf(counts, sizeof counts, "\"PASS\" n=\"%u\"", cases);
    fprintf(out, "%s%s%s", (char *)head.at, counts, counted + strlen("\"PASS\" n=\"1\""));
    for (unsigned i = 0; i < cases; i++) {
        fprintf(out,
                "<case id=\"A.%u\" pass=\"p\" verdict=\"PASS\" line=\"1\" rev=\"1\" flow=\"false\" duration-ns=\"1\">"
                "<step duration-ns=\"1\"><exchange begin-ns=\"1\" duration-ns=\"1\"><command>%01000u</command>"
                "</exchange></step></case>\n",
                i, i);
    }
    fputs("</result>", out);
    fclose(out);
    oc_buf_free(&head);
}

/* Ten times the record, hardly more memory. */
static void memory_does_not_grow_with_the_record(void)
{
    char folder[64];
    char path[128];
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "result.xml");
    put_big(path, 1000);
    size_t small = most_held(path, 1000);
    put_big(path, 20000); /* 24 MB */
    size_t large = most_held(path, 20000);
    CU_ASSERT_TRUE(large < small + (size_t)2 * 1024 * 1024);
    oc_sample_remove(folder);
}

/* A good record at `path`, and its text, which the caller frees. */
static char *put_sample(char folder[64], char *path, size_t room)
{
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    oc_sample_path(path, room, folder, "result.xml");
    return oc_sample_read(folder, "result.xml");
}

static void cut_and_changed_records_are_refused(void)
{
    char folder[64];
    char path[128];
    char *whole = put_sample(folder, path, sizeof path);
    size_t len = strlen(whole);
    for (size_t cut = 1; cut < len - 1; cut += len / 61 + 1) {
        struct seen seen;
        oc_diag diag = {0};
        OC_ASSERT_OK(oc_file_replace(path, oc_span_of(whole, cut), NULL));
        OC_ASSERT_CODE(look(path, &seen, &diag), OC_E_FORMAT);
        CU_ASSERT_EQUAL(seen.ends, 0);
        CU_ASSERT_TRUE(diag.reason[0] != '\0' && diag.file[0] != '\0');
    }
    free(whole);
    oc_sample_remove(folder);
}

/* Well-formed, each child valid, and some of them not there: before the end, and before the first case. */
static void a_head_with_gaps_is_refused(void)
{
    static const char *const children[] = {"<environment", "<vectors", "<counts", "<latency"};
    char folder[64];
    char path[128];
    char *whole = put_sample(folder, path, sizeof path);
    const char *cases = strstr(whole, "<case ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(cases);
    for (size_t i = 0; i < 2 * sizeof children / sizeof children[0]; i++) {
        struct seen seen;
        oc_diag diag = {0};
        oc_buf cut = {0};
        const char *from = strstr(whole, children[i / 2]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(from);
        OC_ASSERT_OK(oc_buf_set(&cut, oc_span_of(whole, (size_t)(from - whole))));
        OC_ASSERT_OK(oc_buf_append(&cut, oc_span_text(i % 2 == 0 ? "</result>" : cases)));
        OC_ASSERT_OK(oc_file_replace(path, oc_buf_span(&cut), NULL));
        OC_ASSERT_CODE(look(path, &seen, &diag), OC_E_FORMAT);
        CU_ASSERT_EQUAL(seen.heads + seen.ends, 0);
        CU_ASSERT_TRUE(diag.reason[0] != '\0' && diag.file[0] != '\0');
        oc_buf_free(&cut);
    }
    free(whole);
    oc_sample_remove(folder);
}

static void what_is_no_file_is_refused(void)
{
    struct seen seen;
    oc_diag diag = {0};
    OC_ASSERT_CODE(look("/nowhere/result.xml", &seen, &diag), OC_E_NOT_FOUND);
    oc_diag_clear(&diag);
    OC_ASSERT_CODE(look("tests", &seen, &diag), OC_E_IO);
    CU_ASSERT_NOT_EQUAL(diag.reason[0], '\0');
}

/* A gigabyte of nothing, which takes no room. */
static void a_hole_is_refused_at_its_begin(void)
{
    char folder[64];
    char path[128];
    struct seen seen;
    oc_diag diag = {0};
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "result.xml");
    OC_ASSERT_OK(oc_file_replace(path, oc_span_empty(), NULL));
    OC_ASSERT_CODE(look(path, &seen, &diag), OC_E_FORMAT);
    CU_ASSERT_EQUAL(truncate(path, (off_t)1 << 30), 0);
    oc_diag_clear(&diag);
    OC_ASSERT_CODE(look(path, &seen, &diag), OC_E_FORMAT);
    CU_ASSERT_NOT_EQUAL(diag.reason[0], '\0');
    oc_sample_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a record is seen whole", a_record_is_seen_whole},
        {"a visitor may want nothing", a_visitor_may_want_nothing},
        {"a visitor ends the reading", a_visitor_ends_the_reading},
        {"hostile records are refused", hostile_records_are_refused},
        {"a DOCTYPE is refused before its entities", a_doctype_is_refused_before_its_entities},
        {"other versions are named", other_versions_are_named},
        {"cut and changed records are refused", cut_and_changed_records_are_refused},
        {"memory does not grow with the record", memory_does_not_grow_with_the_record},
        {"a head with gaps is refused", a_head_with_gaps_is_refused},
        {"what is no file is refused", what_is_no_file_is_refused},
        {"a hole is refused at its begin", a_hole_is_refused_at_its_begin},
        {NULL, NULL},
    };
    return oc_test_main("reports: reader", rows);
}
