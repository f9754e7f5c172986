/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/ledger_store.h"

#include <stdio.h>
#include <stdlib.h>

/* Marks the file as this program's; the number is a project choice ("OCLG"). */
#define APPLICATION_ID 0x4F434C47
#define SCHEMA_VERSION 1
#define BUSY_MS 10000

/* UNIQUE is what refuses a transaction that comes twice, also after a restart: a card never uses one counter value
 * for two debits, nor a terminal one serial. */
static const char schema[] = "CREATE TABLE card ("
                             " id INTEGER PRIMARY KEY,"
                             " number TEXT NOT NULL UNIQUE CHECK (length(CAST(number AS BLOB)) = 9)) STRICT;"
                             "CREATE TABLE debit ("
                             " id INTEGER PRIMARY KEY,"
                             " card INTEGER NOT NULL REFERENCES card (id),"
                             " seq INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 65535),"
                             " own INTEGER NOT NULL CHECK (own BETWEEN 0 AND 4294967295),"
                             " cash INTEGER NOT NULL CHECK (cash BETWEEN 0 AND 4294967295),"
                             " pooled INTEGER NOT NULL CHECK (pooled BETWEEN 0 AND 4294967295),"
                             " type INTEGER NOT NULL CHECK (type BETWEEN 0 AND 255),"
                             " terminal BLOB NOT NULL CHECK (length(terminal) = 6),"
                             " serial INTEGER NOT NULL CHECK (serial BETWEEN 0 AND 4294967295),"
                             " time BLOB NOT NULL CHECK (length(time) = 7),"
                             " tac BLOB NOT NULL CHECK (length(tac) = 4),"
                             " booked_at TEXT NOT NULL,"
                             " UNIQUE (card, seq),"
                             " UNIQUE (terminal, serial)) STRICT;"
                             "CREATE TABLE load ("
                             " id INTEGER PRIMARY KEY,"
                             " card INTEGER NOT NULL REFERENCES card (id),"
                             " seq INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 65535),"
                             " balance INTEGER NOT NULL CHECK (balance BETWEEN 0 AND 4294967295),"
                             " amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 4294967295),"
                             " terminal BLOB NOT NULL CHECK (length(terminal) = 6),"
                             " time BLOB NOT NULL CHECK (length(time) = 7),"
                             " tac BLOB NOT NULL CHECK (length(tac) = 4),"
                             " booked_at TEXT NOT NULL,"
                             " UNIQUE (card, seq)) STRICT;";

static const char *const statements[OC_LEDGER_STATEMENTS] = {
    [OC_LEDGER_BEGIN] = "BEGIN IMMEDIATE",
    [OC_LEDGER_COMMIT] = "COMMIT",
    [OC_LEDGER_ROLLBACK] = "ROLLBACK",
    [OC_LEDGER_ADD_CARD] = "INSERT INTO card (number) VALUES (CAST(?1 AS TEXT)) ON CONFLICT DO NOTHING",
    [OC_LEDGER_FIND_CARD] = "SELECT id FROM card WHERE number = CAST(?1 AS TEXT)",
    [OC_LEDGER_LAST_DEBIT] = "SELECT max(seq) FROM debit WHERE card = ?1",
    [OC_LEDGER_LAST_LOAD] = "SELECT max(seq) FROM load WHERE card = ?1",
    [OC_LEDGER_ADD_DEBIT] = "INSERT INTO debit (card, seq, own, cash, pooled, type, terminal, serial, time, tac,"
                            " booked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [OC_LEDGER_ADD_LOAD] = "INSERT INTO load (card, seq, balance, amount, terminal, time, tac, booked_at)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [OC_LEDGER_SUM_DEBITS] = "SELECT count(*), coalesce(sum(own), 0), coalesce(sum(cash), 0),"
                             " coalesce(sum(pooled), 0) FROM debit",
    [OC_LEDGER_SUM_LOADS] = "SELECT count(*), coalesce(sum(amount), 0) FROM load",
};

oc_result oc_ledger_failed(const oc_ledger *ledger, const char *doing, oc_diag *diag)
{
    int code = sqlite3_errcode(ledger->db);
    bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    return oc_diag_fail_at(diag, damaged ? OC_E_FORMAT : OC_E_IO, ledger->path, 0, "%s: %s", doing,
                           sqlite3_errmsg(ledger->db));
}

