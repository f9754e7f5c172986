/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/signature.h"

#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "reports/bundle/cms.h"

/* A message that is being checked. */
struct checking {
    CMS_ContentInfo *cms;
    STACK_OF(X509) * certificates;
    bool used[2 * OC_CMS_SIGNERS_MAX + 16]; /* by certificate: a signer's, or on the way from one */
    oc_span content;
    const oc_trust *trust;
    oc_diag *diag;
};

static oc_result wrong(const struct checking *checking, const char *reason)
{
    return oc_diag_fail(checking->diag, OC_E_FORMAT, "%s", reason);
}

static void name_text(char *out, size_t room, const X509_NAME *name)
{
    BIO *text = BIO_new(BIO_s_mem());
    char *at = NULL;
    long len = 0;
    if (text != NULL &&
        X509_NAME_print_ex(text, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
        len = BIO_get_mem_data(text, &at);
    }
    snprintf(out, room, "%.*s", (int)len, at == NULL ? "" : at);
    BIO_free(text);
}

static X509 *certificate_of(const struct checking *checking, CMS_SignerInfo *info, int *place)
{
    for (int i = 0; i < sk_X509_num(checking->certificates); i++) {
        X509 *candidate = sk_X509_value(checking->certificates, i);
        if (CMS_SignerInfo_cert_cmp(info, candidate) == 0) {
            *place = i;
            return candidate;
        }
    }
    return NULL;
}

static bool is_algorithm(const X509_ALGOR *algorithm, int nid, int parameter)
{
    const ASN1_OBJECT *object = NULL;
    int type = 0;
    X509_ALGOR_get0(&object, &type, NULL, algorithm);
    return OBJ_obj2nid(object) == nid && type == parameter;
}

/* RSA: by the key's or by the signature's identifier, RFC 3370 and RFC 5754 have both. */
static bool are_algorithms(CMS_SignerInfo *info, const oc_cms_way *way)
{
    X509_ALGOR *digest = NULL;
    X509_ALGOR *signature = NULL;
    CMS_SignerInfo_get0_algs(info, NULL, NULL, &digest, &signature);
    int nid = EVP_MD_get_type(way->digest());
    bool rsa = way->signature == NID_rsaEncryption &&
               is_algorithm(signature, NID_sha256WithRSAEncryption, V_ASN1_NULL);
    return (is_algorithm(digest, nid, V_ASN1_UNDEF) || is_algorithm(digest, nid, V_ASN1_NULL)) &&
           (rsa || is_algorithm(signature, way->signature, way->signature_type));
}

/* The attribute that says which certificate it was: nobody puts another one of the same key in its place. */
static bool names_certificate(CMS_SignerInfo *info, X509 *certificate)
{
    ASN1_STRING *value = CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2), -3,
                                                     V_ASN1_SEQUENCE);
    const unsigned char *at = value == NULL ? NULL : ASN1_STRING_get0_data(value);
    ESS_SIGNING_CERT_V2 *named = value == NULL ? NULL : d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(value));
    STACK_OF(X509) *chain = sk_X509_new_null();
    bool good = named != NULL && chain != NULL && sk_X509_push(chain, certificate) > 0 &&
                OSSL_ESS_check_signing_certs(NULL, named, chain, 1) > 0;
    sk_X509_free(chain);
    ESS_SIGNING_CERT_V2_free(named);
    return good;
}

static bool has_digest(const struct checking *checking, CMS_SignerInfo *info, const oc_cms_way *way)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    const ASN1_OCTET_STRING *value = CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(NID_pkcs9_messageDigest), -3,
                                                                 V_ASN1_OCTET_STRING);
    return value != NULL &&
           EVP_Digest(checking->content.at, checking->content.len, digest, &len, way->digest(), NULL) == 1 &&
           ASN1_STRING_length(value) == (int)len && memcmp(ASN1_STRING_get0_data(value), digest, len) == 0;
}

static bool has_content_type(CMS_SignerInfo *info)
{
    const ASN1_OBJECT *type = CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT);
    return type != NULL && OBJ_obj2nid(type) == NID_pkcs7_data;
}

