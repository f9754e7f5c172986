/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_RUN_SUBJECT_H
#define OC_CONFORMANCE_CLI_RUN_SUBJECT_H

#include "conformance/cli/run_options.h"

/* Appends what a run tests and how, for the record's subject: a word NAME=DIGEST for each option that a verdict or its
 * place in the record depends on, for the profiles with the files that they refer to, and for the requirements below
 * the vectors folder. Digests, because a reader's name or a command tells of the machine. A closing NUL follows the
 * content without counting. */
OC_MUST_USE oc_result oc_run_subject(oc_buf *out, const oc_run_arguments *arguments, const oc_profile *const *profiles,
                                     size_t profile_count, const char *vectors_folder, oc_diag *diag);

#endif
