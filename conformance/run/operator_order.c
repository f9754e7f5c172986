/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/operator_order.h"

#include <stdlib.h>

#include "sim/base/bytes.h"
#include "sim/terminal/functions.h"

enum card_event { STAYS, LOST, TAKEN_OUT, SWAPPED };

struct place {
    const oc_case *unit;
    enum card_event event;
    size_t entry_count;
    oc_buf entries;  /* "NAME=VALUE " as the vectors have them, with a NUL */
    size_t function; /* index; past the last where none is called */
    size_t before;   /* the place in the vectors */
};

static enum card_event event_of(const oc_step *step)
{
    static const enum card_event events[] = {
        [OC_FAULT_TEAR] = LOST,          [OC_FAULT_REMOVE] = LOST,      [OC_FAULT_MUTE] = LOST,
        [OC_FAULT_TAKE_OUT] = TAKEN_OUT, [OC_FAULT_PUT_IN] = TAKEN_OUT, [OC_FAULT_SWAP] = SWAPPED};
    oc_fault_order order = {0};
    oc_diag ignored = {0};
    bool fault = step->kind == OC_STEP_FAULT && oc_is_ok(oc_step_fault(step, &order, &ignored));
    return fault ? events[order.kind] : STAYS;
}

static bool is_entry(const oc_function *function, const char *argument)
{
    for (size_t i = 0; function->entries[i] != NULL; i++) {
        if (strcmp(function->entries[i], argument) == 0) {
            return true;
        }
    }
    return function->entries[0] != NULL && strcmp(argument, "keypad") == 0;
}

static oc_result add_entries(struct place *place, const oc_function *function, const oc_step *step)
{
    for (size_t i = 0; i < step->argument_count; i++) {
        const oc_argument *argument = &step->arguments[i];
        if (!is_entry(function, argument->name)) {
            continue;
        }
        place->entry_count++;
        OC_TRY(oc_buf_append(&place->entries, oc_span_text(argument->name)));
        OC_TRY(oc_buf_append(&place->entries, oc_span_text("=")));
        OC_TRY(oc_buf_append(&place->entries, oc_span_text(argument->value.source)));
        OC_TRY(oc_buf_append(&place->entries, oc_span_text(" ")));
    }
    return oc_ok();
}

static oc_result place_of(struct place *place, const oc_case *unit, size_t before)
{
    size_t functions;
    const oc_function *first = oc_functions(&functions);
    *place = (struct place){.unit = unit, .function = functions, .before = before};
    for (size_t i = 0; i < unit->step_count; i++) {
        const oc_step *step = &unit->steps[i];
        const oc_function *function = step->kind == OC_STEP_CALL ? oc_function_named(step->name) : NULL;
        enum card_event event = event_of(step);
        place->event = event > place->event ? event : place->event;
        if (function != NULL) {
            place->function = place->function == functions ? (size_t)(function - first) : place->function;
            OC_TRY(add_entries(place, function, step));
        }
    }
    return oc_buf_append(&place->entries, oc_span_of("", 1));
}

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    int order = compare_sizes(a->event, b->event);
    order = order != 0 ? order : compare_sizes(a->entry_count, b->entry_count);
    order = order != 0 ? order : strcmp((const char *)a->entries.at, (const char *)b->entries.at);
    order = order != 0 ? order : compare_sizes(a->function, b->function);
    return order != 0 ? order : compare_sizes(a->before, b->before);
}

oc_result oc_operator_order(const oc_case **units, size_t count)
{
    struct place *places = calloc(count + 1, sizeof *places);
    oc_result r = places == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    for (size_t i = 0; i < count && oc_is_ok(r); i++) {
        r = place_of(&places[i], units[i], i);
    }
    if (oc_is_ok(r)) {
        qsort(places, count, sizeof *places, compare);
    }
    for (size_t i = 0; i < count && places != NULL; i++) {
        units[i] = oc_is_ok(r) ? places[i].unit : units[i];
        oc_buf_free(&places[i].entries);
    }
    free(places);
    return r;
}
