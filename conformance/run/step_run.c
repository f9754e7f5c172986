/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dialect/functions.h"
#include "conformance/run/call_run.h"
#include "conformance/run/cross_step.h"
#include "conformance/run/latency_class.h"
#include "conformance/run/observe.h"
#include "sim/link/apdu.h"

/* A value that the step needs no longer than until the next one is asked for. */
static oc_result next_value(oc_case_run *run, const oc_value *value, oc_diag *diag)
{
    oc_buf_clear(&run->value);
    return oc_value_bytes(value, &run->scope, &run->value, diag);
}

static oc_result one_byte(oc_case_run *run, const oc_value *value, const char *what, uint8_t *out, oc_diag *diag)
{
    OC_TRY(next_value(run, value, diag));
    if (run->value.len != 1) {
        return oc_diag_fail(diag, OC_E_FORMAT, "%s has %zu bytes instead of one", what, run->value.len);
    }
    *out = run->value.at[0];
    return oc_ok();
}

/* One byte, or two for extended length. */
static oc_result take_le(oc_case_run *run, oc_apdu *apdu, oc_diag *diag)
{
    const oc_buf *bytes = &run->value;
    if (!run->step->has_le) {
        return oc_ok();
    }
    OC_TRY(next_value(run, &run->step->le, diag));
    if (bytes->len != 1 && bytes->len != 2) {
        return oc_diag_fail(diag, OC_E_FORMAT, "le has %zu bytes instead of one or two", bytes->len);
    }
    apdu->extended = bytes->len == 2;
    apdu->le = apdu->extended ? (uint16_t)(bytes->at[0] << 8 | bytes->at[1]) : bytes->at[0];
    return oc_ok();
}

static oc_link *link_of(const oc_case_run *run)
{
    return strcmp(run->step->actor, "psam") == 0 ? oc_world_psam(run->executor->world)
                                                 : oc_world_card(run->executor->world);
}

static bool to_card(const oc_case_run *run)
{
    return strcmp(run->step->actor, "psam") != 0;
}

/* A step that names anything but 9000 is meant to be refused, or may be. */
static bool meant_wrong(const oc_step *step)
{
    for (size_t i = 0; i < step->expect.sw_count; i++) {
        if (strcmp(step->expect.sw[i], "9000") != 0) {
            return true;
        }
    }
    for (size_t i = 0; i < step->expect.answer_count; i++) {
        const oc_demand *answer = &step->expect.answers[i];
        bool refusal = answer->has_below || (answer->has_eq && strcmp(answer->eq.source, "'0'") != 0);
        if (strcmp(answer->name, "code") == 0 && refusal) {
            return true;
        }
    }
    return false;
}

static oc_result send_apdu(oc_case_run *run, const oc_apdu *apdu, bool *fits, oc_outcome_evidence *evidence,
                           oc_diag *diag)
{
    const char *class_name = oc_latency_class(apdu->cla, apdu->ins, apdu->p1);
    run->latency_class = to_card(run) || strncmp(class_name, "PSAM ", 5) == 0
                             ? class_name
                             : oc_arena_format(&run->outcome->arena, "PSAM %s", class_name);
    oc_sw sw = {0};
    oc_buf_clear(&run->answer);
    OC_TRY(oc_apdu_transmit(link_of(run), apdu, &run->answer, &sw, diag));
    const uint8_t header[] = {apdu->cla, apdu->ins};
    oc_span answer = oc_buf_span(&run->answer);
    run->judge.secret = oc_mask_is_secret(run->executor->mask, oc_span_of(header, sizeof header), answer);
    return oc_judge_response(&run->judge, &run->step->expect, sw, answer, apdu->has_le, fits, evidence, diag);
}

static oc_result run_apdu(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    const oc_step *step = run->step;
    oc_apdu apdu = {.has_le = step->has_le};
    OC_TRY(one_byte(run, &step->cla, "cla", &apdu.cla, diag));
    OC_TRY(one_byte(run, &step->ins, "ins", &apdu.ins, diag));
    OC_TRY(one_byte(run, &step->p1, "p1", &apdu.p1, diag));
    OC_TRY(one_byte(run, &step->p2, "p2", &apdu.p2, diag));
    OC_TRY(take_le(run, &apdu, diag));
    OC_TRY(next_value(run, &step->data, diag));
    apdu.data = oc_buf_span(&run->value);
    return send_apdu(run, &apdu, fits, evidence, diag);
}

