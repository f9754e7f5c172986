/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "conformance/specification/pen.h"
#include "conformance/specification/steps.h"
#include "sim/base/sw.h"
#include "sim/base/terminal_code.h"

static void put_sw(FILE *out, const char *pattern)
{
    char *end = NULL;
    unsigned long value = strtoul(pattern, &end, 16);
    oc_pen_code(out, pattern);
    const char *zh = *end == '\0' ? oc_sw_meaning(oc_sw_of((unsigned)value), "zh") : "";
    const char *en = *end == '\0' ? oc_sw_meaning(oc_sw_of((unsigned)value), "en") : "";
    if (zh[0] != '\0') {
        fputs(" (", out);
        oc_pen_both(out, zh, en);
        fputc(')', out);
    }
}

static void put_status_words(FILE *out, const oc_step *step)
{
    const oc_expect *expect = &step->expect;
    bool card = step->kind == OC_STEP_APDU || step->kind == OC_STEP_TPDU;
    if (!card || (expect->no_answer && expect->sw_count == 0)) {
        return;
    }
    fputs("<li>", out);
    oc_pen_both(out, "状态字", "status word");
    fputc(' ', out);
    if (expect->sw_count == 0) {
        put_sw(out, "9000");
    }
    for (size_t i = 0; i < expect->sw_count; i++) {
        if (i > 0) {
            fputc(' ', out);
            oc_pen_both(out, "或", "or");
            fputc(' ', out);
        }
        put_sw(out, expect->sw[i]);
    }
    fputs("</li>", out);
}

static void put_bound(FILE *out, const char *zh, const char *en, size_t value)
{
    fputs(", ", out);
    oc_pen_both(out, zh, en);
    fprintf(out, " %zu", value);
}

/* "-30" of an answer "code" and its meaning. */
static void put_code_meaning(FILE *out, const oc_demand *demand)
{
    if (strcmp(demand->name, "code") != 0 || demand->eq.source == NULL) {
        return;
    }
    const char *digits = demand->eq.source + (demand->eq.source[0] == '\'');
    long code = strtol(digits, NULL, 10);
    const char *zh = code <= 0 && code > -70000 ? oc_terminal_code_meaning((int)code, "zh") : "";
    if (zh[0] != '\0') {
        fputs(" (", out);
        oc_pen_both(out, zh, oc_terminal_code_meaning((int)code, "en"));
        fputc(')', out);
    }
}

static void put_demand(FILE *out, const oc_demand *demand, bool object)
{
    fputs("<li>", out);
    if (demand->name[0] == '\0') {
        oc_pen_both(out, "数据", "data");
    } else {
        oc_pen_text(out, object ? "TLV " : "");
        oc_pen_code(out, demand->name);
    }
    if (demand->has_eq) {
        fputs(" = ", out);
        oc_pen_value(out, &demand->eq);
        put_code_meaning(out, demand);
    }
    if (demand->has_or) {
        fputc(' ', out);
        oc_pen_both(out, "或", "or");
        fputc(' ', out);
        oc_pen_value(out, &demand->other);
    }
    if (demand->has_mask) {
        fputs(", ", out);
        oc_pen_both(out, "掩码", "under the mask");
        fputc(' ', out);
        oc_pen_value(out, &demand->mask);
    }
    if (demand->has_len) {
        put_bound(out, "长度", "length", demand->len);
    }
    if (demand->has_min) {
        put_bound(out, "至少", "at least", demand->min);
    }
    if (demand->has_max) {
        put_bound(out, "至多", "at most", demand->max);
    }
    if (demand->has_below) {
        fprintf(out, " &lt; %lld", (long long)demand->below);
    }
    if (demand->optional) {
        fputs(", ", out);
        oc_pen_both(out, "可以没有", "may be absent");
    }
    if (demand->rest_none) {
        fputs(", ", out);
        oc_pen_both(out, "没有别的数据对象", "no other objects");
    }
    if (demand->capture != NULL) {
        fputs(", ", out);
        oc_pen_both(out, "记为", "kept as");
        fputs(" <code>$", out);
        oc_pen_text(out, demand->capture);
        fputs("</code>", out);
    }
    if (demand->child_count > 0) {
        fputs("<ul>", out);
        for (size_t i = 0; i < demand->child_count; i++) {
            put_demand(out, &demand->children[i], true);
        }
        fputs("</ul>", out);
    }
    fputs("</li>", out);
}

static bool says_more(const oc_demand *demand)
{
    return demand->has_eq || demand->has_mask || demand->has_len || demand->has_min || demand->has_max ||
           demand->has_below || demand->capture != NULL || demand->child_count > 0;
}

void oc_spec_expect(FILE *out, const oc_step *step)
{
    const oc_expect *expect = &step->expect;
    fputs("<ul class=\"expect\">", out);
    if (expect->no_answer) {
        fputs("<li>", out);
        if (oc_expects_silence(expect)) {
            oc_pen_both(out, "没有应答", "no answer");
        } else {
            oc_pen_both(out, "可以没有应答", "there may be no answer");
        }
        fputs("</li>", out);
    }
    put_status_words(out, step);
    if (expect->has_data && says_more(&expect->data)) {
        put_demand(out, &expect->data, false);
    }
    for (size_t i = 0; i < expect->field_count; i++) {
        put_demand(out, &expect->fields[i], false);
    }
    for (size_t i = 0; i < expect->object_count; i++) {
        put_demand(out, &expect->objects[i], true);
    }
    for (size_t i = 0; i < expect->answer_count; i++) {
        put_demand(out, &expect->answers[i], false);
    }
    if (step->kind == OC_STEP_RESET || (step->kind != OC_STEP_APDU && step->kind != OC_STEP_TPDU &&
                                        expect->answer_count == 0 && !expect->no_answer && !expect->has_data)) {
        fputs("<li>", out);
        oc_pen_both(out, "完成", "it is done");
        fputs("</li>", out);
    }
    fputs("</ul>", out);
}
