/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "tests/unit/medical_kit.h"

static struct med_kit kit;

static void open_hospital(void)
{
    med_kit_open(&kit, "national", "H31010000001");
}

static bool is(const char *name, const char *value)
{
    bool same = strcmp(med_kit_get(&kit, name), value) == 0;
    if (!same) {
        printf("\n%s is \"%s\" instead of \"%s\"\n", name, med_kit_get(&kit, name), value);
    }
    return same;
}

/* 25.00 in scope, 21.00 of class B with a tenth first: scope 43.90, below the deductible; 46.00 from the account of
 * 100.00. */
static void an_outpatient_settles(void)
{
    open_hospital();
    med_kit_walk(&kit, "2207");
    CU_ASSERT_TRUE(is("output.setlinfo.inscp_scp_amt", "43.90"));
    CU_ASSERT_TRUE(is("output.setlinfo.setl_id", ""));
    CU_ASSERT_TRUE_FATAL(med_kit_settle(&kit, "2207", "46.00"));
    CU_ASSERT_TRUE(is("output.setlinfo.medfee_sumamt", "46.00"));
    CU_ASSERT_TRUE(is("output.setlinfo.preselfpay_amt", "2.10"));
    CU_ASSERT_TRUE(is("output.setlinfo.act_pay_dedc", "43.90"));
    CU_ASSERT_TRUE(is("output.setlinfo.fund_pay_sumamt", "0.00"));
    CU_ASSERT_TRUE(is("output.setlinfo.acct_pay", "46.00"));
    CU_ASSERT_TRUE(is("output.setlinfo.balc", "54.00"));
    CU_ASSERT_TRUE(is("output.setlinfo.medins_setl_id", oc_hospital_msgid(kit.hospital)));
    oc_med_totals totals;
    OC_ASSERT_OK(oc_medical_totals(kit.medical, &totals, NULL));
    CU_ASSERT_EQUAL(totals.settlements, 1);
    CU_ASSERT_EQUAL(totals.medfee, 4600);
    CU_ASSERT_EQUAL(totals.account, 4600);
    CU_ASSERT_EQUAL(totals.accounts_paid, 4600);
    med_kit_close(&kit);
}

/* The same messages, byte by byte, booked as new ones, with the same answers: also the numbers of rows. */
static void what_is_forgotten_never_was(void)
{
    oc_buf first = {0};
    open_hospital();
    for (unsigned time = 0; time < 3; time++) {
        med_kit_walk(&kit, "2207");
        CU_ASSERT_TRUE_FATAL(med_kit_settle(&kit, "2207", "46.00"));
        CU_ASSERT_TRUE(kit.judgement.booked && !kit.judgement.repeated);
        CU_ASSERT_TRUE(is("output.setlinfo.balc", "54.00"));
        if (time == 0) {
            OC_ASSERT_OK(oc_buf_set(&first, oc_buf_span(&kit.text)));
        }
        CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&kit.text), oc_buf_span(&first)));
        med_kit_begin_again(&kit, "H31010000001");
        oc_med_totals totals;
        OC_ASSERT_OK(oc_medical_totals(kit.medical, &totals, NULL));
        CU_ASSERT_EQUAL(totals.settlements, 0);
        CU_ASSERT_EQUAL(totals.accounts_paid, 0);
    }
    oc_buf_free(&first);
    med_kit_close(&kit);
}

/* A region whose messages are signed: a number used once is a new one again. */
static void numbers_used_once_are_forgotten(void)
{
    med_kit_open(&kit, "chongqing", "H31010000001");
    for (unsigned time = 0; time < 2; time++) {
        CU_ASSERT_TRUE(med_kit_send(&kit, "9001", NULL));
        med_kit_begin_again(&kit, "H31010000001");
    }
    med_kit_close(&kit);
}

static void nothing_is_settled_twice(void)
{
    open_hospital();
    med_kit_walk(&kit, "2207");
    CU_ASSERT_TRUE(med_kit_settle(&kit, "2207", "46.00"));
    CU_ASSERT_FALSE(med_kit_settle(&kit, "2207", "46.00"));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F6"));
    med_kit_close(&kit);
}

