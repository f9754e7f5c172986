/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_IDENTITIES_H
#define OC_HOST_MEDICAL_IDENTITIES_H

#include <jansson.h>

#include "sim/host/medical/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The amounts in the setlinfo and setldetail of an answer's output; false when there is no settlement. `balance_before`
 * in fen, or NULL where it is not known (A6). An amount that is absent is 0. */
bool oc_med_answer_amounts(const json_t *output, const int64_t *balance_before, oc_med_amounts *amounts);
/* The first amount identity (oc_med_broken_identity) that they break, NULL when all hold or there is no settlement. `off`
 * receives left side minus right side. */
const char *oc_med_answer_identity(const json_t *output, const int64_t *balance_before, int64_t *off);

#ifdef __cplusplus
}
#endif
#endif
