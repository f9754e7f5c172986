/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/oc_signers.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "tests/support/oc_test.h"

#define SM2_ID "1234567812345678"

static EVP_PKEY *make_key(enum oc_signer_kind kind)
{
    switch (kind) {
    case OC_SIGNER_SM2:
        return EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    case OC_SIGNER_P256:
        return EVP_EC_gen("P-256");
    case OC_SIGNER_P192:
        return EVP_EC_gen("P-192");
    case OC_SIGNER_RSA:
        return EVP_RSA_gen(2048);
    case OC_SIGNER_RSA1024:
        break;
    }
    return EVP_RSA_gen(1024);
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    CU_ASSERT_PTR_NOT_NULL_FATAL(extension);
    CU_ASSERT_EQUAL_FATAL(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static void sign(X509 *certificate, EVP_PKEY *key, enum oc_signer_kind kind)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;
    const EVP_MD *digest = kind == OC_SIGNER_SM2 ? EVP_sm3() : EVP_sha256();
    CU_ASSERT_EQUAL_FATAL(EVP_DigestSignInit(context, &options, digest, NULL, key), 1);
    if (kind == OC_SIGNER_SM2) {
        CU_ASSERT_EQUAL_FATAL(EVP_PKEY_CTX_set1_id(options, SM2_ID, 16), 1);
    }
    CU_ASSERT_FATAL(X509_sign_ctx(certificate, context) > 0);
    EVP_MD_CTX_free(context);
}

static X509 *make_certificate(const char *name, long serial, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
                              enum oc_signer_kind kind, const char *usage)
{
    X509 *made = X509_new();
    X509_NAME *subject = X509_get_subject_name(made);
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), serial);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(made), "200101000000Z");
    ASN1_TIME_set_string_X509(X509_getm_notAfter(made), "20991231235959Z");
    X509_NAME_add_entry_by_txt(subject, "C", MBSTRING_UTF8, (const unsigned char *)"CN", -1, -1, 0);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(made, issuer == NULL ? subject : X509_get_subject_name(issuer));
    X509_set_pubkey(made, key);
    X509 *authority = issuer == NULL ? made : issuer;
    add_extension(made, authority, NID_basic_constraints, issuer == NULL ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_extension(made, authority, NID_key_usage,
                  issuer == NULL ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature,nonRepudiation");
    add_extension(made, authority, NID_subject_key_identifier, "hash");
    if (usage != NULL) {
        add_extension(made, authority, NID_ext_key_usage, usage);
    }
    sign(made, issuer_key, kind);
    return made;
}

static void write_certificate(const char *path, X509 *certificate)
{
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL_FATAL(PEM_write_X509(file, certificate), 1);
    fclose(file);
}

void oc_signer_make(oc_signer_files *out, const char *folder, const char *name, enum oc_signer_kind kind,
                    const char *usage)
{
    char root_name[64];
    snprintf(out->root, sizeof out->root, "%s/%s-root.pem", folder, name);
    snprintf(out->certificate, sizeof out->certificate, "%s/%s-cert.pem", folder, name);
    snprintf(out->key, sizeof out->key, "%s/%s-key.pem", folder, name);
    snprintf(root_name, sizeof root_name, "%s root", name);
    EVP_PKEY *root_key = make_key(kind);
    EVP_PKEY *key = make_key(kind);
    CU_ASSERT_FATAL(root_key != NULL && key != NULL);
    X509 *root = make_certificate(root_name, 1, root_key, NULL, root_key, kind, NULL);
    X509 *certificate = make_certificate(name, 0x1234567890, key, root, root_key, kind, usage);
    write_certificate(out->root, root);
    write_certificate(out->certificate, certificate);
    FILE *file = fopen(out->key, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL_FATAL(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
    fclose(file);
    X509_free(certificate);
    X509_free(root);
    EVP_PKEY_free(key);
    EVP_PKEY_free(root_key);
}
