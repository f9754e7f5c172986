/* SPDX-License-Identifier: Apache-2.0 */
/* The purse: what is added, counted, logged and proved. */
#include "sim/apps/ssc_app.h"
#include "sim/apps/ssc_purse.h"
#include "tests/mutants/card/inside.h"

MUTANT_WRAPS(oc_result, oc_ssc_purse_store, const oc_card_context *context, const oc_ssc_purse *purse);
MUTANT_WRAPS(oc_sw, oc_ssc_purse_open, const oc_card_context *context, oc_ssc_purse *purse);

/* Each alters what a transaction leaves, from what was before. */
static void year_kept(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    if (after->last.type == OC_SSC_TYPE_PURCHASE && after->year != before->year) {
        after->pooled += before->pooled;
        after->personal += before->personal;
    }
}

static void earlier_year_kept(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    if (after->last.type == OC_SSC_TYPE_PURCHASE && after->year < before->year) {
        after->pooled += before->pooled;
        after->personal += before->personal;
        after->year = before->year;
    }
}

static void pooled_alone_restarts(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    if (after->last.type == OC_SSC_TYPE_PURCHASE && after->year != before->year) {
        after->personal += before->personal;
    }
}

static void load_restarts_year(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    (void)before;
    if (after->last.type == OC_SSC_TYPE_LOAD) {
        after->pooled = 0;
        after->personal = 0;
    }
}

static void sums_swapped(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    if (after->last.type == OC_SSC_TYPE_PURCHASE) {
        bool same = before->year == after->year;
        uint32_t b = after->personal - (same ? before->personal : 0);
        uint32_t c = after->pooled - (same ? before->pooled : 0);
        after->personal = after->personal - b + c;
        after->pooled = after->pooled - c + b;
    }
}

static void cash_from_account(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    if (after->last.type == OC_SSC_TYPE_PURCHASE) {
        uint32_t b = after->personal - (before->year == after->year ? before->personal : 0);
        after->account -= b < after->account ? b : 0;
    }
}

static void purchase_not_counted(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    if (after->last.type == OC_SSC_TYPE_PURCHASE) {
        after->purchases = before->purchases;
    }
}

static void one_counter(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    if (after->loads != before->loads) {
        after->purchases++;
    } else if (after->purchases != before->purchases) {
        after->loads++;
    }
}

/* The low byte goes round alone. */
static void no_carry(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    after->purchases = (uint16_t)((before->purchases & 0xFF00) | (after->purchases & 0x00FF));
}

/* Of a load MAC2 is kept of the purchase before. */
static void proof_keeps_mac(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    if (after->last.type == OC_SSC_TYPE_LOAD) {
        memcpy(after->last.mac, before->last.mac, sizeof after->last.mac);
    }
}

static void load_without_proof(const oc_ssc_purse *before, oc_ssc_purse *after)
{
    if (after->last.type == OC_SSC_TYPE_LOAD) {
        after->last = before->last;
    }
}

static const struct {
    const char *id;
    void (*alter)(const oc_ssc_purse *before, oc_ssc_purse *after);
} sums[] = {
    {"card.purse.year-kept", year_kept},
    {"card.purse.earlier-year-kept", earlier_year_kept},
    {"card.purse.pooled-alone-restarts", pooled_alone_restarts},
    {"card.purse.load-restarts-year", load_restarts_year},
    {"card.purse.sums-swapped", sums_swapped},
    {"card.purse.cash-from-account", cash_from_account},
    {"card.purse.purchase-not-counted", purchase_not_counted},
    {"card.purse.one-counter", one_counter},
    {"card.purse.counter-without-carry", no_carry},
    {"card.prove.load-keeps-mac", proof_keeps_mac},
    {"card.prove.load-without-proof", load_without_proof},
};

oc_result __wrap_oc_ssc_purse_store(const oc_card_context *context, const oc_ssc_purse *purse)
{
    oc_ssc_purse before;
    oc_ssc_purse after = *purse;
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        if (is_card_with(sums[i].id) && oc_sw_ok(__real_oc_ssc_purse_open(context, &before))) {
            sums[i].alter(&before, &after);
        }
    }
    return __real_oc_ssc_purse_store(context, &after);
}

/* The proof of the session before is not there: RAM. */
static _Thread_local bool lives;

oc_sw __wrap_oc_ssc_purse_open(const oc_card_context *context, oc_ssc_purse *purse)
{
    oc_sw sw = __real_oc_ssc_purse_open(context, purse);
    if (oc_sw_ok(sw) && is_card_with("card.prove.until-reset") && !lives) {
        purse->last.type = 0;
    }
    return sw;
}

