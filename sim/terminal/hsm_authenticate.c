/* SPDX-License-Identifier: Apache-2.0 */
/* Authentication through the HSM (ssc-terminal sheet 4.5, 4.6). The card's challenge is the last exchange of Step1 and
 * its EXTERNAL AUTHENTICATE the first of Step2: a card need not keep a challenge longer (ISO/IEC 7816-4 11.5.3). */
#include "sim/terminal/file_address.h"
#include "sim/terminal/hsm_side.h"
#include "sim/terminal/info.h"

#define DATA 16 /* cryptogram and original information */
#define HALF 8

/* INTERNAL AUTHENTICATE; the answer waits for the HSM's. `randoms` are process factor and original information. */
static oc_result ask_card(struct oc_call *call, uint8_t randoms[DATA])
{
    OC_TRY(oc_call_random(call, randoms, DATA));
    const oc_apdu authenticate = {.ins = 0x88, .data = oc_span_of(randoms, DATA), .has_le = true, .le = HALF};
    OC_TRY(oc_call_card_for(call, &authenticate, HALF));
    if (!oc_call_ended(call)) {
        memcpy(call->session->internal, call->response->at, HALF);
        memcpy(call->session->internal + HALF, randoms + HALF, HALF);
    }
    return oc_ok();
}

static oc_result put_card(struct oc_call *call, oc_buf *out)
{
    const struct oc_card_facts *card = &call->session->card;
    OC_TRY(oc_terminal_hsm_put(out, oc_span_text(card->area)));
    OC_TRY(oc_terminal_hsm_put_hex(out, oc_span_of(card->historical, card->historical_len)));
    OC_TRY(oc_terminal_hsm_put_algorithm(call, out));
    return oc_terminal_hsm_put_hex(out, oc_span_of(card->id, sizeof card->id));
}

static oc_result ask_basic(struct oc_call *call, oc_buf *out)
{
    bool third = call->session->card.third;
    uint8_t randoms[2 * DATA];
    OC_TRY(ask_card(call, randoms));
    if (third && !oc_call_ended(call)) {
        OC_TRY(oc_call_random(call, randoms + DATA + HALF, HALF));
        OC_TRY(oc_terminal_hsm_challenge(call, randoms + DATA));
    }
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    OC_TRY(put_card(call, out));
    for (size_t i = 0; i < sizeof randoms; i += HALF) {
        OC_TRY(oc_terminal_hsm_put_hex(out, oc_span_of(randoms + i, i < DATA || third ? HALF : 0)));
    }
    return oc_ok();
}

oc_result oc_step_hsm_ask_basic(struct oc_call *call)
{
    oc_buf out = {0};
    return oc_terminal_hsm_answer(call, &out, ask_basic(call, &out));
}

static oc_result authenticate(struct oc_call *call, const struct oc_terminal_key *key, const uint8_t data[DATA])
{
    uint8_t proof[DATA + 1];
    memcpy(proof, data, DATA);
    proof[DATA] = OC_HSM_KEY_VERSION; /* with SM4 only, as seen (ssc-card sheet 6.5, 6.6) */
    const oc_apdu apdu = {
        .ins = 0x82, .p2 = key->id, .data = oc_span_of(proof, call->session->card.third ? DATA + 1 : DATA)};
    return oc_call_card_for(call, &apdu, 0);
}

/* pKey: internal data|external data|; the last bar may be left out where the settings say so. */
static bool cut_basic(const struct oc_call *call, oc_span *internal, oc_span *external)
{
    oc_span rest = oc_call_arg(call, "key-data");
    if (!oc_info_take(&rest, '|', internal)) {
        return false;
    }
    if (call->settings->step2_bar == OC_STEP2_BAR_NOT_SM4 && call->session->card.third) {
        *external = rest;
        return memchr(rest.at, '|', rest.len) == NULL;
    }
    return oc_info_take(&rest, '|', external) && rest.len == 0;
}

