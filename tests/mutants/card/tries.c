/* SPDX-License-Identifier: Apache-2.0 */
/* Error counters of PIN and keys. */
#include "tests/mutants/card/inside.h"

MUTANT_WRAPS(oc_result, oc_key_attempt, oc_nvm *nvm, oc_stored_key *key);
MUTANT_WRAPS(oc_result, oc_key_restore, oc_nvm *nvm, oc_stored_key *key);

/* Where an entry of the key store keeps its tries, key_store.c. */
enum { AT_TRIES = 4 };

static oc_result store_tries(oc_nvm *nvm, oc_stored_key *key, unsigned left)
{
    key->tries = (uint8_t)((key->tries & 0xF0) | left);
    OC_TRY(oc_nvm_write(nvm, key->at + AT_TRIES, oc_span_of(&key->tries, 1)));
    return oc_nvm_commit(nvm);
}

static bool is_last(const oc_stored_key *key)
{
    return key->tries != 0 && (key->tries & 0x0F) == 1;
}

/* The counter stops at 1: the last try is told to be gone, and is there again. */
static bool last_is_free(const oc_stored_key *key)
{
    return is_last(key) && ((is_card_with("card.pin.last-try-free") && key->kind == OC_KEY_KIND_PIN) ||
                            (is_card_with("card.key.last-try-free") && key->kind == OC_KEY_KIND_EXTERNAL));
}

oc_result __wrap_oc_key_attempt(oc_nvm *nvm, oc_stored_key *key)
{
    if (last_is_free(key)) {
        key->tries--;
        return oc_ok();
    }
    /* Counted in memory at once, but not made to last before the comparison. */
    if (is_card_with("card.tear.key-paid-late") && key->kind == OC_KEY_KIND_EXTERNAL && key->tries != 0) {
        key->tries--;
        return oc_nvm_write(nvm, key->at + AT_TRIES, oc_span_of(&key->tries, 1));
    }
    return __real_oc_key_attempt(nvm, key);
}

oc_result __wrap_oc_key_restore(oc_nvm *nvm, oc_stored_key *key)
{
    bool forgotten = (is_card_with("card.pin.success-restores-nothing") && key->kind == OC_KEY_KIND_PIN) ||
                     (is_card_with("card.sm.success-restores-nothing") && key->kind == OC_KEY_KIND_MAINTENANCE);
    unsigned left = key->tries & 0x0Fu;
    if (forgotten || key->tries == 0) {
        return oc_ok();
    }
    if (is_card_with("card.key.success-restores-one") && key->kind == OC_KEY_KIND_EXTERNAL) {
        unsigned most = key->tries >> 4;
        return store_tries(nvm, key, left + 2 < most ? left + 2 : most);
    }
    return __real_oc_key_restore(nvm, key);
}

static oc_result set_left(struct mutant_chip *chip, oc_stored_key *key, unsigned left)
{
    return store_tries(&chip->card->nvm, key, left);
}

/* A blocked PIN or key has one try again after a reset: that it is blocked was noted in RAM. */
static oc_result unblocked_by_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr, int of)
{
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    uint32_t ssse = oc_fs_child(&chip->card->nvm, OC_FS_MF, 0xDDF1);
    oc_stored_key key;
    for (uint32_t at = ssse == OC_FS_NONE ? OC_FS_NONE : oc_fs_first_key(&chip->card->nvm, ssse); at != OC_FS_NONE;
         at = oc_key_next(&chip->card->nvm, at)) {
        const uint8_t *entry = oc_nvm_view(&chip->card->nvm, at, OC_FS_ENTRY);
        key = (oc_stored_key){.at = at, .kind = entry[0], .tries = entry[AT_TRIES]};
        if (key.kind == of && oc_key_blocked(&key)) {
            OC_TRY(set_left(chip, &key, 1));
        }
    }
    return oc_ok();
}

static oc_result pin_unblocked_by_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    return unblocked_by_reset(chip, kind, atr, OC_KEY_KIND_PIN);
}

static oc_result key_unblocked_by_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    return unblocked_by_reset(chip, kind, atr, OC_KEY_KIND_EXTERNAL);
}

static bool find_pin(const struct mutant_chip *chip, oc_stored_key *pin)
{
    return key_of(chip, session_of(chip)->environment, OC_KEY_KIND_PIN, 0, pin);
}

/* A wrong old PIN is told, and costs nothing. */
static oc_result change_not_counted(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key pin;
    bool changes = is_command(command, 0x80, INS_CHANGE_PIN) && find_pin(chip, &pin);
    OC_TRY(mutant_pass(chip, command, response));
    return changes && is_wrong_try(response) ? set_left(chip, &pin, pin.tries & 0x0Fu) : oc_ok();
}

/* CHANGE PIN does not look whether the PIN is blocked. */
static oc_result change_when_blocked(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key pin;
    OC_TRY(mutant_pass(chip, command, response));
    if (!is_command(command, 0x80, INS_CHANGE_PIN) || mutant_sw(response) != OC_SW_BLOCKED || !find_pin(chip, &pin)) {
        return oc_ok();
    }
    OC_TRY(set_left(chip, &pin, 1));
    return pass_again(chip, command, response);
}

/* To ask for the tries left costs one. */
static oc_result status_costs(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key pin;
    OC_TRY(mutant_pass(chip, command, response));
    bool asks = is_command(command, 0x00, INS_VERIFY) && mutant_byte(command, 4) == 0 && mutant_byte(command, 2) == 0;
    if (asks && is_wrong_try(response) && find_pin(chip, &pin) && (pin.tries & 0x0Fu) > 1) {
        return set_left(chip, &pin, (pin.tries & 0x0Fu) - 1);
    }
    return oc_ok();
}

