/* SPDX-License-Identifier: Apache-2.0 */
/* Reload and unblock of the PIN: after the authentication with PUK of Step2 the HSM secures one command, which Step3
 * sends (ssc-terminal sheet 4.7; ssc-card sheet 6.7). The new PIN leaves the terminal in Step2's string, as the standard
 * has it. */
#include "sim/terminal/hsm_side.h"
#include "sim/terminal/info.h"
#include "sim/terminal/pin_entry.h"

#define HEADER 5
#define MAC 4
#define BLOCK_MAX 16
#define RELOAD 0x01 /* P2 of 84 24 */
#define UNBLOCK 0x00

static size_t cipher_len(const struct oc_call *call, uint8_t p2)
{
    return p2 == UNBLOCK ? 0 : oc_alg_block(call->session->card.third ? OC_ALG_SM4 : OC_ALG_3DES);
}

static oc_result ask_command(struct oc_call *call, uint8_t p2, oc_span pin, oc_buf *out)
{
    uint8_t challenge[8];
    OC_TRY(oc_terminal_hsm_challenge(call, challenge));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    const uint8_t header[HEADER] = {0x84, 0x24, 0x00, p2, (uint8_t)(cipher_len(call, p2) + MAC)};
    memcpy(call->session->header, header, HEADER);
    OC_TRY(oc_terminal_hsm_put_key(call, out, &oc_terminal_key_stk, OC_HSM_KEY_VERSION));
    OC_TRY(oc_terminal_hsm_put_hex(out, oc_span_of(challenge, sizeof challenge)));
    OC_TRY(oc_terminal_hsm_put_hex(out, oc_span_of(header, HEADER)));
    return oc_terminal_hsm_put(out, pin);
}

oc_result oc_step_hsm_ask_unblock(struct oc_call *call)
{
    oc_buf out = {0};
    return oc_terminal_hsm_answer(call, &out, ask_command(call, UNBLOCK, oc_span_empty(), &out));
}

oc_result oc_step_hsm_ask_reload(struct oc_call *call)
{
    oc_buf out = {0};
    struct oc_pin_entry pin;
    oc_result r = oc_pin_ask_twice(call, &pin);
    if (oc_is_ok(r) && !oc_call_ended(call)) {
        bool refused = call->settings->reload_refuses_initial && oc_pin_is_initial(call, &pin);
        r = refused ? oc_call_end(call, OC_CODE_TO_INITIAL_PIN)
                    : ask_command(call, RELOAD, oc_span_of(pin.digits, pin.len), &out);
    }
    oc_wipe(&pin, sizeof pin);
    return oc_terminal_hsm_answer(call, &out, r);
}

/* Only the command that was asked for goes to the card. */
oc_result oc_step_hsm_send_command(struct oc_call *call)
{
    uint8_t command[HEADER + BLOCK_MAX + MAC];
    const uint8_t *header = call->session->header;
    size_t len = HEADER + (size_t)header[HEADER - 1];
    OC_TRY(oc_terminal_hsm_take(call, oc_call_arg(call, "key-data"), command, len));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    if (memcmp(command, header, HEADER) != 0) {
        return oc_call_end(call, OC_CODE_INPUT);
    }
    const oc_apdu apdu = {.cla = command[0],
                          .ins = command[1],
                          .p1 = command[2],
                          .p2 = command[3],
                          .data = oc_span_of(command + HEADER, len - HEADER)};
    return oc_call_card_for(call, &apdu, 0);
}
