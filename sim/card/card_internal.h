/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CARD_CARD_INTERNAL_H
#define OC_CARD_CARD_INTERNAL_H

#include "sim/card/app.h"

/* The first 60 bytes of non-volatile memory, before the file system. */
enum oc_chip_at {
    OC_CHIP_LIFE = 0,            /* 1: 00 blank, 01 issued */
    OC_CHIP_TRANSPORT_TRIES = 1, /* 1: left */
    OC_CHIP_TRANSPORT_ALG = 2,   /* 1 */
    OC_CHIP_ATR_LEN = 3,         /* 1 */
    OC_CHIP_ATR = 4,             /* 33 */
    OC_CHIP_TRANSPORT_KEY = 40   /* 16, erased by END OF ISSUING */
};

#define OC_CHIP_TRANSPORT_TRIES_MAX 4
#define OC_CHALLENGE_MAX 16

/* What a power session knows. All of it is lost on reset. */
typedef struct oc_session {
    uint32_t dir;         /* current directory */
    uint32_t environment; /* the DDF or MF that it belongs to */
    uint32_t ef;          /* current EF or OC_FS_NONE */
    bool powered;
    bool transport_checked;
    bool pin_verified;                   /* of the environment */
    uint8_t keys[32];                    /* one bit a key id: external authentication succeeded */
    uint8_t challenge_len;               /* 0: none waits to be used */
    uint8_t challenge[OC_CHALLENGE_MAX]; /* for one cryptogram */
    uint16_t waiting_at;                 /* GET RESPONSE goes on from here */
    uint16_t waiting_len;
    uint8_t waiting[OC_CARD_DATA_MAX];
} oc_session;

struct oc_card {
    const oc_card_os *os;
    oc_crypto *crypto;
    oc_nvm nvm;
    oc_random random;
    oc_session session;
    uint64_t states[]; /* the applications' volatile bytes, 8-byte aligned */
};

bool oc_card_issued(const oc_card *card);

/* Makes `dir` current and drops what does not survive that: of the directory left, its keys; of an environment
 * left, the PIN and all keys (ssc-card sheet 7). */
void oc_card_enter(oc_card *card, uint32_t dir);
/* Wipes the session and starts in the MF. */
void oc_card_power(oc_card *card, bool on);

static inline bool oc_card_key_passed(const oc_card *card, uint8_t id)
{
    return (card->session.keys[id / 8] >> (id % 8) & 1) != 0;
}
void oc_card_set_key_passed(oc_card *card, uint8_t id, bool passed);
/* Where a key id belongs: bit 8 set, the current directory; else the environment (ssc-card sheet 6.1). */
uint32_t oc_card_key_dir(const oc_card_context *context, uint8_t id);

/* Adds bytes of non-volatile memory to the response data. */
void oc_card_give(oc_card_context *context, uint32_t at, size_t len);

/* The EF that P2 or P1 of a command means: SFI, or 0 for the current EF. It becomes the current EF. */
oc_sw oc_card_ef(oc_card_context *context, uint8_t sfi, oc_ef *ef);

/* dispatch.c */
oc_result oc_card_dispatch(oc_card *card, oc_span command, oc_wr *response);
size_t oc_card_os_state_size(const oc_card_os *os);
void oc_card_tell_select(oc_card *card);
oc_result oc_card_tell_key(oc_card_context *context, const oc_stored_key *key);

/* Built-in commands, a table a family. */
typedef struct oc_card_family {
    const oc_card_command *commands;
    size_t count;
} oc_card_family;

extern const oc_card_family oc_card_select_family;
extern const oc_card_family oc_card_response_family;
extern const oc_card_family oc_card_record_family;
extern const oc_card_family oc_card_binary_family;
extern const oc_card_family oc_card_pin_family;
extern const oc_card_family oc_card_pin_reset_family;
extern const oc_card_family oc_card_auth_family;
extern const oc_card_family oc_card_perso_family;

#endif
