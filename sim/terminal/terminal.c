/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/terminal.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/terminal/call.h"

#define STEPS_MAX 15

struct oc_terminal {
    oc_terminal_parts parts;
    oc_buf response;
};

/* Each function as its steps, in order. */
static const struct function {
    const char *name;
    oc_step *steps[STEPS_MAX + 1];
} functions[] = {
    {"iReadCardBas",
     {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_psam_if_there, oc_step_auth_card, oc_step_auth_reader,
      oc_step_basic}},
    {"iReadCard", {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_read_files}},
    {"iVerifyPIN", {oc_step_power_on, oc_step_enter, oc_step_verify_pin}},
    {"iChangePIN", {oc_step_power_on, oc_step_enter, oc_step_change_pin}},
    {"iDoDebit",
     {oc_step_pay_info, oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_psam,
      oc_step_psam_purchase, oc_step_verify_pin, oc_step_refuse_initial, oc_step_select_df04, oc_step_debit_init,
      oc_step_debit_mac1, oc_step_debit, oc_step_debit_confirm, oc_step_debit_log}},
    {"iLoad",
     {oc_step_load_args, oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_verify_pin, oc_step_select_df04,
      oc_step_load_init, oc_step_load_credit}},
    {"iAuthCard", {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_psam, oc_step_auth_card}},
    {"iAuthTerminal", {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_psam, oc_step_auth_terminal}},
    {"iReadDebitRecord",
     {oc_step_power_on, oc_step_enter, oc_step_verify_pin, oc_step_select_df04, oc_step_debit_records}},
};

#define FUNCTIONS (sizeof functions / sizeof functions[0])

static const struct function *find(const char *name)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        if (strcmp(functions[i].name, name) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

bool oc_terminal_has(const char *function)
{
    return find(function) != NULL;
}

oc_result oc_terminal_new(oc_terminal **out, const oc_terminal_parts *parts)
{
    *out = NULL;
    if (parts->card == NULL || parts->clock == NULL || parts->random == NULL) {
        return oc_fail(OC_E_USAGE);
    }
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    (*out)->parts = *parts;
    return oc_ok();
}

void oc_terminal_free(oc_terminal **terminal)
{
    if (*terminal != NULL) {
        oc_buf_free(&(*terminal)->response);
        free(*terminal);
        *terminal = NULL;
    }
}

static oc_result run(const struct function *function, struct oc_call *call)
{
    for (oc_step *const *step = function->steps; *step != NULL && !oc_call_ended(call); step++) {
        OC_TRY((*step)(call));
    }
    return oc_ok();
}

static oc_result set_code(oc_fields *answer, int code)
{
    char text[12];
    snprintf(text, sizeof text, "%d", code);
    OC_TRY(oc_fields_set_text(answer, "code", text));
    return code == OC_CODE_OK ? oc_ok() : oc_fields_set_text(answer, "text", oc_terminal_code_text(code));
}

oc_result oc_terminal_call(oc_terminal *terminal, const char *name, const oc_fields *args, oc_fields *answer,
                           oc_diag *diag)
{
    oc_fields_free(answer);
    const struct function *function = find(name);
    if (function == NULL) {
        return set_code(answer, OC_CODE_NOT_SUPPORTED);
    }
    struct oc_call call = {
        .parts = &terminal->parts, .args = args, .answer = answer, .diag = diag, .response = &terminal->response};
    OC_TRY(run(function, &call));
    return set_code(answer, call.code);
}
