/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/fault.h"

/* Over T=0 the data that answer a command with data wait in the card for GET RESPONSE (ISO/IEC 7816-4 5.3.4). A fault
 * that changes a whole answer, or gives it in pieces, takes them from the card and lets them wait here. */

#define SW1_MORE 0x61
#define SW1_EXACT_LENGTH 0x6C
#define INS_GET_RESPONSE 0xC0
#define STATUS_WORD_LEN 2
/* As many exchanges as follow a command at most (oc_apdu_transmit). */
#define FOLLOW_MAX 16

static bool waits(const oc_buf *answer)
{
    return answer->len >= STATUS_WORD_LEN && answer->at[answer->len - STATUS_WORD_LEN] == SW1_MORE;
}

oc_result oc_fault_gather(const oc_fault_card *card, oc_buf *answer, bool *waited, oc_diag *diag)
{
    oc_buf more = {0};
    oc_result r = oc_ok();
    *waited = waits(answer);
    for (unsigned i = 0; i < FOLLOW_MAX && oc_is_ok(r) && waits(answer); i++) {
        const uint8_t command[] = {0x00, INS_GET_RESPONSE, 0x00, 0x00, answer->at[answer->len - 1]};
        const oc_span span = oc_span_of(command, sizeof command);
        oc_buf_clear(&more);
        r = card->exchange(card->self, &span, OC_RESET_COLD, &more, diag);
        answer->len -= STATUS_WORD_LEN;
        if (oc_is_ok(r)) {
            r = oc_buf_append(answer, oc_buf_span(&more));
        }
    }
    oc_buf_free(&more);
    return r;
}

/* What the next GET RESPONSE may have. */
static size_t available(const oc_fault *fault)
{
    size_t left = fault->held.len - STATUS_WORD_LEN - fault->held_at;
    size_t most = fault->pieces > 0 && fault->pieces < 256 ? fault->pieces : 256;
    return left < most ? left : most;
}

static oc_result more_waits(const oc_fault *fault, oc_buf *answer)
{
    const uint8_t sw[] = {SW1_MORE, (uint8_t)available(fault)};
    return oc_buf_append(answer, oc_span_of(sw, sizeof sw));
}

oc_result oc_fault_give(oc_fault *fault, oc_buf *answer, bool waited)
{
    if (!waited || answer->len <= STATUS_WORD_LEN) {
        return oc_ok();
    }
    OC_TRY(oc_buf_set(&fault->held, oc_buf_span(answer)));
    fault->held_at = 0;
    oc_buf_clear(answer);
    return more_waits(fault, answer);
}

static oc_result serve(oc_fault *fault, uint8_t le, oc_buf *answer)
{
    size_t ready = available(fault);
    size_t wanted = le == 0 ? ready : le;
    if (wanted > ready) {
        const uint8_t sw[] = {SW1_EXACT_LENGTH, (uint8_t)ready};
        return oc_buf_append(answer, oc_span_of(sw, sizeof sw));
    }
    OC_TRY(oc_buf_append(answer, oc_span_slice(oc_buf_span(&fault->held), fault->held_at, wanted)));
    fault->held_at += wanted;
    if (available(fault) > 0) {
        return more_waits(fault, answer);
    }
    oc_span sw = oc_span_slice(oc_buf_span(&fault->held), fault->held.len - STATUS_WORD_LEN, STATUS_WORD_LEN);
    oc_result r = oc_buf_append(answer, sw);
    oc_buf_clear(&fault->held);
    return r;
}

oc_result oc_fault_held(oc_fault *fault, oc_span command, oc_buf *answer, bool *served)
{
    *served = fault->held.len > 0 && command.len == 5 && command.at[1] == INS_GET_RESPONSE;
    oc_buf_clear(answer);
    if (*served) {
        return serve(fault, command.at[4], answer);
    }
    oc_buf_clear(&fault->held);
    return oc_ok();
}
