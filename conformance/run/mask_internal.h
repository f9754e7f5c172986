/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_MASK_INTERNAL_H
#define OC_CONFORMANCE_RUN_MASK_INTERNAL_H

#include "conformance/run/mask.h"

/* Private to the mask's two files. */
bool oc_mask_is_open(const oc_mask *mask);
bool oc_mask_has_secret_tag(const oc_mask *mask, uint8_t tag);
/* True when the bytes are, from beginning to end, one known secret, with or without its padding. */
/* The reference of the record value that these bytes are, in one of its forms; or NULL. */
const char *oc_mask_value_reference(const oc_mask *mask, oc_span bytes);
bool oc_mask_knows(const oc_mask *mask, oc_span bytes);

#endif
