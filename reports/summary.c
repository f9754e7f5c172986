/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "reports/conclusion.h"
#include "reports/plain_text.h"
#include "reports/reports.h"
#include "reports/requirements.h"

#define FINDINGS_MAX 50 /* shown one by one; a report holds them all */
#define PASS_COLUMNS 28
#define NUMBER_COLUMNS 9

struct summary {
    oc_plain_text text;
    FILE *out;
    char *findings; /* rendered while the cases pass by */
    size_t findings_size;
    FILE *findings_out;
    size_t finding_count;
    const xmlNode *result;
    oc_report_counts *passes; /* in the order of the record */
    oc_requirements requirements;
    oc_conclusion_facts facts;
    bool chinese;
    bool strict;
    size_t waived; /* failures that were accepted: they count as skipped */
};

static const char *say(const struct summary *summary, const char *english, const char *chinese)
{
    return summary->chinese ? chinese : english;
}

static unsigned color_of(enum oc_report_verdict verdict)
{
    switch (verdict) {
    case OC_REPORT_PASS:
        return 32;
    case OC_REPORT_FAIL:
    case OC_REPORT_ERROR:
        return 31;
    case OC_REPORT_INCONCLUSIVE:
    case OC_REPORT_DEVIATION:
        return 33;
    case OC_REPORT_NOT_APPLICABLE:
    case OC_REPORT_NOT_RUN:
        break;
    }
    return 2;
}

static void put_line(struct summary *summary, const char *label, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return;
    }
    fputs("      ", summary->text.out);
    oc_plain_text_put(&summary->text, label, 10, true);
    oc_plain_text_put(&summary->text, value, 0, false);
    fputc('\n', summary->text.out);
}

/* Borrowed; "" when the element has no text. */
static const char *child_text(const xmlNode *parent, const char *name, const char *lang)
{
    for (const xmlNode *node = oc_xml_child(parent, name); node != NULL; node = oc_xml_next(node, name)) {
        const char *its = lang == NULL ? NULL : oc_xml_attr(node, "lang");
        if (lang == NULL || (its != NULL && strcmp(its, lang) == 0)) {
            return node->children == NULL ? "" : (const char *)node->children->content;
        }
    }
    return "";
}

static const char *title_of(const struct summary *summary, const xmlNode *node)
{
    const char *title = child_text(node, "title", summary->chinese ? "zh" : "en");
    return title[0] != '\0' ? title : child_text(node, "title", summary->chinese ? "en" : "zh");
}

static void put_conclusion(struct summary *summary)
{
    enum oc_conclusion conclusion = oc_conclusion_from(&summary->facts);
    unsigned color = conclusion == OC_CONCLUSION_CONFORMS || conclusion == OC_CONCLUSION_DEVIATES ? 32
                     : conclusion == OC_CONCLUSION_NONCONFORMING                                  ? 31
                                                                                                  : 33;
    FILE *out = summary->text.out;
    oc_plain_text_color(&summary->text, color);
    fputs(oc_conclusion_words(conclusion, summary->chinese), out);
    oc_plain_text_plain(&summary->text);
    fprintf(out, "  (onecard %s, %s %s%s)\n", oc_xml_attr(summary->result, "suite-version"),
            say(summary, "seed", "种子"), oc_xml_attr(summary->result, "seed"),
            summary->facts.strict ? say(summary, ", strict", "，严格") : "");
    if (summary->facts.interrupted) {
        fprintf(out, "%s\n", say(summary, "The run was interrupted.", "运行被中断。"));
    }
    size_t missing = oc_conclusion_facts_missing(&summary->facts);
    if (missing > 0) {
        fprintf(out, "%s%zu\n", say(summary, "Planned verdicts that are missing: ", "缺少的计划内判定："), missing);
    }
}

