/* SPDX-License-Identifier: Apache-2.0 */
/* One value, one place or one combination for which the card is wrong. */
#include "sim/apps/pki_internal.h"
#include "sim/apps/ssc_purse.h"
#include "tests/mutants/card/inside.h"

enum { AUTH_BODY = 16, VERSION_AT = 5 + AUTH_BODY };

static bool open_purse(const struct mutant_chip *chip, oc_ssc_purse *purse)
{
    oc_card_context context = {.card = chip->card, .nvm = &chip->card->nvm, .dir = session_of(chip)->dir};
    return oc_sw_ok(oc_ssc_purse_open(&context, purse));
}

/* A load that makes the account FFFFFFFF is refused. */
static oc_result load_limit_early(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_ssc_purse purse;
    OC_TRY(mutant_pass(chip, command, response));
    oc_rd rd = oc_rd_of(oc_span_slice(command, 6, 4));
    bool loads = is_command(command, 0xB0, INS_INITIALIZE) && mutant_byte(command, 2) == 0x00 && is_done(response) &&
                 open_purse(chip, &purse);
    return loads && oc_rd_u32(&rd) == UINT32_MAX - purse.account ? answer_only(response, OC_SW_CONDITIONS) : oc_ok();
}

/* An account above 7FFFFFFF is taken for a debt. */
static oc_result account_signed(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_ssc_purse purse;
    OC_TRY(mutant_pass(chip, command, response));
    bool pays = is_command(command, 0xB0, INS_INITIALIZE) && mutant_byte(command, 2) == 0x01 && is_done(response) &&
                open_purse(chip, &purse);
    return pays && purse.account > INT32_MAX ? answer_only(response, OC_SW_BALANCE) : oc_ok();
}

/* The two sums of the year are told in each other's place. */
static oc_result balances_swapped(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t which = mutant_byte(command, 3);
    bool sums = is_command(command, 0xB0, INS_GET_BALANCE) && (which == 0x02 || which == 0x03);
    return sums ? mutant_pass_altered(chip, command, 3, which ^ 0x01, response) : mutant_pass(chip, command, response);
}

/* INTERNAL AUTHENTICATE looks for IRK in the current directory. */
static oc_result internal_in_df(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_session *session = session_of(chip);
    bool in_df = is_command(command, 0x00, INS_INTERNAL_AUTH) && session->dir != session->environment;
    OC_TRY(mutant_pass(chip, command, response));
    return in_df && is_done(response) ? answer_only(response, OC_SW_KEY_NOT_FOUND) : oc_ok();
}

/* VERIFY looks for the PIN in the current directory. */
static oc_result pin_in_df(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_session *session = session_of(chip);
    bool in_df = is_command(command, 0x00, INS_VERIFY) && mutant_byte(command, 2) == 0 &&
                 session->app == OC_APP_NONE && session->dir != session->environment;
    return in_df ? answer_only(response, OC_SW_KEY_NOT_FOUND) : mutant_pass(chip, command, response);
}

/* Version 00 is the one in use. */
static oc_result version_zero(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool zero = is_command(command, 0x00, INS_EXTERNAL_AUTH) && command.len == VERSION_AT + 1 &&
                mutant_byte(command, VERSION_AT) == 0;
    return zero ? mutant_pass_altered(chip, command, VERSION_AT, 1, response) : mutant_pass(chip, command, response);
}

/* Only the low four bits of a version count. */
static oc_result version_low_bits(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t version = mutant_byte(command, VERSION_AT);
    bool high = is_command(command, 0x00, INS_EXTERNAL_AUTH) && command.len == VERSION_AT + 1 && version > 0x0F;
    return high ? mutant_pass_altered(chip, command, VERSION_AT, version & 0x0F, response)
                : mutant_pass(chip, command, response);
}

