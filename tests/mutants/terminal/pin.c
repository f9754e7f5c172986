/* SPDX-License-Identifier: Apache-2.0 */
/* The PIN: from the key pad to the card. */
#include "sim/terminal/pin_entry.h"

#include "sim/crypto/pin_block.h"
#include "tests/mutants/terminal/seam.h"

#define RESET_PIN 0x24
#define RELOAD 0x01 /* P2 */
#define TRIES_LEFT 0x63C0u

MUTANT_WRAPS(bool, oc_pin_is_initial, const struct oc_call *call, const struct oc_pin_entry *entry);
MUTANT_WRAPS(oc_result, oc_pin_ask, struct oc_call *call, const char *name, struct oc_pin_entry *entry);

/* No PIN is the initial one, so none is refused for that. */
bool __wrap_oc_pin_is_initial(const struct oc_call *call, const struct oc_pin_entry *entry)
{
    return !mutant_is("terminal.pin.initial-taken") && __real_oc_pin_is_initial(call, entry);
}

static oc_result pack_again(struct oc_call *call, struct oc_pin_entry *entry)
{
    oc_buf packed = {0};
    oc_result r = oc_pin_pack(&packed, oc_span_of(entry->digits, entry->len));
    if (oc_is_ok(r)) {
        entry->packed_len = packed.len;
        memcpy(entry->packed, packed.at, packed.len);
        call->code = OC_CODE_OK;
    }
    oc_buf_free(&packed);
    return oc_ok();
}

#define USUAL 6

/* What is typed beyond the usual six digits is lost. */
static oc_result cut_long(struct oc_call *call, struct oc_pin_entry *entry)
{
    if (call->code != OC_CODE_PIN_LENGTH || entry->len <= USUAL) {
        return oc_ok();
    }
    entry->len = USUAL;
    return pack_again(call, entry);
}

/* Of a letter's code the last four bits. */
static oc_result letters_taken(struct oc_call *call, struct oc_pin_entry *entry)
{
    if (call->code != OC_CODE_CHARACTER) {
        return oc_ok();
    }
    for (size_t i = 0; i < entry->len; i++) {
        entry->digits[i] = (uint8_t)('0' + (entry->digits[i] & 0x0F) % 10);
    }
    return pack_again(call, entry);
}

/* Nothing typed: the PIN of the time before is at hand. */
static oc_result last_one(struct oc_call *call, struct oc_pin_entry *entry)
{
    struct mutant_memory *memory = terminal_memory();
    if (!oc_call_ended(call)) {
        memory->len = sizeof *entry;
        memcpy(memory->bytes, entry, sizeof *entry);
    } else if (call->code == OC_CODE_PIN_CANCELLED && memory->len > 0) {
        memcpy(entry, memory->bytes, sizeof *entry);
        call->code = OC_CODE_OK;
    }
    return oc_ok();
}

oc_result __wrap_oc_pin_ask(struct oc_call *call, const char *name, struct oc_pin_entry *entry)
{
    OC_TRY(__real_oc_pin_ask(call, name, entry));
    return mutant_is("terminal.pin.long-cut")         ? cut_long(call, entry)
           : mutant_is("terminal.pin.letters-taken")  ? letters_taken(call, entry)
           : mutant_is("terminal.pin.last-one-again") ? last_one(call, entry)
                                                      : oc_ok();
}

static bool is_to_card(const struct terminal_exchange *x, uint8_t ins)
{
    return !x->is_psam && x->apdu->ins == ins;
}

/* A wrong PIN is presented once more, in case the card did not understand. */
static oc_result retried(const struct terminal_exchange *x)
{
    OC_TRY(terminal_right_exchange(x));
    return is_to_card(x, INS_VERIFY) && (x->sw->value & 0xFFF0u) == TRIES_LEFT ? terminal_right_exchange(x) : oc_ok();
}

static oc_result presented_twice(const struct terminal_exchange *x)
{
    OC_TRY(terminal_right_exchange(x));
    return is_to_card(x, INS_VERIFY) && oc_sw_ok(*x->sw) ? terminal_right_exchange(x) : oc_ok();
}

static oc_result not_presented(const struct terminal_exchange *x)
{
    return is_to_card(x, INS_VERIFY) ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK) : terminal_right_exchange(x);
}

static oc_result change_not_sent(const struct terminal_exchange *x)
{
    return is_to_card(x, INS_CHANGE_PIN) ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                         : terminal_right_exchange(x);
}

static oc_result reload_not_sent(const struct terminal_exchange *x)
{
    return is_to_card(x, RESET_PIN) && x->apdu->p2 == RELOAD ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                                             : terminal_right_exchange(x);
}

static oc_result unblock_not_sent(const struct terminal_exchange *x)
{
    return is_to_card(x, RESET_PIN) && x->apdu->p2 != RELOAD ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                                             : terminal_right_exchange(x);
}

/* The PSAM is told too, which might know how to keep it. */
static oc_result told_to_psam(const struct terminal_exchange *x)
{
    struct terminal_exchange other = *x;
    if (is_to_card(x, INS_VERIFY) && x->apdu->p2 == 0 && terminal_link(true) != NULL) {
        other.link = terminal_link(true);
        OC_TRY(terminal_right_exchange(&other));
    }
    return terminal_right_exchange(x);
}

