/* SPDX-License-Identifier: Apache-2.0 */
/* Reading of files, and of the records of debits. */
#include <inttypes.h>
#include <stdio.h>

#include "sim/base/text.h"
#include "sim/terminal/info.h"
#include "sim/terminal/key_table.h"
#include "tests/mutants/terminal/seam.h"

MUTANT_WRAPS(unsigned, oc_terminal_read_keys, bool first_generation, uint16_t dir, uint8_t ef,
             const struct oc_terminal_key *keys[2]);
MUTANT_WRAPS(oc_result, oc_info_append_digits, oc_buf *out, oc_span value);
MUTANT_WRAPS(oc_result, oc_info_read_record, struct oc_call *call, uint8_t sfi, uint8_t tag, oc_span *value);
MUTANT_WRAPS(void, oc_info_print_yuan, char *out, size_t room, uint32_t fen);

/* Of two keys the first is enough; or the key for writing is. */
unsigned __wrap_oc_terminal_read_keys(bool first_generation, uint16_t dir, uint8_t ef,
                                      const struct oc_terminal_key *keys[2])
{
    unsigned count = __real_oc_terminal_read_keys(first_generation, dir, ef, keys);
    if (count > 0 && mutant_is("terminal.read.update-key")) {
        keys[0] = oc_terminal_update_key(first_generation, dir, ef);
    }
    return count > 1 && mutant_is("terminal.read.one-key-of-two") ? 1 : count;
}

oc_result __wrap_oc_info_append_digits(oc_buf *out, oc_span value)
{
    return mutant_is("terminal.read.filling-given") ? oc_info_append_hex(out, value)
                                                    : __real_oc_info_append_digits(out, value);
}

/* What is not there is empty. */
oc_result __wrap_oc_info_read_record(struct oc_call *call, uint8_t sfi, uint8_t tag, oc_span *value)
{
    OC_TRY(__real_oc_info_read_record(call, sfi, tag, value));
    bool no_item = call->code == -(int)OC_SW_RECORD_NOT_FOUND && mutant_is("terminal.read.no-item-is-empty");
    bool no_file = call->code == -(int)OC_SW_FILE_NOT_FOUND && mutant_is("terminal.read.no-file-is-empty");
    bool no_right = call->code == -(int)OC_SW_SECURITY_STATUS && mutant_is("terminal.read.no-right-is-empty");
    call->code = no_item || no_file || no_right ? OC_CODE_OK : call->code;
    return oc_ok();
}

void __wrap_oc_info_print_yuan(char *out, size_t room, uint32_t fen)
{
    if (mutant_is("terminal.record.amount-in-fen")) {
        snprintf(out, room, "%" PRIu32, fen);
    } else {
        __real_oc_info_print_yuan(out, room, fen);
    }
}

static bool is_read(const struct terminal_order *order)
{
    return strcmp(order->function, "iReadCard") == 0;
}

/* pFileAddr up to the mark behind `from`, and `end`. */
static oc_result address_until(const struct terminal_order *order, char mark, size_t from, const char *end)
{
    oc_span address = oc_fields_span(order->args, "file-addr");
    const uint8_t *at = address.len <= from ? NULL : memchr(address.at + from, mark, address.len - from);
    if (!is_read(order) || at == NULL) {
        return terminal_right_call(order);
    }
    oc_buf text = {0};
    oc_result r = oc_buf_set(&text, oc_span_of(address.at, (size_t)(at - address.at) + 1));
    r = oc_is_ok(r) ? oc_buf_append(&text, oc_span_text(end)) : r;
    r = oc_is_ok(r) ? terminal_call_with(order, "file-addr", oc_buf_span(&text)) : r;
    oc_buf_free(&text);
    return r;
}

static oc_result first_file(const struct terminal_order *order)
{
    return address_until(order, '$', 0, "");
}

#define NAME_AND_BAR 9 /* "SSSEEF05|" */

static oc_result first_item(const struct terminal_order *order)
{
    return address_until(order, '|', NAME_AND_BAR, "$");
}

/* What lacks its end gets one. */
static oc_result end_added(const struct terminal_order *order)
{
    oc_span address = oc_fields_span(order->args, "file-addr");
    oc_buf text = {0};
    if (!is_read(order) || address.len == 0 || address.at[address.len - 1] == '$') {
        return terminal_right_call(order);
    }
    oc_result r = oc_buf_set(&text, address);
    r = oc_is_ok(r) ? oc_buf_append(&text, oc_span_text(address.at[address.len - 1] == '|' ? "$" : "|$")) : r;
    r = oc_is_ok(r) ? terminal_call_with(order, "file-addr", oc_buf_span(&text)) : r;
    oc_buf_free(&text);
    return r;
}

