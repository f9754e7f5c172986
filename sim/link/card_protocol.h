/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_CARD_PROTOCOL_H
#define OC_LINK_CARD_PROTOCOL_H

/* What the card server (card_server.h) and the stand-in reader libraries (standins/) say to each other over a local or
 * TCP stream. A project choice; plain C, so that the stand-ins need nothing but the C library.
 *
 * Both ways: 4 bytes of length, big-endian, then that many bytes. A question begins with its operation and has one
 * answer, which begins with its status; the next question is read when the answer is away. Numbers are big-endian. An
 * answer whose status is not OK has no further fields, but that of WAIT. A question that has not the form below, or a
 * length of 0 or over OC_CARDS_BODY_MAX, ends the connection.
 *
 * A connection holds up to OC_CARDS_HANDLES handles, each on one slot. When it ends they are closed, and a card that
 * nobody else holds loses its power. Slots count from 0, as LIST names them.
 *
 *   operation  fields of the question           further fields of the answer
 *   LIST       -                                u8 version, u8 count, each: u8 kind, u8 length, name (UTF-8)
 *   STATUS     u8 slot, u8 whether an unknown   u8 flags, u8 handles on it, u32 times a card came or went,
 *              ATR is to be asked for           u32 resets, ATR (empty when there is none)
 *   OPEN       u8 slot, u8 share                u8 handle
 *   SHARE      u8 handle, u8 share              -
 *   CLOSE      u8 handle                        -
 *   POWER_ON   u8 handle, u8 reset              ATR
 *   POWER_OFF  u8 handle                        -
 *   TRANSMIT   u8 handle, command               response
 *   LOCK       u8 handle                        -        (counts: as many UNLOCKs)
 *   UNLOCK     u8 handle                        -
 *   WAIT       u32 changes known, u32 ms        u32 changes: at once when it differs from the one known (0 and 0 ms
 *                                               ask for it), else when something changes; TIMEOUT; CANCELLED
 *   CANCEL     -                                no answer; ends a WAIT, if there is one, with CANCELLED
 *   CHECK      u8 handle                        -        (what TRANSMIT would have to say before it sends) */

#define OC_CARDS_VERSION 1
#define OC_CARDS_HANDLES 16
#define OC_CARDS_SLOTS 16
#define OC_CARDS_NAME_MAX 120
#define OC_CARDS_ATR_MAX 33
/* Longest command or response, as of endpoint.h and io.h, with the fields before it. */
#define OC_CARDS_BODY_MAX (65544 + 8)
#define OC_CARDS_LENGTH_LEN 4
#define OC_CARDS_FOREVER 0xFFFFFFFFu

enum oc_cards_operation {
    OC_CARDS_LIST = 0x01,
    OC_CARDS_STATUS,
    OC_CARDS_OPEN,
    OC_CARDS_SHARE,
    OC_CARDS_CLOSE,
    OC_CARDS_POWER_ON,
    OC_CARDS_POWER_OFF,
    OC_CARDS_TRANSMIT,
    OC_CARDS_LOCK,
    OC_CARDS_UNLOCK,
    OC_CARDS_WAIT,
    OC_CARDS_CANCEL,
    OC_CARDS_CHECK
};

enum oc_cards_kind { OC_CARDS_USER, OC_CARDS_CONTACTLESS, OC_CARDS_SAM };

/* How a handle shares its slot. DIRECT and OWNED need no card; OWNED is exclusive. */
enum oc_cards_share { OC_CARDS_SHARED, OC_CARDS_EXCLUSIVE, OC_CARDS_DIRECT, OC_CARDS_OWNED };

/* POWER_ON. KEEP resets only a card without power. Each of them takes notice of what others did to the card: RESET and
 * REMOVED are not told of it again. */
enum oc_cards_reset { OC_CARDS_COLD, OC_CARDS_WARM, OC_CARDS_KEEP };

/* STATUS */
enum oc_cards_flag { OC_CARDS_PRESENT = 0x01, OC_CARDS_POWERED = 0x02, OC_CARDS_HELD = 0x04 /* exclusively */ };

enum oc_cards_status {
    OC_CARDS_OK,
    OC_CARDS_NO_SLOT,   /* no such slot */
    OC_CARDS_NO_HANDLE, /* no such handle, or the command is longer than a card's can be */
    OC_CARDS_NO_CARD,   /* none is in the slot */
    OC_CARDS_REMOVED,   /* the card of this handle was taken out, maybe put in again */
    OC_CARDS_WAS_RESET, /* by somebody else since this handle's last POWER_ON */
    OC_CARDS_UNPOWERED, /* the card has no power */
    OC_CARDS_MUTE,      /* the card did not answer */
    OC_CARDS_FAILED,    /* the card's answer was none, or the simulator failed */
    OC_CARDS_SHARING,   /* somebody else holds the slot in a way that forbids this */
    OC_CARDS_LOCKED,    /* somebody else has locked the slot: ask again */
    OC_CARDS_NOT_LOCKED,
    OC_CARDS_FULL, /* no handle is left */
    OC_CARDS_TIMEOUT,
    OC_CARDS_CANCELLED,
    OC_CARDS_LOST = 0xFF /* never sent: what a client makes of a connection that ended */
};

#endif
