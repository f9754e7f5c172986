/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/card_side.h"

#include <limits.h>

#include "conformance/run/wait.h"
#include "sim/base/clock.h"

static oc_result reset_card(const oc_card_side *side, enum oc_reset kind, oc_buf *answer)
{
    OC_TRY(oc_buf_reserve(answer, OC_ATR_MAX));
    oc_wr wr = oc_wr_of(answer->at, answer->room);
    oc_result r = side->card.reset(side->card.self, kind, &wr);
    answer->len = oc_is_ok(r) && !wr.bad ? wr.len : 0;
    return oc_is_ok(r) && wr.bad ? oc_fail(OC_E_LIMIT) : r;
}

/* oc_fault_card */
static oc_result behind(void *self, const oc_span *command, enum oc_reset kind, oc_buf *answer, oc_diag *diag)
{
    const oc_card_side *side = self;
    (void)diag;
    if (command == NULL) {
        return reset_card(side, kind, answer);
    }
    OC_TRY(oc_buf_reserve(answer, OC_RESPONSE_MAX));
    oc_wr wr = oc_wr_of(answer->at, answer->room);
    oc_result r = side->card.exchange(side->card.self, *command, &wr);
    answer->len = oc_is_ok(r) && !wr.bad ? wr.len : 0;
    return oc_is_ok(r) && wr.bad ? oc_fail(OC_E_LIMIT) : r;
}

static oc_result answer(oc_card_side *side, const oc_span *command, enum oc_reset kind)
{
    const oc_fault_card card = {side, behind};
    uint64_t begin_ns = oc_clock_now_ns();
    oc_diag_clear(&side->ignored);
    oc_buf_clear(&side->answer);
    oc_result r = oc_fault_exchange(side->fault, &card, command, kind, INT_MAX, &side->answer, &side->ignored);
    if (r.code == OC_E_TIMEOUT) {
        oc_wait_ms(OC_CARD_SIDE_MUTE_MS);
    }
    side->is_lost = side->is_lost || !oc_is_ok(r);
    oc_exchange_log_note(
        side->log,
        &(oc_logged_exchange){.actor = side->actor,
                              .exchange = {.is_reset = command == NULL,
                                           .reset = kind,
                                           .command = command == NULL ? oc_span_empty() : *command,
                                           .response = oc_is_ok(r) ? oc_buf_span(&side->answer) : oc_span_empty(),
                                           .failed = !oc_is_ok(r),
                                           .begin_ns = begin_ns,
                                           .end_ns = oc_clock_now_ns()},
                              .fault = side->fault->text,
                              .silent = side->fault->silent});
    return r;
}

static oc_result side_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    oc_card_side *side = self;
    if (!side->is_lent && side->atr.len > 0) {
        side->reset_waits = true;
        oc_exchange_log_powered(side->log, side->actor);
        oc_wr_bytes(atr, oc_buf_span(&side->atr));
        return oc_ok();
    }
    OC_TRY(answer(side, NULL, kind));
    oc_wr_bytes(atr, oc_buf_span(&side->answer));
    bool altered = side->fault->text[0] != '\0';
    side->is_lost = side->is_lost || altered; /* a reader that cannot read the ATR asks for no other */
    return oc_buf_set(&side->atr, altered ? oc_span_empty() : oc_buf_span(&side->answer));
}

static oc_result side_exchange(void *self, oc_span command, oc_wr *response)
{
    oc_card_side *side = self;
    OC_TRY(answer(side, &command, OC_RESET_COLD));
    oc_wr_bytes(response, oc_buf_span(&side->answer));
    return oc_ok();
}

oc_endpoint oc_card_side_endpoint(oc_card_side *side)
{
    return (oc_endpoint){side, side_reset, side_exchange};
}

oc_result oc_card_side_lend(oc_card_side *side, bool fresh)
{
    oc_result r = oc_ok();
    if ((fresh || side->reset_waits) && !side->fault->absent) {
        r = reset_card(side, OC_RESET_COLD, &side->atr);
        side->fault->unpowered = false;
        oc_buf_clear(&side->fault->held);
    }
    side->reset_waits = false;
    side->is_lost = false;
    side->is_lent = true;
    return r;
}

void oc_card_side_take_back(oc_card_side *side)
{
    side->is_lent = false;
}

void oc_card_side_free(oc_card_side *side)
{
    oc_buf_free(&side->answer);
    oc_buf_free(&side->atr);
}
