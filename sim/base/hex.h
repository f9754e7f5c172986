/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_HEX_H
#define OC_BASE_HEX_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Value of one hexadecimal digit of either case, or -1. */
int oc_hex_digit(char c);

/* Appends the bytes written in `text` (`len` characters; upper or lower case; blanks between bytes allowed).
 * FORMAT on an odd digit or a foreign character; `out` is then unchanged. */
OC_MUST_USE oc_result oc_hex_decode(oc_buf *out, const char *text, size_t len);

/* Writes `s` in upper case with a closing NUL into `out`; what does not fit in `room` is left out. */
void oc_hex_encode(char *out, size_t room, oc_span s);

/* Whether `text` holds the bytes in hex, in either case, with or without blanks or colons between them. No bytes occur
 * nowhere. */
bool oc_hex_occurs(oc_span text, oc_span bytes);

#ifdef __cplusplus
}
#endif
#endif
