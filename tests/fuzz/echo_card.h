/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_FUZZ_ECHO_CARD_H
#define OC_TESTS_FUZZ_ECHO_CARD_H

#include "sim/link/endpoint.h"

/* A card that answers a command with it and 9090, one that begins with 80 with as much as an answer holds; FE is
 * silence, FD a card that is gone. The last byte of its ATR tells a cold from a warm reset. */
static inline oc_result echo_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    oc_wr_u16(atr, kind == OC_RESET_COLD ? 0x3B00 : 0x3B01);
    oc_wr_fill(atr, 0x55, kind == OC_RESET_COLD ? 0 : 1);
    return oc_ok();
}

static inline oc_result echo_exchange(void *self, oc_span command, oc_wr *response)
{
    (void)self;
    uint8_t first = command.len > 0 ? command.at[0] : 0;
    oc_wr_bytes(response, command);
    oc_wr_fill(response, 0x90, first == 0x80 ? OC_RESPONSE_MAX : 2);
    return first == 0xFE ? oc_fail(OC_E_TIMEOUT) : first == 0xFD ? oc_fail(OC_E_GONE) : oc_ok();
}

#endif
