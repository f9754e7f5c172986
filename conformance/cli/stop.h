/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_STOP_H
#define OC_CONFORMANCE_CLI_STOP_H

#include <signal.h>
#include <stdbool.h>

/* Private to the command line: how the user stops a run. The first SIGINT or SIGTERM lets the cases that run end and
 * says on standard error what one more does. On a simulated card the next one kills. A card that lasts would keep what
 * the case was doing to it, so there the second one changes nothing, a habit of the fingers; the third one kills. */

/* Becomes non-zero with the first signal. */
const volatile sig_atomic_t *oc_stop_watch(bool card_lasts);

#endif
