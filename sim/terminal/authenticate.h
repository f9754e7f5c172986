/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_AUTHENTICATE_H
#define OC_TERMINAL_AUTHENTICATE_H

#include "sim/terminal/call.h"
#include "sim/terminal/key_table.h"

/* The PSAM's answer to a challenge for this card: session key from `challenge` under the key diversified for the card,
 * `text` enciphered with it (BF DE, 80 FA; ssc-card sheet 6.5, 6.6). All 8 bytes. Ends the call when the PSAM refuses;
 * the PSAM's application must be open. */
OC_MUST_USE oc_result oc_psam_cryptogram(struct oc_call *call, const struct oc_terminal_key *key,
                                         const uint8_t challenge[8], const uint8_t text[8], uint8_t out[8]);

/* Under the same session key: `data`, whole blocks, enciphered to as many bytes; the MAC of a secured command, of up to
 * 220 bytes, whose initial vector is zero (ssc-card sheet 6.7). Each asks the PSAM for the session key anew, which it
 * forgets after one use. */
OC_MUST_USE oc_result oc_psam_encipher(struct oc_call *call, const struct oc_terminal_key *key,
                                       const uint8_t challenge[8], oc_span data, uint8_t *out);
OC_MUST_USE oc_result oc_psam_mac(struct oc_call *call, const struct oc_terminal_key *key, const uint8_t challenge[8],
                                  oc_span message, uint8_t mac[4]);

/* GET CHALLENGE and EXTERNAL AUTHENTICATE with one key, whose directory is selected. */
OC_MUST_USE oc_result oc_authenticate_terminal(struct oc_call *call, const struct oc_terminal_key *key);

#endif
