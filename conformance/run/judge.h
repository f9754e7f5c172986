/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_JUDGE_H
#define OC_CONFORMANCE_RUN_JUDGE_H

#include "conformance/dialect/suite.h"
#include "conformance/record/outcome.h"
#include "conformance/run/mask.h"
#include "sim/base/fields.h"
#include "sim/base/sw.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Compares what a step received with what it expects. */
typedef struct oc_judge {
    const oc_scope *scope;
    const oc_mask *mask;
    oc_arena *arena; /* of the outcome: evidence texts */
    /* Receives the fields and objects that an expectation captures. */
    oc_result (*capture)(void *context, const char *name, oc_span value);
    void *context;
    bool secret; /* what was received is a record that is masked even where its value is not known */
} oc_judge;

/* Each answers true when everything fits. Otherwise *evidence tells the first mismatch: what, expected, received,
 * first difference and the check's own requirement (or NULL). An error result means that an expected value could
 * not be computed. `data_expected` tells whether a step without <data> may carry data. */
OC_MUST_USE oc_result oc_judge_response(const oc_judge *judge, const oc_expect *expect, oc_sw sw, oc_span data,
                                        bool data_expected, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag);
/* A fault left the step without an answer; `fault` tells which. */
void oc_judge_silence(const oc_judge *judge, const oc_expect *expect, const char *fault, bool *fits,
                      oc_outcome_evidence *evidence);
/* The ATR of a reset: data only. */
OC_MUST_USE oc_result oc_judge_data(const oc_judge *judge, const oc_expect *expect, oc_span data, bool *fits,
                                    oc_outcome_evidence *evidence, oc_diag *diag);
/* Named answers of a call or message; where the vector names none, `name` must be `value`. */
OC_MUST_USE oc_result oc_judge_answers(const oc_judge *judge, const oc_expect *expect, const oc_fields *answers,
                                       const char *name, const char *value, bool *fits, oc_outcome_evidence *evidence,
                                       oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
