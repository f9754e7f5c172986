/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_REACH_H
#define OC_CONFORMANCE_DUT_REACH_H

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether somebody serves where a party under test is said to be. Where nobody does there is nothing to judge: the run
 * ends before its first case. UNAVAILABLE then. */

/* A connection of TCP that does not block, closed by the caller. `host`: a name or an address without brackets. */
OC_MUST_USE oc_result oc_reach_open(int *fd, const char *host, unsigned port, int timeout_ms, oc_diag *diag);

/* Connects to the host and port of a URL of http, https, ws or wss, and hangs up. `who` ("the bridge") begins the
 * reason. USAGE for what is no such URL. */
OC_MUST_USE oc_result oc_reach_url(const char *url, const char *who, int timeout_ms, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
