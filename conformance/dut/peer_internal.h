/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_PEER_INTERNAL_H
#define OC_CONFORMANCE_DUT_PEER_INTERNAL_H

#include <sys/types.h>

#include "conformance/dut/peer.h"

/* Private to the sources named peer*.c. */

struct oc_peer {
    pid_t warden; /* 0: there is none */
    int to;       /* its input; none of these descriptors blocks */
    int from;     /* its output */
    int printed;  /* its standard error; -1: none */
    int control;  /* closing it makes the warden end everything */
    int report;   /* where the warden tells the end */
    bool is_socket;
    uint8_t *room; /* one read */
    oc_buf lines;  /* received and not handed out */
    size_t taken;  /* bytes of it that the last line had */
    oc_buf text;   /* printed */
    unsigned long long printed_total;
    oc_peer_end end;
};

/* Descriptors closed, no memory yet: for both ways to start one. */
OC_MUST_USE oc_result oc_peer_new(oc_peer **out);
/* Reads the line of a warden or a listening driver host that tells the end; false when it is another. */
bool oc_peer_take_end(oc_peer *peer, oc_span line);

#endif
