/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers. */
#include "tests/mutants/frame/mutant.h"

MUTANT_WRAPS(oc_result, oc_card_random, oc_card *card, uint8_t *out, size_t len);

oc_result __wrap_oc_card_random(oc_card *card, uint8_t *out, size_t len)
{
    if (mutant_is("card.challenge.constant") && mutant_running() == MUTANT_CARD) {
        memset(out, 0x5A, len);
        return oc_ok();
    }
    return __real_oc_card_random(card, out, len);
}

static const struct mutant rows[] = {
    {.id = "card.challenge.constant"},
};
MUTANT_TABLE(rows);
