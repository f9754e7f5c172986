/* SPDX-License-Identifier: Apache-2.0 */
/* Which card is in the reader: its identification, pCardInfo, and what is left of the card before. */
#include <stdio.h>

#include "sim/terminal/info.h"
#include "sim/terminal/split.h"
#include "tests/mutants/terminal/seam.h"

#define ID_DIGITS 32
#define INFO_MAX 256
#define REGION 6

MUTANT_WRAPS(oc_result, oc_call_reset_card, struct oc_call *call);

/* The card stays on, and its answer to reset is that of the first time. */
oc_result __wrap_oc_call_reset_card(struct oc_call *call)
{
    struct mutant_memory *memory = terminal_memory();
    if (!mutant_is("terminal.card.not-reset")) {
        return __real_oc_call_reset_card(call);
    }
    if (memory->len > 0) {
        return oc_buf_set(call->response, oc_span_of(memory->bytes, memory->len));
    }
    OC_TRY(__real_oc_call_reset_card(call));
    memory->len = call->response->len < sizeof memory->bytes ? call->response->len : 0;
    memcpy(memory->bytes, call->response->at, memory->len);
    return oc_ok();
}

/* With other card information than was handed in. */
static oc_result check_with(struct oc_call *call, oc_step *right, const char *info)
{
    const oc_fields *given = call->args;
    oc_fields args = {0};
    oc_result r = oc_fields_set_text(&args, "card-info", info);
    call->args = &args;
    r = oc_is_ok(r) ? right(call) : r;
    call->args = given;
    oc_fields_free(&args);
    return r;
}

/* Card id code and number, from pCardInfo or from the card. */
static oc_result check_believing(struct oc_call *call, oc_step *right, bool own_id, bool own_number)
{
    char info[INFO_MAX];
    char own[ID_DIGITS + 1];
    oc_span rest = oc_call_arg(call, "card-info");
    oc_span id;
    oc_span number;
    if (!oc_info_take(&rest, '|', &id) || !oc_info_take(&rest, '|', &number) || rest.len != 0 || id.len != ID_DIGITS ||
        number.len > INFO_MAX / 2) {
        return right(call);
    }
    oc_hex_encode(own, sizeof own, oc_span_of(call->session->card.id, sizeof call->session->card.id));
    id = own_id ? oc_span_text(own) : id;
    if (own_number) {
        OC_TRY(oc_info_read_record(call, 0x05, 0x07, &number));
        number = oc_info_trim(number);
    }
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    snprintf(info, sizeof info, "%.*s|%.*s|", (int)id.len, (const char *)id.at, (int)number.len,
             (const char *)number.at);
    return check_with(call, right, info);
}

static oc_result nothing_checked(struct oc_call *call, oc_step *right)
{
    return check_believing(call, right, true, true);
}

static oc_result number_not_checked(struct oc_call *call, oc_step *right)
{
    return check_believing(call, right, false, true);
}

static oc_result id_not_checked(struct oc_call *call, oc_step *right)
{
    return check_believing(call, right, true, false);
}

/* A card of the same city is taken for the same card. */
static oc_result region_checked(struct oc_call *call, oc_step *right)
{
    char own[ID_DIGITS + 1];
    oc_span id = oc_span_slice(oc_call_arg(call, "card-info"), 0, REGION);
    oc_hex_encode(own, sizeof own, oc_span_of(call->session->card.id, sizeof call->session->card.id));
    return oc_span_equal(id, oc_span_of(own, REGION)) ? nothing_checked(call, right) : right(call);
}

/* Nothing handed in means whatever card there is. */
static oc_result info_optional(struct oc_call *call, oc_step *right)
{
    return oc_call_arg(call, "card-info").len == 0 ? oc_ok() : right(call);
}

/* What makes no sense is another card's. */
static oc_result form_not_checked(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    bool malformed = call->code == OC_CODE_PARAMETER || call->code == OC_CODE_CARD_ID_FORMAT;
    call->code = malformed ? OC_CODE_OK : call->code;
    return oc_ok();
}

static oc_result any_type(const struct terminal_order *order)
{
    oc_span type = oc_fields_span(order->args, "type");
    bool known = type.len == 1 && type.at[0] >= '1' && type.at[0] <= '4';
    return known || type.len == 0 ? terminal_right_call(order) : terminal_call_with(order, "type", oc_span_text("1"));
}

static oc_result any_pki_type(const struct terminal_order *order)
{
    return terminal_is_in("PKI_") ? any_type(order) : terminal_right_call(order);
}

/* Contact first is known, contactless first is not. */
static oc_result no_type_four(const struct terminal_order *order)
{
    return oc_span_equal(oc_fields_span(order->args, "type"), oc_span_text("4"))
               ? terminal_call_with(order, "type", oc_span_text("0"))
               : terminal_right_call(order);
}

