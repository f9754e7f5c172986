/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/host/database.h"
#include "sim/host/medical/store_schema.h"

#define STATEMENTS_MAX 128

struct oc_med_store {
    sqlite3 *db;
    bool open;  /* a transaction */
    bool batch; /* of transactions that are committed together */
    struct {
        const char *sql; /* by its address: statements are literals */
        sqlite3_stmt *statement;
    } kept[STATEMENTS_MAX];
    size_t kept_count;
    char path[1024];
};

static oc_result failed(const oc_med_store *store, const char *doing, oc_diag *diag)
{
    return oc_database_failed(store->db, store->path, doing, diag);
}

oc_result oc_med_store_open(oc_med_store **out, const char *path, oc_diag *diag)
{
    static const oc_database_form form = {"back-end's store", OC_MED_STORE_ID, OC_MED_STORE_VERSION,
                                          oc_med_store_schema};
    *out = NULL;
    oc_med_store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    snprintf(store->path, sizeof store->path, "%s", path == NULL ? "" : path);
    oc_result r = oc_database_open(&store->db, path, &form, diag);
    if (!oc_is_ok(r)) {
        oc_med_store_close(&store);
        return r;
    }
    *out = store;
    return oc_ok();
}

void oc_med_store_close(oc_med_store **store)
{
    if (*store == NULL) {
        return;
    }
    for (size_t i = 0; i < (*store)->kept_count; i++) {
        sqlite3_finalize((*store)->kept[i].statement);
    }
    sqlite3_close((*store)->db);
    free(*store);
    *store = NULL;
}

/* SQLite itself takes a transaction back after some failures (no room, no memory). What followed would be booked alone:
 * the batch is lost instead. */
static oc_result check_batch(const oc_med_store *store, oc_diag *diag)
{
    return store->batch && sqlite3_get_autocommit(store->db) != 0
               ? oc_diag_fail_at(diag, OC_E_IO, store->path, 0, "the back-end's store has taken the batch back")
               : oc_ok();
}

/* A row that is still held would keep the log from ever being written back and begun anew. */
static void let_go_of_rows(oc_med_store *store)
{
    for (size_t i = 0; i < store->kept_count; i++) {
        if (sqlite3_stmt_busy(store->kept[i].statement) != 0) {
            sqlite3_reset(store->kept[i].statement);
        }
    }
}

oc_result oc_med_store_begin(oc_med_store *store, oc_diag *diag)
{
    OC_TRY(check_batch(store, diag));
    OC_TRY(oc_med_store_run(store, diag, store->batch ? "SAVEPOINT message" : "BEGIN IMMEDIATE", ""));
    store->open = true;
    return oc_ok();
}

oc_result oc_med_store_commit(oc_med_store *store, oc_diag *diag)
{
    OC_TRY(check_batch(store, diag));
    if (!store->batch) {
        let_go_of_rows(store);
    }
    OC_TRY(oc_med_store_run(store, diag, store->batch ? "RELEASE message" : "COMMIT", ""));
    store->open = false;
    return oc_ok();
}

void oc_med_store_rollback(oc_med_store *store)
{
    if (store->open && !store->batch) {
        let_go_of_rows(store);
        (void)oc_med_store_run(store, NULL, "ROLLBACK", "").code;
    } else if (store->open) {
        (void)oc_med_store_run(store, NULL, "ROLLBACK TO message", "").code;
        (void)oc_med_store_run(store, NULL, "RELEASE message", "").code;
    }
    store->open = false;
}

oc_result oc_med_store_begin_batch(oc_med_store *store, oc_diag *diag)
{
    OC_TRY(oc_med_store_run(store, diag, "BEGIN IMMEDIATE", ""));
    store->batch = true;
    return oc_ok();
}

oc_result oc_med_store_end_batch(oc_med_store *store, oc_diag *diag)
{
    oc_result r = check_batch(store, diag);
    store->batch = false;
    let_go_of_rows(store);
    r = oc_is_ok(r) ? oc_med_store_run(store, diag, "COMMIT", "") : r;
    if (!oc_is_ok(r) && sqlite3_get_autocommit(store->db) == 0) {
        (void)oc_med_store_run(store, NULL, "ROLLBACK", "").code;
    }
    return r;
}

