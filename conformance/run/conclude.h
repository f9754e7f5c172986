/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_CONCLUDE_H
#define OC_CONFORMANCE_RUN_CONCLUDE_H

#include "conformance/run/case_run.h"

/* Private to the executor: what a step that did not go as expected means for its case (vectors/README.md, "Verdicts"). */

/* Makes the case's verdict worse, if it is. What goes wrong while the card is restored is told beside what went wrong
 * before: the card may not be as it was. `reason` lives in the outcome's arena. */
void oc_conclude_worse(oc_case_run *run, enum oc_verdict verdict, const char *reason);

/* After a mismatch; fills in the requirement that it counts against. */
void oc_conclude_mismatch(oc_case_run *run, oc_outcome_evidence *evidence);

/* After a failure that is no answer of the device's. */
void oc_conclude_error(oc_case_run *run, oc_result r, const oc_diag *diag);

#endif
