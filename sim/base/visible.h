/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_VISIBLE_H
#define OC_BASE_VISIBLE_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Appends `text` so that it can stand in XML 1.0 and deceives nobody: what XML cannot carry and what is not UTF-8
 * becomes \xHH byte by byte; characters that reorder or hide a line (bidirectional controls, C1 controls,
 * zero-width marks) become \uHHHH. Tab and line feed stay. NULL counts as "". A closing NUL follows the content
 * without counting in `out->len`. */
OC_MUST_USE oc_result oc_visible_text(oc_buf *out, const char *text);

/* Whether oc_visible_text would leave it as it is, which most texts are. *len receives its length where so. */
bool oc_visible_stays(const char *text, size_t *len);

#ifdef __cplusplus
}
#endif
#endif
