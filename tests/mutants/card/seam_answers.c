/* SPDX-License-Identifier: Apache-2.0 */
/* Resets, files and the forms of commands, as the card answers. */
#include "tests/mutants/frame/mutant.h"

static oc_result warm_does_nothing(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    struct mutant_memory *kept = &chip->lasting;
    if (kind == OC_RESET_WARM && kept->len > 0) {
        oc_wr_bytes(atr, oc_span_of(kept->bytes, kept->len));
        return oc_ok();
    }
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    kept->len = atr->len;
    memcpy(kept->bytes, atr->at, atr->len);
    return oc_ok();
}

static oc_result atr_serial(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    if (atr->len > 0) {
        atr->at[atr->len - 1] ^= 0x01;
    }
    return oc_ok();
}

static oc_result fci_tag(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_SELECT && response->len > 2 && response->at[0] == 0x6F) {
        response->at[0] = 0x62;
    }
    return oc_ok();
}

static oc_result select_absent_accepted(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_SELECT && mutant_sw(response) == OC_SW_FILE_NOT_FOUND) {
        mutant_set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

/* READ RECORD gives as many bytes as were asked for, whatever the record has. */
static oc_result le_not_checked(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    uint8_t wanted = mutant_byte(command, 4);
    if (chip->ins != INS_READ_RECORD || wanted == 0 || mutant_sw(response) >> 8 != 0x6C) {
        return oc_ok();
    }
    uint8_t right = (uint8_t)mutant_sw(response);
    response->len = 0;
    OC_TRY(mutant_pass_altered(chip, command, 4, right, response));
    if (response->len == (size_t)right + 2) {
        response->len = wanted < right ? wanted : right;
        oc_wr_fill(response, 0x00, wanted < right ? 0 : (size_t)wanted - right);
        oc_wr_u16(response, OC_SW_OK);
    }
    return oc_ok();
}

static oc_result class_ignored(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    static const uint8_t classes[] = {0x00, 0x80, 0xB0};
    OC_TRY(mutant_pass(chip, command, response));
    for (size_t i = 0; i < sizeof classes && mutant_sw(response) == OC_SW_CLA; i++) {
        response->len = 0;
        OC_TRY(mutant_pass_altered(chip, command, 0, classes[i], response));
    }
    return oc_ok();
}

static oc_result ins_unknown_accepted(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_sw(response) == OC_SW_INS) {
        mutant_set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

static oc_result record_truncated(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_READ_RECORD && response->len > 3) {
        unsigned sw = mutant_sw(response);
        response->len--;
        mutant_set_sw(response, sw);
    }
    return oc_ok();
}

/* UPDATE RECORD writes what is there already. */
static oc_result update_ignored(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t room[300];
    oc_wr old = oc_wr_of(room + 5, sizeof room - 5);
    if (mutant_byte(command, 1) == INS_UPDATE_RECORD && command.len > 5) {
        const uint8_t read[5] = {0x00, INS_READ_RECORD, command.at[2], command.at[3], command.at[4]};
        OC_TRY(mutant_pass(chip, oc_span_of(read, sizeof read), &old));
        if (mutant_sw(&old) == OC_SW_OK && old.len == command.len - 5 + 2) {
            memcpy(room, command.at, 5);
            return mutant_pass(chip, oc_span_of(room, command.len), response);
        }
    }
    return mutant_pass(chip, command, response);
}

static const struct mutant rows[] = {
    {.id = "card.reset.warm-does-nothing", .reset = warm_does_nothing},
    {.id = "card.atr.serial", .reset = atr_serial},
    {.id = "card.select.fci-tag", .exchange = fci_tag},
    {.id = "card.select.absent-accepted", .exchange = select_absent_accepted},
    {.id = "card.le.not-checked", .exchange = le_not_checked},
    {.id = "card.class.ignored", .exchange = class_ignored},
    {.id = "card.ins.unknown-accepted", .exchange = ins_unknown_accepted},
    {.id = "card.record.truncated", .exchange = record_truncated},
    {.id = "card.update.ignored", .exchange = update_ignored},
};
MUTANT_TABLE(rows);
