/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/err.h>
#include <openssl/pem.h>

#include "reports/bundle/cms.h"
#include "reports/bundle/helper.h"
#include "reports/bundle/signature.h"
#include "sim/base/file.h"

#define KEY_BYTES_MAX ((size_t)65536)
#define SIGNATURE_BYTES_MAX 1024
#define COMMAND_TIMEOUT_MS 120000 /* a person may have to enter a PIN */

/* One signer at work. */
struct signing {
    const oc_signer *signer;
    STACK_OF(X509) * certificates;
    X509 *certificate; /* the first of them */
    EVP_PKEY *key;     /* NULL with a command */
    const oc_cms_way *way;
};

/* Never a prompt: a key that is enciphered is not read. */
static int no_passphrase(char *out, int room, int writing, void *context)
{
    (void)out;
    (void)room;
    (void)writing;
    (void)context;
    return -1;
}

static oc_result read_key(EVP_PKEY **out, const char *path, oc_diag *diag)
{
    oc_buf text = {0};
    OC_TRY(oc_file_read(&text, path, KEY_BYTES_MAX, diag));
    BIO *pem = BIO_new_mem_buf(text.at, (int)text.len);
    *out = pem == NULL ? NULL : PEM_read_bio_PrivateKey(pem, NULL, no_passphrase, NULL);
    BIO_free(pem);
    oc_buf_free(&text);
    ERR_clear_error();
    return *out != NULL ? oc_ok()
                        : oc_diag_fail_at(diag, OC_E_USAGE, path, 0, "not a private key in PEM without a passphrase");
}

static void end_signing(struct signing *signing)
{
    oc_certificates_free(signing->certificates);
    EVP_PKEY_free(signing->key);
}

static oc_result begin_signing(struct signing *signing, const oc_signer *signer, oc_diag *diag)
{
    *signing = (struct signing){.signer = signer};
    OC_TRY(oc_certificates_read(&signing->certificates, signer->certificate, diag));
    signing->certificate = sk_X509_value(signing->certificates, 0);
    signing->way = oc_cms_way_of(X509_get0_pubkey(signing->certificate));
    if (signing->way == NULL) {
        return oc_diag_fail_at(diag, OC_E_USAGE, signer->certificate, 0,
                               "the first certificate's key cannot sign here: SM2, P-256 and better, or RSA of 2048 "
                               "bits and more");
    }
    if (signer->key != NULL) {
        OC_TRY(read_key(&signing->key, signer->key, diag));
        if (X509_check_private_key(signing->certificate, signing->key) != 1) {
            ERR_clear_error();
            return oc_diag_fail_at(diag, OC_E_USAGE, signer->key, 0, "not the key of the certificate in %s",
                                   signer->certificate);
        }
    }
    return oc_ok();
}

static oc_result add_attributes(CMS_SignerInfo *info, const struct signing *signing, oc_span content, int64_t when)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)when);
    bool good = time != NULL && EVP_Digest(content.at, content.len, digest, &len, signing->way->digest(), NULL) == 1 &&
                CMS_signed_add1_attr_by_NID(info, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data),
                                            -1) == 1 &&
                CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, time->type, time, -1) == 1 &&
                CMS_signed_add1_attr_by_NID(info, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest, (int)len) == 1;
    ASN1_TIME_free(time);
    return good ? oc_ok() : oc_fail(OC_E_CRYPTO);
}

static oc_result make_signature(const struct signing *signing, oc_span bytes, oc_buf *signature, oc_diag *diag)
{
    if (signing->key == NULL) {
        OC_TRY(
            oc_helper_run(signature, signing->signer->command, bytes, SIGNATURE_BYTES_MAX, COMMAND_TIMEOUT_MS, diag));
        EVP_MD_CTX *check = oc_cms_context(signing->way, X509_get0_pubkey(signing->certificate), false);
        bool good = check != NULL && signature->len > 0 &&
                    EVP_DigestVerify(check, signature->at, signature->len, bytes.at, bytes.len) == 1;
        EVP_MD_CTX_free(check);
        ERR_clear_error();
        return good ? oc_ok()
                    : oc_diag_fail(diag, OC_E_UNAVAILABLE,
                                   "what the signing command printed is no signature under the certificate");
    }
    EVP_MD_CTX *context = oc_cms_context(signing->way, signing->key, true);
    size_t len = SIGNATURE_BYTES_MAX;
    oc_result r = oc_buf_reserve(signature, len);
    if (oc_is_ok(r)) {
        bool good = context != NULL && EVP_DigestSign(context, signature->at, &len, bytes.at, bytes.len) == 1;
        signature->len = good ? len : 0;
        r = good ? oc_ok() : oc_fail(OC_E_CRYPTO);
    }
    EVP_MD_CTX_free(context);
    return r;
}

