/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/call_run.h"

#include <stdio.h>

#include "conformance/run/call_beside.h"
#include "sim/base/terminal_code.h"
#include "sim/profile/profile.h"

/* The answer that tells whether the function is there. */
#define MISSING "missing"

/* What a driver answers when a fault took the answer of a card away (ssc-terminal sheet 4.9). */
static int code_of_silence(oc_world *world, const oc_fault *fault)
{
    return fault == oc_world_fault(world, "psam") ? OC_CODE_NO_PSAM
           : fault->absent                        ? OC_CODE_NO_CARD
                                                  : OC_CODE_NO_ANSWER;
}

static bool asks_for(const oc_step *step, const char *name)
{
    for (size_t i = 0; i < step->expect.answer_count; i++) {
        if (strcmp(step->expect.answers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The function's name when it is not there, nothing when it is; only for a step that asks. */
static oc_result say_missing(const oc_case_run *run, bool is_there, oc_fields *answer)
{
    return asks_for(run->step, MISSING) ? oc_fields_set_text(answer, MISSING, is_there ? "" : run->step->name)
                                        : oc_ok();
}

static oc_result call_virtual(oc_case_run *run, const oc_fields *args, oc_fields *answer, oc_diag *diag)
{
    oc_world *world = run->executor->world;
    oc_terminal *terminal = NULL;
    OC_TRY(oc_world_terminal(world, &terminal, diag));
    oc_result r = oc_terminal_call(terminal, run->step->name, args, answer, diag);
    const oc_fault *fault = oc_step_silenced_by(run, r);
    if (fault == NULL) {
        return r;
    }
    char code[16];
    snprintf(code, sizeof code, "%d", code_of_silence(world, fault));
    return oc_fields_set(answer, "code", oc_span_text(code));
}

static void read_exchange(void *context, const oc_logged_exchange *one)
{
    oc_trace_logged(context, one);
}

static const char good[] = "a function that returns";

void oc_call_tell(const oc_case_run *run, const char *what, const char *expected, const oc_breach *breach,
                  oc_outcome_evidence *evidence)
{
    oc_arena *arena = &run->outcome->arena;
    const char *text = oc_mask_text(run->executor->mask, arena, oc_span_text(breach->text));
    *evidence = (oc_outcome_evidence){
        .what = what,
        .expected = expected,
        .received = oc_arena_format(arena, "%s: %s", oc_breach_name(breach->kind), text == NULL ? "" : text),
        .first_difference = -1};
}

/* A PIN as its digits, which a log of APDUs in hex shows too, or packed as the card gets it. */
static bool shows(oc_span printed, oc_span pin)
{
    uint8_t packed[8];
    size_t len = pin.len / 2;
    for (size_t i = 0; i < len && len <= sizeof packed; i++) {
        packed[i] = (uint8_t)((pin.at[2 * i] & 0x0F) << 4 | (pin.at[2 * i + 1] & 0x0F));
    }
    return memmem(printed.at, printed.len, pin.at, pin.len) != NULL ||
           (len <= sizeof packed && memmem(printed.at, printed.len, packed, len) != NULL);
}

static bool add_leak(oc_buf *leak, const char *name)
{
    return (leak->len == 0 || oc_is_ok(oc_buf_append_byte(leak, ' '))) &&
           oc_is_ok(oc_buf_append(leak, oc_span_text(name)));
}

struct key_search {
    oc_span printed;
    oc_buf *leak;
    bool failed;
};

static bool names(oc_span leak, const char *name)
{
    size_t len = strlen(name);
    for (size_t at = 0; at < leak.len;) {
        size_t end = at;
        while (end < leak.len && leak.at[end] != ' ') {
            end++;
        }
        if (end - at == len && memcmp(leak.at + at, name, len) == 0) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

/* oc_profile_key_visit */
static void look_for_key(void *context, const char *name, const oc_key *key)
{
    struct key_search *search = context;
    if (oc_key_occurs(key, search->printed) && !names(oc_buf_span(search->leak), name)) {
        search->failed = search->failed || !add_leak(search->leak, name);
    }
}

/* The key pad entries and keys that stand in what the terminal printed. */
static oc_result find_leaks(const oc_case_run *run, const oc_fields *args, oc_span printed, oc_buf *leak)
{
    static const char *const entries[] = {"pin", "old", "new", "again"};
    oc_world *world = run->executor->world;
    struct key_search search = {.printed = printed, .leak = leak};
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        oc_span pin = oc_fields_span(args, entries[i]);
        if (pin.len >= 4 && printed.len > 0 && shows(printed, pin)) {
            search.failed = search.failed || !add_leak(leak, entries[i]);
        }
    }
    if (printed.len > 0) {
        oc_profile_keys_visit(oc_world_profile(world), oc_world_crypto(world), look_for_key, &search);
    }
    return search.failed ? oc_fail(OC_E_MEMORY) : oc_ok();
}

/* What the terminal printed, and what of it is secret; only for a step that asks. */
static oc_result look_at_print(const oc_case_run *run, const oc_fields *args, oc_fields *answer)
{
    oc_span printed = oc_terminal_dut_printed(oc_world_dut(run->executor->world));
    if (asks_for(run->step, "printed")) {
        OC_TRY(oc_fields_set(answer, "printed", printed));
    }
    if (!asks_for(run->step, "leak")) {
        return oc_ok();
    }
    oc_buf leak = {0};
    oc_result r = find_leaks(run, args, printed, &leak);
    if (oc_is_ok(r)) {
        r = oc_fields_set(answer, "leak", oc_buf_span(&leak));
    }
    oc_buf_free(&leak);
    return r;
}

/* A function that the terminal does not have is a finding where a step asks for it; for every other case it is a reason
 * not to be tried. */
static oc_result not_there(oc_case_run *run, oc_fields *answer, oc_diag *diag)
{
    if (!asks_for(run->step, MISSING)) {
        return oc_diag_fail(diag, OC_E_NOT_FOUND, "the terminal under test does not have the function %s",
                            run->step->name);
    }
    return say_missing(run, false, answer);
}

/* Asked of the harness: no card is touched, and no time counted. */
static oc_result describe(oc_case_run *run, const oc_fields *args, oc_fields *answer, oc_diag *diag)
{
    oc_breach breach;
    return oc_terminal_dut_call(oc_world_dut(run->executor->world), OC_TERMINAL_DESCRIBE, args, answer, &breach, diag);
}

/* What an operator did not do or tell is no failure of the terminal: the case is not run, and where the cards were used
 * already it is not decided. */
static oc_result undone(const oc_case_run *run, const oc_breach *breach, oc_diag *diag)
{
    const char *text = oc_mask_text(run->executor->mask, &run->outcome->arena, oc_span_text(breach->text));
    return oc_diag_fail(diag, run->times.exchanges > 0 ? OC_E_FORMAT : OC_E_UNAVAILABLE, "%s",
                        text == NULL ? "memory ran out" : text);
}

static oc_result call_two(oc_case_run *run, const oc_fields *args, oc_fields *answer, oc_breach *breach, oc_diag *diag)
{
    oc_call_beside two = {0};
    oc_result r = oc_call_beside_fill(&two, run->step, args);
    if (oc_is_ok(r)) {
        r = oc_world_call(run->executor->world, NULL, &two.beside, breach, &run->times, read_exchange, run->trace,
                          diag);
    }
    r = oc_is_ok(r) ? oc_call_beside_join(&two, answer) : r;
    oc_call_beside_free(&two);
    return r;
}

static oc_result call_one(oc_case_run *run, const oc_fields *args, oc_fields *answer, oc_breach *breach, oc_diag *diag)
{
    const oc_terminal_order order = {.function = run->step->name, .args = args, .answer = answer};
    return oc_world_call(run->executor->world, &order, NULL, breach, &run->times, read_exchange, run->trace, diag);
}

static oc_result make_recorded(oc_case_run *run, oc_fields *answer, bool *made, oc_outcome_evidence *evidence,
                               oc_diag *diag)
{
    oc_breach breach = {0};
    OC_TRY(oc_recorded_answer(oc_world_recorded(run->executor->world), run->step->id, run->phase, answer, &breach,
                              read_exchange, run->trace, diag));
    *made = breach.kind == OC_BREACH_NONE;
    if (!*made) {
        run->breached = true;
        oc_call_tell(run, "terminal", good, &breach, evidence);
    }
    return oc_ok();
}

oc_result oc_call_make(oc_case_run *run, const oc_fields *args, oc_fields *answer, bool *made,
                       oc_outcome_evidence *evidence, oc_diag *diag)
{
    oc_world *world = run->executor->world;
    *made = true;
    if (oc_world_recorded(world) != NULL && oc_world_terminal_is_foreign(world)) {
        return make_recorded(run, answer, made, evidence, diag);
    }
    if (oc_world_dut(world) == NULL) {
        OC_TRY(call_virtual(run, args, answer, diag));
        return say_missing(run, true, answer);
    }
    if (strcmp(run->step->name, OC_TERMINAL_DESCRIBE) == 0) {
        return describe(run, args, answer, diag);
    }
    if (!oc_world_terminal_offers(world, run->step->name)) {
        return not_there(run, answer, diag);
    }
    oc_breach breach = {0};
    OC_TRY((run->step->beside != NULL ? call_two : call_one)(run, args, answer, &breach, diag));
    if (breach.kind == OC_BREACH_OPERATOR) {
        return undone(run, &breach, diag);
    }
    if (breach.kind == OC_BREACH_MISSING) {
        return not_there(run, answer, diag); /* it did not say beforehand what it has */
    }
    if (breach.kind != OC_BREACH_NONE) {
        *made = false;
        run->breached = true;
        oc_call_tell(run, "terminal", good, &breach, evidence);
        return oc_ok();
    }
    OC_TRY(say_missing(run, true, answer));
    return look_at_print(run, args, answer);
}

oc_result oc_call_prompt(oc_case_run *run, oc_diag *diag)
{
    oc_terminal_dut *dut = oc_world_dut(run->executor->world);
    run->note = run->step->name;
    if (dut == NULL || strcmp(oc_terminal_dut_kind(dut), "manual") != 0) {
        return oc_ok();
    }
    oc_fields args = {0};
    oc_fields answer = {0};
    oc_breach breach = {0};
    oc_result r = oc_fields_set_text(&args, "en", run->step->name);
    if (oc_is_ok(r)) {
        r = oc_fields_set_text(&args, "zh", run->step->name_zh);
    }
    if (oc_is_ok(r) && run->step->until != NULL) {
        r = oc_fields_set_text(&args, "until", run->step->until);
    }
    if (oc_is_ok(r)) {
        r = oc_terminal_dut_call(dut, "prompt", &args, &answer, &breach, diag);
    }
    if (oc_is_ok(r) && breach.kind != OC_BREACH_NONE) {
        r = undone(run, &breach, diag);
    }
    oc_fields_free(&args);
    oc_fields_free(&answer);
    return r;
}

bool oc_call_all_there(const oc_world *world, const oc_case *subject, const char **missing)
{
    bool foreign = oc_world_dut(world) != NULL;
    for (size_t i = 0; foreign && i < subject->step_count; i++) {
        const oc_step *step = &subject->steps[i];
        bool needs = step->kind == OC_STEP_CALL && !asks_for(step, MISSING);
        const char *const functions[] = {step->name, step->second};
        for (size_t k = 0; needs && k < sizeof functions / sizeof functions[0] && functions[k] != NULL; k++) {
            if (!oc_world_terminal_offers(world, functions[k])) {
                *missing = functions[k];
                return false;
            }
        }
    }
    return true;
}

void oc_call_conclude(oc_case_run *run, const oc_outcome_evidence *evidence)
{
    oc_outcome *outcome = run->outcome;
    const char *reason = oc_arena_format(&outcome->arena, "step %s: %s", run->step->id, evidence->received);
    if (!outcome->has_evidence) {
        outcome->has_evidence = true;
        outcome->evidence = *evidence;
        outcome->evidence.step = run->step->id;
    }
    enum oc_verdict worse = oc_verdict_worse(outcome->verdict, OC_VERDICT_FAIL);
    if (worse != outcome->verdict || outcome->reason == NULL) {
        outcome->verdict = worse;
        outcome->reason = reason == NULL ? "memory ran out" : reason;
    }
}

void oc_call_end(oc_case_run *run)
{
    oc_breach breach = {0};
    oc_diag diag = {0};
    oc_result r = oc_world_end_terminal(run->executor->world, &breach, &diag);
    oc_outcome *outcome = run->outcome;
    if (!oc_is_ok(r)) {
        outcome->verdict = oc_verdict_worse(outcome->verdict, OC_VERDICT_ERROR);
        outcome->reason = outcome->reason != NULL
                              ? outcome->reason
                              : oc_arena_text(&outcome->arena,
                                              diag.reason[0] == '\0' ? oc_code_sentence(r.code) : diag.reason);
    } else if (breach.kind != OC_BREACH_NONE) {
        oc_outcome_evidence evidence;
        static const oc_step end = {.id = "end"};
        oc_call_tell(run, "terminal", good, &breach, &evidence);
        run->step = &end;
        oc_call_conclude(run, &evidence);
    }
}
