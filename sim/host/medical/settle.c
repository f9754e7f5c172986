/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/host/medical/call.h"
#include "sim/host/medical/money.h"

/* A settlement while it is worked out. */
struct settlement {
    struct oc_med_visit visit;
    oc_med_person person;
    oc_med_case subject;
    oc_med_shares shares;
    int64_t lines;
    char year[5];
    char clr_type[3];
    int64_t setl_id; /* 0 before it is booked */
};

/* F6, F8: the batch, and its total. */
static oc_result sum_batch(struct oc_med_call *call, struct settlement *s)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT count(*), total(sum), total(outside), total(over), total(first), total(scope)"
                            " FROM line WHERE visit = ?1 AND batch = ?2 AND settlement IS NULL",
                            "is", s->visit.id, oc_med_in(call, "chrg_bchno")));
    s->lines = row == NULL ? 0 : sqlite3_column_int64(row, 0);
    if (s->lines == 0) {
        return oc_med_refuse(call, "F6", "data.chrg_bchno", "该收费批次没有未结算的明细",
                             "the batch has no fee line that is not settled");
    }
    s->subject.total = (oc_med_split){.sum = sqlite3_column_int64(row, 1),
                                      .outside = sqlite3_column_int64(row, 2),
                                      .over = sqlite3_column_int64(row, 3),
                                      .first = sqlite3_column_int64(row, 4),
                                      .scope = sqlite3_column_int64(row, 5)};
    return oc_med_in_fen(call, "medfee_sumamt") == s->subject.total.sum
               ? oc_ok()
               : oc_med_refuse(call, "F8", "data.medfee_sumamt", "医疗费总额不等于明细之和",
                               "the total is not the sum of the fee lines");
}

/* A shared ceiling counts what the fund paid for any kind of visit. */
static oc_result read_year(struct oc_med_call *call, struct settlement *s)
{
    sqlite3_stmt *row;
    oc_med_year *year = &s->subject.year;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT med_type, deductible, pooled, serious FROM year"
                            " WHERE psn_no = ?1 AND insutype = ?2 AND year = ?3",
                            "sss", s->person.psn_no, s->visit.insutype, s->year));
    bool shared = s->subject.benefit != NULL && s->subject.benefit->shared;
    while (row != NULL) {
        bool own = strcmp(oc_med_column(row, 0), s->visit.med_type) == 0;
        year->deductible += own ? sqlite3_column_int64(row, 1) : 0;
        year->pooled += own || shared ? sqlite3_column_int64(row, 2) : 0;
        year->serious += sqlite3_column_int64(row, 3);
        OC_TRY(oc_med_store_next(call->medical->store, &row, call->diag));
    }
    return oc_ok();
}

static oc_result check_input(struct oc_med_call *call, struct settlement *s)
{
    if (strcmp(oc_med_in(call, "insutype"), s->visit.insutype) != 0) {
        return oc_med_refuse(call, "F2", "data.insutype", "险种与登记不符", "not the insurance of the registration");
    }
    if (strcmp(oc_med_in(call, "med_type"), s->visit.med_type) != 0) {
        return oc_med_refuse(call, "F1", "data.med_type", "医疗类别与就诊信息不符",
                             "not the kind of the visit that was told");
    }
    if (!oc_med_find_person(call->medical, s->visit.psn_no, &s->person)) {
        return oc_fail(OC_E_INTERNAL);
    }
    return oc_med_check_medium(call, &s->visit);
}

/* The card may have been reported lost since the registration. */
static oc_result check_bearer(struct oc_med_call *call)
{
    oc_med_person bearer;
    bool known;
    return oc_med_find_medium(call, &bearer, &known);
}

static oc_result work_out(struct oc_med_call *call, struct settlement *s)
{
    const oc_region *region = call->medical->region;
    bool outpatient = call->form->infno[1] == '2';
    *s = (struct settlement){0};
    OC_TRY(oc_med_take_visit(call, outpatient ? 'o' : 'i', &s->visit));
    if (!call->refused) {
        OC_TRY(check_input(call, s));
    }
    if (!call->refused) {
        OC_TRY(check_bearer(call));
    }
    if (!call->refused) {
        OC_TRY(sum_batch(call, s));
    }
    if (call->refused) {
        return oc_ok();
    }
    snprintf(s->year, sizeof s->year, "%.4s", call->time);
    snprintf(s->clr_type, sizeof s->clr_type, "%.2s", s->visit.med_type);
    s->subject.benefit = oc_region_benefit(region, s->visit.insutype, s->visit.med_type);
    s->subject.serious = oc_region_serious(region, s->visit.insutype);
    s->subject.psn_type = s->person.psn_type;
    s->subject.level = call->institution->level;
    s->subject.outside = strncmp(s->person.admdvs, call->institution->admdvs, 2) != 0;
    s->subject.use_account = strcmp(oc_med_in(call, "acct_used_flag"), "1") == 0 &&
                             strcmp(s->visit.insutype, "310") == 0;
    OC_TRY(oc_med_balance(call, &s->person, &s->subject.account));
    OC_TRY(read_year(call, s));
    s->shares = oc_med_settle(&s->subject);
    return oc_ok();
}

