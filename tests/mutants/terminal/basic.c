/* SPDX-License-Identifier: Apache-2.0 */
/* The basic data: the items of iReadCardBas. */
#include "sim/base/text.h"
#include "sim/terminal/info.h"
#include "tests/mutants/terminal/seam.h"

MUTANT_WRAPS(oc_result, oc_info_append_text, struct oc_call *call, oc_buf *out, oc_span value);

/* The marks of a text on the card make items of their own; what is blank is a blank. */
oc_result __wrap_oc_info_append_text(struct oc_call *call, oc_buf *out, oc_span value)
{
    oc_span text = oc_info_trim(value);
    if (mutant_is("terminal.basic.marks-given")) {
        return oc_buf_append(out, text);
    }
    return mutant_is("terminal.basic.blank-is-space") && text.len == 0 ? oc_buf_append_byte(out, ' ')
                                                                       : __real_oc_info_append_text(call, out, value);
}

/* The first item. */
static oc_result set_region(const char *function, oc_fields *answer, oc_span region)
{
    return terminal_is_basic(function) ? terminal_set_item(answer, 1, region) : oc_ok();
}

static oc_result last_bar_missing(const char *function, oc_fields *answer)
{
    oc_span out = oc_fields_span(answer, "out");
    return terminal_is_basic(function) && out.len > 0
               ? oc_fields_set(answer, "out", oc_span_slice(out, 0, out.len - 1))
               : oc_ok();
}

static oc_result nine_items(const char *function, oc_fields *answer)
{
    oc_span tenth;
    oc_span out = oc_fields_span(answer, "out");
    return terminal_is_basic(function) && terminal_item(answer, 10, &tenth)
               ? oc_fields_set(answer, "out", oc_span_of(out.at, (size_t)(tenth.at - out.at)))
               : oc_ok();
}

static oc_result nothing_given(const char *function, oc_fields *answer)
{
    return terminal_is_basic(function) ? oc_fields_set(answer, "out", oc_span_empty()) : oc_ok();
}

static oc_result region_of_person(const char *function, oc_fields *answer)
{
    oc_span person;
    return terminal_item(answer, 2, &person) ? set_region(function, answer, oc_span_slice(person, 6, 6)) : oc_ok();
}

static oc_result set_basic(const char *function, oc_fields *answer, unsigned number, oc_span item)
{
    return terminal_is_basic(function) ? terminal_set_item(answer, number, item) : oc_ok();
}

/* Item `number` without its end. */
static oc_result cut_item(const char *function, oc_fields *answer, unsigned number, size_t len)
{
    oc_span item;
    return terminal_item(answer, number, &item) && item.len > len
               ? set_basic(function, answer, number, oc_span_slice(item, 0, len))
               : oc_ok();
}

static oc_result person_cut(const char *function, oc_fields *answer)
{
    return cut_item(function, answer, 2, 15);
}

static oc_result number_cut(const char *function, oc_fields *answer)
{
    return cut_item(function, answer, 3, 8);
}

static oc_result id_cut(const char *function, oc_fields *answer)
{
    return cut_item(function, answer, 4, 20);
}

static oc_result name_cut(const char *function, oc_fields *answer)
{
    return cut_item(function, answer, 5, 20);
}

static oc_result name_utf8(const char *function, oc_fields *answer)
{
    oc_buf text = {0};
    oc_span name;
    oc_result r = oc_ok();
    if (terminal_item(answer, 5, &name) && oc_is_ok(oc_text_from_card(&text, name))) {
        r = set_basic(function, answer, 5, oc_buf_span(&text));
    }
    oc_buf_free(&text);
    return r;
}

/* Half of the last character is left. */
static oc_result name_halved(const char *function, oc_fields *answer)
{
    oc_span name;
    return terminal_item(answer, 5, &name) && name.len > 1 ? cut_item(function, answer, 5, name.len - 1) : oc_ok();
}

/* T0 and the interface bytes too. */
static oc_result whole_reset(const char *function, oc_fields *answer)
{
    oc_buf text = {0};
    oc_span historical;
    oc_result r = oc_ok();
    if (terminal_item(answer, 6, &historical)) {
        r = oc_buf_append(&text, oc_span_text("3B6D000000"));
        r = oc_is_ok(r) ? oc_buf_append(&text, historical) : r;
        r = oc_is_ok(r) ? set_basic(function, answer, 6, oc_buf_span(&text)) : r;
    }
    oc_buf_free(&text);
    return r;
}

