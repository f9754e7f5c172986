/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_LEDGER_STORE_H
#define OC_HOST_LEDGER_STORE_H

#include <sqlite3.h>

#include "sim/host/ledger.h"

/* The statements that a ledger keeps prepared. */
enum oc_ledger_statement {
    OC_LEDGER_BEGIN,
    OC_LEDGER_COMMIT,
    OC_LEDGER_ROLLBACK,
    OC_LEDGER_ADD_CARD,
    OC_LEDGER_FIND_CARD,
    OC_LEDGER_LAST_DEBIT,
    OC_LEDGER_LAST_LOAD,
    OC_LEDGER_ADD_DEBIT,
    OC_LEDGER_ADD_LOAD,
    OC_LEDGER_SUM_DEBITS,
    OC_LEDGER_SUM_LOADS,
    OC_LEDGER_STATEMENTS
};

struct oc_ledger {
    sqlite3 *db;
    sqlite3_stmt *statements[OC_LEDGER_STATEMENTS];
    char path[1024]; /* for messages */
};

/* Notes what SQLite says about its last failure: FORMAT for damaged files, IO for the rest. */
OC_MUST_USE oc_result oc_ledger_failed(const oc_ledger *ledger, const char *doing, oc_diag *diag);

#endif
