/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_INFO_H
#define OC_TERMINAL_INFO_H

#include "sim/base/hex.h"
#include "sim/terminal/call.h"

/* The strings of the driver interface: items closed by '|', groups by '$', parts of an item joined by '^'; GB18030. */

/* Takes what stands before the next `mark` and steps over it; false without one. A byte inside a GB18030 character is
 * no mark. */
bool oc_info_take(oc_span *rest, char mark, oc_span *item);

bool oc_info_all_hex(oc_span text);
bool oc_info_all_digits(oc_span text);

/* Whether it is whole GB18030 characters without control characters and without the marks '|', '$' and '^'. */
bool oc_info_is_plain(oc_span text);

/* Without the padding of an `an` value: trailing 00 and FF. */
oc_span oc_info_trim(oc_span value);

/* Text of a card's value. Ends the call with -41 when it holds one of the marks or a control character: such a value
 * would forge items. Bytes inside a GB18030 character are no marks. */
OC_MUST_USE oc_result oc_info_append_text(struct oc_call *call, oc_buf *out, oc_span value);
/* Packed digits, without the padding of a `cn` value: trailing F. */
OC_MUST_USE oc_result oc_info_append_digits(oc_buf *out, oc_span value);
OC_MUST_USE oc_result oc_info_append_hex(oc_buf *out, oc_span value);

/* READ RECORD by tag in the file `sfi` of the current directory. `value` lies in call->response, without tag and
 * length. A record that is not tag, length, value ends the call with -42. */
OC_MUST_USE oc_result oc_info_read_record(struct oc_call *call, uint8_t sfi, uint8_t tag, oc_span *value);

/* An amount in yuan with up to two decimals, to fen; no floating point. False for anything else, or over 32 bits. */
bool oc_info_yuan(oc_span text, uint32_t *fen);
/* Fen as yuan with two decimals. `out` holds at least 16. */
void oc_info_print_yuan(char *out, size_t room, uint32_t fen);
/* YYYYMMDDhhmmss to packed digits; false for what is no date and time. */
bool oc_info_time(oc_span text, uint8_t out[7]);

#endif
