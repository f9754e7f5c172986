/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_ISSUER_HSM_H
#define OC_ISSUER_HSM_H

#include "sim/profile/profile.h"

/* The issuer's security module, in software: it has the key hierarchy of a profile, serves one chip at a time and
 * gives keys out only wrapped for that chip's LOAD KEY. */
typedef struct oc_hsm oc_hsm;

/* Borrows `profile` and `crypto`. `atr` is that of the chip to be issued: its last 8 bytes are the factor. */
OC_MUST_USE oc_result oc_hsm_new(oc_hsm **out, const oc_profile *profile, oc_crypto *crypto, oc_span atr,
                                 oc_diag *diag);
void oc_hsm_free(oc_hsm **hsm);

/* The proof for CHECK TRANSPORT KEY, 8 or 16 bytes. */
OC_MUST_USE oc_result oc_hsm_transport_proof(oc_hsm *hsm, oc_wr *out);

/* One LOAD KEY. Levels: 0 the root, 1 the province's, 2 the city's, 3 the chip's own key. */
enum { OC_HSM_ROOT, OC_HSM_PROVINCE, OC_HSM_CITY, OC_HSM_CHIP };

#define OC_HSM_HEADER_ALG 5 /* byte of the header that names the key's algorithm */

typedef struct oc_hsm_load {
    const char *dir;   /* whose master key protects the load */
    bool is_master;    /* the load brings that master key itself, protected by the transport key */
    oc_key_name name;  /* of the key, unless `pin` stands */
    unsigned levels;   /* how far it is diversified */
    oc_span pin;       /* packed digits to be loaded instead of a key */
    uint8_t header[8]; /* sim/base/perso_format.h */
} oc_hsm_load;

OC_MUST_USE oc_result oc_hsm_wrap(oc_hsm *hsm, const oc_hsm_load *load, uint8_t out[32], oc_diag *diag);

/* The check bytes of a card id code under the chip's IRK. */
OC_MUST_USE oc_result oc_hsm_card_id_check(oc_hsm *hsm, oc_span first12, uint8_t out[4], oc_diag *diag);

#endif
