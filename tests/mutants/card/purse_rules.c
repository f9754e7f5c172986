/* SPDX-License-Identifier: Apache-2.0 */
/* The purse: what may be loaded and paid, and when. */
#include "sim/apps/ssc_app.h"
#include "sim/apps/ssc_purse.h"
#include "tests/mutants/card/inside.h"

enum { CLA_PURSE = 0xB0, P1_LOAD = 0x00, P1_PURCHASE = 0x01, AMOUNTS_AT = 6 };

static bool initializes(oc_span command, uint8_t p1)
{
    return is_command(command, CLA_PURSE, INS_INITIALIZE) && mutant_byte(command, 2) == p1;
}

static uint32_t amount_of(oc_span command, size_t which)
{
    oc_rd rd = oc_rd_of(oc_span_slice(command, AMOUNTS_AT + 4 * which, 4));
    return oc_rd_u32(&rd);
}

static bool purse_of(const struct mutant_chip *chip, oc_ssc_purse *purse)
{
    oc_card_context context = {.card = chip->card, .nvm = &chip->card->nvm, .dir = session_of(chip)->dir};
    return session_of(chip)->powered && oc_sw_ok(oc_ssc_purse_open(&context, purse));
}

/* One that would empty the account is refused. */
static oc_result exact_refused(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_ssc_purse purse;
    OC_TRY(mutant_pass(chip, command, response));
    if (initializes(command, P1_PURCHASE) && is_done(response) && purse_of(chip, &purse) && purse.account > 0 &&
        amount_of(command, 0) == purse.account) {
        return answer_only(response, OC_SW_BALANCE);
    }
    return oc_ok();
}

/* The account is compared with all three amounts together. */
static oc_result all_amounts_compared(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_ssc_purse purse;
    OC_TRY(mutant_pass(chip, command, response));
    if (initializes(command, P1_PURCHASE) && is_done(response) && purse_of(chip, &purse)) {
        uint64_t all = (uint64_t)amount_of(command, 0) + amount_of(command, 1) + amount_of(command, 2);
        return all > purse.account ? answer_only(response, OC_SW_BALANCE) : oc_ok();
    }
    return oc_ok();
}

static oc_result nothing_refused(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool nothing = initializes(command, P1_PURCHASE) && command.len > AMOUNTS_AT + 4 && amount_of(command, 0) == 0;
    OC_TRY(mutant_pass(chip, command, response));
    return nothing && is_done(response) ? answer_only(response, OC_SW_WRONG_DATA) : oc_ok();
}

/* The same command with the PIN status for it alone. */
static oc_result pass_with_pin(struct mutant_chip *chip, oc_span command, oc_wr *response, bool is_so)
{
    bool verified = session_of(chip)->pin_verified;
    session_of(chip)->pin_verified = verified || is_so;
    OC_TRY(mutant_pass(chip, command, response));
    if (is_so) {
        session_of(chip)->pin_verified = verified;
    }
    return oc_ok();
}

static oc_result balance_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_with_pin(chip, command, response, is_command(command, CLA_PURSE, INS_GET_BALANCE));
}

static oc_result load_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_with_pin(chip, command, response, initializes(command, P1_LOAD));
}

static oc_result purchase_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_with_pin(chip, command, response, initializes(command, P1_PURCHASE));
}

static oc_result proof_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_with_pin(chip, command, response, is_command(command, CLA_PURSE, 0x2E));
}

/* Second halves look at the PIN when they begin, so that it may be lost between: the defect is not to look. */
static oc_result debit_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_with_pin(chip, command, response, is_command(command, CLA_PURSE, INS_DEBIT));
}

/* Any transaction may end what any other began. */
MUTANT_WRAPS(oc_result, oc_ssc_transact, oc_card_context *context, enum oc_ssc_pending pending, enum oc_key_kind kind,
             oc_ssc_half *half);

