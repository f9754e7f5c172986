/* SPDX-License-Identifier: Apache-2.0 */
/* Writing of files. */
#include "sim/base/text.h"
#include "sim/terminal/file_items.h"
#include "sim/terminal/info.h"
#include "sim/terminal/key_table.h"
#include "tests/mutants/terminal/seam.h"

#define NAME_LEN 8 /* "SSSEEF05" */
#define TAG_AND_LEN 2

MUTANT_WRAPS(bool, oc_info_is_plain, oc_span text);
MUTANT_WRAPS(const struct oc_terminal_key *, oc_terminal_update_key, bool first_generation, uint16_t dir, uint8_t ef);
MUTANT_WRAPS(oc_result, oc_file_make_record, struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag,
             oc_span text);

/* Asked by file_values.c of what is to be written. */
bool __wrap_oc_info_is_plain(oc_span text)
{
    return mutant_is("terminal.write.any-character") || __real_oc_info_is_plain(text);
}

const struct oc_terminal_key *__wrap_oc_terminal_update_key(bool first_generation, uint16_t dir, uint8_t ef)
{
    if (mutant_is("terminal.write.read-key")) {
        const struct oc_terminal_key *keys[2];
        return oc_terminal_read_keys(first_generation, dir, ef, keys) > 0
                   ? keys[0]
                   : __real_oc_terminal_update_key(first_generation, dir, ef);
    }
    return mutant_is("terminal.write.key-of-first-file") ? __real_oc_terminal_update_key(first_generation, dir, 0x05)
                                                         : __real_oc_terminal_update_key(first_generation, dir, ef);
}

typedef oc_result make_record(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag, oc_span text);

/* What is too long is cut. */
static oc_result make_cut(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag, oc_span text)
{
    size_t begin = out->len;
    OC_TRY(__real_oc_file_make_record(call, out, dir, ef, tag, text));
    while (call->code == OC_CODE_DATA_LENGTH && text.len > 0) {
        call->code = OC_CODE_OK;
        out->len = begin;
        text.len--;
        OC_TRY(__real_oc_file_make_record(call, out, dir, ef, tag, text));
    }
    return oc_ok();
}

/* What is no digit is 0. */
static oc_result make_digits(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag, oc_span text)
{
    size_t begin = out->len;
    OC_TRY(__real_oc_file_make_record(call, out, dir, ef, tag, text));
    if (call->code != OC_CODE_CHARACTER || oc_info_all_digits(text)) {
        return oc_ok();
    }
    oc_buf digits = {0};
    oc_result r = oc_buf_set(&digits, text);
    for (size_t i = 0; oc_is_ok(r) && i < digits.len; i++) {
        digits.at[i] = digits.at[i] < '0' || digits.at[i] > '9' ? '0' : digits.at[i];
    }
    call->code = OC_CODE_OK;
    out->len = begin;
    r = oc_is_ok(r) ? __real_oc_file_make_record(call, out, dir, ef, tag, oc_buf_span(&digits)) : r;
    oc_buf_free(&digits);
    return r;
}

/* Filled up with blanks. */
static oc_result make_blanks(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag, oc_span text)
{
    OC_TRY(__real_oc_file_make_record(call, out, dir, ef, tag, text));
    for (size_t i = out->len; i > TAG_AND_LEN && !oc_call_ended(call) && out->at[i - 1] == 0x00; i--) {
        out->at[i - 1] = ' ';
    }
    return oc_ok();
}

static oc_result make_utf8(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag, oc_span text)
{
    oc_buf utf8 = {0};
    oc_result r = oc_ok();
    if (oc_is_ok(oc_text_from_card(&utf8, text))) {
        text = oc_buf_span(&utf8);
    }
    r = __real_oc_file_make_record(call, out, dir, ef, tag, text);
    oc_buf_free(&utf8);
    return r;
}

