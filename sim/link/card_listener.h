/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_CARD_LISTENER_H
#define OC_LINK_CARD_LISTENER_H

#include <stdbool.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OC_CARD_ADDRESS_MAX 200

/* The listening socket of a card server, from an address as oc_card_server_start takes it. Does not block. */
typedef struct oc_card_listener {
    int fd;
    bool is_tcp;
    char address[OC_CARD_ADDRESS_MAX]; /* where it really is */
    char folder[OC_CARD_ADDRESS_MAX];  /* private folder of our own, or "" */
} oc_card_listener;

OC_MUST_USE oc_result oc_card_listener_open(oc_card_listener *out, const char *address, oc_diag *diag);
/* Also removes socket and folder. */
void oc_card_listener_close(oc_card_listener *listener);

#ifdef __cplusplus
}
#endif
#endif
