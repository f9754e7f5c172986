/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_FORMATS_FACTS_TEXT_H
#define OC_REPORTS_FORMATS_FACTS_TEXT_H

#include "reports/formats/facts.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Texts of a case, private to the formats. All append visible text and a closing NUL that is not counted. */

/* The English title, else the Chinese, on one line. */
OC_MUST_USE oc_result oc_format_title(oc_buf *out, const xmlNode *one_case);
/* The reason of the record, else what was expected and received, on one line; never nothing. */
OC_MUST_USE oc_result oc_format_reason(oc_buf *out, const xmlNode *one_case);
/* A path from the record, which may be hostile, as a relative one that leads nowhere outside: "a/../b" is "b"; of an
 * absolute one, and of one that leads out, the last part stands. NULL counts as "". */
OC_MUST_USE oc_result oc_format_safe_path(oc_buf *out, const char *path);
/* Without line feeds and tabs, blanks joined, none at the ends. */
OC_MUST_USE oc_result oc_format_one_line(oc_buf *out, const char *text);

#ifdef __cplusplus
}
#endif
#endif
