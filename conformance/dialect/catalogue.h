/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_CATALOGUE_H
#define OC_CONFORMANCE_DIALECT_CATALOGUE_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What vectors refer to by name: requirements (vectors/requirements/), terms (vectors/terms.xml) and the ids of
 * retired cases (vectors/retired.xml). */
typedef struct oc_catalogue oc_catalogue;

/* `folder` is the vectors folder. Each file is validated by its schema in FOLDER/schema. */
OC_MUST_USE oc_result oc_catalogue_load(oc_catalogue **out, const char *folder, oc_diag *diag);
void oc_catalogue_free(oc_catalogue **catalogue);

/* 'A', 'B', 'C' or 'P': how well attested the requirement is; 0 when it is not known. */
char oc_catalogue_confidence(const oc_catalogue *catalogue, const char *requirement);
/* The same for a card whose algorithm is SM4: lower where the 3DES form alone is attested. */
char oc_catalogue_sm4_confidence(const oc_catalogue *catalogue, const char *requirement);
/* Somebody who holds the standard's text stands behind the requirement: it is as firm as one can be, whatever is
 * published. Of no effect for one that is not known. */
void oc_catalogue_back(oc_catalogue *catalogue, const char *requirement);
bool oc_catalogue_is_backed(const oc_catalogue *catalogue, const char *requirement);
/* True for a declared term; patterns such as setting.NAME.VALUE and key(DIR/KEY) stand for their family. */
bool oc_catalogue_has_term(const oc_catalogue *catalogue, const char *name, bool with_argument);
/* True when the id belongs to a case that was taken away and may not be used again. */
bool oc_catalogue_is_retired(const oc_catalogue *catalogue, const char *case_id);

size_t oc_catalogue_requirement_count(const oc_catalogue *catalogue);
const char *oc_catalogue_requirement(const oc_catalogue *catalogue, size_t at);

#ifdef __cplusplus
}
#endif
#endif
