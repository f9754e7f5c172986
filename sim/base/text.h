/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_TEXT_H
#define OC_BASE_TEXT_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether it is the same in all encodings used here: bytes below 80 alone. */
bool oc_text_is_ascii(oc_span text);

/* Card text is GB18030, everything else is UTF-8; conversion by iconv. FORMAT when a character cannot be
 * converted; `out` is then unchanged. Both append. */
OC_MUST_USE oc_result oc_text_to_card(oc_buf *out, oc_span utf8);
OC_MUST_USE oc_result oc_text_from_card(oc_buf *out, oc_span gb18030);

/* 1 to 18 decimal digits, perhaps with - in front, and nothing else. False, and *out as it was, for other text. */
OC_MUST_USE bool oc_text_to_number(oc_span text, int64_t *out);

#ifdef __cplusplus
}
#endif
#endif
