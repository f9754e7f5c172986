/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CARD_CARD_INTERNAL_H
#define OC_CARD_CARD_INTERNAL_H

#include "sim/card/app.h"

/* The first 60 bytes of non-volatile memory, before the file system. */
enum oc_chip_at {
    OC_CHIP_LIFE = 0,            /* 1: enum oc_chip_life */
    OC_CHIP_TRANSPORT_TRIES = 1, /* 1: left */
    OC_CHIP_TRANSPORT_ALG = 2,   /* 1 */
    OC_CHIP_ATR_LEN = 3,         /* 1 */
    OC_CHIP_ATR = 4,             /* 33 */
    OC_CHIP_FEATURES = 37,       /* 1: enum oc_card_feature */
    OC_CHIP_TRANSPORT_KEY = 40   /* 16, erased by END OF ISSUING */
};

/* Blank: nothing on it. Pre-issued: from the first CREATE FILE to END OF ISSUING (ssc-card sheet 10). */
enum oc_chip_life { OC_CHIP_BLANK, OC_CHIP_PRE_ISSUED, OC_CHIP_ISSUED, OC_CHIP_BLOCKED, OC_CHIP_TERMINATED };

#define OC_CHIP_TRANSPORT_TRIES_MAX 4
#define OC_CHALLENGE_MAX 16

/* What a power session knows. All of it is lost on reset. */
typedef struct oc_session {
    uint32_t dir;         /* current directory */
    uint32_t environment; /* the DDF or MF that it belongs to */
    uint32_t ef;          /* current EF or OC_FS_NONE */
    uint16_t app;         /* that claims the directory, or OC_APP_NONE */
    uint8_t blocked;      /* enum oc_block: the directory, or one above it up to its environment */
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

#define OC_APP_NONE UINT16_MAX

/* Commands whose class says that the next one goes on with the body. Made when first used. */
typedef struct oc_chain {
    bool open;
    uint8_t head[4];
    size_t len;
    uint8_t body[OC_CARD_LONG_MAX];
} oc_chain;

struct oc_card {
    const oc_card_os *os;
    oc_crypto *crypto;
    oc_nvm nvm;
    oc_random random;
    oc_session session;
    oc_chain *chain;
    enum oc_card_interface interface;
    uint64_t states[]; /* the applications' volatile bytes, 8-byte aligned */
};

enum oc_chip_life oc_card_life(const oc_card *card);
OC_MUST_USE oc_result oc_card_set_life(oc_card *card, enum oc_chip_life life);
/* Past END OF ISSUING. */
bool oc_card_issued(const oc_card *card);
/* fs_check.c: files, keys and chip area hold together. */
bool oc_card_memory_sound(const oc_nvm *nvm);
bool oc_card_has(const oc_card *card, unsigned feature);

/* Makes `dir` current and drops what does not survive that: of the directory left, its keys, the master key among them; of an environment
 * left, the PIN and all keys (ssc-card sheet 7). */
void oc_card_enter(oc_card *card, uint32_t dir);
/* After a directory was blocked or unblocked. */
void oc_card_note_blocked(oc_card *card);
/* Wipes the session and starts in the MF. */
void oc_card_power(oc_card *card, bool on);

static inline bool oc_card_key_passed(const oc_card *card, uint8_t id)
{
    return (card->session.keys[id / 8] >> (id % 8) & 1) != 0;
}
void oc_card_set_key_passed(oc_card *card, uint8_t id, bool passed);
/* Where a key id belongs: bit 8 set, the current directory; 00, the master key that each directory has, there too; else
 * the environment (ssc-card sheet 6.1). */
#define OC_KEY_MASTER_ID 0x00
uint32_t oc_card_key_dir(const oc_card_context *context, uint8_t id);

/* Adds bytes of non-volatile memory to the response data. */
void oc_card_give(oc_card_context *context, uint32_t at, size_t len);

/* The EF that P2 or P1 of a command means: SFI, or 0 for the current EF. It becomes the current EF. */
oc_sw oc_card_ef(oc_card_context *context, uint8_t sfi, oc_ef *ef);

/* A command as it came. T=0: `p3_is_lc` when there are P3 bytes of body, `p3_is_le` when there is none. Of an APDU
 * with a body the second is false, of one without both are true. */
typedef struct oc_card_apdu {
    uint8_t cla, ins, p1, p2;
    oc_span body;
    bool p3_is_lc;
    bool p3_is_le;
    bool extended;
    bool has_le; /* APDUs only */
    size_t le;
    bool le_open;
} oc_card_apdu;

/* apdu.c: False when it is no command at all. */
bool oc_card_parse(const oc_card *card, oc_span command, oc_card_apdu *out);
/* Joins a chain. 9000: run `apdu`; `more` set: answer 9000 and wait for the rest; else the answer. */
OC_MUST_USE oc_result oc_card_join(oc_card *card, oc_card_apdu *apdu, bool *more, oc_sw *sw);
void oc_card_drop_chain(oc_card *card);

/* The body of an UPDATE with secure messaging (class 04), under STK of the current directory, loses its MAC. The
 * answer is in context->sw. */
#define OC_CLA_SECURE 0x04
OC_MUST_USE oc_result oc_card_unwrap(oc_card_context *context);

/* dispatch.c */
oc_result oc_card_dispatch(oc_card *card, oc_span command, oc_wr *response);

/* registry.c: the command tables, compiled. */
#define OC_ROW_NONE 0u
struct oc_card_row {
    const oc_card_command *command;
    uint16_t app;  /* index, or OC_APP_NONE for a built-in command */
    bool claims;   /* its application claims environments */
    uint16_t next; /* row of the same class and instruction, or OC_ROW_NONE */
};
bool oc_card_os_knows_class(const oc_card_os *os, uint8_t cla);
/* The first row of class and instruction; NULL when there is none. */
const struct oc_card_row *oc_card_os_first(const oc_card_os *os, uint8_t cla, uint8_t ins);
const struct oc_card_row *oc_card_os_next(const oc_card_os *os, const struct oc_card_row *row);
size_t oc_card_os_state_size(const oc_card_os *os);
/* The application that claims a directory, or OC_APP_NONE. */
uint16_t oc_card_os_owner(const oc_card_os *os, const oc_nvm *nvm, uint32_t dir);
/* An application's volatile bytes; NULL for OC_APP_NONE. */
void *oc_card_state(oc_card *card, uint16_t app);
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
extern const oc_card_family oc_card_block_family;
extern const oc_card_family oc_card_perso_family;

#endif
