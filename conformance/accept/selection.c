/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/selection.h"

#include <stdlib.h>

static const uint8_t reading_commands[] = {
    0xA4, /* SELECT */
    0xB2, /* READ RECORD */
    0xB0, /* READ BINARY */
    0xC0, /* GET RESPONSE */
    0x84, /* GET CHALLENGE */
    0x88, /* INTERNAL AUTHENTICATE: no counter stands behind it */
};

/* One byte that stands in the vector itself. */
static bool is_byte(const oc_value *value, uint8_t *out)
{
    if (value->count != 1 || value->tokens[0].kind != OC_TOKEN_BYTES || value->tokens[0].bytes.len != 1) {
        return false;
    }
    *out = value->tokens[0].bytes.at[0];
    return true;
}

static bool reads_only(const oc_step *step)
{
    uint8_t cla = 0;
    uint8_t ins = 0;
    switch (step->kind) {
    case OC_STEP_RESET:
    case OC_STEP_LET:
        return step->actor == NULL || strcmp(step->actor, "psam") != 0;
    case OC_STEP_APDU:
        return strcmp(step->actor, "card") == 0 && is_byte(&step->cla, &cla) && is_byte(&step->ins, &ins) &&
               cla == 0x00 && memchr(reading_commands, ins, sizeof reading_commands) != NULL;
    case OC_STEP_TPDU:
    case OC_STEP_CALL:
    case OC_STEP_MESSAGE:
    case OC_STEP_ISSUE:
    case OC_STEP_ADVANCE:
    case OC_STEP_FAULT:
    case OC_STEP_OBSERVE:
    case OC_STEP_PROMPT:
        return false;
    }
    return false;
}

bool oc_case_is_read_only(const oc_case *subject)
{
    if ((subject->touches & ~(unsigned)OC_TOUCH_VOLATILE) != 0 || subject->restore_count > 0) {
        return false;
    }
    for (size_t i = 0; i < subject->step_count; i++) {
        if (!reads_only(&subject->steps[i])) {
            return false;
        }
    }
    return true;
}

oc_result oc_read_only_plan_make(oc_read_only_plan *out, const oc_plan *all)
{
    *out = (oc_read_only_plan){.plan = {.sanity = all->sanity}};
    out->plan.units = calloc(all->unit_count + 1, sizeof *out->plan.units);
    out->cases = calloc(all->unit_count + 1, sizeof *out->cases);
    out->negatives = calloc(all->case_count + 1, sizeof *out->negatives);
    if (out->plan.units == NULL || out->cases == NULL || out->negatives == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_case *negative = out->negatives;
    for (size_t i = 0; i < all->unit_count; i++) {
        const oc_case *unit = all->units[i];
        if (!oc_case_is_read_only(unit)) {
            continue;
        }
        oc_case *kept = &out->cases[out->plan.unit_count];
        *kept = *unit;
        kept->negatives = negative;
        kept->negative_count = 0;
        for (size_t n = 0; n < unit->negative_count; n++) {
            if (oc_case_is_read_only(&unit->negatives[n])) {
                *negative++ = unit->negatives[n];
                kept->negative_count++;
            }
        }
        out->plan.units[out->plan.unit_count++] = kept;
        out->plan.case_count += 1 + kept->negative_count;
    }
    return oc_ok();
}

void oc_read_only_plan_free(oc_read_only_plan *plan)
{
    oc_plan_free(&plan->plan);
    free(plan->cases);
    free(plan->negatives);
    *plan = (oc_read_only_plan){0};
}
