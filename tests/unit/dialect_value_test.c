/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/value.h"
#include "tests/unit/dialect_kit.h"

static void expect(const char *source, const char *hex)
{
    oc_arena arena = {0};
    oc_value value = {0};
    oc_buf bytes = {0};
    oc_diag diag = {0};
    const oc_scope scope = oc_kit_scope();
    OC_ASSERT_OK(oc_value_read(&value, &arena, source, &diag));
    CU_ASSERT_STRING_EQUAL(value.source, source);
    OC_ASSERT_OK(oc_value_bytes(&value, &scope, &bytes, &diag));
    OC_ASSERT_BYTES(oc_buf_span(&bytes), hex);
    oc_buf_free(&bytes);
    oc_arena_free(&arena);
}

static void refuse(const char *source, enum oc_code code, const char *part)
{
    oc_arena arena = {0};
    oc_value value = {0};
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_value_read(&value, &arena, source, &diag), code);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, part));
    oc_arena_free(&arena);
}

static void fail_when_run(const char *source, enum oc_code code, const char *part)
{
    oc_arena arena = {0};
    oc_value value = {0};
    oc_buf bytes = {0};
    oc_diag diag = {0};
    const oc_scope scope = oc_kit_scope();
    OC_ASSERT_OK(oc_value_read(&value, &arena, source, &diag));
    OC_ASSERT_CODE(oc_value_bytes(&value, &scope, &bytes, &diag), code);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, part));
    oc_buf_free(&bytes);
    oc_arena_free(&arena);
}

static void tokens_yield_bytes(void)
{
    expect("", "");
    expect("  \n\t ", "");
    expect("00A4", "00A4");
    expect(" 0a 0B\t0c\n0D ", "0A0B0C0D");
    expect("'sx1'", "737831");
    expect("''", "");
    expect("'社会保障'", "C9E7BBE1B1A3D5CF"); /* GB 18030 */
    expect("'a b'", "612062");
    expect("$one", "01");
    expect("$none", "");
    expect("@pin", "123456");
    expect("@SSSE/EF05/07", "41");
    expect("00 $one 'A' @pin FF", "000141123456FF");
}

static void captures_are_cut(void)
{
    expect("$eight[0:8]", "0102030405060708");
    expect("$eight[2:3]", "030405");
    expect("$eight[8:0]", "");
    expect("AA $eight[7:1] BB", "AA08BB");
    fail_when_run("$eight[0:9]", OC_E_LIMIT, "8 bytes");
    fail_when_run("$eight[9:0]", OC_E_LIMIT, "$eight[9:0]");
    fail_when_run("$eight[65535:65535]", OC_E_LIMIT, "outside");
}

static void malformed_tokens_are_refused(void)
{
    refuse("0", OC_E_FORMAT, "even number");
    refuse("00A", OC_E_FORMAT, "00A");
    refuse("0G", OC_E_FORMAT, "0G");
    refuse("'open", OC_E_FORMAT, "closing quote");
    refuse("'a'00", OC_E_FORMAT, "blanks");
    refuse("$one'a'", OC_E_FORMAT, "blanks");
    refuse("$", OC_E_FORMAT, "without a name");
    refuse("$one[", OC_E_FORMAT, "[offset:length]");
    refuse("$one[1]", OC_E_FORMAT, "[offset:length]");
    refuse("$one[1:", OC_E_FORMAT, "[offset:length]");
    refuse("$one[1:2", OC_E_FORMAT, "[offset:length]");
    refuse("$one[a:2]", OC_E_FORMAT, "[offset:length]");
    refuse("$one[0:65536]", OC_E_FORMAT, "[offset:length]");
    refuse("$one[0:99999999999999999999]", OC_E_FORMAT, "[offset:length]");
    refuse("@", OC_E_FORMAT, "@");
    refuse("key:", OC_E_FORMAT, "key:");
}

static void text_outside_the_encoding_is_refused(void)
{
    refuse("'\xFF\xFE'", OC_E_FORMAT, "GB18030");
    refuse("'\xED\xA0\x80'", OC_E_FORMAT, "GB18030"); /* a lone surrogate */
}

static void names_must_be_known(void)
{
    fail_when_run("$other", OC_E_FORMAT, "$other has no value");
    fail_when_run("@SSSE/EF05/99", OC_E_NOT_FOUND, "@SSSE/EF05/99");
    fail_when_run("key:SSSE/UK", OC_E_USAGE, "key:SSSE/UK");
}

static void tokens_are_bounded(void)
{
    char source[4 * 70];
    for (size_t i = 0; i < 65; i++) {
        memcpy(source + 3 * i, "00 ", 4);
    }
    refuse(source, OC_E_LIMIT, "64");
    source[3 * 64] = '\0';
    oc_arena arena = {0};
    oc_value value = {0};
    OC_ASSERT_OK(oc_value_read(&value, &arena, source, NULL));
    CU_ASSERT_EQUAL(value.count, 64);
    oc_arena_free(&arena);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"tokens yield bytes", tokens_yield_bytes},
        {"captures are cut", captures_are_cut},
        {"malformed tokens are refused", malformed_tokens_are_refused},
        {"text outside the encoding is refused", text_outside_the_encoding_is_refused},
        {"names must be known", names_must_be_known},
        {"tokens are bounded", tokens_are_bounded},
        {NULL, NULL},
    };
    return oc_test_main("values", rows);
}