static void put_person(json_t *info, const struct oc_med_call *call, const struct settlement *s)
{
    char mdtrt_id[31];
    snprintf(mdtrt_id, sizeof mdtrt_id, "M%014" PRId64, s->visit.id);
    oc_med_put(info, "mdtrt_id", mdtrt_id);
    oc_med_put(info, "psn_no", s->person.psn_no);
    oc_med_put(info, "psn_name", s->person.name);
    oc_med_put(info, "psn_cert_type", "01");
    oc_med_put(info, "certno", s->person.id_number);
    oc_med_put(info, "gend", s->person.gend);
    oc_med_put(info, "brdy", s->person.birth);
    oc_med_put_number(info, "age", oc_med_age(s->person.birth, call->time) * 10, 1);
    oc_med_put(info, "insutype", s->visit.insutype);
    oc_med_put(info, "psn_type", s->person.psn_type);
    oc_med_put(info, "cvlserv_flag", "0");
    oc_med_put(info, "setl_time", call->time);
    oc_med_put(info, "mdtrt_cert_type", s->visit.cert_type);
    oc_med_put(info, "med_type", s->visit.med_type);
}

static json_t *make_setlinfo(const struct oc_med_call *call, const struct settlement *s)
{
    const oc_med_split *total = &s->subject.total;
    const oc_med_shares *shares = &s->shares;
    const struct {
        const char *name;
        int64_t fen;
    } amounts[] = {
        {"medfee_sumamt", total->sum},
        {"fulamt_ownpay_amt", total->outside},
        {"overlmt_selfpay", total->over},
        {"preselfpay_amt", total->first},
        {"inscp_scp_amt", total->scope},
        {"act_pay_dedc", shares->deductible},
        {"hifp_pay", shares->hifp},
        {"cvlserv_pay", 0},
        {"hifes_pay", 0},
        {"hifmi_pay", shares->hifmi},
        {"hifob_pay", shares->hifob},
        {"maf_pay", 0},
        {"oth_pay", shares->injury},
        {"fund_pay_sumamt", shares->fund},
        {"psn_part_amt", shares->person},
        {"acct_pay", shares->account},
        {"psn_cash_pay", shares->cash},
        {"hosp_part_amt", 0},
        {"balc", shares->balance},
        {"acct_mulaid_pay", 0},
    };
    json_t *info = json_object();
    put_person(info, call, s);
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        oc_med_put_fen(info, amounts[i].name, amounts[i].fen);
    }
    /* The share of the person in what the fund looks at; all of it where the fund pays nothing. */
    oc_med_put_number(info, "pool_prop_selfpay", 10000 - (int64_t)shares->permille * 10, 4);
    oc_med_put(info, "medins_setl_id", call->msgid); /* F9 */
    oc_med_put(info, "clr_optins", oc_region_admdvs(call->medical->region));
    oc_med_put(info, "clr_way", "1");
    oc_med_put(info, "clr_type", s->clr_type);
    return info;
}

static void add_detail(const struct settlement *s, json_t *list, const oc_region *region, const char *type,
                       int64_t paid)
{
    if (paid == 0) {
        return;
    }
    const oc_med_code *code = oc_med_dictionary_find(oc_region_dictionary(region, "fund_pay_type"), type);
    json_t *detail = json_object();
    oc_med_put(detail, "fund_pay_type", type);
    oc_med_put_fen(detail, "inscp_scp_amt", s->subject.total.scope);
    oc_med_put_fen(detail, "crt_payb_lmt_amt", s->shares.ceiling);
    oc_med_put_fen(detail, "fund_payamt", paid);
    oc_med_put(detail, "fund_pay_type_name", code == NULL ? "" : code->zh);
    json_array_append_new(list, detail);
}

static void put_answer(struct oc_med_call *call, const struct settlement *s)
{
    const oc_region *region = call->medical->region;
    json_t *info = make_setlinfo(call, s);
    json_t *details = json_array();
    if (s->setl_id != 0) {
        char setl_id[31];
        snprintf(setl_id, sizeof setl_id, "T%014" PRId64, s->setl_id);
        oc_med_put(info, "setl_id", setl_id);
    }
    add_detail(s, details, region, "310100", s->shares.hifp);
    add_detail(s, details, region, "330100", s->shares.hifob);
    add_detail(s, details, region, "390200", s->shares.hifmi);
    add_detail(s, details, region, "410100", s->shares.injury);
    json_object_set_new(call->output, "setlinfo", info);
    json_object_set_new(call->output, "setldetail", details);
}

