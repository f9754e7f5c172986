/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_SPECIFICATION_SPECIFICATION_H
#define OC_CONFORMANCE_SPECIFICATION_SPECIFICATION_H

#include <stdio.h>

#include "conformance/run/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the cases of `plan` as a document for those who will never run them: by area and requirement, each with what
 * it is about, when it applies, its steps and what is expected in words, in Chinese and English; one HTML page that
 * needs nothing else. `data_folder` holds vectors/ and reports/. Case after case goes to `out`: memory is that of the
 * requirements' texts. IO when `out` takes no more; else as what it reads. */
OC_MUST_USE oc_result oc_specification_write(FILE *out, const oc_plan *plan, const char *data_folder, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
