/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_DESCRIBE_H
#define OC_HOST_MEDICAL_DESCRIBE_H

#include "sim/base/bytes.h"
#include "sim/host/medical/region.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The field tables as a page of text, UTF-8, in English and Chinese: from the data that messages are checked by. Each field
 * with its type, longest length, when it has to be there, how well it is attested, its dictionary, and in what the other
 * regions differ. */

#define OC_MED_ENVELOPE "envelope"

/* Appends the message of a number, or the two envelopes for OC_MED_ENVELOPE. NOT_FOUND for another text. */
OC_MUST_USE oc_result oc_med_describe(oc_buf *out, const oc_region *region, const oc_region *const *others,
                                      size_t other_count, const char *infno);

/* Appends everything: the rules of each region, the envelopes, every message. */
OC_MUST_USE oc_result oc_med_describe_all(oc_buf *out, const oc_region *region, const oc_region *const *others,
                                          size_t other_count);

#ifdef __cplusplus
}
#endif
#endif
