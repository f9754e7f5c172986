/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_SUITE_RUN_H
#define OC_TESTS_MUTANTS_SUITE_RUN_H

#include "conformance/run/execute.h"

/* The shipped vectors against a card that a child process plays, as `onecard run --card exec:COMMAND --allow
 * counters,records,purse,keys --expendable` runs them, but without a record and its reports: for many runs. */
typedef struct suite_run suite_run;

/* `profile_path` describes the card; `for_card`: only what a run against a card selects (oc_selection). Aborts when the
 * project's own data cannot be had. */
suite_run *suite_run_new(const char *profile_path, bool for_card);
void suite_run_free(suite_run *suite);

typedef void suite_run_seen(void *context, const oc_case *subject, const oc_outcome *outcome);

/* Runs every case but the sanity one; `sanity`: nothing but that one. */
void suite_run_against(suite_run *suite, const char *command, bool sanity, int timeout_ms, suite_run_seen *seen,
                       void *context);

/* The same against a virtual card of the operating system `os`, which is put back between cases: the cases whose ids
 * begin with one of `prefixes`, ended by NULL. */
void suite_run_virtual(suite_run *suite, const oc_card_os *os, const char *const *prefixes, suite_run_seen *seen,
                       void *context);

/* The same with the terminal under test that the spec names and the virtual card, to which it comes through the stand-in
 * reader libraries: the cases that are, or have as a negative, one of `ids`, and those whose ids begin with one that ends
 * in a dot; NULL: what `onecard run --terminal` runs. */
void suite_run_driver(suite_run *suite, const char *terminal, const char *const *ids, int timeout_ms,
                      suite_run_seen *seen, void *context);

#endif
