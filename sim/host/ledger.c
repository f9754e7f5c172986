/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/ledger.h"

#include "sim/host/ledger_store.h"

static bool bind_bytes(sqlite3_stmt *statement, int at, oc_span bytes)
{
    /* SQLITE_STATIC: the caller's bytes outlive the step */
    return sqlite3_bind_blob(statement, at, bytes.at, (int)bytes.len, SQLITE_STATIC) == SQLITE_OK;
}

static bool bind_number(sqlite3_stmt *statement, int at, int64_t number)
{
    return sqlite3_bind_int64(statement, at, number) == SQLITE_OK;
}

/* Runs a statement that answers nothing and readies it for the next time. */
static int step(oc_ledger *ledger, enum oc_ledger_statement which)
{
    sqlite3_stmt *statement = ledger->statements[which];
    int code = sqlite3_step(statement);
    /* the extended code tells UNIQUE from the other constraints */
    code = code == SQLITE_CONSTRAINT ? sqlite3_extended_errcode(ledger->db) : code;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return code;
}

/* The first column of a statement with one row; *there tells whether it is anything but NULL. */
static oc_result look_up(oc_ledger *ledger, enum oc_ledger_statement which, int64_t *number, bool *there,
                         oc_diag *diag)
{
    sqlite3_stmt *statement = ledger->statements[which];
    int code = sqlite3_step(statement);
    *there = code == SQLITE_ROW && sqlite3_column_type(statement, 0) == SQLITE_INTEGER;
    *number = *there ? sqlite3_column_int64(statement, 0) : 0;
    oc_result r = code == SQLITE_ROW || code == SQLITE_DONE ? oc_ok() : oc_ledger_failed(ledger, "cannot read", diag);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return r;
}

static oc_result card_id(oc_ledger *ledger, oc_span number, int64_t *id, oc_diag *diag)
{
    if (!bind_bytes(ledger->statements[OC_LEDGER_ADD_CARD], 1, number) ||
        step(ledger, OC_LEDGER_ADD_CARD) != SQLITE_DONE ||
        !bind_bytes(ledger->statements[OC_LEDGER_FIND_CARD], 1, number)) {
        return oc_ledger_failed(ledger, "cannot book the card", diag);
    }
    bool there = false;
    OC_TRY(look_up(ledger, OC_LEDGER_FIND_CARD, id, &there, diag));
    return there ? oc_ok() : oc_diag_fail_at(diag, OC_E_INTERNAL, ledger->path, 0, "a card booked is not there");
}

static oc_result find_gap(oc_ledger *ledger, enum oc_ledger_statement last_of, int64_t card, uint16_t seq,
                          unsigned *gap, oc_diag *diag)
{
    int64_t last = 0;
    bool seen = false;
    if (!bind_number(ledger->statements[last_of], 1, card)) {
        return oc_ledger_failed(ledger, "cannot read", diag);
    }
    OC_TRY(look_up(ledger, last_of, &last, &seen, diag));
    *gap = seen && seq > last + 1 ? (unsigned)(seq - last - 1) : 0;
    return oc_ok();
}

static bool bind_debit(sqlite3_stmt *statement, int64_t card, const struct oc_ledger_debit *debit,
                       const char *booked_at)
{
    return bind_number(statement, 1, card) && bind_number(statement, 2, debit->seq) &&
           bind_number(statement, 3, debit->own) && bind_number(statement, 4, debit->cash) &&
           bind_number(statement, 5, debit->pooled) && bind_number(statement, 6, debit->type) &&
           bind_bytes(statement, 7, debit->terminal) && bind_number(statement, 8, debit->serial) &&
           bind_bytes(statement, 9, debit->time) && bind_bytes(statement, 10, debit->tac) &&
           sqlite3_bind_text(statement, 11, booked_at, -1, SQLITE_STATIC) == SQLITE_OK;
}

static bool bind_load(sqlite3_stmt *statement, int64_t card, const struct oc_ledger_load *load, const char *booked_at)
{
    return bind_number(statement, 1, card) && bind_number(statement, 2, load->seq) &&
           bind_number(statement, 3, load->balance) && bind_number(statement, 4, load->amount) &&
           bind_bytes(statement, 5, load->terminal) && bind_bytes(statement, 6, load->time) &&
           bind_bytes(statement, 7, load->tac) &&
           sqlite3_bind_text(statement, 8, booked_at, -1, SQLITE_STATIC) == SQLITE_OK;
}

