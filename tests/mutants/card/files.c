/* SPDX-License-Identifier: Apache-2.0 */
/* Records and transparent files: which one is meant, how much of it, and what a write leaves. */
#include "tests/mutants/card/inside.h"

enum { MODE = 0x07, BY_TAG = 0x00, BY_NUMBER = 0x04, ALL_FROM = 0x05 };

static bool reads(oc_span command, uint8_t mode)
{
    return is_command(command, 0x00, INS_READ_RECORD) && (mutant_byte(command, 3) & MODE) == mode;
}

/* Number 0 is the first record. */
static oc_result number_zero(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool zero = reads(command, BY_NUMBER) && mutant_byte(command, 2) == 0;
    return zero ? mutant_pass_altered(chip, command, 2, 1, response) : mutant_pass(chip, command, response);
}

/* A number past the end is the last record. */
static oc_result number_past_end(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    uint8_t number = mutant_byte(command, 2);
    if (reads(command, BY_NUMBER) && mutant_sw(response) == OC_SW_RECORD_NOT_FOUND && number > 1) {
        response->len = 0;
        return mutant_pass_altered(chip, command, 2, (uint8_t)(number - 1), response);
    }
    return oc_ok();
}

/* "From record n" begins with the first. */
static oc_result all_from_first(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool all = reads(command, ALL_FROM) && mutant_byte(command, 2) > 1;
    return all ? mutant_pass_altered(chip, command, 2, 1, response) : mutant_pass(chip, command, response);
}

/* "From record n" gives that record alone. */
static oc_result all_is_one(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t p2 = mutant_byte(command, 3);
    return reads(command, ALL_FROM)
               ? mutant_pass_altered(chip, command, 3, (uint8_t)((p2 & ~MODE) | BY_NUMBER), response)
               : mutant_pass(chip, command, response);
}

/* An SFI serves its own command, and the current EF stays what it was. */
static oc_result sfi_not_current(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint32_t ef = session_of(chip)->ef;
    bool by_sfi = mutant_byte(command, 3) >> 3 != 0 && mutant_byte(command, 1) == INS_READ_RECORD;
    OC_TRY(mutant_pass(chip, command, response));
    if (by_sfi) {
        session_of(chip)->ef = ef;
    }
    return oc_ok();
}

static oc_result ef_over_directory(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint32_t ef = session_of(chip)->ef;
    uint32_t dir = session_of(chip)->dir;
    OC_TRY(mutant_pass(chip, command, response));
    if (session_of(chip)->dir != dir) {
        session_of(chip)->ef = ef;
    }
    return oc_ok();
}

/* The record that the command names as it is, and what READ RECORD says of it with all rights. */
static oc_result read_named(struct mutant_chip *chip, oc_span command, oc_wr *out)
{
    const uint8_t read[5] = {0x00, INS_READ_RECORD, mutant_byte(command, 2), mutant_byte(command, 3), 0x00};
    OC_TRY(mutant_pass(chip, oc_span_of(read, sizeof read), out));
    if (mutant_sw(out) >> 8 == 0x6C) {
        const uint8_t again[5] = {read[0], read[1], read[2], read[3], (uint8_t)mutant_sw(out)};
        out->len = 0;
        return mutant_pass(chip, oc_span_of(again, sizeof again), out);
    }
    return oc_ok();
}

/* After a refusal the update is made in a form that fits. */
static oc_result update_anyway(struct mutant_chip *chip, oc_span command, oc_wr *response, oc_span body)
{
    uint8_t bytes[5 + UINT8_MAX];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_wr_bytes(&wr, oc_span_slice(command, 0, 4));
    oc_wr_u8(&wr, (uint8_t)body.len);
    oc_wr_bytes(&wr, body);
    return wr.bad ? oc_ok() : pass_again(chip, oc_wr_span(&wr), response);
}

static bool update_refused(oc_span command, const oc_wr *response)
{
    return is_command(command, 0x00, INS_UPDATE_RECORD) && mutant_sw(response) == OC_SW_WRONG_DATA;
}

