/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/evp.h>

#include "sim/base/hex.h"
#include "sim/host/medical/call.h"

/* 3201 (F12): counts and sums of the journal against those of the institution; a cancellation counts like a settlement
 * and takes its amounts away (project choice). */
oc_result oc_med_reconcile(struct oc_med_call *call)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT count(*), coalesce(sum(medfee), 0), coalesce(sum(fund), 0),"
                            " coalesce(sum(account), 0) FROM settlement WHERE institution = ?1 AND insutype = ?2"
                            " AND clr_type = ?3 AND day BETWEEN ?4 AND ?5",
                            "sssss", call->institution->code, oc_med_in(call, "insutype"), oc_med_in(call, "clr_type"),
                            oc_med_in(call, "stmt_begndate"), oc_med_in(call, "stmt_enddate")));
    if (row == NULL) {
        return oc_fail(OC_E_INTERNAL);
    }
    const json_t *count = json_object_get(oc_med_first_node(call), "fixmedins_setl_cnt");
    int64_t given = json_is_integer(count) ? json_integer_value(count)
                                           : strtoll(oc_med_in(call, "fixmedins_setl_cnt"), NULL, 10);
    bool even = given == sqlite3_column_int64(row, 0) &&
                oc_med_in_fen(call, "medfee_sumamt") == sqlite3_column_int64(row, 1) &&
                oc_med_in_fen(call, "fund_pay_sumamt") == sqlite3_column_int64(row, 2) &&
                oc_med_in_fen(call, "acct_pay") == sqlite3_column_int64(row, 3);
    if (!even) {
        oc_med_find(&call->judgement->findings, OC_MED_FLAW_RULE, 'C', "F12", NULL,
                    "count and sums of the journal (rule F12)");
    }
    char description[160];
    snprintf(description, sizeof description, "中心：%" PRId64 "笔，总额%.2f，基金%.2f，账户%.2f",
             (int64_t)sqlite3_column_int64(row, 0), (double)sqlite3_column_int64(row, 1) / 100,
             (double)sqlite3_column_int64(row, 2) / 100, (double)sqlite3_column_int64(row, 3) / 100);
    json_t *info = json_object();
    oc_med_put(info, "setl_optins", oc_med_in(call, "setl_optins"));
    oc_med_put(info, "stmt_rslt", even ? "0" : "1");
    oc_med_put(info, "stmt_rslt_dscr", description);
    json_object_set_new(call->output, "stmtinfo", info);
    return oc_ok();
}

static oc_result keep_file(struct oc_med_call *call, const char *name, oc_span content, char number[31])
{
    OC_TRY(oc_med_store_run(call->medical->store, call->diag,
                            "INSERT INTO file (number, name, institution, content) VALUES (?1, ?2, ?3, ?4)", "sssb",
                            call->msgid, name, call->institution->code, content));
    snprintf(number, 31, "F%014" PRId64, oc_med_store_last(call->medical->store));
    return oc_med_store_run(call->medical->store, call->diag, "UPDATE file SET number = ?2 WHERE id = ?1", "is",
                            oc_med_store_last(call->medical->store), number);
}

static oc_result read_file(struct oc_med_call *call, const char *number, sqlite3_stmt **row)
{
    return oc_med_store_row(call->medical->store, row, call->diag,
                            "SELECT content, name FROM file WHERE number = ?1 AND institution = ?2", "ss", number,
                            call->institution->code);
}

/* 9101: the content in base64 (project choice: the attested field is an array of bytes in some regions). */
oc_result oc_med_upload(struct oc_med_call *call)
{
    const char *text = oc_med_in(call, "in");
    size_t len = strlen(text);
    oc_buf content = {0};
    char number[31];
    OC_TRY(oc_buf_reserve(&content, len / 4 * 3 + 4));
    int bytes = EVP_DecodeBlock(content.at, (const unsigned char *)text, (int)len);
    if (bytes < 0) {
        oc_buf_free(&content);
        return oc_med_refuse(call, "FILE", "fsUploadIn.in", "文件内容不是base64", "the content is no base64");
    }
    content.len = (size_t)bytes - (len >= 1 && text[len - 1] == '=') - (len >= 2 && text[len - 2] == '=');
    oc_result r = keep_file(call, oc_med_in(call, "filename"), oc_buf_span(&content), number);
    oc_buf_free(&content);
    OC_TRY(r);
    json_t *out = json_object();
    oc_med_put(out, "file_qury_no", number);
    oc_med_put(out, "filename", oc_med_in(call, "filename"));
    oc_med_put(out, "fixmedins_code", call->institution->code);
    json_object_set_new(call->output, "data", out);
    return oc_ok();
}

