/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/functions.h"
#include "conformance/judge/match.h"
#include "conformance/run/assess_internal.h"
#include "conformance/run/observe.h"
#include "sim/base/fields.h"

/* A proof while its exchanges are gone through. */
struct proof {
    const oc_assessor *assessor;
    const oc_session_rule *rule;
    const oc_session *session;
    const oc_raw_exchange *raw;
    oc_arena *arena;
    oc_fields lets;
    const oc_scope *takes; /* of the exchange in question */
    size_t proven;
    struct oc_finding *out;
};

static oc_result proof_capture(void *self, const char *name, oc_buf *out)
{
    const struct proof *proof = self;
    const oc_buf *value = oc_fields_get(&proof->lets, name);
    return value != NULL ? oc_buf_append(out, oc_buf_span(value))
                         : proof->takes->capture(proof->takes->self, name, out);
}

static oc_result proof_profile(void *self, const char *reference, oc_buf *out)
{
    const struct proof *proof = self;
    return proof->takes->profile(proof->takes->self, reference, out);
}

static oc_result compute(struct proof *proof, const oc_scope *scope, oc_buf *value, oc_buf *equals, oc_diag *diag)
{
    const oc_run_context run = oc_run_context_of(0, proof->rule->id);
    const oc_function_world world = {
        .scope = scope, .keys = proof->assessor->keys, .crypto = proof->assessor->crypto, .run = &run};
    for (size_t i = 0; i < proof->rule->let_count; i++) {
        oc_buf result = {0};
        oc_result r = oc_function_run(&proof->rule->lets[i], &world, &result, diag);
        if (oc_is_ok(r)) {
            r = oc_fields_set(&proof->lets, proof->rule->lets[i].own_id, oc_buf_span(&result));
        }
        oc_buf_free(&result);
        OC_TRY(r);
    }
    OC_TRY(oc_value_bytes(&proof->rule->value, scope, value, diag));
    return oc_value_bytes(&proof->rule->equals, scope, equals, diag);
}

static void find(struct proof *proof, size_t at, enum oc_finding_kind kind, const char *expected, const char *reason)
{
    if (kind <= proof->out->kind) {
        return;
    }
    oc_observed seen = {.breach = OC_PATTERN_DIFFERS, .at = at, .other = SIZE_MAX};
    *proof->out = (struct oc_finding){.kind = kind, .reason = reason, .has_evidence = true};
    proof->out->evidence = oc_observed_evidence(proof->assessor->mask, proof->arena, &seen, proof->session,
                                                proof->raw);
    proof->out->evidence.what = "cryptogram";
    proof->out->evidence.expected = expected;
}

/* oc_visit. What nobody has the key for, or what is masked, stays open. */
static oc_result visit(void *context, size_t at, const oc_scope *takes)
{
    struct proof *proof = context;
    const oc_scope scope = {proof, proof_capture, proof_profile};
    oc_buf value = {0};
    oc_buf equals = {0};
    oc_diag why = {0};
    proof->takes = takes;
    oc_result r = proof->assessor->keys == NULL ? oc_fail(OC_E_UNAVAILABLE)
                                                : compute(proof, &scope, &value, &equals, &why);
    if (r.code == OC_E_MEMORY || r.code == OC_E_CRYPTO || r.code == OC_E_INTERNAL) {
        oc_buf_free(&value);
        oc_buf_free(&equals);
        return r;
    }
    if (!oc_is_ok(r)) {
        find(proof, at, OC_FINDING_OPEN, "a cryptogram that can be computed",
             oc_arena_format(proof->arena, "it cannot be recomputed: %s",
                             proof->assessor->keys == NULL ? "no keys are known (--profile, --keys)"
                             : why.reason[0] == '\0'       ? oc_code_sentence(r.code)
                                                           : why.reason));
    } else if (oc_span_equal(oc_buf_span(&value), oc_buf_span(&equals))) {
        proof->proven++;
    } else {
        const char *expected = oc_mask_bytes(proof->assessor->mask, proof->arena, oc_buf_span(&equals));
        find(proof, at, OC_FINDING_BROKEN, expected, "the cryptogram is not what the key gives");
    }
    oc_fields_free(&proof->lets);
    oc_buf_free(&value);
    oc_buf_free(&equals);
    return oc_ok();
}

static oc_result prove(const oc_assessor *assessor, const oc_session_rule *rule, const oc_session *session,
                       const oc_raw_exchange *raw, oc_arena *arena, struct oc_finding *out, oc_diag *diag)
{
    struct proof proof = {
        .assessor = assessor, .rule = rule, .session = session, .raw = raw, .arena = arena, .out = out};
    OC_TRY(oc_observe_each(rule->observation, rule->proves, session, assessor->scope, visit, &proof, diag));
    if (out->kind == OC_FINDING_NOTHING && proof.proven > 0) {
        out->kind = OC_FINDING_HOLDS;
    }
    return oc_ok();
}

static oc_result observe(const oc_assessor *assessor, const oc_session_rule *rule, const oc_session *session,
                         const oc_raw_exchange *raw, oc_arena *arena, struct oc_finding *out)
{
    oc_observed seen;
    oc_diag why = {0};
    oc_result r = oc_observe(rule->observation, session, assessor->scope, NULL, NULL, &seen, &why);
    if (r.code == OC_E_NOT_FOUND) {
        out->reason = oc_arena_text(arena, why.reason[0] == '\0' ? "the profile lacks a value" : why.reason);
        return oc_ok();
    }
    OC_TRY(r);
    if (seen.holding == OC_HOLDS) {
        out->kind = seen.met ? OC_FINDING_HOLDS : OC_FINDING_NOTHING;
        return oc_ok();
    }
    out->kind = seen.holding == OC_BROKEN ? OC_FINDING_BROKEN : OC_FINDING_OPEN;
    out->has_evidence = true;
    out->evidence = oc_observed_evidence(assessor->mask, arena, &seen, session, raw);
    out->reason = oc_arena_format(arena, "%s%s: %s",
                                  seen.holding == OC_BROKEN ? "" : "masked bytes decide: ", out->evidence.expected,
                                  out->evidence.received);
    return oc_ok();
}

oc_result oc_assess_session(const oc_assessor *assessor, const oc_session_rule *rule, const oc_raw_exchange *raw,
                            size_t count, oc_arena *arena, struct oc_finding *out, oc_diag *diag)
{
    oc_session session;
    OC_TRY(oc_session_build(&session, raw, count, rule->observation->raw));
    oc_result r = rule->proves != 0 ? prove(assessor, rule, &session, raw, arena, out, diag)
                                    : observe(assessor, rule, &session, raw, arena, out);
    oc_session_free(&session);
    return r;
}