/* One key id past the directory's own is taken for bit 8 left out: 04 of a DF is 84. */
static oc_result local_for_global(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    uint8_t id = mutant_byte(command, 3);
    if (is_command(command, 0x00, INS_EXTERNAL_AUTH) && mutant_sw(response) == OC_SW_KEY_NOT_FOUND && id < 0x80) {
        response->len = 0;
        return mutant_pass_altered(chip, command, 3, id | 0x80, response);
    }
    return oc_ok();
}

/* No challenge of 16 bytes. */
static oc_result sixteen_refused(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool sixteen = is_command(command, 0x00, INS_GET_CHALLENGE) && mutant_byte(command, 4) == 16;
    return sixteen ? answer_only(response, OC_SW_WRONG_LENGTH) : mutant_pass(chip, command, response);
}

/* UPDATE BINARY leaves the last byte of 255 out. */
static oc_result longest_cut(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t bytes[5 + UINT8_MAX];
    if (!is_command(command, 0x00, INS_UPDATE_BINARY) || command.len != sizeof bytes) {
        return mutant_pass(chip, command, response);
    }
    memcpy(bytes, command.at, sizeof bytes);
    bytes[4] = UINT8_MAX - 1;
    return mutant_pass(chip, oc_span_of(bytes, sizeof bytes - 1), response);
}

/* READ BINARY of 256 bytes gives 255. */
static oc_result reads_one_less(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x00, INS_READ_BINARY) && response->len == 256 + 2) {
        return answer_only(response, 0x6CFF);
    }
    return oc_ok();
}

/* The blocked card's answer to reset says so. */
static oc_result blocked_atr(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    if (oc_card_life(chip->card) == OC_CHIP_BLOCKED && atr->len > 0) {
        atr->at[atr->len - 1] ^= 0x80;
    }
    return oc_ok();
}

/* A PIN of another length than the last is not taken. */
static oc_result pki_length_kept(oc_card_context *context)
{
    oc_stored_key before;
    oc_stored_key after;
    bool known = oc_pki_find(context, OC_KEY_KIND_PIN, context->p2, &before);
    OC_TRY(mutant_right_handler(context));
    if (known && oc_sw_ok(context->sw) && oc_pki_find(context, OC_KEY_KIND_PIN, context->p2, &after) &&
        after.alg != before.alg) {
        OC_TRY(oc_nvm_rollback(context->nvm));
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    return oc_ok();
}

/* A wrong master key's cryptogram leaves the status of an earlier right one. */
static oc_result pki_master_kept(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_pki_state *state = session_of(chip)->app == OC_APP_NONE ? NULL
                                                               : oc_card_state(chip->card, session_of(chip)->app);
    bool passed = state != NULL && state->master_passed;
    OC_TRY(mutant_pass(chip, command, response));
    if (passed && is_command(command, 0x00, INS_EXTERNAL_AUTH) && is_wrong_try(response)) {
        state->master_passed = true;
    }
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.purse.load-limit-early", .exchange = load_limit_early},
    {.id = "card.purse.account-signed", .exchange = account_signed},
    {.id = "card.purse.balances-swapped", .exchange = balances_swapped},
    {.id = "card.intauth.not-in-df", .exchange = internal_in_df},
    {.id = "card.pin.not-in-df", .exchange = pin_in_df},
    {.id = "card.key.version-zero", .exchange = version_zero},
    {.id = "card.key.version-low-bits", .exchange = version_low_bits},
    {.id = "card.key.local-for-global", .exchange = local_for_global},
    {.id = "card.challenge.sixteen-refused", .exchange = sixteen_refused},
    {.id = "card.binary.longest-cut", .exchange = longest_cut},
    {.id = "card.binary.reads-one-less", .exchange = reads_one_less},
    {.id = "card.card-block.other-atr", .reset = blocked_atr},
    {.id = "card.pki.length-kept",
     .commands = {{0x84, INS_CHANGE_PIN, .app = &oc_pki_app, .handler = pki_length_kept}}},
    {.id = "card.pki.wrong-master-keeps-status", .exchange = pki_master_kept},
};
MUTANT_TABLE(rows);
