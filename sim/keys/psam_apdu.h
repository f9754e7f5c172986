/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_KEYS_PSAM_APDU_H
#define OC_KEYS_PSAM_APDU_H

#include "sim/crypto/crypto.h"
#include "sim/link/t0.h"

/* How a PSAM is addressed, for all who talk to one: the terminal and the key provider (ssc-card sheet 8). */

#define OC_PSAM_FID_MF 0x3F00
#define OC_PSAM_FID_DF01 0xDF01

/* The environment of SM4 keys, "sx3.sh." and 社会保障, and the name of its application. 3DES keys are found from the MF
 * by the application's name, SM4 keys by the environment's and then DF01. */
extern const oc_span oc_psam_sm4_environment;
extern const oc_span oc_psam_application;

/* Levels that the PSAM derives itself: the top three bits of the usage byte (ssc-card sheet 6.1). */
static inline unsigned oc_psam_levels(uint8_t usage)
{
    return usage >> 5;
}

/* BF DE INIT FOR DESCRYPT: the nearest level's factor comes first on the wire (ssc-card sheet 6.3). `factors` are 8 bytes
 * each, the card's, the city's and the province's; `input` makes the session key and is filled up to `block` bytes. The
 * command borrows `room`, which takes the body. */
#define OC_PSAM_INIT_MAX (3 * 8 + 16)
oc_apdu oc_psam_init_descrypt_apdu(uint8_t usage, uint8_t psam_id, const uint8_t *const factors[3], oc_span input,
                                   size_t block, uint8_t room[OC_PSAM_INIT_MAX]);

#endif
