/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/functions_impl.h"
#include "sim/crypto/certificate.h"
#include "sim/crypto/ssc.h"

/* What cards with a certificate application are checked with: SM4 under a key whose bytes a case holds, SM2, and
 * certificates. */

static oc_result raw_key(const oc_call *call, oc_key *key)
{
    OC_TRY(oc_key_load(key, OC_ALG_SM4, oc_fn_span(call, 0)));
    key->transient = 1;
    return oc_ok();
}

oc_result oc_fn_sm4(oc_call *call, oc_buf *out, oc_diag *diag)
{
    oc_key key;
    oc_span data = oc_fn_span(call, 1);
    if (data.len == 0 || data.len % 16 != 0) {
        return oc_diag_fail(diag, OC_E_FORMAT, "sm4 of %zu bytes, which are no whole blocks", data.len);
    }
    size_t begin = out->len;
    OC_TRY(oc_buf_append(out, data));
    OC_TRY(raw_key(call, &key));
    return oc_encipher(call->world->crypto, &key, data, out->at + begin);
}

oc_result oc_fn_sm4_mac4(oc_call *call, oc_buf *out, oc_diag *diag)
{
    (void)diag;
    oc_key key;
    uint8_t mac[4];
    OC_TRY(raw_key(call, &key));
    OC_TRY(oc_ssc_mac4(call->world->crypto, &key, oc_fn_span(call, 1), oc_fn_span(call, 2), mac));
    return oc_buf_append(out, oc_span_of(mac, sizeof mac));
}

static oc_result public_key(const oc_call *call, oc_sm2_key *key, oc_diag *diag)
{
    oc_result r = oc_sm2_public(call->world->crypto, key, oc_fn_span(call, 0));
    return r.code == OC_E_FORMAT ? oc_diag_fail(diag, OC_E_FORMAT, "the public key lies not on the curve") : r;
}

oc_result oc_fn_sm2_verify(oc_call *call, oc_buf *out, oc_diag *diag)
{
    oc_sm2_key key;
    bool valid = false;
    OC_TRY(public_key(call, &key, diag));
    OC_TRY(oc_sm2_verify(&key, oc_fn_span(call, 1), oc_fn_span(call, 2), &valid));
    return oc_buf_append_byte(out, valid);
}

oc_result oc_fn_sm2_encrypt(oc_call *call, oc_buf *out, oc_diag *diag)
{
    oc_sm2_key key;
    OC_TRY(public_key(call, &key, diag));
    oc_result r = oc_sm2_encrypt(call->world->crypto, &key, oc_fn_span(call, 1), oc_fn_span(call, 2), out);
    return r.code == OC_E_LIMIT ? oc_diag_fail(diag, OC_E_FORMAT, "sm2-encrypt takes 1 to %d bytes", OC_SM2_TEXT_MAX)
                                : r;
}

oc_result oc_fn_certificate_check(oc_call *call, oc_buf *out, oc_diag *diag)
{
    const char *usage = call->arguments[2].text;
    bool signing = strcmp(usage, "signing") == 0;
    if (!signing && strcmp(usage, "enciphering") != 0) {
        return oc_diag_fail(diag, OC_E_FORMAT, "usage is signing or enciphering, not %s", usage);
    }
    enum oc_certificate_flaw flaw;
    OC_TRY(oc_certificate_check(call->world->crypto, oc_fn_span(call, 0), oc_fn_span(call, 1),
                                signing ? OC_CERTIFICATE_SIGNING : OC_CERTIFICATE_ENCIPHERING,
                                call->world->run->clock.seconds, NULL, &flaw));
    return oc_buf_append(out, oc_span_text(oc_certificate_flaw_name(flaw)));
}

oc_result oc_fn_certificate_key(oc_call *call, oc_buf *out, oc_diag *diag)
{
    oc_sm2_key key;
    bool found = false;
    OC_TRY(oc_certificate_key(call->world->crypto, oc_fn_span(call, 0), &key, &found));
    return found ? oc_buf_append(out, oc_span_of(key.point, OC_SM2_POINT))
                 : oc_diag_fail(diag, OC_E_FORMAT, "this is no certificate with an SM2 key");
}
