/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_BRIDGE_DIALECT_H
#define OC_CONFORMANCE_DUT_BRIDGE_DIALECT_H

#include "conformance/dut/terminal_dut.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a browser bridge says calls and results in JSON: data (vectors/schema/bridge.xsd). Immutable; threads may share
 * it. */
typedef struct oc_bridge_dialect oc_bridge_dialect;

/* FORMAT with file, line and reason. */
OC_MUST_USE oc_result oc_bridge_dialect_load(oc_bridge_dialect **out, const char *path, oc_diag *diag);
void oc_bridge_dialect_free(oc_bridge_dialect **dialect);

/* Whether the bridge offers the function. */
bool oc_bridge_dialect_has(const oc_bridge_dialect *dialect, const char *function);
/* Appends the request, JSON without a line end. FORMAT when an argument is no text. */
OC_MUST_USE oc_result oc_bridge_dialect_request(const oc_bridge_dialect *dialect, const char *function,
                                                const oc_fields *args, oc_buf *out, oc_diag *diag);
/* Reads the reply to it. A failure without a number of its own has the text of its result as "code": "false". What is no
 * reply is a breach. */
OC_MUST_USE oc_result oc_bridge_dialect_answer(const oc_bridge_dialect *dialect, const char *function, oc_span reply,
                                               oc_fields *answer, oc_breach *breach);

#ifdef __cplusplus
}
#endif
#endif