static bool read_time(CMS_SignerInfo *info, int64_t *out)
{
    int place = CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1);
    X509_ATTRIBUTE *attribute = place < 0 ? NULL : CMS_signed_get_attr(info, place);
    const ASN1_TYPE *type = attribute == NULL ? NULL : X509_ATTRIBUTE_get0_type(attribute, 0);
    struct tm utc;
    if (type == NULL || (type->type != V_ASN1_UTCTIME && type->type != V_ASN1_GENERALIZEDTIME) ||
        ASN1_TIME_to_tm(type->value.asn1_string, &utc) != 1) {
        return false;
    }
    *out = (int64_t)timegm(&utc);
    return true;
}

static bool signature_holds(CMS_SignerInfo *info, const oc_cms_way *way, X509 *certificate)
{
    oc_buf bytes = {0};
    const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(info);
    EVP_MD_CTX *context = oc_cms_context(way, X509_get0_pubkey(certificate), false);
    bool good = context != NULL && oc_is_ok(oc_cms_signed_bytes(info, &bytes)) &&
                EVP_DigestVerify(context, ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature),
                                 bytes.at, bytes.len) == 1;
    EVP_MD_CTX_free(context);
    oc_buf_free(&bytes);
    return good;
}

static oc_result check_chain(struct checking *checking, X509 *certificate)
{
    STACK_OF(X509) *chain = NULL;
    if (checking->trust == NULL) {
        return oc_ok();
    }
    OC_TRY(oc_trust_check(checking->trust, certificate, checking->certificates, &chain, checking->diag));
    for (int i = 0; i < sk_X509_num(checking->certificates); i++) {
        for (int k = 0; k < sk_X509_num(chain); k++) {
            if (X509_cmp(sk_X509_value(checking->certificates, i), sk_X509_value(chain, k)) == 0) {
                checking->used[i] = true;
            }
        }
    }
    oc_certificates_free(chain);
    return oc_ok();
}

static void describe(oc_cms_signer *out, X509 *certificate, const oc_cms_way *way)
{
    name_text(out->subject, sizeof out->subject, X509_get_subject_name(certificate));
    name_text(out->issuer, sizeof out->issuer, X509_get_issuer_name(certificate));
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *digits = number == NULL ? NULL : BN_bn2hex(number);
    snprintf(out->serial, sizeof out->serial, "%s", digits == NULL ? "" : digits);
    OPENSSL_free(digits);
    BN_free(number);
    out->algorithm = way->name;
}

