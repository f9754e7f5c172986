/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/mutants/terminal/seam.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/terminal/info.h"

MUTANT_WRAPS(oc_result, oc_terminal_new, oc_terminal **out, const oc_terminal_parts *parts);
MUTANT_WRAPS(oc_result, oc_terminal_call, oc_terminal *terminal, const char *function, const oc_fields *args,
             oc_fields *answer, oc_diag *diag);
MUTANT_WRAPS(oc_result, oc_terminal_split, oc_fields *answer);
MUTANT_WRAPS(oc_result, oc_apdu_transmit, oc_link *link, const oc_apdu *apdu, oc_buf *data, oc_sw *sw, oc_diag *diag);

static _Thread_local struct {
    const char *function;
    oc_link *card;
    oc_link *psam;
    bool failed; /* the last call */
    struct mutant_memory call;
    struct mutant_memory lasting;
} now;

static const struct terminal_defect *defect(void)
{
    const struct mutant *mutant = mutant_chosen();
    return mutant == NULL ? NULL : mutant->terminal;
}

const char *terminal_function(void)
{
    return now.function == NULL ? "" : now.function;
}

bool terminal_is_in(const char *beginning)
{
    return strncmp(terminal_function(), beginning, strlen(beginning)) == 0;
}

static bool concerns(const struct terminal_defect *d)
{
    return d != NULL && mutant_running() == MUTANT_TERMINAL && (d->only == NULL || terminal_is_in(d->only));
}

bool terminal_failed(void)
{
    return now.failed;
}

struct mutant_memory *terminal_call_memory(void)
{
    return &now.call;
}

struct mutant_memory *terminal_memory(void)
{
    return &now.lasting;
}

oc_link *terminal_link(bool of_psam)
{
    return of_psam ? now.psam : now.card;
}

oc_result __wrap_oc_terminal_new(oc_terminal **out, const oc_terminal_parts *parts)
{
    now.lasting = (struct mutant_memory){0};
    return __real_oc_terminal_new(out, parts);
}

/* Calls. */

oc_result terminal_right_call(const struct terminal_order *order)
{
    return __real_oc_terminal_call(order->terminal, order->function, order->args, order->answer, order->diag);
}

oc_result terminal_call_with(const struct terminal_order *order, const char *name, oc_span value)
{
    oc_fields args = {0};
    oc_result r = oc_ok();
    for (size_t i = 0; i < order->args->count && oc_is_ok(r); i++) {
        r = oc_fields_set(&args, order->args->at[i].name, oc_buf_span(&order->args->at[i].value));
    }
    r = oc_is_ok(r) ? oc_fields_set(&args, name, value) : r;
    struct terminal_order altered = *order;
    altered.args = &args;
    r = oc_is_ok(r) ? terminal_right_call(&altered) : r;
    oc_fields_free(&args);
    return r;
}

static int code_in(const oc_fields *answer)
{
    char text[16] = "";
    oc_wr wr = oc_wr_of(text, sizeof text - 1);
    oc_wr_bytes(&wr, oc_fields_span(answer, "code"));
    return (int)strtol(text, NULL, 10);
}

static oc_result alter_code(const struct terminal_defect *d, const struct terminal_order *order)
{
    int right = code_in(order->answer);
    int code = right;
    for (size_t i = 0; i < TERMINAL_CODES; i++) {
        code = d->codes[i].from != 0 && right == d->codes[i].from ? d->codes[i].to : code;
    }
    code = d->code == NULL ? code : d->code(order->function, code);
    if (code == right) {
        return oc_ok();
    }
    char text[16];
    snprintf(text, sizeof text, "%d", code);
    return oc_fields_set_text(order->answer, "code", text);
}

static oc_result call(const struct terminal_order *order)
{
    const struct terminal_defect *d = defect();
    if (d == NULL) {
        return terminal_right_call(order);
    }
    OC_TRY(d->call == NULL ? terminal_right_call(order) : d->call(order));
    return concerns(d) && order->answer->count > 0 ? alter_code(d, order) : oc_ok();
}

oc_result __wrap_oc_terminal_call(oc_terminal *terminal, const char *function, const oc_fields *args,
                                  oc_fields *answer, oc_diag *diag)
{
    const struct terminal_order order = {terminal, function, args, answer, diag};
    enum mutant_actor before = mutant_enter(MUTANT_TERMINAL);
    now.function = function;
    now.call = (struct mutant_memory){0};
    oc_result r = call(&order);
    now.failed = !oc_is_ok(r) || code_in(answer) != 0;
    now.function = NULL;
    mutant_leave(before);
    return r;
}

oc_result __wrap_oc_terminal_split(oc_fields *answer)
{
    const struct terminal_defect *d = defect();
    if (concerns(d) && d->answer != NULL) {
        OC_TRY(d->answer(terminal_function(), answer));
    }
    return __real_oc_terminal_split(answer);
}

static bool cut(oc_span text, unsigned number, oc_span *before, oc_span *item, oc_span *after)
{
    *after = text;
    for (unsigned i = 0; i < number; i++) {
        *before = oc_span_slice(text, 0, text.len - after->len);
        if (!oc_info_take(after, '|', item)) {
            return false;
        }
    }
    return number > 0;
}

