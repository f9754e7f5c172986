/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_HSM_SIDE_H
#define OC_TERMINAL_HSM_SIDE_H

#include "sim/terminal/call.h"
#include "sim/terminal/key_table.h"

/* The strings that go to the HSM and come back (ssc-terminal sheet 4.5 to 4.8), and what steps share. */

#define OC_HSM_KEY_VERSION 1 /* which cards answer to by default */

/* Append one item and its bar. */
OC_MUST_USE oc_result oc_terminal_hsm_put(oc_buf *out, oc_span text);
OC_MUST_USE oc_result oc_terminal_hsm_put_hex(oc_buf *out, oc_span bytes);
/* "01", "03", or the names, as the settings have it. */
OC_MUST_USE oc_result oc_terminal_hsm_put_algorithm(struct oc_call *call, oc_buf *out);
/* The algorithm and the key's address. */
OC_MUST_USE oc_result oc_terminal_hsm_put_key(struct oc_call *call, oc_buf *out, const struct oc_terminal_key *key,
                                              uint8_t version);

/* Bytes of an item in hex. Ends the call: another length -42, another character -41. */
OC_MUST_USE oc_result oc_terminal_hsm_take(struct oc_call *call, oc_span hex, uint8_t *bytes, size_t len);

/* GET CHALLENGE, 8 bytes. */
OC_MUST_USE oc_result oc_terminal_hsm_challenge(struct oc_call *call, uint8_t challenge[8]);

/* Sets the answer "out" and frees the buffer; where `r` failed or the call ended it only frees. */
OC_MUST_USE oc_result oc_terminal_hsm_answer(struct oc_call *call, oc_buf *out, oc_result r);

#endif
