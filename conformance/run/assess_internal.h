/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_ASSESS_INTERNAL_H
#define OC_CONFORMANCE_RUN_ASSESS_INTERNAL_H

#include "conformance/run/assess.h"

/* Private to the two files of the assessor. From best to worst. */
enum oc_finding_kind {
    OC_FINDING_NOTHING, /* nothing in the session is of the rule */
    OC_FINDING_HOLDS,
    OC_FINDING_OPEN,
    OC_FINDING_BROKEN
};

struct oc_finding {
    enum oc_finding_kind kind;
    const char *reason;
    bool has_evidence;
    oc_outcome_evidence evidence;
};

struct oc_assessment {
    struct oc_finding worst;
    const char *session; /* the first as bad as that */
    size_t times;        /* sessions as bad as that */
};

/* One rule against one session. Texts land in `arena`. */
OC_MUST_USE oc_result oc_assess_session(const oc_assessor *assessor, const oc_session_rule *rule,
                                        const oc_raw_exchange *raw, size_t count, oc_arena *arena,
                                        struct oc_finding *out, oc_diag *diag);

#endif
