/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_UNRESTORED_H
#define OC_CONFORMANCE_RUN_UNRESTORED_H

#include "sim/base/diag.h"
#include "sim/base/fields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Cases that began to change a foreign card and have not put it right yet, with what they had captured: in a file beside
 * the card's ledger, written before each command that may change something. What is in it when a run begins was left by
 * one that was killed or lost its card, and is put right first. A line "case ID", then "with NAME HEX" for each
 * capture. */
typedef struct oc_unrestored oc_unrestored;

/* `path` may not exist yet. IO when it is not what this program wrote. */
OC_MUST_USE oc_result oc_unrestored_open(oc_unrestored **out, const char *path, oc_diag *diag);
void oc_unrestored_free(oc_unrestored **unrestored);

/* NULL when nothing is left to be put right. The first case begun comes last, as changes are undone in reverse. */
const char *oc_unrestored_case(const oc_unrestored *unrestored, const oc_fields **captures);

/* The file says so when this returns. `id` is noted anew with other captures; noting the same again costs nothing. */
OC_MUST_USE oc_result oc_unrestored_note(oc_unrestored *unrestored, const char *id, const oc_fields *captures,
                                         oc_diag *diag);
OC_MUST_USE oc_result oc_unrestored_done(oc_unrestored *unrestored, const char *id, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
