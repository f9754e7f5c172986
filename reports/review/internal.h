/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_REVIEW_INTERNAL_H
#define OC_REPORTS_REVIEW_INTERNAL_H

#include <libxml/hash.h>

#include "reports/challenge/challenge.h"
#include "reports/review/review.h"

/* Private to reports/review. */

struct oc_review_texts {
    const char **at;
    size_t count, room;
};

struct oc_review_module {
    const char *pass, *path, *place, *sha256; /* "" where not known */
};

/* One submission: what its record says, and its page. */
struct oc_submission {
    oc_arena arena;
    oc_review_page page;
    oc_verification verification;
    bool has_record;
    const char *command_line, *started, *ended, *exit_code, *amends;
    uint64_t seed;
    unsigned resumes;
    bool interrupted, strict;
    const char *build, *clock_source, *clock_ppm, *clock_gap_ns, *clock_ns;
    const char *nonce, *challenge_digest, *issued, *expires, *examiner; /* "" without a challenge */
    bool challenge_trusted;
    const char *vendor, *model, *serial, *ics_id, *library; /* of the declaration, or "" */
    struct oc_review_texts excluded, failures, deviations, undecided, not_run, waivers, waived, drivers;
    struct oc_review_module *modules;
    size_t module_count, module_room;
    xmlHashTablePtr contents; /* chain of a case without its run, over times and bytes, to the case's id */
    size_t content_count;
};

struct oc_review {
    struct oc_submission *at;
    oc_review_page *pages;
    size_t count;
    uint64_t seed;
};

/* Adds a line; a failure of memory leaves it out and comes back. */
OC_MUST_USE oc_result oc_review_say(struct oc_submission *to, enum oc_review_section section, bool asks,
                                    const char *en, const char *zh);
OC_MUST_USE oc_result oc_review_add_text(struct oc_review_texts *list, const char *text);

/* Verifies and reads. */
OC_MUST_USE oc_result oc_submission_read(struct oc_submission *out, const oc_review_order *order, oc_diag *diag);
/* The page, as far as the submission alone goes. */
OC_MUST_USE oc_result oc_submission_judge(struct oc_submission *submission, const oc_review_order *order,
                                          oc_diag *diag);
/* The part about the challenge and its plan. */
OC_MUST_USE oc_result oc_submission_judge_challenge(struct oc_submission *submission, const oc_review_order *order,
                                                    oc_diag *diag);
/* What they have in common. */
OC_MUST_USE oc_result oc_submissions_compare(struct oc_submission *at, size_t count);

#endif
