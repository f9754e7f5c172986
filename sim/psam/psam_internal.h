/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_PSAM_PSAM_INTERNAL_H
#define OC_PSAM_PSAM_INTERNAL_H

#include "sim/psam/psam.h"

#define OC_PSAM_BLOCK_MAX 16
#define OC_PSAM_FACTOR 8
#define OC_PSAM_FACTORS_MAX 3
#define OC_PSAM_AMOUNTS 12 /* A || B || C */

/* Usage byte of a key: top three bits the number of levels, low five the kind (ssc-card sheet 6.1). */
#define OC_PSAM_KIND_MASK 0x1Fu
#define OC_PSAM_KIND_PURCHASE 2u
#define OC_PSAM_KIND_LAST 8u

/* What a key may do in 80 FA. */
enum oc_psam_use { OC_PSAM_ENCIPHER = 0x01, OC_PSAM_MAC = 0x02 };

/* Volatile state. */
typedef struct oc_psam_state {
    bool temporary_ready; /* BF DE made it, the last 80 FA of a group erases it */
    bool purchase_ready;  /* between 80 70 and 80 72 */
    uint8_t uses;         /* of the temporary key, OC_PSAM_* */
    uint8_t group;        /* what the 80 FA before began and goes on with: OC_PSAM_*, 0 for a new group */
    oc_key temporary;
    uint8_t chain[OC_PSAM_BLOCK_MAX];
    oc_key purchase;
    oc_stored_key purchase_entry; /* its try counter; without the secret */
    uint8_t amounts[OC_PSAM_AMOUNTS];
} oc_psam_state;

/* Diversifies `stored` by the factors as they stand on the wire, the card's first (sheet 6.3), and makes the
 * session key for `input`. */
OC_MUST_USE oc_result oc_psam_session(const oc_card_context *context, const oc_stored_key *stored, oc_span factors,
                                      oc_span input, oc_key *session);

/* 9000, or 6982 where the PSAM has a PIN of its own that was not verified. */
oc_sw oc_psam_ready(const oc_card_context *context);

/* A key of the current directory, else of its environment. */
bool oc_psam_find_key(const oc_card_context *context, const oc_key_query *query, oc_stored_key *key);

oc_card_handler oc_psam_init_descrypt;
oc_card_handler oc_psam_descrypt;
oc_card_handler oc_psam_init_purchase;
oc_card_handler oc_psam_credit_purchase;

#endif
