/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_FRAGMENT_H
#define OC_CONFORMANCE_RECORD_FRAGMENT_H

#include "conformance/record/outcome.h"
#include "reports/bundle/chain.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One journal entry each: an element on one line (line feeds of the content are character references), without a
 * namespace of its own; in result.xml it stands inside <result> and takes that one's. Appends to `out`. */
OC_MUST_USE oc_result oc_fragment_run(oc_buf *out, const oc_run_info *info, const char *vectors_digest);
OC_MUST_USE oc_result oc_fragment_pass(oc_buf *out, const oc_pass_info *pass);
/* Appends XML without indentation as one line: every line feed belongs to a text, where its reference means the same. */
OC_MUST_USE oc_result oc_fragment_on_one_line(oc_buf *out, const unsigned char *xml, size_t len);
/* Puts another last link in the place of `old` in the case that begins at `from`. */
OC_MUST_USE oc_result oc_fragment_set_chain(oc_buf *entry, size_t from, const char *old, const char *digits);
/* With the last link of its chain as @chain, unless `chain` is NULL. */
OC_MUST_USE oc_result oc_fragment_case(oc_buf *out, const oc_outcome *outcome, unsigned repeat, oc_chain *chain,
                                       const oc_chain_seed *seed);
OC_MUST_USE oc_result oc_fragment_difference(oc_buf *out, const char *id, const char *pass_a,
                                             enum oc_verdict verdict_a, const char *pass_b, enum oc_verdict verdict_b);
OC_MUST_USE oc_result oc_fragment_one_link(oc_buf *out, const char *id, const char *pass, const char *why);

#ifdef __cplusplus
}
#endif
#endif
