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

#ifdef __cplusplus
}
#endif
#endif
