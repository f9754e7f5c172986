/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/file_items.h"
#include "sim/terminal/info.h"

#define DIR_DF04 0xDF04
#define EF08 0x08
#define RECORDS_MAX 254

/* A place that no transaction has filled yet. */
static bool unused(oc_span record)
{
    for (size_t i = 1; i < record.len; i++) {
        if (record.at[i] != record.at[0]) {
            return false;
        }
    }
    return record.len == 0 || record.at[0] == 0x00 || record.at[0] == 0xFF;
}

/* One record as text, closed by '|' and '$'; *end says that no further one is filled. */
static oc_result read_one(struct oc_call *call, uint8_t number, oc_buf *text, bool *end)
{
    const oc_apdu read = {.ins = 0xB2, .p1 = number, .p2 = EF08 << 3 | 0x04, .has_le = true};
    OC_TRY(oc_call_card(call, &read));
    *end = call->sw.value == OC_SW_RECORD_NOT_FOUND;
    if (*end) {
        return oc_ok();
    }
    if (!oc_sw_ok(call->sw)) {
        return oc_call_end_sw(call);
    }
    *end = unused(oc_call_data(call));
    if (*end) {
        return oc_ok();
    }
    OC_TRY(oc_file_append_cyclic(call, text, DIR_DF04, EF08, '|', oc_call_data(call)));
    return oc_buf_append(text, oc_span_text("|$"));
}

static oc_result add(const struct oc_call *call, oc_buf *out, oc_buf *text)
{
    if (call->settings->records_oldest_first) {
        OC_TRY(oc_buf_append(text, oc_buf_span(out)));
        return oc_buf_set(out, oc_buf_span(text));
    }
    return oc_buf_append(out, oc_buf_span(text));
}

static oc_result read_all(struct oc_call *call, oc_buf *out, oc_buf *text)
{
    for (unsigned number = 1; number <= RECORDS_MAX; number++) {
        bool end;
        oc_buf_clear(text);
        OC_TRY(read_one(call, (uint8_t)number, text, &end));
        if (oc_call_ended(call)) {
            return oc_ok();
        }
        if (end) {
            break;
        }
        OC_TRY(add(call, out, text));
    }
    return oc_fields_set(call->answer, "out", oc_buf_span(out));
}

/* All log records, newest first unless the settings say otherwise: number, type, terminal, date and time, three amounts
 * in yuan, each closed by '|', the record by '$'. No source shows the real form (ssc-terminal sheet 4.8): a project
 * choice. */
oc_result oc_step_debit_records(struct oc_call *call)
{
    oc_buf out = {0};
    oc_buf text = {0};
    oc_result r = read_all(call, &out, &text);
    oc_buf_free(&out);
    oc_buf_free(&text);
    return r;
}