/* 9102. */
oc_result oc_med_download(struct oc_med_call *call)
{
    sqlite3_stmt *row;
    OC_TRY(read_file(call, oc_med_in(call, "file_qury_no"), &row));
    if (row == NULL) {
        return oc_med_refuse(call, "FILE", "fsDownloadIn.file_qury_no", "没有这个文件", "there is no such file");
    }
    int bytes = sqlite3_column_bytes(row, 0);
    oc_buf text = {0};
    OC_TRY(oc_buf_reserve(&text, (size_t)bytes / 3 * 4 + 8));
    EVP_EncodeBlock(text.at, bytes == 0 ? (const unsigned char *)"" : sqlite3_column_blob(row, 0), bytes);
    json_t *out = json_object();
    oc_med_put(out, "out", (const char *)text.at);
    oc_buf_free(&text);
    json_object_set_new(call->output, "data", out);
    return oc_ok();
}

/* One line of a detail file: settlement, batch message, person's and all amounts, tab-separated (project choice). */
static bool in_file(oc_span content, const char *line)
{
    size_t len = strlen(line);
    for (size_t i = 0; len <= content.len && i + len <= content.len; i++) {
        bool starts = i == 0 || content.at[i - 1] == '\n';
        bool ends = i + len == content.len || content.at[i + len] == '\n' || content.at[i + len] == '\r';
        if (starts && ends && memcmp(content.at + i, line, len) == 0) {
            return true;
        }
    }
    return false;
}

/* Lines of the centre that the institution's file lacks or has with other amounts. */
static oc_result compare_details(struct oc_med_call *call, oc_span file, oc_buf *result)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT printf('T%014d', id) || char(9) || printf('%.2f', medfee / 100.0) || char(9) ||"
                            " printf('%.2f', fund / 100.0) || char(9) || printf('%.2f', account / 100.0) || char(9) ||"
                            " printf('%.2f', cash / 100.0) FROM settlement"
                            " WHERE institution = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY id",
                            "sss", call->institution->code, oc_med_in(call, "stmt_begndate"),
                            oc_med_in(call, "stmt_enddate")));
    while (row != NULL) {
        const char *line = oc_med_column(row, 0);
        if (!in_file(file, line)) {
            OC_TRY(oc_buf_append(result, oc_span_text(line)));
            OC_TRY(oc_buf_append_byte(result, '\n'));
        }
        OC_TRY(oc_med_store_next(call->medical->store, &row, call->diag));
    }
    return oc_ok();
}

/* 3202: the file that 9101 brought against the journal; the answer names a file of the lines that differ. */
oc_result oc_med_reconcile_details(struct oc_med_call *call)
{
    sqlite3_stmt *row;
    oc_buf file = {0};
    oc_buf result = {0};
    char number[31];
    OC_TRY(read_file(call, oc_med_in(call, "file_qury_no"), &row));
    if (row == NULL) {
        return oc_med_refuse(call, "FILE", "data.file_qury_no", "没有这个文件", "there is no such file");
    }
    oc_result r = oc_buf_set(&file, oc_span_of(sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0)));
    r = oc_is_ok(r) ? compare_details(call, oc_buf_span(&file), &result) : r;
    r = oc_is_ok(r) ? keep_file(call, "result.txt", oc_buf_span(&result), number) : r;
    oc_buf_free(&file);
    oc_buf_free(&result);
    OC_TRY(r);
    json_t *info = json_object();
    oc_med_put(info, "file_qury_no", number);
    oc_med_put(info, "filename", "result.txt");
    json_object_set_new(call->output, "fileinfo", info);
    return oc_ok();
}
