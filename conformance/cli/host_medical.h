/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_HOST_MEDICAL_H
#define OC_CONFORMANCE_CLI_HOST_MEDICAL_H

#include "conformance/cli/cli.h"
#include "conformance/cli/host_judge.h"
#include "conformance/cli/host_misbehave.h"
#include "sim/host/medical_holder.h"
#include "sim/host/medical_http.h"
#include "sim/profile/profile.h"

/* The settlement part of `onecard host`: region, back-end, its paths. */
typedef struct oc_host_medical oc_host_medical;

typedef struct oc_host_medical_order {
    const char *region; /* file, or NULL: the shipped national one */
    const char *store;  /* database, or ":memory:" */
    const char *judge;  /* folder for a record of what clients sent, or NULL */
    const char *command_line;
    oc_misbehave misbehave;
} oc_host_medical_order;

/* The region in `file`, relative to where we are; NULL: the shipped national one. */
OC_MUST_USE oc_result oc_host_medical_load_region(oc_region **out, const oc_cli *cli, const char *file, oc_diag *diag);

/* The holder of the profile's card is insured. FORMAT, NOT_FOUND for the region, others for the store. */
OC_MUST_USE oc_result oc_host_medical_open(oc_host_medical **out, const oc_cli *cli,
                                           const oc_host_medical_order *order, const oc_profile *profile,
                                           oc_diag *diag);
/* `code` receives the verdict on the clients where they were judged; may be NULL. Says on standard error when the
 * reports cannot be written. */
void oc_host_medical_close(oc_host_medical **medical, int *code);

const oc_region *oc_host_medical_region(const oc_host_medical *medical);
/* For routes and the error handler of the server. */
oc_medical_http *oc_host_medical_http(const oc_host_medical *medical);
/* For oc_http_options.batch: none where clients are judged or treated badly. */
oc_http_batch oc_host_medical_batch(const oc_host_medical *medical);
/* Of the profile's card. */
const oc_medical_holder *oc_host_medical_holder(const oc_host_medical *medical);
/* For the other services that know its persons. */
oc_medical *oc_host_medical_back_end(const oc_host_medical *medical);

#endif