static oc_result run_tpdu(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    OC_TRY(next_value(run, &run->step->data, diag));
    oc_span command = oc_buf_span(&run->value);
    oc_buf_clear(&run->answer);
    OC_TRY(oc_link_transmit(link_of(run), command, &run->answer, diag));
    oc_span answer = oc_buf_span(&run->answer);
    oc_span data = oc_span_slice(answer, 0, answer.len - 2);
    oc_sw sw = oc_sw_of((unsigned)answer.at[data.len] << 8 | answer.at[data.len + 1]);
    run->judge.secret = oc_mask_is_secret(run->executor->mask, command, data);
    return oc_judge_response(&run->judge, &run->step->expect, sw, data, true, fits, evidence, diag);
}

static oc_result run_reset(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    oc_buf atr = {0};
    run->latency_class = "reset";
    enum oc_reset kind = strcmp(run->step->name, "warm") == 0 ? OC_RESET_WARM : OC_RESET_COLD;
    oc_result r = oc_link_reset(link_of(run), kind, &atr, diag);
    if (oc_is_ok(r)) {
        r = oc_judge_data(&run->judge, &run->step->expect, oc_buf_span(&atr), fits, evidence, diag);
    }
    oc_buf_free(&atr);
    return r;
}

/* What the keys of somebody else made of it then; `r` where the record does not tell. */
static oc_result recorded_value(const oc_case_run *run, oc_result r, oc_buf *value)
{
    oc_recorded *recorded = oc_world_recorded(run->executor->world);
    const oc_recorded_step *step = recorded == NULL ? NULL : oc_recorded_next(recorded, run->step->id, run->phase);
    return step != NULL && step->has_value ? oc_buf_set(value, step->value) : r;
}

static oc_result run_let(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    oc_function_world world = {.scope = &run->scope,
                               .keys = oc_world_keys(run->executor->world),
                               .crypto = oc_world_crypto(run->executor->world),
                               .run = oc_world_context(run->executor->world)};
    oc_buf value = {0};
    oc_result r = oc_function_run(run->step, &world, &value, diag);
    if (!oc_is_ok(r)) {
        r = recorded_value(run, r, &value);
    }
    if (oc_is_ok(r)) {
        r = oc_fields_set(&run->captures, run->step->own_id, oc_buf_span(&value));
        const char *masked = oc_mask_bytes(run->executor->mask, &run->outcome->arena, oc_buf_span(&value));
        run->note = oc_arena_format(&run->outcome->arena, "%s = %s", run->step->name, masked == NULL ? "" : masked);
    }
    if (oc_is_ok(r)) {
        r = oc_judge_data(&run->judge, &run->step->expect, oc_buf_span(&value), fits, evidence, diag);
    }
    oc_buf_free(&value);
    return r;
}

static oc_result take_arguments(oc_case_run *run, oc_fields *fields, oc_diag *diag)
{
    for (size_t i = 0; i < run->step->argument_count; i++) {
        oc_buf bytes = {0};
        oc_result r = oc_value_bytes(&run->step->arguments[i].value, &run->scope, &bytes, diag);
        if (oc_is_ok(r)) {
            r = oc_fields_set(fields, run->step->arguments[i].name, oc_buf_span(&bytes));
        }
        oc_buf_free(&bytes);
        OC_TRY(r);
    }
    return oc_ok();
}

static const char *fields_text(oc_case_run *run, const oc_fields *in, const oc_fields *out)
{
    oc_buf *text = &run->value;
    bool whole = oc_is_ok(oc_buf_set(text, oc_span_text(run->step->name)));
    for (size_t i = 0; i < in->count + out->count && whole; i++) {
        const oc_field *field = i < in->count ? &in->at[i] : &out->at[i - in->count];
        const char *value = oc_mask_field(run->executor->mask, &run->outcome->arena, field->name,
                                          oc_buf_span(&field->value));
        const char *const parts[] = {i == in->count ? " -> " : " ", field->name, "=", value == NULL ? "" : value};
        for (size_t k = 0; k < sizeof parts / sizeof parts[0] && whole; k++) {
            whole = oc_is_ok(oc_buf_append(text, oc_span_text(parts[k])));
        }
    }
    return whole ? oc_arena_text_n(&run->outcome->arena, (const char *)text->at, text->len) : NULL;
}

/* Answers of one under test are kept apart, so that the case can be replayed with them. */
static void keep_answers(oc_case_run *run, const oc_fields *out)
{
    oc_arena *arena = &run->outcome->arena;
    oc_outcome_answer *answers = oc_arena_alloc(arena, (out->count + 1) * sizeof *answers);
    for (size_t i = 0; answers != NULL && i < out->count; i++) {
        const oc_field *field = &out->at[i];
        const char *value = oc_mask_field(run->executor->mask, arena, field->name, oc_buf_span(&field->value));
        answers[i] = (oc_outcome_answer){oc_arena_text(arena, field->name), value};
        if (answers[i].name == NULL || value == NULL) {
            return;
        }
    }
    run->answers = answers;
    run->answer_count = answers == NULL ? 0 : out->count;
}

