/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_PROFILE_VALUES_H
#define OC_PROFILE_VALUES_H

#include "sim/base/diag.h"
#include "sim/profile/profile.h"

/* How a profile writes values: hex and 'text' tokens divided by spaces; text becomes GB18030. */

/* Appends the bytes of `tokens`. On failure the reason is in `diag`, without a place. */
OC_MUST_USE oc_result oc_value_parse(oc_buf *out, const char *tokens, oc_diag *diag);

/* Appends a record's value of exactly `len` bytes: packed digits are closed and filled up with F, text and binary
 * with 00 (ssc-card 4.1). */
OC_MUST_USE oc_result oc_value_of_kind(oc_buf *out, enum oc_kind kind, size_t len, const char *tokens, oc_diag *diag);

/* The value without what its kind fills it up with. */
oc_span oc_value_trimmed(enum oc_kind kind, oc_span value);

#endif