/* 2206, 2303: works out and books nothing. */
oc_result oc_med_pre_settle(struct oc_med_call *call)
{
    struct settlement s;
    OC_TRY(work_out(call, &s));
    if (!call->refused) {
        put_answer(call, &s);
    }
    return oc_ok();
}

/* What the client says of the amounts must be what came out (those that it gives). */
static oc_result check_client_amounts(struct oc_med_call *call, const struct settlement *s)
{
    const struct {
        const char *name;
        int64_t fen;
    } amounts[] = {{"fulamt_ownpay_amt", s->subject.total.outside},
                   {"overlmt_selfpay", s->subject.total.over},
                   {"preselfpay_amt", s->subject.total.first},
                   {"inscp_scp_amt", s->subject.total.scope}};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        if (json_object_get(oc_med_first_node(call), amounts[i].name) != NULL &&
            oc_med_in_fen(call, amounts[i].name) != amounts[i].fen) {
            char field[48];
            snprintf(field, sizeof field, "data.%s", amounts[i].name);
            return oc_med_refuse(call, "A1", field, "金额与预结算不一致",
                                 "the amount differs from the pre-settlement");
        }
    }
    return oc_ok();
}

static oc_result add_settlement(struct oc_med_call *call, struct settlement *s)
{
    const oc_med_shares *shares = &s->shares;
    char day[11];
    snprintf(day, sizeof day, "%.10s", call->time);
    OC_TRY(oc_med_store_run(call->medical->store, call->diag,
                            "INSERT INTO settlement (visit, msgid, batch, insutype, clr_type, institution, day, at,"
                            " medfee, fund, account, cash, deductible, pooled, serious, year, answer)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, x'')",
                            "issssssiiiiiiiis", s->visit.id, call->msgid, oc_med_in(call, "chrg_bchno"),
                            s->visit.insutype, s->clr_type, call->institution->code, day, call->now.seconds,
                            s->subject.total.sum, shares->fund, shares->account, shares->cash, shares->deductible,
                            shares->year.pooled - s->subject.year.pooled,
                            shares->year.serious - s->subject.year.serious, s->year));
    s->setl_id = oc_med_store_last(call->medical->store);
    return oc_med_store_run(call->medical->store, call->diag,
                            "UPDATE line SET settlement = ?3 WHERE visit = ?1 AND batch = ?2 AND settlement IS NULL",
                            "isi", s->visit.id, oc_med_in(call, "chrg_bchno"), s->setl_id);
}

static oc_result book(struct oc_med_call *call, struct settlement *s)
{
    oc_med_store *store = call->medical->store;
    OC_TRY(add_settlement(call, s));
    OC_TRY(oc_med_store_run(store, call->diag,
                            "INSERT INTO account (psn_no, balance) VALUES (?1, ?2)"
                            " ON CONFLICT (psn_no) DO UPDATE SET balance = excluded.balance",
                            "si", s->person.psn_no, s->shares.balance));
    OC_TRY(oc_med_store_run(store, call->diag,
                            "INSERT INTO year (psn_no, insutype, med_type, year, deductible, pooled, serious)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET"
                            " deductible = deductible + excluded.deductible, pooled = pooled + excluded.pooled,"
                            " serious = serious + excluded.serious",
                            "ssssiii", s->person.psn_no, s->visit.insutype, s->visit.med_type, s->year,
                            s->shares.deductible, s->shares.year.pooled - s->subject.year.pooled,
                            s->shares.year.serious - s->subject.year.serious));
    put_answer(call, s);
    oc_buf text = {0};
    char *printed = json_dumps(call->output, JSON_COMPACT);
    oc_result r = printed == NULL ? oc_fail(OC_E_MEMORY) : oc_buf_set(&text, oc_span_text(printed));
    free(printed);
    if (oc_is_ok(r)) {
        r = oc_med_store_run(store, call->diag, "UPDATE settlement SET answer = ?2 WHERE id = ?1", "ib", s->setl_id,
                             oc_buf_span(&text));
    }
    oc_buf_free(&text);
    return r;
}

/* 2207, 2304. */
oc_result oc_med_settle_visit(struct oc_med_call *call)
{
    struct settlement s;
    OC_TRY(work_out(call, &s));
    if (!call->refused) {
        OC_TRY(check_client_amounts(call, &s));
    }
    return call->refused ? oc_ok() : book(call, &s);
}
