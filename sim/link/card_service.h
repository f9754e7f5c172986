/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_CARD_SERVICE_H
#define OC_LINK_CARD_SERVICE_H

#include "sim/link/card_server.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The card server without its sockets: slots, handles, and what each question does (card_protocol.h). Private to
 * card_server.c and its tests. One thread at a time. */
typedef struct oc_card_service oc_card_service;
/* One connection. */
typedef struct oc_card_client oc_card_client;

#define OC_CARD_CLIENTS 32

/* `slots` is copied with the names. USAGE for a name or a number of slots that does not fit. */
OC_MUST_USE oc_result oc_card_service_new(oc_card_service **out, const oc_card_slot *slots, size_t count,
                                          oc_diag *diag);
/* With all its clients. */
void oc_card_service_free(oc_card_service **service);

/* LIMIT when there are OC_CARD_CLIENTS. */
OC_MUST_USE oc_result oc_card_service_join(oc_card_service *service, oc_card_client **out);
/* Closes what the client held. */
void oc_card_service_leave(oc_card_service *service, oc_card_client **client);

enum oc_card_reply {
    OC_CARD_REPLY_NOW,  /* the answer is written */
    OC_CARD_REPLY_WAIT, /* comes later: oc_card_service_waited */
    OC_CARD_REPLY_NONE, /* the question has none */
    OC_CARD_REPLY_BAD   /* the client broke the protocol: it has to leave */
};

/* One question, without its length. `answer` needs room for OC_CARDS_BODY_MAX bytes. A client that waits may only
 * cancel. */
enum oc_card_reply oc_card_service_ask(oc_card_service *service, oc_card_client *client, oc_span question,
                                       oc_wr *answer);

/* True when the wait of this client is over: by a change, by CANCEL, or at its time. Writes the answer then. */
bool oc_card_service_waited(const oc_card_service *service, oc_card_client *client, oc_wr *answer);
bool oc_card_client_waits(const oc_card_client *client);
/* When the wait ends at the latest (clock of oc_clock_now_ns). */
uint64_t oc_card_client_deadline(const oc_card_client *client);

void oc_card_service_present(oc_card_service *service, size_t slot, bool present);

#ifdef __cplusplus
}
#endif
#endif
