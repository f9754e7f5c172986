/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/torture/host_audit.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/host/medical/medical.h"

#define INSTITUTIONS 3
#define DETAIL_MAX 22000 /* bytes of a file that 9101 takes */

static sqlite3 *open_store(struct host_audit *audit, const char *store)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(store, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        printf("the store cannot be opened: %s\n", sqlite3_errmsg(db));
        audit->other++;
    }
    return db;
}

static sqlite3_stmt *ask(sqlite3 *db, const char *sql, const char *text)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK && text != NULL) {
        sqlite3_bind_text(statement, 1, text, -1, SQLITE_TRANSIENT);
    }
    return statement;
}

static int64_t number(sqlite3 *db, const char *sql, const char *text)
{
    sqlite3_stmt *statement = ask(db, sql, text);
    int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    return value;
}

/* A doubtful settlement that 2601 took back: there is none, or one with its cancellation. */
static bool was_booked(struct host_audit *audit, sqlite3 *db, const char *msgid, int64_t *cancelled)
{
    int64_t booked = number(db, "SELECT count(*) FROM settlement WHERE msgid = ?1", msgid);
    *cancelled = number(
        db, "SELECT count(*) FROM settlement c JOIN settlement s ON c.cancels = s.id WHERE s.msgid = ?1", msgid);
    if (booked != *cancelled || booked > 1) {
        printf("%s was reversed, but is there %" PRId64 " times, cancelled %" PRId64 " times\n", msgid, booked,
               *cancelled);
        audit->doubled++;
    }
    return booked == 1;
}

/* What one institution would tell in 3201 of one insurance and clearing type. */
struct sums {
    char insutype[4];
    char clr_type[8];
    int64_t count, medfee, fund, account;
};

static void add(struct sums sums[8], const char *insutype, const char *clr_type, const struct host_settled *settled)
{
    size_t i = 0;
    while (i < 7 && sums[i].count > 0 &&
           (strcmp(sums[i].insutype, insutype) != 0 || strcmp(sums[i].clr_type, clr_type) != 0)) {
        i++;
    }
    snprintf(sums[i].insutype, sizeof sums[i].insutype, "%s", insutype);
    snprintf(sums[i].clr_type, sizeof sums[i].clr_type, "%s", clr_type);
    sums[i].count++;
    sums[i].medfee += settled->medfee;
    sums[i].fund += settled->fund;
    sums[i].account += settled->account;
}

static void add_client(struct host_audit *audit, sqlite3 *db, const struct host_client *client, struct sums sums[8],
                       size_t *unknown_lines)
{
    for (size_t i = 0; i < client->held_count; i++) {
        add(sums, client->held[i].insutype, client->held[i].clr_type, &client->held[i]);
    }
    for (size_t i = 0; i < client->reversed_count; i++) {
        static const struct host_settled nothing = {.medfee = 0};
        int64_t cancelled = 0;
        audit->reversals++;
        if (!was_booked(audit, db, client->reversed[i], &cancelled)) {
            continue;
        }
        sqlite3_stmt *row = ask(db, "SELECT insutype, clr_type FROM settlement WHERE msgid = ?1", client->reversed[i]);
        if (sqlite3_step(row) == SQLITE_ROW) { /* it and its cancellation count, with nothing in sum */
            const char *insutype = (const char *)sqlite3_column_text(row, 0);
            const char *clr_type = (const char *)sqlite3_column_text(row, 1);
            add(sums, insutype, clr_type, &nothing);
            add(sums, insutype, clr_type, &nothing);
        }
        sqlite3_finalize(row);
        audit->reversed++;
        *unknown_lines += 2;
    }
}

static void print_fen(char out[32], int64_t fen)
{
    int64_t plain = llabs(fen);
    snprintf(out, 32, "%s%" PRId64 ".%02" PRId64, fen < 0 ? "-" : "", plain / 100, plain % 100);
}

/* Yesterday to tomorrow in China, so that midnight may pass. */
static void days(char from[11], char to[11])
{
    oc_clock now = oc_clock_wall();
    char text[40];
    now.zone_s = 8 * 3600;
    now.seconds -= 86400;
    oc_clock_format(&now, text, sizeof text);
    snprintf(from, 11, "%.10s", text);
    now.seconds += 2 * 86400;
    oc_clock_format(&now, text, sizeof text);
    snprintf(to, 11, "%.10s", text);
}

