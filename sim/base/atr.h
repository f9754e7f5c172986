/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_ATR_H
#define OC_BASE_ATR_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The historical bytes of an answer to reset (ISO/IEC 7816-3 8.2), in it; false when it is none. */
bool oc_atr_historical(oc_span atr, oc_span *out);

/* The card's diversification factor: the last 8 historical bytes (ssc-card sheet 2.1; with T=0 alone these are the
 * last 8 bytes of all). False when there are fewer. */
#define OC_ATR_FACTOR 8
bool oc_atr_factor(oc_span atr, uint8_t out[OC_ATR_FACTOR]);

/* Whether it offers the protocol, T = 0 to 14; one without TD1 offers T=0 alone. False when it is none. */
bool oc_atr_offers(oc_span atr, unsigned protocol);
/* The form in which a reader shows a contactless card: 3B 8n 80 01, historical bytes, check byte (PC/SC part 3,
 * 3.1.3.2.3.1). It names T=0 first, but carries APDUs as T=1 does. */
bool oc_atr_is_contactless(oc_span atr);
/* Writes that form for a card whose answer to reset with contacts is `atr`: its historical bytes, closed by the XOR of
 * all from T0 on. 5 bytes and the historical ones. */
void oc_atr_write_contactless(oc_span atr, oc_wr *out);
/* The one that a terminal uses which does not ask for another: the first offered (ISO/IEC 7816-3 6.3.1), T=1 without
 * contacts; 0 when it is none. */
unsigned oc_atr_protocol(oc_span atr);

#ifdef __cplusplus
}
#endif
#endif
