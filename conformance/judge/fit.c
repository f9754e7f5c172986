/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/judge/fit.h"

#include <stdlib.h>

#define ITEMS_MAX ((size_t)1 << 20)

enum item_kind { ITEM_BYTE, ITEM_STAR, ITEM_MASKED /* a byte of which nothing is known */ };

struct oc_glob_item {
    uint8_t kind, value, mask;
};

struct items {
    oc_fitter *fitter;
    size_t count;
    bool absent; /* a name has no value: nothing fits */
};

static oc_result add_item(struct items *items, struct oc_glob_item item)
{
    oc_fitter *fitter = items->fitter;
    if (items->count == fitter->item_room) {
        size_t room = fitter->item_room == 0 ? 256 : fitter->item_room * 2;
        struct oc_glob_item *grown = room > ITEMS_MAX ? NULL : realloc(fitter->items, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(room > ITEMS_MAX ? OC_E_LIMIT : OC_E_MEMORY);
        }
        fitter->items = grown;
        fitter->item_room = room;
    }
    fitter->items[items->count++] = item;
    return oc_ok();
}

static oc_result add_seen(struct items *items, oc_seen_bytes bytes)
{
    for (size_t i = 0; i < bytes.bytes.len; i++) {
        bool known = bytes.known.len == 0 || bytes.known.at[i] != 0;
        OC_TRY(add_item(items, (struct oc_glob_item){known ? ITEM_BYTE : ITEM_MASKED, bytes.bytes.at[i], 0xFF}));
    }
    return oc_ok();
}

static const oc_taken_value *taken_of(const oc_fitter *fitter, const char *name)
{
    for (size_t i = 0; i < fitter->taken_count; i++) {
        if (strcmp(fitter->taken[i].name, name) == 0) {
            return &fitter->taken[i];
        }
    }
    return NULL;
}

/* What a pattern of the observation took, else a capture of the case. */
static oc_result add_capture(struct items *items, const oc_token *token)
{
    oc_fitter *fitter = items->fitter;
    const oc_taken_value *own = taken_of(fitter, token->name);
    oc_seen_bytes value = {0};
    if (own != NULL) {
        items->absent = !own->has;
        value = own->value;
    } else {
        oc_buf_clear(&fitter->bytes);
        oc_result r = fitter->scope->capture(fitter->scope->self, token->name, &fitter->bytes);
        items->absent = r.code == OC_E_NOT_FOUND;
        if (!oc_is_ok(r) && !items->absent) {
            return r;
        }
        value.bytes = oc_buf_span(&fitter->bytes);
    }
    if (token->sliced) {
        items->absent = items->absent || token->offset + token->length > value.bytes.len;
        value = oc_seen_slice(value, token->offset, token->length);
    }
    return items->absent ? oc_ok() : add_seen(items, value);
}

static oc_result add_value(struct items *items, const oc_value *value)
{
    oc_fitter *fitter = items->fitter;
    if (value->count == 1 && value->tokens[0].kind == OC_TOKEN_CAPTURE) {
        return add_capture(items, &value->tokens[0]);
    }
    oc_buf_clear(&fitter->bytes);
    OC_TRY(oc_value_bytes(value, fitter->scope, &fitter->bytes, fitter->diag));
    return add_seen(items, (oc_seen_bytes){.bytes = oc_buf_span(&fitter->bytes)});
}

static oc_result resolve(oc_fitter *fitter, const oc_glob *glob, struct items *out)
{
    *out = (struct items){.fitter = fitter};
    for (size_t i = 0; i < glob->count && !out->absent; i++) {
        const oc_glob_part *part = &glob->parts[i];
        if (part->kind == OC_GLOB_STAR) {
            OC_TRY(add_item(out, (struct oc_glob_item){ITEM_STAR, 0, 0}));
        } else if (part->kind == OC_GLOB_VALUE) {
            OC_TRY(add_value(out, &part->value));
        }
        for (size_t k = 0; part->kind == OC_GLOB_BYTES && k < part->bytes.len; k++) {
            OC_TRY(add_item(out, (struct oc_glob_item){ITEM_BYTE, part->bytes.at[k], part->mask.at[k]}));
        }
    }
    return oc_ok();
}

/* With `hopeful`, what is masked may be anything; else it is nothing that a byte of a pattern asks for. */
static bool item_fits(struct oc_glob_item item, oc_seen_bytes bytes, size_t at, bool hopeful)
{
    bool known = bytes.known.len == 0 || bytes.known.at[at] != 0;
    if (item.kind == ITEM_BYTE && item.mask == 0) {
        return true;
    }
    if (item.kind == ITEM_MASKED || !known) {
        return hopeful;
    }
    return ((item.value ^ bytes.bytes.at[at]) & item.mask) == 0;
}

