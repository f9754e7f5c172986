/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_PROOF_H
#define OC_HOST_MEDICAL_PROOF_H

#include "sim/host/host.h"
#include "sim/host/medical/medical.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The service of 9201 (oc_med_prove_card): the HSM of a back-end checks the cryptogram of an INTERNAL AUTHENTICATE under
 * the card's SSSE/IRK, whose factors are the region in the card identifier and the last eight historical bytes
 * (ssc-card sheet 6.3, 6.4). UNAVAILABLE when nobody has the key. */
OC_MUST_USE oc_result oc_medical_prove_card(oc_host *host, const oc_med_card_proof *proof, enum oc_med_proven *out,
                                            oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
