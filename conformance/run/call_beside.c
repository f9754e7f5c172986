/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/call_beside.h"

#include <stdio.h>

#define SECOND "-2"

/* The name without the mark of the second caller, in `own`; false without that mark. */
static bool is_second(const char *name, char own[OC_FIELD_NAME_MAX])
{
    size_t len = strlen(name);
    size_t head = len > strlen(SECOND) ? len - strlen(SECOND) : 0;
    snprintf(own, OC_FIELD_NAME_MAX, "%.*s", (int)head, name);
    return head > 0 && strcmp(name + head, SECOND) == 0;
}

/* What has no mark is for both, unless the second has his own. */
static oc_result take_args(oc_call_beside *out, const oc_fields *args)
{
    char own[OC_FIELD_NAME_MAX];
    for (size_t i = 0; i < args->count; i++) {
        oc_span value = oc_buf_span(&args->at[i].value);
        if (!is_second(args->at[i].name, own)) {
            OC_TRY(oc_fields_set(&out->args[0], args->at[i].name, value));
            OC_TRY(oc_fields_set(&out->args[1], args->at[i].name, value));
        }
    }
    for (size_t i = 0; i < args->count; i++) {
        if (is_second(args->at[i].name, own)) {
            OC_TRY(oc_fields_set(&out->args[1], own, oc_buf_span(&args->at[i].value)));
        }
    }
    return oc_ok();
}

oc_result oc_call_beside_fill(oc_call_beside *out, const oc_step *step, const oc_fields *args)
{
    const char *const functions[OC_BESIDE_CALLERS] = {step->name, step->second};
    out->beside.place = strcmp(step->beside, "thread") == 0 ? OC_BESIDE_THREAD : OC_BESIDE_PROCESS;
    for (size_t i = 0; i < OC_BESIDE_CALLERS; i++) {
        out->beside.callers[i] = (oc_terminal_order){functions[i], &out->args[i], &out->answers[i]};
    }
    return take_args(out, args);
}

oc_result oc_call_beside_join(const oc_call_beside *beside, oc_fields *answer)
{
    char name[OC_FIELD_NAME_MAX + sizeof SECOND];
    const oc_fields *first = &beside->answers[0];
    const oc_fields *second = &beside->answers[1];
    for (size_t i = 0; i < first->count; i++) {
        OC_TRY(oc_fields_set(answer, first->at[i].name, oc_buf_span(&first->at[i].value)));
    }
    /* Items past the room stay in "out" only, as those do past the number that an answer has. */
    for (size_t i = 0; i < second->count && answer->count < OC_FIELDS_MAX; i++) {
        snprintf(name, sizeof name, "%s" SECOND, second->at[i].name);
        OC_TRY(oc_fields_set(answer, name, oc_buf_span(&second->at[i].value)));
    }
    return oc_ok();
}

void oc_call_beside_free(oc_call_beside *beside)
{
    for (size_t i = 0; i < OC_BESIDE_CALLERS; i++) {
        oc_fields_free(&beside->args[i]);
        oc_fields_free(&beside->answers[i]);
    }
}
