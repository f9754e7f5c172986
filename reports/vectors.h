/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_VECTORS_H
#define OC_REPORTS_VECTORS_H

#include "reports/requirements.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Told of every case that is about a requirement. A table counts as one case. */
typedef oc_result oc_vectors_visit(void *self, const char *requirement, const char *case_id, oc_diag *diag);

/* Goes through the suites below a folder, in the order of their names; other XML files are passed over. A case is
 * about the requirements of its own <req> and of its checks, a negative about its own or else its twin's. Retired
 * cases count for nothing. */
OC_MUST_USE oc_result oc_vectors_walk(const char *folder, oc_vectors_visit *visit, void *self, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