static oc_result follow_transactions(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    lives = chip->session.count[0] > 0;
    OC_TRY(mutant_pass(chip, command, response));
    bool ends = is_command(command, 0xB0, INS_CREDIT) || is_command(command, 0xB0, INS_DEBIT);
    chip->session.count[0] += ends && is_done(response) ? 1 : 0;
    return oc_ok();
}

/* The proof is given for any number, or for either type. */
static oc_result proof_of_any(struct mutant_chip *chip, oc_span command, oc_wr *response, bool any_number)
{
    oc_ssc_purse purse;
    OC_TRY(mutant_pass(chip, command, response));
    oc_card_context context = {.card = chip->card, .nvm = &chip->card->nvm, .dir = session_of(chip)->dir};
    bool asks = is_command(command, 0xB0, 0x2E) && mutant_sw(response) == OC_SW_NO_MAC && command.len == 7;
    if (!asks || !oc_sw_ok(__real_oc_ssc_purse_open(&context, &purse)) || purse.last.type == 0) {
        return oc_ok();
    }
    const uint8_t number[2] = {(uint8_t)(purse.last.number >> 8), (uint8_t)purse.last.number};
    uint8_t asked[7];
    memcpy(asked, command.at, sizeof asked);
    if (any_number && asked[3] == purse.last.type) {
        memcpy(asked + 5, number, sizeof number);
    } else if (!any_number && memcmp(asked + 5, number, sizeof number) == 0) {
        asked[3] = purse.last.type;
    }
    return pass_again(chip, oc_span_of(asked, sizeof asked), response);
}

static oc_result proof_of_any_number(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return proof_of_any(chip, command, response, true);
}

static oc_result proof_of_any_type(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return proof_of_any(chip, command, response, false);
}

/* The log */

MUTANT_WRAPS(oc_result, oc_ssc_log, oc_card_context *context, oc_ef *log, uint16_t number, uint8_t type,
             const oc_ssc_state *state, oc_span date_time);

oc_result __wrap_oc_ssc_log(oc_card_context *context, oc_ef *log, uint16_t number, uint8_t type,
                            const oc_ssc_state *state, oc_span date_time)
{
    oc_ssc_state seen = *state;
    if (is_card_with("card.purse.load-not-logged") && type == OC_SSC_TYPE_LOAD) {
        return oc_ok();
    }
    if (is_card_with("card.purse.nothing-not-logged") && type == OC_SSC_TYPE_PURCHASE && seen.amounts[0] == 0) {
        return oc_ok();
    }
    if (is_card_with("card.purse.log-full") && log->count == log->records_max) {
        return oc_ok();
    }
    if (is_card_with("card.purse.log-next-number")) {
        number++;
    }
    if (is_card_with("card.purse.log-cash-and-pooled-swapped") && type == OC_SSC_TYPE_PURCHASE) {
        seen.amounts[1] = state->amounts[2];
        seen.amounts[2] = state->amounts[1];
    }
    OC_TRY(__real_oc_ssc_log(context, log, number, type, &seen, date_time));
    /* Power that fails from here on leaves an entry of a transaction that was not made. */
    return is_card_with("card.tear.log-before-account") ? oc_nvm_commit(context->nvm) : oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.purse.year-kept"},
    {.id = "card.purse.earlier-year-kept"},
    {.id = "card.purse.pooled-alone-restarts"},
    {.id = "card.purse.load-restarts-year"},
    {.id = "card.purse.sums-swapped"},
    {.id = "card.purse.cash-from-account"},
    {.id = "card.purse.purchase-not-counted"},
    {.id = "card.purse.one-counter"},
    {.id = "card.purse.counter-without-carry"},
    {.id = "card.prove.load-keeps-mac"},
    {.id = "card.prove.load-without-proof"},
    {.id = "card.prove.until-reset", .exchange = follow_transactions},
    {.id = "card.prove.any-number", .exchange = proof_of_any_number},
    {.id = "card.prove.any-type", .exchange = proof_of_any_type},
    {.id = "card.purse.load-not-logged"},
    {.id = "card.purse.nothing-not-logged"},
    {.id = "card.purse.log-full"},
    {.id = "card.tear.log-before-account"},
    {.id = "card.purse.log-next-number"},
    {.id = "card.purse.log-cash-and-pooled-swapped"},
};
MUTANT_TABLE(rows);
