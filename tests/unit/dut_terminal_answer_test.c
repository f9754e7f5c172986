/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/terminal_kinds.h"
#include "tests/support/oc_test.h"

static void expect(const oc_fields *answer, const char *name, const char *hex)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(oc_fields_get(answer, name));
    OC_ASSERT_BYTES(oc_fields_span(answer, name), hex);
}

static void items_are_closed_by_bars(void)
{
    oc_fields answer = {0};
    OC_ASSERT_OK(oc_terminal_answer_set(&answer, 0, oc_span_text("12||x|rest")));
    expect(&answer, "code", "30");
    expect(&answer, "1", "3132");
    expect(&answer, "2", "");
    expect(&answer, "3", "78");
    CU_ASSERT_PTR_NULL(oc_fields_get(&answer, "4"));
    CU_ASSERT_PTR_NULL(oc_fields_get(&answer, "text"));
    oc_fields_free(&answer);
}

static void bars_inside_characters_are_none(void)
{
    oc_fields answer = {0};
    /* 817C and 8130817C hold a byte 7C: the first is a character, the second four bytes and broken. */
    OC_ASSERT_OK(oc_terminal_answer_set(&answer, 0, oc_test_hex("817C7C4131 7C")));
    expect(&answer, "1", "817C");
    expect(&answer, "2", "4131");
    oc_fields_free(&answer);
}

static void failures_have_a_text(void)
{
    oc_fields answer = {0};
    OC_ASSERT_OK(oc_terminal_answer_set(&answer, -2, oc_test_hex("CEDEBFA8")));
    expect(&answer, "code", "2D32");
    expect(&answer, "text", "E697A0E58DA1");
    oc_fields_free(&answer);
    OC_ASSERT_OK(oc_terminal_answer_set(&answer, -2, oc_test_hex("CE")));
    expect(&answer, "out", "CE");
    CU_ASSERT_PTR_NULL(oc_fields_get(&answer, "text"));
    oc_fields_free(&answer);
}

static void text_ends_where_it_breaks(void)
{
    static const struct {
        const char *hex;
        size_t len;
    } rows[] = {{"", 0},     {"4142", 2},     {"CEDEBF", 2}, {"41FF42", 1},
                {"FE59", 2}, {"8139EF30", 4}, {"8139EF", 0}, {"4180", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(oc_terminal_text_len(oc_test_hex(rows[i].hex)), rows[i].len);
    }
}

static oc_result answer_half(void *self, const char *function, const oc_fields *args, oc_fields *answer,
                             oc_breach *breach, oc_diag *diag)
{
    (void)self, (void)args, (void)breach, (void)diag;
    return oc_terminal_answer_set(answer, strcmp(function, "iReadCardBas") == 0 ? 0 : -13, oc_test_hex("41CE"));
}

static oc_result nothing(void *self, oc_breach *breach, oc_diag *diag)
{
    (void)self, (void)breach, (void)diag;
    return oc_ok();
}

static void let_go(void *self)
{
    (void)self;
}

static void half_a_character_is_a_breach(void)
{
    static const oc_terminal_dut_ops ops = {
        .kind = "test", .begin = nothing, .call = answer_half, .end = nothing, .free = let_go};
    oc_terminal_dut *dut = NULL;
    oc_fields none = {0};
    oc_fields answer = {0};
    oc_breach breach;
    OC_ASSERT_OK(oc_terminal_dut_new(&dut, &ops, NULL));
    OC_ASSERT_OK(oc_terminal_dut_begin(dut, &breach, NULL));
    OC_ASSERT_OK(oc_terminal_dut_call(dut, "iReadCardBas", &none, &answer, &breach, NULL));
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_ENCODING);
    CU_ASSERT_STRING_EQUAL(breach.text, "the output of iReadCardBas is no GB18030 text from byte 1 on (CE)");
    OC_ASSERT_OK(oc_terminal_dut_call(dut, "describe", &none, &answer, &breach, NULL));
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    expect(&answer, "kind", "74657374");
    oc_fields_free(&answer);
    oc_terminal_dut_free(&dut);
}

int main(void)
{
    static const oc_test_row rows[] = {{"items", items_are_closed_by_bars},
                                       {"bars in characters", bars_inside_characters_are_none},
                                       {"text", failures_have_a_text},
                                       {"broken text", text_ends_where_it_breaks},
                                       {"half a character", half_a_character_is_a_breach},
                                       {NULL, NULL}};
    return oc_test_main("dut_terminal_answer", rows);
}
