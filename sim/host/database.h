/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_DATABASE_H
#define OC_HOST_DATABASE_H

#include <sqlite3.h>
#include <stdint.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An SQLite file of the back-end: write-ahead log, foreign keys, synced before anything is acknowledged. What a foreign
 * file could smuggle in (triggers, views, functions in its schema) stays off. */
typedef struct oc_database_form {
    const char *what;       /* "ledger", for messages */
    int32_t application_id; /* marks the file as this program's; project choice */
    int32_t version;        /* of the schema */
    const char *schema;     /* SQL that makes an empty file one of these */
} oc_database_form;

/* Opens or makes the database at `path` (":memory:" for none on disk). FORMAT for a file that is damaged or of another
 * form, USAGE without a name, IO otherwise. sqlite3_close *out, which is NULL after a failure. */
OC_MUST_USE oc_result oc_database_open(sqlite3 **out, const char *path, const oc_database_form *form, oc_diag *diag);

/* Notes what SQLite says about its last failure: FORMAT for damaged files, IO for the rest. */
OC_MUST_USE oc_result oc_database_failed(sqlite3 *db, const char *path, const char *doing, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
