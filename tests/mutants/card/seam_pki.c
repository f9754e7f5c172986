/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate application, as the card answers. */
#include "tests/mutants/frame/mutant.h"

enum { PERFORM = 0x2A, SM4_FORM = 0x01, SIGNATURE = 64, PRIVATE_FILE = 34 };

/* The last byte of a signature. */
static oc_result signature_bit(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == PERFORM && mutant_sw(response) == OC_SW_OK && response->len == SIGNATURE + 2) {
        response->at[SIGNATURE - 1] ^= 0x01;
    }
    return oc_ok();
}

/* Something is read where a private key lies. */
static oc_result private_key_reads(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) == INS_READ_BINARY && mutant_byte(command, 4) == PRIVATE_FILE &&
        mutant_sw(response) == OC_SW_SECURITY_STATUS) {
        response->len = 0;
        oc_wr_fill(response, 0x5A, PRIVATE_FILE);
        oc_wr_u16(response, OC_SW_OK);
    }
    return oc_ok();
}

/* Any proof of a PIN is said to be right; nothing is opened by that. */
static oc_result proof_says_yes(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_VERIFY && mutant_byte(command, 2) == SM4_FORM && command.len > 5 &&
        mutant_sw(response) >> 4 == 0x63C) {
        mutant_set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.pki.signature-bit", .exchange = signature_bit},
    {.id = "card.pki.private-key-reads", .exchange = private_key_reads},
    {.id = "card.pki.proof-says-yes", .exchange = proof_says_yes},
};
MUTANT_TABLE(rows);
