/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_HOST_SERVICE_H
#define OC_CONFORMANCE_CLI_HOST_SERVICE_H

#include "conformance/cli/host_medical.h"
#include "conformance/dut/keys_spec.h"

/* Everything that `onecard host` serves, put together: HSM, settlement, card authentication across provinces, electronic
 * card. GET / tells the paths. */
typedef struct oc_host_service oc_host_service;

typedef struct oc_host_service_order {
    const char *listen;
    const char *profile; /* file, or NULL: the shipped third-generation card */
    const char *store;   /* the ledger of card debits, or ":memory:" */
    oc_http_tls tls;
    oc_host_medical_order medical;
    oc_keys_spec keys;
} oc_host_service_order;

/* Reads profile and region and opens the store of settlements: what fails here is the user's input. */
OC_MUST_USE oc_result oc_host_service_load(oc_host_service **out, const oc_cli *cli,
                                           const oc_host_service_order *order, oc_diag *diag);
/* Opens the keys and serves. `order` outlives the service. */
OC_MUST_USE oc_result oc_host_service_start(oc_host_service *service, const oc_host_service_order *order,
                                            oc_diag *diag);
/* For the line that says what is served. */
const char *oc_host_service_address(const oc_host_service *service);
const char *oc_host_service_profile(const oc_host_service *service);
const char *oc_host_service_region(const oc_host_service *service);
/* Ends what was started; `code` as of oc_host_medical_close. Accepts NULL. */
void oc_host_service_stop(oc_host_service **service, int *code);

#endif
