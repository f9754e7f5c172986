/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_STANDINS_READERS_H
#define OC_LINK_STANDINS_READERS_H

#include "sim/base/bytes.h"
#include "sim/link/card_protocol.h"

/* A connection to the card server, and what can be asked there (card_protocol.h). Each call is answered with the
 * server's status, or LOST when there is no connection any more. Any thread; calls of several wait for each other, but
 * for oc_readers_cancel and oc_readers_shut. */
typedef struct oc_readers oc_readers;

/* Where ONECARD_CARDS says. NULL when no server answers there, or one of another version. */
oc_readers *oc_readers_new(void);
void oc_readers_free(oc_readers *readers);
/* Makes pending and later calls answer LOST. */
void oc_readers_shut(oc_readers *readers);

/* Slots, from 0. */
size_t oc_readers_count(const oc_readers *readers);
const char *oc_readers_name(const oc_readers *readers, size_t slot);
enum oc_cards_kind oc_readers_kind(const oc_readers *readers, size_t slot);

typedef struct oc_reader_state {
    unsigned flags; /* enum oc_cards_flag */
    unsigned handles;
    uint32_t comings;
    uint32_t resets;
    uint8_t atr[OC_CARDS_ATR_MAX];
    size_t atr_len;
} oc_reader_state;

/* A present card's unknown ATR is asked for. */
enum oc_cards_status oc_readers_state(oc_readers *readers, size_t slot, oc_reader_state *out);
enum oc_cards_status oc_readers_open(oc_readers *readers, size_t slot, enum oc_cards_share share, uint8_t *handle);
enum oc_cards_status oc_readers_share(oc_readers *readers, uint8_t handle, enum oc_cards_share share);
enum oc_cards_status oc_readers_power_on(oc_readers *readers, uint8_t handle, enum oc_cards_reset reset,
                                         uint8_t atr[OC_CARDS_ATR_MAX], size_t *atr_len);
/* Operations on a handle without further fields: CLOSE, POWER_OFF, LOCK, UNLOCK, CHECK. */
enum oc_cards_status oc_readers_do(oc_readers *readers, enum oc_cards_operation operation, uint8_t handle);
/* Asks again while somebody else has locked the slot. `len` is the room of `response` and becomes the response's
 * length, also when it has more than there is room; then nothing is written. */
enum oc_cards_status oc_readers_transmit(oc_readers *readers, uint8_t handle, oc_span command, uint8_t *response,
                                         size_t *len);
enum oc_cards_status oc_readers_wait(oc_readers *readers, uint32_t *changes, uint32_t timeout_ms);
void oc_readers_cancel(oc_readers *readers);

/* As oc_readers_do, while somebody else has locked the slot: as PC/SC programs wait for a transaction to end. */
enum oc_cards_status oc_readers_await(oc_readers *readers, enum oc_cards_operation operation, uint8_t handle);

#endif
