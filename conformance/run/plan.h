/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_PLAN_H
#define OC_CONFORMANCE_RUN_PLAN_H

#include "conformance/dialect/suite.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which cases run: a positive case and its negatives are one unit and stay together. */
typedef struct oc_selection {
    const char *id_regex; /* -k: extended regular expression on ids and official names, or NULL */
    const char *tag;      /* -t: and, or, not over card terminal host flow negative official(NAME) req(ID)
                             condition(NAME) touches.WORD; or NULL */
    unsigned shard;       /* 1 to shards */
    unsigned shards;      /* 0: all */
    bool for_terminal;    /* a terminal is under test: its own cases, and flows that call it by functions of LD/T 33,
                             unless id_regex or tag say what is wanted; it is OC_TERMINAL_SANITY_ID that opens */
    bool for_card;     /* a card is under test: neither cases of a terminal nor of a back-end, unless id_regex or tag
                             say what is wanted */
    bool for_operator; /* in oc_operator_order, after the shard was taken */
} oc_selection;

typedef struct oc_plan {
    const oc_case **units; /* without the sanity case */
    size_t unit_count;
    size_t whole_count;    /* units before the shard was taken */
    size_t case_count;     /* units and their negatives */
    size_t host_count;     /* of these, in units of oc_plan_is_of_host */
    const oc_case *sanity; /* that opens and closes a pass, or NULL */
} oc_plan;

#define OC_SANITY_ID "CARD.SANITY"
#define OC_TERMINAL_SANITY_ID "TERM.SANITY"

/* Of the two, the one that a selection asks for. */
const char *oc_plan_sanity_id(const oc_selection *selection);

/* The closing sanity case is the opening one under an id of its own. */
const char *oc_plan_closing_id(const oc_plan *plan);

/* A case of the area host that sends nothing to a card, a PSAM or a terminal, and asks nothing about the link: another link
 * to the same card shows nothing new, and it runs over a profile's first link only. */
bool oc_plan_is_of_host(const oc_case *unit);

/* USAGE for a bad expression. The plan borrows from `vectors`. */
OC_MUST_USE oc_result oc_plan_make(oc_plan *out, const oc_vectors *vectors, const oc_selection *selection,
                                   oc_diag *diag);
void oc_plan_free(oc_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
