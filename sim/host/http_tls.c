/* SPDX-License-Identifier: Apache-2.0 */
#include <gnutls/x509.h>
#include <openssl/crypto.h>

#include "sim/base/file.h"
#include "sim/host/http_internal.h"

#define PEM_MAX ((size_t)1024 * 1024)

static oc_result read_pem(oc_buf *out, const char *path, oc_diag *diag)
{
    OC_TRY(oc_file_read(out, path, PEM_MAX, diag));
    return oc_buf_append_byte(out, 0);
}

static gnutls_datum_t datum(const oc_buf *pem)
{
    return (gnutls_datum_t){pem->at, (unsigned)(pem->len - 1)};
}

/* The library would only say that it could not start. */
static oc_result check_credentials(const struct oc_http_secrets *secrets, const oc_http_tls *tls, oc_diag *diag)
{
    gnutls_certificate_credentials_t trial = NULL;
    if (gnutls_certificate_allocate_credentials(&trial) != GNUTLS_E_SUCCESS) {
        return oc_fail(OC_E_MEMORY);
    }
    gnutls_datum_t certificate = datum(&secrets->certificate);
    gnutls_datum_t key = datum(&secrets->key);
    int code = gnutls_certificate_set_x509_key_mem(trial, &certificate, &key, GNUTLS_X509_FMT_PEM);
    oc_result r = code >= 0
                      ? oc_ok()
                      : oc_diag_fail_at(diag, OC_E_FORMAT, tls->certificate, 0,
                                        "no certificate with the key of %s: %s", tls->key, gnutls_strerror(code));
    if (oc_is_ok(r) && tls->client_ca != NULL) {
        gnutls_datum_t ca = datum(&secrets->client_ca);
        code = gnutls_certificate_set_x509_trust_mem(trial, &ca, GNUTLS_X509_FMT_PEM);
        r = code > 0 ? r : oc_diag_fail_at(diag, OC_E_FORMAT, tls->client_ca, 0, "no certificate of an authority");
    }
    gnutls_certificate_free_credentials(trial);
    return r;
}

oc_result oc_http_secrets_read(struct oc_http_secrets *secrets, const oc_http_tls *tls, oc_diag *diag)
{
    if (tls->certificate == NULL) {
        return tls->key == NULL && tls->client_ca == NULL
                   ? oc_ok()
                   : oc_diag_fail(diag, OC_E_USAGE, "TLS needs a certificate for the service");
    }
    if (tls->key == NULL) {
        return oc_diag_fail(diag, OC_E_USAGE, "the certificate of the service needs its key");
    }
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "libmicrohttpd was built without TLS");
    }
    OC_TRY(read_pem(&secrets->certificate, tls->certificate, diag));
    OC_TRY(read_pem(&secrets->key, tls->key, diag));
    if (tls->client_ca != NULL) {
        OC_TRY(read_pem(&secrets->client_ca, tls->client_ca, diag));
    }
    return check_credentials(secrets, tls, diag);
}

void oc_http_secrets_free(struct oc_http_secrets *secrets)
{
    OPENSSL_cleanse(secrets->key.at, secrets->key.len);
    oc_buf_free(&secrets->key);
    oc_buf_free(&secrets->certificate);
    oc_buf_free(&secrets->client_ca);
}

/* Signed by one of the authorities, valid now, and made for clients. */
static int verify_client(gnutls_session_t session)
{
    unsigned status = 0;
    gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                     .data = (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT};
    int code = gnutls_certificate_verify_peers(session, &purpose, 1, &status);
    return code == GNUTLS_E_SUCCESS && status == 0 ? 0 : -1;
}

void oc_http_demand_certificate(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (info != NULL && info->tls_session != NULL) {
        gnutls_certificate_server_set_request(info->tls_session, GNUTLS_CERT_REQUIRE);
        gnutls_session_set_verify_function(info->tls_session, verify_client);
    }
}
