/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_APPS_SSC_APP_H
#define OC_APPS_SSC_APP_H

#include "sim/card/app.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The settlement purse of the social security card (DF04, ssc-card sheet 7 and 11), as commands of class B0.
 *
 * A directory gets a purse when the first LOAD or PURCHASE key is loaded into it; before that the commands answer
 * 6985 there. The purse is 32 bytes of non-volatile memory that the directory's header points to:
 *   balance of the personal account (CIA) 4, paid this year from the pooled fund (SPIP) 4, paid this year by the
 *   person (SPFP) 4, that year 2 packed digits, number of the next purchase 2, of the next load 2; of the last
 *   transaction type 1, number 2, MAC 4, TAC 4; rest 00.
 * Loads and purchases count apart, as in PBOC; the answer to an INITIALIZE command and the log carry the number
 * before it goes up. After FFFE comes 9402. The year's sums start again with a purchase whose date is in another year,
 * also an earlier one; a load leaves them. An account or sum that would pass FFFFFFFF is 6985. Every command needs the
 * PIN.
 *
 * Keys are found by kind and index; the lowest version is the current one. TAC keys: the index of the load or
 * purchase key, else index 00; without either 9403. Each load and purchase goes into the log, EF08 of the same
 * directory; without a cyclic EF08 of 28-byte records there is no transaction (6985). The purchase key's options
 * (sim/base/perso_format.h) settle the form of session and MAC1, and whether the initial PIN may pay (6985).
 *
 * An initialized transaction ends with its CREDIT or DEBIT, right or wrong, with another INITIALIZE, with leaving
 * the directory and with a reset; other commands leave it (project choice: what PBOC says of them is not clear).
 * Amounts are unsigned fen; none is too small, 0 included.
 *
 * GET TRANSACTION PROVE, B0 2E 00 type 02 || number, with the type byte of the MACs (31 load, 32 purchase), returns
 * MAC || TAC of the last transaction: a purchase's MAC2, for a load zeros, as CREDIT returns no MAC. It is stored with
 * the balance, so that a terminal that lost the answer learns whether the card has paid; of any other transaction
 * 9406. Shape and content are project choices (ssc-card sheet 11, row 7). */
extern const oc_card_app oc_ssc_app;

#ifdef __cplusplus
}
#endif
#endif
