/* SPDX-License-Identifier: Apache-2.0 */
/* Purchases: BUSINESS INITIALISATION (80 70) and the check of MAC2 (80 72). */
#include "tests/mutants/frame/mutant.h"

/* Any MAC2 is right. */
static oc_result mac2_unchecked(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_PSAM_CHECK_MAC2 && mutant_sw(response) == OC_SW_MAC_INVALID) {
        mutant_set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "psam.purchase.mac2-unchecked", .exchange = mac2_unchecked},
};
MUTANT_TABLE(rows);
