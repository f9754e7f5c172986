/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/annotate.h"

#include <libxml/hash.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/byte_difference.h"
#include "reports/conclusion.h"
#include "sim/base/sw.h"

/* A failure (memory) stays, and is asked for once. */
struct pen {
    xmlNs *ns;
    bool bad;
};

static void set(struct pen *pen, xmlNode *node, const char *name, const char *value)
{
    if (value != NULL && xmlNewProp(node, (const xmlChar *)name, (const xmlChar *)value) == NULL) {
        pen->bad = true;
    }
}

static void set_number(struct pen *pen, xmlNode *node, const char *name, size_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", value);
    set(pen, node, name, digits);
}

static xmlNode *add(struct pen *pen, xmlNode *parent, const char *name, const char *text)
{
    xmlNode *node = xmlNewTextChild(parent, pen->ns, (const xmlChar *)name, (const xmlChar *)text);
    pen->bad = pen->bad || node == NULL;
    return node;
}

/* Letters, digits, '-' and '_' only: dots make levels in class names. */
static void append_slug(oc_buf *out, const char *text, bool *bad)
{
    for (const char *c = text; *c != '\0'; c++) {
        bool fine = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') || *c == '-';
        *bad = *bad || !oc_is_ok(oc_buf_append_byte(out, (uint8_t)(fine ? *c : '_')));
    }
}

/* The slug of a pass: with its number behind it where an earlier pass has the same. */
static void slug_pass(struct pen *pen, const xmlNode *root, xmlNode *pass, unsigned number)
{
    oc_buf slug = {0};
    append_slug(&slug, oc_xml_attr(pass, "id"), &pen->bad);
    for (const xmlNode *other = oc_xml_child(root, "pass"); other != pass && other != NULL;
         other = oc_xml_next(other, "pass")) {
        const char *taken = oc_xml_attr(other, "slug");
        if (taken != NULL && slug.len == strlen(taken) && memcmp(taken, slug.at, slug.len) == 0) {
            char suffix[16];
            snprintf(suffix, sizeof suffix, "-pass-%u", number);
            pen->bad = pen->bad || !oc_is_ok(oc_buf_append(&slug, oc_span_text(suffix)));
            break;
        }
    }
    pen->bad = pen->bad || !oc_is_ok(oc_buf_append_byte(&slug, 0));
    if (!pen->bad) {
        set(pen, pass, "slug", (const char *)slug.at);
    }
    oc_buf_free(&slug);
}

static const xmlNode *pass_of(const xmlNode *root, const char *id)
{
    const xmlNode *pass = oc_xml_child(root, "pass");
    while (pass != NULL && strcmp(oc_xml_attr(pass, "id"), id) != 0) {
        pass = oc_xml_next(pass, "pass");
    }
    return pass;
}

/* onecard.PASS.AREA.GROUP, the group being the first two parts of the id. */
static void set_classname(struct pen *pen, const xmlNode *pass, const oc_result_case *one)
{
    oc_buf name = {0};
    oc_buf part = {0};
    const char *area = oc_xml_attr(one->node, "area");
    size_t group = strcspn(one->id, ".");
    bool bad = !oc_is_ok(oc_buf_append(&name, oc_span_text("onecard.")));
    append_slug(&name, oc_xml_attr(pass, "slug"), &bad);
    bad = bad || !oc_is_ok(oc_buf_append_byte(&name, '.'));
    append_slug(&name, area == NULL || area[0] == '\0' ? "all" : area, &bad);
    bad = bad || !oc_is_ok(oc_buf_append_byte(&name, '.'));
    if (one->id[group] == '.') {
        group += 1 + strcspn(one->id + group + 1, ".");
    }
    bad = bad || !oc_is_ok(oc_buf_set(&part, oc_span_of(one->id, group))) || !oc_is_ok(oc_buf_append_byte(&part, 0));
    if (!bad) {
        append_slug(&name, (const char *)part.at, &bad);
    }
    bad = bad || !oc_is_ok(oc_buf_append_byte(&name, 0));
    if (!bad) {
        set(pen, one->node, "classname", (const char *)name.at);
    }
    pen->bad = pen->bad || bad;
    oc_buf_free(&name);
    oc_buf_free(&part);
}

struct run_target {
    struct pen *pen;
    xmlNode *parent;
};

static void add_run(void *self, const char *at, size_t len, bool differs)
{
    struct run_target *target = self;
    xmlChar *text = xmlStrndup((const xmlChar *)at, (int)(len & 0x7FFFFFFF));
    if (text == NULL) {
        target->pen->bad = true;
        return;
    }
    add(target->pen, target->parent, differs ? "differs" : "same", (const char *)text);
    xmlFree(text);
}

