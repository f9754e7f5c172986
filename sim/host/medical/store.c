/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/host/medical/store_schema.h"

#define BUSY_MS 10000
#define STATEMENTS_MAX 128

struct oc_med_store {
    sqlite3 *db;
    bool open; /* a transaction */
    struct {
        const char *sql; /* by its address: statements are literals */
        sqlite3_stmt *statement;
    } kept[STATEMENTS_MAX];
    size_t kept_count;
    char path[1024];
};

static oc_result failed(const oc_med_store *store, const char *doing, oc_diag *diag)
{
    int code = sqlite3_errcode(store->db);
    bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    return oc_diag_fail_at(diag, damaged ? OC_E_FORMAT : OC_E_IO, store->path, 0, "%s: %s", doing,
                           sqlite3_errmsg(store->db));
}

static oc_result execute(oc_med_store *store, const char *sql, oc_diag *diag)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? oc_ok()
               : failed(store, "the back-end's store cannot be used", diag);
}

static oc_result ask(oc_med_store *store, const char *sql, int64_t *number, oc_diag *diag)
{
    sqlite3_stmt *statement = NULL;
    bool is_row = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
                  sqlite3_step(statement) == SQLITE_ROW;
    if (is_row) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        *number = text != NULL && strcmp(text, "ok") == 0 ? 1 : sqlite3_column_int64(statement, 0);
    }
    oc_result r = is_row ? oc_ok() : failed(store, "the back-end's store cannot be opened", diag);
    sqlite3_finalize(statement);
    return r;
}

/* Durable before anything is acknowledged; what a foreign file could smuggle in stays off. */
static oc_result configure(oc_med_store *store, oc_diag *diag)
{
    sqlite3_busy_timeout(store->db, BUSY_MS);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return execute(store, "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", diag);
}

static oc_result make_or_check(oc_med_store *store, oc_diag *diag)
{
    int64_t tables = 0;
    int64_t id = 0;
    int64_t version = 0;
    int64_t sound = 0;
    OC_TRY(oc_med_store_begin(store, diag));
    oc_result r = ask(store, "SELECT count(*) FROM sqlite_schema", &tables, diag);
    if (oc_is_ok(r) && tables == 0) {
        char mark[96];
        snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d;", OC_MED_STORE_ID,
                 OC_MED_STORE_VERSION);
        r = execute(store, oc_med_store_schema, diag);
        r = oc_is_ok(r) ? execute(store, mark, diag) : r;
    }
    if (!oc_is_ok(r)) {
        oc_med_store_rollback(store);
        return r;
    }
    OC_TRY(oc_med_store_commit(store, diag));
    OC_TRY(ask(store, "PRAGMA application_id", &id, diag));
    OC_TRY(ask(store, "PRAGMA user_version", &version, diag));
    if (id != OC_MED_STORE_ID || version != OC_MED_STORE_VERSION) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, store->path, 0,
                               "this database is no store of the back-end, version %d: name another file",
                               OC_MED_STORE_VERSION);
    }
    OC_TRY(ask(store, "PRAGMA quick_check(1)", &sound, diag));
    return sound == 1
               ? oc_ok()
               : oc_diag_fail_at(diag, OC_E_FORMAT, store->path, 0,
                                 "the back-end's store is damaged: restore it from a copy, or name another file");
}

oc_result oc_med_store_open(oc_med_store **out, const char *path, oc_diag *diag)
{
    *out = NULL;
    if (path == NULL || path[0] == '\0') {
        return oc_diag_fail(diag, OC_E_USAGE, "the back-end's store needs a file name or :memory:");
    }
    oc_med_store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    snprintf(store->path, sizeof store->path, "%s", path);
    oc_result r = oc_ok();
    if (sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        r = store->db == NULL ? oc_fail(OC_E_MEMORY) : failed(store, "the back-end's store cannot be opened", diag);
    }
    r = oc_is_ok(r) ? configure(store, diag) : r;
    r = oc_is_ok(r) ? make_or_check(store, diag) : r;
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

oc_result oc_med_store_begin(oc_med_store *store, oc_diag *diag)
{
    OC_TRY(oc_med_store_run(store, diag, "BEGIN IMMEDIATE", ""));
    store->open = true;
    return oc_ok();
}

oc_result oc_med_store_commit(oc_med_store *store, oc_diag *diag)
{
    OC_TRY(oc_med_store_run(store, diag, "COMMIT", ""));
    store->open = false;
    return oc_ok();
}

void oc_med_store_rollback(oc_med_store *store)
{
    if (store->open) {
        (void)oc_med_store_run(store, NULL, "ROLLBACK", "").code;
        store->open = false;
    }
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