oc_result __wrap_oc_file_make_record(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag,
                                     oc_span text)
{
    static const struct {
        const char *id;
        make_record *make;
    } others[] = {{"terminal.write.long-cut", make_cut},
                  {"terminal.write.letters-are-zero", make_digits},
                  {"terminal.write.filled-with-blanks", make_blanks},
                  {"terminal.write.utf-8", make_utf8}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (mutant_is(others[i].id)) {
            return others[i].make(call, out, dir, ef, tag, text);
        }
    }
    return __real_oc_file_make_record(call, out, dir, ef, tag, text);
}

static bool writes(const struct terminal_exchange *x)
{
    return !x->is_psam && (x->apdu->ins == INS_UPDATE_RECORD || x->apdu->ins == INS_UPDATE_BINARY);
}

static oc_result not_sent(const struct terminal_exchange *x)
{
    return writes(x) ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK) : terminal_right_exchange(x);
}

static oc_result sent_twice(const struct terminal_exchange *x)
{
    if (writes(x)) {
        OC_TRY(terminal_right_exchange(x));
    }
    return terminal_right_exchange(x);
}

static oc_result failure_ignored(const struct terminal_exchange *x)
{
    OC_TRY(terminal_right_exchange(x));
    return writes(x) && x->sw->value != 0 ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK) : oc_ok();
}

/* Only what has content. */
static oc_result empty_left_out(const struct terminal_exchange *x)
{
    bool empty = writes(x);
    for (size_t i = TAG_AND_LEN; empty && i < x->apdu->data.len; i++) {
        empty = x->apdu->data.at[i] == 0x00 || x->apdu->data.at[i] == 0xFF;
    }
    return empty ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK) : terminal_right_exchange(x);
}

static oc_result first_item_only(const struct terminal_exchange *x)
{
    unsigned *written = &terminal_call_memory()->count[0];
    return writes(x) && (*written)++ > 0 ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                         : terminal_right_exchange(x);
}

/* Another item of EF06 is overwritten on the way. */
static oc_result other_item_too(const struct terminal_exchange *x)
{
    OC_TRY(terminal_right_exchange(x));
    if (!writes(x) || x->apdu->ins != INS_UPDATE_RECORD || x->apdu->p1 == 0x0C || x->apdu->p2 >> 3 != 0x06) {
        return oc_ok();
    }
    static const uint8_t born_in[] = {0x0C, 0x03, 0x99, 0x00, 0x00};
    oc_apdu apdu = {.ins = INS_UPDATE_RECORD, .p1 = 0x0C, .p2 = x->apdu->p2, .data = {born_in, sizeof born_in}};
    oc_buf data = {0};
    oc_sw sw;
    struct terminal_exchange further = *x;
    further.apdu = &apdu;
    further.data = &data;
    further.sw = &sw;
    oc_result r = terminal_right_exchange(&further);
    oc_buf_free(&data);
    return r;
}

/* Tries to write, and proves itself only then. */
static oc_result before_proof(const struct terminal_exchange *x)
{
    static const uint8_t record[] = {0x2A, 0x01, 0x30};
    static const oc_apdu update = {.ins = INS_UPDATE_RECORD, .p1 = 0x2A, .p2 = 0x07 << 3, .data = {record, 3}};
    if (!x->is_psam && x->apdu->ins == INS_GET_CHALLENGE) {
        struct terminal_exchange first = *x;
        first.apdu = &update;
        OC_TRY(terminal_right_exchange(&first));
    }
    return terminal_right_exchange(x);
}

static oc_result unproved(const struct terminal_exchange *x)
{
    return !x->is_psam && x->apdu->ins == INS_EXTERNAL_AUTH ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                                            : terminal_right_exchange(x);
}

/* Refused, it writes all the same. */
static oc_result refusal_ignored(const struct terminal_exchange *x)
{
    OC_TRY(terminal_right_exchange(x));
    return !x->is_psam && x->apdu->ins == INS_EXTERNAL_AUTH ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                                            : oc_ok();
}

