/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_VISIBLE_H
#define OC_CONFORMANCE_RECORD_VISIBLE_H

#include "sim/base/visible.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Appends `text` with every absolute path cut to ".../" and its last part: a record tells nothing about the
 * machine's folders. Paths begin at a blank, a quote, '=', ':' or ','; a URL's "//" is no path. A closing NUL follows
 * as with oc_visible_text. */
OC_MUST_USE oc_result oc_visible_paths(oc_buf *out, const char *text);

/* Whether it would leave the text as it is. */
bool oc_visible_paths_stay(const char *text);

#ifdef __cplusplus
}
#endif
#endif
