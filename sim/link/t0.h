/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_T0_H
#define OC_LINK_T0_H

#include "sim/base/sw.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A logical command. ISO/IEC 7816-3 cases 1 to 4, short lengths. */
typedef struct oc_apdu {
    uint8_t cla, ins, p1, p2;
    oc_span data; /* up to 255 bytes; empty: no Lc */
    bool has_le;
    uint8_t le; /* as it is written in the command: 00 asks for up to 256 */
} oc_apdu;

/* The one T=0 layer that every link shares (ISO/IEC 7816-3 12.2).
 * With Le: 61xx is followed by GET RESPONSE until the data are there, 6Cxx by the command again with the exact
 * length. Without Le: 61xx and 6Cxx are the answer. At most 16 exchanges follow one command; more is GARBAGE.
 * `data` is replaced by the response data. */
OC_MUST_USE oc_result oc_t0_transmit(oc_link *link, const oc_apdu *apdu, oc_buf *data, oc_sw *sw, oc_diag *diag);

/* The TPDU of a logical command: case 1 gets P3 = 00, case 4 loses its Le. Appends. */
OC_MUST_USE oc_result oc_t0_tpdu(oc_buf *out, const oc_apdu *apdu);

/* What a TPDU reader does with an APDU that reaches it from PC/SC: a body of Lc bytes with one Le byte behind it
 * (case 4S) loses that byte; anything else is left as it is. Returns the length to send. */
size_t oc_t0_strip_le(oc_span apdu);

#ifdef __cplusplus
}
#endif
#endif
