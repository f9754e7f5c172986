/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_PROOF_H
#define OC_HOST_PROOF_H

#include "sim/crypto/key_provider.h"
#include "sim/host/message_fields.h"

/* The card's proofs, recomputed through the key provider. */

/* The message as its form reads it. */
struct oc_message {
    const struct oc_message_form *form;
    const oc_fields *in;
};

enum oc_proof { OC_PROOF_RIGHT, OC_PROOF_WRONG, OC_PROOF_FIELD /* key version, algorithm or factors make no sense */ };

/* `data` is what the TAC covers. An error means that the provider could not answer. */
OC_MUST_USE oc_result oc_proof_of_tac(const oc_key_provider *keys, const struct oc_message *message, oc_span data,
                                      enum oc_proof *proof, oc_diag *diag);

/* The cryptogram of INTERNAL AUTHENTICATE. */
OC_MUST_USE oc_result oc_proof_of_card(const oc_key_provider *keys, const struct oc_message *message,
                                       enum oc_proof *proof, oc_diag *diag);

#endif
