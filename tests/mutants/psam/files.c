/* SPDX-License-Identifier: Apache-2.0 */
/* Selection, files, commands of the operating system. */
#include "sim/psam/psam_internal.h"
#include "tests/mutants/frame/mutant.h"

#define INS_PSAM_CRYPT 0xFA

/* What is there for reading is written, too. */
static oc_result updates_taken(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_UPDATE_BINARY && mutant_sw(response) == OC_SW_SECURITY_STATUS) {
        mutant_set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

static oc_result unknown_name_as_conditions(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_SELECT && mutant_sw(response) == OC_SW_FILE_NOT_FOUND) {
        mutant_set_sw(response, OC_SW_CONDITIONS);
    }
    return oc_ok();
}

/* The last byte of what a file holds. */
static oc_result content_altered(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    size_t begin = response->len;
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_READ_BINARY && mutant_sw(response) == OC_SW_OK && response->len >= begin + 3) {
        response->at[response->len - 3] ^= 0x01;
    }
    return oc_ok();
}

/* The purse's commands are there as well. */
static oc_result answers_purse(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_sw(response) == 0x6D00) {
        mutant_set_sw(response, OC_SW_CONDITIONS);
    }
    return oc_ok();
}

/* The class is nothing to it. */
static oc_result any_class(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t ins = mutant_byte(command, 1);
    bool own = ins == INS_PSAM_CRYPT || ins == INS_PSAM_INIT_PURCHASE || ins == INS_PSAM_CHECK_MAC2;
    return own ? mutant_pass_altered(chip, command, 0, 0x80, response) : mutant_pass(chip, command, response);
}

static oc_result no_challenge(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    if (mutant_byte(command, 1) == INS_GET_CHALLENGE) {
        oc_wr_u16(response, 0x6D00);
        return oc_ok();
    }
    return mutant_pass(chip, command, response);
}

static const struct mutant rows[] = {
    {.id = "psam.files.updates-taken", .exchange = updates_taken},
    {.id = "psam.files.content-altered", .exchange = content_altered},
    {.id = "psam.select.other-word", .exchange = unknown_name_as_conditions},
    {.id = "psam.class.any", .exchange = any_class},
    {.id = "psam.class.purse-commands", .exchange = answers_purse},
    {.id = "psam.challenge.none", .exchange = no_challenge},
};
MUTANT_TABLE(rows);