static oc_result statement_of(oc_med_store *store, const char *sql, sqlite3_stmt **out, oc_diag *diag)
{
    for (size_t i = 0; i < store->kept_count; i++) {
        if (store->kept[i].sql == sql) {
            *out = store->kept[i].statement;
            sqlite3_reset(*out);
            return oc_ok();
        }
    }
    if (store->kept_count == STATEMENTS_MAX) {
        return oc_diag_fail(diag, OC_E_INTERNAL, "more than %d statements", STATEMENTS_MAX);
    }
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) != SQLITE_OK) {
        return failed(store, "the back-end's store cannot be used", diag);
    }
    store->kept[store->kept_count].sql = sql;
    store->kept[store->kept_count++].statement = *out;
    return oc_ok();
}

/* What refers to others stands before them. Rows are numbered from 1 again, as no table is AUTOINCREMENT. */
oc_result oc_med_store_empty(oc_med_store *store, oc_diag *diag)
{
    static const char *const all[] = {
        "DELETE FROM line",           "DELETE FROM settlement", "DELETE FROM visit",   "DELETE FROM message",
        "DELETE FROM session",        "DELETE FROM year",       "DELETE FROM account", "DELETE FROM file",
        "DELETE FROM card",           "DELETE FROM shown",      "DELETE FROM ecard",   "DELETE FROM voucher",
        "DELETE FROM identity_check",
    };
    OC_TRY(oc_med_store_begin(store, diag));
    let_go_of_rows(store);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        oc_result r = oc_med_store_run(store, diag, all[i], "");
        if (!oc_is_ok(r)) {
            oc_med_store_rollback(store);
            return r;
        }
    }
    return oc_med_store_commit(store, diag);
}

static void bind(sqlite3_stmt *statement, const char *format, va_list *args)
{
    for (int at = 1; *format != '\0'; format++, at++) {
        if (*format == 's') {
            sqlite3_bind_text(statement, at, va_arg(*args, const char *), -1, SQLITE_TRANSIENT);
        } else if (*format == 'i') {
            sqlite3_bind_int64(statement, at, va_arg(*args, int64_t));
        } else {
            oc_span bytes = va_arg(*args, oc_span);
            /* Without a pointer it would be null, which is something else than a blob of no bytes. */
            sqlite3_bind_blob64(statement, at, bytes.at == NULL ? (const void *)"" : bytes.at, bytes.len,
                                SQLITE_TRANSIENT);
        }
    }
}

oc_result oc_med_store_run(oc_med_store *store, oc_diag *diag, const char *sql, const char *format, ...)
{
    sqlite3_stmt *statement;
    OC_TRY(statement_of(store, sql, &statement, diag));
    va_list args;
    va_start(args, format);
    bind(statement, format, &args);
    va_end(args);
    int code = sqlite3_step(statement);
    oc_result r = code == SQLITE_DONE || code == SQLITE_ROW
                      ? oc_ok()
                      : failed(store, "the back-end's store cannot be written", diag);
    sqlite3_reset(statement);
    return r;
}

oc_result oc_med_store_next(oc_med_store *store, sqlite3_stmt **row, oc_diag *diag)
{
    int code = sqlite3_step(*row);
    if (code == SQLITE_ROW) {
        return oc_ok();
    }
    oc_result r = code == SQLITE_DONE ? oc_ok() : failed(store, "the back-end's store cannot be read", diag);
    sqlite3_reset(*row);
    *row = NULL;
    return r;
}

oc_result oc_med_store_row(oc_med_store *store, sqlite3_stmt **row, oc_diag *diag, const char *sql, const char *format,
                           ...)
{
    OC_TRY(statement_of(store, sql, row, diag));
    va_list args;
    va_start(args, format);
    bind(*row, format, &args);
    va_end(args);
    return oc_med_store_next(store, row, diag);
}

int64_t oc_med_store_last(const oc_med_store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

const char *oc_med_column(sqlite3_stmt *row, int at)
{
    const char *text = (const char *)sqlite3_column_text(row, at);
    return text == NULL ? "" : text;
}
