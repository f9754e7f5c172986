/* SPDX-License-Identifier: Apache-2.0 */
/* PIN unblock and reload: external authentication with PUK, then 84 24 secured under a session key of STK, all of it
 * through the PSAM (ssc-card sheet 6.7 and 7). */
#include "sim/crypto/pin_block.h"
#include "sim/terminal/authenticate.h"
#include "sim/terminal/pin_entry.h"

#define MAC_SIZE 4
#define BLOCK_MAX 16
#define HEADER 5
#define PIN_RESET 0x24
#define RELOAD 0x01 /* P2 */

oc_result oc_step_auth_puk(struct oc_call *call)
{
    return oc_authenticate_terminal(call, oc_terminal_key_named(oc_span_text("SSSE/PUK")));
}

static oc_result ask_challenge(struct oc_call *call, uint8_t challenge[8])
{
    const oc_apdu ask = {.ins = 0x84, .has_le = true, .le = 0x08};
    OC_TRY(oc_call_card_for(call, &ask, 8));
    if (!oc_call_ended(call)) {
        memcpy(challenge, call->response->at, 8);
    }
    return oc_ok();
}

/* 84 24 with the enciphered PIN block, which is empty for unblock, and the MAC over header and block. */
static oc_result send(struct oc_call *call, const uint8_t challenge[8], uint8_t p2, oc_span cipher)
{
    uint8_t message[HEADER + BLOCK_MAX + MAC_SIZE];
    oc_wr wr = oc_wr_of(message, sizeof message);
    const uint8_t header[HEADER] = {0x84, PIN_RESET, 0x00, p2, (uint8_t)(cipher.len + MAC_SIZE)};
    oc_wr_bytes(&wr, oc_span_of(header, sizeof header));
    oc_wr_bytes(&wr, cipher);
    uint8_t mac[MAC_SIZE];
    OC_TRY(oc_psam_mac(call, &oc_terminal_key_stk, challenge, oc_wr_span(&wr), mac));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    oc_wr_bytes(&wr, oc_span_of(mac, sizeof mac));
    const oc_apdu apdu = {
        .cla = 0x84, .ins = PIN_RESET, .p2 = p2, .data = oc_span_slice(oc_wr_span(&wr), HEADER, SIZE_MAX)};
    OC_TRY(oc_call_card(call, &apdu));
    if (p2 == RELOAD && call->sw.value == OC_SW_WRONG_DATA) {
        return oc_call_end(call, OC_CODE_PIN_LENGTH); /* the PIN is all there is in the block */
    }
    return oc_sw_ok(call->sw) ? oc_ok() : oc_call_end_sw(call);
}

oc_result oc_step_unblock_pin(struct oc_call *call)
{
    uint8_t challenge[8];
    OC_TRY(ask_challenge(call, challenge));
    return oc_call_ended(call) ? oc_ok() : send(call, challenge, 0x00, oc_span_empty());
}

static oc_result encipher_block(struct oc_call *call, const uint8_t challenge[8], const struct oc_pin_entry *pin,
                                uint8_t *cipher, size_t block)
{
    oc_buf plain = {0};
    oc_result r = oc_pin_block(&plain, oc_pin_packed(pin), block);
    if (oc_is_ok(r)) {
        r = oc_psam_encipher(call, &oc_terminal_key_stk, challenge, oc_buf_span(&plain), cipher);
    }
    oc_buf_free(&plain);
    return r.code == OC_E_FORMAT ? oc_call_end(call, OC_CODE_PIN_LENGTH) : r;
}

static oc_result reload(struct oc_call *call, const struct oc_pin_entry *pin)
{
    if (call->settings->reload_refuses_initial && oc_pin_is_initial(call, pin)) {
        return oc_call_end(call, OC_CODE_TO_INITIAL_PIN);
    }
    uint8_t challenge[8];
    uint8_t cipher[BLOCK_MAX];
    size_t block = oc_alg_block(call->session->card.third ? OC_ALG_SM4 : OC_ALG_3DES);
    OC_TRY(ask_challenge(call, challenge));
    if (!oc_call_ended(call)) {
        OC_TRY(encipher_block(call, challenge, pin, cipher, block));
    }
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    return send(call, challenge, RELOAD, oc_span_of(cipher, block));
}

/* The order of the HSM flow: authenticated first, then typed twice, then the challenge (ssc-terminal sheet 4.7). */
oc_result oc_step_reload_pin(struct oc_call *call)
{
    struct oc_pin_entry pin;
    oc_result r = oc_pin_ask_twice(call, &pin);
    if (oc_is_ok(r) && !oc_call_ended(call)) {
        r = reload(call, &pin);
    }
    oc_wipe(&pin, sizeof pin);
    return r;
}