/* A record as it is, in `room` with its two bytes of tag and length. */
struct old_record {
    uint8_t room[300];
    size_t len; /* 0: the card did not refuse to update it, or there is none */
};

/* Passes the command on; *old is the record that it would have changed, where the card refused to. */
static oc_result pass_update(struct mutant_chip *chip, oc_span command, oc_wr *response, struct old_record *old)
{
    oc_wr wr = oc_wr_of(old->room, sizeof old->room);
    old->len = 0;
    OC_TRY(mutant_pass(chip, command, response));
    if (update_refused(command, response) && body_of(command).len >= 2) {
        OC_TRY(read_named(chip, command, &wr));
        old->len = mutant_sw(&wr) == OC_SW_OK && wr.len >= 4 ? wr.len - 2 : 0;
    }
    return oc_ok();
}

/* A shorter record is written, and the rest stays. */
static oc_result shorter_written(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    struct old_record old;
    oc_span body = body_of(command);
    OC_TRY(pass_update(chip, command, response, &old));
    if (old.len == 0 || body.len >= old.len || body.at[0] != old.room[0]) {
        return oc_ok();
    }
    memcpy(old.room + 2, body.at + 2, body.len - 2);
    return update_anyway(chip, command, response, oc_span_of(old.room, old.len));
}

/* A longer one is cut. */
static oc_result longer_cut(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    struct old_record old;
    oc_span body = body_of(command);
    OC_TRY(pass_update(chip, command, response, &old));
    if (old.len == 0 || body.len <= old.len || body.at[0] != old.room[0]) {
        return oc_ok();
    }
    memcpy(old.room + 2, body.at + 2, old.len - 2);
    return update_anyway(chip, command, response, oc_span_of(old.room, old.len));
}

/* By number the tag in the data is not looked at; the file keeps its own. */
static oc_result other_tag_written(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    struct old_record old;
    oc_span body = body_of(command);
    OC_TRY(pass_update(chip, command, response, &old));
    if (old.len == 0 || old.len != body.len || body.at[0] == old.room[0] || body.at[1] != old.room[1]) {
        return oc_ok();
    }
    memcpy(old.room + 2, body.at + 2, body.len - 2);
    return update_anyway(chip, command, response, oc_span_of(old.room, old.len));
}

/* Cyclic files */

MUTANT_WRAPS(oc_result, oc_fs_store_ef_state, oc_nvm *nvm, const oc_ef *ef);

oc_result __wrap_oc_fs_store_ef_state(oc_nvm *nvm, const oc_ef *ef)
{
    oc_ef seen = *ef;
    oc_ef before;
    oc_fs_load_ef(nvm, ef->at, &before);
    bool was_full = ef->kind == OC_PERSO_CYCLIC && before.count == ef->records_max;
    /* With the file full the newest record gives way, not the oldest. */
    if (is_card_with("card.record.newest-overwritten") && was_full) {
        uint8_t record[UINT8_MAX];
        oc_nvm_read(nvm, ef->body + (uint32_t)ef->newest * ef->record_length, record, ef->record_length);
        OC_TRY(oc_nvm_write(nvm, ef->body + (uint32_t)before.newest * ef->record_length,
                            oc_span_of(record, ef->record_length)));
        return oc_ok();
    }
    /* One record less than the file has room for. */
    if (is_card_with("card.record.cyclic-one-less") && ef->kind == OC_PERSO_CYCLIC && ef->count == ef->records_max) {
        seen.count--;
    }
    /* The record is made to last before the file says that it is the newest. */
    if (is_card_with("card.tear.record-before-file")) {
        OC_TRY(oc_nvm_commit(nvm));
    }
    return __real_oc_fs_store_ef_state(nvm, &seen);
}

/* UPDATE RECORD of record 2 of a cyclic file writes record 1. */
static oc_result cyclic_any_number(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    bool refused = is_command(command, 0x00, INS_UPDATE_RECORD) && mutant_sw(response) == OC_SW_FILE_STRUCTURE &&
                   (mutant_byte(command, 3) & MODE) == BY_NUMBER && mutant_byte(command, 2) > 1;
    if (refused) {
        response->len = 0;
        return mutant_pass_altered(chip, command, 2, 1, response);
    }
    return oc_ok();
}

