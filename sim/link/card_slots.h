/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_CARD_SLOTS_H
#define OC_LINK_CARD_SLOTS_H

#include "sim/link/card_service.h"

/* Private to the card service: slots, the handles on them, and what may be done with both. */

struct oc_cards_handle {
    bool is_open;
    uint8_t slot;
    enum oc_cards_share share;
    unsigned locks;
    /* What of the slot's history this handle has taken notice of. */
    uint32_t comings;
    uint32_t resets;
};

struct oc_cards_slot {
    char name[OC_CARDS_NAME_MAX + 1];
    enum oc_cards_kind kind;
    oc_endpoint endpoint;
    bool present;
    bool powered;
    bool tpdus; /* the card knows T=0 alone, and a reader makes TPDUs for it */
    uint8_t atr[OC_ATR_MAX];
    size_t atr_len; /* 0: not known */
    uint8_t handles;
    uint32_t comings; /* and goings */
    uint32_t resets;
    const struct oc_cards_handle *holder; /* the exclusive handle */
    const struct oc_cards_handle *locker;
};

struct oc_card_client {
    struct oc_cards_handle handles[OC_CARDS_HANDLES];
    bool waits;
    bool cancelled;
    uint32_t known; /* changes */
    uint64_t deadline;
};

struct oc_card_service {
    struct oc_cards_slot slots[OC_CARDS_SLOTS];
    size_t count;
    oc_card_client *clients[OC_CARD_CLIENTS];
    uint32_t changes;
};

/* A handle that is open is closed. */
void oc_cards_close(oc_card_service *service, struct oc_cards_handle *handle);
void oc_cards_take_out(oc_card_service *service, struct oc_cards_slot *slot);

/* The operations. On success the answer is written, unless it is the status alone. */
enum oc_cards_status oc_cards_tell(oc_card_service *service, size_t index, bool ask, oc_wr *answer);
enum oc_cards_status oc_cards_open(oc_card_service *service, oc_card_client *client, uint8_t index,
                                   enum oc_cards_share share, oc_wr *answer);
/* Those on a handle; `option` is the field behind the handle, if there is one. */
enum oc_cards_status oc_cards_do(oc_card_service *service, struct oc_cards_handle *handle, uint8_t operation,
                                 uint8_t option, oc_span command, oc_wr *answer);

#endif
