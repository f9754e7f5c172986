/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_DOCUMENTS_H
#define OC_REPORTS_BUNDLE_DOCUMENTS_H

#include "reports/bundle/evidence.h"
#include "reports/bundle/manifest.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The files of a bundle that nothing can make again: the record, and what was given with the run. */
bool oc_document_is_original(const char *path);

/* Whether those that were given are there as the record says, and no others. The first that is not: *file, and why; NULL
 * where all are. `found` is sorted. */
const char *oc_documents_objection(const oc_manifest *found, const oc_evidence *evidence, const char **file);

#ifdef __cplusplus
}
#endif
#endif
