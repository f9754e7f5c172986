/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_TRUST_H
#define OC_REPORTS_BUNDLE_TRUST_H

#include <openssl/x509.h>

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Certificates that the reader of a bundle trusts. */
typedef struct oc_trust oc_trust;

/* Reads every certificate of the PEM files. USAGE for a file without one. `at` is the time at which certificates must be
 * valid, in seconds since 1970; 0 means now. */
OC_MUST_USE oc_result oc_trust_new(oc_trust **out, const char *const *paths, size_t count, int64_t at, oc_diag *diag);
void oc_trust_free(oc_trust **trust);

/* A store of its own over the same certificates, for who needs one; freed with X509_STORE_free. NULL: out of memory. */
X509_STORE *oc_trust_store(const oc_trust *trust);

/* Whether a chain leads from `leaf` over certificates of `others` to a trusted one; *chain receives it (freed with
 * oc_certificates_free). FORMAT with the reason otherwise. SM2 signatures bear the user id 1234567812345678. */
OC_MUST_USE oc_result oc_trust_check(const oc_trust *trust, X509 *leaf, STACK_OF(X509) * others,
                                     STACK_OF(X509) * *chain, oc_diag *diag);

/* Reads the certificates of a PEM file in their order. */
OC_MUST_USE oc_result oc_certificates_read(STACK_OF(X509) * *out, const char *path, oc_diag *diag);
void oc_certificates_free(STACK_OF(X509) * certificates);

/* The user id of SM2 signatures (GB/T 35276), and setting it for the signature that a certificate bears. */
#define OC_SM2_ID "1234567812345678"
OC_MUST_USE oc_result oc_certificate_set_id(X509 *certificate);

#ifdef __cplusplus
}
#endif
#endif
