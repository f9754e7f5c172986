/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_CARD_SERVER_H
#define OC_LINK_CARD_SERVER_H

#include "sim/base/diag.h"
#include "sim/link/card_protocol.h"
#include "sim/link/endpoint.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Serves cards by slot to stand-in reader libraries in other processes (standins/), so that a terminal's driver
 * reaches virtual cards without a daemon. One thread serves all clients.
 *
 * A card that knows T=0 alone gets TPDUs, as from a reader: oc_t0_strip_le. An endpoint that answers TIMEOUT is
 * reported as mute; one that answers GONE as taken out, and its slot is empty until oc_card_server_present says
 * otherwise; any other failure as a card that failed. */
typedef struct oc_card_server oc_card_server;

typedef struct oc_card_slot {
    const char *name; /* the PC/SC reader's name; copied, at most OC_CARDS_NAME_MAX bytes of UTF-8 */
    enum oc_cards_kind kind;
    oc_endpoint endpoint; /* `self` is borrowed */
    bool present;         /* whether the card is in it at first */
} oc_card_slot;

/* Starts the thread. 1 to OC_CARDS_SLOTS slots. `address`:
 *   "unix:PATH"      a socket of mode 0600; one that nobody serves any more is replaced
 *   "unix:"          a socket in a private folder of our own, removed by stop
 *   "tcp:IPV4:PORT"  port 0: one that is free. There is no other protection than the address: 127.0.0.1 is open to
 *                    every user of this machine, others to the network.
 * USAGE for another address, UNAVAILABLE when it cannot be had. */
OC_MUST_USE oc_result oc_card_server_start(oc_card_server **out, const oc_card_slot *slots, size_t count,
                                           const char *address, oc_diag *diag);
/* Ends all connections, joins the thread, removes the socket. Accepts NULL. */
void oc_card_server_stop(oc_card_server **server);

/* Where it is, in the same form, as clients take it from ONECARD_CARDS. Lives as long as the server. */
const char *oc_card_server_address(const oc_card_server *server);

/* Endpoints are called between these by the server's thread, so that the owner can reach the cards in between. May be
 * nested, also within an endpoint. */
void oc_card_server_lock(oc_card_server *server);
void oc_card_server_unlock(oc_card_server *server);

/* Puts the card into its slot or takes it out; clients see it at once. Another card: out and in again. Any thread,
 * also from within an endpoint. */
void oc_card_server_present(oc_card_server *server, size_t slot, bool present);

#ifdef __cplusplus
}
#endif
#endif
