/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/ledger_store.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/host/database.h"

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
    return oc_database_failed(ledger->db, ledger->path, doing, diag);
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
    /* "OCLG" */
    static const oc_database_form form = {"ledger", 0x4F434C47, 1, schema};
    *out = NULL;
    oc_ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    snprintf(ledger->path, sizeof ledger->path, "%s", path);
    oc_result r = oc_database_open(&ledger->db, path, &form, diag);
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
