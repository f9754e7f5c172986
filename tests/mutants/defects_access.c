/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"
#include "tests/mutants/defect.h"

#define PIN_RIGHT (-1)
#define ENVIRONMENT 0xDDF1

/* For one command on one file, a right stands for another. */
static const struct stand_in {
    const char *name;
    unsigned fid; /* current directory */
    uint8_t ins;
    uint8_t p2; /* of the record command: which file */
    int held;   /* key id, or PIN_RIGHT */
    int taken_for;
} stand_ins[] = {
    {"other-key-updates", 0xDF01, UPDATE_RECORD, 0x40, 0x86, 0x85},
    {"read-key-updates", 0xDF01, UPDATE_RECORD, 0x28, 0x88, 0x83},
    {"ssse-key-updates", 0xDF01, UPDATE_RECORD, 0x28, 0x04, 0x83},
    {"pin-updates", 0xDF01, UPDATE_RECORD, 0x28, PIN_RIGHT, 0x83},
    {"update-key-reads", 0xDF01, READ_RECORD, 0x28, 0x83, PIN_RIGHT},
    {"pin-for-both", 0xDF04, READ_RECORD, 0x30, PIN_RIGHT, 0x84},
    {"key-for-both", 0xDF04, READ_RECORD, 0x30, 0x84, PIN_RIGHT},
};

