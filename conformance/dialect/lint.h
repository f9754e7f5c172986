/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_LINT_H
#define OC_CONFORMANCE_DIALECT_LINT_H

#include "conformance/dialect/catalogue.h"
#include "conformance/dialect/suite.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a schema cannot say: ids unique over all files and not retired, requirements and terms known, captures made
 * before they are used, terminal functions and their arguments known, raw TPDUs and issuing guarded by their terms, lasting changes
 * declared, faults that meet an exchange, one budget for each class, a negative that differs from its twin. Calls `report` for each finding. */
typedef void oc_lint_report(void *context, const char *file, long line, const char *reason);

/* Answers the number of findings. */
size_t oc_lint(const oc_vectors *vectors, const oc_catalogue *catalogue, oc_lint_report *report, void *context);

#ifdef __cplusplus
}
#endif
#endif