static const char *const actors[] = {"card", "psam"};

const oc_fault *oc_step_silenced_by(const oc_case_run *run, oc_result r)
{
    for (size_t i = 0; i < sizeof actors / sizeof actors[0] && (r.code == OC_E_GONE || r.code == OC_E_TIMEOUT); i++) {
        const oc_fault *fault = oc_world_fault(run->executor->world, actors[i]);
        if (fault->silent) {
            return fault;
        }
    }
    return NULL;
}

/* *made is false after a breach of the back-end under test, with `evidence`. */
static oc_result send_settlement(oc_case_run *run, const oc_fields *in, oc_fields *out, bool *made,
                                 oc_outcome_evidence *evidence, oc_diag *diag)
{
    oc_settlement *settlement = NULL;
    oc_breach breach;
    oc_recorded *recorded = oc_world_recorded(run->executor->world);
    if (recorded != NULL && !oc_world_host_is_virtual(run->executor->world)) {
        OC_TRY(oc_recorded_answer(recorded, run->step->id, run->phase, out, &breach, NULL, NULL, diag));
    } else {
        OC_TRY(oc_world_settlement(run->executor->world, &settlement, diag));
        OC_TRY(oc_settlement_message(settlement, run->step->name, in, out, &breach, diag));
    }
    *made = breach.kind == OC_BREACH_NONE;
    if (!*made) {
        run->breached = true;
        oc_call_tell(run, "host", "an answer as the tables and rules have it", &breach, evidence);
    }
    return oc_ok();
}

static oc_result send_message(oc_case_run *run, const oc_fields *in, oc_fields *out, bool *made,
                              oc_outcome_evidence *evidence, oc_diag *diag)
{
    oc_host *host = NULL;
    oc_settlement *settlement = NULL;
    if (oc_settlement_knows(run->step->name)) {
        return send_settlement(run, in, out, made, evidence, diag);
    }
    OC_TRY(oc_world_host(run->executor->world, &host, diag));
    if (oc_cross_step_is(run->step->name)) {
        OC_TRY(oc_world_settlement(run->executor->world, &settlement, diag));
        return oc_cross_step(settlement, host, run->step->name, in, out, diag);
    }
    return oc_host_message(host, run->step->name, in, out, diag);
}

/* The answer that has to be there unless the step names it, and what it has to be. */
struct named_kind {
    const char *answer;
    const char *good;
};

static const struct named_kind *kind_of(const oc_step *step)
{
    static const struct named_kind call = {"code", "0"};
    static const struct named_kind message = {"result", "accepted"};
    static const struct named_kind settlement = {"infcode", "0"};
    static const struct named_kind crossing = {"result", "0"};
    return step->kind == OC_STEP_CALL || oc_settlement_is_voucher(step->name)       ? &call
           : oc_cross_step_is(step->name)                                           ? &crossing
           : oc_settlement_knows(step->name) && !oc_settlement_is_ecard(step->name) ? &settlement
                                                                                    : &message;
}

/* What stands in brackets in an err_msg is this project's form: of another back-end it is not judged. */
static void leave_out_own_words(oc_expect *expect, oc_demand judged[OC_ARGUMENTS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < expect->answer_count && count < OC_ARGUMENTS_MAX; i++) {
        const char *name = expect->answers[i].name;
        if (strcmp(name, "rule") != 0 && strcmp(name, "field") != 0) {
            judged[count++] = expect->answers[i];
        }
    }
    expect->answers = judged;
    expect->answer_count = count;
}

/* A terminal function or a host message: named arguments in, named answers out. */
static oc_result run_named(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    bool is_call = run->step->kind == OC_STEP_CALL;
    oc_fields in = {0};
    oc_fields out = {0};
    oc_result r = take_arguments(run, &in, diag);
    bool made = true;
    if (oc_is_ok(r)) {
        r = is_call ? oc_call_make(run, &in, &out, &made, evidence, diag)
                    : send_message(run, &in, &out, &made, evidence, diag);
    }
    run->note = fields_text(run, &in, &out);
    const oc_world *world = run->executor->world;
    if (is_call ? oc_world_terminal_is_foreign(world) : !oc_world_host_is_virtual(world)) {
        keep_answers(run, &out);
    }
    *fits = made;
    if (oc_is_ok(r) && made) {
        const struct named_kind *kind = kind_of(run->step);
        oc_expect expect = run->step->expect;
        oc_demand judged[OC_ARGUMENTS_MAX];
        if (!is_call && !oc_world_host_is_virtual(run->executor->world)) {
            leave_out_own_words(&expect, judged);
        }
        r = oc_judge_answers(&run->judge, &expect, &out, kind->answer, kind->good, fits, evidence, diag);
    }
    oc_fields_free(&in);
    oc_fields_free(&out);
    return r;
}

