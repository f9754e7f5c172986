/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_MEDICAL_KIT_H
#define OC_TESTS_UNIT_MEDICAL_KIT_H

#include "sim/host/medical/hospital.h"
#include "sim/host/medical/medical.h"
#include "tests/support/oc_test.h"

/* A back-end in memory, a hospital and a card holder, for tests. */
struct med_kit {
    oc_region *region;
    oc_medical *medical;
    oc_hospital *hospital;
    oc_clock clock;
    oc_fields answer; /* of the last message */
    oc_buf text;      /* the same as it came */
    oc_med_judgement judgement;
    char psn_no[64];
    char mdtrt_id[64];
    char setl_id[64];
};

#define MED_KIT_CARD "D99990008"
#define MED_KIT_CARD_ID "99990112345678901234567890123456"

void med_kit_open(struct med_kit *kit, const char *region, const char *institution);
/* As opened: the back-end forgets, and another hospital comes. `institution` as before. */
void med_kit_begin_again(struct med_kit *kit, const char *institution);
void med_kit_close(struct med_kit *kit);

/* Sends a message made of name, value pairs, closed by NULL; true when it is taken. */
bool med_kit_send(struct med_kit *kit, const char *infno, ...) __attribute__((sentinel));
/* The value of a field of the last answer, "" when it is not there. Valid until the next message. */
const char *med_kit_get(struct med_kit *kit, const char *name);
/* True when err_msg of the last answer holds `part`. */
bool med_kit_says(struct med_kit *kit, const char *part);

/* The dialogue of an outpatient visit up to the message before `until` ("2207": everything before the settlement). */
void med_kit_walk(struct med_kit *kit, const char *until);
/* 2206 or 2207 for batch B0001 with this total. */
bool med_kit_settle(struct med_kit *kit, const char *infno, const char *total);

#endif
