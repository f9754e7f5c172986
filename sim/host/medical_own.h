/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_OWN_H
#define OC_HOST_MEDICAL_OWN_H

#include <stdbool.h>

#include "sim/base/fields.h"
#include "sim/host/medical/medical.h"
#include "sim/host/medical_holder.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the back-end is told past the interface, in messages of this project:
 *   card-list  card-id (32 hex digits), state: lost, replaced, or absent: taken off the list
 *   holder     card-number, card-id, id-number, name, each that of `at_hand` where absent; standing: insured (where absent
 *              too), suspended, ended, deceased; injured: 1 */
bool oc_medical_own_knows(const char *name);

/* Texts are UTF-8. `answer` receives infcode 0. USAGE for a value that means nothing. */
OC_MUST_USE oc_result oc_medical_own_message(oc_medical *medical, const oc_medical_holder *at_hand, const char *name,
                                             const oc_fields *in, oc_fields *answer, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
