/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_COMPARE_H
#define OC_CONFORMANCE_RUN_COMPARE_H

#include "conformance/run/pass.h"

/* Private to the runner: the same card over two links. Its verdicts must be the same: a difference is the harness's
 * error and is noted in the record, as is a case that only one link can judge. Of a case that ran several times the
 * worst verdict counts, once. Sorts the tallies; *differences is raised by the cases that differ. */
OC_MUST_USE oc_result oc_compare_passes(oc_pass *a, oc_pass *b, oc_record *record, size_t *differences, oc_diag *diag);

#endif