oc_result oc_step_hsm_take_basic(struct oc_call *call)
{
    bool third = call->session->card.third;
    oc_span internal;
    oc_span external;
    uint8_t expected[DATA];
    uint8_t proof[DATA];
    if (!cut_basic(call, &internal, &external)) {
        return oc_call_end(call, OC_CODE_PARAMETER);
    }
    OC_TRY(oc_terminal_hsm_take(call, internal, expected, DATA));
    if (!oc_call_ended(call)) {
        OC_TRY(oc_terminal_hsm_take(call, external, proof, third ? DATA : 0));
    }
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    if (!oc_span_equal_secret(oc_span_of(expected, DATA), oc_span_of(call->session->internal, DATA))) {
        return oc_call_end(call, OC_CODE_CARD_NOT_GENUINE);
    }
    call->session->hsm_passed = true;
    return third ? authenticate(call, &oc_terminal_key_ssse_rk, proof) : oc_ok();
}

/* Step1 of a function that needs one key, whose directory is selected. */
static oc_result ask_external(struct oc_call *call, const struct oc_terminal_key *named, oc_buf *out)
{
    uint8_t randoms[DATA];
    call->session->hsm_key = call->session->card.first ? oc_terminal_key_first_generation(named) : named;
    OC_TRY(oc_call_random(call, randoms + HALF, HALF));
    OC_TRY(oc_terminal_hsm_challenge(call, randoms));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    OC_TRY(oc_terminal_hsm_put_key(call, out, call->session->hsm_key, OC_HSM_KEY_VERSION));
    OC_TRY(oc_terminal_hsm_put_hex(out, oc_span_of(randoms, HALF)));
    return oc_terminal_hsm_put_hex(out, oc_span_of(randoms + HALF, HALF));
}

static oc_result answer_external(struct oc_call *call, const struct oc_terminal_key *named)
{
    oc_buf out = {0};
    return oc_terminal_hsm_answer(call, &out, ask_external(call, named, &out));
}

/* Where a file has two read keys, the second: cards of the later generations ask for it (ssc-card sheet 4.6). */
static const struct oc_terminal_key *key_for(struct oc_call *call, const struct oc_file_address *address, bool write)
{
    bool first = call->session->card.first;
    const struct oc_terminal_key *keys[2];
    if (write) {
        return oc_terminal_update_key(first, address->dir, address->ef);
    }
    unsigned count = oc_terminal_read_keys(first, address->dir, address->ef, keys);
    return count == 0 ? NULL : keys[count - 1];
}

/* One string has one key address: all files of the call have to be opened by the same key (project choice). */
static oc_result find_key(struct oc_call *call, bool write, uint16_t *dir, const struct oc_terminal_key **key)
{
    oc_span groups = oc_call_arg(call, "file-addr");
    struct oc_file_address address;
    *key = NULL;
    for (bool first = true; first || groups.len > 0; first = false) {
        if (!oc_file_address_next(&groups, &address) || (address.by_mf && call->settings->refuses_3f00)) {
            return oc_call_end(call, OC_CODE_PARAMETER);
        }
        const struct oc_terminal_key *needed = key_for(call, &address, write);
        if (!first && (needed != *key || address.dir != *dir)) {
            return oc_call_end(call, OC_CODE_PARAMETER);
        }
        *key = needed;
        *dir = address.dir;
    }
    return *key != NULL ? oc_ok() : oc_call_end(call, OC_CODE_HSM_NOT_NEEDED);
}

static oc_result ask_for_files(struct oc_call *call, bool write)
{
    uint16_t dir = OC_FID_SSSE;
    const struct oc_terminal_key *key = NULL;
    OC_TRY(find_key(call, write, &dir, &key));
    if (!oc_call_ended(call) && dir != OC_FID_SSSE) {
        OC_TRY(oc_call_select_fid(call, dir));
    }
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    OC_TRY(oc_fields_set(&call->session->kept, "file-addr", oc_call_arg(call, "file-addr")));
    return answer_external(call, key);
}

oc_result oc_step_hsm_ask_read(struct oc_call *call)
{
    return ask_for_files(call, false);
}

oc_result oc_step_hsm_ask_write(struct oc_call *call)
{
    return ask_for_files(call, true);
}

oc_result oc_step_hsm_ask_puk(struct oc_call *call)
{
    return answer_external(call, oc_terminal_key_named(oc_span_text("SSSE/PUK")));
}

oc_result oc_step_hsm_take_external(struct oc_call *call)
{
    uint8_t data[DATA];
    OC_TRY(oc_terminal_hsm_take(call, oc_call_arg(call, "key-data"), data, DATA));
    return oc_call_ended(call) ? oc_ok() : authenticate(call, call->session->hsm_key, data);
}
