/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CARD_KEY_STORE_H
#define OC_CARD_KEY_STORE_H

#include "sim/card/fs.h"
#include "sim/crypto/crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Keys and PINs of one directory, in non-volatile memory, with their error counters. */
typedef struct oc_stored_key {
    uint32_t at;
    uint8_t kind; /* enum oc_key_kind */
    uint8_t id;
    uint8_t version;
    uint8_t usage;
    uint8_t tries; /* high nibble: of how many, low: left; 00 unlimited */
    uint8_t alg;   /* of a PIN: its length in bytes */
    uint8_t index;
    uint8_t options; /* OC_KEY_OPTION_* */
    uint8_t secret[OC_KEY_SIZE];
} oc_stored_key;

#define OC_KEY_ANY (-1)

/* What is looked for. OC_KEY_ANY leaves a field open. */
typedef struct oc_key_query {
    int kind;
    int id;
    int version;
    int usage;
    int index;
    int alg;
} oc_key_query;

#define OC_KEY_VERSION_MIN 1
#define OC_KEY_VERSION_DEFAULT 1 /* ssc-card sheet 11, row 17 */

/* The matching key with the lowest version: version 01 is the one in use where nothing else is asked for
 * (project choice, after row 17 of the sheet). False when there is none. */
bool oc_key_find(const oc_nvm *nvm, uint32_t dir, const oc_key_query *query, oc_stored_key *out);

/* The entry that follows, or OC_FS_NONE. */
uint32_t oc_key_next(const oc_nvm *nvm, uint32_t key);

/* A copy for the algorithms; wipe it. CRYPTO when the entry is no key. */
OC_MUST_USE oc_result oc_key_use(const oc_stored_key *stored, oc_key *out);

/* LIMIT when there is no room. */
OC_MUST_USE oc_result oc_key_add(oc_nvm *nvm, uint32_t dir, oc_stored_key *key);
/* New secret and fresh tries in one write. A PIN that becomes another one is no longer the initial PIN. */
OC_MUST_USE oc_result oc_key_replace(oc_nvm *nvm, oc_stored_key *key, const uint8_t secret[OC_KEY_SIZE]);

static inline bool oc_key_blocked(const oc_stored_key *key)
{
    return key->tries != 0 && (key->tries & 0x0F) == 0;
}
/* 63Cx for the tries left; an unlimited key answers 63CF. */
static inline unsigned oc_key_left(const oc_stored_key *key)
{
    return key->tries == 0 ? 0x0F : key->tries & 0x0Fu;
}

/* A comparison is paid for before it is made: oc_key_attempt takes one try in non-volatile memory and commits that
 * (with whatever the command has written before), and only oc_key_restore gives it back after success. So taking
 * power away gains nothing, and costs at most one try. */
OC_MUST_USE oc_result oc_key_attempt(oc_nvm *nvm, oc_stored_key *key);
OC_MUST_USE oc_result oc_key_restore(oc_nvm *nvm, oc_stored_key *key);

#ifdef __cplusplus
}
#endif
#endif
