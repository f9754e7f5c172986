/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "conformance/run/pass.h"
#include "sim/base/clock.h"

#define WARM_UP 20

static oc_result null_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    (void)kind;
    static const uint8_t bytes[] = {0x3B, 0x00};
    oc_wr_bytes(atr, oc_span_of(bytes, sizeof bytes));
    return oc_ok();
}

static oc_result null_exchange(void *self, oc_span command, oc_wr *response)
{
    (void)self;
    (void)command;
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

static int ascending(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return *left < *right ? -1 : *left > *right ? 1 : 0;
}

static oc_result measure(oc_link *link, uint64_t *samples, size_t room, size_t *count, oc_diag *diag)
{
    static const uint8_t command[] = {0x00, 0x84, 0x00, 0x00, 0x00};
    oc_buf response = {0};
    oc_result r = oc_link_reset(link, OC_RESET_COLD, &response, diag);
    for (size_t i = 0; i < room + WARM_UP && oc_is_ok(r); i++) {
        uint64_t begin = oc_clock_now_ns();
        r = oc_link_transmit(link, oc_span_of(command, sizeof command), &response, diag);
        if (i >= WARM_UP) {
            samples[(*count)++] = oc_clock_now_ns() - begin;
        }
    }
    oc_buf_free(&response);
    qsort(samples, *count, sizeof *samples, ascending);
    return r;
}

oc_result oc_calibrate(const oc_world_plan *plan, uint64_t *samples, size_t room, size_t *count, oc_diag *diag)
{
    *count = 0;
    if (plan->card->kind != OC_SPEC_VIRTUAL) {
        return oc_ok();
    }
    oc_endpoint endpoint = {NULL, null_reset, null_exchange};
    oc_vpcd_card *in_reader = NULL;
    oc_link *link = NULL;
    oc_result r;
    if (plan->pcscd == NULL) {
        r = oc_link_inproc(&link, endpoint);
    } else {
        r = oc_vpcd_card_start(&in_reader, endpoint, oc_private_pcscd_port(plan->pcscd, 0), diag);
        if (oc_is_ok(r)) {
            r = oc_link_pcsc(&link, oc_private_pcscd_reader(plan->pcscd, 0), diag);
        }
    }
    if (oc_is_ok(r)) {
        r = measure(link, samples, room, count, diag);
    }
    oc_link_free(&link);
    oc_vpcd_card_stop(&in_reader);
    return r;
}
