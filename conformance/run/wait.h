/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_WAIT_H
#define OC_CONFORMANCE_RUN_WAIT_H

#include <stdint.h>

/* Sleeps; a signal does not shorten it. */
void oc_wait_ms(uint32_t ms);
/* Waits until oc_clock_now_ns says so, to the microsecond or so: the last part is spent looking at the clock. */
void oc_wait_until(uint64_t end_ns);

#endif
