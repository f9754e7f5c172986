/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/time_stamp.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <stdio.h>
#include <time.h>

static bool fill_request(TS_REQ *request, oc_span data)
{
    uint8_t digest[32];
    uint8_t random[8];
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    ASN1_INTEGER *nonce = ASN1_INTEGER_new();
    bool good = imprint != NULL && algorithm != NULL && nonce != NULL && RAND_bytes(random, sizeof random) == 1 &&
                EVP_Digest(data.at, data.len, digest, NULL, EVP_sha256(), NULL) == 1;
    random[0] &= 0x7F;
    BIGNUM *number = good ? BN_bin2bn(random, sizeof random, NULL) : NULL;
    good = number != NULL && BN_to_ASN1_INTEGER(number, nonce) != NULL &&
           X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
           TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
           TS_MSG_IMPRINT_set_msg(imprint, digest, sizeof digest) == 1 && TS_REQ_set_version(request, 1) == 1 &&
           TS_REQ_set_msg_imprint(request, imprint) == 1 && TS_REQ_set_nonce(request, nonce) == 1 &&
           TS_REQ_set_cert_req(request, 1) == 1;
    BN_free(number);
    ASN1_INTEGER_free(nonce);
    X509_ALGOR_free(algorithm);
    TS_MSG_IMPRINT_free(imprint);
    return good;
}

oc_result oc_time_stamp_request(oc_buf *out, oc_span data)
{
    TS_REQ *request = TS_REQ_new();
    unsigned char *der = NULL;
    int len = request != NULL && fill_request(request, data) ? i2d_TS_REQ(request, &der) : 0;
    oc_result r = len > 0 ? oc_buf_set(out, oc_span_of(der, (size_t)len)) : oc_fail(OC_E_CRYPTO);
    OPENSSL_free(der);
    TS_REQ_free(request);
    ERR_clear_error();
    return r;
}

/* Granted, and nothing but that: the rest of a response is not signed. */
static bool is_plain(TS_RESP *response, oc_span bytes)
{
    unsigned char *der = NULL;
    int len = i2d_TS_RESP(response, &der);
    TS_STATUS_INFO *status = TS_RESP_get_status_info(response);
    const STACK_OF(ASN1_UTF8STRING) *text = TS_STATUS_INFO_get0_text(status);
    bool plain = len > 0 && oc_span_equal(bytes, oc_span_of(der, (size_t)len)) &&
                 ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status)) == TS_STATUS_GRANTED &&
                 TS_STATUS_INFO_get0_failure_info(status) == NULL &&
                 (text == NULL || sk_ASN1_UTF8STRING_num(text) == 0);
    OPENSSL_free(der);
    PKCS7 *token = TS_RESP_get_token(response);
    return plain && token != NULL && PKCS7_type_is_signed(token) && TS_RESP_get_tst_info(response) != NULL;
}

/* Of the key's kind and with the digest that is named: OpenSSL looks at the key only. */
static bool fits_key(const PKCS7_SIGNER_INFO *signer, EVP_PKEY *key)
{
    int digest = NID_undef;
    int kind = NID_undef;
    int nid = OBJ_obj2nid(signer->digest_enc_alg->algorithm);
    if (key == NULL || nid == NID_undef) {
        return false;
    }
    if (nid == NID_rsaEncryption) {
        return EVP_PKEY_is_a(key, "RSA");
    }
    return OBJ_find_sigid_algs(nid, &digest, &kind) == 1 && kind == EVP_PKEY_get_base_id(key) &&
           digest == OBJ_obj2nid(signer->digest_alg->algorithm);
}

/* The issuer letter by letter: names are compared more kindly elsewhere. */
static bool names_issuer(const PKCS7_SIGNER_INFO *signer, const X509 *certificate)
{
    unsigned char *named = NULL;
    unsigned char *held = NULL;
    int named_len = i2d_X509_NAME(signer->issuer_and_serial->issuer, &named);
    int held_len = i2d_X509_NAME(X509_get_issuer_name(certificate), &held);
    bool same = named_len > 0 && held_len > 0 &&
                oc_span_equal(oc_span_of(named, (size_t)named_len), oc_span_of(held, (size_t)held_len));
    OPENSSL_free(named);
    OPENSSL_free(held);
    return same;
}