static const char *text_of(const xmlNode *node)
{
    return node == NULL || node->children == NULL ? "" : (const char *)node->children->content;
}

/* What a single status word means, beside it. */
static void set_meaning(struct pen *pen, xmlNode *node, const char *what, const char *text)
{
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 16);
    if (node == NULL || what == NULL || strcmp(what, "sw") != 0 || strlen(text) != 4 || *end != '\0') {
        return;
    }
    oc_sw sw = oc_sw_of((unsigned)value);
    if (oc_sw_meaning(sw, "zh")[0] != '\0') {
        set(pen, node, "zh", oc_sw_meaning(sw, "zh"));
        set(pen, node, "en", oc_sw_meaning(sw, "en"));
    }
}

static void mark_difference(struct pen *pen, xmlNode *evidence)
{
    const xmlNode *expected = oc_xml_child(evidence, "expected");
    const xmlNode *received = oc_xml_child(evidence, "received");
    const char *what = oc_xml_attr(evidence, "what");
    if (expected == NULL || received == NULL || oc_xml_attr(evidence, "first-difference") == NULL) {
        return;
    }
    const char *wanted = text_of(expected);
    const char *got = text_of(received);
    /* Of several status words that would do, none is the one to compare with. */
    bool several = what != NULL && strcmp(what, "sw") == 0 && strchr(wanted, ' ') != NULL;
    struct run_target target = {pen, add(pen, evidence, "expected", NULL)};
    if (several) {
        add_run(&target, wanted, strlen(wanted), false);
    } else {
        oc_byte_difference(wanted, got, add_run, &target);
    }
    set_meaning(pen, target.parent, what, wanted);
    target.parent = add(pen, evidence, "received", NULL);
    if (several) {
        add_run(&target, got, strlen(got), true);
    } else {
        oc_byte_difference(got, wanted, add_run, &target);
    }
    set_meaning(pen, target.parent, what, got);
}

static void annotate_case(struct pen *pen, const oc_result_case *one, const xmlNode *pass, size_t number)
{
    xmlNode *evidence = oc_xml_child(one->node, "evidence");
    const char *decided = evidence == NULL ? NULL : oc_xml_attr(evidence, "requirement");
    bool named = decided == NULL || decided[0] == '\0';
    set_number(pen, one->node, "n", number);
    set_classname(pen, pass, one);
    for (xmlNode *req = oc_xml_child(one->node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        const char *id = text_of(req);
        named = named || strcmp(id, decided) == 0;
        set(pen, req, "says", oc_report_verdict_name(oc_requirements_case_says(one, id)));
    }
    if (!named) {
        xmlNode *req = add(pen, one->node, "req", decided);
        if (req != NULL) {
            set(pen, req, "says", oc_report_verdict_name(one->verdict));
        }
    }
    if (evidence != NULL) {
        mark_difference(pen, evidence);
    }
}

/* What is said of a requirement that no case of the run tried. */
static void add_why(struct pen *pen, xmlNode *node, const oc_findings *findings, size_t index)
{
    const oc_requirement *requirement = &findings->requirements->at[index];
    if (!oc_requirement_untested(requirement)) {
        return;
    }
    if (requirement->known && requirement->untested_zh[0] != '\0') {
        add(pen, node, "untested-zh", requirement->untested_zh);
        add(pen, node, "untested-en", requirement->untested_en);
    }
    for (size_t i = 0; i < findings->untested->count; i++) {
        const oc_untested_reason *reason = &findings->untested->at[i];
        if (reason->requirement == index) {
            xmlNode *why = add(pen, node, "why", reason->text);
            if (why != NULL) {
                set_number(pen, why, "cases", reason->cases);
            }
        }
    }
}

static void add_conditions(struct pen *pen, xmlNode *node, const oc_pairs *pairs, size_t index)
{
    const oc_pair_sums sums = oc_pairs_sum(pairs, index);
    size_t all = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        enum oc_report_verdict verdict = OC_REPORT_NOT_RUN;
        if (pairs->at[i].requirement != index || !oc_report_counts_verdict(&pairs->at[i].counts, &verdict)) {
            continue;
        }
        xmlNode *condition = add(pen, node, "condition", pairs->at[i].condition);
        if (condition != NULL) {
            set(pen, condition, "verdict", oc_report_verdict_name(verdict));
        }
        all++;
    }
    set_number(pen, node, "pairs", all);
    set_number(pen, node, "pairs-run", sums.run);
    set_number(pen, node, "pairs-passed", sums.passed);
}