static const struct stand_in *stand_in_of(const struct wrapper *w)
{
    for (size_t i = 0; i < sizeof stand_ins / sizeof stand_ins[0]; i++) {
        if (strcmp(stand_ins[i].name, w->defect) == 0) {
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

static bool selects_dir(oc_span command, unsigned *fid)
{
    unsigned data = (unsigned)byte_at(command, 5) << 8 | byte_at(command, 6);
    if (byte_at(command, 1) != SELECT || command.len < 7) {
        return false;
    }
    *fid = byte_at(command, 4) > 2 ? ENVIRONMENT : data;
    return byte_at(command, 4) > 2 || data >> 8 != 0xEF;
}

/* Passes the command on and follows the selection of directories. */
static oc_result follow(struct wrapper *w, oc_span command, oc_wr *response)
{
    unsigned fid = 0;
    bool selects = selects_dir(command, &fid);
    OC_TRY(pass(w, command, response));
    if (selects && (sw_of(response) == OC_SW_OK || sw_of(response) >> 8 == 0x61)) {
        w->fid = fid;
    }
    return oc_ok();
}

static oc_result stand_in(struct wrapper *w, oc_span command, oc_wr *response)
{
    const struct stand_in *row = stand_in_of(w);
    bool applies = row != NULL && w->fid == row->fid && byte_at(command, 1) == row->ins &&
                   byte_at(command, 3) == row->p2 && holds(w->card, row->held) && !holds(w->card, row->taken_for);
    if (applies) {
        set(w->card, row->taken_for, true);
    }
    OC_TRY(follow(w, command, response));
    if (applies) {
        set(w->card, row->taken_for, false);
    }
    return oc_ok();
}

/* EF05 of DF04 is for the PIN or RK1; here it needs both. */
static oc_result either_needs_both(struct wrapper *w, oc_span command, oc_wr *response)
{
    const struct rights held = rights_of(w->card);
    bool applies = w->fid == 0xDF04 && byte_at(command, 1) == READ_RECORD && byte_at(command, 3) == 0x28 &&
                   !(holds(w->card, PIN_RIGHT) && holds(w->card, 0x84));
    if (applies) {
        set(w->card, PIN_RIGHT, false);
        set(w->card, 0x84, false);
    }
    OC_TRY(follow(w, command, response));
    if (applies) {
        give(w->card, &held);
    }
    return oc_ok();
}

/* The rights of a DF are there again when it is selected again. */
static oc_result right_kept_by_df(struct wrapper *w, oc_span command, oc_wr *response)
{
    unsigned fid = 0;
    bool leaves = selects_dir(command, &fid);
    if (leaves && w->fid >> 8 == 0xDF) {
        w->kept[w->fid & 7] = rights_of(w->card);
    }
    OC_TRY(follow(w, command, response));
    if (leaves && w->fid >> 8 == 0xDF) {
        struct rights now = rights_of(w->card);
        size_t half = sizeof now.keys / 2; /* the ids with bit 8 set */
        memcpy(now.keys + half, w->kept[w->fid & 7].keys + half, half);
        give(w->card, &now);
    }
    return oc_ok();
}

/* What was passed stays passed in whatever directory comes next: an id is an id. */
static oc_result right_carried_over(struct wrapper *w, oc_span command, oc_wr *response)
{
    unsigned fid = 0;
    struct rights held = rights_of(w->card);
    OC_TRY(follow(w, command, response));
    if (selects_dir(command, &fid) && w->fid >> 8 == 0xDF) {
        held.pin = w->card->session.pin_verified;
        give(w->card, &held);
    }
    return oc_ok();
}

/* The environment finds its rights again after the MF. */
static oc_result right_kept_outside(struct wrapper *w, oc_span command, oc_wr *response)
{
    unsigned fid = 0;
    bool leaves = selects_dir(command, &fid) && fid == 0x3F00;
    if (leaves) {
        w->kept[0] = rights_of(w->card);
    }
    bool was_out = w->fid == 0x3F00;
    OC_TRY(follow(w, command, response));
    if (was_out && w->fid == ENVIRONMENT) {
        give(w->card, &w->kept[0]);
    }
    return oc_ok();
}

static oc_result key_right_survives_failure(struct wrapper *w, oc_span command, oc_wr *response)
{
    const struct rights held = rights_of(w->card);
    OC_TRY(follow(w, command, response));
    if (byte_at(command, 1) == EXTERNAL_AUTH && sw_of(response) >> 4 == 0x63C) {
        give(w->card, &held);
    }
    return oc_ok();
}

static oc_result pin_right_survives_failure(struct wrapper *w, oc_span command, oc_wr *response)
{
    const struct rights held = rights_of(w->card);
    OC_TRY(follow(w, command, response));
    if (byte_at(command, 1) == VERIFY && sw_of(response) >> 4 == 0x63C) {
        give(w->card, &held);
    }
    return oc_ok();
}

/* A right authentication leaves the counter where failures have brought it. */
static oc_result counter_not_restored(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(follow(w, command, response));
    unsigned sw = sw_of(response);
    if (byte_at(command, 1) == EXTERNAL_AUTH && sw > 0x63C0 && sw <= 0x63CF) {
        w->failed++;
        set_sw(response, w->failed > 1 && sw == 0x63C2 ? 0x63C1 : sw);
    }
    return oc_ok();
}

/* UK3 of DF07 was loaded with another value. */
static oc_result key_value_wrong(struct wrapper *w, oc_span command, oc_wr *response)
{
    bool applies = w->fid == 0xDF07 && byte_at(command, 1) == EXTERNAL_AUTH && byte_at(command, 3) == 0x88;
    return applies ? pass_altered(w, command, 5, (uint8_t)(byte_at(command, 5) ^ 1), response)
                   : follow(w, command, response);
}

/* Version 2 of a key is version 1 again. */
static oc_result version_two_is_one(struct wrapper *w, oc_span command, oc_wr *response)
{
    bool applies = byte_at(command, 1) == EXTERNAL_AUTH && command.len == 5 + 17 && byte_at(command, 21) == 2;
    return applies ? pass_altered(w, command, 21, 1, response) : follow(w, command, response);
}

static const struct defect access_defects[] = {
    {"either-needs-both", either_needs_both, RESET_RIGHT},
    {"right-kept-by-df", right_kept_by_df, RESET_RIGHT},
    {"right-carried-over", right_carried_over, RESET_RIGHT},
    {"right-kept-outside", right_kept_outside, RESET_RIGHT},
    {"key-right-survives-failure", key_right_survives_failure, RESET_RIGHT},
    {"pin-right-survives-failure", pin_right_survives_failure, RESET_RIGHT},
    {"counter-not-restored", counter_not_restored, RESET_RIGHT},
    {"key-value-wrong", key_value_wrong, RESET_RIGHT},
    {"version-two-is-one", version_two_is_one, RESET_RIGHT},
};

static const struct defect standing_in = {"stand-in", stand_in, RESET_RIGHT};

const struct defect *access_defect_named(const char *name)
{
    for (size_t i = 0; i < sizeof access_defects / sizeof access_defects[0]; i++) {
        if (strcmp(access_defects[i].name, name) == 0) {
            return &access_defects[i];
        }
    }
    for (size_t i = 0; i < sizeof stand_ins / sizeof stand_ins[0]; i++) {
        if (strcmp(stand_ins[i].name, name) == 0) {
            return &standing_in;
        }
    }
    return NULL;
}