/* Whether the items fit the bytes from end to end; a star first takes nothing, then one byte more each time that what
 * follows it does not fit. */
static bool run_items(const struct oc_glob_item *items, size_t count, oc_seen_bytes bytes, bool hopeful)
{
    size_t i = 0;
    size_t at = 0;
    size_t star = SIZE_MAX;
    size_t star_at = 0;
    size_t len = bytes.bytes.len;
    while (at < len) {
        if (i < count && items[i].kind == ITEM_STAR) {
            star = i++;
            star_at = at;
        } else if (i < count && item_fits(items[i], bytes, at, hopeful)) {
            i++;
            at++;
        } else if (star != SIZE_MAX) {
            i = star + 1;
            at = ++star_at;
        } else {
            return false;
        }
    }
    while (i < count && items[i].kind == ITEM_STAR) {
        i++;
    }
    return i == count;
}

/* Nothing is known of what follows a cut: it may be all that is still asked for. */
static bool run_cut(const struct oc_glob_item *items, size_t count, oc_seen_bytes bytes)
{
    for (size_t n = 0; n <= count; n++) {
        if (run_items(items, n, bytes, true)) {
            return true;
        }
    }
    return false;
}

static enum oc_fit fit_items(const struct items *items, oc_seen_bytes bytes)
{
    const struct oc_glob_item *at = items->fitter->items;
    if (items->absent) {
        return OC_NO_FIT;
    }
    if (bytes.cut) {
        bool open_end = items->count > 0 && at[items->count - 1].kind == ITEM_STAR;
        if (open_end && run_items(at, items->count, bytes, false)) {
            return OC_FITS;
        }
        return run_cut(at, items->count, bytes) ? OC_MAY_FIT : OC_NO_FIT;
    }
    return run_items(at, items->count, bytes, false)  ? OC_FITS
           : run_items(at, items->count, bytes, true) ? OC_MAY_FIT
                                                      : OC_NO_FIT;
}

/* `present` false: there is no such part, which `none` asks for. */
static oc_result fit_choice(oc_fitter *fitter, const oc_choice *choice, bool present, oc_seen_bytes bytes,
                            enum oc_fit *out)
{
    if (!choice->given) {
        return oc_ok();
    }
    enum oc_fit fit = choice->none && !present ? OC_FITS : OC_NO_FIT;
    for (size_t i = 0; i < choice->count && present && fit != OC_FITS; i++) {
        struct items items;
        OC_TRY(resolve(fitter, &choice->any[i], &items));
        fit = oc_fit_or(fit, fit_items(&items, bytes));
    }
    *out = oc_fit_and(*out, choice->negated ? oc_fit_not(fit) : fit);
    return oc_ok();
}

static bool event_fits(const oc_pattern *pattern, const oc_seen *seen)
{
    switch (pattern->event) {
    case OC_PATTERN_COMMAND:
        return !seen->is_reset;
    case OC_PATTERN_RESET:
        return seen->is_reset;
    case OC_PATTERN_COLD:
        return seen->is_reset && seen->reset == OC_RESET_COLD;
    case OC_PATTERN_WARM:
        return seen->is_reset && seen->reset == OC_RESET_WARM;
    }
    return false;
}

oc_result oc_fit_pattern(oc_fitter *fitter, const oc_pattern *pattern, const oc_seen *seen, enum oc_fit *out)
{
    bool actor = pattern->actor == OC_PATTERN_ANYBODY || pattern->actor == seen->actor;
    *out = actor && event_fits(pattern, seen) ? OC_FITS : OC_NO_FIT;
    const oc_choice *bytes[] = {&pattern->cla, &pattern->ins, &pattern->p1, &pattern->p2};
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0] && *out != OC_NO_FIT; i++) {
        OC_TRY(fit_choice(fitter, bytes[i], seen->has_header, oc_seen_slice(seen->header, i, 1), out));
    }
    struct {
        const oc_choice *choice;
        bool present;
        enum oc_part part;
    } parts[] = {{&pattern->sw, seen->answered, OC_PART_SW},
                 {&pattern->le, seen->has_le, OC_PART_LE},
                 {&pattern->data, true, OC_PART_DATA},
                 {&pattern->answer, seen->answered, OC_PART_ANSWER},
                 {&pattern->command, true, OC_PART_COMMAND}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && *out != OC_NO_FIT; i++) {
        OC_TRY(fit_choice(fitter, parts[i].choice, parts[i].present, oc_seen_part(seen, parts[i].part), out));
    }
    return oc_ok();
}

void oc_fitter_free(oc_fitter *fitter)
{
    free(fitter->items);
    free(fitter->taken);
    oc_buf_free(&fitter->bytes);
    fitter->items = NULL;
    fitter->taken = NULL;
}
