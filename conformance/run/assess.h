/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_ASSESS_H
#define OC_CONFORMANCE_RUN_ASSESS_H

#include "conformance/dialect/catalogue.h"
#include "conformance/judge/capture.h"
#include "conformance/judge/rules.h"
#include "conformance/record/record.h"
#include "conformance/run/mask.h"
#include "sim/crypto/key_provider.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Judges recorded sessions by rules: what was seen was observed, not provoked. */
typedef struct oc_assessor {
    const oc_rules *rules;
    const oc_catalogue *catalogue;
    const oc_mask *mask;
    const oc_profile *profile;   /* of the card; NULL: nothing is known of it */
    const oc_scope *scope;       /* of the profile */
    const oc_key_provider *keys; /* NULL: cryptograms stay unproven */
    oc_crypto *crypto;
} oc_assessor;

/* Of the trace itself: that it could be read. */
#define OC_TRACE_ID "SESSION.TRACE"

/* Notes a pass `pass` for the capture, and one outcome for the trace and for each rule, over all its sessions:
 * FAIL (or DEVIATION) where a rule is broken in any of them, INCONCLUSIVE where masked bytes or a key that nobody has
 * decide, NOT_APPLICABLE where nothing in them is of the rule. Appends how many outcomes to *count. */
OC_MUST_USE oc_result oc_assess(const oc_assessor *assessor, const oc_capture *capture, const char *pass,
                                oc_record *record, size_t *count, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
