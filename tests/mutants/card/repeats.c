/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong only when something went before. */
#include "sim/apps/pki_internal.h"
#include "sim/apps/ssc_app.h"
#include "sim/apps/ssc_purse.h"
#include "tests/mutants/card/inside.h"

enum { AT_TRIES = 4 /* in an entry of the key store */ };

static oc_result put_tries_back(struct mutant_chip *chip, const oc_stored_key *before)
{
    OC_TRY(oc_nvm_write(&chip->card->nvm, before->at + AT_TRIES, oc_span_of(&before->tries, 1)));
    return oc_nvm_commit(&chip->card->nvm);
}

/* While the PIN is verified a wrong one ends that, and costs nothing. */
static oc_result pin_free_while_verified(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key pin;
    bool verified = session_of(chip)->pin_verified && is_command(command, 0x00, INS_VERIFY) &&
                    session_of(chip)->app == OC_APP_NONE &&
                    key_of(chip, session_of(chip)->environment, OC_KEY_KIND_PIN, 0, &pin);
    OC_TRY(mutant_pass(chip, command, response));
    return verified && is_wrong_try(response) ? put_tries_back(chip, &pin) : oc_ok();
}

/* So with a key that was passed. */
static oc_result key_free_while_passed(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key key;
    uint8_t id = mutant_byte(command, 3);
    uint32_t dir = id & 0x80 ? session_of(chip)->dir : session_of(chip)->environment;
    bool passed = is_command(command, 0x00, INS_EXTERNAL_AUTH) && oc_card_key_passed(chip->card, id) &&
                  key_of(chip, dir, OC_KEY_KIND_EXTERNAL, id, &key);
    OC_TRY(mutant_pass(chip, command, response));
    return passed && is_wrong_try(response) ? put_tries_back(chip, &key) : oc_ok();
}

/* CHANGE PIN leaves the counter as it was. */
static oc_result change_restores_nothing(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key pin;
    bool changes = is_command(command, 0x80, INS_CHANGE_PIN) &&
                   key_of(chip, session_of(chip)->environment, OC_KEY_KIND_PIN, 0, &pin);
    OC_TRY(mutant_pass(chip, command, response));
    return changes && mutant_sw(response) == OC_SW_OK ? put_tries_back(chip, &pin) : oc_ok();
}

/* A wrong MAC of APPLICATION BLOCK or UNBLOCK costs nothing. */
static oc_result block_not_counted(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key stk;
    bool blocks = (is_command(command, 0x84, 0x1E) || is_command(command, 0x84, 0x18)) &&
                  key_of(chip, session_of(chip)->dir, OC_KEY_KIND_MAINTENANCE, OC_KEY_ANY, &stk);
    OC_TRY(mutant_pass(chip, command, response));
    return blocks && mutant_sw(response) == OC_SW_SM_DATA ? put_tries_back(chip, &stk) : oc_ok();
}

/* An INITIALIZE that is refused leaves what the one before began. */
static oc_result failed_init_keeps(oc_card_context *context)
{
    oc_ssc_state *state = context->state;
    const oc_ssc_state before = *state;
    OC_TRY(mutant_right_handler(context));
    if (!oc_sw_ok(context->sw)) {
        *state = before;
    }
    return oc_ok();
}

/* PREPARE KEY PAIR serves any number of GENERATEs. */
static oc_result prepare_serves_twice(oc_card_context *context)
{
    uint16_t prepared = oc_pki_state_of(context)->prepared;
    OC_TRY(mutant_right_handler(context));
    if (context->p2 == 0x00) {
        oc_pki_state_of(context)->prepared = prepared;
    }
    return oc_ok();
}

/* VERIFY without data tells the user's tries whichever PIN is asked for. */
static oc_result status_of_user(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool asks = is_command(command, 0x00, INS_VERIFY) && mutant_byte(command, 2) == 0x01 &&
                mutant_byte(command, 3) == OC_PKI_ADMINISTRATOR && mutant_byte(command, 4) == 0;
    return asks ? mutant_pass_altered(chip, command, 3, OC_PKI_USER, response) : mutant_pass(chip, command, response);
}

/* The user's PIN ends with the certificate directory. */
static oc_result user_ends_with_directory(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint32_t dir = session_of(chip)->dir;
    bool is_pki = session_of(chip)->app != OC_APP_NONE;
    OC_TRY(mutant_pass(chip, command, response));
    if (is_pki && session_of(chip)->dir != dir) {
        session_of(chip)->pin_verified = false;
    }
    return oc_ok();
}

/* Letters of a name count in either case. */
static oc_result name_any_case(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    enum { NAME_AT = 5, ASCII = 7 /* sx1.sh. */ };
    uint8_t bytes[NAME_AT + OC_FS_NAME_MAX + 1];
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) != INS_SELECT || mutant_sw(response) != OC_SW_FILE_NOT_FOUND ||
        mutant_byte(command, 2) != 0x04 || command.len < NAME_AT + ASCII || command.len > sizeof bytes) {
        return oc_ok();
    }
    memcpy(bytes, command.at, command.len);
    for (size_t i = NAME_AT; i < NAME_AT + ASCII; i++) {
        bytes[i] = bytes[i] >= 'A' && bytes[i] <= 'Z' ? (uint8_t)(bytes[i] + 'a' - 'A') : bytes[i];
    }
    return pass_again(chip, oc_span_of(bytes, command.len), response);
}

static const struct mutant rows[] = {
    {.id = "card.pin.free-while-verified", .exchange = pin_free_while_verified},
    {.id = "card.key.free-while-passed", .exchange = key_free_while_passed},
    {.id = "card.pin.change-restores-nothing", .exchange = change_restores_nothing},
    {.id = "card.block.not-counted", .exchange = block_not_counted},
    {.id = "card.purse.failed-init-keeps",
     .commands = {{0xB0, INS_INITIALIZE, .app = &oc_ssc_app, .handler = failed_init_keeps}}},
    {.id = "card.pki.prepare-serves-twice",
     .commands = {{0x80, 0xC9, .app = &oc_pki_app, .handler = prepare_serves_twice}}},
    {.id = "card.pki.status-of-user", .exchange = status_of_user},
    {.id = "card.pki.user-ends-with-directory", .exchange = user_ends_with_directory},
    {.id = "card.select.name-any-case", .exchange = name_any_case},
};
MUTANT_TABLE(rows);
