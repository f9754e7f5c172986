/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_CMS_H
#define OC_REPORTS_BUNDLE_CMS_H

#include <openssl/cms.h>

#include "sim/base/bytes.h"

/* Private to the signing and the checking side of signature.h: what both must agree on. */

/* How keys of one kind sign. */
typedef struct oc_cms_way {
    const char *key;  /* as EVP_PKEY_is_a knows it */
    const char *name; /* for readers */
    const EVP_MD *(*digest)(void);
    int signature;      /* NID of the signature algorithm */
    int signature_type; /* of its parameter: V_ASN1_NULL or V_ASN1_UNDEF */
    int bits;           /* of the key, at least */
} oc_cms_way;

/* Of CMS_add1_signer, which gets the public key only: nothing is signed by it, it makes room for what is. */
#define OC_CMS_SIGNER_FLAGS (CMS_PARTIAL | CMS_NOSMIMECAP | CMS_KEY_PARAM | CMS_BINARY)

/* NULL for a key that may not sign: another kind, or too short. */
const oc_cms_way *oc_cms_way_of(EVP_PKEY *key);

/* What is signed: the signed attributes of a signer as a SET OF in DER. Replaces the content of `out`. */
OC_MUST_USE oc_result oc_cms_signed_bytes(CMS_SignerInfo *signer, oc_buf *out);

/* Makes a context for signing or checking with that key, the user id set where it is an SM2 key. NULL: none can be had. */
EVP_MD_CTX *oc_cms_context(const oc_cms_way *way, EVP_PKEY *key, bool for_signing);

#endif
