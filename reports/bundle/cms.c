/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/cms.h"

#include <openssl/asn1t.h>

#include "reports/bundle/trust.h"

static const oc_cms_way ways[] = {
    {"SM2", "SM2 with SM3", EVP_sm3, NID_SM2_with_SM3, V_ASN1_UNDEF, 256},
    {"EC", "ECDSA with SHA-256", EVP_sha256, NID_ecdsa_with_SHA256, V_ASN1_UNDEF, 256},
    {"RSA", "RSA with SHA-256", EVP_sha256, NID_rsaEncryption, V_ASN1_NULL, 2048},
};

const oc_cms_way *oc_cms_way_of(EVP_PKEY *key)
{
    for (size_t i = 0; key != NULL && i < sizeof ways / sizeof ways[0]; i++) {
        if (EVP_PKEY_is_a(key, ways[i].key)) {
            return EVP_PKEY_get_bits(key) >= ways[i].bits ? &ways[i] : NULL;
        }
    }
    return NULL;
}

/* RFC 5652, 5.4: signed is the DER of a SET OF, whatever tag stands in the message. */
ASN1_ITEM_TEMPLATE(oc_signed_attributes) = ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SET_ORDER, 0, oc_signed_attributes,
                                                                 X509_ATTRIBUTE)
    static_ASN1_ITEM_TEMPLATE_END(oc_signed_attributes)

        oc_result oc_cms_signed_bytes(CMS_SignerInfo * signer, oc_buf *out)
{
    STACK_OF(X509_ATTRIBUTE) *attributes = sk_X509_ATTRIBUTE_new_null();
    bool good = attributes != NULL;
    for (int i = 0; good && i < CMS_signed_get_attr_count(signer); i++) {
        good = sk_X509_ATTRIBUTE_push(attributes, CMS_signed_get_attr(signer, i)) > 0;
    }
    unsigned char *der = NULL;
    int len = good ? ASN1_item_i2d((ASN1_VALUE *)attributes, &der, ASN1_ITEM_rptr(oc_signed_attributes)) : -1;
    oc_result r = len > 0 ? oc_buf_set(out, oc_span_of(der, (size_t)len)) : oc_fail(OC_E_CRYPTO);
    OPENSSL_free(der);
    sk_X509_ATTRIBUTE_free(attributes);
    return r;
}

EVP_MD_CTX *oc_cms_context(const oc_cms_way *way, EVP_PKEY *key, bool for_signing)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;
    bool good = context != NULL &&
                (for_signing ? EVP_DigestSignInit(context, &options, way->digest(), NULL, key)
                             : EVP_DigestVerifyInit(context, &options, way->digest(), NULL, key)) == 1;
    if (good && way->signature == NID_SM2_with_SM3) {
        good = EVP_PKEY_CTX_set1_id(options, OC_SM2_ID, (int)strlen(OC_SM2_ID)) == 1;
    }
    if (!good) {
        EVP_MD_CTX_free(context);
        context = NULL;
    }
    return context;
}
