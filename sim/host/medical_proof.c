/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical_proof.h"

#include "sim/base/hex.h"
#include "sim/crypto/ssc.h"

#define FACTOR 8
#define AREA 6

static oc_result set_hex(oc_fields *fields, const char *name, const char *hex)
{
    oc_buf bytes = {0};
    oc_result r = oc_hex_decode(&bytes, hex, strlen(hex));
    r = oc_is_ok(r) ? oc_fields_set(fields, name, oc_buf_span(&bytes)) : r;
    oc_buf_free(&bytes);
    return r;
}

static oc_result make_question(const oc_med_card_proof *proof, oc_fields *in)
{
    uint8_t factor[FACTOR];
    oc_span area = oc_span_slice(oc_span_text(proof->card_id), 0, AREA);
    OC_TRY(oc_ssc_province_factor(area, factor));
    OC_TRY(oc_fields_set(in, "province", oc_span_of(factor, FACTOR)));
    OC_TRY(oc_ssc_city_factor(area, factor));
    OC_TRY(oc_fields_set(in, "city", oc_span_of(factor, FACTOR)));
    OC_TRY(set_hex(in, "factor", proof->historical + strlen(proof->historical) - 2 * FACTOR));
    OC_TRY(set_hex(in, "challenge", proof->challenge));
    OC_TRY(set_hex(in, "text", proof->text));
    return set_hex(in, "cryptogram", proof->cryptogram);
}

oc_result oc_medical_prove_card(oc_host *host, const oc_med_card_proof *proof, enum oc_med_proven *out, oc_diag *diag)
{
    oc_fields in = {0};
    oc_fields answer = {0};
    *out = OC_MED_NOT_PROVEN;
    oc_result r = oc_ok();
    /* What makes no factors, as an identifier without a region, proves nothing. */
    if (oc_is_ok(make_question(proof, &in))) {
        r = oc_host_message(host, "internal-auth", &in, &answer, diag);
    }
    if (oc_is_ok(r) && oc_span_equal(oc_fields_span(&answer, "result"), oc_span_text("accepted"))) {
        *out = OC_MED_PROVEN;
    }
    oc_fields_free(&in);
    oc_fields_free(&answer);
    return r;
}