static oc_result version_constant(const char *function, oc_fields *answer)
{
    return set_basic(function, answer, 7, oc_span_text("2.10"));
}

static oc_result issued_is_expiry(const char *function, oc_fields *answer)
{
    oc_buf expires = {0};
    oc_span item;
    oc_result r = oc_ok();
    if (terminal_item(answer, 9, &item)) {
        r = oc_buf_set(&expires, item);
        r = oc_is_ok(r) ? set_basic(function, answer, 8, oc_buf_span(&expires)) : r;
    }
    oc_buf_free(&expires);
    return r;
}

static oc_result expiry_is_issued(const char *function, oc_fields *answer)
{
    oc_buf issued = {0};
    oc_span item;
    oc_result r = oc_ok();
    if (terminal_item(answer, 8, &item)) {
        r = oc_buf_set(&issued, item);
        r = oc_is_ok(r) ? set_basic(function, answer, 9, oc_buf_span(&issued)) : r;
    }
    oc_buf_free(&issued);
    return r;
}

static oc_result no_terminal_number(const char *function, oc_fields *answer)
{
    return set_basic(function, answer, 10, oc_span_text("000000000000"));
}

static oc_result no_device(const char *function, oc_fields *answer)
{
    return set_basic(function, answer, 11, oc_span_empty());
}

/* Where nothing was personalised there is a word for it. */
static oc_result blank_is_said(const char *function, oc_fields *answer)
{
    oc_span name;
    return terminal_item(answer, 5, &name) && name.len == 0 ? set_basic(function, answer, 5, oc_span_text("NULL"))
                                                            : oc_ok();
}

/* The fourth call in a row has the day of issue in another form. */
static oc_result fourth_differs(const char *function, oc_fields *answer)
{
    unsigned *calls = &terminal_memory()->count[0];
    return terminal_is_basic(function) && ++*calls % 4 == 0 ? set_basic(function, answer, 8, oc_span_text("2020"))
                                                            : oc_ok();
}

static oc_result second_differs(const char *function, oc_fields *answer)
{
    unsigned *calls = &terminal_memory()->count[0];
    return terminal_is_basic(function) && ++*calls == 2 ? set_basic(function, answer, 11, oc_span_text("0")) : oc_ok();
}

static const struct mutant rows[] = {
    {.id = "terminal.basic.last-bar-missing", TERMINAL(.answer = last_bar_missing)},
    {.id = "terminal.basic.nine-items", TERMINAL(.answer = nine_items)},
    {.id = "terminal.basic.nothing-given", TERMINAL(.answer = nothing_given)},
    {.id = "terminal.basic.region-of-person", TERMINAL(.answer = region_of_person)},
    {.id = "terminal.basic.person-cut", TERMINAL(.answer = person_cut)},
    {.id = "terminal.basic.number-cut", TERMINAL(.answer = number_cut)},
    {.id = "terminal.basic.id-cut", TERMINAL(.answer = id_cut)},
    {.id = "terminal.basic.name-cut", TERMINAL(.answer = name_cut)},
    {.id = "terminal.basic.name-utf-8", TERMINAL(.answer = name_utf8)},
    {.id = "terminal.basic.name-halved", TERMINAL(.answer = name_halved)},
    {.id = "terminal.basic.whole-reset", TERMINAL(.answer = whole_reset)},
    {.id = "terminal.basic.version-constant", TERMINAL(.answer = version_constant)},
    {.id = "terminal.basic.issued-is-expiry", TERMINAL(.answer = issued_is_expiry)},
    {.id = "terminal.basic.expiry-is-issued", TERMINAL(.answer = expiry_is_issued)},
    {.id = "terminal.basic.no-terminal-number", TERMINAL(.answer = no_terminal_number)},
    {.id = "terminal.basic.no-device", TERMINAL(.answer = no_device)},
    {.id = "terminal.basic.blank-is-said", TERMINAL(.answer = blank_is_said)},
    {.id = "terminal.basic.blank-is-space"},
    {.id = "terminal.basic.marks-given"},
    {.id = "terminal.basic.second-differs", TERMINAL(.answer = second_differs)},
    {.id = "terminal.basic.fourth-differs", TERMINAL(.answer = fourth_differs)},
};
MUTANT_TABLE(rows);
