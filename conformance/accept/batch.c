/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/batch.h"

#include <stdlib.h>

#include "conformance/accept/batch_internal.h"

oc_result oc_batch_record(oc_batch_run_state *state, const char *pass, long line, const oc_finding *finding)
{
    char confidence[] = {oc_catalogue_confidence(state->options->catalogue, finding->requirement), '\0'};
    const char *requirements[] = {finding->requirement};
    oc_outcome outcome = {.id = finding->id,
                          .pass = pass,
                          .area = "accept",
                          .file = oc_order_path(state->options->order),
                          .line = line < 0 ? 0 : line,
                          .rev = 1,
                          .title_en = finding->title_en,
                          .title_zh = finding->title_zh,
                          .touches = "none",
                          .requirements = requirements,
                          .requirement_count = 1,
                          .verdict = finding->verdict,
                          .reason = finding->verdict == OC_VERDICT_PASS ? NULL : finding->reason,
                          .has_evidence = finding->what != NULL && finding->verdict != OC_VERDICT_PASS};
    if (outcome.has_evidence) {
        outcome.evidence = (oc_outcome_evidence){.step = "accept",
                                                 .what = finding->what,
                                                 .expected = finding->expected,
                                                 .received = finding->received,
                                                 .first_difference = finding->first_difference,
                                                 .requirement = finding->requirement,
                                                 .confidence = confidence};
    }
    state->batch->planned++;
    return oc_record_outcome(state->record, &outcome, state->diag);
}

oc_batch_card *oc_batch_card_add(oc_batch *batch)
{
    if (batch->card_count == batch->card_room) {
        size_t room = batch->card_room == 0 ? 16 : 2 * batch->card_room;
        oc_batch_card **grown = realloc(batch->cards, room * sizeof *grown);
        if (grown == NULL) {
            return NULL;
        }
        batch->cards = grown;
        batch->card_room = room;
    }
    oc_batch_card *card = calloc(1, sizeof *card);
    if (card != NULL) {
        batch->cards[batch->card_count++] = card;
        card->number = batch->card_count;
        card->line = -1;
        card->label = "?";
    }
    return card;
}

static bool is_judged(enum oc_verdict verdict)
{
    return verdict == OC_VERDICT_PASS || verdict == OC_VERDICT_DEVIATION || verdict == OC_VERDICT_FAIL;
}

static void keep_note(oc_batch *batch, oc_batch_card *card, const oc_batch_note *note)
{
    if (card->note_count == card->note_room) {
        size_t room = card->note_room == 0 ? 8 : 2 * card->note_room;
        oc_batch_note *grown = realloc(card->notes, room * sizeof *grown);
        if (grown == NULL) {
            return; /* the record has it */
        }
        card->notes = grown;
        card->note_room = room;
    }
    const char *const texts[] = {note->id,     note->title_en, note->title_zh,
                                 note->reason, note->expected, note->received};
    const char *kept[sizeof texts / sizeof texts[0]] = {NULL};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        kept[i] = texts[i] == NULL ? NULL : oc_arena_text(&batch->arena, texts[i]);
    }
    card->notes[card->note_count++] = (oc_batch_note){.id = kept[0],
                                                      .title_en = kept[1],
                                                      .title_zh = kept[2],
                                                      .verdict = note->verdict,
                                                      .reason = kept[3],
                                                      .expected = kept[4],
                                                      .received = kept[5]};
}

void oc_batch_card_note(oc_batch *batch, oc_batch_card *card, const oc_batch_note *note, unsigned item)
{
    card->counts[note->verdict]++;
    if (note->verdict != OC_VERDICT_NOT_APPLICABLE && note->verdict != OC_VERDICT_NOT_RUN) {
        card->worst = oc_verdict_worse(card->worst, note->verdict);
    }
    if (item >= 1 && item <= OC_SUBMISSION_ITEMS && is_judged(note->verdict)) {
        card->items[item - 1].assessed = true;
        card->items[item - 1].verdict = oc_verdict_worse(card->items[item - 1].verdict, note->verdict);
    }
    if (note->verdict != OC_VERDICT_PASS && note->verdict != OC_VERDICT_NOT_APPLICABLE) {
        keep_note(batch, card, note);
    }
}

static bool is_enough(const oc_batch_options *options, const oc_batch *batch)
{
    return batch->sample_seen >= options->sampling->size;
}

static oc_result look_at_all(oc_batch_run_state *state)
{
    for (;;) {
        oc_link *link = NULL;
        const oc_spec *spec = NULL;
        OC_TRY(oc_present_next(state->options->presenter, is_enough(state->options, state->batch), &link, &spec,
                               state->diag));
        if (link == NULL) {
            return oc_ok();
        }
        oc_result r = oc_batch_look_at(state, link, spec);
        oc_link_free(&link);
        OC_TRY(r);
    }
}

static oc_result run(oc_batch_run_state *state)
{
    const oc_batch_options *options = state->options;
    state->batch->seen = oc_arena_alloc(&state->batch->arena, oc_order_count(options->order) * sizeof(bool));
    if (state->batch->seen == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(oc_crypto_new(&state->crypto));
    OC_TRY(oc_mask_new(&state->mask, options->profile, options->reveal));
    oc_result looked = look_at_all(state);
    OC_TRY(oc_batch_conclude(state)); /* also of what was seen before something broke */
    return looked;
}

oc_result oc_batch_run(oc_batch *out, const oc_batch_options *options, oc_record *record, oc_diag *diag)
{
    *out = (oc_batch){.lot = OC_LOT_UNDECIDED};
    oc_batch_run_state state = {.options = options, .batch = out, .record = record, .diag = diag};
    oc_result r = run(&state);
    oc_mask_free(&state.mask);
    oc_crypto_free(&state.crypto);
    free(state.seen);
    return r;
}

void oc_batch_free(oc_batch *batch)
{
    for (size_t i = 0; i < batch->card_count; i++) {
        free(batch->cards[i]->notes);
        free(batch->cards[i]);
    }
    free(batch->cards);
    oc_arena_free(&batch->arena);
    *batch = (oc_batch){0};
}
