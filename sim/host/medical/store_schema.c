/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/store_schema.h"

const char oc_med_store_schema[] =
    /* Balance of a personal account; one that was never used has no row. */
    "CREATE TABLE account (psn_no TEXT PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0)) STRICT;"
    /* What a person has behind him in a year, by insurance and kind of visit. */
    "CREATE TABLE year ("
    " psn_no TEXT NOT NULL, insutype TEXT NOT NULL, med_type TEXT NOT NULL, year TEXT NOT NULL,"
    " deductible INTEGER NOT NULL CHECK (deductible >= 0), pooled INTEGER NOT NULL CHECK (pooled >= 0),"
    " serious INTEGER NOT NULL CHECK (serious >= 0),"
    " PRIMARY KEY (psn_no, insutype, med_type, year)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE session ("
    " id INTEGER PRIMARY KEY, sign_no TEXT NOT NULL UNIQUE, institution TEXT NOT NULL, opter TEXT NOT NULL,"
    " begun INTEGER NOT NULL, ended INTEGER) STRICT;"
    /* The journal: every message that was taken, what it was and what was answered. A msgid is used once. */
    "CREATE TABLE message ("
    " id INTEGER PRIMARY KEY, institution TEXT NOT NULL, msgid TEXT NOT NULL, infno TEXT NOT NULL,"
    " digest BLOB NOT NULL, at INTEGER NOT NULL, infcode TEXT NOT NULL, answer BLOB NOT NULL,"
    " reversed INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE (msgid)) STRICT;"
    /* kind: 'o' outpatient or pharmacy, 'i' inpatient. state: 'open', 'discharged', 'cancelled'. */
    "CREATE TABLE visit ("
    " id INTEGER PRIMARY KEY, psn_no TEXT NOT NULL, insutype TEXT NOT NULL, institution TEXT NOT NULL,"
    " kind TEXT NOT NULL CHECK (kind IN ('o', 'i')), number TEXT NOT NULL, med_type TEXT NOT NULL,"
    " cert_type TEXT NOT NULL, cert_no TEXT NOT NULL, card_sn TEXT NOT NULL, admdvs TEXT NOT NULL,"
    " described INTEGER NOT NULL DEFAULT 0, begun TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('open', 'discharged', 'cancelled'))) STRICT;"
    "CREATE INDEX visit_of_person ON visit (psn_no);"
    "CREATE TABLE settlement ("
    " id INTEGER PRIMARY KEY, visit INTEGER NOT NULL REFERENCES visit (id), msgid TEXT NOT NULL UNIQUE,"
    " batch TEXT NOT NULL, insutype TEXT NOT NULL, clr_type TEXT NOT NULL, institution TEXT NOT NULL,"
    " day TEXT NOT NULL, at INTEGER NOT NULL,"
    " medfee INTEGER NOT NULL, fund INTEGER NOT NULL, account INTEGER NOT NULL, cash INTEGER NOT NULL,"
    " deductible INTEGER NOT NULL, pooled INTEGER NOT NULL, serious INTEGER NOT NULL, year TEXT NOT NULL,"
    /* A cancellation is a row of its own with negative amounts; each settlement has one at most. */
    " cancels INTEGER UNIQUE REFERENCES settlement (id), answer BLOB NOT NULL) STRICT;"
    "CREATE INDEX settlement_of_day ON settlement (institution, day);"
    "CREATE TABLE line ("
    " id INTEGER PRIMARY KEY, visit INTEGER NOT NULL REFERENCES visit (id), sn TEXT NOT NULL, batch TEXT NOT NULL,"
    " disease TEXT NOT NULL, item TEXT NOT NULL, sum INTEGER NOT NULL, outside INTEGER NOT NULL,"
    " over INTEGER NOT NULL, first INTEGER NOT NULL, scope INTEGER NOT NULL,"
    " settlement INTEGER REFERENCES settlement (id), UNIQUE (visit, sn)) STRICT;"
    "CREATE INDEX line_of_batch ON line (visit, batch);"
    "CREATE INDEX line_of_settlement ON line (settlement);"
    "CREATE TABLE file ("
    " id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, institution TEXT NOT NULL,"
    " content BLOB NOT NULL) STRICT;"
    /* Cards that are lost or were replaced: settlement-backend sheet 2 knows no message for it (project choice). */
    "CREATE TABLE card (card_id TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;";