oc_result __wrap_oc_ssc_transact(oc_card_context *context, enum oc_ssc_pending pending, enum oc_key_kind kind,
                                 oc_ssc_half *half)
{
    oc_ssc_state *state = context->state;
    const oc_ssc_state before = *state;
    bool is_end = pending != OC_SSC_NOTHING;
    if (is_end && before.pending != OC_SSC_NOTHING && is_card_with("card.purse.ends-any")) {
        state->pending = pending;
    }
    oc_result r = __real_oc_ssc_transact(context, pending, kind, half);
    bool again = (is_card_with("card.purse.wrong-mac-leaves-open") && context->sw.value == OC_SW_MAC_INVALID) ||
                 (is_card_with("card.purse.debit-twice") && oc_sw_ok(context->sw));
    if (is_end && again && oc_is_ok(r)) {
        *state = before;
    }
    return r;
}

static oc_result pending_over_warm_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    size_t size = oc_card_os_state_size(chip->card->os);
    uint8_t states[512];
    if (size > sizeof states) {
        return oc_fail(OC_E_LIMIT);
    }
    memcpy(states, chip->card->states, size);
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    if (kind == OC_RESET_WARM) {
        memcpy(chip->card->states, states, size);
    }
    return oc_ok();
}

/* It is still open when DF04 is selected again. */
static oc_result pending_over_select(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    size_t size = oc_card_os_state_size(chip->card->os);
    uint8_t states[512];
    if (size > sizeof states) {
        return oc_fail(OC_E_LIMIT);
    }
    memcpy(states, chip->card->states, size);
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) == INS_SELECT && session_of(chip)->app == OC_APP_NONE) {
        memcpy(chip->card->states, states, size);
    }
    return oc_ok();
}

/* Reading between the two halves ends the transaction. */
static oc_result ended_by_balance(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, CLA_PURSE, INS_GET_BALANCE)) {
        oc_card_tell_select(chip->card);
    }
    return oc_ok();
}

/* So does a record that is read. */
static oc_result ended_by_reading(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) == INS_READ_RECORD) {
        oc_card_tell_select(chip->card);
    }
    return oc_ok();
}

/* Whatever index is asked for, the first is taken. */
static oc_result first_index(struct mutant_chip *chip, oc_span command, oc_wr *response, uint8_t p1)
{
    bool other = initializes(command, p1) && mutant_byte(command, 5) > 1;
    return other ? mutant_pass_altered(chip, command, 5, 1, response) : mutant_pass(chip, command, response);
}

static oc_result purchase_index_ignored(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return first_index(chip, command, response, P1_PURCHASE);
}

static oc_result load_index_ignored(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return first_index(chip, command, response, P1_LOAD);
}

/* Date and time are taken as they come. */
MUTANT_WRAPS(bool, oc_span_is_digits, oc_span s);

bool __wrap_oc_span_is_digits(oc_span s)
{
    bool dates = s.len == OC_SSC_DATE_TIME && is_card_with("card.purse.any-date");
    bool pins = s.len < 5 && is_card_with("card.pin.change-any-digits");
    return dates || pins || __real_oc_span_is_digits(s);
}

static const struct mutant rows[] = {
    {.id = "card.purse.exact-refused", .exchange = exact_refused},
    {.id = "card.purse.all-amounts-compared", .exchange = all_amounts_compared},
    {.id = "card.purse.nothing-refused", .exchange = nothing_refused},
    {.id = "card.purse.balance-without-pin", .exchange = balance_without_pin},
    {.id = "card.purse.load-without-pin", .exchange = load_without_pin},
    {.id = "card.purse.purchase-without-pin", .exchange = purchase_without_pin},
    {.id = "card.prove.without-pin", .exchange = proof_without_pin},
    {.id = "card.purse.debit-without-pin", .exchange = debit_without_pin},
    {.id = "card.purse.ends-any"},
    {.id = "card.purse.wrong-mac-leaves-open"},
    {.id = "card.purse.debit-twice"},
    {.id = "card.purse.pending-over-warm-reset", .reset = pending_over_warm_reset},
    {.id = "card.purse.pending-over-select", .exchange = pending_over_select},
    {.id = "card.purse.ended-by-balance", .exchange = ended_by_balance},
    {.id = "card.purse.ended-by-reading", .exchange = ended_by_reading},
    {.id = "card.purse.purchase-index-ignored", .exchange = purchase_index_ignored},
    {.id = "card.purse.load-index-ignored", .exchange = load_index_ignored},
    {.id = "card.purse.any-date"},
    {.id = "card.pin.change-any-digits"},
};
MUTANT_TABLE(rows);
