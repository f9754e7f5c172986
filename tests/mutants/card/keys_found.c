/* SPDX-License-Identifier: Apache-2.0 */
/* Which key a command takes. */
#include "sim/crypto/ssc.h"
#include "tests/mutants/card/inside.h"

MUTANT_WRAPS(uint32_t, oc_card_key_dir, const oc_card_context *context, uint8_t id);

uint32_t __wrap_oc_card_key_dir(const oc_card_context *context, uint8_t id)
{
    /* Keys of the environment are looked for in the current directory. */
    if (is_card_with("card.key.environment-in-df") && id < 0x80 && id != OC_KEY_MASTER_ID) {
        return context->dir;
    }
    /* The master key is always the environment's. */
    if (is_card_with("card.key.master-of-environment") && id == OC_KEY_MASTER_ID) {
        return context->environment;
    }
    return __real_oc_card_key_dir(context, id);
}

enum { AUTH_BODY = 16, VERSION_AT = 5 + AUTH_BODY };

/* INTERNAL AUTHENTICATE takes version 1 for version 2. */
static oc_result internal_version_one(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool two = is_command(command, 0x00, INS_INTERNAL_AUTH) && mutant_byte(command, VERSION_AT) == 2;
    return two ? mutant_pass_altered(chip, command, VERSION_AT, 1, response) : mutant_pass(chip, command, response);
}

/* Where no version is named, the highest is taken. */
static oc_result highest_version(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t bytes[VERSION_AT + 1];
    if (!is_command(command, 0x00, INS_EXTERNAL_AUTH) || command.len != VERSION_AT ||
        mutant_byte(command, 4) != AUTH_BODY) {
        return mutant_pass(chip, command, response);
    }
    uint8_t id = mutant_byte(command, 3);
    uint32_t dir = id & 0x80 ? session_of(chip)->dir : session_of(chip)->environment;
    uint8_t highest = 1;
    for (uint32_t at = oc_fs_first_key(&chip->card->nvm, dir); at != OC_FS_NONE;
         at = oc_key_next(&chip->card->nvm, at)) {
        const uint8_t *entry = oc_nvm_view(&chip->card->nvm, at, OC_FS_ENTRY);
        if (entry[0] == OC_KEY_KIND_EXTERNAL && entry[1] == id && entry[2] > highest) {
            highest = entry[2];
        }
    }
    memcpy(bytes, command.at, VERSION_AT);
    bytes[4] = AUTH_BODY + 1;
    bytes[VERSION_AT] = highest;
    return mutant_pass(chip, oc_span_of(bytes, sizeof bytes), response);
}

/* Keys of the DFs: the second half is diversified as the first, not by the inverted factor. */
MUTANT_WRAPS(oc_result, oc_key_use, const oc_stored_key *stored, oc_key *out);

oc_result __wrap_oc_key_use(const oc_stored_key *stored, oc_key *out)
{
    oc_stored_key seen = *stored;
    if (is_card_with("card.key.factor-not-inverted") && stored->kind == OC_KEY_KIND_EXTERNAL && stored->id >= 0x80 &&
        stored->alg == OC_ALG_3DES) {
        memcpy(seen.secret + 8, seen.secret, 8);
    }
    for (size_t i = 0; is_card_with("card.key.parity-set") && stored->alg == OC_ALG_3DES && i < OC_KEY_SIZE; i++) {
        unsigned ones = (unsigned)__builtin_popcount(seen.secret[i] >> 1);
        seen.secret[i] = (uint8_t)((seen.secret[i] & 0xFE) | (ones % 2 == 0 ? 1 : 0));
    }
    oc_result r = __real_oc_key_use(&seen, out);
    oc_wipe(&seen, sizeof seen);
    return r;
}

/* TACs are made with the left half of DTK, not with both halves XORed. */
MUTANT_WRAPS(oc_result, oc_ssc_tac_key, const oc_key *dtk, oc_key *tac_key);

oc_result __wrap_oc_ssc_tac_key(const oc_key *dtk, oc_key *tac_key)
{
    if (is_card_with("card.purse.tac-key-not-folded") && dtk->alg == OC_ALG_3DES) {
        *tac_key = *dtk;
        memcpy(tac_key->sealed + 8, tac_key->sealed, 8);
        return oc_ok();
    }
    return __real_oc_ssc_tac_key(dtk, tac_key);
}

/* Who has read the card's cryptogram has shown the update key too. */
static oc_result internal_gives_right(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    enum { UK = 0x04 };
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x00, INS_INTERNAL_AUTH) && is_done(response)) {
        oc_card_set_key_passed(chip->card, UK, true);
    }
    return oc_ok();
}

/* INTERNAL AUTHENTICATE enciphers R1 under the session key that R2 makes. */
static oc_result internal_roles_swapped(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t bytes[VERSION_AT + 1];
    if (!is_command(command, 0x00, INS_INTERNAL_AUTH) || command.len < VERSION_AT || command.len > sizeof bytes) {
        return mutant_pass(chip, command, response);
    }
    memcpy(bytes, command.at, command.len);
    memcpy(bytes + 5, command.at + 5 + AUTH_BODY / 2, AUTH_BODY / 2);
    memcpy(bytes + 5 + AUTH_BODY / 2, command.at + 5, AUTH_BODY / 2);
    return mutant_pass(chip, oc_span_of(bytes, command.len), response);
}

static const struct mutant rows[] = {
    {.id = "card.key.environment-in-df"},
    {.id = "card.key.master-of-environment"},
    {.id = "card.key.internal-version-one", .exchange = internal_version_one},
    {.id = "card.key.highest-version", .exchange = highest_version},
    {.id = "card.key.factor-not-inverted"},
    {.id = "card.key.parity-set"},
    {.id = "card.purse.tac-key-not-folded"},
    {.id = "card.intauth.gives-right", .exchange = internal_gives_right},
    {.id = "card.intauth.roles-swapped", .exchange = internal_roles_swapped},
};
MUTANT_TABLE(rows);
