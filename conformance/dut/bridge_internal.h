/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_BRIDGE_INTERNAL_H
#define OC_CONFORMANCE_DUT_BRIDGE_INTERNAL_H

#include "conformance/dut/bridge_dialect.h"

/* Private to the sources named bridge*.c and terminal_bridge.c. */

/* How requests reach a bridge and replies come back. What the bridge does wrong is a breach. */
typedef struct oc_bridge_way {
    oc_result (*ask)(void *self, oc_span request, int timeout_ms, oc_buf *reply, oc_breach *breach, oc_diag *diag);
    void (*free)(void *self);
    void *self;
} oc_bridge_way;

OC_MUST_USE oc_result oc_bridge_http(oc_bridge_way *out, const char *url, oc_diag *diag);
OC_MUST_USE oc_result oc_bridge_ws(oc_bridge_way *out, const char *url, oc_diag *diag);

#endif
