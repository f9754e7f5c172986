/* SPDX-License-Identifier: Apache-2.0 */
/* Card authentication across provinces, and the local component of a hospital. */
#include <stdio.h>

#include "sim/host/cross/cross.h"
#include "tests/mutants/host/change.h"

MUTANT_WRAPS(oc_result, oc_cross_message, const oc_cross_parts *parts, const char *service, oc_span body,
             oc_buf *answer, oc_diag *diag);

static bool refused(const oc_fields *fields)
{
    return !oc_span_equal(oc_fields_span(fields, "result"), oc_span_text("0"));
}

static oc_result set_both(oc_fields *fields, const char *number)
{
    OC_TRY(oc_fields_set_text(fields, "result", number));
    return oc_fields_set_text(fields, "errorcode", number);
}

/* Another last digit. */
static void spoil(oc_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++) {
        oc_buf *value = &fields->at[i].value;
        if (strcmp(fields->at[i].name, name) == 0 && value->len > 0) {
            value->at[value->len - 1] = value->at[value->len - 1] == '0' ? '1' : '0';
        }
    }
}

static oc_result alter(oc_fields *fields)
{
    if (mutant_is("host.cross.always-right")) {
        return set_both(fields, "0");
    }
    if (mutant_is("host.cross.one-number") && refused(fields)) {
        return set_both(fields, "-1");
    }
    if (mutant_is("host.cross.silent") && refused(fields)) {
        return oc_fields_set_text(fields, "errormsg", "");
    }
    if (mutant_is("host.cross.other-data")) {
        spoil(fields, "aaa315");
        spoil(fields, "RESULT1");
    }
    if (mutant_is("host.cross.other-region")) {
        spoil(fields, "aab301");
    }
    return oc_ok();
}

oc_result __wrap_oc_cross_message(const oc_cross_parts *parts, const char *service, oc_span body, oc_buf *answer,
                                  oc_diag *diag)
{
    oc_fields fields = {0};
    OC_TRY(__real_oc_cross_message(parts, service, body, answer, diag));
    if (mutant_chosen() == NULL || strncmp(mutant_chosen()->id, "host.cross.", 11) != 0) {
        return oc_ok();
    }
    oc_result r = oc_cross_read(&fields, oc_buf_span(answer), diag);
    r = oc_is_ok(r) ? alter(&fields) : r;
    oc_buf_clear(answer);
    r = oc_is_ok(r) ? oc_cross_write(answer, "output", &fields) : r;
    oc_fields_free(&fields);
    return r;
}

static json_t *reading(const char *infno, json_t *output, const char *of)
{
    return strcmp(infno, of) == 0 ? json_object_get(output, "cardecinfo") : NULL;
}

static void card_number_untold(const char *infno, json_t *output)
{
    json_object_del(reading(infno, output, "1161"), "cardno");
}

static void card_identifier_untold(const char *infno, json_t *output)
{
    json_object_del(reading(infno, output, "1161"), "card_sn");
}

static void token_untold(const char *infno, json_t *output)
{
    json_object_del(reading(infno, output, "1162"), "ecToken");
}

static void token_cut(const char *infno, json_t *output)
{
    char token[64];
    json_t *info = reading(infno, output, "1162");
    if (info != NULL) {
        snprintf(token, sizeof token, "%.16s", oc_med_text(info, "ecToken"));
        oc_med_put(info, "ecToken", token);
    }
}

static const struct mutant rows[] = {
    {.id = "host.cross.always-right"},
    {.id = "host.cross.one-number"},
    {.id = "host.cross.silent"},
    {.id = "host.cross.other-data"},
    {.id = "host.cross.other-region"},
    {.id = "host.component.card-number-untold", .host = &(const struct host_change){.output = card_number_untold}},
    {.id = "host.component.card-identifier-untold",
     .host = &(const struct host_change){.output = card_identifier_untold}},
    {.id = "host.component.token-untold", .host = &(const struct host_change){.output = token_untold}},
    {.id = "host.component.token-cut", .host = &(const struct host_change){.output = token_cut}},
    {.id = "host.component.other-identifier-taken",
     .host = &(const struct host_change){.unsaid = "[F5 data.card_sn] 卡识别码与卡号不符"}},
};
MUTANT_TABLE(rows);
