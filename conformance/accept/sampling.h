/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_SAMPLING_H
#define OC_CONFORMANCE_ACCEPT_SAMPLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many cards of a lot are looked at, and how many of them may be nonconforming.
 * Single sampling, normal inspection, general inspection level II by ISO 2859-1 (GB/T 2828.1), tables 1 and 2-A, for
 * acceptance quality limits from 0.010 to 6.5 percent nonconforming. */
typedef struct oc_sampling {
    size_t lot;
    size_t size;    /* cards to look at; all of them when it is the lot */
    size_t accept;  /* Ac: so many nonconforming cards still accept the lot */
    size_t reject;  /* Re */
    bool by_table;  /* the plan is the standard's, else the user's own number */
    char code;      /* code letter of the lot size */
    char plan_code; /* of the plan that is used, where an arrow of table 2-A leads away from it */
    char limit[8];  /* "1.0": acceptance quality limit in percent; "" where `by_table` is false */
} oc_sampling;

/* `limit` is one of the preferred values of the standard, as written there. USAGE for another, or a lot of 0 or 1. */
OC_MUST_USE oc_result oc_sampling_plan(oc_sampling *out, size_t lot, const char *limit, oc_diag *diag);
/* The user's own number, Ac 0; 0 or the lot's size looks at every card. USAGE for more than the lot. */
OC_MUST_USE oc_result oc_sampling_number(oc_sampling *out, size_t lot, size_t size, oc_diag *diag);

/* Marks `size` of `lot` places, each as likely as any other; the same for the same seed. */
OC_MUST_USE oc_result oc_sampling_draw(const oc_sampling *plan, uint64_t seed, bool *drawn, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
