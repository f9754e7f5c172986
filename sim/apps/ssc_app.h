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
 *   person (SPFP) 4, that year 2 packed digits, number of the next purchase 2, of the next load 2; rest 00.
 * Loads and purchases count apart, as in PBOC; the answer to an INITIALIZE command and the log carry the number
 * before it goes up. Every command needs the PIN.
 *
 * Keys are found by kind and index; the lowest version is the current one. TAC keys: the index of the load or
 * purchase key, else index 00. Each load and purchase goes into the log, EF08 of the same directory; without a
 * cyclic EF08 of 28-byte records there is no transaction (6985).
 *
 * An initialized transaction ends with its CREDIT or DEBIT, right or wrong, with another INITIALIZE, with leaving
 * the directory and with a reset. Amounts are unsigned fen; none is too small, 0 included. */
extern const oc_card_app oc_ssc_app;

#ifdef __cplusplus
}
#endif
#endif
