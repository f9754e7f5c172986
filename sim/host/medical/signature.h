/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_SIGNATURE_H
#define OC_HOST_MEDICAL_SIGNATURE_H

#include "sim/base/bytes.h"
#include "sim/base/fields.h"
#include "sim/crypto/crypto.h"
#include "sim/host/medical/check.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How messages are signed, by the scheme of the region (settlement-backend sheet 3):
 *   none        nothing
 *   sm3-input   signtype SM3, cainfo the SM3 of the input's text in capital hex digits
 *   sm3withsm2  signtype SM2, cainfo the SM2 signature (r || s, base64) over the input's text with the region's user id
 *   gateway     headers x-tif-paasid, x-tif-timestamp, x-tif-nonce, x-tif-signature: SHA-256 in hex digits of timestamp,
 *               secret, nonce, timestamp
 *   mobile      an envelope appId, data, encType SM4, signType SM2, timestamp, version, encData, signData (mobile.h)
 * The input's text is the bytes of the value of "input" as they are sent: no national rule says how to make JSON
 * canonical (project choice). Keys are test keys of the region file. */
typedef struct oc_med_signer oc_med_signer;

OC_MUST_USE oc_result oc_med_signer_new(oc_med_signer **out, const oc_region *region);
void oc_med_signer_free(oc_med_signer **signer);
/* The numbers used once that it has seen are forgotten. */
void oc_med_signer_forget(oc_med_signer *signer);

/* Signs a message made without signature: changes it in place, adds headers. `seconds` since 1970. */
OC_MUST_USE oc_result oc_med_sign(oc_med_signer *signer, int64_t seconds, const char *nonce, oc_buf *message,
                                  oc_fields *headers);

/* Checks what came; findings say what is wrong, and for a wrong digest or signature what it would fit: hex in small
 * letters, JSON that was written anew, blanks left out, another user id. `message` is unwrapped in place by "mobile".
 * `headers` may be NULL: none. A nonce is taken once within the region's clock tolerance. */
OC_MUST_USE oc_result oc_med_verify(oc_med_signer *signer, int64_t seconds, const oc_fields *headers, oc_buf *message,
                                    oc_med_findings *findings);

/* The bytes of the value of a member at the outermost level of a JSON object; empty when it is not there. The text is
 * valid JSON. */
oc_span oc_med_member_text(oc_span json, const char *name);

#ifdef __cplusplus
}
#endif
#endif
