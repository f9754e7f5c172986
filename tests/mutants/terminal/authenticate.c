/* SPDX-License-Identifier: Apache-2.0 */
/* How the terminal proves the card, and itself. */
#include "sim/terminal/authenticate.h"

#include "sim/terminal/info.h"
#include "tests/mutants/terminal/seam.h"

#define CRYPTOGRAM 8

MUTANT_WRAPS(oc_result, oc_call_random, struct oc_call *call, uint8_t *out, size_t len);
MUTANT_WRAPS(oc_result, oc_psam_cryptogram, struct oc_call *call, const struct oc_terminal_key *key,
             const uint8_t challenge[8], const uint8_t text[8], uint8_t out[8]);

oc_result __wrap_oc_call_random(struct oc_call *call, uint8_t *out, size_t len)
{
    size_t fresh = mutant_is("terminal.auth.random-fixed")        ? 0
                   : mutant_is("terminal.auth.random-half-fixed") ? 8
                                                                  : len;
    memset(out, 0x5A, len);
    return __real_oc_call_random(call, out, fresh < len ? fresh : len);
}

/* What the PSAM says that the card should answer. */
oc_result __wrap_oc_psam_cryptogram(struct oc_call *call, const struct oc_terminal_key *key,
                                    const uint8_t challenge[8], const uint8_t text[8], uint8_t out[8])
{
    OC_TRY(__real_oc_psam_cryptogram(call, key, challenge, text, out));
    terminal_call_memory()->len = CRYPTOGRAM;
    memcpy(terminal_call_memory()->bytes, out, CRYPTOGRAM);
    return oc_ok();
}

static oc_result any_cryptogram(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->code = call->code == OC_CODE_CARD_NOT_GENUINE ? OC_CODE_OK : call->code;
    return oc_ok();
}

/* The card is asked, but nobody knows what it should have said. */
static oc_result psam_not_asked(struct oc_call *call, oc_step *right)
{
    (void)right;
    uint8_t data[2 * CRYPTOGRAM];
    OC_TRY(oc_call_random(call, data, sizeof data));
    const oc_apdu apdu = {.ins = INS_INTERNAL_AUTH, .data = oc_span_of(data, sizeof data), .has_le = true, .le = 8};
    return oc_call_card_for(call, &apdu, CRYPTOGRAM);
}

static oc_result half_compared(const struct terminal_exchange *x)
{
    const struct mutant_memory *expected = terminal_call_memory();
    OC_TRY(terminal_right_exchange(x));
    if (!x->is_psam && x->apdu->ins == INS_INTERNAL_AUTH && expected->len == CRYPTOGRAM &&
        x->data->len == CRYPTOGRAM) {
        memcpy(x->data->at + CRYPTOGRAM / 2, expected->bytes + CRYPTOGRAM / 2, CRYPTOGRAM / 2);
    }
    return oc_ok();
}

/* The card id code is there for whoever looks, though the card is none. */
static oc_result id_of_clone(struct oc_call *call, oc_step *right)
{
    oc_buf out = {0};
    OC_TRY(right(call));
    if (call->code != OC_CODE_CARD_NOT_GENUINE) {
        return oc_ok();
    }
    oc_result r = oc_buf_append(&out, oc_span_text("|||"));
    r = oc_is_ok(r) ? oc_info_append_hex(&out, oc_span_of(call->session->card.id, sizeof call->session->card.id)) : r;
    r = oc_is_ok(r) ? oc_buf_append_byte(&out, '|') : r;
    r = oc_is_ok(r) ? oc_fields_set(call->answer, "out", oc_buf_span(&out)) : r;
    oc_buf_free(&out);
    return r;
}

static oc_result update_key(struct oc_call *call, oc_step *right)
{
    return call->session->card.third ? oc_authenticate_terminal(call, oc_terminal_key_named(oc_span_text("SSSE/UK")))
                                     : right(call);
}

/* A challenge of zeros instead of the card's. */
static oc_result challenge_made_up(const struct terminal_exchange *x)
{
    static const uint8_t zeros[CRYPTOGRAM];
    return !x->is_psam && x->apdu->ins == INS_GET_CHALLENGE
               ? terminal_make_answer(x, oc_span_of(zeros, sizeof zeros), OC_SW_OK)
               : terminal_right_exchange(x);
}

static oc_result refusal_ignored(const struct terminal_exchange *x)
{
    OC_TRY(terminal_right_exchange(x));
    return !x->is_psam && x->apdu->ins == INS_EXTERNAL_AUTH ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                                            : oc_ok();
}

/* What the card refused is tried once more, with the challenge that is spent. */
static oc_result proof_repeated(const struct terminal_exchange *x)
{
    OC_TRY(terminal_right_exchange(x));
    return !x->is_psam && x->apdu->ins == INS_EXTERNAL_AUTH && !oc_sw_ok(*x->sw) ? terminal_right_exchange(x)
                                                                                 : oc_ok();
}

static oc_result proof_not_sent(const struct terminal_exchange *x)
{
    return !x->is_psam && x->apdu->ins == INS_EXTERNAL_AUTH ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                                            : terminal_right_exchange(x);
}

/* Personal data first; then the card is proved, and then the terminal. */
static oc_result data_first(struct oc_call *call, oc_step *right)
{
    static const uint8_t tags[] = {0x08, 0x09};
    for (size_t i = 0; i < sizeof tags; i++) {
        const oc_apdu read = {.ins = INS_READ_RECORD, .p1 = tags[i], .p2 = 0x06 << 3, .has_le = true};
        OC_TRY(oc_call_card(call, &read));
    }
    return right(call);
}

static const struct mutant rows[] = {
    {.id = "terminal.auth.card-not-proved", TERMINAL(.steps = {WITHOUT(oc_step_auth_card)})},
    {.id = "terminal.auth.cryptogram-not-compared", TERMINAL(.steps = {{oc_step_auth_card, any_cryptogram}})},
    {.id = "terminal.auth.cryptogram-half-compared", TERMINAL(.exchange = half_compared)},
    {.id = "terminal.auth.psam-not-asked", TERMINAL(.steps = {{oc_step_auth_card, psam_not_asked}})},
    {.id = "terminal.auth.id-of-clone", TERMINAL(.steps = {{oc_step_auth_card, id_of_clone}})},
    {.id = "terminal.auth.random-fixed"},
    {.id = "terminal.auth.random-half-fixed"},
    {.id = "terminal.auth.data-first", TERMINAL(.steps = {{oc_step_auth_card, data_first}})},
    {.id = "terminal.auth.no-read-key", TERMINAL(.steps = {WITHOUT(oc_step_auth_reader)})},
    {.id = "terminal.auth.update-key-for-reading", TERMINAL(.steps = {{oc_step_auth_reader, update_key}})},
    {.id = "terminal.auth.challenge-made-up", TERMINAL(.exchange = challenge_made_up)},
    {.id = "terminal.auth.refusal-ignored", TERMINAL(.exchange = refusal_ignored)},
    {.id = "terminal.auth.proof-repeated", TERMINAL(.exchange = proof_repeated)},
    {.id = "terminal.auth.proof-not-sent", TERMINAL(.exchange = proof_not_sent)},
};
MUTANT_TABLE(rows);
