/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/host/medical/call.h"

/* What the local component of a hospital does (settlement-backend sheet 4): it reads the medium itself and asks for the
 * person, 1161 with a card and 1162 with the code of an electronic voucher. And 9201, of which only the name is attested. */

/* The input of the 1101 that the component sends; what the hospital said of the person goes along. */
static oc_result ask_with(struct oc_med_call *call)
{
    const oc_med_reading *reading = &call->reading;
    json_t *data = json_object();
    oc_med_put(data, "mdtrt_cert_type", reading->cert_type);
    oc_med_put(data, "mdtrt_cert_no", reading->cert_no);
    if (reading->card_sn[0] != '\0') {
        oc_med_put(data, "card_sn", reading->card_sn);
    }
    call->read_input = json_object();
    if (json_object_set_new(call->read_input, "data", data) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    call->input = call->read_input;
    return oc_ok();
}

oc_result oc_med_read_reader(struct oc_med_call *call)
{
    const oc_med_services *services = &call->medical->services;
    if (services->read_card != NULL) {
        OC_TRY(services->read_card(services->read_card_context, &call->reading, call->diag));
    }
    return call->reading.cert_type[0] == '\0'
               ? oc_med_refuse(call, "READER", "", "读卡器中无卡", "there is no card in the component's reader")
               : ask_with(call);
}

oc_result oc_med_read_voucher(struct oc_med_call *call)
{
    const oc_med_services *services = &call->medical->services;
    char refusal[OC_MED_REFUSAL] = "";
    char why[64];
    if (services->read_code == NULL) {
        return oc_med_refuse(call, "VOUCHER", "data.ecQrCode", "没有电子凭证服务", "there is no voucher service");
    }
    OC_TRY(services->read_code(services->read_code_context, oc_med_in(call, "ecQrCode"), &call->reading, refusal,
                               call->diag));
    if (refusal[0] != '\0') {
        snprintf(why, sizeof why, "the code is not taken: %s", refusal);
        return oc_med_refuse(call, "VOUCHER", "data.ecQrCode", "电子凭证二维码无效", why);
    }
    return ask_with(call);
}

/* cardecinfo, beside the answer of 1101: what the component has read, which the HIS needs for its next messages. */
static oc_result tell_reading(struct oc_med_call *call)
{
    const json_t *base = json_object_get(call->output, "baseinfo");
    const oc_med_reading *reading = &call->reading;
    bool card = strcmp(reading->cert_type, "03") == 0;
    json_t *info = json_object();
    oc_med_put(info, "psn_cert_type", oc_med_text(base, "psn_cert_type"));
    oc_med_put(info, "certno", oc_med_text(base, "certno"));
    oc_med_put(info, "psn_name", oc_med_text(base, "psn_name"));
    if (card) {
        oc_med_put(info, "cardno", reading->cert_no);
        oc_med_put(info, "card_sn", reading->card_sn);
    } else {
        oc_med_put(info, "ecToken", reading->cert_no);
    }
    return json_object_set_new(call->output, "cardecinfo", info) == 0 ? oc_ok() : oc_fail(OC_E_MEMORY);
}

oc_result oc_med_component_info(struct oc_med_call *call)
{
    OC_TRY(oc_med_person_info(call));
    return call->refused ? oc_ok() : tell_reading(call);
}

oc_result oc_med_authenticate_card(struct oc_med_call *call)
{
    const oc_med_services *services = &call->medical->services;
    const oc_med_card_proof proof = {.card_id = oc_med_in(call, "card_sn"),
                                     .historical = oc_med_in(call, "atr_hist"),
                                     .challenge = oc_med_in(call, "random1"),
                                     .text = oc_med_in(call, "random2"),
                                     .cryptogram = oc_med_in(call, "cryptogram")};
    enum oc_med_proven proven = OC_MED_NO_KEY;
    oc_med_person person;
    const char *state;
    if (!oc_med_find_card(call->medical, proof.card_id, &person)) {
        return oc_med_refuse(call, "CARD", "data.card_sn", "查无此卡", "the card is not known");
    }
    OC_TRY(oc_med_card_state(call->medical, proof.card_id, &state, call->diag));
    if (state != NULL) {
        return oc_med_refuse(call, "CARD", "data.card_sn", "该卡已挂失或已被更换", "the card is listed");
    }
    if (services->prove_card != NULL) {
        OC_TRY(services->prove_card(services->prove_card_context, &proof, &proven, call->diag));
    }
    if (proven == OC_MED_NO_KEY) {
        return oc_med_refuse(call, "KEY", "", "加密机无此密钥", "there is no such key");
    }
    json_t *data = json_object();
    oc_med_put(data, "result", proven == OC_MED_PROVEN ? "1" : "0");
    return json_object_set_new(call->output, "data", data) == 0 ? oc_ok() : oc_fail(OC_E_MEMORY);
}
