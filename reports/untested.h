/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_UNTESTED_H
#define OC_REPORTS_UNTESTED_H

#include "reports/requirements.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Why a record says nothing of a requirement: what kept the cases about it from running, each reason once. */
typedef struct oc_untested_reason {
    size_t requirement; /* index */
    const char *text;
    enum oc_report_verdict verdict; /* NOT_RUN or NOT_APPLICABLE */
    size_t cases;
} oc_untested_reason;

typedef struct oc_untested {
    oc_arena arena;
    oc_untested_reason *at; /* by requirement, once oc_untested_finish was called */
    size_t count;
    size_t room;
    void *by_reason; /* xmlHashTable */
} oc_untested;

/* A requirement whose cases did not try a device, or that has none. `requirement` was counted. */
bool oc_requirement_untested(const oc_requirement *requirement);

OC_MUST_USE oc_result oc_untested_begin(oc_untested *out);
/* Notes the reason of a case that was left out, with all its requirements; of other cases nothing. */
OC_MUST_USE oc_result oc_untested_take_case(oc_untested *untested, oc_requirements *requirements,
                                            const oc_result_case *one);
/* After the last case, all cases counted: keeps the reasons of untested requirements, sorted. */
void oc_untested_finish(oc_untested *untested, const oc_requirements *requirements);
void oc_untested_free(oc_untested *untested);

/* The reason of a case that was left out; "" where it only followed its positive twin. */
const char *oc_untested_text(const oc_result_case *one);

#ifdef __cplusplus
}
#endif
#endif
