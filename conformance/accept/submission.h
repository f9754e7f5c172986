/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_SUBMISSION_H
#define OC_CONFORMANCE_ACCEPT_SUBMISSION_H

#ifdef __cplusplus
extern "C" {
#endif

/* The 27 items that are checked when a region submits cards (送检测试项; ssc-terminal sheet 3, one public source). */
#define OC_SUBMISSION_ITEMS 27
#define OC_SUBMISSION_CASES 4

typedef struct oc_submission_item {
    unsigned number;
    const char *en;
    const char *zh;
    const char *cases[OC_SUBMISSION_CASES]; /* beginnings of the ids of the vectors about it, up to NULL */
    const char *left_en;                    /* what acceptance does not look at; NULL where nothing is left */
    const char *left_zh;
} oc_submission_item;

/* Index 0 to 26. */
const oc_submission_item *oc_submission_item_at(unsigned at);

/* Vectors that accept runs where the user names none: an extended regular expression on their ids. */
const char *oc_submission_filter(void);

#ifdef __cplusplus
}
#endif
#endif
