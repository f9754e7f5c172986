/* SPDX-License-Identifier: Apache-2.0 */
/* Rights that stand for others, or stay: given or kept behind the card's back. */
#include "sim/card/card_internal.h"
#include "tests/mutants/frame/mutant.h"

#define PIN_RIGHT (-1)
#define ENVIRONMENT 0xDDF1
/* Where the session remembers the directory that was selected last. */
#define FID 3

/* For one command on one file, a right stands for another. */
static const struct stand_in {
    const char *name;
    unsigned fid; /* current directory */
    uint8_t ins;
    uint8_t p2; /* of the record command: which file */
    int held;   /* key id, or PIN_RIGHT */
    int taken_for;
} stand_ins[] = {
    {"card.access.other-key-updates", 0xDF01, INS_UPDATE_RECORD, 0x40, 0x86, 0x85},
    {"card.access.read-key-updates", 0xDF01, INS_UPDATE_RECORD, 0x28, 0x88, 0x83},
    {"card.access.ssse-key-updates", 0xDF01, INS_UPDATE_RECORD, 0x28, 0x04, 0x83},
    {"card.access.pin-updates", 0xDF01, INS_UPDATE_RECORD, 0x28, PIN_RIGHT, 0x83},
    {"card.access.update-key-reads", 0xDF01, INS_READ_RECORD, 0x28, 0x83, PIN_RIGHT},
    {"card.access.pin-for-both", 0xDF04, INS_READ_RECORD, 0x30, PIN_RIGHT, 0x84},
    {"card.access.key-for-both", 0xDF04, INS_READ_RECORD, 0x30, 0x84, PIN_RIGHT},
};

static const struct stand_in *stand_in_of(void)
{
    for (size_t i = 0; i < sizeof stand_ins / sizeof stand_ins[0]; i++) {
        if (strcmp(stand_ins[i].name, mutant_chosen()->id) == 0) {
            return &stand_ins[i];
        }
    }
    return NULL;
}

static bool holds(const oc_card *card, int right)
{
    return right == PIN_RIGHT ? card->session.pin_verified : oc_card_key_passed(card, (uint8_t)right);
}

static void set(oc_card *card, int right, bool held)
{
    if (right == PIN_RIGHT) {
        card->session.pin_verified = held;
    } else {
        oc_card_set_key_passed(card, (uint8_t)right, held);
    }
}

struct rights {
    bool pin;
    uint8_t keys[sizeof((oc_session *)0)->keys];
};

static struct rights rights_of(const oc_card *card)
{
    struct rights rights = {.pin = card->session.pin_verified};
    memcpy(rights.keys, card->session.keys, sizeof rights.keys);
    return rights;
}

static void give(oc_card *card, const struct rights *rights)
{
    card->session.pin_verified = rights->pin;
    memcpy(card->session.keys, rights->keys, sizeof rights->keys);
}

/* By the last digit of the directory; 0 the environment. */
static void keep_rights(struct mutant_chip *chip, unsigned dir, const struct rights *rights)
{
    memcpy(chip->session.bytes + (size_t)(dir & 7) * sizeof *rights, rights, sizeof *rights);
}

static struct rights kept_rights(const struct mutant_chip *chip, unsigned dir)
{
    struct rights rights;
    memcpy(&rights, chip->session.bytes + (size_t)(dir & 7) * sizeof rights, sizeof rights);
    return rights;
}

static bool selects_dir(oc_span command, unsigned *fid)
{
    unsigned data = (unsigned)mutant_byte(command, 5) << 8 | mutant_byte(command, 6);
    if (mutant_byte(command, 1) != INS_SELECT || command.len < 7) {
        return false;
    }
    *fid = mutant_byte(command, 4) > 2 ? ENVIRONMENT : data;
    return mutant_byte(command, 4) > 2 || data >> 8 != 0xEF;
}

/* Passes the command on and follows the selection of directories. */
static oc_result follow(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    unsigned fid = 0;
    bool selects = selects_dir(command, &fid);
    OC_TRY(mutant_pass(chip, command, response));
    if (selects && (mutant_sw(response) == OC_SW_OK || mutant_sw(response) >> 8 == 0x61)) {
        chip->session.count[FID] = fid;
    }
    return oc_ok();
}

static oc_result stand_in(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const struct stand_in *row = stand_in_of();
    bool applies = row != NULL && chip->session.count[FID] == row->fid && mutant_byte(command, 1) == row->ins &&
                   mutant_byte(command, 3) == row->p2 && holds(chip->card, row->held) &&
                   !holds(chip->card, row->taken_for);
    if (applies) {
        set(chip->card, row->taken_for, true);
    }
    OC_TRY(follow(chip, command, response));
    if (applies) {
        set(chip->card, row->taken_for, false);
    }
    return oc_ok();
}

/* EF05 of DF04 is for the PIN or RK1; here it needs both. */
static oc_result either_needs_both(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const struct rights held = rights_of(chip->card);
    bool applies = chip->session.count[FID] == 0xDF04 && mutant_byte(command, 1) == INS_READ_RECORD &&
                   mutant_byte(command, 3) == 0x28 && !(holds(chip->card, PIN_RIGHT) && holds(chip->card, 0x84));
    if (applies) {
        set(chip->card, PIN_RIGHT, false);
        set(chip->card, 0x84, false);
    }
    OC_TRY(follow(chip, command, response));
    if (applies) {
        give(chip->card, &held);
    }
    return oc_ok();
}

