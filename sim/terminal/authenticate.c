/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/authenticate.h"

/* A terminal has no key of its own: it checks the card's cryptogram against one that the PSAM makes under the same
 * key. A PSAM without the internal authentication key answers 6A88, and the call ends with -27272, one of the codes on
 * which integrators turn to the HSM flow (ssc-terminal sheet 4.9): a card is never taken for genuine unasked. */
oc_result oc_step_auth_card(struct oc_call *call)
{
    if (!call->session->has_psam) {
        return oc_ok(); /* read without a PSAM */
    }
    uint8_t challenge_and_text[16];
    OC_TRY(oc_call_random(call, challenge_and_text, sizeof challenge_and_text));
    const oc_apdu authenticate = {
        .ins = 0x88, .data = oc_span_of(challenge_and_text, sizeof challenge_and_text), .has_le = true, .le = 0x08};
    uint8_t expected[8];
    OC_TRY(oc_psam_cryptogram(call, &oc_terminal_key_irk, challenge_and_text, challenge_and_text + 8, expected));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    OC_TRY(oc_call_card_for(call, &authenticate, sizeof expected));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    bool genuine = oc_span_equal_secret(oc_call_data(call), oc_span_of(expected, sizeof expected));
    return genuine ? oc_ok() : oc_call_end(call, OC_CODE_CARD_NOT_GENUINE);
}

oc_result oc_authenticate_terminal(struct oc_call *call, const struct oc_terminal_key *named)
{
    const struct oc_terminal_key *key = call->session->card.first ? oc_terminal_key_first_generation(named) : named;
    const oc_apdu ask = {.ins = 0x84, .has_le = true, .le = 0x08};
    OC_TRY(oc_call_card_for(call, &ask, 8));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    uint8_t challenge[8];
    memcpy(challenge, call->response->at, sizeof challenge);
    /* cryptogram || text || key version, the last with SM4 only, as seen (ssc-card sheet 6.5, 6.6) */
    uint8_t proof[17];
    proof[16] = 0x01;
    OC_TRY(oc_call_random(call, proof + 8, 8));
    OC_TRY(oc_psam_cryptogram(call, key, challenge, proof + 8, proof));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    const oc_apdu authenticate = {
        .ins = 0x82, .p2 = key->id, .data = oc_span_of(proof, call->session->card.third ? 17 : 16)};
    return oc_call_card_for(call, &authenticate, 0);
}

/* Third-generation cards are read only by terminals that prove themselves with the read key (ssc-terminal sheet 4.5
 * and 4.9); a PSAM without it has a code of its own. */
oc_result oc_step_auth_reader(struct oc_call *call)
{
    if (!call->session->card.third || !call->session->has_psam) {
        return oc_ok();
    }
    OC_TRY(oc_authenticate_terminal(call, &oc_terminal_key_ssse_rk));
    return call->code == -(int)OC_SW_KEY_NOT_FOUND ? oc_call_end(call, OC_CODE_PSAM_READ_KEY) : oc_ok();
}

oc_result oc_step_auth_terminal(struct oc_call *call)
{
    const struct oc_terminal_key *key = oc_terminal_key_named(oc_call_arg(call, "key"));
    if (key == NULL) {
        return oc_call_end(call, OC_CODE_PARAMETER);
    }
    if (key->fid != OC_FID_SSSE) {
        OC_TRY(oc_call_select_fid(call, key->fid));
        if (oc_call_ended(call)) {
            return oc_ok();
        }
    }
    return oc_authenticate_terminal(call, key);
}
