/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_SIGNATURE_INTERNAL_H
#define OC_HOST_MEDICAL_SIGNATURE_INTERNAL_H

#include "sim/crypto/sm2.h"
#include "sim/host/medical/signature.h"

#define OC_MED_NONCES 256

struct oc_med_signer {
    const oc_region *region;
    oc_crypto *crypto;
    oc_sm2_key key; /* of SM2: the sender's, of which the receiver uses the public part */
    bool has_key;
    struct {
        char text[65];
        int64_t seconds;
    } nonces[OC_MED_NONCES]; /* the last ones, as a ring */
    size_t nonce_at;
};

/* Base64 of `bytes`, appended. */
OC_MUST_USE oc_result oc_med_base64(oc_buf *out, oc_span bytes);
/* Appends what base64 text stands for; FORMAT for other text. */
OC_MUST_USE oc_result oc_med_from_base64(oc_buf *out, const char *text);

/* SM3withSM2 over `text`. */
OC_MUST_USE oc_result oc_med_sm2_sign(oc_med_signer *signer, oc_span text, oc_buf *base64);
OC_MUST_USE oc_result oc_med_sm2_fits(oc_med_signer *signer, oc_span text, const char *user_id, const char *base64,
                                      bool *fits);

/* mobile.c */
OC_MUST_USE oc_result oc_med_mobile_wrap(oc_med_signer *signer, int64_t seconds, oc_buf *message);
OC_MUST_USE oc_result oc_med_mobile_unwrap(oc_med_signer *signer, int64_t seconds, oc_buf *message,
                                           oc_med_findings *findings);

#endif
