/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_APPS_PKI_INTERNAL_H
#define OC_APPS_PKI_INTERNAL_H

#include "sim/apps/pki_app.h"
#include "sim/crypto/sm2.h"

/* What the commands of the certificate application share. */

#define OC_PKI_BLOCK 16
#define OC_PKI_MAC 4
#define OC_PKI_USER 0x81 /* references of the PINs */
#define OC_PKI_ADMINISTRATOR 0x00

enum { OC_PKI_TAG_PUBLIC_FILE = 0xC0, OC_PKI_TAG_DATA = 0xC1, OC_PKI_TAG_PRIVATE_FILE = 0xC2 };
enum { OC_PKI_TAG_PUBLIC_KEY = 0xCA, OC_PKI_TAG_PRIVATE_KEY = 0xCB };
enum { OC_PKI_SIGNATURE_PRIVATE = 0x0013, OC_PKI_ENCIPHERING_PRIVATE = 0x0015 };

/* Volatile state; all of it goes with the directory. */
typedef struct oc_pki_state {
    bool master_passed;
    bool administrator_verified;
    bool has_session_key;
    uint16_t prepared;  /* public file of the pair to be generated, 0 for none */
    uint16_t generated; /* of the pair just generated */
    uint8_t session_key[OC_KEY_SIZE];
} oc_pki_state;

static inline oc_pki_state *oc_pki_state_of(const oc_card_context *context)
{
    return context->state;
}

/* The user's PIN, or the transport key while the card is personalised: 9000 or 6982. */
oc_sw oc_pki_user_right(const oc_card_context *context);

/* PIN or master key of the current directory. */
bool oc_pki_find(const oc_card_context *context, enum oc_key_kind kind, uint8_t id, oc_stored_key *out);
/* The SM4 key that it is: a PIN by its SM3. */
OC_MUST_USE oc_result oc_pki_use(oc_card_context *context, const oc_stored_key *stored, oc_key *key);

/* Checks the cryptogram over the challenge that makes up the body. 9000, 6983, 6984 or 63Cx in context->sw. */
OC_MUST_USE oc_result oc_pki_authenticate(oc_card_context *context, oc_stored_key *stored);
/* Opens a body of enciphered data || MAC4 under `stored` into `plain`, body less MAC bytes long. 9000, 6983, 6984 or
 * 6988 in context->sw. */
OC_MUST_USE oc_result oc_pki_open(oc_card_context *context, oc_stored_key *stored, uint8_t *plain);

/* One object of the body: exactly this tag, of `len` bytes or, with 0, of any. */
bool oc_pki_take(oc_rd *body, uint32_t tag, size_t len, oc_span *value);
/* The same for an object that names a file. */
bool oc_pki_take_fid(oc_rd *body, uint32_t tag, uint16_t *fid);

/* The two files of a key pair; public is 0 where no pair has this private file, and the other way round. */
uint16_t oc_pki_private_of(uint16_t public_fid);
uint16_t oc_pki_public_of(uint16_t private_fid);

/* Key files of the current directory. 9000, 6A82 without the file, 6A88 when it holds no key (yet). */
OC_MUST_USE oc_result oc_pki_read_key(oc_card_context *context, uint16_t fid, uint8_t tag, uint8_t *out, oc_sw *sw);
OC_MUST_USE oc_result oc_pki_write_key(oc_card_context *context, uint16_t fid, uint8_t tag, oc_span key, oc_sw *sw);

/* One function a command. */
oc_card_handler oc_pki_master_key, oc_pki_verify, oc_pki_change_pin, oc_pki_reload_pin, oc_pki_load_key;
oc_card_handler oc_pki_prepare, oc_pki_generate, oc_pki_get_public, oc_pki_import_session, oc_pki_import_public,
    oc_pki_import_private;
oc_card_handler oc_pki_hash, oc_pki_sign, oc_pki_decipher_key, oc_pki_decipher;

#endif