/* As characters. */
static oc_result not_packed(const struct terminal_exchange *x)
{
    uint8_t digits[2 * OC_TERMINAL_PIN_MAX];
    if (!is_to_card(x, INS_VERIFY) || x->apdu->p1 != 0 || 2 * x->apdu->data.len > sizeof digits) {
        return terminal_right_exchange(x);
    }
    for (size_t i = 0; i < x->apdu->data.len; i++) {
        digits[2 * i] = (uint8_t)('0' + (x->apdu->data.at[i] >> 4));
        digits[2 * i + 1] = (uint8_t)('0' + (x->apdu->data.at[i] & 0x0F));
    }
    return terminal_exchange_with(x, oc_span_of(digits, 2 * x->apdu->data.len));
}

/* Before a change the old PIN is verified by itself: a wrong one costs two tries. */
static oc_result verified_before_change(const struct terminal_exchange *x)
{
    if (is_to_card(x, INS_CHANGE_PIN)) {
        oc_apdu verify = {.ins = INS_VERIFY, .data = oc_span_slice(x->apdu->data, 0, x->apdu->data.len / 2)};
        struct terminal_exchange first = *x;
        first.apdu = &verify;
        OC_TRY(terminal_right_exchange(&first));
    }
    return terminal_right_exchange(x);
}

static oc_result passed_when(struct oc_call *call, oc_step *right, int code)
{
    OC_TRY(right(call));
    call->code = call->code == code ? OC_CODE_OK : call->code;
    return oc_ok();
}

static oc_result cancelled_passes(struct oc_call *call, oc_step *right)
{
    return passed_when(call, right, OC_CODE_PIN_CANCELLED);
}

static oc_result timeout_passes(struct oc_call *call, oc_step *right)
{
    return passed_when(call, right, OC_CODE_PIN_TIMED_OUT);
}

static oc_result wrong_passes(struct oc_call *call, oc_step *right)
{
    return passed_when(call, right, OC_CODE_PIN_WRONG);
}

/* Basic data are read after the PIN that cards are issued with. */
static oc_result initial_for_reading(struct oc_call *call, oc_step *right)
{
    static const uint8_t packed[] = {0x12, 0x34, 0x56};
    const oc_apdu verify = {.ins = INS_VERIFY, .data = oc_span_of(packed, sizeof packed)};
    OC_TRY(oc_call_card(call, &verify));
    return right(call);
}

/* The second entry is not asked for. */
static oc_result again_not_asked(const struct terminal_order *order)
{
    const oc_buf *fresh = oc_fields_get(order->args, "new");
    return fresh == NULL ? terminal_right_call(order) : terminal_call_with(order, "again", oc_buf_span(fresh));
}

static oc_result given_out(const struct terminal_order *order)
{
    OC_TRY(terminal_right_call(order));
    bool verified = strcmp(order->function, "iVerifyPIN") == 0 &&
                    oc_span_equal(oc_fields_span(order->answer, "code"), oc_span_text("0"));
    return verified ? oc_fields_set(order->answer, "out", oc_fields_span(order->args, "pin")) : oc_ok();
}

static oc_result some_text(const char *function, oc_fields *answer)
{
    bool changes = strcmp(function, "iChangePIN") == 0 || strcmp(function, "iReloadPIN") == 0 ||
                   strcmp(function, "iUnblockPIN") == 0;
    return changes && oc_span_equal(oc_fields_span(answer, "code"), oc_span_text("0"))
               ? oc_fields_set_text(answer, "out", "OK")
               : oc_ok();
}

static const struct mutant rows[] = {
    {.id = "terminal.pin.initial-taken"},
    {.id = "terminal.pin.initial-pays", TERMINAL(.steps = {WITHOUT(oc_step_refuse_initial)})},
    {.id = "terminal.pin.long-cut"},
    {.id = "terminal.pin.letters-taken"},
    {.id = "terminal.pin.last-one-again"},
    {.id = "terminal.pin.retried", TERMINAL(.exchange = retried)},
    {.id = "terminal.pin.presented-twice", TERMINAL(.exchange = presented_twice)},
    {.id = "terminal.pin.not-presented", TERMINAL(.exchange = not_presented)},
    {.id = "terminal.pin.not-packed", TERMINAL(.exchange = not_packed)},
    {.id = "terminal.pin.told-to-psam", TERMINAL(.exchange = told_to_psam)},
    {.id = "terminal.pin.change-not-sent", TERMINAL(.exchange = change_not_sent)},
    {.id = "terminal.pin.reload-not-sent", TERMINAL(.exchange = reload_not_sent)},
    {.id = "terminal.pin.unblock-not-sent", TERMINAL(.exchange = unblock_not_sent)},
    {.id = "terminal.pin.verified-before-change", TERMINAL(.exchange = verified_before_change)},
    {.id = "terminal.pin.cancelled-passes", TERMINAL(.steps = {{oc_step_verify_pin, cancelled_passes}})},
    {.id = "terminal.pin.timeout-passes", TERMINAL(.steps = {{oc_step_verify_pin, timeout_passes}})},
    {.id = "terminal.pin.wrong-passes", TERMINAL(.steps = {{oc_step_verify_pin, wrong_passes}})},
    {.id = "terminal.pin.initial-for-reading", TERMINAL(.steps = {{oc_step_basic, initial_for_reading}})},
    {.id = "terminal.pin.again-not-asked", TERMINAL(.call = again_not_asked)},
    {.id = "terminal.pin.given-out", TERMINAL(.call = given_out)},
    {.id = "terminal.pin.text-on-success", TERMINAL(.answer = some_text)},
    {.id = "terminal.pin.reload-unproved", TERMINAL(.steps = {WITHOUT(oc_step_auth_puk)}, .only = "iReloadPIN")},
    {.id = "terminal.pin.unblock-unproved", TERMINAL(.steps = {WITHOUT(oc_step_auth_puk)}, .only = "iUnblockPIN")},
};
MUTANT_TABLE(rows);
