/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_LEDGER_H
#define OC_HOST_LEDGER_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

/* What the host acknowledged: debits and loads in SQLite. Each booking is one transaction, synced before it is
 * answered. Amounts are fen in 64 bits: sums of the card's 32-bit amounts cannot overflow. */
typedef struct oc_ledger oc_ledger;

struct oc_ledger_debit {
    oc_span card; /* 9 characters */
    uint16_t seq;
    int64_t own;
    int64_t cash;
    int64_t pooled;
    uint8_t type;
    oc_span terminal; /* 6 bytes */
    uint32_t serial;
    oc_span time; /* 7 bytes */
    oc_span tac;  /* 4 bytes */
};

struct oc_ledger_load {
    oc_span card;
    uint16_t seq;
    int64_t balance;
    int64_t amount;
    oc_span terminal;
    oc_span time;
    oc_span tac;
};

struct oc_ledger_booking {
    bool duplicate; /* nothing was booked */
    /* Numbers that the card's counter leaves out since its highest booked one; 0 for a card not seen before. */
    unsigned gap;
};

struct oc_ledger_totals {
    int64_t debits;
    int64_t loads;
    int64_t own;
    int64_t cash;
    int64_t pooled;
    int64_t loaded;
};

/* Opens or makes the database at `path`. FORMAT for a file that is damaged or no ledger; IO otherwise. */
OC_MUST_USE oc_result oc_ledger_open(oc_ledger **out, const char *path, oc_diag *diag);
void oc_ledger_close(oc_ledger **ledger);

/* `booked_at` is the host's time, written beside the booking. */
OC_MUST_USE oc_result oc_ledger_book_debit(oc_ledger *ledger, const struct oc_ledger_debit *debit,
                                           const char *booked_at, struct oc_ledger_booking *booking, oc_diag *diag);
OC_MUST_USE oc_result oc_ledger_book_load(oc_ledger *ledger, const struct oc_ledger_load *load, const char *booked_at,
                                          struct oc_ledger_booking *booking, oc_diag *diag);
OC_MUST_USE oc_result oc_ledger_totals(oc_ledger *ledger, struct oc_ledger_totals *totals, oc_diag *diag);

#endif