static bool has_no_parameters(const X509_ALGOR *algorithm)
{
    int type = 0;
    X509_ALGOR_get0(NULL, &type, NULL, algorithm);
    return type == V_ASN1_UNDEF || type == V_ASN1_NULL;
}

/* What stands around the signature without being signed (RFC 5652, 5.1 and 5.3) says what it must. */
static bool is_in_form(PKCS7 *token)
{
    STACK_OF(PKCS7_SIGNER_INFO) *signers = PKCS7_get_signer_info(token);
    PKCS7_SIGNER_INFO *signer = signers != NULL && sk_PKCS7_SIGNER_INFO_num(signers) == 1
                                    ? sk_PKCS7_SIGNER_INFO_value(signers, 0)
                                    : NULL;
    X509 *certificate = signer == NULL ? NULL : PKCS7_cert_from_signer_info(token, signer);
    const STACK_OF(X509_ALGOR) *digests = token->d.sign->md_algs;
    return certificate != NULL && ASN1_INTEGER_get(token->d.sign->version) == 3 &&
           ASN1_INTEGER_get(signer->version) == 1 && sk_X509_ALGOR_num(digests) == 1 &&
           OBJ_cmp(sk_X509_ALGOR_value(digests, 0)->algorithm, signer->digest_alg->algorithm) == 0 &&
           has_no_parameters(sk_X509_ALGOR_value(digests, 0)) && has_no_parameters(signer->digest_alg) &&
           fits_key(signer, X509_get0_pubkey(certificate)) && names_issuer(signer, certificate);
}

static bool holds(TS_RESP *response, oc_span data, const oc_trust *trust)
{
    TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
    BIO *bytes = BIO_new_mem_buf(data.at, (int)data.len);
    X509_STORE *store = trust == NULL ? NULL : oc_trust_store(trust);
    int flags = TS_VFY_VERSION | TS_VFY_DATA | (trust == NULL ? 0 : TS_VFY_SIGNATURE);
    bool good = context != NULL && bytes != NULL && (trust == NULL || store != NULL);
    if (good) {
        TS_VERIFY_CTX_set_flags(context, flags);
        TS_VERIFY_CTX_set_data(context, bytes);  /* taken over */
        TS_VERIFY_CTX_set_store(context, store); /* taken over */
        good = TS_RESP_verify_response(context, response) == 1;
    } else {
        BIO_free(bytes);
        X509_STORE_free(store);
    }
    TS_VERIFY_CTX_free(context);
    return good;
}

static void read_info(TS_TST_INFO *info, int64_t *when, char who[256])
{
    struct tm utc = {0};
    GENERAL_NAME *name = TS_TST_INFO_get_tsa(info);
    *when = ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &utc) == 1 ? (int64_t)timegm(&utc) : 0;
    who[0] = '\0';
    if (name != NULL && name->type == GEN_DIRNAME) {
        X509_NAME_oneline(name->d.directoryName, who, 256);
    }
}

oc_result oc_time_stamp_check(oc_span response, oc_span data, const oc_trust *trust, int64_t *when, char who[256],
                              oc_diag *diag)
{
    const unsigned char *at = response.at;
    TS_RESP *read = response.len == 0 || response.len > OC_TIME_STAMP_BYTES_MAX
                        ? NULL
                        : d2i_TS_RESP(NULL, &at, (long)response.len);
    oc_result r;
    if (read == NULL || !is_plain(read, response)) {
        r = oc_diag_fail(diag, OC_E_FORMAT, "not a time stamp that was granted, in DER");
    } else if (!is_in_form(TS_RESP_get_token(read))) {
        r = oc_diag_fail(diag, OC_E_FORMAT, "the time stamp is not in form, or without its authority's certificate");
    } else if (!holds(read, data, trust)) {
        const char *why = ERR_reason_error_string(ERR_peek_error());
        r = oc_diag_fail(diag, OC_E_FORMAT, "the time stamp does not hold: %s", why == NULL ? "no reason" : why);
    } else {
        read_info(TS_RESP_get_tst_info(read), when, who);
        r = oc_ok();
    }
    TS_RESP_free(read);
    ERR_clear_error();
    return r;
}
