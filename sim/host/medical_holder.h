/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_HOLDER_H
#define OC_HOST_MEDICAL_HOLDER_H

#include "sim/host/medical/person.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The holder of a profile's card, as the back-end insures him: the same person whose card is at hand. */
typedef struct oc_medical_holder {
    char name[128];
    char id_number[32];
    char card_number[32];
    char card_id[33];
} oc_medical_holder;

/* From SSSE/EF05 and EF06 of the profile; a text is "" where the card has none. */
OC_MUST_USE oc_result oc_medical_holder_of(const oc_profile *profile, oc_medical_holder *out);

/* What the back-end needs; its texts are those of `holder`. The account has 200.00 yuan (project choice). */
oc_med_holder oc_medical_holder_insured(const oc_medical_holder *holder);

#ifdef __cplusplus
}
#endif
#endif
