/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_OWN_HTTP_H
#define OC_HOST_OWN_HTTP_H

#include <jansson.h>

#include "sim/host/ecard/ecard.h"
#include "sim/host/http_server.h"
#include "sim/host/medical_holder.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What of this project is served over HTTP beside the attested interfaces, each POST of a JSON object:
 *   /ecard/check sign show verify revoke rebind query   the electronic card (ecard.h, the fields of ecard-check ..)
 *   /ecard/qr          text, form (pbm, png, svg, text; png where absent): a picture
 *   /card-list, /holder   medical_own.h
 *   /localQrCodeQuery  the electronic voucher's query (voucher.h): the path's end is attested, what it asks is not national
 * Texts are UTF-8. Status 200 whether accepted or refused; 400, 404, 415 with {"error":word,"message":sentence}. */
typedef struct oc_own_http {
    oc_ecard *ecard;
    oc_medical *medical;
    const oc_region *region;
    const oc_medical_holder *at_hand;
} oc_own_http;

/* The rows for an oc_http_server; `own` outlives it. One thread at a time: options.threads 1, or a batch. */
#define OC_OWN_HTTP_ROUTES 4
void oc_own_http_routes(oc_http_route rows[OC_OWN_HTTP_ROUTES], oc_own_http *own);

/* Appends the paths. */
OC_MUST_USE oc_result oc_own_http_list(json_t *paths);

#ifdef __cplusplus
}
#endif
#endif
