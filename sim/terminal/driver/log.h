/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_DRIVER_LOG_H
#define OC_TERMINAL_DRIVER_LOG_H

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Notes why a call failed inside the driver: reader, settings, key pad program. A library has no standard output of its
 * own, so this goes to the file, or with "" to the system's log. Codes that a card, a PSAM or the holder brought about
 * are not noted, nor is anything that was typed or read. Never fails. */
void oc_driver_log(const char *file, const char *function, const oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