/* Either a debit or a load. */
struct entry {
    const struct oc_ledger_debit *debit;
    const struct oc_ledger_load *load;
    const char *booked_at;
};

/* Inside a transaction. */
static oc_result book(oc_ledger *ledger, const struct entry *entry, struct oc_ledger_booking *booking, oc_diag *diag)
{
    bool is_debit = entry->debit != NULL;
    enum oc_ledger_statement add = is_debit ? OC_LEDGER_ADD_DEBIT : OC_LEDGER_ADD_LOAD;
    int64_t card = 0;
    OC_TRY(card_id(ledger, is_debit ? entry->debit->card : entry->load->card, &card, diag));
    OC_TRY(find_gap(ledger, is_debit ? OC_LEDGER_LAST_DEBIT : OC_LEDGER_LAST_LOAD, card,
                    is_debit ? entry->debit->seq : entry->load->seq, &booking->gap, diag));
    bool bound = is_debit ? bind_debit(ledger->statements[add], card, entry->debit, entry->booked_at)
                          : bind_load(ledger->statements[add], card, entry->load, entry->booked_at);
    int code = bound ? step(ledger, add) : SQLITE_ERROR;
    if (code == SQLITE_CONSTRAINT_UNIQUE) {
        *booking = (struct oc_ledger_booking){.duplicate = true};
        return oc_ok();
    }
    return code == SQLITE_DONE ? oc_ok() : oc_ledger_failed(ledger, "cannot book", diag);
}

static oc_result transact(oc_ledger *ledger, const struct entry *entry, struct oc_ledger_booking *booking,
                          oc_diag *diag)
{
    *booking = (struct oc_ledger_booking){0};
    if (step(ledger, OC_LEDGER_BEGIN) != SQLITE_DONE) {
        return oc_ledger_failed(ledger, "cannot begin a booking", diag);
    }
    oc_result r = book(ledger, entry, booking, diag);
    if (oc_is_ok(r) && !booking->duplicate) {
        if (step(ledger, OC_LEDGER_COMMIT) == SQLITE_DONE) {
            return oc_ok();
        }
        r = oc_ledger_failed(ledger, "cannot finish a booking", diag);
    }
    (void)step(ledger, OC_LEDGER_ROLLBACK); /* fails only where SQLite has rolled back by itself */
    return r;
}

oc_result oc_ledger_book_debit(oc_ledger *ledger, const struct oc_ledger_debit *debit, const char *booked_at,
                               struct oc_ledger_booking *booking, oc_diag *diag)
{
    const struct entry entry = {.debit = debit, .booked_at = booked_at};
    return transact(ledger, &entry, booking, diag);
}

oc_result oc_ledger_book_load(oc_ledger *ledger, const struct oc_ledger_load *load, const char *booked_at,
                              struct oc_ledger_booking *booking, oc_diag *diag)
{
    const struct entry entry = {.load = load, .booked_at = booked_at};
    return transact(ledger, &entry, booking, diag);
}

/* All columns of a statement with exactly one row. */
static oc_result sums(oc_ledger *ledger, enum oc_ledger_statement which, int64_t *columns, int count, oc_diag *diag)
{
    sqlite3_stmt *statement = ledger->statements[which];
    oc_result r = sqlite3_step(statement) == SQLITE_ROW ? oc_ok() : oc_ledger_failed(ledger, "cannot sum up", diag);
    for (int i = 0; i < count && oc_is_ok(r); i++) {
        columns[i] = sqlite3_column_int64(statement, i);
    }
    sqlite3_reset(statement);
    return r;
}

oc_result oc_ledger_totals(oc_ledger *ledger, struct oc_ledger_totals *totals, oc_diag *diag)
{
    int64_t debits[4];
    int64_t loads[2];
    OC_TRY(sums(ledger, OC_LEDGER_SUM_DEBITS, debits, 4, diag));
    OC_TRY(sums(ledger, OC_LEDGER_SUM_LOADS, loads, 2, diag));
    *totals = (struct oc_ledger_totals){.debits = debits[0],
                                        .own = debits[1],
                                        .cash = debits[2],
                                        .pooled = debits[3],
                                        .loads = loads[0],
                                        .loaded = loads[1]};
    return oc_ok();
}
