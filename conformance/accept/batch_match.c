/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/accept/batch_look.h"

/* Which card of the order this is, and whether it came before. */

static oc_span identity_of(const oc_look_card *look)
{
    const oc_map *map = look->state->options->map;
    char file[8] = "";
    unsigned tag = 0;
    if (sscanf(map->identity, "SSSE/%7[^/]/%2x", file, &tag) != 2) {
        return oc_span_empty();
    }
    return oc_read_trimmed(oc_reading_value(&look->reading, file, tag));
}

oc_result oc_look_identify(oc_look_card *look)
{
    const oc_batch_options *options = look->state->options;
    oc_batch_card *card = look->card;
    oc_span identity = identity_of(look);
    char label[OC_LABEL_MAX];
    OC_TRY(oc_label_make(label, look->state->crypto, options->label_key, identity, options->reveal));
    card->label = oc_arena_text(&look->state->batch->arena, label);
    card->line = oc_order_find(options->order, identity);
    look->checked.line = card->line < 0 ? NULL : oc_order_line_at(options->order, (size_t)card->line);
    snprintf(look->pass, sizeof look->pass, "%03zu %s", card->number, label);
    if (look->checked.line == NULL) {
        snprintf(look->title_en, sizeof look->title_en, "card %s, not in the order", label);
        snprintf(look->title_zh, sizeof look->title_zh, "卡%s，不在订单中", label);
    } else {
        snprintf(look->title_en, sizeof look->title_en, "card %s, line %ld of the order", label,
                 look->checked.line->line);
        snprintf(look->title_zh, sizeof look->title_zh, "卡%s，订单第%ld行", label, look->checked.line->line);
    }
    return card->label == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

void oc_look_ordered(oc_look_card *look)
{
    oc_finding *finding = oc_finding_add(&look->findings, "ACCEPT.CARD.ORDERED", "SSC.ACCEPT.ORDERED", 0,
                                         "The card is in the order", "卡在订单中");
    if (look->checked.line == NULL) {
        oc_finding_fails(&look->findings, finding, "no line of the order is about card %s", look->card->label);
        look->state->batch->foreign++;
        return;
    }
    size_t line = (size_t)look->card->line;
    look->card->drawn = look->state->options->drawn[line] && !look->state->batch->seen[line];
    look->state->batch->sample_seen += look->card->drawn;
    look->state->batch->seen[line] = true;
}

static bool same(oc_span a, oc_span b)
{
    return a.len > 0 && oc_span_equal(a, b);
}

/* One that came before with the same number, card id code or factor: the same card twice, or two that should differ. */
oc_result oc_look_once(oc_look_card *look)
{
    oc_batch_run_state *state = look->state;
    oc_finding *finding = oc_finding_add(&look->findings, "ACCEPT.CARD.ONCE", "SSC.ACCEPT.ORDERED", 0,
                                         "The card is in the batch once", "卡在批次中只出现一次");
    oc_span atr = look->reading.atr;
    oc_seen_card mine = {.label = look->card->label,
                         .number = oc_reading_value(&look->reading, "EF05", 0x07),
                         .card_id = oc_reading_value(&look->reading, "EF05", 0x01),
                         .factor = oc_span_slice(atr, atr.len > 8 ? atr.len - 8 : 0, 8)};
    for (size_t i = 0; i < state->seen_count; i++) {
        const oc_seen_card *other = &state->seen[i];
        const char *what = same(mine.number, other->number)     ? "card number"
                           : same(mine.card_id, other->card_id) ? "card id code"
                           : same(mine.factor, other->factor)   ? "factor of the card (ATR)"
                                                                : NULL;
        if (what != NULL) {
            oc_finding_fails(&look->findings, finding, "card %zu of the batch, %s, has the same %s", i + 1,
                             other->label, what);
            break;
        }
    }
    if (state->seen_count == state->seen_room) {
        size_t room = state->seen_room == 0 ? 64 : 2 * state->seen_room;
        oc_seen_card *grown = realloc(state->seen, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        state->seen = grown;
        state->seen_room = room;
    }
    oc_arena *arena = &state->batch->arena;
    mine.number = oc_arena_bytes(arena, mine.number);
    mine.card_id = oc_arena_bytes(arena, mine.card_id);
    mine.factor = oc_arena_bytes(arena, mine.factor);
    state->seen[state->seen_count++] = mine;
    return oc_ok();
}
