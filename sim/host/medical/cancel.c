/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "sim/host/medical/call.h"
#include "sim/host/medical/money.h"

/* What a settlement was, as far as undoing it needs. */
struct undone {
    int64_t visit;
    char psn_no[31];
    char insutype[7];
    char med_type[7];
    char year[5];
    int64_t account, deductible, pooled, serious;
    json_t *answer; /* owned */
};

static oc_result read_settlement(struct oc_med_call *call, int64_t settlement, struct undone *out)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT s.visit, v.psn_no, v.insutype, v.med_type, s.year, s.account, s.deductible,"
                            " s.pooled, s.serious, s.answer FROM settlement s JOIN visit v ON v.id = s.visit"
                            " WHERE s.id = ?1",
                            "i", settlement));
    if (row == NULL) {
        return oc_fail(OC_E_INTERNAL);
    }
    out->visit = sqlite3_column_int64(row, 0);
    snprintf(out->psn_no, sizeof out->psn_no, "%s", oc_med_column(row, 1));
    snprintf(out->insutype, sizeof out->insutype, "%s", oc_med_column(row, 2));
    snprintf(out->med_type, sizeof out->med_type, "%s", oc_med_column(row, 3));
    snprintf(out->year, sizeof out->year, "%s", oc_med_column(row, 4));
    out->account = sqlite3_column_int64(row, 5);
    out->deductible = sqlite3_column_int64(row, 6);
    out->pooled = sqlite3_column_int64(row, 7);
    out->serious = sqlite3_column_int64(row, 8);
    out->answer = json_loadb(sqlite3_column_blob(row, 9), (size_t)sqlite3_column_bytes(row, 9), 0, NULL);
    return out->answer == NULL ? oc_fail(OC_E_INTERNAL) : oc_ok();
}

/* A7: amounts of the cancellation are the negatives of the settlement's. */
static void negate(json_t *object)
{
    static const char *const amounts[] = {"medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt",
                                          "inscp_scp_amt", "act_pay_dedc",      "hifp_pay",        "cvlserv_pay",
                                          "hifes_pay",     "hifmi_pay",         "hifob_pay",       "maf_pay",
                                          "oth_pay",       "fund_pay_sumamt",   "psn_part_amt",    "acct_pay",
                                          "psn_cash_pay",  "hosp_part_amt",     "acct_mulaid_pay", "fund_payamt"};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        int64_t fen;
        if (oc_med_decimal(json_object_get(object, amounts[i]), 2, &fen)) {
            oc_med_put_fen(object, amounts[i], -fen);
        }
    }
}

static void put_answer(struct oc_med_call *call, const struct undone *undone, int64_t cancellation, const char *msgid,
                       int64_t balance)
{
    char setl_id[31];
    size_t at;
    json_t *detail;
    json_t *info = json_object_get(undone->answer, "setlinfo");
    json_t *details = json_object_get(undone->answer, "setldetail");
    negate(info);
    snprintf(setl_id, sizeof setl_id, "T%014" PRId64, cancellation);
    oc_med_put(info, "setl_id", setl_id);
    oc_med_put(info, "setl_time", call->time);
    oc_med_put(info, "medins_setl_id", msgid);
    oc_med_put_fen(info, "balc", balance);
    json_array_foreach(details, at, detail)
    {
        negate(detail);
    }
    json_object_set(call->output, "setlinfo", info);
    json_object_set(call->output, "setldetail", details);
}

static oc_result add_cancellation(struct oc_med_call *call, int64_t settlement, const char *msgid)
{
    char day[11];
    snprintf(day, sizeof day, "%.10s", call->time);
    return oc_med_store_run(call->medical->store, call->diag,
                            "INSERT INTO settlement (visit, msgid, batch, insutype, clr_type, institution, day, at,"
                            " medfee, fund, account, cash, deductible, pooled, serious, year, cancels, answer)"
                            " SELECT visit, ?2, batch, insutype, clr_type, institution, ?3, ?4, -medfee, -fund,"
                            " -account, -cash, -deductible, -pooled, -serious, year, id, x'' FROM settlement"
                            " WHERE id = ?1",
                            "issi", settlement, msgid, day, call->now.seconds);
}

static oc_result give_back(struct oc_med_call *call, const struct undone *undone, int64_t settlement, int64_t *balance)
{
    oc_med_store *store = call->medical->store;
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_run(store, call->diag, "UPDATE line SET settlement = NULL WHERE settlement = ?1", "i",
                            settlement));
    OC_TRY(
        oc_med_store_run(store, call->diag,
                         "UPDATE year SET deductible = deductible - ?5, pooled = pooled - ?6, serious = serious - ?7"
                         " WHERE psn_no = ?1 AND insutype = ?2 AND med_type = ?3 AND year = ?4",
                         "ssssiii", undone->psn_no, undone->insutype, undone->med_type, undone->year,
                         undone->deductible, undone->pooled, undone->serious));
    OC_TRY(oc_med_store_run(store, call->diag, "UPDATE account SET balance = balance + ?2 WHERE psn_no = ?1", "si",
                            undone->psn_no, undone->account));
    OC_TRY(oc_med_store_row(store, &row, call->diag, "SELECT balance FROM account WHERE psn_no = ?1", "s",
                            undone->psn_no));
    *balance = row == NULL ? 0 : sqlite3_column_int64(row, 0);
    return oc_ok();
}