static bool even(struct host_client *client, const char *address, const struct sums *sums, int64_t too_many)
{
    char from[11], to[11], medfee[32], fund[32], account[32], count[24], result[8];
    days(from, to);
    print_fen(medfee, sums->medfee);
    print_fen(fund, sums->fund);
    print_fen(account, sums->account);
    snprintf(count, sizeof count, "%" PRId64, sums->count + too_many);
    const char *const names[] = {"data.insutype",
                                 sums->insutype,
                                 "data.clr_type",
                                 sums->clr_type,
                                 "data.setl_optins",
                                 "310000",
                                 "data.stmt_begndate",
                                 from,
                                 "data.stmt_enddate",
                                 to,
                                 "data.medfee_sumamt",
                                 medfee,
                                 "data.fund_pay_sumamt",
                                 fund,
                                 "data.acct_pay",
                                 account,
                                 "data.fixmedins_setl_cnt",
                                 count,
                                 NULL};
    bool taken = host_client_ask(client, address, "3201", names);
    oc_visit_get(&client->visit, "output.stmtinfo.stmt_rslt", result, sizeof result);
    bool is_even = taken && strcmp(result, "0") == 0;
    if (!is_even && too_many == 0) {
        char why[200];
        oc_visit_get(&client->visit, taken ? "output.stmtinfo.stmt_rslt_dscr" : "err_msg", why, sizeof why);
        printf("3201 of %s: %s pieces, %s, fund %s, account %s; the answer: %s\n", client->visit.opter, count, medfee,
               fund, account, why);
    }
    return is_even;
}

static oc_result write_details(const struct host_client *clients, size_t count, size_t institution, oc_buf *file)
{
    for (size_t i = institution; i < count; i += INSTITUTIONS) {
        for (size_t k = 0; k < clients[i].held_count; k++) {
            const struct host_settled *settled = &clients[i].held[k];
            char line[200], medfee[32], fund[32], account[32], cash[32];
            print_fen(medfee, settled->medfee);
            print_fen(fund, settled->fund);
            print_fen(account, settled->account);
            print_fen(cash, settled->cash);
            snprintf(line, sizeof line, "%s\t%s\t%s\t%s\t%s\n", settled->setl_id, medfee, fund, account, cash);
            OC_TRY(oc_buf_append(file, oc_span_text(line)));
        }
    }
    return oc_ok();
}

static bool upload(struct host_client *client, const char *address, const oc_buf *file, char number[31])
{
    oc_buf text = {0};
    bool fine = oc_is_ok(oc_buf_reserve(&text, file->len / 3 * 4 + 8));
    if (fine) {
        EVP_EncodeBlock(text.at, file->at, (int)file->len);
        const char *const names[] = {"fsUploadIn.in", (const char *)text.at, "fsUploadIn.fixmedins_code",
                                     "H31010000001", NULL};
        fine = host_client_ask(client, address, "9101", names);
        oc_visit_get(&client->visit, "output.data.file_qury_no", number, 31);
    }
    oc_buf_free(&text);
    return fine;
}

/* 3202: the lines that the back-end has and the institution's file has not, or has otherwise. */
static bool compare_details(struct host_client *client, const char *address, const char *number, size_t *differing)
{
    char from[11], to[11], result[31];
    days(from, to);
    const char *const compare[] = {"data.setl_optins",
                                   "310000",
                                   "data.file_qury_no",
                                   number,
                                   "data.stmt_begndate",
                                   from,
                                   "data.stmt_enddate",
                                   to,
                                   "data.medfee_sumamt",
                                   "0.00",
                                   "data.fund_pay_sumamt",
                                   "0.00",
                                   "data.cash_payamt",
                                   "0.00",
                                   "data.fixmedins_setl_cnt",
                                   "0",
                                   NULL};
    if (!host_client_ask(client, address, "3202", compare)) {
        return false;
    }
    oc_visit_get(&client->visit, "output.fileinfo.file_qury_no", result, sizeof result);
    const char *const fetch[] = {"fsDownloadIn.file_qury_no", result, "fsDownloadIn.fixmedins_code", "H31010000001",
                                 NULL};
    oc_buf file = {0};
    bool fine = host_client_ask(client, address, "9102", fetch);
    oc_span text = oc_fields_span(&client->visit.read, "output.data.out");
    fine = fine && oc_is_ok(oc_buf_reserve(&file, text.len + 4));
    int len = fine && text.len > 0 ? EVP_DecodeBlock(file.at, text.at, (int)text.len) : 0;
    *differing = 0;
    for (int i = 0; i < len; i++) {
        *differing += file.at[i] == '\n';
    }
    oc_buf_free(&file);
    return fine;
}

static void audit_details(struct host_audit *audit, struct host_client *clients, size_t count, size_t institution,
                          const char *address, size_t unknown_lines)
{
    oc_buf file = {0};
    char number[31];
    size_t differing = 0;
    char why[200] = "";
    bool written = oc_is_ok(write_details(clients, count, institution, &file));
    if (written && file.len > 0 && file.len <= DETAIL_MAX) {
        bool fine = upload(&clients[institution], address, &file, number) &&
                    compare_details(&clients[institution], address, number, &differing);
        oc_visit_get(&clients[institution].visit, "err_msg", why, sizeof why);
        if (fine && differing == unknown_lines) {
            audit->details++;
        } else {
            printf("3202: %zu lines differ instead of %zu; %s\n", differing, unknown_lines, why);
            audit->other++;
        }
    }
    oc_buf_free(&file);
}

