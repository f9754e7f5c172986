/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_RESTORE_KEYS_H
#define OC_CONFORMANCE_RUN_RESTORE_KEYS_H

#include "conformance/dialect/suite.h"
#include "sim/crypto/key_provider.h"

/* Calls `visit` with each key that the restore steps of a case compute with, until it answers an error. */
typedef oc_result oc_restore_key_visit(void *context, const oc_key_name *key, oc_diag *diag);
OC_MUST_USE oc_result oc_restore_keys_visit(const oc_case *subject, oc_restore_key_visit *visit, void *context,
                                            oc_diag *diag);

/* A case that could not put the card right again must not begin: each key that its restore steps compute with is asked
 * for something first. UNAVAILABLE, with key and version in the diag, when the provider can do nothing with one of
 * them; errors of the provider as they are. */
OC_MUST_USE oc_result oc_restore_keys_check(const oc_case *subject, const oc_key_provider *keys, oc_diag *diag);

#endif
