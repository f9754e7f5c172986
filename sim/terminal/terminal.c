/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/terminal.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/terminal/call.h"
#include "sim/terminal/functions.h"
#include "sim/terminal/split.h"

#define STEPS_MAX 15

struct oc_terminal {
    oc_terminal_parts parts;
    oc_terminal_settings settings;
    struct oc_session session;
    bool went_well; /* the last call */
    oc_crypto *crypto;
    oc_buf response;
};

/* Each function as its steps, in order. One that follows another (functions.h) begins where that one ended: its steps
 * find card, PSAM and session as they were. */
static const struct function {
    const char *name;
    oc_step *steps[STEPS_MAX + 1];
} functions[] = {
    {"iReadCardBas",
     {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_psam_if_there, oc_step_auth_card, oc_step_auth_reader,
      oc_step_basic}},
    {"iReadCard", {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_read_files}},
    {"iWriteCard",
     {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_make_data, oc_step_psam,
      oc_step_write_files}},
    {"iVerifyPIN", {oc_step_power_on, oc_step_enter, oc_step_verify_pin}},
    {"iChangePIN", {oc_step_power_on, oc_step_enter, oc_step_change_pin}},
    {"iReloadPIN",
     {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_psam, oc_step_auth_puk,
      oc_step_reload_pin}},
    {"iUnblockPIN",
     {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_psam, oc_step_auth_puk,
      oc_step_unblock_pin}},
    {"iDoDebit",
     {oc_step_pay_info, oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_psam,
      oc_step_psam_purchase, oc_step_verify_pin, oc_step_refuse_initial, oc_step_select_df04, oc_step_debit_init,
      oc_step_debit_mac1, oc_step_debit, oc_step_debit_confirm, oc_step_debit_log}},
    {"iReadCardBas_HSM_Step1", {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_hsm_ask_basic}},
    {"iReadCardBas_HSM_Step2", {oc_step_hsm_take_basic, oc_step_basic}},
    {"iReadCard_HSM_Step1",
     {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_hsm_ask_read}},
    {"iReadCard_HSM_Step2", {oc_step_hsm_take_external, oc_step_hsm_read_files}},
    {"iWriteCard_HSM_Step1",
     {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_hsm_ask_write}},
    {"iWriteCard_HSM_Step2", {oc_step_hsm_make_data, oc_step_hsm_take_external, oc_step_hsm_write_files}},
    {"iReloadPIN_HSM_Step1",
     {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_hsm_ask_puk}},
    {"iReloadPIN_HSM_Step2", {oc_step_hsm_take_external, oc_step_hsm_ask_reload}},
    {"iReloadPIN_HSM_Step3", {oc_step_hsm_send_command}},
    {"iUnblockPIN_HSM_Step1",
     {oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_hsm_ask_puk}},
    {"iUnblockPIN_HSM_Step2", {oc_step_hsm_take_external, oc_step_hsm_ask_unblock}},
    {"iUnblockPIN_HSM_Step3", {oc_step_hsm_send_command}},
    {"iDoDebit_HSM_Step1",
     {oc_step_pay_info, oc_step_power_on, oc_step_enter, oc_step_identify, oc_step_check_card, oc_step_verify_pin,
      oc_step_refuse_initial, oc_step_select_df04, oc_step_hsm_purchase_key, oc_step_debit_init,
      oc_step_hsm_ask_debit}},
    {"iDoDebit_HSM_Step2", {oc_step_hsm_take_debit, oc_step_debit, oc_step_hsm_answer_mac2, oc_step_debit_log}},
    {"PKI_SignData", {oc_step_power_on, oc_step_pki_enter, oc_step_pki_verify_pin, oc_step_pki_sign}},
    {"PKI_VerifySign", {oc_step_power_on, oc_step_pki_enter, oc_step_pki_verify_pin, oc_step_pki_check}},
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

static void end_session(struct oc_session *session)
{
    oc_fields_free(&session->kept);
    oc_wipe(session, sizeof *session);
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
    (*out)->settings = parts->settings != NULL ? *parts->settings : oc_terminal_settings_default();
    (*out)->parts.settings = NULL;
    oc_result r = oc_crypto_new(&(*out)->crypto);
    if (!oc_is_ok(r)) {
        oc_terminal_free(out);
    }
    return r;
}

void oc_terminal_free(oc_terminal **terminal)
{
    if (*terminal != NULL) {
        end_session(&(*terminal)->session);
        oc_crypto_free(&(*terminal)->crypto);
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

/* A function that begins anew ends what was pending; a step needs the one that it follows (ssc-terminal sheet 4.10;
 * which code says that it is missing is a project choice). */
static bool may_begin(oc_terminal *terminal, const char *name)
{
    const oc_function *function = oc_function_named(name);
    const char *follows = function == NULL ? NULL : function->follows;
    const char *last = terminal->session.last;
    if (follows == NULL || last == NULL || strcmp(last, follows) != 0) {
        end_session(&terminal->session);
        return follows == NULL;
    }
    return true;
}

static oc_result answer_call(const struct function *function, struct oc_call *call)
{
    OC_TRY(run(function, call));
    OC_TRY(set_code(call->answer, call->code));
    return oc_terminal_split(call->answer);
}

oc_result oc_terminal_call(oc_terminal *terminal, const char *name, const oc_fields *args, oc_fields *answer,
                           oc_diag *diag)
{
    oc_fields_free(answer);
    terminal->went_well = false;
    const struct function *function = find(name);
    if (function == NULL || !may_begin(terminal, name)) {
        end_session(&terminal->session);
        return set_code(answer, function == NULL ? OC_CODE_NOT_SUPPORTED : OC_CODE_NOT_CONNECTED);
    }
    struct oc_call call = {
        .parts = &terminal->parts,
        .settings = &terminal->settings,
        .session = &terminal->session,
        .args = args,
        .keypad = terminal->parts.keypad.ask != NULL ? terminal->parts.keypad : oc_keypad_of_arguments(args),
        .answer = answer,
        .diag = diag,
        .crypto = terminal->crypto,
        .response = &terminal->response,
    };
    oc_result r = answer_call(function, &call);
    terminal->went_well = oc_is_ok(r) && !oc_call_ended(&call);
    if (terminal->went_well && oc_function_is_followed(name)) {
        terminal->session.last = function->name;
    } else {
        end_session(&terminal->session);
    }
    return r;
}

bool oc_terminal_is_open(const oc_terminal *terminal)
{
    return terminal->session.last != NULL || (terminal->settings.keep_open && terminal->went_well);
}