static const char *literal(const oc_step *step, const char *name, const char *otherwise)
{
    for (size_t i = 0; i < step->argument_count; i++) {
        if (strcmp(step->arguments[i].name, name) == 0) {
            return step->arguments[i].value.source;
        }
    }
    return otherwise;
}

static oc_result run_issue(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    static const struct {
        const char *name;
        enum oc_issue_fault fault;
    } faults[] = {{"right", OC_ISSUE_RIGHT},
                  {"key-not-diversified", OC_ISSUE_KEY_NOT_DIVERSIFIED},
                  {"holder-differs", OC_ISSUE_HOLDER_DIFFERS},
                  {"wrong-city", OC_ISSUE_WRONG_CITY},
                  {"file-missing", OC_ISSUE_FILE_MISSING},
                  {"not-ended", OC_ISSUE_NOT_ENDED}};
    const char *wanted = literal(run->step, "fault", "right");
    bool initial_pin = strcmp(literal(run->step, "pin", "profile"), "initial") == 0;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (strcmp(faults[i].name, wanted) == 0) {
            OC_TRY(oc_world_issue(run->executor->world, initial_pin, faults[i].fault, diag));
            return oc_judge_data(&run->judge, &run->step->expect, oc_span_empty(), fits, evidence, diag);
        }
    }
    return oc_diag_fail(diag, OC_E_USAGE, "the issuer knows no fault %s", wanted);
}

static oc_result run_fault(oc_case_run *run, oc_diag *diag)
{
    oc_fault_order order;
    OC_TRY(oc_step_fault(run->step, &order, diag));
    oc_buf data = {0};
    oc_result r = oc_ok();
    for (size_t i = 0; i < run->step->argument_count && oc_is_ok(r); i++) {
        if (strcmp(run->step->arguments[i].name, "data") == 0) {
            r = oc_value_bytes(&run->step->arguments[i].value, &run->scope, &data, diag);
        }
    }
    if (oc_is_ok(r) && order.kind == OC_FAULT_ANSWER && data.len == 0) {
        r = oc_diag_fail(diag, OC_E_FORMAT, "an answer of no bytes is none: use mute");
    }
    if (oc_is_ok(r)) {
        r = oc_world_arm(run->executor->world, run->step->actor, &order, oc_buf_span(&data), diag);
    }
    oc_buf_free(&data);
    run->note = run->step->name;
    return r;
}

static oc_result run_kind(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    switch (run->step->kind) {
    case OC_STEP_APDU:
        return run_apdu(run, fits, evidence, diag);
    case OC_STEP_TPDU:
        return run_tpdu(run, fits, evidence, diag);
    case OC_STEP_RESET:
        return run_reset(run, fits, evidence, diag);
    case OC_STEP_LET:
        return run_let(run, fits, evidence, diag);
    case OC_STEP_CALL:
    case OC_STEP_MESSAGE:
        return run_named(run, fits, evidence, diag);
    case OC_STEP_ISSUE:
        return run_issue(run, fits, evidence, diag);
    case OC_STEP_FAULT:
        return run_fault(run, diag);
    case OC_STEP_OBSERVE:
        return oc_observe_run(run, fits, evidence, diag);
    case OC_STEP_ADVANCE:
        oc_world_context(run->executor->world)->clock.seconds += run->step->seconds;
        return oc_ok();
    case OC_STEP_PROMPT:
        return oc_call_prompt(run, diag);
    }
    return oc_fail(OC_E_INTERNAL);
}

oc_result oc_step_run(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    run->judge.secret = false;
    oc_world_watch(run->executor->world)->wrong = meant_wrong(run->step);
    for (size_t i = 0; i < sizeof actors / sizeof actors[0]; i++) {
        oc_world_fault(run->executor->world, actors[i])->silent = false; /* an earlier step's silence is no excuse */
    }
    oc_result r = run_kind(run, fits, evidence, diag);
    const oc_fault *fault = oc_step_silenced_by(run, r);
    if (fault != NULL) {
        oc_judge_silence(&run->judge, &run->step->expect, fault->text, fits, evidence);
        return oc_ok();
    }
    return r;
}
