/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that carry strings to the HSM and back. */
#include "sim/terminal/hsm_side.h"

#include "sim/terminal/info.h"
#include "tests/mutants/terminal/seam.h"

#define RESET_PIN 0x24

MUTANT_WRAPS(oc_result, oc_terminal_hsm_take, struct oc_call *call, oc_span hex, uint8_t *bytes, size_t len);

/* A string is read as far as it is needed, and what it lacks is zeros. */
oc_result __wrap_oc_terminal_hsm_take(struct oc_call *call, oc_span hex, uint8_t *bytes, size_t len)
{
    if (mutant_is("terminal.hsm.long-cut") && hex.len > 2 * len) {
        hex.len = 2 * len;
    }
    if (mutant_is("terminal.hsm.short-filled") && hex.len < 2 * len && hex.len % 2 == 0) {
        memset(bytes, 0, len);
        return __real_oc_terminal_hsm_take(call, hex, bytes, hex.len / 2);
    }
    if (mutant_is("terminal.hsm.letters-taken") && hex.len == 2 * len && !oc_info_all_hex(hex)) {
        memset(bytes, 0, len);
        return oc_ok();
    }
    return __real_oc_terminal_hsm_take(call, hex, bytes, len);
}

static bool is_step(const char *step)
{
    size_t len = strlen(terminal_function());
    return len > strlen(step) && strcmp(terminal_function() + len - strlen(step), step) == 0;
}

static int step2_is_success(const char *function, int code)
{
    (void)function;
    return is_step("_HSM_Step2") && code != OC_CODE_NOT_CONNECTED ? OC_CODE_OK : code;
}

static oc_result any_cryptogram(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    if (call->code == OC_CODE_CARD_NOT_GENUINE) {
        call->code = OC_CODE_OK;
        call->session->hsm_passed = true;
    }
    return oc_ok();
}

/* A card that is gone is looked for again, and whatever is there is read. */
static oc_result any_card(const struct terminal_order *order)
{
    OC_TRY(terminal_right_call(order));
    bool failed = !oc_span_equal(oc_fields_span(order->answer, "code"), oc_span_text("0"));
    if (!failed || strcmp(order->function, "iReadCardBas_HSM_Step2") != 0) {
        return oc_ok();
    }
    oc_fields args = {0};
    struct terminal_order again = *order;
    again.function = "iReadCardBas";
    again.args = &args;
    oc_result r = oc_fields_set_text(&args, "type", "3");
    r = oc_is_ok(r) ? terminal_right_call(&again) : r;
    oc_fields_free(&args);
    return r;
}

/* Item `number` of what a Step1 gives. */
static oc_result set_of(const char *function, const char *wanted, oc_fields *answer, unsigned number, const char *text)
{
    return strcmp(function, wanted) == 0 ? terminal_set_item(answer, number, oc_span_text(text)) : oc_ok();
}

static oc_result algorithm_unknown(const char *function, oc_fields *answer)
{
    return set_of(function, "iReadCardBas_HSM_Step1", answer, 3, "07");
}

static oc_result region_missing(const char *function, oc_fields *answer)
{
    return set_of(function, "iReadCardBas_HSM_Step1", answer, 1, "");
}

static oc_result key_for_writing(const char *function, oc_fields *answer)
{
    return set_of(function, "iReadCard_HSM_Step1", answer, 2, "000901");
}

static oc_result write_key_first(const char *function, oc_fields *answer)
{
    return set_of(function, "iWriteCard_HSM_Step1", answer, 2, "000A01");
}

/* The two random numbers of the external authentication are there for every card. */
static oc_result external_random(const char *function, oc_fields *answer)
{
    OC_TRY(set_of(function, "iReadCardBas_HSM_Step1", answer, 7, "0000000000000000"));
    return set_of(function, "iReadCardBas_HSM_Step1", answer, 8, "0000000000000000");
}

static oc_result no_external_random(const char *function, oc_fields *answer)
{
    OC_TRY(set_of(function, "iReadCardBas_HSM_Step1", answer, 7, ""));
    return set_of(function, "iReadCardBas_HSM_Step1", answer, 8, "");
}

static oc_result other_name(const char *function, oc_fields *answer)
{
    return strcmp(function, "iReadCardBas_HSM_Step2") == 0 ? terminal_set_item(answer, 10, oc_span_text("1"))
                                                           : oc_ok();
}

