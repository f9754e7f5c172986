/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/mutants/tally.h"

#include <stdio.h>

#include "tests/support/oc_test.h"

#define CAUSE_MAX 128

static bool is_mismatch(enum oc_verdict verdict)
{
    return verdict == OC_VERDICT_FAIL || verdict == OC_VERDICT_DEVIATION;
}

static bool is_related(const struct expectation *expected, const char *cause)
{
    bool related = strcmp(cause, expected->violates) == 0;
    for (size_t i = 0; i < RELATED_MAX && expected->related[i] != NULL && !related; i++) {
        related = strncmp(cause, expected->related[i], strlen(expected->related[i])) == 0;
    }
    return related;
}

static bool is_catcher(const char *caught_by, const char *id)
{
    size_t len = strlen(caught_by);
    bool begins = len > 0 && (caught_by[len - 1] == '.' || caught_by[len - 1] == '-');
    return begins ? strncmp(id, caught_by, len) == 0 : strcmp(id, caught_by) == 0;
}

/* What the verdict rests on: a requirement, or the name of the breach that the adapter saw; "" when neither is told. */
static void read_cause(char out[CAUSE_MAX], const oc_outcome *outcome)
{
    const oc_outcome_evidence *evidence = &outcome->evidence;
    out[0] = '\0';
    if (outcome->has_evidence && evidence->requirement != NULL) {
        snprintf(out, CAUSE_MAX, "%s", evidence->requirement);
    } else if (outcome->has_evidence && evidence->received != NULL) {
        snprintf(out, CAUSE_MAX, "%.*s", (int)strcspn(evidence->received, ":"), evidence->received);
    }
}

static void note_healthy(struct tally *tally, const oc_case *subject, const oc_outcome *outcome)
{
    if (outcome->verdict != OC_VERDICT_PASS && outcome->verdict != OC_VERDICT_NOT_APPLICABLE) {
        printf("\n    %s is %s: %s", subject->id, oc_verdict_name(outcome->verdict), outcome->reason);
        tally->mismatches++;
    }
}

void tally_note(void *context, const oc_case *subject, const oc_outcome *outcome)
{
    struct tally *tally = context;
    const struct expectation *expected = tally->expected;
    char cause[CAUSE_MAX];
    read_cause(cause, outcome);
    bool mismatch = is_mismatch(outcome->verdict);
    tally->judged += outcome->verdict == OC_VERDICT_PASS || mismatch;
    if (outcome->verdict == OC_VERDICT_ERROR) {
        printf("\n    %s: %s", subject->id, outcome->reason);
        CU_FAIL("ERROR");
    }
    if (expected == NULL) {
        note_healthy(tally, subject, outcome);
        return;
    }
    if (is_catcher(expected->caught_by, subject->id) && outcome->verdict != OC_VERDICT_NOT_APPLICABLE) {
        tally->ran++;
        tally->verdict = outcome->verdict;
        tally->caught += mismatch && strcmp(cause, expected->violates) == 0;
    }
    tally->mismatches += mismatch;
    if (mismatch && !is_related(expected, cause)) {
        printf("\n    %s: %s fails for %s: %s", expected->defect, subject->id, cause, outcome->reason);
        tally->unrelated++;
    }
}

const char *tally_verdict(const struct tally *tally, const char *otherwise)
{
    return tally->ran > 0 ? oc_verdict_name(tally->verdict) : otherwise;
}
