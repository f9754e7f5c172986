/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_SHEET_H
#define OC_CONFORMANCE_ACCEPT_SHEET_H

#include "conformance/accept/batch.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the sheet tells beside the batch itself. */
typedef struct oc_sheet_facts {
    const char *started; /* ISO 8601 */
    const char *ended;
    char order_sha256[65];
    bool own_label_key; /* the labels are made with a key that the user named, not with the order's digest */
    bool interrupted;
} oc_sheet_facts;

/* Writes batch.xml (reports/batch.xsd): the source of the sheets. Everything in it is masked as `options` says. */
OC_MUST_USE oc_result oc_sheet_write(const char *path, const oc_batch *batch, const oc_batch_options *options,
                                     const oc_sheet_facts *facts, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
