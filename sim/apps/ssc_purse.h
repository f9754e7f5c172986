/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_APPS_SSC_PURSE_H
#define OC_APPS_SSC_PURSE_H

#include "sim/card/app.h"

/* What the commands of the purse share. */

#define OC_SSC_TYPE_LOAD 0x31     /* '1' */
#define OC_SSC_TYPE_PURCHASE 0x32 /* '2', as in the PSAM command of the sheet, section 8 */
#define OC_SSC_MAC 4
#define OC_SSC_TERMINAL 6
#define OC_SSC_DATE_TIME 7
#define OC_SSC_AMOUNTS 3
#define OC_SSC_LOG_RECORD 28 /* number 2, type 1, terminal 6, date and time 7, three amounts of 4 */
#define OC_SSC_LOG_FID 0xEF08

/* What GET TRANSACTION PROVE gives of the last transaction; `type` 0 before the first. */
typedef struct oc_ssc_last {
    uint8_t type;
    uint16_t number;
    uint8_t mac[OC_SSC_MAC]; /* MAC2 of a purchase; zeros for a load */
    uint8_t tac[OC_SSC_MAC];
} oc_ssc_last;

typedef struct oc_ssc_purse {
    uint32_t account;  /* CIA, fen */
    uint32_t pooled;   /* SPIP, fen in `year` */
    uint32_t personal; /* SPFP, fen in `year` */
    uint16_t year;     /* packed digits */
    uint16_t purchases;
    uint16_t loads;
    oc_ssc_last last;
} oc_ssc_purse;

enum oc_ssc_pending { OC_SSC_NOTHING, OC_SSC_LOAD, OC_SSC_PURCHASE };

/* Volatile state: the transaction between INITIALIZE and CREDIT or DEBIT. */
typedef struct oc_ssc_state {
    enum oc_ssc_pending pending;
    uint32_t amounts[OC_SSC_AMOUNTS]; /* A, B, C; a load has A only */
    uint8_t index;
    uint8_t terminal[OC_SSC_TERMINAL];
    uint8_t random[4];
} oc_ssc_state;

void oc_ssc_purse_write(const oc_ssc_purse *purse, oc_wr *wr);
OC_MUST_USE oc_result oc_ssc_purse_store(const oc_card_context *context, const oc_ssc_purse *purse);
/* 9000, or 6985 where there is no purse, or 6982 without the PIN. */
oc_sw oc_ssc_purse_open(const oc_card_context *context, oc_ssc_purse *purse);

/* The transaction's key in its current version, and the TAC key that goes with it. 9000 or 9403. */
oc_sw oc_ssc_find_keys(const oc_card_context *context, enum oc_key_kind kind, uint8_t index, oc_stored_key *key,
                       oc_stored_key *tac);

/* The log that a transaction is written to. 9000 or 6985. */
oc_sw oc_ssc_find_log(const oc_card_context *context, oc_ef *log);
OC_MUST_USE oc_result oc_ssc_log(oc_card_context *context, oc_ef *log, uint16_t number, uint8_t type,
                                 const oc_ssc_state *state, oc_span date_time);

/* random || number || tail under the transaction's key (sheet 7). */
OC_MUST_USE oc_result oc_ssc_transaction_session(const oc_card_context *context, const oc_stored_key *key,
                                                 const uint8_t random[4], uint16_t number, const uint8_t tail[2],
                                                 oc_key *session);
OC_MUST_USE oc_result oc_ssc_tac(const oc_card_context *context, const oc_stored_key *dtk, oc_span data,
                                 uint8_t tac[OC_SSC_MAC]);

/* One half of a transaction: checks that what waits is `pending` (OC_SSC_NOTHING for a first half, which has cleared
 * the state), finds purse, log and keys, and runs `half` with them. Nothing waits afterwards but what `half` says. */
typedef oc_result oc_ssc_half(oc_card_context *context, const oc_stored_key *key, const oc_stored_key *tac,
                              oc_ssc_purse *purse, oc_ef *log);
OC_MUST_USE oc_result oc_ssc_transact(oc_card_context *context, enum oc_ssc_pending pending, enum oc_key_kind kind,
                                      oc_ssc_half *half);

oc_card_handler oc_ssc_init_load;
oc_card_handler oc_ssc_credit;
oc_card_handler oc_ssc_init_purchase;
oc_card_handler oc_ssc_debit;
oc_card_handler oc_ssc_prove;

#endif
