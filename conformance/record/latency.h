/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_LATENCY_H
#define OC_CONFORMANCE_RECORD_LATENCY_H

#include "conformance/record/xml_out.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Series of durations, sample by sample: conformance series are small enough to keep whole, so their percentiles
 * are exact order statistics. Not locked: the record's lock covers them. */
typedef struct oc_latency oc_latency;

OC_MUST_USE oc_result oc_latency_new(oc_latency **out);
/* `kind` is "class" (of commands), "function" (of a terminal), "part" (of a function), "flow"
 * or "step" (of a budget class); static text. */
OC_MUST_USE oc_result oc_latency_add(oc_latency *latency, const char *pass, const char *kind, const char *name,
                                     uint64_t ns);
/* Budget of the 99th percentile that a series is to keep, nanoseconds; the series need not have samples yet. */
OC_MUST_USE oc_result oc_latency_budget(oc_latency *latency, const char *pass, const char *kind, const char *name,
                                        uint64_t ns);

/* Samples of one series in no particular order, borrowed; `budget_ns` 0: none. */
typedef struct oc_latency_series {
    const char *pass;
    const char *kind;
    const char *name;
    const uint64_t *ns;
    size_t count;
    uint64_t budget_ns;
} oc_latency_series;
typedef oc_result oc_latency_visit(void *self, const oc_latency_series *series);
/* Ends at the first failure. */
OC_MUST_USE oc_result oc_latency_each(const oc_latency *latency, oc_latency_visit *visit, void *self);

/* Writes a <series> element for every series of the pass, by kind and name. Sorts the samples. */
void oc_latency_write(oc_latency *latency, const char *pass, oc_xml_out *out);
void oc_latency_free(oc_latency **latency);

/* Nearest rank: the smallest sample that at least `percent` of 100 samples do not exceed. `sorted`, n > 0. */
uint64_t oc_latency_percentile(const uint64_t *sorted, size_t n, unsigned percent);

void oc_latency_sort(uint64_t *ns, size_t n);

/* One <series> element; nothing when n is 0. */
void oc_latency_write_series(oc_xml_out *out, const char *pass, const char *kind, const char *name,
                             const uint64_t *sorted, size_t n);

#ifdef __cplusplus
}
#endif
#endif
