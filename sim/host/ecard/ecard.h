/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_ECARD_ECARD_H
#define OC_HOST_ECARD_ECARD_H

#include "sim/base/clock.h"
#include "sim/base/fields.h"
#include "sim/base/random.h"
#include "sim/host/medical/medical.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The electronic social security card: signed after an identity check, bound one-to-one to a physical card, shown as a
 * short-lived code (token.h), verified, revoked, bound anew after a replacement. Demonstration of this project: rules and
 * formats are its choice and never conformance of anybody. It shares the store of the medical back-end, so that a code
 * can stand for a medium there (mdtrt_cert_type 01), and a listed card is refused here too. */
typedef struct oc_ecard oc_ecard;

typedef struct oc_ecard_parts {
    oc_medical *medical;   /* borrowed; its persons, cards and store */
    const oc_clock *clock; /* borrowed; NULL: the machine's time of day */
    oc_random *random;     /* borrowed; NULL: the machine's */
} oc_ecard_parts;

OC_MUST_USE oc_result oc_ecard_new(oc_ecard **out, const oc_ecard_parts *parts);
void oc_ecard_free(oc_ecard **ecard);

#define OC_ECARD_LIFETIME 60     /* seconds that a code lives */
#define OC_ECARD_CHECK_AGE 600   /* seconds that an identity check holds */
#define OC_ECARD_VOUCHER_AGE 300 /* seconds that an ecToken can be used for settlement */

/* Answers a message; texts UTF-8. The answer (emptied first) holds "result": "accepted", "refused" with "reason", or
 * "unknown-message".
 *   ecard-check   id-number, name -> check-no          reasons: person, name, standing
 *   ecard-sign    check-no, id-number, card-id (32 hex digits) -> serial
 *                 reasons: check-unknown, check-expired, check-foreign, check-used, card-foreign, card-listed, bound
 *   ecard-show    serial, scope (medical, transit, library, platform) -> token
 *                 reasons: unknown, revoked, card-listed, scope
 *   ecard-verify  token, scope -> serial, psn-no       reasons: those of OC_ECARD_FLAWS, unknown, replayed, revoked,
 *                 card-listed, card-replaced (shown under a card that the serial was bound to before)
 *   ecard-revoke  serial                               reasons: unknown, revoked
 *   ecard-rebind  serial, card-id: to a new card of the same holder, when the old one is listed
 *                 reasons: unknown, revoked, card-foreign, card-listed, card-in-use, bound
 *   ecard-query   token (scope medical) -> ec-token, id-number, name: as the electronic voucher's query does
 *                 (settlement-backend sheet 6); reasons as of ecard-verify
 * A code is taken once. */
OC_MUST_USE oc_result oc_ecard_message(oc_ecard *ecard, const char *name, const oc_fields *in, oc_fields *answer,
                                       oc_diag *diag);

/* The public key that verifies codes: X || Y. Borrowed. */
oc_span oc_ecard_public_key(const oc_ecard *ecard);

#ifdef __cplusplus
}
#endif
#endif