static void keep(struct mutant_memory *memory, oc_span out)
{
    memory->len = out.len <= sizeof memory->bytes ? out.len : 0;
    memcpy(memory->bytes, out.at, memory->len);
}

/* What was read once is read for ever. */
static oc_result answer_kept(const struct terminal_order *order)
{
    struct mutant_memory *memory = terminal_memory();
    OC_TRY(terminal_right_call(order));
    if (strcmp(order->function, "iReadCardBas") != 0) {
        return oc_ok();
    }
    if (memory->len == 0) {
        keep(memory, oc_fields_span(order->answer, "out"));
        return oc_ok();
    }
    OC_TRY(oc_fields_set(order->answer, "out", oc_span_of(memory->bytes, memory->len)));
    OC_TRY(oc_fields_set_text(order->answer, "code", "0"));
    return oc_terminal_split(order->answer);
}

/* A failure leaves what the call before gave. */
static oc_result old_answer(const struct terminal_order *order)
{
    struct mutant_memory *memory = terminal_memory();
    OC_TRY(terminal_right_call(order));
    if (oc_span_equal(oc_fields_span(order->answer, "code"), oc_span_text("0"))) {
        keep(memory, oc_fields_span(order->answer, "out"));
        return oc_ok();
    }
    OC_TRY(oc_fields_set(order->answer, "out", oc_span_of(memory->bytes, memory->len)));
    return oc_terminal_split(order->answer);
}

/* Which card it is was found out when the terminal was switched on. */
static oc_result facts_kept(struct oc_call *call, oc_step *right)
{
    struct mutant_memory *memory = terminal_memory();
    if (memory->len == sizeof call->session->card) {
        memcpy(&call->session->card, memory->bytes, memory->len);
        return oc_ok();
    }
    OC_TRY(right(call));
    if (!oc_call_ended(call)) {
        keep(memory, oc_span_of(&call->session->card, sizeof call->session->card));
    }
    return oc_ok();
}

static oc_result any_card_id(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->code = call->code == OC_CODE_CARD_ID_FORMAT ? OC_CODE_OK : call->code;
    return oc_ok();
}

static oc_result any_reset(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->code = call->code == OC_CODE_CARD_TYPE ? OC_CODE_OK : call->code;
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "terminal.card.number-not-checked", TERMINAL(.steps = {{oc_step_check_card, number_not_checked}})},
    {.id = "terminal.card.id-not-checked", TERMINAL(.steps = {{oc_step_check_card, id_not_checked}})},
    {.id = "terminal.card.region-checked-only", TERMINAL(.steps = {{oc_step_check_card, region_checked}})},
    {.id = "terminal.card.not-checked-for-write",
     TERMINAL(.steps = {{oc_step_check_card, nothing_checked}}, .only = "iWriteCard")},
    {.id = "terminal.card.not-checked-for-reload",
     TERMINAL(.steps = {{oc_step_check_card, nothing_checked}}, .only = "iReloadPIN")},
    {.id = "terminal.card.not-checked-for-unblock",
     TERMINAL(.steps = {{oc_step_check_card, nothing_checked}}, .only = "iUnblockPIN")},
    {.id = "terminal.card.not-checked-for-debit",
     TERMINAL(.steps = {{oc_step_check_card, nothing_checked}}, .only = "iDoDebit")},
    {.id = "terminal.card.not-checked-for-hsm",
     TERMINAL(.steps = {{oc_step_check_card, nothing_checked}}, .only = "iReadCard_HSM")},
    {.id = "terminal.card.info-optional", TERMINAL(.steps = {{oc_step_check_card, info_optional}})},
    {.id = "terminal.card.info-form-not-checked", TERMINAL(.steps = {{oc_step_check_card, form_not_checked}})},
    {.id = "terminal.card.any-type", TERMINAL(.call = any_type)},
    {.id = "terminal.card.any-pki-type", TERMINAL(.call = any_pki_type)},
    {.id = "terminal.card.no-type-4", TERMINAL(.call = no_type_four)},
    {.id = "terminal.card.answer-kept", TERMINAL(.call = answer_kept)},
    {.id = "terminal.card.old-answer-on-failure", TERMINAL(.call = old_answer)},
    {.id = "terminal.card.facts-kept", TERMINAL(.steps = {{oc_step_identify, facts_kept}})},
    {.id = "terminal.card.any-card-id", TERMINAL(.steps = {{oc_step_identify, any_card_id}})},
    {.id = "terminal.card.any-reset-answer", TERMINAL(.steps = {{oc_step_power_on, any_reset}})},
    {.id = "terminal.card.not-reset"},
};
MUTANT_TABLE(rows);