static void put_passes(struct summary *summary)
{
    static const enum oc_report_verdict order[] = {OC_REPORT_PASS,          OC_REPORT_DEVIATION,    OC_REPORT_FAIL,
                                                   OC_REPORT_ERROR,         OC_REPORT_INCONCLUSIVE, OC_REPORT_NOT_RUN,
                                                   OC_REPORT_NOT_APPLICABLE};
    static const char *const heads[][2] = {{"pass", "通过"},  {"deviate", "偏离"},    {"fail", "不通过"},
                                           {"error", "错误"}, {"undecid.", "不确定"}, {"not run", "未执行"},
                                           {"n.a.", "不适用"}};
    FILE *out = summary->text.out;
    fputc('\n', out);
    oc_plain_text_put(&summary->text, say(summary, "pass of the run", "测试轮次"), PASS_COLUMNS, true);
    for (size_t v = 0; v < OC_REPORT_VERDICTS; v++) {
        oc_plain_text_put(&summary->text, heads[v][summary->chinese], NUMBER_COLUMNS, true);
    }
    fputc('\n', out);
    size_t number = 0;
    for (const xmlNode *pass = oc_xml_child(summary->result, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        const oc_report_counts counts = summary->passes[number++];
        oc_plain_text_put(&summary->text, oc_xml_attr(pass, "id"), PASS_COLUMNS - 1, true);
        fputc(' ', out);
        for (size_t v = 0; v < OC_REPORT_VERDICTS; v++) {
            char digits[24];
            snprintf(digits, sizeof digits, "%zu", counts.of[order[v]]);
            oc_plain_text_color(&summary->text, counts.of[order[v]] > 0 ? color_of(order[v]) : 2);
            oc_plain_text_put(&summary->text, digits, NUMBER_COLUMNS, true);
            oc_plain_text_plain(&summary->text);
        }
        oc_plain_text_put(&summary->text, title_of(summary, pass), 40, false);
        fputc('\n', out);
    }
}

static bool is_finding(enum oc_report_verdict verdict)
{
    return verdict == OC_REPORT_FAIL || verdict == OC_REPORT_ERROR || verdict == OC_REPORT_INCONCLUSIVE ||
           verdict == OC_REPORT_DEVIATION;
}

static void put_finding(struct summary *summary, const oc_result_case *one)
{
    const xmlNode *evidence = oc_xml_child(one->node, "evidence");
    FILE *out = summary->text.out;
    fputc('\n', out);
    oc_plain_text_color(&summary->text, color_of(one->verdict));
    fputs(oc_report_verdict_word(one->verdict, summary->chinese), out);
    oc_plain_text_plain(&summary->text);
    fputs("  ", out);
    oc_plain_text_put(&summary->text, one->id, 0, false);
    fputs("  ", out);
    oc_plain_text_put(&summary->text, title_of(summary, one->node), 0, false);
    fputs("  [", out);
    oc_plain_text_put(&summary->text, one->pass, 0, false);
    fputs("]\n", out);
    put_line(summary, say(summary, "reason", "原因"), child_text(one->node, "reason", NULL));
    if (evidence != NULL) {
        put_line(summary, say(summary, "step", "步骤"), oc_xml_attr(evidence, "step"));
        put_line(summary, say(summary, "check", "检查"), oc_xml_attr(evidence, "what"));
        put_line(summary, say(summary, "expected", "期望"), child_text(evidence, "expected", NULL));
        put_line(summary, say(summary, "received", "实际"), child_text(evidence, "received", NULL));
        put_line(summary, say(summary, "req.", "要求"), oc_xml_attr(evidence, "requirement"));
    }
    const char *file = oc_xml_attr(one->node, "file");
    if (file != NULL && file[0] != '\0') {
        fputs("      ", out);
        oc_plain_text_put(&summary->text, say(summary, "vector", "用例"), 10, true);
        oc_plain_text_put(&summary->text, file, 0, false);
        fprintf(out, ":%s\n", oc_xml_attr(one->node, "line"));
    }
}

static void put_findings(struct summary *summary)
{
    fwrite(summary->findings, 1, summary->findings_size, summary->text.out);
    if (summary->finding_count > FINDINGS_MAX) {
        fprintf(summary->text.out, "\n%s%zu\n", say(summary, "Further findings, in the report: ", "其余见报告："),
                summary->finding_count - FINDINGS_MAX);
    }
    for (const xmlNode *one = oc_xml_child(summary->result, "difference"); one != NULL;
         one = oc_xml_next(one, "difference")) {
        fputc('\n', summary->text.out);
        fputs(say(summary, "links differ  ", "两条链路不一致  "), summary->text.out);
        oc_plain_text_put(&summary->text, oc_xml_attr(one, "id"), 0, false);
        fprintf(summary->text.out, "  ");
        oc_plain_text_put(&summary->text, oc_xml_attr(one, "pass-a"), 0, false);
        fprintf(summary->text.out, " %s, ", oc_xml_attr(one, "verdict-a"));
        oc_plain_text_put(&summary->text, oc_xml_attr(one, "pass-b"), 0, false);
        fprintf(summary->text.out, " %s\n", oc_xml_attr(one, "verdict-b"));
    }
}

/* Only what the record holds: how many requirements its cases are about, and what they say. */
static void put_requirements(struct summary *summary)
{
    size_t met = 0;
    size_t against = 0;
    size_t open = 0;
    size_t untouched = 0;
    for (size_t i = 0; i < summary->requirements.count; i++) {
        enum oc_report_verdict verdict = OC_REPORT_NOT_RUN;
        (void)oc_requirement_verdict(&summary->requirements.at[i], &verdict);
        met += verdict == OC_REPORT_PASS;
        against += verdict == OC_REPORT_FAIL || verdict == OC_REPORT_DEVIATION;
        open += verdict == OC_REPORT_ERROR || verdict == OC_REPORT_INCONCLUSIVE;
        untouched += verdict == OC_REPORT_NOT_RUN || verdict == OC_REPORT_NOT_APPLICABLE;
    }
    fprintf(summary->text.out, "\n%s%zu%s%zu%s%zu%s%zu%s\n", say(summary, "Requirements: ", "要求：符合"), met,
            say(summary, " met, ", "，不符合或偏离"), against, say(summary, " not met or deviating, ", "，不确定"),
            open, say(summary, " undecided, ", "，未测"), untouched, say(summary, " not tried", ""));
}

static oc_result take_head(void *self, const xmlNode *result, oc_diag *diag)
{
    (void)diag;
    struct summary *summary = self;
    size_t passes = 0;
    for (const xmlNode *pass = oc_xml_child(result, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        passes++;
    }
    const char *strict = oc_xml_attr(result, "strict");
    summary->strict = strcmp(strict, "true") == 0 || strcmp(strict, "1") == 0;
    summary->result = result;
    summary->passes = calloc(passes + 1, sizeof *summary->passes);
    return summary->passes == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result take_case(void *self, const xmlNode *node, oc_diag *diag)
{
    (void)diag;
    struct summary *summary = self;
    const oc_result_case one = oc_result_case_of(node);
    size_t number = 0;
    for (const xmlNode *pass = oc_xml_child(summary->result, "pass");
         pass != NULL && strcmp(oc_xml_attr(pass, "id"), one.pass) != 0; pass = oc_xml_next(pass, "pass")) {
        number++;
    }
    summary->passes[number].of[one.verdict]++;
    summary->waived += oc_xml_attr(node, "waiver") != NULL && (one.verdict == OC_REPORT_FAIL || summary->strict);
    if (is_finding(one.verdict) && summary->finding_count++ < FINDINGS_MAX) {
        put_finding(summary, &one);
    }
    return oc_requirements_count_case(&summary->requirements, &one);
}

/* Nothing is said before the record has been found good to its end. */
static oc_result take_end(void *self, const oc_record_end *end, oc_diag *diag)
{
    struct summary *summary = self;
    summary->facts = oc_conclusion_facts_take(summary->result, end);
    if (fflush(summary->findings_out) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    summary->text.out = summary->out;
    put_conclusion(summary);
    put_passes(summary);
    put_findings(summary);
    put_requirements(summary);
    if (summary->waived > 0) {
        fprintf(summary->out, "%s%zu\n", say(summary, "Failures for which a waiver holds: ", "已豁免的不通过项："),
                summary->waived);
    }
    /* One plain line for every reader, person or program; never translated. */
    fprintf(summary->out, "%zu passed, %zu failed, %zu skipped\n",
            oc_report_passed(&end->counts, summary->facts.strict),
            oc_report_failed(&end->counts, summary->facts.strict) + summary->facts.differences - summary->waived,
            oc_report_skipped(&end->counts) + summary->waived);
    return ferror(summary->out) ? oc_diag_fail(diag, OC_E_IO, "cannot write the summary") : oc_ok();
}

oc_result oc_report_summary(FILE *out, const char *result_path, const char *lang, bool color, oc_diag *diag)
{
    struct summary summary = {.out = out, .chinese = lang != NULL && strncmp(lang, "zh", 2) == 0};
    const oc_record_visitor visitor = {.self = &summary, .head = take_head, .one = take_case, .end = take_end};
    summary.findings_out = open_memstream(&summary.findings, &summary.findings_size);
    if (summary.findings_out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_plain_text_begin(&summary.text, summary.findings_out, color);
    oc_result r = oc_requirements_begin(&summary.requirements);
    if (oc_is_ok(r)) {
        r = oc_record_read(result_path, &visitor, diag);
    }
    oc_plain_text_end(&summary.text);
    oc_requirements_free(&summary.requirements);
    fclose(summary.findings_out);
    free(summary.findings);
    free(summary.passes);
    return r;
}
