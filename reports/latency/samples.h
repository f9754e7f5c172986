/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_SAMPLES_H
#define OC_REPORTS_LATENCY_SAMPLES_H

#include <libxml/tree.h>

#include "reports/record_reader.h"
#include "sim/base/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The samples of a record by pass and series, every one of them kept, so that percentiles are exact. Which samples
 * count is the rule of the record's own summary: cases that passed or deviated; flows without their negatives. */

enum oc_series_kind {
    OC_SERIES_EMPTY,    /* exchanges with a card that does nothing: what harness and link cost */
    OC_SERIES_CLASS,    /* commands by class: "READ RECORD" */
    OC_SERIES_FUNCTION, /* functions of a terminal: "iReadCardBas" */
    OC_SERIES_PART,     /* where the time of a function went: "iReadCardBas: card", ": link", ": own" */
    OC_SERIES_FLOW,     /* by id of the case: first exchange to last */
    OC_SERIES_STEP      /* steps by the class of budget that the vectors give them */
};
#define OC_SERIES_KINDS 6
/* "empty", "class", ... */
const char *oc_series_kind_name(enum oc_series_kind kind);
bool oc_series_kind_parse(const char *name, enum oc_series_kind *out);

/* A part of a transaction: a step of a flow, or a call as a whole. Nanoseconds; begin counts from the case's begin. */
typedef struct oc_segment {
    const char *label;
    uint64_t begin;
    uint64_t card; /* inside the card, or in card and link where they cannot be told apart */
    uint64_t link;
    uint64_t own; /* the terminal's */
} oc_segment;

typedef struct oc_transaction {
    uint64_t ns;
    const oc_segment *segments;
    size_t count;
} oc_transaction;

typedef struct oc_series {
    enum oc_series_kind kind;
    const char *pass;
    const char *name;
    uint64_t *ns;     /* as they stand in the record */
    uint64_t *sorted; /* after oc_samples_finish */
    size_t count;
    size_t room;
    uint64_t budget_ns; /* of the 99th percentile; 0: none */
    /* How the time went; of flows, and of functions with parts. Of many transactions a part is kept, the worst always. */
    oc_transaction *kept;
    size_t kept_count;
    size_t kept_room;
    oc_transaction worst;
} oc_series;

typedef struct oc_samples oc_samples;

OC_MUST_USE oc_result oc_samples_new(oc_samples **out);
OC_MUST_USE oc_result oc_samples_add(oc_samples *samples, const char *pass, enum oc_series_kind kind, const char *name,
                                     uint64_t ns);
/* The series is made where it does not exist. */
OC_MUST_USE oc_result oc_samples_budget(oc_samples *samples, const char *pass, enum oc_series_kind kind,
                                        const char *name, uint64_t ns);
/* Takes a record's head and its cases, one after the other: the parts of an oc_record_visitor. */
OC_MUST_USE oc_result oc_samples_head(oc_samples *samples, const xmlNode *result);
OC_MUST_USE oc_result oc_samples_case(oc_samples *samples, const xmlNode *one_case);
/* Sorts; series by pass (in the order of the record), kind and name. To be called once, after the last sample. */
OC_MUST_USE oc_result oc_samples_finish(oc_samples *samples);
/* All of it, in one pass through a record. */
OC_MUST_USE oc_result oc_samples_read(oc_samples **out, const char *result_path, oc_diag *diag);
void oc_samples_free(oc_samples **samples);

size_t oc_samples_count(const oc_samples *samples);
const oc_series *oc_samples_at(const oc_samples *samples, size_t index);
/* The empty exchanges of a pass, or NULL. */
const oc_series *oc_samples_empty(const oc_samples *samples, const char *pass);
/* The head that was taken, without cases: a copy that the samples own; NULL when none was. */
const xmlNode *oc_samples_result(const oc_samples *samples);
/* What is said of the pass, <pass> of the head; or NULL. */
const xmlNode *oc_samples_pass(const oc_samples *samples, const char *pass);

/* Nearest rank, after oc_samples_finish; count > 0. */
uint64_t oc_series_quantile(const oc_series *series, double p);
/* The transaction that comes nearest to the median, and the worst; NULL where none was kept. */
const oc_transaction *oc_series_median(const oc_series *series);
const oc_transaction *oc_series_worst(const oc_series *series);

/* Whether the first tenth of the samples differs from the rest: their medians lie more than 10 per cent apart, in
 * 50 samples or more. */
bool oc_series_warms_up(const oc_series *series, uint64_t *first_median, uint64_t *rest_median);

#ifdef __cplusplus
}
#endif
#endif
