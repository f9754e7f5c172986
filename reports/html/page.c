/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/page.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "reports/compare/compare.h"
#include "reports/conclusion.h"
#include "reports/html/causes.h"
#include "reports/html/lab.h"
#include "reports/html/left_out.h"
#include "reports/html/matrix.h"
#include "reports/html/totals.h"
#include "reports/latency/latency_report.h"
#include "reports/record_reader.h"
#include "sim/base/file.h"

#define SCRIPT "reports/transforms/script.js"
#define SCRIPT_LIMIT ((size_t)64 * 1024)

struct page {
    const oc_report_inputs *inputs;
    xmlDoc *doc;
    xmlNode *root;
    xmlNode *report;
    oc_pen pen;
    oc_requirements requirements;
    oc_pairs pairs;
    oc_untested untested;
    oc_totals totals;
    oc_causes causes;
    oc_left_out left_out;
    oc_case_list cases;
    oc_samples *samples;
    size_t number;
};

static oc_result no_memory(oc_diag *diag)
{
    return oc_diag_fail(diag, OC_E_MEMORY, "no memory for the report");
}

/* Thousands of raw samples, and nobody reads them here. */
static void drop_samples(xmlNode *root)
{
    for (xmlNode *pass = oc_xml_child(root, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        xmlNode *samples = oc_xml_child(pass, "empty-exchange-ns");
        if (samples != NULL) {
            xmlUnlinkNode(samples);
            xmlFreeNode(samples);
        }
    }
}

static oc_result take_head(void *self, const xmlNode *result, oc_diag *diag)
{
    struct page *page = self;
    /* libxml2 copies without changing, but wants its argument plain. */
    page->root = xmlDocCopyNode((xmlNode *)(uintptr_t)result, page->doc, 1);
    if (page->root == NULL) {
        return no_memory(diag);
    }
    xmlDocSetRootElement(page->doc, page->root);
    drop_samples(page->root);
    OC_TRY(oc_samples_head(page->samples, result));
    page->pen.ns = xmlNewNs(page->root, (const xmlChar *)OC_REPORT_NAMESPACE, (const xmlChar *)"x");
    page->report = page->pen.ns == NULL ? NULL : oc_pen_add(&page->pen, page->root, "report", NULL);
    if (page->report == NULL) {
        return no_memory(diag);
    }
    OC_TRY(oc_totals_begin(&page->totals, page->root));
    OC_TRY(oc_causes_begin(&page->causes, oc_pen_add(&page->pen, page->report, "causes", NULL), page->root));
    return oc_left_out_begin(&page->left_out, oc_pen_add(&page->pen, page->report, "left", NULL));
}

static bool needs_a_word(enum oc_report_verdict verdict)
{
    return verdict == OC_REPORT_FAIL || verdict == OC_REPORT_DEVIATION || verdict == OC_REPORT_ERROR ||
           verdict == OC_REPORT_INCONCLUSIVE;
}

static oc_result take_case(void *self, const xmlNode *node, oc_diag *diag)
{
    (void)diag;
    struct page *page = self;
    const oc_result_case one = oc_result_case_of(node);
    page->number++;
    OC_TRY(oc_requirements_count_case(&page->requirements, &one));
    OC_TRY(oc_pairs_count_case(&page->pairs, &page->requirements, &one));
    OC_TRY(oc_untested_take_case(&page->untested, &page->requirements, &one));
    OC_TRY(oc_totals_take(&page->totals, &one));
    OC_TRY(oc_samples_case(page->samples, node));
    OC_TRY(oc_left_out_take(&page->left_out, &page->pen, &one));
    OC_TRY(oc_case_list_take(&page->cases, &page->requirements, &one));
    return needs_a_word(one.verdict) ? oc_causes_take(&page->causes, &page->pen, &one, page->number) : oc_ok();
}

/* The run's own id where it has one; otherwise the record's digest makes it. */
static void set_id(oc_pen *pen, xmlNode *report, const xmlNode *root, const char *sha256)
{
    const char *run = oc_xml_attr(root, "run-id");
    char id[16] = "R-";
    for (size_t i = 0; i < 12 && sha256[i] != '\0'; i++) {
        id[2 + i] = (char)(sha256[i] >= 'a' ? sha256[i] - 32 : sha256[i]);
    }
    oc_pen_set(pen, report, "id", run != NULL && run[0] != '\0' ? run : id);
}

static oc_result take_end(void *self, const oc_record_end *end, oc_diag *diag)
{
    (void)diag;
    struct page *page = self;
    oc_pen *pen = &page->pen;
    xmlNode *report = page->report;
    const oc_conclusion_facts facts = oc_conclusion_facts_take(page->root, end);
    set_id(pen, report, page->root, end->sha256);
    oc_pen_set(pen, report, "sha256", end->sha256);
    oc_pen_set(pen, report, "sm3", end->sm3);
    oc_pen_set(pen, report, "conclusion", oc_conclusion_key(oc_conclusion_from(&facts)));
    oc_pen_set_number(pen, report, "missing", oc_conclusion_facts_missing(&facts));
    oc_pen_set_number(pen, report, "cases", end->cases);
    oc_pen_set_number(pen, report, "passed", oc_report_passed(&end->counts, facts.strict));
    oc_pen_set_number(pen, report, "failed", oc_report_failed(&end->counts, facts.strict) + facts.differences);
    oc_pen_set_number(pen, report, "skipped", oc_report_skipped(&end->counts));
    return oc_ok();
}

static void write_findings(struct page *page)
{
    oc_pen *pen = &page->pen;
    oc_pairs_sort(&page->pairs);
    oc_untested_finish(&page->untested, &page->requirements);
    oc_case_list_finish(&page->cases);
    const oc_pair_sums sums = oc_pairs_sum(&page->pairs, OC_PAIRS_ALL);
    oc_pen_set_number(pen, page->report, "pairs", page->pairs.count);
    oc_pen_set_number(pen, page->report, "pairs-run", sums.run);
    oc_pen_set_number(pen, page->report, "pairs-passed", sums.passed);
    oc_pen_set(pen, page->report, "listed", page->cases.given_up ? NULL : "true");
    oc_totals_write(&page->totals, pen, page->report);
    oc_matrix_write(&(oc_matrix){&page->requirements, &page->pairs, &page->untested, &page->cases}, pen, page->report);
    oc_case_list_write(&page->cases, pen, page->report);
    oc_causes_finish(&page->causes, pen);
    oc_left_out_finish(&page->left_out, pen);
}

/* The script and what a Content-Security-Policy must say to allow it and no other. */
static oc_result add_script(struct page *page, oc_diag *diag)
{
    char path[4096];
    uint8_t digest[EVP_MAX_MD_SIZE];
    char text[80] = "sha256-";
    oc_buf script = {0};
    if (!oc_is_ok(oc_file_join(path, sizeof path, page->inputs->data_folder, SCRIPT))) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, page->inputs->data_folder, 0, "path too long");
    }
    OC_TRY(oc_file_read(&script, path, SCRIPT_LIMIT, diag));
    oc_result r = oc_ok();
    if (EVP_Digest(script.at, script.len, digest, NULL, EVP_sha256(), NULL) != 1) {
        r = oc_diag_fail_at(diag, OC_E_CRYPTO, path, 0, "cannot make its digest");
    } else {
        EVP_EncodeBlock((unsigned char *)text + strlen(text), digest, 32);
        xmlNode *node = oc_pen_add_n(&page->pen, page->report, "script", (const char *)script.at, script.len);
        oc_pen_set(&page->pen, node, "digest", text);
    }
    oc_buf_free(&script);
    return r;
}

