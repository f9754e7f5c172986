/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_UNTESTED_H
#define OC_REPORTS_UNTESTED_H

#include "reports/requirements.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Why a record says nothing of a requirement: what kept the cases about it from running, each reason once. */
typedef struct oc_untested_reason {
    size_t requirement;             /* index */
    const char *text;               /* borrowed from the record */
    enum oc_report_verdict verdict; /* NOT_RUN or NOT_APPLICABLE */
    size_t cases;
} oc_untested_reason;

typedef struct oc_untested {
    oc_untested_reason *at; /* by requirement */
    size_t count;
} oc_untested;

/* A requirement whose cases did not try a device, or that has none. `requirement` was counted. */
bool oc_requirement_untested(const oc_requirement *requirement);

/* Reasons of the untested ones, after oc_requirements_count. */
OC_MUST_USE oc_result oc_untested_collect(oc_untested *out, oc_requirements *requirements,
                                          const oc_result_record *record);
void oc_untested_free(oc_untested *untested);

/* The reason of a case that was left out; "" where it only followed its positive twin. */
const char *oc_untested_text(const oc_result_case *one);

#ifdef __cplusplus
}
#endif
#endif
