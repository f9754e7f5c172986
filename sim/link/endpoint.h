/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_ENDPOINT_H
#define OC_LINK_ENDPOINT_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

enum oc_reset { OC_RESET_COLD, OC_RESET_WARM };

/* Longest answer to reset (ISO/IEC 7816-3) and longest TPDU response that this project's cards give. */
#define OC_ATR_MAX 33
#define OC_RESPONSE_MAX 65538

/* The card's side of a link: whatever answers resets and TPDUs. A virtual card or PSAM offers one
 * (oc_card_endpoint); links carry it to a terminal. A value; `self` belongs to whoever made it.
 *
 * A bad command is answered with a status word; an error result means that the simulator itself failed. */
typedef struct oc_endpoint {
    void *self;
    /* Writes the answer to reset. */
    oc_result (*reset)(void *self, enum oc_reset kind, oc_wr *atr);
    /* Answers one raw command of any length, 0 bytes included, with data and status word. */
    oc_result (*exchange)(void *self, oc_span command, oc_wr *response);
} oc_endpoint;

#ifdef __cplusplus
}
#endif
#endif
