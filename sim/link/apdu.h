/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_APDU_H
#define OC_LINK_APDU_H

#include "sim/base/sw.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A logical command: ISO/IEC 7816-3 12.1, cases 1 to 4, short or extended. */
typedef struct oc_apdu {
    uint8_t cla, ins, p1, p2;
    oc_span data; /* up to 255 bytes, extended 65,535; empty: no Lc */
    bool has_le;
    bool extended; /* lengths as three and two bytes; so they are in any case with more than 255 bytes of data */
    uint16_t le;   /* as it is written in the command: 0 asks for up to 256, extended 65,536 */
} oc_apdu;

#define OC_APDU_DATA_MAX 65535u

/* The one layer between logical commands and every link. It sends TPDUs or whole commands, as the protocol of the link
 * wants it.
 * With Le: 61xx is followed by GET RESPONSE until the data are there, 6Cxx by the command again with the exact length
 * (over T=0 not of a command with data, whose P3 is Lc). Without Le: 61xx and 6Cxx are the answer. At most 16 exchanges
 * follow one command; more is GARBAGE. LIMIT when the protocol cannot carry the command: T=0 has no extended lengths.
 * `data` is replaced by the response data. */
OC_MUST_USE oc_result oc_apdu_transmit(oc_link *link, const oc_apdu *apdu, oc_buf *data, oc_sw *sw, oc_diag *diag);

/* The bytes of a command, whole. Appends. LIMIT past OC_APDU_DATA_MAX. */
OC_MUST_USE oc_result oc_apdu_write(oc_buf *out, const oc_apdu *apdu);

#ifdef __cplusplus
}
#endif
#endif
