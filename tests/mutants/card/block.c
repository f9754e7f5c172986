/* SPDX-License-Identifier: Apache-2.0 */
/* APPLICATION BLOCK and what follows it. */
#include "sim/card/card_internal.h"
#include "tests/mutants/frame/mutant.h"

/* What a blocked application refuses, it reads. */
static const struct mutant rows[] = {
    {.id = "card.block.readable",
     .commands = {{.cla = 0x00, .ins = INS_READ_RECORD, .handler = NULL, .life = OC_LIFE_APP_BLOCKED}}},
};
MUTANT_TABLE(rows);
