/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_T0_H
#define OC_LINK_T0_H

#include "sim/link/apdu.h"

#ifdef __cplusplus
extern "C" {
#endif

/* T=0, ISO/IEC 7816-3 12.2: what becomes of a short command on its way to a card. */

/* The TPDU of a logical command: case 1 gets P3 = 00, case 4 loses its Le. Up to 255 bytes of data. */
void oc_t0_write(oc_wr *wr, const oc_apdu *apdu);
/* The same, appended. LIMIT past 255 bytes of data. */
OC_MUST_USE oc_result oc_t0_tpdu(oc_buf *out, const oc_apdu *apdu);

/* What a TPDU reader does with an APDU that reaches it from PC/SC: a body of Lc bytes with one Le byte behind it
 * (case 4S) loses that byte; anything else is left as it is. Returns the length to send. */
size_t oc_t0_strip_le(oc_span apdu);

#ifdef __cplusplus
}
#endif
#endif