/* Transparent files */

/* An offset at the end is inside: there is nothing, and that is given. */
static oc_result offset_at_end(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (!is_command(command, 0x00, INS_READ_BINARY) || mutant_sw(response) != OC_SW_WRONG_OFFSET) {
        return oc_ok();
    }
    oc_ef ef;
    oc_fs_load_ef(&chip->card->nvm, session_of(chip)->ef, &ef);
    uint8_t p1 = mutant_byte(command, 2);
    unsigned offset = (p1 & 0x80 ? 0u : (unsigned)p1 << 8) | mutant_byte(command, 3);
    return offset == ef.size ? answer_only(response, OC_SW_OK) : oc_ok();
}

/* The high byte of an offset is not looked at. */
static oc_result offset_low_byte(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool far = is_command(command, 0x00, INS_READ_BINARY) && (mutant_byte(command, 2) & 0x80) == 0 &&
               mutant_byte(command, 2) != 0;
    return far ? mutant_pass_altered(chip, command, 2, 0, response) : mutant_pass(chip, command, response);
}

/* What passes the end of the file is dropped. */
static oc_result past_end_dropped(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (!is_command(command, 0x00, INS_UPDATE_BINARY) || mutant_sw(response) != OC_SW_NO_SPACE) {
        return oc_ok();
    }
    oc_ef ef;
    oc_fs_load_ef(&chip->card->nvm, session_of(chip)->ef, &ef);
    uint8_t p1 = mutant_byte(command, 2);
    unsigned offset = (p1 & 0x80 ? 0u : (unsigned)p1 << 8) | mutant_byte(command, 3);
    return update_anyway(chip, command, response, oc_span_slice(body_of(command), 0, ef.size - offset));
}

/* The byte behind what is written is erased. */
static oc_result neighbour_erased(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (!is_command(command, 0x00, INS_UPDATE_BINARY) || mutant_sw(response) != OC_SW_OK) {
        return oc_ok();
    }
    oc_ef ef;
    oc_fs_load_ef(&chip->card->nvm, session_of(chip)->ef, &ef);
    uint8_t p1 = mutant_byte(command, 2);
    unsigned end = ((p1 & 0x80 ? 0u : (unsigned)p1 << 8) | mutant_byte(command, 3)) + mutant_byte(command, 4);
    if (end < ef.size) {
        OC_TRY(oc_nvm_write(&chip->card->nvm, ef.body + end, oc_span_of(&ef.fill, 1)));
        return oc_nvm_commit(&chip->card->nvm);
    }
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.record.number-zero", .exchange = number_zero},
    {.id = "card.record.number-past-end", .exchange = number_past_end},
    {.id = "card.record.all-from-first", .exchange = all_from_first},
    {.id = "card.record.all-is-one", .exchange = all_is_one},
    {.id = "card.record.sfi-not-current", .exchange = sfi_not_current},
    {.id = "card.record.ef-over-directory", .exchange = ef_over_directory},
    {.id = "card.record.shorter-written", .exchange = shorter_written},
    {.id = "card.record.longer-cut", .exchange = longer_cut},
    {.id = "card.record.other-tag-written", .exchange = other_tag_written},
    {.id = "card.record.newest-overwritten"},
    {.id = "card.record.cyclic-one-less"},
    {.id = "card.tear.record-before-file"},
    {.id = "card.record.cyclic-any-number", .exchange = cyclic_any_number},
    {.id = "card.binary.offset-at-end", .exchange = offset_at_end},
    {.id = "card.binary.offset-low-byte", .exchange = offset_low_byte},
    {.id = "card.binary.past-end-dropped", .exchange = past_end_dropped},
    {.id = "card.binary.neighbour-erased", .exchange = neighbour_erased},
};
MUTANT_TABLE(rows);