bool terminal_item(const oc_fields *answer, unsigned number, oc_span *item)
{
    oc_span before;
    oc_span after;
    return cut(oc_fields_span(answer, "out"), number, &before, item, &after);
}

oc_result terminal_set_item(oc_fields *answer, unsigned number, oc_span item)
{
    oc_span before;
    oc_span old;
    oc_span after;
    oc_buf text = {0};
    if (!cut(oc_fields_span(answer, "out"), number, &before, &old, &after)) {
        return oc_ok();
    }
    oc_result r = oc_buf_append(&text, before);
    r = oc_is_ok(r) ? oc_buf_append(&text, item) : r;
    r = oc_is_ok(r) ? oc_buf_append_byte(&text, '|') : r;
    r = oc_is_ok(r) ? oc_buf_append(&text, after) : r;
    r = oc_is_ok(r) ? oc_fields_set(answer, "out", oc_buf_span(&text)) : r;
    oc_buf_free(&text);
    return r;
}

/* Exchanges. */

oc_result terminal_right_exchange(const struct terminal_exchange *x)
{
    return __real_oc_apdu_transmit(x->link, x->apdu, x->data, x->sw, x->diag);
}

oc_result terminal_exchange_with(const struct terminal_exchange *x, oc_span data)
{
    oc_apdu apdu = *x->apdu;
    apdu.data = data;
    struct terminal_exchange altered = *x;
    altered.apdu = &apdu;
    return terminal_right_exchange(&altered);
}

oc_result terminal_make_answer(const struct terminal_exchange *x, oc_span data, unsigned sw)
{
    *x->sw = oc_sw_of((uint16_t)sw);
    return oc_buf_set(x->data, data);
}

oc_result __wrap_oc_apdu_transmit(oc_link *link, const oc_apdu *apdu, oc_buf *data, oc_sw *sw, oc_diag *diag)
{
    const struct terminal_defect *d = defect();
    const struct terminal_exchange x = {link, link == now.psam, apdu, data, sw, diag};
    return concerns(d) && d->exchange != NULL ? d->exchange(&x) : terminal_right_exchange(&x);
}

/* Steps. */

oc_result terminal_nothing(struct oc_call *call_under_way, oc_step *right)
{
    (void)call_under_way;
    (void)right;
    return oc_ok();
}

static oc_result take(oc_step *step, oc_step *right, struct oc_call *call_under_way)
{
    const struct terminal_defect *d = defect();
    now.card = call_under_way->parts->card;
    now.psam = call_under_way->parts->psam;
    for (size_t i = 0; concerns(d) && i < TERMINAL_STEPS && d->steps[i].step != NULL; i++) {
        if (d->steps[i].step == step) {
            return d->steps[i].instead(call_under_way, right);
        }
    }
    return right(call_under_way);
}

#define WRAPPED_STEP(name)                                                                                            \
    oc_step __wrap_##name;                                                                                            \
    oc_step __real_##name;                                                                                            \
    oc_result __wrap_##name(struct oc_call *call_under_way)                                                           \
    {                                                                                                                 \
        return take(__wrap_##name, __real_##name, call_under_way);                                                    \
    }

WRAPPED_STEP(oc_step_power_on)
WRAPPED_STEP(oc_step_enter)
WRAPPED_STEP(oc_step_identify)
WRAPPED_STEP(oc_step_check_card)
WRAPPED_STEP(oc_step_psam)
WRAPPED_STEP(oc_step_psam_if_there)
WRAPPED_STEP(oc_step_psam_purchase)
WRAPPED_STEP(oc_step_auth_card)
WRAPPED_STEP(oc_step_auth_reader)
WRAPPED_STEP(oc_step_basic)
WRAPPED_STEP(oc_step_read_files)
WRAPPED_STEP(oc_step_make_data)
WRAPPED_STEP(oc_step_write_files)
WRAPPED_STEP(oc_step_verify_pin)
WRAPPED_STEP(oc_step_refuse_initial)
WRAPPED_STEP(oc_step_change_pin)
WRAPPED_STEP(oc_step_auth_puk)
WRAPPED_STEP(oc_step_reload_pin)
WRAPPED_STEP(oc_step_unblock_pin)
WRAPPED_STEP(oc_step_pay_info)
WRAPPED_STEP(oc_step_debit_init)
WRAPPED_STEP(oc_step_debit_mac1)
WRAPPED_STEP(oc_step_debit)
WRAPPED_STEP(oc_step_debit_confirm)
WRAPPED_STEP(oc_step_debit_records)
WRAPPED_STEP(oc_step_pki_verify_pin)
WRAPPED_STEP(oc_step_pki_sign)
WRAPPED_STEP(oc_step_pki_check)
WRAPPED_STEP(oc_step_hsm_ask_basic)
WRAPPED_STEP(oc_step_hsm_take_basic)
WRAPPED_STEP(oc_step_hsm_ask_read)
WRAPPED_STEP(oc_step_hsm_take_external)
WRAPPED_STEP(oc_step_hsm_make_data)
WRAPPED_STEP(oc_step_hsm_write_files)
WRAPPED_STEP(oc_step_hsm_send_command)
WRAPPED_STEP(oc_step_hsm_take_debit)
