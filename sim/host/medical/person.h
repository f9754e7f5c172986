/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_PERSON_H
#define OC_HOST_MEDICAL_PERSON_H

#include "sim/host/medical/region.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Insured persons. Those of a region are computed from their number, so that any number of them exists without being
 * stored; a holder is somebody whose card is at hand. Everybody is made up: ID numbers begin with 999901, a division
 * that does not exist. */

enum oc_med_standing { OC_MED_INSURED, OC_MED_SUSPENDED, OC_MED_ENDED, OC_MED_DECEASED };

typedef struct oc_med_person {
    char psn_no[31];
    char id_number[19];
    char name[51]; /* UTF-8 */
    char card_number[33];
    char card_id[33]; /* 32 hex digits */
    char birth[11];   /* yyyy-MM-dd */
    char gend[2];
    char insutype[4];
    char psn_type[3];
    char admdvs[7]; /* of the insurance */
    enum oc_med_standing standing;
    bool injured;    /* a work injury is recognised: 410 beside the other insurance */
    int64_t balance; /* fen of the personal account before anything was settled */
} oc_med_person;

/* Somebody whose card is at hand (project choice: employed and insured). */
typedef struct oc_med_holder {
    const char *name; /* UTF-8 */
    const char *id_number;
    const char *card_number;
    const char *card_id; /* 32 hex digits */
    const char *admdvs;  /* of the insurance, or NULL: the region's */
    int64_t balance;
    enum oc_med_standing standing;
    bool injured;
} oc_med_holder;

#define OC_MED_PERSONS_MAX 30000000u

/* The person of that number: 0 to the region's count (at most OC_MED_PERSONS_MAX) less 1. False beyond it. Of a thousand
 * persons one is suspended (number ends in 997), one ended (998), one deceased (999); every fiftieth has a work injury. */
bool oc_med_person_at(const oc_med_persons *persons, uint64_t number, oc_med_person *out);
/* The reverse, by any of their numbers. */
bool oc_med_person_by_id(const oc_med_persons *persons, const char *id_number, oc_med_person *out);
bool oc_med_person_by_card(const oc_med_persons *persons, const char *card_number, oc_med_person *out);
bool oc_med_person_by_card_id(const oc_med_persons *persons, const char *card_id, oc_med_person *out);
bool oc_med_person_by_psn_no(const oc_med_persons *persons, const char *psn_no, oc_med_person *out);

void oc_med_person_of_holder(const oc_med_holder *holder, const oc_med_persons *persons, oc_med_person *out);

/* Whole years at a day of "yyyy-MM-dd". */
unsigned oc_med_age(const char *birth, const char *day);

#ifdef __cplusplus
}
#endif
#endif
