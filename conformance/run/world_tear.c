/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/world_internal.h"

/* In a reader, the card is called from the reader's thread. */
static void keep_out(const struct oc_victim *victim, bool out)
{
    if (*victim->in_reader == NULL) {
        return;
    }
    if (out) {
        oc_vpcd_card_lock(*victim->in_reader);
    } else {
        oc_vpcd_card_unlock(*victim->in_reader);
    }
}

static uint64_t arm(void *self, uint32_t bytes)
{
    struct oc_victim *victim = self;
    keep_out(victim, true);
    victim->torn.armed = true;
    victim->torn.torn = false;
    oc_card_tear_after(victim->card, bytes);
    uint64_t written = oc_card_written(victim->card);
    keep_out(victim, false);
    return written;
}

static uint64_t disarm(void *self, bool *torn)
{
    struct oc_victim *victim = self;
    keep_out(victim, true);
    victim->torn.armed = false;
    *torn = victim->torn.torn;
    oc_card_hold(victim->card);
    uint64_t written = oc_card_written(victim->card);
    keep_out(victim, false);
    return written;
}

void oc_world_expose(struct oc_victim *victim, oc_card *card, oc_vpcd_card **in_reader, oc_fault *fault)
{
    if (card == NULL) {
        return;
    }
    *victim = (struct oc_victim){card, in_reader, {.card = oc_card_endpoint(card)}};
    fault->tearing = (oc_tearing){victim, arm, disarm};
}