/* What comes from the HSM is believed to be the command that was asked for. */
static oc_result any_command(struct oc_call *call, oc_step *right)
{
    oc_span given = oc_call_arg(call, "key-data");
    uint8_t header[sizeof call->session->header];
    if (given.len >= 2 * sizeof header && oc_info_all_hex(oc_span_slice(given, 0, 2 * sizeof header))) {
        OC_TRY(oc_terminal_hsm_take(call, oc_span_slice(given, 0, 2 * sizeof header), header, sizeof header));
        memcpy(call->session->header, header, sizeof header);
    }
    return right(call);
}

static oc_result command_not_sent(const struct terminal_exchange *x)
{
    return !x->is_psam && x->apdu->ins == RESET_PIN ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                                    : terminal_right_exchange(x);
}

/* The HSM's time is taken, whatever Step1 was told. */
static oc_result other_time_taken(struct oc_call *call, oc_step *right)
{
    oc_span rest = oc_call_arg(call, "key-data");
    oc_span item;
    if (oc_info_take(&rest, '|', &item) && oc_info_take(&rest, '|', &item) && item.len == 14) {
        uint8_t time[7];
        OC_TRY(oc_terminal_hsm_take(call, item, time, sizeof time));
        memcpy(call->session->transaction.time, time, sizeof time);
    }
    return right(call);
}

/* The key's proof is not sent: what the HSM made is taken for the card's word. */
static oc_result proof_not_sent(const struct terminal_exchange *x)
{
    return !x->is_psam && x->apdu->ins == INS_EXTERNAL_AUTH ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                                            : terminal_right_exchange(x);
}

static oc_result written_before_proof(struct oc_call *call, oc_step *right)
{
    OC_TRY(oc_step_hsm_write_files(call));
    call->code = OC_CODE_OK;
    return right(call);
}

static const struct mutant rows[] = {
    {.id = "terminal.hsm.any-order", TERMINAL(.codes = {{OC_CODE_NOT_CONNECTED, OC_CODE_OK}})},
    {.id = "terminal.hsm.long-cut"},
    {.id = "terminal.hsm.short-filled"},
    {.id = "terminal.hsm.letters-taken"},
    {.id = "terminal.hsm.step2-is-success", TERMINAL(.code = step2_is_success)},
    {.id = "terminal.hsm.any-cryptogram", TERMINAL(.steps = {{oc_step_hsm_take_basic, any_cryptogram}})},
    {.id = "terminal.hsm.any-card", TERMINAL(.call = any_card)},
    {.id = "terminal.hsm.algorithm-unknown", TERMINAL(.answer = algorithm_unknown)},
    {.id = "terminal.hsm.region-missing", TERMINAL(.answer = region_missing)},
    {.id = "terminal.hsm.key-for-writing", TERMINAL(.answer = key_for_writing)},
    {.id = "terminal.hsm.key-for-reading", TERMINAL(.answer = write_key_first)},
    {.id = "terminal.hsm.external-random-always", TERMINAL(.answer = external_random)},
    {.id = "terminal.hsm.external-random-never", TERMINAL(.answer = no_external_random)},
    {.id = "terminal.hsm.other-terminal", TERMINAL(.answer = other_name)},
    {.id = "terminal.hsm.any-command", TERMINAL(.steps = {{oc_step_hsm_send_command, any_command}})},
    {.id = "terminal.hsm.reload-not-sent", TERMINAL(.exchange = command_not_sent, .only = "iReloadPIN_HSM")},
    {.id = "terminal.hsm.unblock-not-sent", TERMINAL(.exchange = command_not_sent, .only = "iUnblockPIN_HSM")},
    {.id = "terminal.hsm.other-time-taken", TERMINAL(.steps = {{oc_step_hsm_take_debit, other_time_taken}})},
    {.id = "terminal.hsm.proof-not-sent", TERMINAL(.exchange = proof_not_sent, .only = "iReadCard_HSM")},
    {.id = "terminal.hsm.written-before-proof",
     TERMINAL(.steps = {{oc_step_hsm_take_external, written_before_proof}}, .only = "iWriteCard_HSM")},
};
MUTANT_TABLE(rows);
