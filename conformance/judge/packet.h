/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_JUDGE_PACKET_H
#define OC_CONFORMANCE_JUDGE_PACKET_H

#include "conformance/judge/capture.h"

/* Private to the reader of packet captures. Numbers of link types and tags: the Wireshark project's registries. */

/* What the column of this program's own captures says (pcap_out.h). */
#define OC_PACKET_TEXT_MAX 32

#define OC_LINK_ETHERNET 1
#define OC_LINK_RAW_IP 101
#define OC_LINK_UPPER_PDU 252
#define OC_LINK_IPV4 228

/* What the last packets leave open. */
typedef struct oc_packets {
    oc_capture *capture;
    oc_diag *diag;
    size_t number; /* of the packet, from 1 */
    bool waiting;  /* a command without its answer yet */
    oc_raw_exchange command;
} oc_packets;

/* One packet of a link type; those of other protocols pass by. */
OC_MUST_USE oc_result oc_packet_take(oc_packets *packets, unsigned link, uint64_t ns, oc_span data);
/* The last command, should it have had no answer. */
OC_MUST_USE oc_result oc_packet_end(oc_packets *packets);

OC_MUST_USE oc_result oc_packet_fail(const oc_packets *packets, const char *reason);

#endif
