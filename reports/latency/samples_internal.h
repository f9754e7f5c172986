/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_SAMPLES_INTERNAL_H
#define OC_REPORTS_LATENCY_SAMPLES_INTERNAL_H

#include <libxml/hash.h>

#include "reports/latency/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Private to reports/latency. */

#define OC_SAMPLES_EMPTY "empty exchange"

struct oc_samples {
    oc_arena arena;
    xmlHashTablePtr by_name; /* pass, kind, name to oc_series; owns nothing */
    oc_series **series;
    size_t count;
    size_t room;
    xmlDoc *head;
    size_t segments; /* kept in all */
};

OC_MUST_USE oc_result oc_samples_series(oc_samples *samples, const char *pass, enum oc_series_kind kind,
                                        const char *name, oc_series **out);
OC_MUST_USE oc_result oc_series_append(oc_series *series, uint64_t ns);

#ifdef __cplusplus
}
#endif
#endif