static oc_result check_signer(struct checking *checking, CMS_SignerInfo *info, oc_cms_signer *out)
{
    int place = 0;
    X509 *certificate = certificate_of(checking, info, &place);
    if (certificate == NULL) {
        return wrong(checking, "the signer's certificate is not there");
    }
    checking->used[place] = true;
    const oc_cms_way *way = oc_cms_way_of(X509_get0_pubkey(certificate));
    if (way == NULL || !are_algorithms(info, way)) {
        return wrong(checking, "a key or an algorithm that is not accepted here");
    }
    if ((X509_get_extension_flags(certificate) & EXFLAG_KUSAGE) != 0 &&
        (X509_get_key_usage(certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) {
        return wrong(checking, "the signer's certificate is not for signatures");
    }
    if (!has_digest(checking, info, way)) {
        return wrong(checking, "what was signed is another MANIFEST");
    }
    if (!has_content_type(info) || !read_time(info, &out->signed_at) || CMS_unsigned_get_attr_count(info) > 0) {
        return wrong(checking, "the signature's attributes are not those that it must have");
    }
    if (!signature_holds(info, way, certificate)) {
        return wrong(checking, "the signature does not hold");
    }
    if (!names_certificate(info, certificate)) {
        return wrong(checking, "the signature names another certificate");
    }
    describe(out, certificate, way);
    return check_chain(checking, certificate);
}

static oc_result check_all(struct checking *checking, oc_cms_signers *out)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(checking->cms);
    int count = signers == NULL ? 0 : sk_CMS_SignerInfo_num(signers);
    int certificates = checking->certificates == NULL ? 0 : sk_X509_num(checking->certificates);
    if (count < 1 || count > OC_CMS_SIGNERS_MAX) {
        return wrong(checking, "no signer, or too many");
    }
    if (certificates > (int)(sizeof checking->used / sizeof checking->used[0])) {
        return wrong(checking, "too many certificates");
    }
    for (int i = 0; i < certificates; i++) {
        OC_TRY(oc_certificate_set_id(sk_X509_value(checking->certificates, i)));
    }
    for (int i = 0; i < count; i++) {
        OC_TRY(check_signer(checking, sk_CMS_SignerInfo_value(signers, i), &out->at[i]));
    }
    for (int i = 0; i < certificates; i++) {
        if (!checking->used[i] && checking->trust != NULL) {
            return wrong(checking, "a certificate that no signer needs");
        }
    }
    out->count = (size_t)count;
    return oc_ok();
}

static bool copy_signer(CMS_ContentInfo *to, const struct checking *checking, CMS_SignerInfo *info)
{
    int place = 0;
    X509 *certificate = certificate_of(checking, info, &place);
    const oc_cms_way *way = certificate == NULL ? NULL : oc_cms_way_of(X509_get0_pubkey(certificate));
    CMS_SignerInfo *copy = way == NULL ? NULL
                                       : CMS_add1_signer(to, certificate, X509_get0_pubkey(certificate), way->digest(),
                                                         OC_CMS_SIGNER_FLAGS);
    bool good = copy != NULL;
    for (int i = 0; good && i < CMS_signed_get_attr_count(info); i++) {
        good = CMS_signed_add1_attr(copy, CMS_signed_get_attr(info, i)) == 1;
    }
    X509_ALGOR *from_algorithm = NULL;
    X509_ALGOR *to_algorithm = NULL;
    CMS_SignerInfo_get0_algs(info, NULL, NULL, NULL, &from_algorithm);
    if (good) {
        CMS_SignerInfo_get0_algs(copy, NULL, NULL, NULL, &to_algorithm);
    }
    const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(info);
    return good && X509_ALGOR_copy(to_algorithm, from_algorithm) == 1 &&
           ASN1_OCTET_STRING_set(CMS_SignerInfo_get0_signature(copy), ASN1_STRING_get0_data(signature),
                                 ASN1_STRING_length(signature)) == 1;
}

/* Much of a message is not signed: it must be exactly what its signers and certificates make, so that nothing rides
 * along and there is one way only to write it. */
static bool is_plain(const struct checking *checking, oc_span p7s)
{
    CMS_ContentInfo *again = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_DETACHED | CMS_BINARY);
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(checking->cms);
    unsigned char *der = NULL;
    bool good = again != NULL;
    for (int i = 0; good && signers != NULL && i < sk_CMS_SignerInfo_num(signers); i++) {
        good = copy_signer(again, checking, sk_CMS_SignerInfo_value(signers, i));
    }
    for (int i = 0; good && checking->certificates != NULL && i < sk_X509_num(checking->certificates); i++) {
        good = CMS_add1_cert(again, sk_X509_value(checking->certificates, i)) == 1 ||
               ERR_GET_REASON(ERR_peek_last_error()) == CMS_R_CERTIFICATE_ALREADY_PRESENT;
    }
    int len = good ? i2d_CMS_ContentInfo(again, &der) : 0;
    good = len > 0 && oc_span_equal(p7s, oc_span_of(der, (size_t)len));
    OPENSSL_free(der);
    CMS_ContentInfo_free(again);
    return good;
}

oc_result oc_cms_verify(oc_cms_signers *out, oc_span p7s, oc_span content, const oc_trust *trust, oc_diag *diag)
{
    *out = (oc_cms_signers){0};
    if (p7s.len == 0 || p7s.len > OC_CMS_BYTES_MAX) {
        return oc_diag_fail(diag, OC_E_FORMAT, "not a CMS signature");
    }
    const unsigned char *at = p7s.at;
    struct checking checking = {.content = content, .trust = trust, .diag = diag};
    checking.cms = d2i_CMS_ContentInfo(NULL, &at, (long)p7s.len);
    oc_result r;
    if (checking.cms == NULL || OBJ_obj2nid(CMS_get0_type(checking.cms)) != NID_pkcs7_signed) {
        r = wrong(&checking, "not a CMS signature");
    } else {
        checking.certificates = CMS_get1_certs(checking.cms);
        r = is_plain(&checking, p7s) ? check_all(&checking, out)
                                     : wrong(&checking, "not a detached signature in DER, or more than that");
    }
    oc_certificates_free(checking.certificates);
    CMS_ContentInfo_free(checking.cms);
    ERR_clear_error();
    if (!oc_is_ok(r)) {
        *out = (oc_cms_signers){0};
    }
    return r;
}
