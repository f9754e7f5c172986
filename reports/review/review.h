/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_REVIEW_REVIEW_H
#define OC_REPORTS_REVIEW_REVIEW_H

#include <stdio.h>

#include "reports/bundle/verify.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What an examiner has to ask about submissions: evidence bundles, each by itself and beside the others. Whether a page
 * asks something is a matter of rules that stand here, not of weight: a deviation that is waived and explained is asked
 * about like one that nobody mentioned. */

typedef struct oc_review_order {
    const char *const *folders;
    size_t count;
    const char *challenge_path; /* that was handed out, or NULL: each bundle's own */
    const char *data_folder;
    const char *const *ca_paths; /* certificates that are trusted, of signers, time stamps and examiners */
    size_t ca_count;
    bool any_signer;
    uint64_t seed;                  /* of the cases that are drawn, with the run id */
    size_t sample;                  /* how many of them a submission */
    oc_bundle_companion *companion; /* the same that the bundles were made with */
} oc_review_order;

/* In the order of a page. */
enum oc_review_section {
    OC_REVIEW_BUNDLE,    /* verification, signers */
    OC_REVIEW_RUN,       /* who, what, when; how it was called */
    OC_REVIEW_CHALLENGE, /* which, whose, in time, its seed */
    OC_REVIEW_PLAN,      /* missing, extra, not run */
    OC_REVIEW_ICS,       /* what does not apply because it is not declared */
    OC_REVIEW_VERDICTS,  /* failures, deviations, undecided */
    OC_REVIEW_WAIVERS,
    OC_REVIEW_CLOCKS,
    OC_REVIEW_ITEM,   /* driver library: declared, loaded; modules */
    OC_REVIEW_OTHERS, /* what it has in common with the other submissions */
    OC_REVIEW_SAMPLE  /* cases to run again, watched */
};
#define OC_REVIEW_SECTIONS 11

typedef struct oc_review_line {
    enum oc_review_section section;
    bool asks;
    const char *en, *zh; /* UTF-8; may hold what the submission says: to be made visible when it is shown */
} oc_review_line;

typedef struct oc_review_page {
    const char *folder;
    const char *run_id; /* or "" */
    oc_review_line *lines;
    size_t count, room;
    size_t questions;
} oc_review_page;

typedef struct oc_review oc_review;

/* OK whatever the submissions are worth; USAGE and IO are about the order and this machine. */
OC_MUST_USE oc_result oc_review_make(oc_review **out, const oc_review_order *order, oc_diag *diag);
void oc_review_free(oc_review **review);

const oc_review_page *oc_review_pages(const oc_review *review, size_t *count);

/* Prints every page. `lang` "en" or "zh"; NULL: both. */
void oc_review_print(const oc_review *review, const char *lang, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
