/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_HOST_CHANGE_H
#define OC_TESTS_MUTANTS_HOST_CHANGE_H

#include <jansson.h>

#include "sim/host/hsm_read.h"
#include "sim/host/medical/call.h"
#include "tests/mutants/frame/mutant.h"

/* What a defective back-end does otherwise: the wrappers of this folder ask for it. What stays NULL is right. */
struct host_change {
    struct host_sql {
        const char *text;    /* where it stands in a statement, or in the schema of a store .. */
        const char *instead; /* .. this takes its place */
    } sql[4];
    bool forgets_content; /* a message that comes again is known by its msgid alone */
    /* A refusal whose err_msg begins so is not made. */
    const char *unsaid;
    /* The rules of a region. */
    void (*rules)(oc_med_rules *rules);
    /* A settlement before and after it is worked out, a fee line after it is, the arithmetic of both. */
    void (*before)(oc_med_case *settled);
    void (*after)(const oc_med_case *settled, oc_med_shares *shares);
    void (*split)(const oc_med_item *item, oc_med_split *split);
    int64_t (*part)(int64_t fen, unsigned permille);
    bool (*line_sum)(int64_t price, int64_t count, int64_t *fen);
    /* What the tables or the signature find, and is overlooked. */
    bool (*overlooks)(const oc_med_finding *finding);
    bool refuses_unknown; /* fields that no table has are a fault */
    /* What a success answers, and the whole answer to a message. */
    void (*output)(const char *infno, json_t *output);
    void (*answer)(const char *infno, json_t *answer);
    /* The person that a medium or a number stands for. */
    void (*person)(oc_med_person *person);
    /* The proofs of cards. */
    bool takes_any_tac;
    bool takes_any_cryptogram;
    /* The HSM: a refusal whose sentence has this in it is not made; "mac2" or "tac", which it does not check; what its
     * string is before it is looked into. */
    const char *hsm_unsaid;
    const char *hsm_takes;
    void (*hsm_string)(const struct oc_hsm_layout *layout, struct oc_hsm_string *string);
    /* Signed applications and codes: a flaw, by its word, that is overlooked; any SM2 signature is right. */
    const char *certificate_flaw;
    bool takes_any_signature;
    const char *code_flaw;
};

/* That of the chosen mutant; NULL where it is none of the back-end's. */
const struct host_change *host_change(void);

#endif
