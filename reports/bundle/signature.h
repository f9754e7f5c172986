/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_SIGNATURE_H
#define OC_REPORTS_BUNDLE_SIGNATURE_H

#include "reports/bundle/trust.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CMS signatures (RFC 5652) over content that stands elsewhere, with the attributes of CAdES-BES (ETSI EN 319 122-1):
 * content type, signing time, message digest, signing certificate. The key decides the algorithms:
 *     SM2         SM2 over SM3 (1.2.156.10197.1.501), user id 1234567812345678 (GB/T 35276)
 *     RSA, >= 2048 bits, and P-256, P-384, P-521   with SHA-256
 * OpenSSL 3.0's own CMS knows no SM2 signer and no user id, so attributes are signed and checked here. */
#define OC_CMS_SIGNERS_MAX 8
#define OC_CMS_BYTES_MAX ((size_t)256 * 1024)

typedef struct oc_signer {
    const char *certificate; /* file: PEM, the signer's first, then those between it and the root */
    const char *key;         /* file: PEM, not enciphered; or NULL */
    const char *command;     /* instead of `key`: gets the bytes to sign, prints the signature (DER of the two numbers;
                                RSA: PKCS #1), for keys in tokens and signing services */
} oc_signer;

/* Makes a signature, or with one in `p7s` already adds to it; DER. `when` is the signing time in seconds since 1970.
 * USAGE for a certificate or key that does not fit, UNAVAILABLE for a command that fails. */
OC_MUST_USE oc_result oc_cms_sign(oc_buf *p7s, oc_span content, const oc_signer *signers, size_t count, int64_t when,
                                  oc_diag *diag);

/* One signer of a signature that holds. */
typedef struct oc_cms_signer {
    char subject[256]; /* "CN=...,O=...", UTF-8 */
    char issuer[256];
    char serial[72];       /* hex */
    const char *algorithm; /* "SM2 with SM3", "ECDSA with SHA-256", "RSA with SHA-256" */
    int64_t signed_at;     /* what the signer says: a time stamp says more */
} oc_cms_signer;

typedef struct oc_cms_signers {
    oc_cms_signer at[OC_CMS_SIGNERS_MAX];
    size_t count;
} oc_cms_signers;

/* Checks every signer: signature, digest, attributes, strength, and unless `trust` is NULL the way to a certificate
 * that is trusted. Nothing may be in `p7s` that no signer needs. FORMAT with the reason otherwise. */
OC_MUST_USE oc_result oc_cms_verify(oc_cms_signers *out, oc_span p7s, oc_span content, const oc_trust *trust,
                                    oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
