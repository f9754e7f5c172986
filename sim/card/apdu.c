/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/card/card_internal.h"

/* From raw bytes to a command: T=0 TPDUs, the APDU cases of ISO/IEC 7816-3 12.1, and chains of commands. */

#define HEAD 4
#define SHORT_AT 5    /* where a short body begins */
#define EXTENDED_AT 7 /* an extended one */
#define LE_SHORT 256
#define LE_EXTENDED 65536
#define CLA_CHAIN 0x10
#define SW_CHAIN 0x6883 /* the last command of the chain was expected */

static void take_le(oc_card_apdu *apdu, size_t le, size_t most)
{
    apdu->has_le = true;
    apdu->le_open = le == 0;
    apdu->le = le == 0 ? most : le;
}

static void parse_tpdu(oc_span command, oc_card_apdu *out)
{
    uint8_t p3 = command.len > HEAD ? command.at[HEAD] : 0;
    out->body = oc_span_slice(command, SHORT_AT, command.len);
    out->p3_is_lc = out->body.len == p3;
    out->p3_is_le = out->body.len == 0;
    out->le = p3 == 0 ? LE_SHORT : p3;
}

static size_t two_bytes(const uint8_t *at)
{
    return (size_t)at[0] << 8 | at[1];
}

static void parse_extended(oc_span command, oc_card_apdu *out)
{
    size_t number = two_bytes(command.at + SHORT_AT);
    size_t behind = command.len - EXTENDED_AT;
    out->extended = true;
    out->p3_is_lc = true;
    if (behind == 0) {
        out->p3_is_le = true;
        take_le(out, number, LE_EXTENDED);
    } else if (number > 0 && (behind == number || behind == number + 2)) {
        out->body = oc_span_slice(command, EXTENDED_AT, number);
        if (behind > number) {
            take_le(out, two_bytes(command.at + EXTENDED_AT + number), LE_EXTENDED);
        }
    } else {
        out->p3_is_lc = false;
    }
}

/* A 5-byte command whose last byte is 00 is also what T=0 makes of one without body and answer. */
static void parse_short(oc_span command, oc_card_apdu *out)
{
    size_t number = command.len > HEAD ? command.at[HEAD] : 0;
    size_t behind = command.len > SHORT_AT ? command.len - SHORT_AT : 0;
    out->p3_is_lc = true;
    if (behind == 0) {
        out->p3_is_le = true;
        if (command.len > HEAD) {
            take_le(out, number, LE_SHORT);
        }
    } else if (number > 0 && (behind == number || behind == number + 1)) {
        out->body = oc_span_slice(command, SHORT_AT, number);
        if (behind > number) {
            take_le(out, command.at[SHORT_AT + number], LE_SHORT);
        }
    } else {
        out->p3_is_lc = false;
    }
}

bool oc_card_parse(const oc_card *card, oc_span command, oc_card_apdu *out)
{
    if (command.len < HEAD) {
        return false;
    }
    const uint8_t *c = command.at;
    *out = (oc_card_apdu){.cla = c[0], .ins = c[1], .p1 = c[2], .p2 = c[3], .le = LE_SHORT};
    bool apdus = card->interface == OC_INTERFACE_CONTACTLESS || oc_card_has(card, OC_FEATURE_T1);
    if (!apdus) {
        parse_tpdu(command, out);
    } else if (command.len >= EXTENDED_AT && c[HEAD] == 0 && oc_card_has(card, OC_FEATURE_EXTENDED_LENGTH)) {
        parse_extended(command, out);
    } else {
        parse_short(command, out);
    }
    return true;
}

void oc_card_drop_chain(oc_card *card)
{
    if (card->chain != NULL) {
        oc_wipe(card->chain, sizeof *card->chain);
    }
}

static oc_sw add_to_chain(oc_chain *chain, const oc_card_apdu *apdu, bool more)
{
    const uint8_t head[4] = {apdu->cla, apdu->ins, apdu->p1, apdu->p2};
    if (!chain->open) {
        *chain = (oc_chain){.open = true};
        memcpy(chain->head, head, sizeof head);
    }
    unsigned sw = OC_SW_OK;
    if (memcmp(chain->head, head, sizeof head) != 0) {
        sw = SW_CHAIN;
    } else if (!apdu->p3_is_lc || (more && apdu->body.len == 0) || apdu->body.len > sizeof chain->body - chain->len) {
        sw = OC_SW_WRONG_LENGTH;
    } else if (apdu->body.len > 0) {
        memcpy(chain->body + chain->len, apdu->body.at, apdu->body.len);
        chain->len += apdu->body.len;
    }
    return oc_sw_of(sw);
}

oc_result oc_card_join(oc_card *card, oc_card_apdu *apdu, bool *more, oc_sw *sw)
{
    *sw = oc_sw_of(OC_SW_OK);
    *more = (apdu->cla & CLA_CHAIN) != 0 && !oc_card_os_knows_class(card->os, apdu->cla) &&
            oc_card_os_knows_class(card->os, apdu->cla & (uint8_t)~CLA_CHAIN) &&
            oc_card_has(card, OC_FEATURE_CHAINING);
    if (!*more && (card->chain == NULL || !card->chain->open)) {
        return oc_ok();
    }
    if (card->chain == NULL && (card->chain = calloc(1, sizeof *card->chain)) == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (*more) {
        apdu->cla &= (uint8_t)~CLA_CHAIN;
    }
    *sw = add_to_chain(card->chain, apdu, *more);
    if (!oc_sw_ok(*sw)) {
        oc_card_drop_chain(card);
        return oc_ok();
    }
    apdu->body = oc_span_of(card->chain->body, card->chain->len);
    apdu->p3_is_le = apdu->body.len == 0;
    card->chain->open = *more;
    return oc_ok();
}