static oc_result fill_signature(CMS_SignerInfo *info, const struct signing *signing, oc_diag *diag)
{
    oc_buf bytes = {0};
    oc_buf signature = {0};
    X509_ALGOR *algorithm = NULL;
    CMS_SignerInfo_get0_algs(info, NULL, NULL, NULL, &algorithm);
    oc_result r = X509_ALGOR_set0(algorithm, OBJ_nid2obj(signing->way->signature), signing->way->signature_type,
                                  NULL) == 1
                      ? oc_cms_signed_bytes(info, &bytes)
                      : oc_fail(OC_E_CRYPTO);
    if (oc_is_ok(r)) {
        r = make_signature(signing, oc_buf_span(&bytes), &signature, diag);
    }
    if (oc_is_ok(r) &&
        ASN1_OCTET_STRING_set(CMS_SignerInfo_get0_signature(info), signature.at, (int)signature.len) != 1) {
        r = oc_fail(OC_E_MEMORY);
    }
    oc_buf_free(&signature);
    oc_buf_free(&bytes);
    return r;
}

/* The first certificate comes with the signer. */
static oc_result add_certificates(CMS_ContentInfo *cms, const struct signing *signing)
{
    for (int i = 1; i < sk_X509_num(signing->certificates); i++) {
        if (CMS_add1_cert(cms, sk_X509_value(signing->certificates, i)) != 1 &&
            ERR_GET_REASON(ERR_peek_last_error()) != CMS_R_CERTIFICATE_ALREADY_PRESENT) {
            return oc_fail(OC_E_CRYPTO);
        }
        ERR_clear_error();
    }
    return oc_ok();
}

static oc_result add_signer(CMS_ContentInfo *cms, const struct signing *signing, oc_span content, int64_t when,
                            oc_diag *diag)
{
    CMS_SignerInfo *info = CMS_add1_signer(cms, signing->certificate, X509_get0_pubkey(signing->certificate),
                                           signing->way->digest(), OC_CMS_SIGNER_FLAGS | CMS_CADES);
    if (info == NULL) {
        ERR_clear_error();
        return oc_diag_fail_at(diag, OC_E_USAGE, signing->signer->certificate, 0,
                               "this certificate signs already, or cannot");
    }
    OC_TRY(add_attributes(info, signing, content, when));
    OC_TRY(fill_signature(info, signing, diag));
    return add_certificates(cms, signing);
}

static CMS_ContentInfo *begin_message(oc_span p7s)
{
    if (p7s.len == 0) {
        return CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_DETACHED | CMS_BINARY);
    }
    const unsigned char *at = p7s.at;
    return d2i_CMS_ContentInfo(NULL, &at, (long)p7s.len);
}

oc_result oc_cms_sign(oc_buf *p7s, oc_span content, const oc_signer *signers, size_t count, int64_t when,
                      oc_diag *diag)
{
    CMS_ContentInfo *cms = begin_message(oc_buf_span(p7s));
    STACK_OF(CMS_SignerInfo) *before = cms == NULL ? NULL : CMS_get0_SignerInfos(cms);
    if (cms == NULL || count + (size_t)(before == NULL ? 0 : sk_CMS_SignerInfo_num(before)) > OC_CMS_SIGNERS_MAX) {
        CMS_ContentInfo_free(cms);
        return oc_diag_fail(diag, OC_E_USAGE,
                            cms == NULL ? "no signature that could be added to" : "more than %d signers",
                            OC_CMS_SIGNERS_MAX);
    }
    oc_result r = oc_ok();
    for (size_t i = 0; i < count && oc_is_ok(r); i++) {
        struct signing signing;
        r = begin_signing(&signing, &signers[i], diag);
        if (oc_is_ok(r)) {
            r = add_signer(cms, &signing, content, when, diag);
        }
        end_signing(&signing);
    }
    unsigned char *der = NULL;
    int len = oc_is_ok(r) ? i2d_CMS_ContentInfo(cms, &der) : 0;
    if (oc_is_ok(r)) {
        r = len > 0 ? oc_buf_set(p7s, oc_span_of(der, (size_t)len)) : oc_fail(OC_E_CRYPTO);
    }
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return r;
}
