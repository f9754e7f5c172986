/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_TRACE_LINES_H
#define OC_REPORTS_BUNDLE_TRACE_LINES_H

#include "reports/bundle/chain.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* traces/PASS/CASE.jsonl: a line of JSON for each record of the case's chain, in its order:
 *     {"n":1,"element":"case","depth":0,"attributes":{...},"text":"","link":"<64 hex digits>"}
 * Characters of ids other than letters, digits, '-', '_' and dots within stand as %XX; a repeat adds "~N". */
#define OC_TRACE_PATH_MAX 512
OC_MUST_USE oc_result oc_trace_path(char out[OC_TRACE_PATH_MAX], const xmlNode *one_case);

/* Appends the lines, and gives the last link, as oc_chain_case does. */
OC_MUST_USE oc_result oc_trace_lines(oc_buf *out, oc_chain *chain, const oc_chain_seed *seed, const xmlNode *one_case,
                                     char last[OC_CHAIN_DIGITS + 1]);

#ifdef __cplusplus
}
#endif
#endif
