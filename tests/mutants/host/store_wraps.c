/* SPDX-License-Identifier: Apache-2.0 */
/* Statements and schemas of the back-end's stores, as SQLite gets them. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/mutants/host/change.h"

MUTANT_WRAPS(int, sqlite3_prepare_v3, sqlite3 *db, const char *sql, int bytes, unsigned flags, sqlite3_stmt **out,
             const char **tail);
MUTANT_WRAPS(int, sqlite3_exec, sqlite3 *db, const char *sql, int (*each)(void *, int, char **, char **),
             void *context, char **error);

#define ROOM 16384

/* The statement as the mutant has it, in `room`. */
static const char *altered(const char *sql, char room[ROOM])
{
    const struct host_change *change = host_change();
    size_t count = change == NULL ? 0 : sizeof change->sql / sizeof change->sql[0];
    char before[ROOM];
    for (size_t i = 0; i < count && change->sql[i].text != NULL; i++) {
        const char *at = strstr(sql, change->sql[i].text);
        if (at == NULL) {
            continue;
        }
        int len = snprintf(before, ROOM, "%.*s%s%s", (int)(at - sql), sql, change->sql[i].instead,
                           at + strlen(change->sql[i].text));
        if (len < 0 || len >= ROOM) {
            abort();
        }
        memcpy(room, before, (size_t)len + 1);
        sql = room;
    }
    return sql;
}

int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int bytes, unsigned flags, sqlite3_stmt **out,
                              const char **tail)
{
    char room[ROOM];
    return __real_sqlite3_prepare_v3(db, altered(sql, room), bytes, flags, out, tail);
}

int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, int (*each)(void *, int, char **, char **), void *context,
                        char **error)
{
    char room[ROOM];
    return __real_sqlite3_exec(db, altered(sql, room), each, context, error);
}
