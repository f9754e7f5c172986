/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_TALLY_H
#define OC_TESTS_MUTANTS_TALLY_H

#include "conformance/run/execute.h"

/* Whether the suite catches a defect by the case that is there for it, and by no unrelated one. */

#define RELATED_MAX 12

struct expectation {
    const char *defect;
    const char *violates; /* requirement, or the name of the breach that the adapter sees */
    /* Case that must not pass; ending in a dot or dash, how the ids of several begin of which one must not. */
    const char *caught_by;
    const char *related[RELATED_MAX]; /* beginnings of what may be violated along with it; "": anything */
};

struct tally {
    const struct expectation *expected; /* NULL: nothing may go wrong */
    unsigned judged;
    unsigned mismatches; /* with `expected` NULL: what neither passed nor was not applicable */
    unsigned unrelated;
    unsigned ran;            /* catching cases that applied */
    unsigned caught;         /* of those: mismatches that rest on what is violated */
    enum oc_verdict verdict; /* of the last of those that ran */
};

/* Of the type suite_run_seen, with a tally for its context. An ERROR fails the test. */
void tally_note(void *context, const oc_case *subject, const oc_outcome *outcome);

/* "FAIL", or what is said where the catching case did not apply. */
const char *tally_verdict(const struct tally *tally, const char *otherwise);

#endif