static oc_result always_by_pin(const struct terminal_order *order)
{
    return is_read(order) && oc_span_equal(oc_fields_span(order->args, "auth"), oc_span_text("2"))
               ? terminal_call_with(order, "auth", oc_span_text("1"))
               : terminal_right_call(order);
}

/* An iAuthType that is none means the PIN. */
static oc_result any_auth(const struct terminal_order *order)
{
    oc_span auth = oc_fields_span(order->args, "auth");
    bool known = auth.len == 1 && (auth.at[0] == '1' || auth.at[0] == '2');
    return is_read(order) && !known ? terminal_call_with(order, "auth", oc_span_text("1"))
                                    : terminal_right_call(order);
}

static oc_result mf_refused(const struct terminal_order *order)
{
    oc_span address = oc_fields_span(order->args, "file-addr");
    return is_read(order) && address.len > 4 && memcmp(address.at, "3F00", 4) == 0
               ? terminal_call_with(order, "file-addr", oc_span_text("?"))
               : terminal_right_call(order);
}

static bool selects(const struct terminal_exchange *x, uint8_t high)
{
    return !x->is_psam && x->apdu->ins == INS_SELECT && x->apdu->data.len == 2 && x->apdu->data.at[0] == high;
}

/* The directory of the first file is that of all. */
static oc_result directory_kept(const struct terminal_exchange *x)
{
    unsigned *entered = &terminal_call_memory()->count[0];
    return selects(x, 0xDF) && (*entered)++ > 0 ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                                : terminal_right_exchange(x);
}

/* DF02 instead of DF01. */
static oc_result other_directory(const struct terminal_exchange *x)
{
    static const uint8_t other[] = {0xDF, 0x02};
    return selects(x, 0xDF) && x->apdu->data.at[1] == 0x01 ? terminal_exchange_with(x, oc_span_of(other, sizeof other))
                                                           : terminal_right_exchange(x);
}

/* EF07 instead of any transparent file. */
static oc_result other_transparent(const struct terminal_exchange *x)
{
    static const uint8_t other[] = {0xEF, 0x07};
    return selects(x, 0xEF) ? terminal_exchange_with(x, oc_span_of(other, sizeof other)) : terminal_right_exchange(x);
}

static oc_result next_item(const struct terminal_exchange *x)
{
    if (x->is_psam || x->apdu->ins != INS_READ_RECORD) {
        return terminal_right_exchange(x);
    }
    uint8_t asked = x->apdu->p1;
    oc_apdu apdu = *x->apdu;
    apdu.p1 = (uint8_t)(asked == 0x24 ? 0x23 : asked);
    struct terminal_exchange altered = *x;
    altered.apdu = &apdu;
    OC_TRY(terminal_right_exchange(&altered));
    if (oc_sw_ok(*x->sw) && x->data->len > 0 && apdu.p1 != asked) {
        x->data->at[0] = asked;
    }
    return oc_ok();
}

static oc_result first_piece(const struct terminal_exchange *x)
{
    bool further = !x->is_psam && x->apdu->ins == INS_READ_BINARY && (x->apdu->p1 | x->apdu->p2) != 0;
    return further ? terminal_make_answer(x, oc_span_empty(), OC_SW_WRONG_OFFSET) : terminal_right_exchange(x);
}

static oc_result newest_alone(const struct terminal_exchange *x)
{
    bool older = !x->is_psam && x->apdu->ins == INS_READ_RECORD && x->apdu->p1 > 1;
    return older ? terminal_make_answer(x, oc_span_empty(), OC_SW_RECORD_NOT_FOUND) : terminal_right_exchange(x);
}

/* The card is given back what was just read. */
static oc_result writes_too(struct oc_call *call, oc_step *right)
{
    static const uint8_t record[] = {0x03, 0x04, '3', '.', '0', '0'};
    const oc_apdu update = {.ins = INS_UPDATE_RECORD, .p1 = 0x03, .p2 = 0x05 << 3, .data = {record, sizeof record}};
    OC_TRY(right(call));
    return oc_call_ended(call) ? oc_ok() : oc_call_card(call, &update);
}

/* The holder's number is read beside what was asked for. */
static oc_result more_than_asked(struct oc_call *call, oc_step *right)
{
    const oc_apdu read = {.ins = INS_READ_RECORD, .p1 = 0x08, .p2 = 0x06 << 3, .has_le = true};
    OC_TRY(right(call));
    return oc_call_ended(call) ? oc_ok() : oc_call_card(call, &read);
}

/* What was read until it failed. */
static oc_result given_on_failure(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    return oc_call_ended(call) ? oc_fields_set_text(call->answer, "out", "SSSEEF05|3.00|$") : oc_ok();
}

