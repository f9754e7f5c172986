/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/outcome.h"

static const char *const names[OC_VERDICT_COUNT] = {
    [OC_VERDICT_PASS] = "PASS",           [OC_VERDICT_NOT_APPLICABLE] = "NOT_APPLICABLE",
    [OC_VERDICT_NOT_RUN] = "NOT_RUN",     [OC_VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
    [OC_VERDICT_DEVIATION] = "DEVIATION", [OC_VERDICT_FAIL] = "FAIL",
    [OC_VERDICT_ERROR] = "ERROR",
};

const char *oc_verdict_name(enum oc_verdict verdict)
{
    return (unsigned)verdict < OC_VERDICT_COUNT ? names[verdict] : "ERROR";
}

bool oc_verdict_parse(const char *name, enum oc_verdict *out)
{
    for (unsigned i = 0; name != NULL && i < OC_VERDICT_COUNT; i++) {
        if (strcmp(name, names[i]) == 0) {
            *out = (enum oc_verdict)i;
            return true;
        }
    }
    return false;
}

enum oc_verdict oc_verdict_worse(enum oc_verdict so_far, enum oc_verdict now)
{
    /* What the device did wrong before our own trouble stays proven. */
    if (so_far == OC_VERDICT_FAIL && now == OC_VERDICT_ERROR) {
        return OC_VERDICT_FAIL;
    }
    return now > so_far ? now : so_far;
}

void oc_outcome_free(oc_outcome *outcome)
{
    if (outcome == NULL) {
        return;
    }
    oc_arena_free(&outcome->arena);
    *outcome = (oc_outcome){0};
}