static oc_result run(oc_ledger *ledger, const char *sql, oc_diag *diag)
{
    return sqlite3_exec(ledger->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? oc_ok()
               : oc_ledger_failed(ledger, "cannot open the ledger", diag);
}

/* The first column of the first row: a number, or 1 for the text "ok". */
static oc_result ask(oc_ledger *ledger, const char *sql, int64_t *number, oc_diag *diag)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(ledger->db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        oc_result r = oc_ledger_failed(ledger, "cannot open the ledger", diag);
        sqlite3_finalize(statement);
        return r;
    }
    const char *text = (const char *)sqlite3_column_text(statement, 0);
    *number = text != NULL && strcmp(text, "ok") == 0 ? 1 : sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return oc_ok();
}

/* Durable before anything is acknowledged; what a foreign file could smuggle in (triggers, views, functions in its
 * schema) stays off. */
static oc_result configure(oc_ledger *ledger, oc_diag *diag)
{
    sqlite3_busy_timeout(ledger->db, BUSY_MS);
    sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return run(ledger, "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", diag);
}

static oc_result make_schema(oc_ledger *ledger, oc_diag *diag)
{
    char mark[96];
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION_ID,
             SCHEMA_VERSION);
    OC_TRY(run(ledger, schema, diag));
    return run(ledger, mark, diag);
}

/* An empty database becomes a ledger; two processes that start at once do it one after the other. */
static oc_result make_or_check(oc_ledger *ledger, oc_diag *diag)
{
    int64_t tables = 0;
    int64_t id = 0;
    int64_t version = 0;
    int64_t sound = 0;
    OC_TRY(run(ledger, "BEGIN IMMEDIATE", diag));
    oc_result r = ask(ledger, "SELECT count(*) FROM sqlite_schema", &tables, diag);
    if (oc_is_ok(r) && tables == 0) {
        r = make_schema(ledger, diag);
    }
    if (!oc_is_ok(r)) {
        sqlite3_exec(ledger->db, "ROLLBACK", NULL, NULL, NULL);
        return r;
    }
    OC_TRY(run(ledger, "COMMIT", diag));
    OC_TRY(ask(ledger, "PRAGMA application_id", &id, diag));
    OC_TRY(ask(ledger, "PRAGMA user_version", &version, diag));
    if (id != APPLICATION_ID || version != SCHEMA_VERSION) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, ledger->path, 0,
                               "this database is no ledger of version %d: name another file", SCHEMA_VERSION);
    }
    OC_TRY(ask(ledger, "PRAGMA quick_check(1)", &sound, diag));
    if (sound != 1) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, ledger->path, 0,
                               "the ledger is damaged: restore it from a copy, or name another file");
    }
    return oc_ok();
}

static oc_result prepare(oc_ledger *ledger, oc_diag *diag)
{
    for (size_t i = 0; i < OC_LEDGER_STATEMENTS; i++) {
        if (sqlite3_prepare_v3(ledger->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &ledger->statements[i],
                               NULL) != SQLITE_OK) {
            return oc_ledger_failed(ledger, "cannot use the ledger", diag);
        }
    }
    return oc_ok();
}

oc_result oc_ledger_open(oc_ledger **out, const char *path, oc_diag *diag)
{
    *out = NULL;
    if (path[0] == '\0') {
        return oc_diag_fail(diag, OC_E_USAGE, "the ledger needs a file name or :memory:");
    }
    oc_ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    snprintf(ledger->path, sizeof ledger->path, "%s", path);
    oc_result r = oc_ok();
    if (sqlite3_open_v2(path, &ledger->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        r = ledger->db == NULL ? oc_fail(OC_E_MEMORY) : oc_ledger_failed(ledger, "cannot open the ledger", diag);
    }
    r = oc_is_ok(r) ? configure(ledger, diag) : r;
    r = oc_is_ok(r) ? make_or_check(ledger, diag) : r;
    r = oc_is_ok(r) ? prepare(ledger, diag) : r;
    if (!oc_is_ok(r)) {
        oc_ledger_close(&ledger);
        return r;
    }
    *out = ledger;
    return oc_ok();
}

void oc_ledger_close(oc_ledger **ledger)
{
    if (*ledger == NULL) {
        return;
    }
    for (size_t i = 0; i < OC_LEDGER_STATEMENTS; i++) {
        sqlite3_finalize((*ledger)->statements[i]);
    }
    sqlite3_close((*ledger)->db);
    free(*ledger);
    *ledger = NULL;
}
