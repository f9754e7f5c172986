/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_HELPER_H
#define OC_REPORTS_BUNDLE_HELPER_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Runs `command` with sh -c, gives it `input` on standard input and takes what it prints, at most `limit` bytes; its
 * standard error is this program's. UNAVAILABLE when it does not start, ends with another status than 0, prints more,
 * or says nothing for `timeout_ms`. It is killed then, with the group of processes that it began. */
OC_MUST_USE oc_result oc_helper_run(oc_buf *out, const char *command, oc_span input, size_t limit, int timeout_ms,
                                    oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
