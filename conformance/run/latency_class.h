/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_LATENCY_CLASS_H
#define OC_CONFORMANCE_RUN_LATENCY_CLASS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The command class under which an exchange is timed, by its header: "READ RECORD", ... "other" for what has no
 * name here. Static text. */
const char *oc_latency_class(uint8_t cla, uint8_t ins, uint8_t p1);

#ifdef __cplusplus
}
#endif
#endif
