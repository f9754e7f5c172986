/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/diag.h"
#include "sim/base/sw.h"
#include "tests/support/oc_test.h"

static oc_result hands_on(enum oc_code code, bool *reached)
{
    OC_TRY(oc_fail(code));
    *reached = true;
    return oc_ok();
}

static void failures_travel(void)
{
    bool reached = false;
    OC_ASSERT_CODE(hands_on(OC_E_TIMEOUT, &reached), OC_E_TIMEOUT);
    CU_ASSERT_FALSE(reached);
    OC_ASSERT_CODE(hands_on(OC_E_OK, &reached), OC_E_OK);
    CU_ASSERT_TRUE(reached);
}

static void every_code_has_its_texts(void)
{
    CU_ASSERT_STRING_EQUAL(oc_code_name(OC_E_TIMEOUT), "TIMEOUT");
    CU_ASSERT_STRING_EQUAL(oc_code_category(OC_E_GONE), "io");
    CU_ASSERT_STRING_EQUAL(oc_code_sentence(OC_E_OK), "no error");
    CU_ASSERT_STRING_EQUAL(oc_code_name((enum oc_code)999), "INTERNAL");
}

static void the_first_cause_is_kept(void)
{
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_diag_fail(&diag, OC_E_FORMAT, "record %d", 7), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_diag_fail_at(&diag, OC_E_IO, "b.xml", 3, "later"), OC_E_IO);
    CU_ASSERT_STRING_EQUAL(diag.reason, "record 7");
    CU_ASSERT_STRING_EQUAL(diag.file, "");
    oc_diag_place(&diag, "a.xml", 12);
    oc_diag_place(&diag, "c.xml", 13);
    CU_ASSERT_STRING_EQUAL(diag.file, "a.xml");
    CU_ASSERT_EQUAL(diag.line, 12);
    oc_diag_clear(&diag);
    CU_ASSERT_STRING_EQUAL(diag.reason, "");
    OC_ASSERT_CODE(oc_diag_fail(NULL, OC_E_USAGE, "nobody listens"), OC_E_USAGE);
    oc_diag_place(NULL, "a.xml", 1);
    oc_diag_clear(NULL);
}

static void status_words_have_meanings(void)
{
    static const struct {
        unsigned sw;
        const char *en;
        const char *zh;
    } rows[] = {
        {0x9000, "success", "成功"},
        {0x63C2, "failed, tries left", "认证失败，剩余次数"},
        {0x6118, "data waiting", "有数据待取"},
        {0x6C40, "wrong Le, exact length follows", "Le 错误，给出正确长度"},
        {0x9403, "key index not supported", "密钥索引不支持"},
        {0x1234, "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_STRING_EQUAL(oc_sw_meaning(oc_sw_of(rows[i].sw), "en"), rows[i].en);
        CU_ASSERT_STRING_EQUAL(oc_sw_meaning(oc_sw_of(rows[i].sw), "zh"), rows[i].zh);
    }
    CU_ASSERT_EQUAL(oc_sw_tries(5).value, 0x63C5);
    CU_ASSERT_TRUE(oc_sw_ok(oc_sw_of(0x9000)));
    CU_ASSERT_FALSE(oc_sw_ok(oc_sw_of(0x6100)));
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"failures travel", failures_travel},
        {"every code has its texts", every_code_has_its_texts},
        {"the first cause is kept", the_first_cause_is_kept},
        {"status words have meanings", status_words_have_meanings},
        {NULL, NULL},
    };
    return oc_test_main("result", rows);
}