static void add_requirement(struct pen *pen, xmlNode *report, const oc_findings *findings, size_t index)
{
    const oc_requirement *requirement = &findings->requirements->at[index];
    enum oc_report_verdict verdict = OC_REPORT_PASS;
    xmlNode *node = add(pen, report, "requirement", NULL);
    if (node == NULL) {
        return;
    }
    set(pen, node, "id", requirement->id);
    set(pen, node, "known", requirement->known ? "true" : "false");
    if (oc_requirement_verdict(requirement, &verdict)) {
        set(pen, node, "verdict", oc_report_verdict_name(verdict));
    }
    set_number(pen, node, "cases", oc_report_total(&requirement->counts));
    set_number(pen, node, "passed", requirement->counts.of[OC_REPORT_PASS]);
    if (requirement->known) {
        set(pen, node, "doc", requirement->doc);
        set(pen, node, "clause", requirement->clause);
        set(pen, node, "level", requirement->level);
        set(pen, node, "confidence", requirement->confidence);
        add(pen, node, "zh", requirement->text_zh);
        add(pen, node, "en", requirement->text_en);
    }
    add_conditions(pen, node, findings->pairs, index);
    add_why(pen, node, findings, index);
}

static void add_report(struct pen *pen, const oc_result_record *record, const oc_findings *findings)
{
    const oc_pair_sums sums = oc_pairs_sum(findings->pairs, OC_PAIRS_ALL);
    xmlNode *report = add(pen, record->root, "report", NULL);
    if (report == NULL) {
        return;
    }
    set(pen, report, "sha256", record->sha256);
    set(pen, report, "sm3", record->sm3);
    set(pen, report, "conclusion", oc_conclusion_key(oc_conclusion_of(record)));
    set_number(pen, report, "missing", oc_conclusion_missing(record));
    set_number(pen, report, "passed", oc_report_passed(&record->counts, record->strict));
    set_number(pen, report, "failed", oc_report_failed(&record->counts, record->strict) + record->differences);
    set_number(pen, report, "skipped", oc_report_skipped(&record->counts));
    set_number(pen, report, "pairs", findings->pairs->count);
    set_number(pen, report, "pairs-run", sums.run);
    set_number(pen, report, "pairs-passed", sums.passed);
    for (size_t i = 0; i < findings->requirements->count; i++) {
        add_requirement(pen, report, findings, i);
    }
}

/* Groups what was left out by verdict and reason. Negatives that only follow their positive twin are one group, the
 * empty one: each has a reason of its own that says nothing new. */
static void group_left_out(struct pen *pen, const oc_result_record *record)
{
    xmlHashTablePtr seen = xmlHashCreate(64);
    pen->bad = pen->bad || seen == NULL;
    for (size_t i = 0; i < record->case_count && !pen->bad; i++) {
        const oc_result_case *one = &record->cases[i];
        if (one->verdict != OC_REPORT_NOT_RUN && one->verdict != OC_REPORT_NOT_APPLICABLE) {
            continue;
        }
        const char *group = oc_untested_text(one);
        set(pen, one->node, "left-out", group);
        if (xmlHashAddEntry2(seen, (const xmlChar *)oc_report_verdict_name(one->verdict), (const xmlChar *)group,
                             pen) == 0) {
            set(pen, one->node, "first", "true");
        }
    }
    if (seen != NULL) {
        xmlHashFree(seen, NULL);
    }
}

oc_result oc_annotate(oc_result_record *record, const oc_findings *findings, oc_diag *diag)
{
    struct pen pen = {.ns = xmlNewNs(record->root, (const xmlChar *)OC_REPORT_NAMESPACE, (const xmlChar *)"x")};
    if (pen.ns == NULL) {
        return oc_diag_fail(diag, OC_E_MEMORY, "no memory for the report");
    }
    unsigned number = 0;
    for (xmlNode *pass = oc_xml_child(record->root, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        slug_pass(&pen, record->root, pass, ++number);
    }
    const xmlNode *pass = NULL;
    for (size_t i = 0; i < record->case_count && !pen.bad; i++) {
        if (pass == NULL || strcmp(oc_xml_attr(pass, "id"), record->cases[i].pass) != 0) {
            pass = pass_of(record->root, record->cases[i].pass);
        }
        annotate_case(&pen, &record->cases[i], pass, i + 1);
    }
    group_left_out(&pen, record);
    add_report(&pen, record, findings);
    return pen.bad ? oc_diag_fail(diag, OC_E_MEMORY, "no memory for the report") : oc_ok();
}
