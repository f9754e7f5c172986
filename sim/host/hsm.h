/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_HSM_H
#define OC_HOST_HSM_H

#include "sim/host/proof.h"

/* The back-end's half of the HSM flows: a terminal without a PSAM sends the string of its Step1, the HSM answers the
 * string of its Step2 (ssc-terminal sheet 4.5 to 4.8). Keys stay with the key provider. Lengths of the strings' items
 * follow that sheet; where it is silent, they are a project choice and stand in the layouts of the sources. */

struct oc_hsm_service {
    oc_key_provider keys;
    bool mac1_zero; /* cards of setting purchase-mac1 zero: the personal amount counts as 0 in MAC1 */
};

struct oc_hsm_call {
    const struct oc_hsm_service *service;
    const struct oc_message *message; /* obeys its form */
    oc_fields *answer;                /* "result", or with refused ones only `why` */
    oc_diag *diag;
    char why[160]; /* one sentence that names the field, never a value; "" as long as nothing is wrong */
};

/* Each sets `why`, or the answer with "result"; an error means that the provider could not answer. */
typedef oc_result oc_hsm_function(struct oc_hsm_call *call);

oc_hsm_function oc_hsm_basic;          /* hsm_authenticate.c: service 246, and the external half of 3.0 cards */
oc_hsm_function oc_hsm_external;       /* service 244 */
oc_hsm_function oc_hsm_secure_message; /* hsm_message.c: service 245 */
oc_hsm_function oc_hsm_debit;          /* hsm_debit.c: MAC1 */
oc_hsm_function oc_hsm_debit_check;    /* MAC2 and TAC of the card */

#endif
