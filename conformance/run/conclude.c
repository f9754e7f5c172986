/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/conclude.h"

void oc_conclude_worse(oc_case_run *run, enum oc_verdict verdict, const char *reason)
{
    oc_outcome *outcome = run->outcome;
    if (run->phase[0] == 'r') {
        outcome->verdict = oc_verdict_worse(outcome->verdict, OC_VERDICT_INCONCLUSIVE);
        outcome->reason = oc_arena_format(&outcome->arena, "%s%sthe card was not restored: %s",
                                          outcome->reason == NULL ? "" : outcome->reason,
                                          outcome->reason == NULL ? "" : "; ", reason);
        return;
    }
    enum oc_verdict worse = oc_verdict_worse(outcome->verdict, verdict);
    if (worse != outcome->verdict || outcome->reason == NULL) {
        outcome->verdict = worse;
        outcome->reason = reason;
    }
}

static char confidence_of(const oc_executor *executor, const char *requirement)
{
    bool sm4 = oc_profile_alg(oc_world_profile(executor->world)) == OC_ALG_SM4;
    return (sm4 ? oc_catalogue_sm4_confidence : oc_catalogue_confidence)(executor->catalogue, requirement);
}

/* The requirement that a mismatch is counted against, and whether it is firm enough for a FAIL. */
static enum oc_verdict verdict_of_mismatch(const oc_case_run *run, oc_outcome_evidence *evidence)
{
    const oc_case *subject = run->subject;
    if (evidence->requirement == NULL) {
        evidence->requirement = subject->requirement;
    }
    if (evidence->requirement == NULL && subject->requirement_count > 0) {
        evidence->requirement = subject->requirements[0].id;
    }
    char confidence = evidence->requirement == NULL ? 0 : confidence_of(run->executor, evidence->requirement);
    evidence->confidence = confidence == 'A' ? "A" : confidence == 'B' ? "B" : confidence == 'C' ? "C" : "P";
    for (size_t i = 0; i < subject->requirement_count; i++) {
        if (subject->requirements[i].choice && evidence->requirement != NULL &&
            strcmp(subject->requirements[i].id, evidence->requirement) == 0 &&
            !oc_catalogue_is_backed(run->executor->catalogue, evidence->requirement)) {
            return OC_VERDICT_DEVIATION;
        }
    }
    return confidence == 'A' ? OC_VERDICT_FAIL : OC_VERDICT_DEVIATION;
}

void oc_conclude_mismatch(oc_case_run *run, oc_outcome_evidence *evidence)
{
    const oc_case *subject = run->subject;
    oc_arena *arena = &run->outcome->arena;
    enum oc_verdict verdict = verdict_of_mismatch(run, evidence);
    const char *what = oc_arena_format(arena, "step %s: %s: expected %s, received %s", run->step->id, evidence->what,
                                       evidence->expected, evidence->received);
    if (run->step->routine != NULL) {
        verdict = OC_VERDICT_INCONCLUSIVE;
        what = oc_arena_format(arena, "the preparation %s did not succeed: %s", run->step->routine,
                               what == NULL ? "" : what);
    } else if (subject->twin != NULL && run->at < subject->expected_step) {
        verdict = OC_VERDICT_INCONCLUSIVE;
        what = oc_arena_format(arena, "before the step in question: %s", what == NULL ? "" : what);
    } else if (subject->dut != NULL && !oc_world_is_under_test(run->executor->world, subject->dut)) {
        verdict = OC_VERDICT_INCONCLUSIVE;
        what = oc_arena_format(arena, "the %s, which is not under test, did not notice: %s", subject->dut,
                               what == NULL ? "" : what);
    }
    evidence->step = run->step->id;
    if (!run->outcome->has_evidence) {
        run->outcome->has_evidence = true;
        run->outcome->evidence = *evidence;
    }
    oc_conclude_worse(run, verdict, what == NULL ? "" : what);
}

static bool is_link_failure(enum oc_code code)
{
    return code == OC_E_GONE || code == OC_E_TIMEOUT || code == OC_E_GARBAGE || code == OC_E_IO;
}

static enum oc_verdict verdict_of_error(const oc_case_run *run, enum oc_code code)
{
    if (code == OC_E_NOT_FOUND) {
        return OC_VERDICT_NOT_APPLICABLE; /* the profile does not know a value */
    }
    if (code == OC_E_UNAVAILABLE) {
        return OC_VERDICT_NOT_RUN;
    }
    if (code == OC_E_FORMAT || code == OC_E_LIMIT) {
        return OC_VERDICT_INCONCLUSIVE;
    }
    bool card = is_link_failure(code) && run->trace->card_failed;
    return card && oc_world_card_is_ours_to_judge(run->executor->world) ? OC_VERDICT_FAIL : OC_VERDICT_ERROR;
}

void oc_conclude_error(oc_case_run *run, oc_result r, const oc_diag *diag)
{
    oc_arena *arena = &run->outcome->arena;
    const char *reason = oc_arena_format(arena, "step %s: %s", run->step->id,
                                         diag->reason[0] == '\0' ? oc_code_sentence(r.code) : diag->reason);
    if (is_link_failure(r.code) && run->trace->psam_failed) {
        oc_world_psam_failed(run->executor->world);
    }
    if (is_link_failure(r.code) && run->trace->card_failed) {
        run->link_failed = true;
        run->outcome->link_failed = true;
        oc_world_card_failed(run->executor->world);
        if (!run->outcome->has_evidence) {
            run->outcome->has_evidence = true;
            run->outcome->evidence = (oc_outcome_evidence){.step = run->step->id,
                                                           .what = "link",
                                                           .expected = "an answer",
                                                           .received = reason,
                                                           .first_difference = -1};
        }
    }
    oc_conclude_worse(run, verdict_of_error(run, r.code), reason);
}