oc_result oc_med_undo_settlement(struct oc_med_call *call, int64_t settlement, const char *msgid, json_t **setlinfo)
{
    struct undone undone = {0};
    int64_t balance = 0;
    oc_result r = read_settlement(call, settlement, &undone);
    r = oc_is_ok(r) ? add_cancellation(call, settlement, msgid) : r;
    int64_t cancellation = oc_med_store_last(call->medical->store);
    r = oc_is_ok(r) ? give_back(call, &undone, settlement, &balance) : r;
    if (oc_is_ok(r)) {
        put_answer(call, &undone, cancellation, msgid, balance);
        if (setlinfo != NULL) {
            *setlinfo = json_object_get(call->output, "setlinfo");
        }
    }
    json_decref(undone.answer);
    return r;
}

/* A settlement that stands: not a cancellation, and not cancelled. */
static oc_result find_standing(struct oc_med_call *call, const char *setl_id, int64_t visit, int64_t *settlement)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT id, at, EXISTS (SELECT 1 FROM settlement c WHERE c.cancels = s.id) FROM settlement"
                            " s WHERE id = CAST(substr(?1, 2) AS INTEGER) AND ?1 = printf('T%014d', id) AND visit = ?2"
                            " AND cancels IS NULL",
                            "si", setl_id, visit));
    if (row == NULL) {
        return oc_med_refuse(call, "F10", "data.setl_id", "没有这笔结算", "there is no such settlement");
    }
    *settlement = sqlite3_column_int64(row, 0);
    int64_t days = oc_region_rules(call->medical->region)->late_cancel_days;
    if (sqlite3_column_int64(row, 2) != 0) {
        return oc_med_refuse(call, "F10", "data.setl_id", "该结算已撤销", "the settlement was cancelled before");
    }
    return days > 0 && call->now.seconds - sqlite3_column_int64(row, 1) > days * 86400
               ? oc_med_refuse(call, "F10", "data.setl_id", "已超过可撤销的期限", "it is too late to cancel it")
               : oc_ok();
}

/* 2208, 2305. */
oc_result oc_med_cancel_settlement(struct oc_med_call *call)
{
    struct oc_med_visit visit;
    int64_t settlement = 0;
    OC_TRY(oc_med_take_visit(call, strcmp(call->form->infno, "2208") == 0 ? 'o' : 'i', &visit));
    if (!call->refused && strcmp(visit.state, "discharged") == 0) {
        OC_TRY(oc_med_refuse(call, "F1", "data.mdtrt_id", "须先撤销出院", "the discharge has to go first"));
    }
    if (!call->refused) {
        OC_TRY(find_standing(call, oc_med_in(call, "setl_id"), visit.id, &settlement));
    }
    return call->refused ? oc_ok() : oc_med_undo_settlement(call, settlement, call->msgid, NULL);
}

/* What the doubtful message booked, if it came at all. */
static oc_result undo_message(struct oc_med_call *call, const char *omsgid, const char *psn_no, const char *oinfno)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT s.id, s.cancels, v.psn_no,"
                            " EXISTS (SELECT 1 FROM settlement c WHERE c.cancels = s.id)"
                            " FROM settlement s JOIN visit v ON v.id = s.visit"
                            " WHERE s.msgid = ?1 AND s.institution = ?2",
                            "ss", omsgid, call->institution->code));
    if (row == NULL) {
        return oc_ok();
    }
    int64_t settlement = sqlite3_column_int64(row, 0);
    bool is_cancellation = sqlite3_column_type(row, 1) != SQLITE_NULL;
    if (strcmp(oc_med_column(row, 2), psn_no) != 0) {
        return oc_med_refuse(call, "F11", "data.psn_no", "人员编号与原交易不符", "not the person of that message");
    }
    if (is_cancellation) {
        return oc_med_refuse(call, "F11", "data.oinfno", "撤销交易已完成，不能冲正",
                             "a cancellation that was booked is not reversed");
    }
    if (sqlite3_column_int64(row, 3) != 0) {
        return oc_ok(); /* undone before: the outcome is known */
    }
    (void)oinfno;
    OC_TRY(oc_med_undo_settlement(call, settlement, call->msgid, NULL));
    json_object_clear(call->output);
    return oc_ok();
}

/* 2601 (F11). A message that never came is marked, so that it cannot be booked when it comes late. */
oc_result oc_med_reverse(struct oc_med_call *call)
{
    const char *omsgid = oc_med_in(call, "omsgid");
    const char *oinfno = oc_med_in(call, "oinfno");
    sqlite3_stmt *row;
    if (!oc_med_listed(oc_region_rules(call->medical->region)->reversible, oinfno)) {
        return oc_med_refuse(call, "F11", "data.oinfno", "该交易不可冲正", "such a message is not reversed");
    }
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT infno FROM message WHERE msgid = ?1 AND institution = ?2", "ss", omsgid,
                            call->institution->code));
    if (row != NULL && strcmp(oc_med_column(row, 0), oinfno) != 0) {
        return oc_med_refuse(call, "F11", "data.oinfno", "原交易编号与报文不符", "not the number of that message");
    }
    OC_TRY(undo_message(call, omsgid, oc_med_in(call, "psn_no"), oinfno));
    return call->refused ? oc_ok()
                         : oc_med_store_run(call->medical->store, call->diag,
                                            "INSERT INTO message (institution, msgid, infno, digest, at, infcode,"
                                            " answer, reversed) VALUES (?1, ?2, ?3, x'', ?4, '-1', x'', 1)"
                                            " ON CONFLICT (msgid) DO UPDATE SET reversed = 1"
                                            " WHERE institution = excluded.institution",
                                            "sssi", call->institution->code, omsgid, oinfno, call->now.seconds);
}
