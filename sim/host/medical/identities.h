/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_IDENTITIES_H
#define OC_HOST_MEDICAL_IDENTITIES_H

#include <jansson.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The first amount identity (oc_med_broken_identity) that the setlinfo and setldetail of an answer's output break, NULL
 * when all hold or there is no settlement. `balance_before` in fen, or NULL where it is not known (A6). `off` receives
 * left side minus right side. An amount that is absent is 0. */
const char *oc_med_answer_identity(const json_t *output, const int64_t *balance_before, int64_t *off);

#ifdef __cplusplus
}
#endif
#endif