void host_audit_answers(struct host_audit *audit, struct host_client *clients, size_t count, const char *address,
                        const char *store)
{
    sqlite3 *db = open_store(audit, store);
    for (size_t institution = 0; institution < INSTITUTIONS && institution < count; institution++) {
        struct sums sums[8] = {0};
        size_t unknown_lines = 0;
        for (size_t i = institution; i < count; i += INSTITUTIONS) {
            add_client(audit, db, &clients[i], sums, &unknown_lines);
        }
        for (size_t i = 0; i < 8 && sums[i].count > 0; i++) {
            /* A false count has to be seen, or an even one says nothing. */
            bool fine = even(&clients[institution], address, &sums[i], 0) &&
                        !even(&clients[institution], address, &sums[i], 1);
            audit->totals += fine;
            audit->other += !fine;
        }
        audit_details(audit, clients, count, institution, address, unknown_lines);
    }
    sqlite3_close(db);
}

static void audit_settled(struct host_audit *audit, sqlite3 *db, const struct host_settled *settled)
{
    sqlite3_stmt *row = ask(db,
                            "SELECT medfee, fund, account, cash FROM settlement WHERE printf('T%014d', id) = ?1"
                            " AND id = CAST(substr(?1, 2) AS INTEGER)",
                            settled->setl_id);
    if (sqlite3_step(row) != SQLITE_ROW) {
        printf("%s was acknowledged and is lost\n", settled->setl_id);
        audit->lost++;
    } else if (sqlite3_column_int64(row, 0) != settled->medfee || sqlite3_column_int64(row, 1) != settled->fund ||
               sqlite3_column_int64(row, 2) != settled->account || sqlite3_column_int64(row, 3) != settled->cash) {
        printf("%s has other amounts\n", settled->setl_id);
        audit->changed++;
    }
    sqlite3_finalize(row);
}

static void demand(struct host_audit *audit, sqlite3 *db, const char *what, const char *sql, int64_t expected)
{
    int64_t value = number(db, sql, NULL);
    if (value != expected) {
        printf("%s: %" PRId64 " instead of %" PRId64 "\n", what, value, expected);
        audit->other++;
    }
}

static void audit_balances(struct host_audit *audit, const char *store, const oc_region *region)
{
    oc_medical *medical = NULL;
    oc_med_totals totals = {0};
    const oc_medical_parts parts = {.region = region, .store = store};
    oc_diag diag = {0};
    oc_result r = oc_medical_open(&medical, &parts, &diag);
    r = oc_is_ok(r) ? oc_medical_totals(medical, &totals, &diag) : r;
    if (!oc_is_ok(r) || totals.account != totals.accounts_paid ||
        totals.medfee != totals.fund + totals.account + totals.cash) {
        printf("the sums do not agree: %s\n", diag.reason);
        audit->other++;
    }
    oc_medical_close(&medical);
}

void host_audit_file(struct host_audit *audit, const struct host_client *clients, size_t count, const char *store,
                     const oc_region *region)
{
    sqlite3 *db = open_store(audit, store);
    int64_t expected = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < clients[i].held_count; k++) {
            audit_settled(audit, db, &clients[i].held[k]);
        }
        for (size_t k = 0; k < clients[i].reversed_count; k++) {
            int64_t cancelled = 0;
            expected += was_booked(audit, db, clients[i].reversed[k], &cancelled) ? 2 : 0;
        }
        audit->settlements += clients[i].held_count;
        expected += (int64_t)clients[i].held_count;
    }
    int64_t there = number(db, "SELECT count(*) FROM settlement", NULL);
    audit->doubled += there > expected ? (size_t)(there - expected) : 0;
    demand(audit, db, "settlements", "SELECT count(*) FROM settlement", expected);
    demand(audit, db, "visits that are paid twice",
           "SELECT count(*) FROM (SELECT sum(iif(cancels IS NULL, 1, -1)) AS n FROM settlement GROUP BY visit"
           " HAVING n NOT IN (0, 1))",
           0);
    demand(audit, db, "settlements without their message",
           "SELECT count(*) FROM settlement WHERE msgid NOT IN (SELECT msgid FROM message)", 0);
    demand(audit, db, "broken pages", "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'", 0);
    demand(audit, db, "broken references", "SELECT count(*) FROM pragma_foreign_key_check", 0);
    sqlite3_close(db);
    audit_balances(audit, store, region);
}
