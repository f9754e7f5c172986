/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_STORE_H
#define OC_HOST_MEDICAL_STORE_H

#include <sqlite3.h>

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the back-end remembers, in SQLite: write-ahead log, foreign keys, one transaction or savepoint a message, synced
 * before the message is answered. So neither a kill at any moment nor a loss of power loses what was answered, and half of
 * nothing stays. Against the kill of the process alone the sync would not be needed: what was written to the log is the
 * system's already. */
typedef struct oc_med_store oc_med_store;

/* Opens or makes the database at `path` (":memory:" for a flow). FORMAT for a file that is none of ours or damaged. */
OC_MUST_USE oc_result oc_med_store_open(oc_med_store **out, const char *path, oc_diag *diag);
void oc_med_store_close(oc_med_store **store);

/* Takes everything out: as newly made. Not within a transaction or batch. */
OC_MUST_USE oc_result oc_med_store_empty(oc_med_store *store, oc_diag *diag);

OC_MUST_USE oc_result oc_med_store_begin(oc_med_store *store, oc_diag *diag);
OC_MUST_USE oc_result oc_med_store_commit(oc_med_store *store, oc_diag *diag);
/* Takes back what the open transaction did; of no effect without one. */
void oc_med_store_rollback(oc_med_store *store);

/* Transactions between these two share one commit, and one sync: each stays all or nothing by itself, but none counts
 * until oc_med_store_end_batch has succeeded. When that fails, none of them was booked. */
OC_MUST_USE oc_result oc_med_store_begin_batch(oc_med_store *store, oc_diag *diag);
OC_MUST_USE oc_result oc_med_store_end_batch(oc_med_store *store, oc_diag *diag);

/* A statement of the store, prepared when it is first used and kept. Parameters are bound by a format, one letter each
 * and in order: 's' const char * (NULL: null), 'i' int64_t, 'b' oc_span. */
OC_MUST_USE oc_result oc_med_store_run(oc_med_store *store, oc_diag *diag, const char *sql, const char *format, ...);
/* The same, for its first row: *row is NULL when there is none. It is valid until the same statement is used again or
 * the transaction ends. */
OC_MUST_USE oc_result oc_med_store_row(oc_med_store *store, sqlite3_stmt **row, oc_diag *diag, const char *sql,
                                       const char *format, ...);
/* The next row of what oc_med_store_row began; *row becomes NULL behind the last. */
OC_MUST_USE oc_result oc_med_store_next(oc_med_store *store, sqlite3_stmt **row, oc_diag *diag);
/* The number of the row that was inserted last. */
int64_t oc_med_store_last(const oc_med_store *store);

/* A column as text, never NULL. */
const char *oc_med_column(sqlite3_stmt *row, int at);

#ifdef __cplusplus
}
#endif
#endif