static void the_same_message_gets_the_same_answer(void)
{
    oc_fields fields = {0};
    oc_fields headers = {0};
    oc_buf request = {0};
    oc_buf first = {0};
    oc_diag diag = {0};
    open_hospital();
    med_kit_walk(&kit, "2201");
    OC_ASSERT_OK(oc_fields_set_text(&fields, "data.psn_no", kit.psn_no));
    OC_ASSERT_OK(oc_fields_set_text(&fields, "data.mdtrt_cert_no", MED_KIT_CARD));
    OC_ASSERT_OK(oc_fields_set_text(&fields, "env.insuplc_admdvs", "310101"));
    OC_ASSERT_OK(oc_hospital_message(kit.hospital, "2201", &fields, &request, &headers, &diag));
    OC_ASSERT_OK(oc_medical_message(kit.medical, oc_buf_span(&request), NULL, &first, &kit.judgement, &diag));
    CU_ASSERT_TRUE(kit.judgement.booked);
    OC_ASSERT_OK(oc_medical_message(kit.medical, oc_buf_span(&request), NULL, &kit.text, &kit.judgement, &diag));
    CU_ASSERT_TRUE(kit.judgement.repeated);
    CU_ASSERT_FALSE(kit.judgement.booked);
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&first), oc_buf_span(&kit.text)));
    oc_fields_free(&fields);
    oc_fields_free(&headers);
    oc_buf_free(&request);
    oc_buf_free(&first);
    med_kit_close(&kit);
}

static void a_cancellation_gives_everything_back(void)
{
    char setl_id[64];
    open_hospital();
    med_kit_walk(&kit, "2207");
    CU_ASSERT_TRUE(med_kit_settle(&kit, "2207", "46.00"));
    snprintf(setl_id, sizeof setl_id, "%s", med_kit_get(&kit, "output.setlinfo.setl_id"));
    CU_ASSERT_FALSE(med_kit_send(&kit, "2205", "data.psn_no", kit.psn_no, "data.mdtrt_id", kit.mdtrt_id,
                                 "env.insuplc_admdvs", "310101", NULL));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F10"));
    for (unsigned i = 0; i < 2; i++) {
        bool taken = med_kit_send(&kit, "2208", "data.setl_id", setl_id, "data.psn_no", kit.psn_no, "data.mdtrt_id",
                                  kit.mdtrt_id, "env.insuplc_admdvs", "310101", NULL);
        CU_ASSERT_EQUAL(taken, i == 0);
        CU_ASSERT_TRUE(i == 0 ? is("output.setlinfo.acct_pay", "-46.00") && is("output.setlinfo.balc", "100.00")
                              : med_kit_says(&kit, "[F10"));
    }
    oc_med_totals totals;
    OC_ASSERT_OK(oc_medical_totals(kit.medical, &totals, NULL));
    CU_ASSERT_EQUAL(totals.settlements, 2);
    CU_ASSERT_EQUAL(totals.cancellations, 1);
    CU_ASSERT_EQUAL(totals.medfee, 0);
    CU_ASSERT_EQUAL(totals.accounts_paid, 0);
    CU_ASSERT_TRUE(med_kit_settle(&kit, "2207", "46.00"));
    CU_ASSERT_TRUE(is("output.setlinfo.act_pay_dedc", "43.90"));
    med_kit_close(&kit);
}

static bool reverse(const char *omsgid)
{
    return med_kit_send(&kit, "2601", "data.psn_no", kit.psn_no, "data.omsgid", omsgid, "data.oinfno", "2207",
                        "env.insuplc_admdvs", "310101", NULL);
}

