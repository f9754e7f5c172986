/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/certificate.h"

#include <openssl/x509v3.h>

#include "sim/base/tlv.h"

#define DER_SEQUENCE 0x30
#define DER_BIT_STRING 0x03

static const char *const names[] = {
    [OC_CERTIFICATE_RIGHT] = "ok",
    [OC_CERTIFICATE_MALFORMED] = "malformed",
    [OC_CERTIFICATE_NO_ROOT] = "root",
    [OC_CERTIFICATE_ISSUER] = "issuer",
    [OC_CERTIFICATE_SIGNATURE] = "signature",
    [OC_CERTIFICATE_USAGE] = "usage",
    [OC_CERTIFICATE_NOT_YET_VALID] = "not-yet-valid",
    [OC_CERTIFICATE_EXPIRED] = "expired",
};

const char *oc_certificate_flaw_name(enum oc_certificate_flaw flaw)
{
    return names[flaw];
}

/* A certificate taken apart: what is signed as it stands in the bytes, the rest by OpenSSL's parser. */
struct parsed {
    X509 *x509;
    oc_span body;
    uint8_t signature[OC_SM2_SIGNATURE];
    oc_sm2_key key;
};

static bool is_filling(oc_span rest)
{
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.at[i] != rest.at[0] || (rest.at[0] != 0x00 && rest.at[0] != 0xFF)) {
            return false;
        }
    }
    return true;
}

/* Cuts the filling of the file off, and the signed part out. */
static bool cut(oc_span file, oc_span *certificate, oc_span *body)
{
    oc_rd rd = oc_rd_of(file);
    oc_tlv outer;
    oc_tlv inner;
    if (!oc_tlv_next(&rd, &outer) || outer.tag != DER_SEQUENCE || !is_filling(rd.rest)) {
        return false;
    }
    *certificate = oc_span_slice(file, 0, file.len - rd.rest.len);
    oc_rd parts = oc_rd_of(outer.value);
    if (!oc_tlv_next(&parts, &inner) || inner.tag != DER_SEQUENCE) {
        return false;
    }
    *body = oc_span_slice(outer.value, 0, outer.value.len - parts.rest.len);
    return true;
}

static bool take_signature(const X509 *x509, uint8_t out[OC_SM2_SIGNATURE])
{
    const ASN1_BIT_STRING *bits = NULL;
    const X509_ALGOR *algorithm = NULL;
    X509_get0_signature(&bits, &algorithm, x509);
    const unsigned char *at = ASN1_STRING_get0_data(bits);
    const unsigned char *end = at + ASN1_STRING_length(bits);
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, ASN1_STRING_length(bits));
    bool taken = sig != NULL && at == end && BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, 32) == 32 &&
                 BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + 32, 32) == 32;
    ECDSA_SIG_free(sig);
    return taken;
}

static oc_result take_key(oc_crypto *crypto, const X509 *x509, oc_sm2_key *out, bool *found)
{
    const unsigned char *point = NULL;
    int len = 0;
    X509_ALGOR *algorithm = NULL;
    ASN1_OBJECT *type = NULL;
    const ASN1_OBJECT *oid = NULL;
    int kind = 0;
    const void *curve = NULL;
    *found = false;
    if (X509_PUBKEY_get0_param(&type, &point, &len, &algorithm, X509_get_X509_PUBKEY(x509)) != 1) {
        return oc_ok();
    }
    X509_ALGOR_get0(&oid, &kind, &curve, algorithm);
    if (OBJ_obj2nid(type) != NID_X9_62_id_ecPublicKey || kind != V_ASN1_OBJECT || OBJ_obj2nid(curve) != NID_sm2 ||
        len != 1 + OC_SM2_POINT || point[0] != 0x04) {
        return oc_ok();
    }
    oc_result r = oc_sm2_public(crypto, out, oc_span_of(point + 1, OC_SM2_POINT));
    *found = oc_is_ok(r);
    return r.code == OC_E_FORMAT ? oc_ok() : r;
}

/* x509 stays NULL when it is no certificate with an SM2 key and an SM2 signature. */
static oc_result parse(oc_crypto *crypto, oc_span file, struct parsed *out)
{
    *out = (struct parsed){0};
    oc_span der;
    if (!cut(file, &der, &out->body)) {
        return oc_ok();
    }
    const unsigned char *at = der.at;
    X509 *x509 = d2i_X509(NULL, &at, (long)der.len);
    bool right = x509 != NULL && at == der.at + der.len && X509_get_version(x509) == X509_VERSION_3 &&
                 X509_get_signature_nid(x509) == NID_SM2_with_SM3 && take_signature(x509, out->signature);
    oc_result r = right ? take_key(crypto, x509, &out->key, &right) : oc_ok();
    if (!right || !oc_is_ok(r)) {
        X509_free(x509);
        x509 = NULL;
    }
    out->x509 = x509;
    return r;
}

