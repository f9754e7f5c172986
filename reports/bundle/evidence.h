/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_EVIDENCE_H
#define OC_REPORTS_BUNDLE_EVIDENCE_H

#include <libxml/tree.h>

#include "reports/bundle/plan_lines.h"
#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a bundle says beside the reports: made from the record alone, in one pass through it, so that who checks a bundle
 * makes it again and compares. */

/* Traces are written of cases that ended FAIL, ERROR, DEVIATION or INCONCLUSIVE and of flows, as many as this at most, in
 * the order of the record, which holds the rest (project choice). */
#define OC_TRACES_MAX 2000

/* Facts of a record. Zero-initialise; free with oc_evidence_free. Texts live in the arena, "" where the record has none. */
typedef struct oc_evidence {
    oc_arena arena;
    const char *run_id;
    const char *plan_digest; /* what the record claims */
    const char *suite_version;
    const char *started, *ended;
    const char *ics_digest, *lab_digest; /* SHA-256 of the files, hex */
    const char *challenge_digest;
    bool official, interrupted;
    bool plan_is_whole;   /* the cases that are there make the digest of the plan */
    size_t cases, traces; /* traces: written, of those below */
    size_t traces_worth;
    oc_plan_lines plan;
    oc_buf environment; /* the element <environment>, and <limits> (empty: none), as text */
    oc_buf limits;
} oc_evidence;

/* Called for each trace: its path in the bundle, its lines, and the case. */
typedef oc_result oc_evidence_trace(void *self, const char *path, oc_span lines, const xmlNode *one_case,
                                    oc_diag *diag);

/* Reads the record, checks every chain, and hands the traces out (`trace` may be NULL). FORMAT naming the first bad case
 * where a chain does not end as the record says. */
OC_MUST_USE oc_result oc_evidence_read(oc_evidence *out, const char *result_path, oc_evidence_trace *trace, void *self,
                                       oc_diag *diag);
void oc_evidence_free(oc_evidence *evidence);

/* What the maker of a bundle promises about signatures, so that nobody takes one away unnoticed. */
typedef struct oc_bundle_claims {
    unsigned signatures;
    bool time_stamp;
} oc_bundle_claims;

/* env.xml, plan.xml, limits.xml. Append to `out`; the last one nothing where the record has no limits. */
OC_MUST_USE oc_result oc_evidence_env(const oc_evidence *evidence, const oc_bundle_claims *claims, oc_buf *out);
OC_MUST_USE oc_result oc_evidence_plan(const oc_evidence *evidence, oc_buf *out);
OC_MUST_USE oc_result oc_evidence_limits(const oc_evidence *evidence, oc_buf *out);

/* Reads the claims of an env.xml. */
OC_MUST_USE oc_result oc_evidence_claims(oc_bundle_claims *out, oc_span env, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
