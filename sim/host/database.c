/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/database.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define BUSY_MS 10000

struct opening {
    sqlite3 *db;
    const char *path;
    const oc_database_form *form;
    oc_diag *diag;
};

oc_result oc_database_failed(sqlite3 *db, const char *path, const char *doing, oc_diag *diag)
{
    int code = sqlite3_errcode(db);
    bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    return oc_diag_fail_at(diag, damaged ? OC_E_FORMAT : OC_E_IO, path, 0, "%s: %s", doing, sqlite3_errmsg(db));
}

static oc_result failed(const struct opening *opening)
{
    char doing[64];
    snprintf(doing, sizeof doing, "cannot open the %s", opening->form->what);
    return oc_database_failed(opening->db, opening->path, doing, opening->diag);
}

static oc_result run(const struct opening *opening, const char *sql)
{
    return sqlite3_exec(opening->db, sql, NULL, NULL, NULL) == SQLITE_OK ? oc_ok() : failed(opening);
}

/* The first column of the first row: a number, or 1 for the text "ok". */
static oc_result ask(const struct opening *opening, const char *sql, int64_t *number)
{
    sqlite3_stmt *statement = NULL;
    bool is_row = sqlite3_prepare_v2(opening->db, sql, -1, &statement, NULL) == SQLITE_OK &&
                  sqlite3_step(statement) == SQLITE_ROW;
    oc_result r = is_row ? oc_ok() : failed(opening);
    if (is_row) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        *number = text != NULL && strcmp(text, "ok") == 0 ? 1 : sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return r;
}

static oc_result configure(const struct opening *opening)
{
    sqlite3_busy_timeout(opening->db, BUSY_MS);
    sqlite3_db_config(opening->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(opening->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(opening->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(opening->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return run(opening, "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
}

static oc_result make_schema(const struct opening *opening)
{
    char mark[96];
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
             (int)opening->form->application_id, (int)opening->form->version);
    OC_TRY(run(opening, opening->form->schema));
    return run(opening, mark);
}

/* An empty database gets its schema; two processes that start at once do it one after the other. */
static oc_result make(const struct opening *opening)
{
    int64_t tables = 0;
    OC_TRY(run(opening, "BEGIN IMMEDIATE"));
    oc_result r = ask(opening, "SELECT count(*) FROM sqlite_schema", &tables);
    if (oc_is_ok(r) && tables == 0) {
        r = make_schema(opening);
    }
    if (!oc_is_ok(r)) {
        sqlite3_exec(opening->db, "ROLLBACK", NULL, NULL, NULL);
        return r;
    }
    return run(opening, "COMMIT");
}

static oc_result check(const struct opening *opening)
{
    const oc_database_form *form = opening->form;
    int64_t id = 0;
    int64_t version = 0;
    int64_t sound = 0;
    OC_TRY(ask(opening, "PRAGMA application_id", &id));
    OC_TRY(ask(opening, "PRAGMA user_version", &version));
    if (id != form->application_id || version != form->version) {
        return oc_diag_fail_at(opening->diag, OC_E_FORMAT, opening->path, 0,
                               "this database is no %s of version %d: name another file", form->what,
                               (int)form->version);
    }
    OC_TRY(ask(opening, "PRAGMA quick_check(1)", &sound));
    return sound == 1 ? oc_ok()
                      : oc_diag_fail_at(opening->diag, OC_E_FORMAT, opening->path, 0,
                                        "the %s is damaged: restore it from a copy, or name another file", form->what);
}

oc_result oc_database_open(sqlite3 **out, const char *path, const oc_database_form *form, oc_diag *diag)
{
    struct opening opening = {.path = path, .form = form, .diag = diag};
    *out = NULL;
    if (path == NULL || path[0] == '\0') {
        return oc_diag_fail(diag, OC_E_USAGE, "the %s needs a file name or :memory:", form->what);
    }
    oc_result r = oc_ok();
    if (sqlite3_open_v2(path, &opening.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        r = opening.db == NULL ? oc_fail(OC_E_MEMORY) : failed(&opening);
    }
    r = oc_is_ok(r) ? configure(&opening) : r;
    r = oc_is_ok(r) ? make(&opening) : r;
    r = oc_is_ok(r) ? check(&opening) : r;
    if (!oc_is_ok(r)) {
        sqlite3_close(opening.db);
        return r;
    }
    *out = opening.db;
    return oc_ok();
}
