/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/trust.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>

#include "sim/base/file.h"

#define PEM_BYTES_MAX ((size_t)1024 * 1024)

struct oc_trust {
    STACK_OF(X509) * anchors;
    int64_t at;
};

void oc_certificates_free(STACK_OF(X509) * certificates)
{
    sk_X509_pop_free(certificates, X509_free);
}

oc_result oc_certificate_set_id(X509 *certificate)
{
    if (X509_get_signature_nid(certificate) != NID_SM2_with_SM3) {
        return oc_ok(); /* other algorithms fail with it */
    }
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    if (id == NULL || ASN1_OCTET_STRING_set(id, (const unsigned char *)OC_SM2_ID, (int)strlen(OC_SM2_ID)) != 1) {
        ASN1_OCTET_STRING_free(id);
        return oc_fail(OC_E_MEMORY);
    }
    X509_set0_distinguishing_id(certificate, id); /* takes it over */
    return oc_ok();
}

static oc_result read_all(STACK_OF(X509) * out, BIO *pem, const char *path, oc_diag *diag)
{
    X509 *certificate;
    while ((certificate = PEM_read_bio_X509(pem, NULL, NULL, NULL)) != NULL) {
        if (!oc_is_ok(oc_certificate_set_id(certificate)) || sk_X509_push(out, certificate) <= 0) {
            X509_free(certificate);
            return oc_fail(OC_E_MEMORY);
        }
    }
    bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    return at_end && sk_X509_num(out) > 0
               ? oc_ok()
               : oc_diag_fail_at(diag, OC_E_USAGE, path, 0, "not a file of PEM certificates");
}

oc_result oc_certificates_read(STACK_OF(X509) * *out, const char *path, oc_diag *diag)
{
    oc_buf text = {0};
    *out = NULL;
    OC_TRY(oc_file_read(&text, path, PEM_BYTES_MAX, diag));
    BIO *pem = BIO_new_mem_buf(text.at, (int)text.len);
    *out = sk_X509_new_null();
    oc_result r = pem == NULL || *out == NULL ? oc_fail(OC_E_MEMORY) : read_all(*out, pem, path, diag);
    BIO_free(pem);
    oc_buf_free(&text);
    if (!oc_is_ok(r)) {
        oc_certificates_free(*out);
        *out = NULL;
    }
    return r;
}

oc_result oc_trust_new(oc_trust **out, const char *const *paths, size_t count, int64_t at, oc_diag *diag)
{
    oc_trust *trust = calloc(1, sizeof *trust);
    *out = trust;
    oc_result r = trust == NULL || (trust->anchors = sk_X509_new_null()) == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    for (size_t i = 0; i < count && oc_is_ok(r); i++) {
        STACK_OF(X509) *some = NULL;
        r = oc_certificates_read(&some, paths[i], diag);
        while (oc_is_ok(r) && sk_X509_num(some) > 0) {
            r = sk_X509_push(trust->anchors, sk_X509_shift(some)) > 0 ? oc_ok() : oc_fail(OC_E_MEMORY);
        }
        oc_certificates_free(some);
    }
    if (!oc_is_ok(r)) {
        oc_trust_free(out);
        return r;
    }
    trust->at = at;
    return oc_ok();
}

void oc_trust_free(oc_trust **trust)
{
    if (*trust != NULL) {
        oc_certificates_free((*trust)->anchors);
        free(*trust);
        *trust = NULL;
    }
}

/* A certificate that is trusted ends a chain, whether it signed itself or not. */
X509_STORE *oc_trust_store(const oc_trust *trust)
{
    X509_STORE *store = X509_STORE_new();
    bool good = store != NULL && X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) == 1;
    for (int i = 0; good && i < sk_X509_num(trust->anchors); i++) {
        good = X509_STORE_add_cert(store, sk_X509_value(trust->anchors, i)) == 1;
    }
    if (good && trust->at != 0) {
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)trust->at);
    }
    if (!good) {
        X509_STORE_free(store);
        store = NULL;
    }
    return store;
}

oc_result oc_trust_check(const oc_trust *trust, X509 *leaf, STACK_OF(X509) * others, STACK_OF(X509) * *chain,
                         oc_diag *diag)
{
    X509_STORE *store = oc_trust_store(trust);
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    oc_result r = oc_fail(OC_E_MEMORY);
    *chain = NULL;
    if (store != NULL && context != NULL && X509_STORE_CTX_init(context, store, leaf, others) == 1) {
        bool good = X509_verify_cert(context) == 1;
        int why = X509_STORE_CTX_get_error(context);
        *chain = good ? X509_STORE_CTX_get1_chain(context) : NULL;
        r = good ? oc_ok()
                 : oc_diag_fail(diag, OC_E_FORMAT, "the signer's certificate does not lead to one that is trusted: %s",
                                X509_verify_cert_error_string(why));
    }
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    ERR_clear_error();
    return r;
}
