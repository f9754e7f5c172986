/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_TRANSPORTS_H
#define OC_LINK_TRANSPORTS_H

#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Terminal side: ways to reach a card. */

/* A card in this process. `endpoint.self` is borrowed and must outlive the link. */
OC_MUST_USE oc_result oc_link_inproc(oc_link **out, oc_endpoint endpoint);

/* A child process that speaks the stdio protocol: "R" -> ATR, "W" -> ATR (warm), a line of hex -> a line of hex.
 * `command` is run by /bin/sh -c in a process group of its own, killed with the link. A child that exits is GONE,
 * one that is silent TIMEOUT, anything but one line of hex of at most 65,538 bytes GARBAGE. */
OC_MUST_USE oc_result oc_link_exec(oc_link **out, const char *command, oc_diag *diag);

/* Waits up to `timeout_ms` for a soft card that speaks the vpcd protocol to connect to 127.0.0.1:`port`. */
OC_MUST_USE oc_result oc_link_vpcd(oc_link **out, unsigned port, int timeout_ms, oc_diag *diag);
/* The same for a stream socket that such a card is connected to; taken over, also on failure. */
OC_MUST_USE oc_result oc_link_vpcd_socket(oc_link **out, int fd);

/* A card in the PC/SC reader of that name (exact, or the only one that contains it). The client library is
 * libpcsclite; PCSCLITE_CSOCK_NAME selects the daemon. One exclusive handle is kept until the link is freed, then
 * the card is unpowered. Commands under 4 and frames over 65,535 bytes are refused with LIMIT before they reach PC/SC. */
OC_MUST_USE oc_result oc_link_pcsc(oc_link **out, const char *reader, oc_diag *diag);
/* The same, and a card that is not there yet is waited for about so long (the other waits three seconds), though always
 * long enough for pcscd to look once. GONE when none comes. */
OC_MUST_USE oc_result oc_link_pcsc_waiting(oc_link **out, const char *reader, int wait_ms, oc_diag *diag);

/* Whether a card is in the PC/SC reader of that name now; nothing is sent to it. */
OC_MUST_USE oc_result oc_pcsc_presence(const char *reader, bool *present, oc_diag *diag);

/* Card side: ways to serve an endpoint to a terminal elsewhere. */

/* Serves the stdio protocol on two descriptors until end of file. */
OC_MUST_USE oc_result oc_serve_stdio(oc_endpoint endpoint, int in_fd, int out_fd, oc_diag *diag);

/* Connects to a vpcd reader of a running pcscd at 127.0.0.1:`port` and serves until the peer closes or
 * `stop_fd` (or -1) becomes readable. TCP_QUICKACK after every receive, one send a frame, the socket read as a
 * stream. For a card that offers T=0 alone, a TPDU reader is emulated: oc_t0_strip_le. */
OC_MUST_USE oc_result oc_serve_vpcd(oc_endpoint endpoint, unsigned port, int stop_fd, oc_diag *diag);
/* The same for a stream socket that such a reader is connected to; taken over, also on failure. */
OC_MUST_USE oc_result oc_serve_vpcd_socket(oc_endpoint endpoint, int fd, oc_diag *diag);

/* The same in a thread of its own, for a card that lives in this process. While it serves, the endpoint is called
 * from that thread; `lock` and `unlock` bracket every call, so that the owner can reach the card in between. */
typedef struct oc_vpcd_card oc_vpcd_card;
OC_MUST_USE oc_result oc_vpcd_card_start(oc_vpcd_card **out, oc_endpoint endpoint, unsigned port, oc_diag *diag);
void oc_vpcd_card_lock(oc_vpcd_card *card);
void oc_vpcd_card_unlock(oc_vpcd_card *card);
/* Disconnects (the card is removed from its reader) and joins the thread. */
void oc_vpcd_card_stop(oc_vpcd_card **card);

/* A pcscd of our own: private mount namespace (as root, or through a user namespace), private socket, one vpcd
 * reader with two slots. Readiness is found by asking the daemon, its end by pid. UNAVAILABLE with one sentence why
 * when it cannot be had. It sets PCSCLITE_CSOCK_NAME in this process, so start it before threads and links. One at a
 * time in a process, as libpcsclite reads that variable once; it is killed when the thread that started it ends. */
typedef struct oc_private_pcscd oc_private_pcscd;
OC_MUST_USE oc_result oc_private_pcscd_start(oc_private_pcscd **out, oc_diag *diag);
/* The TCP port of slot 0 or 1, and the PC/SC name of its reader. */
unsigned oc_private_pcscd_port(const oc_private_pcscd *pcscd, unsigned slot);
const char *oc_private_pcscd_reader(const oc_private_pcscd *pcscd, unsigned slot);
void oc_private_pcscd_stop(oc_private_pcscd **pcscd);

#ifdef __cplusplus
}
#endif
#endif
