/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_TIME_STAMP_H
#define OC_REPORTS_BUNDLE_TIME_STAMP_H

#include "reports/bundle/trust.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Time stamps of RFC 3161: an authority states that it saw some bytes at some time. */
#define OC_TIME_STAMP_BYTES_MAX ((size_t)64 * 1024)

/* A request (DER) for a stamp over `data`, by SHA-256, which asks for the authority's certificate. Replaces `out`. */
OC_MUST_USE oc_result oc_time_stamp_request(oc_buf *out, oc_span data);

/* Whether `response` (DER) is a stamp over `data` by an authority that `trust` leads to; without `trust` only that it is
 * over `data`. *when receives the stated time in seconds since 1970, `who` the name that the authority gives itself, or
 * "". FORMAT with the reason otherwise. */
OC_MUST_USE oc_result oc_time_stamp_check(oc_span response, oc_span data, const oc_trust *trust, int64_t *when,
                                          char who[256], oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
