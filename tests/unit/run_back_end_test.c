/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of a back-end under test that break what holds for any: each with the sentence that finds it. */
#include "conformance/run/back_end.h"
#include "sim/host/json.h"
#include "sim/host/medical/money.h"
#include "tests/unit/medical_kit.h"

static const oc_http_credentials nobody;

static json_t *info_of(json_t *answer)
{
    return json_object_get(json_object_get(answer, "output"), "setlinfo");
}

static void put(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, json_string(text));
}

static void add_fen(json_t *answer, const char *name)
{
    int64_t fen = 0;
    if (!oc_med_decimal(json_object_get(info_of(answer), name), 2, &fen)) {
        CU_FAIL("the amount is not there");
    }
    json_object_set_new(info_of(answer), name, oc_med_yuan(fen + 1));
}

static void a1(json_t *answer)
{
    add_fen(answer, "preselfpay_amt");
}

static void a2(json_t *answer)
{
    add_fen(answer, "hifob_pay");
}

static void a3(json_t *answer)
{
    json_t *row = json_object();
    put(row, "fund_pay_type", "310100");
    put(row, "fund_pay_type_name", "-");
    json_object_set_new(row, "inscp_scp_amt", oc_med_yuan(0));
    json_object_set_new(row, "crt_payb_lmt_amt", oc_med_yuan(0));
    json_object_set_new(row, "fund_payamt", oc_med_yuan(1));
    json_array_append_new(json_object_get(json_object_get(answer, "output"), "setldetail"), row);
}

static void a4(json_t *answer)
{
    add_fen(answer, "hosp_part_amt");
}

static void a5(json_t *answer)
{
    add_fen(answer, "psn_cash_pay");
}

static void a6(json_t *answer)
{
    add_fen(answer, "balc");
}

static void no_code(json_t *answer)
{
    json_object_del(answer, "infcode");
}

static void other_code(json_t *answer)
{
    put(answer, "infcode", "7");
}

static void short_number(json_t *answer)
{
    put(answer, "inf_refmsgid", "31000020260302091500000000001");
}

static void number_without_time(json_t *answer)
{
    put(answer, "inf_refmsgid", "310000999999999999999999999999");
}

static void empty_output(json_t *answer)
{
    json_object_set_new(answer, "output", json_object());
}

static void no_output(json_t *answer)
{
    json_object_del(answer, "output");
}

static void silent_failure(json_t *answer)
{
    put(answer, "infcode", "-1");
    put(answer, "err_msg", "");
}