/* The comparison ends with the shorter of the two. */
static oc_result beginning_accepted(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key pin;
    OC_TRY(mutant_pass(chip, command, response));
    oc_span given = body_of(command);
    bool is_beginning = is_command(command, 0x00, INS_VERIFY) && given.len > 0 && find_pin(chip, &pin) &&
                        given.len < pin.alg && memcmp(pin.secret, given.at, given.len) == 0;
    if (is_beginning && mutant_sw(response) == OC_SW_WRONG_LENGTH && !oc_key_blocked(&pin)) {
        session_of(chip)->pin_verified = true;
        return answer_only(response, OC_SW_OK);
    }
    return oc_ok();
}

/* The last byte of PINs is not compared. */
static bool all_but_the_last(oc_span a, oc_span b)
{
    bool pins = a.len == b.len && a.len > 0 && a.len < 4;
    return pins ? mutant_equal(oc_span_slice(a, 0, a.len - 1), oc_span_slice(b, 0, b.len - 1)) : mutant_equal(a, b);
}

/* PIN UNBLOCK gives one try instead of all. */
static oc_result unblock_gives_one(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key pin;
    OC_TRY(mutant_pass(chip, command, response));
    bool unblocked = is_command(command, 0x84, 0x24) && mutant_byte(command, 3) == 0 && is_done(response);
    return unblocked && find_pin(chip, &pin) ? set_left(chip, &pin, 1) : oc_ok();
}

/* PIN RELOAD leaves the counter as it was. */
static oc_result reload_restores_nothing(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key pin;
    oc_stored_key after;
    bool reloads = is_command(command, 0x84, 0x24) && mutant_byte(command, 3) == 1 && find_pin(chip, &pin);
    OC_TRY(mutant_pass(chip, command, response));
    return reloads && is_done(response) && find_pin(chip, &after) ? set_left(chip, &after, pin.tries & 0x0Fu)
                                                                  : oc_ok();
}

/* A wrong cryptogram costs a try of every external key of the directory. */
static oc_result one_counter_for_all(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (!is_command(command, 0x00, INS_EXTERNAL_AUTH) || !is_wrong_try(response)) {
        return oc_ok();
    }
    oc_nvm *nvm = &chip->card->nvm;
    uint8_t id = mutant_byte(command, 3);
    uint32_t dir = id & 0x80 ? session_of(chip)->dir : session_of(chip)->environment;
    for (uint32_t at = oc_fs_first_key(nvm, dir); at != OC_FS_NONE; at = oc_key_next(nvm, at)) {
        const uint8_t *entry = oc_nvm_view(nvm, at, OC_FS_ENTRY);
        oc_stored_key key = {.at = at, .kind = entry[0], .id = entry[1], .tries = entry[AT_TRIES]};
        if (key.kind == OC_KEY_KIND_EXTERNAL && key.id != id) {
            OC_TRY(__real_oc_key_attempt(nvm, &key));
        }
    }
    return oc_ok();
}

/* A version that is not there costs a try of version 1. */
static oc_result absent_version_costs(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key key;
    OC_TRY(mutant_pass(chip, command, response));
    uint8_t id = mutant_byte(command, 3);
    uint32_t dir = id & 0x80 ? session_of(chip)->dir : session_of(chip)->environment;
    bool absent = is_command(command, 0x00, INS_EXTERNAL_AUTH) && mutant_byte(command, 4) == 17 &&
                  mutant_sw(response) == OC_SW_KEY_NOT_FOUND && key_of(chip, dir, OC_KEY_KIND_EXTERNAL, id, &key);
    return absent ? __real_oc_key_attempt(&chip->card->nvm, &key) : oc_ok();
}

/* So does a command for which no challenge was taken. */
static oc_result no_challenge_costs(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key key;
    OC_TRY(mutant_pass(chip, command, response));
    uint8_t id = mutant_byte(command, 3);
    uint32_t dir = id & 0x80 ? session_of(chip)->dir : session_of(chip)->environment;
    bool without = is_command(command, 0x00, INS_EXTERNAL_AUTH) && mutant_sw(response) == OC_SW_NO_CHALLENGE &&
                   key_of(chip, dir, OC_KEY_KIND_EXTERNAL, id, &key);
    return without ? __real_oc_key_attempt(&chip->card->nvm, &key) : oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.pin.last-try-free"},
    {.id = "card.key.last-try-free"},
    {.id = "card.tear.key-paid-late"},
    {.id = "card.pin.success-restores-nothing"},
    {.id = "card.sm.success-restores-nothing"},
    {.id = "card.key.success-restores-one"},
    {.id = "card.pin.unblocked-by-reset", .reset = pin_unblocked_by_reset},
    {.id = "card.key.unblocked-by-reset", .reset = key_unblocked_by_reset},
    {.id = "card.pin.change-not-counted", .exchange = change_not_counted},
    {.id = "card.pin.change-when-blocked", .exchange = change_when_blocked},
    {.id = "card.pin.status-costs", .exchange = status_costs},
    {.id = "card.pin.beginning-accepted", .exchange = beginning_accepted},
    {.id = "card.pin.last-byte-ignored", .equal = all_but_the_last},
    {.id = "card.pin.unblock-gives-one", .exchange = unblock_gives_one},
    {.id = "card.pin.reload-restores-nothing", .exchange = reload_restores_nothing},
    {.id = "card.key.one-counter-for-all", .exchange = one_counter_for_all},
    {.id = "card.key.absent-version-costs", .exchange = absent_version_costs},
    {.id = "card.key.no-challenge-costs", .exchange = no_challenge_costs},
};
MUTANT_TABLE(rows);
