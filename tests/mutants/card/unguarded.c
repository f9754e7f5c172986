/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to a file on which its access rule is forgotten, or looked up wrongly. */
#include "tests/mutants/card/inside.h"

static _Thread_local bool unguarded;
static _Thread_local bool never_is_pin;

MUTANT_WRAPS(oc_sw, oc_card_access, const oc_card *card, oc_access_rule rule);

oc_sw __wrap_oc_card_access(const oc_card *card, oc_access_rule rule)
{
    oc_sw right = __real_oc_card_access(card, rule);
    if (unguarded) {
        return oc_sw_of(OC_SW_OK);
    }
    /* Bit 8, which makes a key the directory's own, is not part of what is compared. */
    bool low_bits = is_card_with("card.access.local-bit-dropped") && rule.rule == OC_RULE_KEY && rule.key_id >= 0x80;
    /* "Never" is read as "after the PIN" where records are written. */
    if (rule.rule == OC_RULE_NEVER && never_is_pin) {
        return oc_sw_of(card->session.pin_verified ? OC_SW_OK : OC_SW_SECURITY_STATUS);
    }
    return low_bits && oc_card_key_passed(card, rule.key_id & 0x7F) ? oc_sw_of(OC_SW_OK) : right;
}

static oc_result pass_unguarded(struct mutant_chip *chip, oc_span command, oc_wr *response, bool is_so)
{
    unguarded = is_so;
    oc_result r = mutant_pass(chip, command, response);
    unguarded = false;
    return r;
}

static bool issued(const struct mutant_chip *chip)
{
    return oc_card_life(chip->card) == OC_CHIP_ISSUED;
}

static oc_result read_all(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool all = is_command(command, 0x00, INS_READ_RECORD) && (mutant_byte(command, 3) & 0x07) == 0x05;
    return pass_unguarded(chip, command, response, all && issued(chip));
}

static oc_result append(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_unguarded(chip, command, response, is_command(command, 0x00, 0xE2) && issued(chip));
}

/* With the SFI the rule is looked at, with an offset in the current EF it is not. */
static oc_result read_at_offset(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool by_offset = is_command(command, 0x00, INS_READ_BINARY) && (mutant_byte(command, 2) & 0x80) == 0;
    return pass_unguarded(chip, command, response, by_offset && issued(chip));
}

static oc_result update_current_record(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool current = is_command(command, 0x00, INS_UPDATE_RECORD) && mutant_byte(command, 3) >> 3 == 0;
    return pass_unguarded(chip, command, response, current && issued(chip));
}

static oc_result update_secured_binary(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_unguarded(chip, command, response, is_command(command, 0x04, INS_UPDATE_BINARY) && issued(chip));
}

static oc_result pass_for_pin(struct mutant_chip *chip, oc_span command, oc_wr *response, bool is_so)
{
    never_is_pin = is_so;
    oc_result r = mutant_pass(chip, command, response);
    never_is_pin = false;
    return r;
}

static oc_result log_writable(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_for_pin(chip, command, response, is_command(command, 0x00, INS_UPDATE_RECORD));
}

static oc_result key_files_writable(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_for_pin(chip, command, response, is_command(command, 0x00, INS_UPDATE_BINARY));
}

static const struct mutant rows[] = {
    {.id = "card.access.local-bit-dropped"},
    {.id = "card.access.read-all-unguarded", .exchange = read_all},
    {.id = "card.access.append-unguarded", .exchange = append},
    {.id = "card.access.read-at-offset-unguarded", .exchange = read_at_offset},
    {.id = "card.access.update-current-unguarded", .exchange = update_current_record},
    {.id = "card.access.mac-for-binary", .exchange = update_secured_binary},
    {.id = "card.purse.log-writable", .exchange = log_writable},
    {.id = "card.pki.key-files-writable", .exchange = key_files_writable},
};
MUTANT_TABLE(rows);