static void a_doubtful_settlement_is_reversed(void)
{
    char omsgid[64];
    open_hospital();
    med_kit_walk(&kit, "2207");
    CU_ASSERT_TRUE(med_kit_settle(&kit, "2207", "46.00"));
    snprintf(omsgid, sizeof omsgid, "%s", oc_hospital_msgid(kit.hospital));
    CU_ASSERT_TRUE(reverse(omsgid));
    CU_ASSERT_TRUE(reverse(omsgid)); /* asked again: nothing more happens */
    oc_med_totals totals;
    OC_ASSERT_OK(oc_medical_totals(kit.medical, &totals, NULL));
    CU_ASSERT_EQUAL(totals.settlements, 2);
    CU_ASSERT_EQUAL(totals.accounts_paid, 0);
    /* One that never came cannot be booked when it comes late. */
    oc_fields fields = {0};
    oc_fields headers = {0};
    oc_buf late = {0};
    static const char *const names[] = {"data.psn_no", "data.mdtrt_id", "data.mdtrt_cert_no", "data.medfee_sumamt",
                                        "env.insuplc_admdvs"};
    const char *const values[] = {kit.psn_no, kit.mdtrt_id, MED_KIT_CARD, "46.00", "310101"};
    for (size_t i = 0; i < 5; i++) {
        OC_ASSERT_OK(oc_fields_set_text(&fields, names[i], values[i]));
    }
    OC_ASSERT_OK(oc_hospital_message(kit.hospital, "2207", &fields, &late, &headers, NULL));
    snprintf(omsgid, sizeof omsgid, "%s", oc_hospital_msgid(kit.hospital));
    CU_ASSERT_TRUE(reverse(omsgid));
    OC_ASSERT_OK(oc_medical_message(kit.medical, oc_buf_span(&late), NULL, &kit.text, NULL, NULL));
    OC_ASSERT_OK(oc_hospital_read(kit.hospital, "2207", oc_buf_span(&kit.text), &kit.answer, NULL));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F11"));
    oc_fields_free(&fields);
    oc_fields_free(&headers);
    oc_buf_free(&late);
    med_kit_close(&kit);
}

static bool reconcile(const char *count, const char *total, const char *account)
{
    return med_kit_send(&kit, "3201", "data.setl_optins", "310000", "data.fixmedins_setl_cnt", count,
                        "data.medfee_sumamt", total, "data.fund_pay_sumamt", "0.00", "data.acct_pay", account, NULL);
}

static void totals_are_reconciled(void)
{
    open_hospital();
    med_kit_walk(&kit, "2207");
    CU_ASSERT_TRUE(med_kit_settle(&kit, "2207", "46.00"));
    CU_ASSERT_TRUE(reconcile("1", "46.00", "46.00") && is("output.stmtinfo.stmt_rslt", "0"));
    CU_ASSERT_TRUE(reconcile("1", "46.01", "46.00") && is("output.stmtinfo.stmt_rslt", "1"));
    CU_ASSERT_TRUE(reconcile("2", "46.00", "46.00") && is("output.stmtinfo.stmt_rslt", "1"));
    med_kit_close(&kit);
}

static void the_order_is_kept(void)
{
    open_hospital();
    CU_ASSERT_FALSE(
        med_kit_send(&kit, "1101", "data.mdtrt_cert_no", MED_KIT_CARD, "data.card_sn", MED_KIT_CARD_ID, NULL));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F1 sign_no]"));
    med_kit_walk(&kit, "2203");
    CU_ASSERT_FALSE(med_kit_settle(&kit, "2206", "46.00"));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F1 data.med_type]"));
    CU_ASSERT_FALSE(med_kit_send(&kit, "2204", "feedetail.0.psn_no", kit.psn_no, "feedetail.0.mdtrt_id", kit.mdtrt_id,
                                 "env.insuplc_admdvs", "310101", NULL));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F1"));
    med_kit_close(&kit);
}

static void amounts_are_watched(void)
{
    open_hospital();
    med_kit_walk(&kit, "2204");
    CU_ASSERT_FALSE(med_kit_send(&kit, "2204", "feedetail.0.psn_no", kit.psn_no, "feedetail.0.mdtrt_id", kit.mdtrt_id,
                                 "feedetail.0.det_item_fee_sumamt", "25.01", "env.insuplc_admdvs", "310101", NULL));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F7"));
    med_kit_close(&kit);
    open_hospital();
    med_kit_walk(&kit, "2206");
    CU_ASSERT_FALSE(med_kit_settle(&kit, "2206", "46.01"));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F8"));
    med_kit_close(&kit);
}