static oc_result is_signed_by(oc_crypto *crypto, const struct parsed *subject, const oc_sm2_key *issuer, bool *valid)
{
    uint8_t digest[OC_SM2_DIGEST];
    OC_TRY(oc_sm2_digest(crypto, issuer, oc_span_text(OC_SM2_DEFAULT_ID), subject->body, digest));
    return oc_sm2_verify(issuer, oc_span_of(digest, sizeof digest),
                         oc_span_of(subject->signature, sizeof subject->signature), valid);
}

static bool allows(X509 *x509, enum oc_certificate_use use)
{
    static const uint32_t needed[] = {
        [OC_CERTIFICATE_ROOT] = KU_KEY_CERT_SIGN,
        [OC_CERTIFICATE_SIGNING] = KU_DIGITAL_SIGNATURE,
        [OC_CERTIFICATE_ENCIPHERING] = KU_KEY_ENCIPHERMENT,
    };
    uint32_t flags = X509_get_extension_flags(x509);
    return (flags & EXFLAG_INVALID) == 0 && (flags & EXFLAG_KUSAGE) != 0 &&
           (X509_get_key_usage(x509) & needed[use]) != 0;
}

static oc_result is_root(oc_crypto *crypto, const struct parsed *root, bool *right)
{
    *right = false;
    if (root->x509 == NULL || !allows(root->x509, OC_CERTIFICATE_ROOT) || X509_check_ca(root->x509) != 1 ||
        X509_NAME_cmp(X509_get_issuer_name(root->x509), X509_get_subject_name(root->x509)) != 0) {
        return oc_ok();
    }
    return is_signed_by(crypto, root, &root->key, right);
}

static enum oc_certificate_flaw flaw_of_time(const X509 *x509, int64_t now)
{
    /* -2: the certificate holds no time there. */
    int begins = ASN1_TIME_cmp_time_t(X509_get0_notBefore(x509), (time_t)now);
    int ends = ASN1_TIME_cmp_time_t(X509_get0_notAfter(x509), (time_t)now);
    if (begins == -2 || ends == -2) {
        return OC_CERTIFICATE_MALFORMED;
    }
    return begins > 0 ? OC_CERTIFICATE_NOT_YET_VALID : ends < 0 ? OC_CERTIFICATE_EXPIRED : OC_CERTIFICATE_RIGHT;
}

static oc_result judge(oc_crypto *crypto, const struct parsed *subject, const struct parsed *root,
                       enum oc_certificate_use use, int64_t now, enum oc_certificate_flaw *flaw)
{
    bool right = false;
    *flaw = OC_CERTIFICATE_MALFORMED;
    if (subject->x509 == NULL) {
        return oc_ok();
    }
    OC_TRY(is_root(crypto, root, &right));
    if (!right) {
        *flaw = OC_CERTIFICATE_NO_ROOT;
        return oc_ok();
    }
    if (X509_NAME_cmp(X509_get_issuer_name(subject->x509), X509_get_subject_name(root->x509)) != 0) {
        *flaw = OC_CERTIFICATE_ISSUER;
        return oc_ok();
    }
    OC_TRY(is_signed_by(crypto, subject, &root->key, &right));
    if (!right) {
        *flaw = OC_CERTIFICATE_SIGNATURE;
        return oc_ok();
    }
    if (!allows(subject->x509, use)) {
        *flaw = OC_CERTIFICATE_USAGE;
        return oc_ok();
    }
    *flaw = flaw_of_time(subject->x509, now);
    if (*flaw == OC_CERTIFICATE_RIGHT) {
        *flaw = flaw_of_time(root->x509, now);
    }
    return oc_ok();
}

oc_result oc_certificate_check(oc_crypto *crypto, oc_span certificate, oc_span root, enum oc_certificate_use use,
                               int64_t now, oc_sm2_key *key, enum oc_certificate_flaw *flaw)
{
    struct parsed subject;
    struct parsed authority = {0};
    oc_result r = parse(crypto, certificate, &subject);
    r = oc_is_ok(r) ? parse(crypto, root, &authority) : r;
    r = oc_is_ok(r) ? judge(crypto, &subject, &authority, use, now, flaw) : r;
    if (oc_is_ok(r) && *flaw == OC_CERTIFICATE_RIGHT && key != NULL) {
        *key = subject.key;
    }
    X509_free(subject.x509);
    X509_free(authority.x509);
    return r;
}

oc_result oc_certificate_key(oc_crypto *crypto, oc_span certificate, oc_sm2_key *key, bool *found)
{
    struct parsed subject;
    OC_TRY(parse(crypto, certificate, &subject));
    *found = subject.x509 != NULL;
    *key = subject.key;
    X509_free(subject.x509);
    return oc_ok();
}

oc_result oc_certificate_key_at(oc_crypto *crypto, oc_span certificate, int64_t now, oc_sm2_key *key,
                                enum oc_certificate_flaw *flaw)
{
    struct parsed subject;
    OC_TRY(parse(crypto, certificate, &subject));
    *key = subject.key;
    *flaw = subject.x509 == NULL ? OC_CERTIFICATE_MALFORMED : flaw_of_time(subject.x509, now);
    X509_free(subject.x509);
    return oc_ok();
}

oc_span oc_certificate_trim(oc_span file)
{
    oc_span der;
    oc_span body;
    return cut(file, &der, &body) ? der : file;
}
