/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/gate/gate.h"
#include "conformance/words.h"

#include "reports/plain_text.h"

oc_result oc_gate_load(oc_gate *out, const char *limits_path, const char *const *thresholds, size_t count,
                       oc_diag *diag)
{
    *out = (oc_gate){0};
    OC_TRY(limits_path == NULL ? oc_ok() : oc_limits_load(&out->limits, limits_path, diag));
    for (size_t i = 0; i < count; i++) {
        OC_TRY(oc_limits_threshold(&out->limits, thresholds[i], diag));
    }
    return limits_path == NULL && count == 0 ? oc_ok() : oc_limits_fragment(&out->fragment, &out->limits);
}

const char *oc_gate_fragment(const oc_gate *gate)
{
    return gate->fragment.len == 0 ? NULL : (const char *)gate->fragment.at;
}

oc_result oc_gate_take(oc_gate *out, const char *fragment, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    *out = (oc_gate){0};
    if (fragment == NULL) {
        return oc_ok();
    }
    OC_TRY(oc_xml_parse(&doc, oc_span_text(fragment), "limits", NULL, diag));
    oc_result r = oc_limits_take(&out->limits, oc_xml_root(doc), diag);
    oc_xml_free(&doc);
    return oc_is_ok(r) ? oc_limits_fragment(&out->fragment, &out->limits) : r;
}

/* The environment as the record will have it: decisions rest on the clock. */
static oc_result take_environment(oc_samples *samples, const char *environment,
                                  const oc_environment_calibration *clock)
{
    xmlBufferPtr text = xmlBufferCreate();
    oc_xml_out out = {.writer = text == NULL ? NULL : xmlNewTextWriterMemory(text, 0)};
    oc_xml_doc *doc = NULL;
    oc_result r = oc_fail(OC_E_MEMORY);
    if (out.writer != NULL) {
        oc_out_open(&out, "result");
        if (environment != NULL) {
            oc_out_raw(&out, environment, strlen(environment));
        } else {
            oc_environment_write(&out, clock);
        }
        oc_out_close(&out);
        r = oc_out_end(&out);
    }
    if (oc_is_ok(r)) {
        r = oc_xml_parse(&doc, oc_span_of(xmlBufferContent(text), (size_t)xmlBufferLength(text)), "environment", NULL,
                         NULL);
    }
    if (oc_is_ok(r)) {
        r = oc_samples_head(samples, oc_xml_root(doc));
    }
    oc_xml_free(&doc);
    xmlBufferFree(text);
    return r;
}

static oc_result take_series(void *self, const oc_latency_series *series)
{
    enum oc_series_kind kind = OC_SERIES_CLASS;
    if (!oc_series_kind_parse(series->kind, &kind)) {
        return oc_fail(OC_E_INTERNAL);
    }
    for (size_t i = 0; i < series->count; i++) {
        OC_TRY(oc_samples_add(self, series->pass, kind, series->name, series->ns[i]));
    }
    return series->budget_ns == 0 ? oc_ok()
                                  : oc_samples_budget(self, series->pass, kind, series->name, series->budget_ns);
}

oc_result oc_gate_judge(oc_gate *gate, const oc_record *record, const char *environment,
                        const oc_environment_calibration *clock)
{
    OC_TRY(oc_samples_new(&gate->samples));
    OC_TRY(take_environment(gate->samples, environment, clock));
    OC_TRY(oc_record_latencies(record, take_series, gate->samples));
    OC_TRY(oc_samples_finish(gate->samples));
    return oc_judge(&gate->judged, gate->samples, &gate->limits);
}

int oc_gate_exit_code(const oc_gate *gate, int code)
{
    if (code != 0) {
        return code;
    }
    return oc_judged_missed(&gate->judged)      ? OC_GATE_MISSED
           : oc_judged_undecided(&gate->judged) ? OC_GATE_UNDECIDED
                                                : 0;
}

static void print_judgement(oc_plain_text *text, const oc_judgement *one)
{
    FILE *out = text->out;
    fputs(one->verdict == OC_LATENCY_FAIL ? _("latency missed: ") : _("latency undecided: "), out);
    oc_plain_text_put(text, one->is_budget ? "budget" : one->limit->id, 0, false);
    fprintf(out, _(" %s <= %s %s for "), one->limit->statistic, one->limit->value, one->limit->unit);
    oc_plain_text_put(text, one->series == NULL ? one->limit->scope : one->series->name, 0, false);
    if (one->series == NULL) {
        fputs(_(", which was not measured\n"), out);
        return;
    }
    fputs(_(" in "), out);
    oc_plain_text_put(text, one->series->pass, 0, false);
    fprintf(out, ": %.3f ms", (double)one->observed_ns / 1e6);
    if (one->lower_ns > 0) {
        fprintf(out, _(", at least %.3f ms"), (double)one->lower_ns / 1e6);
    }
    if (one->upper_ns > 0) {
        fprintf(out, _(", at most %.3f ms"), (double)one->upper_ns / 1e6);
    }
    fprintf(out, _(" at %g %% confidence, U %.3f ms, n %zu"), one->limit->rule->confidence * 100, one->guard_ns / 1e6,
            one->series->count);
    if (one->why != OC_LATENCY_DECIDED) {
        fprintf(out, " (%s)", oc_latency_why_name(one->why));
    }
    if (one->more > 0) {
        fprintf(out, _("; about %zu more samples are needed"), one->more);
    }
    fputc('\n', out);
}

static void print_threshold(oc_plain_text *text, const oc_threshold_result *one)
{
    fputs(_("latency missed: threshold "), text->out);
    oc_plain_text_put(text, one->threshold->text, 0, false);
    if (one->series == NULL) {
        fputs(_(" names nothing that was measured\n"), text->out);
        return;
    }
    fprintf(text->out, ": %.3f ms, n %zu, ", one->value_ns / 1e6, one->series->count);
    oc_plain_text_put(text, one->series->name, 0, false);
    fputs(_(" in "), text->out);
    oc_plain_text_put(text, one->series->pass, 0, false);
    fputc('\n', text->out);
}

void oc_gate_print(const oc_gate *gate, FILE *out)
{
    oc_plain_text text;
    oc_plain_text_begin(&text, out, false);
    for (size_t i = 0; i < gate->judged.judgement_count; i++) {
        const oc_judgement *one = &gate->judged.judgements[i];
        if (one->verdict == OC_LATENCY_FAIL || (one->verdict == OC_LATENCY_INCONCLUSIVE && !one->is_budget)) {
            print_judgement(&text, one);
        }
    }
    for (size_t i = 0; i < gate->judged.result_count; i++) {
        if (!gate->judged.results[i].holds) {
            print_threshold(&text, &gate->judged.results[i]);
        }
    }
    oc_plain_text_end(&text);
}

void oc_gate_free(oc_gate *gate)
{
    oc_judged_free(&gate->judged);
    oc_samples_free(&gate->samples);
    oc_limits_free(&gate->limits);
    oc_buf_free(&gate->fragment);
}