static void somebody_else_s_medium_is_refused(void)
{
    open_hospital();
    med_kit_walk(&kit, "2201");
    CU_ASSERT_FALSE(med_kit_send(&kit, "2201", "data.psn_no", kit.psn_no, "data.mdtrt_cert_no", "Y00000001",
                                 "env.insuplc_admdvs", "310101", NULL));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F4"));
    CU_ASSERT_FALSE(med_kit_send(&kit, "2201", "data.psn_no", kit.psn_no, "data.mdtrt_cert_no", MED_KIT_CARD,
                                 "env.insuplc_admdvs", "320500", NULL));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F3"));
    CU_ASSERT_FALSE(med_kit_send(&kit, "1101", "data.mdtrt_cert_no", MED_KIT_CARD, "data.card_sn",
                                 "99990112345678901234567890123457", NULL));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[F5"));
    OC_ASSERT_OK(oc_medical_list_card(kit.medical, MED_KIT_CARD_ID, "lost", NULL));
    CU_ASSERT_FALSE(
        med_kit_send(&kit, "1101", "data.mdtrt_cert_no", MED_KIT_CARD, "data.card_sn", MED_KIT_CARD_ID, NULL));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[CARD"));
    med_kit_close(&kit);
}

/* A person with a second card has one number; what is told of a card changes what is known of its holder. */
static void holders_are_told_of(void)
{
    oc_med_holder holder = {.name = "样本甲",
                            .id_number = "999901199001010017",
                            .card_number = "D99990016",
                            .card_id = "99990112345678901234567890129999",
                            .balance = 10000};
    char psn_no[64];
    open_hospital();
    med_kit_walk(&kit, "2201");
    OC_ASSERT_OK(oc_medical_set_holder(kit.medical, &holder));
    CU_ASSERT_TRUE(
        med_kit_send(&kit, "1101", "data.mdtrt_cert_no", holder.card_number, "data.card_sn", holder.card_id, NULL));
    snprintf(psn_no, sizeof psn_no, "%s", med_kit_get(&kit, "output.baseinfo.psn_no"));
    CU_ASSERT_STRING_EQUAL(psn_no, "310101C999901199001010017");
    CU_ASSERT_TRUE(is("output.insuinfo.0.psn_insu_stas", "1"));
    holder.card_number = "D99990024";
    holder.card_id = "99990112345678901234567890128888";
    OC_ASSERT_OK(oc_medical_set_holder(kit.medical, &holder));
    CU_ASSERT_TRUE(
        med_kit_send(&kit, "1101", "data.mdtrt_cert_no", holder.card_number, "data.card_sn", holder.card_id, NULL));
    CU_ASSERT_TRUE(is("output.baseinfo.psn_no", psn_no));
    holder.standing = OC_MED_DECEASED;
    holder.injured = true;
    OC_ASSERT_OK(oc_medical_set_holder(kit.medical, &holder));
    CU_ASSERT_TRUE(
        med_kit_send(&kit, "1101", "data.mdtrt_cert_no", holder.card_number, "data.card_sn", holder.card_id, NULL));
    CU_ASSERT_TRUE(is("output.insuinfo.0.psn_insu_stas", "4"));
    CU_ASSERT_TRUE(is("output.insuinfo.1.insutype", "410"));
    med_kit_close(&kit);
}

/* Sixteen digits and more are too long, not ill-formed. */
static void long_amounts_are_too_long(void)
{
    open_hospital();
    med_kit_walk(&kit, "2207");
    CU_ASSERT_FALSE(med_kit_settle(&kit, "2207", "100000000000000.00"));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[too-long data.medfee_sumamt]"));
    CU_ASSERT_FALSE(med_kit_settle(&kit, "2207", "99999999999999.99"));
    CU_ASSERT_FALSE(med_kit_says(&kit, "[too-long"));
    CU_ASSERT_FALSE(med_kit_settle(&kit, "2207", "1.2.3"));
    CU_ASSERT_TRUE(med_kit_says(&kit, "[type data.medfee_sumamt]"));
    med_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"an outpatient settles", an_outpatient_settles},
        {"what is forgotten never was", what_is_forgotten_never_was},
        {"numbers used once are forgotten", numbers_used_once_are_forgotten},
        {"nothing is settled twice", nothing_is_settled_twice},
        {"the same message gets the same answer", the_same_message_gets_the_same_answer},
        {"a cancellation gives everything back", a_cancellation_gives_everything_back},
        {"a doubtful settlement is reversed", a_doubtful_settlement_is_reversed},
        {"totals are reconciled", totals_are_reconciled},
        {"the order is kept", the_order_is_kept},
        {"amounts are watched", amounts_are_watched},
        {"somebody else's medium is refused", somebody_else_s_medium_is_refused},
        {"holders are told of", holders_are_told_of},
        {"long amounts are too long", long_amounts_are_too_long},
        {NULL, NULL}};
    return oc_test_main("medical dialogue", rows);
}
