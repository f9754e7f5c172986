/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/wait.h"

#include <time.h>

#include "sim/base/clock.h"

/* As a rule a sleep ends no later than this after its time. */
#define SLEEP_SLACK_NS 200000u

void oc_wait_ms(uint32_t ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0) {
    }
}

void oc_wait_until(uint64_t end_ns)
{
    uint64_t now = oc_clock_now_ns();
    while (now < end_ns) {
        uint64_t left = end_ns - now;
        if (left > SLEEP_SLACK_NS) {
            left -= SLEEP_SLACK_NS;
            nanosleep(&(struct timespec){(time_t)(left / 1000000000u), (long)(left % 1000000000u)}, NULL);
        }
        now = oc_clock_now_ns();
    }
}
