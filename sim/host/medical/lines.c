/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/host/medical/call.h"
#include "sim/host/medical/money.h"

/* F7: the sum is price times count, rounded, within the region's tolerance. */
static oc_result check_sum(struct oc_med_call *call, size_t at, int64_t price, int64_t count, int64_t sum)
{
    char field[64];
    int64_t expected;
    snprintf(field, sizeof field, "feedetail[%zu].det_item_fee_sumamt", at);
    if (!oc_med_line_sum(price, count, &expected)) {
        return oc_med_refuse(call, "F7", field, "单价乘数量过大", "price times count is too much");
    }
    int64_t off = sum > expected ? sum - expected : expected - sum;
    return off <= (int64_t)oc_region_rules(call->medical->region)->line_tolerance
               ? oc_ok()
               : oc_med_refuse(call, "F7", field, "金额不等于单价乘数量", "the sum is not price times count");
}

/* F6: all lines of a batch have one disease code, those that came before as well. */
static oc_result check_batch(struct oc_med_call *call, const struct oc_med_visit *visit, const char *batch,
                             const char *disease)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT count(settlement), sum(disease <> ?3) FROM line WHERE visit = ?1 AND batch = ?2",
                            "iss", visit->id, batch, disease));
    if (row != NULL && sqlite3_column_int64(row, 0) > 0) {
        return oc_med_refuse(call, "F10", "feedetail.chrg_bchno", "该收费批次已结算", "the batch was settled");
    }
    return row != NULL && sqlite3_column_int64(row, 1) > 0
               ? oc_med_refuse(call, "F6", "feedetail.dise_codg", "同一收费批次的病种编码不一致",
                               "one batch has several disease codes")
               : oc_ok();
}

static void put_result(json_t *list, const json_t *line, const oc_med_split *split)
{
    json_t *out = json_object();
    json_object_set(out, "feedetl_sn", json_object_get(line, "feedetl_sn"));
    oc_med_put_fen(out, "det_item_fee_sumamt", split->sum);
    json_object_set(out, "cnt", json_object_get(line, "cnt"));
    json_object_set(out, "pric", json_object_get(line, "pric"));
    oc_med_put_fen(out, "pric_uplmt_amt", split->limit);
    oc_med_put_number(out, "selfpay_prop", (int64_t)split->permille * 10, 4);
    oc_med_put_fen(out, "fulamt_ownpay_amt", split->outside);
    oc_med_put_fen(out, "overlmt_amt", split->over);
    oc_med_put_fen(out, "preselfpay_amt", split->first);
    oc_med_put_fen(out, "inscp_scp_amt", split->scope);
    oc_med_put(out, "chrgitm_lv", split->level);
    json_array_append_new(list, out);
}

static oc_result take_line(struct oc_med_call *call, const struct oc_med_visit *visit, const json_t *line, size_t at,
                           json_t *results)
{
    int64_t sum = 0;
    int64_t count = 0;
    int64_t price = 0;
    sqlite3_stmt *row;
    bool read = oc_med_decimal(json_object_get(line, "det_item_fee_sumamt"), 2, &sum) &&
                oc_med_decimal(json_object_get(line, "cnt"), 4, &count) &&
                oc_med_decimal(json_object_get(line, "pric"), 6, &price);
    if (!read) {
        return oc_fail(OC_E_INTERNAL); /* the tables have seen them */
    }
    const json_t *first = oc_med_first_node(call);
    if (strcmp(oc_med_text(line, "mdtrt_id"), oc_med_text(first, "mdtrt_id")) != 0 ||
        strcmp(oc_med_text(line, "psn_no"), oc_med_text(first, "psn_no")) != 0) {
        return oc_med_refuse(call, "F2", "feedetail.mdtrt_id", "一次上传的明细不属于同一就诊",
                             "the lines are not of one visit");
    }
    OC_TRY(check_sum(call, at, price, count, sum));
    OC_TRY(check_batch(call, visit, oc_med_text(line, "chrg_bchno"), oc_med_text(line, "dise_codg")));
    if (call->refused) {
        return oc_ok();
    }
    oc_med_split split = oc_med_split_line(oc_region_item(call->medical->region, oc_med_text(line, "med_list_codg")),
                                           visit->med_type, sum, count);
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "INSERT INTO line (visit, sn, batch, disease, item, sum, outside, over, first, scope)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING RETURNING id",
                            "issssiiiii", visit->id, oc_med_text(line, "feedetl_sn"), oc_med_text(line, "chrg_bchno"),
                            oc_med_text(line, "dise_codg"), oc_med_text(line, "med_list_codg"), split.sum,
                            split.outside, split.over, split.first, split.scope));
    if (row == NULL) {
        return oc_med_refuse(call, "F7", "feedetail.feedetl_sn", "费用明细流水号重复",
                             "the number of a fee line comes twice");
    }
    put_result(results, line, &split);
    return oc_med_store_next(call->medical->store, &row, call->diag);
}

/* 2204, 2301. */
oc_result oc_med_take_lines(struct oc_med_call *call)
{
    bool outpatient = strcmp(call->form->infno, "2204") == 0;
    struct oc_med_visit visit;
    OC_TRY(oc_med_take_visit(call, outpatient ? 'o' : 'i', &visit));
    if (!call->refused && strcmp(visit.state, "discharged") == 0) {
        OC_TRY(oc_med_refuse(call, "F1", "feedetail.mdtrt_id", "该就诊已出院", "the patient was discharged"));
    }
    if (!call->refused && !visit.described && !call->institution->pharmacy) {
        OC_TRY(oc_med_refuse(call, "F1", "feedetail.mdtrt_id", "须先上传就诊信息（2203）",
                             "the visit information (2203) comes first"));
    }
    json_t *results = json_array();
    json_object_set_new(call->output, "result", results);
    const json_t *node = json_object_get(call->input, "feedetail");
    size_t count = json_is_array(node) ? json_array_size(node) : 1;
    for (size_t i = 0; i < count && !call->refused; i++) {
        const json_t *line = json_is_array(node) ? json_array_get(node, i) : node;
        OC_TRY(take_line(call, &visit, line, i, results));
    }
    return oc_ok();
}

/* 2205, 2302. Batch 0000 means all lines that were not settled. */
oc_result oc_med_drop_lines(struct oc_med_call *call)
{
    bool outpatient = strcmp(call->form->infno, "2205") == 0;
    const char *batch = oc_med_in(call, "chrg_bchno");
    struct oc_med_visit visit;
    sqlite3_stmt *row;
    OC_TRY(oc_med_take_visit(call, outpatient ? 'o' : 'i', &visit));
    if (call->refused) {
        return oc_ok();
    }
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT count(*), count(settlement) FROM line WHERE visit = ?1 AND (batch = ?2 OR ?2 ="
                            " '0000')",
                            "is", visit.id, batch));
    int64_t there = row == NULL ? 0 : sqlite3_column_int64(row, 0);
    int64_t settled = row == NULL ? 0 : sqlite3_column_int64(row, 1);
    if (strcmp(batch, "0000") != 0 && settled > 0) {
        return oc_med_refuse(call, "F10", "data.chrg_bchno", "该收费批次已结算，不能撤销明细",
                             "the batch was settled: its lines stay");
    }
    if (there == settled) {
        return oc_med_refuse(call, "F6", "data.chrg_bchno", "没有可撤销的费用明细", "there are no such fee lines");
    }
    return oc_med_store_run(call->medical->store, call->diag,
                            "DELETE FROM line WHERE visit = ?1 AND (batch = ?2 OR ?2 = '0000') AND settlement IS NULL",
                            "is", visit.id, batch);
}
