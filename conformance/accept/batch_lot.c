/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/accept/batch_internal.h"

#define LOT_PASS "batch"

static oc_result begin_pass(oc_batch_run_state *state)
{
    const oc_batch_options *options = state->options;
    char en[160];
    char zh[200];
    snprintf(en, sizeof en, "The batch %s as a whole", options->map->batch);
    snprintf(zh, sizeof zh, "批次%s整体", options->map->batch);
    oc_pass_info info = {.id = LOT_PASS,
                         .profile = oc_profile_id(options->profile),
                         .profile_path = oc_profile_path(options->profile),
                         .title_en = en,
                         .title_zh = zh,
                         .card = "none",
                         .transport = "none"};
    return oc_record_pass(state->record, &info, state->diag);
}

/* A drawn line whose card nobody presented says nothing about the card, and leaves the lot undecided. */
static oc_result tell_missing(oc_batch_run_state *state, oc_findings *findings)
{
    const oc_batch_options *options = state->options;
    for (size_t i = 0; i < oc_order_count(options->order); i++) {
        if (!options->drawn[i] || state->batch->seen[i]) {
            continue;
        }
        const oc_order_line *line = oc_order_line_at(options->order, i);
        char label[OC_LABEL_MAX];
        char id[48];
        OC_TRY(oc_label_make(label, state->crypto, options->label_key, line->identity, options->reveal));
        snprintf(id, sizeof id, "ACCEPT.LINE.%ld", line->line);
        oc_finding *finding = oc_finding_add(findings, id, "SSC.ACCEPT.LOT", 0, "The card of the line was presented",
                                             "订单行的卡已出示");
        oc_finding_ends(findings, finding, OC_VERDICT_INCONCLUSIVE, "line %ld, card %s, was never presented",
                        line->line, label);
        OC_TRY(oc_batch_record(state, LOT_PASS, line->line, finding));
    }
    return oc_ok();
}

static void count_sample(oc_batch *batch)
{
    batch->nonconforming = 0;
    for (size_t i = 0; i < batch->card_count; i++) {
        batch->nonconforming += batch->cards[i]->drawn && batch->cards[i]->nonconforming;
    }
}

static oc_result judge_lot(oc_batch_run_state *state, oc_findings *findings)
{
    oc_batch *batch = state->batch;
    const oc_sampling *plan = state->options->sampling;
    count_sample(batch);
    oc_finding *finding = oc_finding_add(findings, "ACCEPT.LOT.VERDICT", "SSC.ACCEPT.LOT", 0,
                                         "The sample has no more nonconforming cards than the plan accepts",
                                         "样本中不合格卡数不超过接收数");
    bool open = false;
    for (size_t i = 0; i < batch->card_count; i++) {
        bool undecided = batch->cards[i]->worst == OC_VERDICT_ERROR ||
                         batch->cards[i]->worst == OC_VERDICT_INCONCLUSIVE;
        open = open || (batch->cards[i]->drawn && undecided && !batch->cards[i]->nonconforming);
    }
    if (batch->nonconforming >= plan->reject) {
        batch->lot = OC_LOT_REJECTED;
        oc_finding_fails(findings, finding, "%zu nonconforming cards in the sample, %zu reject the lot",
                         batch->nonconforming, plan->reject);
    } else if (batch->sample_seen < plan->size || open) {
        batch->lot = OC_LOT_UNDECIDED;
        oc_finding_ends(findings, finding, OC_VERDICT_INCONCLUSIVE, "%zu of %zu cards of the sample were seen%s",
                        batch->sample_seen, plan->size, open ? "; a card could not be decided on" : "");
    } else {
        batch->lot = OC_LOT_ACCEPTED;
    }
    return oc_batch_record(state, LOT_PASS, 0, finding);
}

oc_result oc_batch_conclude(oc_batch_run_state *state)
{
    oc_findings findings = {.arena = &state->batch->arena, .catalogue = state->options->catalogue};
    OC_TRY(begin_pass(state));
    oc_result r = tell_missing(state, &findings);
    if (oc_is_ok(r)) {
        r = judge_lot(state, &findings);
    }
    r = oc_is_ok(r) && findings.bad ? oc_fail(OC_E_MEMORY) : r;
    oc_findings_free(&findings);
    return r;
}
