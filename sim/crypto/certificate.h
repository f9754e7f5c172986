/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CRYPTO_CERTIFICATE_H
#define OC_CRYPTO_CERTIFICATE_H

#include "sim/crypto/sm2.h"

#ifdef __cplusplus
extern "C" {
#endif

/* X.509 certificates with SM2 keys, signed with SM2 over SM3 (1.2.156.10197.1.501, user id OC_SM2_DEFAULT_ID), in
 * the two levels that a card needs: a self-signed root and the card's two certificates under it (ssc-card 9).
 * Profile after GM/T 0015: version 3; names of country CN and a common name; authority and subject key identifier;
 * key usage, which is critical: root keyCertSign and cRLSign, signing digitalSignature and nonRepudiation,
 * enciphering keyEncipherment and dataEncipherment. */
enum oc_certificate_use { OC_CERTIFICATE_ROOT, OC_CERTIFICATE_SIGNING, OC_CERTIFICATE_ENCIPHERING };

/* Bytes of DER; a card's certificate file is written in 1020 bytes (ssc-card 9). */
#define OC_CERTIFICATE_MAX 1020
#define OC_CERTIFICATE_SERIAL_MAX 16
#define OC_CERTIFICATE_NAME_MAX 64 /* bytes of UTF-8 in a common name */

typedef struct oc_certificate_order {
    enum oc_certificate_use use;
    oc_span serial; /* 1 to 16 bytes, big-endian */
    const char *issuer;
    const char *subject;        /* of a root the same as the issuer */
    int64_t not_before;         /* seconds since 1970-01-01T00:00:00Z, years 1970 to 9999 */
    int64_t not_after;          /* this second included */
    const oc_sm2_key *signer;   /* the issuer's pair */
    const oc_sm2_key *receiver; /* public key of the subject */
} oc_certificate_order;

/* Appends the certificate in DER; the same order gives the same bytes. LIMIT when a part is too long. */
OC_MUST_USE oc_result oc_certificate_make(oc_crypto *crypto, const oc_certificate_order *order, oc_buf *out);

/* Why a certificate is not to be relied on; the first that applies, in this order. */
enum oc_certificate_flaw {
    OC_CERTIFICATE_RIGHT,
    OC_CERTIFICATE_MALFORMED,     /* no such certificate in DER, or no SM2 key */
    OC_CERTIFICATE_NO_ROOT,       /* what is given as root is no self-signed certificate of an authority */
    OC_CERTIFICATE_ISSUER,        /* another issuer than the root */
    OC_CERTIFICATE_SIGNATURE,     /* not signed by the root */
    OC_CERTIFICATE_USAGE,         /* its key usage does not allow `use` */
    OC_CERTIFICATE_NOT_YET_VALID, /* it or the root */
    OC_CERTIFICATE_EXPIRED        /* it or the root */
};

/* "ok", "malformed", "root", "issuer", "signature", "usage", "not-yet-valid", "expired". */
const char *oc_certificate_flaw_name(enum oc_certificate_flaw flaw);

/* Checks `certificate` against `root` at the time `now` (seconds since 1970). Both are DER; zeros or FF behind the
 * certificate are the filling of its file. With OC_CERTIFICATE_RIGHT `key`, unless NULL, receives its public key. */
OC_MUST_USE oc_result oc_certificate_check(oc_crypto *crypto, oc_span certificate, oc_span root,
                                           enum oc_certificate_use use, int64_t now, oc_sm2_key *key,
                                           enum oc_certificate_flaw *flaw);

/* The same without a root: RIGHT, MALFORMED, NOT_YET_VALID or EXPIRED. `key` is set unless it is malformed. */
OC_MUST_USE oc_result oc_certificate_key_at(oc_crypto *crypto, oc_span certificate, int64_t now, oc_sm2_key *key,
                                            enum oc_certificate_flaw *flaw);

/* Without the filling of its file; all of it when it is no certificate. */
oc_span oc_certificate_trim(oc_span file);

/* The public key without any check; *found is false when it is no certificate with an SM2 key. */
OC_MUST_USE oc_result oc_certificate_key(oc_crypto *crypto, oc_span certificate, oc_sm2_key *key, bool *found);

#ifdef __cplusplus
}
#endif
#endif
