/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/cross_step.h"

#include "conformance/run/settlement_texts.h"
#include "sim/host/cross/cross.h"

#define LEAD "cross-"

bool oc_cross_step_is(const char *name)
{
    return strncmp(name, LEAD, sizeof LEAD - 1) == 0;
}

static oc_result make_body(const oc_fields *in, oc_buf *body)
{
    oc_fields fields = {0};
    const oc_buf *given = oc_fields_get(in, "body");
    if (given != NULL) {
        return oc_buf_set(body, oc_buf_span(given));
    }
    oc_result r = oc_settlement_to_utf8(in, &fields);
    r = oc_is_ok(r) ? oc_cross_write(body, "input", &fields) : r;
    oc_fields_free(&fields);
    return r;
}

oc_result oc_cross_step(oc_settlement *settlement, oc_host *host, const char *name, const oc_fields *in,
                        oc_fields *answer, oc_diag *diag)
{
    oc_cross_parts parts = {.host = host, .key_is_needed = true};
    oc_buf body = {0};
    oc_buf text = {0};
    oc_fields_free(answer);
    OC_TRY(oc_settlement_medical(settlement, in, &parts.medical, diag));
    oc_result r = make_body(in, &body);
    r = oc_is_ok(r) ? oc_cross_message(&parts, name + sizeof LEAD - 1, oc_buf_span(&body), &text, diag) : r;
    r = oc_is_ok(r) ? oc_cross_read(answer, oc_buf_span(&text), diag) : r;
    r = oc_is_ok(r) ? oc_settlement_to_card(answer) : r;
    oc_buf_free(&body);
    oc_buf_free(&text);
    return r;
}