static oc_result replace_all(oc_fields *answer, char old, char fresh)
{
    oc_buf out = {0};
    oc_result r = oc_buf_set(&out, oc_fields_span(answer, "out"));
    for (size_t i = 0; oc_is_ok(r) && i < out.len; i++) {
        out.at[i] = out.at[i] == (uint8_t)old ? (uint8_t)fresh : out.at[i];
    }
    r = oc_is_ok(r) ? oc_fields_set(answer, "out", oc_buf_span(&out)) : r;
    oc_buf_free(&out);
    return r;
}

static oc_result parts_by_comma(const char *function, oc_fields *answer)
{
    return strcmp(function, "iReadCard") == 0 ? replace_all(answer, '^', ',') : oc_ok();
}

static oc_result no_end(const char *function, oc_fields *answer)
{
    oc_span out = oc_fields_span(answer, "out");
    return strcmp(function, "iReadCard") == 0 && out.len > 0
               ? oc_fields_set(answer, "out", oc_span_slice(out, 0, out.len - 1))
               : oc_ok();
}

static oc_result no_name(const char *function, oc_fields *answer)
{
    oc_span out = oc_fields_span(answer, "out");
    return strcmp(function, "iReadCard") == 0 && out.len > NAME_AND_BAR
               ? oc_fields_set(answer, "out", oc_span_slice(out, NAME_AND_BAR, SIZE_MAX))
               : oc_ok();
}

static oc_result as_utf8(const char *function, oc_fields *answer)
{
    oc_buf text = {0};
    oc_result r = oc_ok();
    if (strcmp(function, "iReadCard") == 0 && oc_is_ok(oc_text_from_card(&text, oc_fields_span(answer, "out")))) {
        r = oc_fields_set(answer, "out", oc_buf_span(&text));
    }
    oc_buf_free(&text);
    return r;
}

/* Where no debit was made there is one of nothing. */
static oc_result empty_record(const char *function, oc_fields *answer)
{
    return strcmp(function, "iReadDebitRecord") == 0 && oc_fields_span(answer, "out").len == 0
               ? oc_fields_set_text(answer, "out", "0|2|000000000000|00000000000000|0.00|0.00|0.00|$")
               : oc_ok();
}

#define ONLY_RECORDS .only = "iReadDebitRecord"

static const struct mutant rows[] = {
    {.id = "terminal.read.one-key-of-two"},
    {.id = "terminal.read.update-key"},
    {.id = "terminal.read.filling-given"},
    {.id = "terminal.read.no-item-is-empty"},
    {.id = "terminal.read.no-file-is-empty"},
    {.id = "terminal.read.no-right-is-empty"},
    {.id = "terminal.read.first-file-only", TERMINAL(.call = first_file)},
    {.id = "terminal.read.first-item-only", TERMINAL(.call = first_item)},
    {.id = "terminal.read.end-added", TERMINAL(.call = end_added)},
    {.id = "terminal.read.always-by-pin", TERMINAL(.call = always_by_pin)},
    {.id = "terminal.read.any-auth", TERMINAL(.call = any_auth)},
    {.id = "terminal.read.mf-refused", TERMINAL(.call = mf_refused)},
    {.id = "terminal.read.directory-kept", TERMINAL(.exchange = directory_kept, .only = "iReadCard")},
    {.id = "terminal.read.other-directory", TERMINAL(.exchange = other_directory, .only = "iReadCard")},
    {.id = "terminal.read.other-transparent", TERMINAL(.exchange = other_transparent, .only = "iReadCard")},
    {.id = "terminal.read.other-item", TERMINAL(.exchange = next_item, .only = "iReadCard")},
    {.id = "terminal.read.first-piece-only", TERMINAL(.exchange = first_piece, .only = "iReadCard")},
    {.id = "terminal.read.no-pin", TERMINAL(.steps = {WITHOUT(oc_step_verify_pin)}, .only = "iReadCard")},
    {.id = "terminal.read.writes-too", TERMINAL(.steps = {{oc_step_read_files, writes_too}})},
    {.id = "terminal.read.more-than-asked", TERMINAL(.steps = {{oc_step_read_files, more_than_asked}})},
    {.id = "terminal.read.given-on-failure", TERMINAL(.steps = {{oc_step_read_files, given_on_failure}})},
    {.id = "terminal.read.parts-by-comma", TERMINAL(.answer = parts_by_comma)},
    {.id = "terminal.read.no-end", TERMINAL(.answer = no_end)},
    {.id = "terminal.read.no-name", TERMINAL(.answer = no_name)},
    {.id = "terminal.read.utf-8", TERMINAL(.answer = as_utf8)},
    {.id = "terminal.record.newest-alone", TERMINAL(.exchange = newest_alone, ONLY_RECORDS)},
    {.id = "terminal.record.no-pin", TERMINAL(.steps = {WITHOUT(oc_step_verify_pin)}, ONLY_RECORDS)},
    {.id = "terminal.record.empty-given", TERMINAL(.answer = empty_record)},
    {.id = "terminal.record.amount-in-fen"},
};
MUTANT_TABLE(rows);
