/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/hsm_side.h"

#include "sim/terminal/info.h"

oc_result oc_terminal_hsm_put(oc_buf *out, oc_span text)
{
    OC_TRY(oc_buf_append(out, text));
    return oc_buf_append_byte(out, '|');
}

oc_result oc_terminal_hsm_put_hex(oc_buf *out, oc_span bytes)
{
    OC_TRY(oc_info_append_hex(out, bytes));
    return oc_buf_append_byte(out, '|');
}

oc_result oc_terminal_hsm_put_algorithm(struct oc_call *call, oc_buf *out)
{
    static const char *const texts[2][2] = {
        [OC_ALGORITHM_NUMBER] = {"01", "03"}, [OC_ALGORITHM_NAME] = {"DES", "SM4"}};
    return oc_terminal_hsm_put(out, oc_span_text(texts[call->settings->algorithm_text][call->session->card.third]));
}

oc_result oc_terminal_hsm_put_key(struct oc_call *call, oc_buf *out, const struct oc_terminal_key *key,
                                  uint8_t version)
{
    char address[OC_KEY_ADDRESS_LEN + 1];
    oc_key_address_print(address, key, call->session->card.first, version);
    OC_TRY(oc_terminal_hsm_put_algorithm(call, out));
    return oc_terminal_hsm_put(out, oc_span_text(address));
}

oc_result oc_terminal_hsm_take(struct oc_call *call, oc_span hex, uint8_t *bytes, size_t len)
{
    if (hex.len != 2 * len) {
        return oc_call_end(call, OC_CODE_DATA_LENGTH);
    }
    if (!oc_info_all_hex(hex)) {
        return oc_call_end(call, OC_CODE_CHARACTER);
    }
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)(oc_hex_digit((char)hex.at[2 * i]) << 4 | oc_hex_digit((char)hex.at[2 * i + 1]));
    }
    return oc_ok();
}

oc_result oc_terminal_hsm_challenge(struct oc_call *call, uint8_t challenge[8])
{
    const oc_apdu ask = {.ins = 0x84, .has_le = true, .le = 0x08};
    OC_TRY(oc_call_card_for(call, &ask, 8));
    if (!oc_call_ended(call)) {
        memcpy(challenge, call->response->at, 8);
    }
    return oc_ok();
}

oc_result oc_terminal_hsm_answer(struct oc_call *call, oc_buf *out, oc_result r)
{
    if (oc_is_ok(r) && !oc_call_ended(call)) {
        r = oc_fields_set(call->answer, "out", oc_buf_span(out));
    }
    oc_buf_free(out);
    return r;
}