static oc_result load_requirements(oc_requirements *out, const char *data_folder, oc_diag *diag)
{
    char path[4096];
    if (!oc_is_ok(oc_file_join(path, sizeof path, data_folder, "vectors/requirements"))) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, data_folder, 0, "path too long");
    }
    return oc_requirements_load(out, path, diag);
}

static oc_result build(struct page *page, oc_diag *diag)
{
    const oc_record_visitor visitor = {
        .self = page, .head = take_head, .one = take_case, .end = take_end, .digests = true};
    OC_TRY(load_requirements(&page->requirements, page->inputs->data_folder, diag));
    OC_TRY(oc_pairs_begin(&page->pairs));
    OC_TRY(oc_untested_begin(&page->untested));
    OC_TRY(oc_case_list_begin(&page->cases));
    OC_TRY(oc_samples_new(&page->samples));
    OC_TRY(oc_record_read(page->inputs->result_path, &visitor, diag));
    write_findings(page);
    OC_TRY(oc_samples_finish(page->samples));
    OC_TRY(oc_latency_report(page->report, page->samples, page->inputs->limits_path, diag));
    if (page->inputs->lab_path != NULL) {
        OC_TRY(oc_lab_write(&page->pen, page->report, page->inputs->lab_path, page->inputs->data_folder, diag));
    }
    if (page->inputs->baseline_path != NULL) {
        OC_TRY(oc_compare_report(page->report, page->inputs->baseline_path, page->inputs->result_path, diag));
    }
    OC_TRY(add_script(page, diag));
    return page->pen.bad ? no_memory(diag) : oc_ok();
}

oc_result oc_html_page(xmlDoc **out, const oc_report_inputs *inputs, oc_diag *diag)
{
    struct page page = {.inputs = inputs, .doc = xmlNewDoc((const xmlChar *)"1.0")};
    oc_result r = page.doc == NULL ? no_memory(diag) : build(&page, diag);
    oc_samples_free(&page.samples);
    oc_left_out_free(&page.left_out);
    oc_causes_free(&page.causes);
    oc_totals_free(&page.totals);
    oc_case_list_free(&page.cases);
    oc_untested_free(&page.untested);
    oc_pairs_free(&page.pairs);
    oc_requirements_free(&page.requirements);
    if (!oc_is_ok(r)) {
        xmlFreeDoc(page.doc);
        page.doc = NULL;
    }
    *out = page.doc;
    return r;
}