/* The rights of a DF are there again when it is selected again. */
static oc_result right_kept_by_df(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    unsigned fid = 0;
    bool leaves = selects_dir(command, &fid);
    if (leaves && chip->session.count[FID] >> 8 == 0xDF) {
        const struct rights held = rights_of(chip->card);
        keep_rights(chip, chip->session.count[FID], &held);
    }
    OC_TRY(follow(chip, command, response));
    if (leaves && chip->session.count[FID] >> 8 == 0xDF) {
        struct rights now = rights_of(chip->card);
        size_t half = sizeof now.keys / 2; /* the ids with bit 8 set */
        const struct rights kept = kept_rights(chip, chip->session.count[FID]);
        memcpy(now.keys + half, kept.keys + half, half);
        give(chip->card, &now);
    }
    return oc_ok();
}

/* What was passed stays passed in whatever directory comes next: an id is an id. */
static oc_result right_carried_over(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    unsigned fid = 0;
    struct rights held = rights_of(chip->card);
    OC_TRY(follow(chip, command, response));
    if (selects_dir(command, &fid) && chip->session.count[FID] >> 8 == 0xDF) {
        held.pin = chip->card->session.pin_verified;
        give(chip->card, &held);
    }
    return oc_ok();
}

/* The environment finds its rights again after the MF. */
static oc_result right_kept_outside(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    unsigned fid = 0;
    bool leaves = selects_dir(command, &fid) && fid == 0x3F00;
    if (leaves) {
        const struct rights held = rights_of(chip->card);
        keep_rights(chip, 0, &held);
    }
    bool was_out = chip->session.count[FID] == 0x3F00;
    OC_TRY(follow(chip, command, response));
    if (was_out && chip->session.count[FID] == ENVIRONMENT) {
        const struct rights kept = kept_rights(chip, 0);
        give(chip->card, &kept);
    }
    return oc_ok();
}

static oc_result key_right_survives_failure(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const struct rights held = rights_of(chip->card);
    OC_TRY(follow(chip, command, response));
    if (mutant_byte(command, 1) == INS_EXTERNAL_AUTH && mutant_sw(response) >> 4 == 0x63C) {
        give(chip->card, &held);
    }
    return oc_ok();
}

static oc_result pin_right_survives_failure(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const struct rights held = rights_of(chip->card);
    OC_TRY(follow(chip, command, response));
    if (mutant_byte(command, 1) == INS_VERIFY && mutant_sw(response) >> 4 == 0x63C) {
        give(chip->card, &held);
    }
    return oc_ok();
}

/* A right authentication leaves the counter where failures have brought it. */
static oc_result counter_not_restored(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(follow(chip, command, response));
    unsigned sw = mutant_sw(response);
    if (mutant_byte(command, 1) == INS_EXTERNAL_AUTH && sw > 0x63C0 && sw <= 0x63CF) {
        chip->session.count[0]++;
        mutant_set_sw(response, chip->session.count[0] > 1 && sw == 0x63C2 ? 0x63C1 : sw);
    }
    return oc_ok();
}

/* UK3 of DF07 was loaded with another value. */
static oc_result key_value_wrong(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool applies = chip->session.count[FID] == 0xDF07 && mutant_byte(command, 1) == INS_EXTERNAL_AUTH &&
                   mutant_byte(command, 3) == 0x88;
    return applies ? mutant_pass_altered(chip, command, 5, (uint8_t)(mutant_byte(command, 5) ^ 1), response)
                   : follow(chip, command, response);
}

/* Version 2 of a key is version 1 again. */
static oc_result version_two_is_one(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool applies = mutant_byte(command, 1) == INS_EXTERNAL_AUTH && command.len == 5 + 17 &&
                   mutant_byte(command, 21) == 2;
    return applies ? mutant_pass_altered(chip, command, 21, 1, response) : follow(chip, command, response);
}

static const struct mutant rows[] = {
    {.id = "card.access.other-key-updates", .exchange = stand_in},
    {.id = "card.access.read-key-updates", .exchange = stand_in},
    {.id = "card.access.ssse-key-updates", .exchange = stand_in},
    {.id = "card.access.pin-updates", .exchange = stand_in},
    {.id = "card.access.update-key-reads", .exchange = stand_in},
    {.id = "card.access.pin-for-both", .exchange = stand_in},
    {.id = "card.access.key-for-both", .exchange = stand_in},
    {.id = "card.access.either-needs-both", .exchange = either_needs_both},
    {.id = "card.access.right-kept-by-df", .exchange = right_kept_by_df},
    {.id = "card.access.right-carried-over", .exchange = right_carried_over},
    {.id = "card.access.right-kept-outside", .exchange = right_kept_outside},
    {.id = "card.access.key-right-survives-failure", .exchange = key_right_survives_failure},
    {.id = "card.access.pin-right-survives-failure", .exchange = pin_right_survives_failure},
    {.id = "card.key.counter-not-restored", .exchange = counter_not_restored},
    {.id = "card.key.value-wrong", .exchange = key_value_wrong},
    {.id = "card.key.version-two-is-one", .exchange = version_two_is_one},
};
MUTANT_TABLE(rows);