/* pWriteData belongs to whatever file pFileAddr names. */
static oc_result any_file_name(const struct terminal_order *order)
{
    oc_span address = oc_fields_span(order->args, "file-addr");
    oc_span values = oc_fields_span(order->args, "write-data");
    if (!terminal_is_in("iWriteCard") || address.len < NAME_LEN || values.len < NAME_LEN) {
        return terminal_right_call(order);
    }
    oc_buf text = {0};
    oc_result r = oc_buf_set(&text, values);
    if (oc_is_ok(r)) {
        memcpy(text.at, address.at, NAME_LEN);
        r = terminal_call_with(order, "write-data", oc_buf_span(&text));
    }
    oc_buf_free(&text);
    return r;
}

/* Values that are missing are empty ones. */
static oc_result fewer_values(const struct terminal_order *order)
{
    oc_span address = oc_fields_span(order->args, "file-addr");
    oc_span values = oc_fields_span(order->args, "write-data");
    size_t wanted = 0;
    size_t given = 0;
    for (size_t i = 0; i < address.len; i++) {
        wanted += address.at[i] == '|';
    }
    for (size_t i = 0; i < values.len; i++) {
        given += values.at[i] == '|';
    }
    bool ends = values.len > 0 && values.at[values.len - 1] == '$';
    if (!terminal_is_in("iWriteCard") || !ends || given == 0 || given >= wanted) {
        return terminal_right_call(order);
    }
    oc_buf text = {0};
    oc_result r = oc_buf_set(&text, oc_span_slice(values, 0, values.len - 1));
    for (; oc_is_ok(r) && given < wanted; given++) {
        r = oc_buf_append_byte(&text, '|');
    }
    r = oc_is_ok(r) ? oc_buf_append_byte(&text, '$') : r;
    r = oc_is_ok(r) ? terminal_call_with(order, "write-data", oc_buf_span(&text)) : r;
    oc_buf_free(&text);
    return r;
}

/* The holder's PIN before every writing. */
static oc_result pin_too(struct oc_call *call, oc_step *right)
{
    static const uint8_t packed[] = {0x12, 0x34, 0x56};
    const oc_apdu verify = {.ins = INS_VERIFY, .data = oc_span_of(packed, sizeof packed)};
    OC_TRY(oc_call_card(call, &verify));
    return right(call);
}

#define ONLY_WRITE .only = "iWriteCard"

static const struct mutant rows[] = {
    {.id = "terminal.write.any-character"},
    {.id = "terminal.write.read-key"},
    {.id = "terminal.write.key-of-first-file"},
    {.id = "terminal.write.long-cut"},
    {.id = "terminal.write.letters-are-zero"},
    {.id = "terminal.write.filled-with-blanks"},
    {.id = "terminal.write.utf-8"},
    {.id = "terminal.write.not-sent", TERMINAL(.exchange = not_sent, ONLY_WRITE)},
    {.id = "terminal.write.sent-twice", TERMINAL(.exchange = sent_twice, ONLY_WRITE)},
    {.id = "terminal.write.failure-ignored", TERMINAL(.exchange = failure_ignored, ONLY_WRITE)},
    {.id = "terminal.write.empty-left-out", TERMINAL(.exchange = empty_left_out, ONLY_WRITE)},
    {.id = "terminal.write.first-item-only", TERMINAL(.exchange = first_item_only, ONLY_WRITE)},
    {.id = "terminal.write.other-item-too", TERMINAL(.exchange = other_item_too, ONLY_WRITE)},
    {.id = "terminal.write.before-proof", TERMINAL(.exchange = before_proof, ONLY_WRITE)},
    {.id = "terminal.write.unproved", TERMINAL(.exchange = unproved, ONLY_WRITE)},
    {.id = "terminal.write.refusal-ignored", TERMINAL(.exchange = refusal_ignored, ONLY_WRITE)},
    {.id = "terminal.write.any-file-name", TERMINAL(.call = any_file_name)},
    {.id = "terminal.write.fewer-values", TERMINAL(.call = fewer_values)},
    {.id = "terminal.write.not-checked-before", TERMINAL(.steps = {WITHOUT(oc_step_make_data)})},
    {.id = "terminal.write.pin-too", TERMINAL(.steps = {{oc_step_write_files, pin_too}})},
};
MUTANT_TABLE(rows);