static void long_text(json_t *answer)
{
    char text[202];
    memset(text, 'X', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    put(answer, "infcode", "-1");
    put(answer, "err_msg", text);
}

static void field_missing(json_t *answer)
{
    json_object_del(info_of(answer), "fund_pay_sumamt");
}

static void amount_as_word(json_t *answer)
{
    put(info_of(answer), "balc", "much");
}

static void three_decimals(json_t *answer)
{
    json_object_set_new(info_of(answer), "balc", json_real(0.125));
}

static void other_settlement(json_t *answer)
{
    put(info_of(answer), "medins_setl_id", "H00000000000000000000000000000");
}

static void right(json_t *answer)
{
    (void)answer;
}

static const struct {
    void (*spoil)(json_t *answer);
    const char *says;
} cases[] = {
    {right, ""},
    {a1, "setlinfo: identity A1 is off by -0.01 yuan"},
    {a2, "setlinfo: identity A2 is off by"},
    {a3, "setlinfo: identity A3 is off by"},
    {a4, "setlinfo: identity A4 is off by"},
    {a5, "setlinfo: identity A5 is off by"},
    {a6, "setlinfo: identity A6 is off by"},
    {no_code, "infcode: a mandatory field is missing"},
    {other_code, "infcode: the value is not in the dictionary"},
    {short_number, "inf_refmsgid: the field has the wrong length"},
    {number_without_time, "inf_refmsgid is not region (6), time (14) and serial number (10)"},
    {empty_output, "output.setlinfo: a mandatory field is missing"},
    {no_output, "output: a success has no object there"},
    {silent_failure, "err_msg: a failure says nothing"},
    {long_text, "err_msg: the field is too long"},
    {field_missing, "output.setlinfo.fund_pay_sumamt: a mandatory field is missing"},
    {amount_as_word, "output.setlinfo.balc: the field has the wrong type or form"},
    {three_decimals, "output.setlinfo.balc: the field has the wrong type or form"},
    {other_settlement, "setlinfo.medins_setl_id is not the msgid of the request"},
};

static void judge(oc_back_end *back_end, const struct med_kit *kit, const char *infno, oc_span answer,
                  oc_breach *breach)
{
    const oc_back_end_question question = {
        .region = kit->region, .infno = infno, .msgid = oc_hospital_msgid(kit->hospital)};
    *breach = (oc_breach){0};
    oc_back_end_judge(back_end, &question, answer, breach);
}

/* A settlement is judged after the person's balance was told. */
static void test_settlement(size_t i)
{
    struct med_kit kit;
    oc_back_end *back_end = NULL;
    oc_breach breach;
    json_t *answer = NULL;
    oc_buf text = {0};
    med_kit_open(&kit, "national", "H31010000001");
    OC_ASSERT_OK(oc_back_end_new(&back_end, "http://127.0.0.1:1/", &nobody, 1000, NULL));
    med_kit_walk(&kit, "2207");
    CU_ASSERT_TRUE(
        med_kit_send(&kit, "1101", "data.mdtrt_cert_no", MED_KIT_CARD, "data.card_sn", MED_KIT_CARD_ID, (char *)NULL));
    judge(back_end, &kit, "1101", oc_buf_span(&kit.text), &breach);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    CU_ASSERT_TRUE(med_kit_settle(&kit, "2207", "46.00"));
    OC_ASSERT_OK(oc_json_parse(&answer, oc_buf_span(&kit.text), NULL));
    cases[i].spoil(answer);
    OC_ASSERT_OK(oc_json_print(&text, answer));
    judge(back_end, &kit, "2207", oc_buf_span(&text), &breach);
    CU_ASSERT_EQUAL(breach.kind, cases[i].says[0] == '\0' ? OC_BREACH_NONE : OC_BREACH_GARBAGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(breach.text, cases[i].says));
    json_decref(answer);
    oc_buf_free(&text);
    oc_back_end_free(&back_end);
    med_kit_close(&kit);
}

static void test_settlements(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_settlement(i);
    }
}

static void test_no_object(void)
{
    static const char *const bodies[] = {
        "", "{", "<html/>", "[{}]", "{\"infcode\":\"0\",\"infcode\":\"0\"}", "\"\xC4\xE3\""};
    struct med_kit kit;
    oc_back_end *back_end = NULL;
    oc_breach breach;
    med_kit_open(&kit, "national", "H31010000001");
    OC_ASSERT_OK(oc_back_end_new(&back_end, "http://127.0.0.1:1/", &nobody, 1000, NULL));
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        judge(back_end, &kit, "9001", oc_span_text(bodies[i]), &breach);
        CU_ASSERT_EQUAL(breach.kind, OC_BREACH_GARBAGE);
        CU_ASSERT_PTR_NOT_NULL(strstr(breach.text, "the answer is no JSON object in UTF-8"));
    }
    oc_back_end_free(&back_end);
    med_kit_close(&kit);
}

/* The number of an answer is another for each message. */
static void test_number_again(void)
{
    struct med_kit kit;
    oc_back_end *back_end = NULL;
    oc_breach breach;
    oc_buf first = {0};
    med_kit_open(&kit, "national", "H31010000001");
    OC_ASSERT_OK(oc_back_end_new(&back_end, "http://127.0.0.1:1/", &nobody, 1000, NULL));
    CU_ASSERT_TRUE(med_kit_send(&kit, "9001", (char *)NULL));
    OC_ASSERT_OK(oc_buf_set(&first, oc_buf_span(&kit.text)));
    judge(back_end, &kit, "9001", oc_buf_span(&first), &breach);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    CU_ASSERT_TRUE(med_kit_send(&kit, "9001", (char *)NULL));
    judge(back_end, &kit, "9001", oc_buf_span(&first), &breach);
    CU_ASSERT_PTR_NOT_NULL(strstr(breach.text, "inf_refmsgid is that of the answer to another message"));
    oc_buf_free(&first);
    oc_back_end_free(&back_end);
    med_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {{"a broken settlement is found", test_settlements},
                                       {"what is no object is found", test_no_object},
                                       {"a number that comes again is found", test_number_again},
                                       {NULL, NULL}};
    return oc_test_main("judgement of a back-end's answers", rows);
}
