/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/outcome.h"
#include "conformance/record/visible.h"
#include "tests/support/oc_test.h"

static void expect(oc_result (*make)(oc_buf *, const char *), const char *text, const char *expected)
{
    oc_buf out = {0};
    OC_ASSERT_OK(make(&out, text));
    CU_ASSERT_STRING_EQUAL((const char *)out.at, expected);
    CU_ASSERT_EQUAL(out.len, strlen(expected));
    oc_buf_free(&out);
}

static void ordinary_text_stays(void)
{
    expect(oc_visible_text, NULL, "");
    expect(oc_visible_text, "a\tb\nc <&> ]]>", "a\tb\nc <&> ]]>");
    expect(oc_visible_text, "社会保障卡 😀 \u00e9", "社会保障卡 😀 \u00e9");
}

static void what_xml_cannot_carry_is_shown(void)
{
    expect(oc_visible_text, "\x01\x1b[31m\r", "\\x01\\x1B[31m\\x0D");
    expect(oc_visible_text, "\xff", "\\xFF");
    expect(oc_visible_text, "\xc0\xaf", "\\xC0\\xAF");                   /* overlong slash */
    expect(oc_visible_text, "\xe0\x80\x80", "\\xE0\\x80\\x80");          /* overlong, three bytes */
    expect(oc_visible_text, "\xed\xa0\x80", "\\xED\\xA0\\x80");          /* surrogate */
    expect(oc_visible_text, "\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"); /* past U+10FFFF */
    expect(oc_visible_text, "\xef\xbf\xbf", "\\xEF\\xBF\\xBF");          /* U+FFFF */
    expect(oc_visible_text, "\xe7\xa4", "\\xE7\\xA4");                   /* cut in the middle */
    expect(oc_visible_text,
           "\xe7\xa4"
           "A",
           "\\xE7\\xA4"
           "A");
}

static void what_deceives_is_shown(void)
{
    expect(oc_visible_text, "9000\u202e6982", "9000\\u202E6982");
    expect(oc_visible_text, "a\u200bb\ufeff", "a\\u200Bb\\uFEFF");
    expect(oc_visible_text, "a\u034fb\u180e", "a\\u034Fb\\u180E");
    expect(oc_visible_text, "a\U000e0041b", "a\\uE0041b");
    expect(oc_visible_text,
           "\xc2\x9b"
           "31m\x7f",
           "\\u009B31m\\u007F");
}

static void paths_lose_their_folders(void)
{
    expect(oc_visible_paths, "onecard run --profile /var/lib/x/p.xml vectors/card",
           "onecard run --profile .../p.xml vectors/card");
    expect(oc_visible_paths, "/usr/bin/onecard run", ".../onecard run");
    expect(oc_visible_paths, "--format junit=/tmp/out/j.xml,/tmp/k", "--format junit=.../j.xml,.../k");
    expect(oc_visible_paths, "exec:/usr/lib/card --x", "exec:.../card --x");
    expect(oc_visible_paths, "-o /tmp/out/ '/a b'", "-o .../out/ '.../a b'");
    expect(oc_visible_paths, "http://127.0.0.1:8080/a/b ../x a/b 1/2", "http://127.0.0.1:8080/a/b ../x a/b 1/2");
    expect(oc_visible_paths, NULL, "");
}

static void verdicts_are_ordered(void)
{
    enum oc_verdict read;
    for (unsigned i = 0; i < OC_VERDICT_COUNT; i++) {
        CU_ASSERT_TRUE(oc_verdict_parse(oc_verdict_name((enum oc_verdict)i), &read));
        CU_ASSERT_EQUAL(read, i);
    }
    CU_ASSERT_FALSE(oc_verdict_parse("pass", &read));
    CU_ASSERT_FALSE(oc_verdict_parse(NULL, &read));
    for (unsigned a = 0; a < OC_VERDICT_COUNT; a++) {
        for (unsigned b = 0; b < OC_VERDICT_COUNT; b++) {
            unsigned worse = a > b ? a : b;
            if (a == OC_VERDICT_FAIL && b == OC_VERDICT_ERROR) {
                worse = OC_VERDICT_FAIL;
            }
            CU_ASSERT_EQUAL(oc_verdict_worse((enum oc_verdict)a, (enum oc_verdict)b), worse);
        }
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"ordinary text stays", ordinary_text_stays},
        {"what XML cannot carry is shown", what_xml_cannot_carry_is_shown},
        {"what deceives is shown", what_deceives_is_shown},
        {"paths lose their folders", paths_lose_their_folders},
        {"verdicts are ordered", verdicts_are_ordered},
        {NULL, NULL},
    };
    return oc_test_main("record: text", rows);
}
