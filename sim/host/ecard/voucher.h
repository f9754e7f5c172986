/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_ECARD_VOUCHER_H
#define OC_HOST_ECARD_VOUCHER_H

#include "sim/host/ecard/ecard.h"
#include "sim/host/medical/region.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The query of the electronic voucher (settlement-backend sheet 6): JSON {"data":{..},"orgId":"..","transType":"ec.query"}
 * is answered {"code":0,"message":"..","data":{"idNo","userName","ecToken","idType","insuOrg"}}. Fields are those of the
 * message ec.query in the region's tables. The code is one of this project's electronic cards (ecard.h), and so the whole
 * is a demonstration. Afterwards mdtrt_cert_type is 01 and mdtrt_cert_no the ecToken.
 *
 * A refusal has code -1 and a message that begins "[missing data.orgId]" or "[VOUCHER data.ecQrCode]", as err_msg of the
 * settlement messages does (project choice; only 0 for success is attested). */
#define OC_VOUCHER_QUERY "ec.query"

/* Answers `body`. `answer` (emptied first) always receives a well-formed answer; an error means that the service itself
 * failed. */
OC_MUST_USE oc_result oc_voucher_query(oc_ecard *ecard, const oc_region *region, oc_span body, oc_buf *answer,
                                       oc_diag *diag);

/* The client's half. `in`, UTF-8: "data.FIELD", "orgId", "transType"; the tables' samples stand for what is not there, and
 * an empty value leaves the field out, "json:TEXT" puts TEXT there as JSON. `out` receives the body. USAGE for another name. */
OC_MUST_USE oc_result oc_voucher_message(const oc_region *region, const oc_fields *in, oc_buf *out, oc_diag *diag);
/* Takes an answer apart: "code", "message", "data.FIELD". GARBAGE for what is no answer. */
OC_MUST_USE oc_result oc_voucher_read(oc_span answer, oc_fields *out, oc_diag *diag);

/* What the local component of a hospital asks with a scanned code (oc_med_read_code); `ecard` is an oc_ecard. */
oc_med_read_code oc_voucher_read_code;

#ifdef __cplusplus
}
#endif
#endif
