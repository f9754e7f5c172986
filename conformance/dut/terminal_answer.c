/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dut/terminal_kinds.h"
#include "sim/base/text.h"

/* More items than any function of the interface returns; the rest stays in "out" only. */
#define ITEMS_MAX 48

/* Bytes of the GB18030 character that `s` begins with; a broken one counts as one byte. */
static size_t character_len(oc_span s)
{
    if (s.at[0] < 0x81 || s.len < 2) {
        return 1;
    }
    if (s.at[1] >= 0x30 && s.at[1] <= 0x39) {
        return s.len < 4 ? s.len : 4;
    }
    return s.at[1] >= 0x40 && s.at[1] != 0x7F ? 2 : 1;
}

/* The bytes before the next '|' that is a character of its own; false without one. */
static bool take_item(oc_span *rest, oc_span *item)
{
    size_t at = 0;
    while (at < rest->len && rest->at[at] != '|') {
        at += character_len(oc_span_slice(*rest, at, rest->len));
    }
    if (at >= rest->len) {
        return false;
    }
    *item = oc_span_slice(*rest, 0, at);
    *rest = oc_span_slice(*rest, at + 1, rest->len);
    return true;
}

static oc_result set_items(oc_fields *answer, oc_span out)
{
    oc_span item;
    char name[12];
    for (int number = 1; number <= ITEMS_MAX && take_item(&out, &item); number++) {
        snprintf(name, sizeof name, "%d", number);
        OC_TRY(oc_fields_set(answer, name, item));
    }
    return oc_ok();
}

oc_result oc_terminal_answer_set(oc_fields *answer, long long code, oc_span out)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", code);
    OC_TRY(oc_fields_set_text(answer, "code", number));
    OC_TRY(oc_fields_set(answer, "out", out));
    OC_TRY(set_items(answer, out));
    if (code == 0) {
        return oc_ok();
    }
    oc_buf text = {0};
    oc_result r = oc_text_from_card(&text, out);
    if (oc_is_ok(r)) {
        r = oc_fields_set(answer, "text", oc_buf_span(&text));
    } else if (r.code == OC_E_FORMAT) {
        r = oc_ok();
    }
    oc_buf_free(&text);
    return r;
}

size_t oc_terminal_text_len(oc_span text)
{
    oc_buf scratch = {0};
    size_t good = oc_is_ok(oc_text_from_card(&scratch, text)) ? text.len : 0;
    while (good < text.len) {
        oc_span rest = oc_span_slice(text, good, text.len);
        size_t len = character_len(rest);
        oc_buf_clear(&scratch);
        if (!oc_is_ok(oc_text_from_card(&scratch, oc_span_slice(rest, 0, len)))) {
            break;
        }
        good += len;
    }
    oc_buf_free(&scratch);
    return good;
}
