/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_CONVERT_H
#define OC_CONFORMANCE_ACCEPT_CONVERT_H

#include "conformance/accept/order_map.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Appends what a card holds for `text` of the order in a place of that kind, without its filling: GB18030 text, packed
 * digits (an odd number closed with F), bytes. FORMAT with the reason, which does not repeat the text: it may be a
 * name. */
OC_MUST_USE oc_result oc_convert(oc_buf *out, const oc_map_item *item, enum oc_kind kind, const char *text,
                                 oc_diag *diag);

/* `count` digits of `text` and nothing else, packed; odd numbers are closed with F. */
OC_MUST_USE oc_result oc_convert_digits(oc_buf *out, const char *text, oc_diag *diag);

/* True for eight digits that are a day of the calendar. */
bool oc_is_date(const char digits[8]);

#ifdef __cplusplus
}
#endif
#endif
