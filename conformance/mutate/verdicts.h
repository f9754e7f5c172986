/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_MUTATE_VERDICTS_H
#define OC_CONFORMANCE_MUTATE_VERDICTS_H

#include "reports/verdict.h"
#include "sim/base/arena.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a record says of its cases, as far as mutants are concerned. */

typedef struct oc_verdict_case {
    const char *pass;
    const char *id;
    enum oc_report_verdict verdict;
    const char *const *requirements; /* that the case names */
    size_t requirement_count;
    const char *broken; /* the requirement of the check that decided, or NULL */
    const char *reason; /* or NULL */
} oc_verdict_case;

/* Zero-initialise; free with oc_verdicts_free. */
typedef struct oc_verdicts {
    oc_arena arena;
    oc_verdict_case *cases;
    size_t count;
    size_t room;
    size_t judged; /* cases that came to PASS, DEVIATION or FAIL */
    size_t errors; /* cases that came to ERROR */
} oc_verdicts;

static inline bool oc_verdicts_mismatch(const oc_verdict_case *one)
{
    return one->verdict == OC_REPORT_FAIL || one->verdict == OC_REPORT_DEVIATION;
}

/* Reads the record of a run, of which only mismatches and errors are kept unless `whole`. As oc_record_read; FORMAT also
 * for a run that was interrupted. */
OC_MUST_USE oc_result oc_verdicts_read(oc_verdicts *out, const char *path, bool whole, oc_diag *diag);
void oc_verdicts_free(oc_verdicts *judged);

#ifdef __cplusplus
}
#endif
#endif
