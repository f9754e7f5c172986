/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_TERMINAL_H
#define OC_TERMINAL_TERMINAL_H

#include "sim/base/clock.h"
#include "sim/base/fields.h"
#include "sim/base/random.h"
#include "sim/crypto/key_provider.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The virtual terminal: the functions of the LD/T 33 driver interface over a card link and a PSAM link
 * (ssc-terminal-and-tests sheet section 4). Return codes are those of its section 4.9: 0, small negative numbers,
 * or the negative of a status word. */
typedef struct oc_terminal oc_terminal;

typedef struct oc_terminal_parts {
    oc_link *card;             /* borrowed */
    oc_link *psam;             /* borrowed; NULL: no PSAM */
    const oc_clock *clock;     /* borrowed; date and time of transactions */
    oc_random *random;         /* borrowed */
    oc_key_provider load_keys; /* who computes the load MAC2 (the bank's side); ops NULL: no load. Borrowed */
} oc_terminal_parts;

OC_MUST_USE oc_result oc_terminal_new(oc_terminal **out, const oc_terminal_parts *parts);
void oc_terminal_free(oc_terminal **terminal);

/* Calls a function by its name. `args` in, `answer` out (emptied first); the answer always holds "code" (decimal
 * text) and, on failure, "text" (UTF-8).
 *   iReadCardBas   type -> 1..11: the items of sheet section 4.4
 *   iReadCard      type, auth (1 PIN, 2 key), card-info, file-addr, pin -> out
 *   iVerifyPIN     type, pin (ASCII digits) -> -
 *   iChangePIN     type, old, new (ASCII digits) -> -
 *   iDoDebit       type, card-info, pay-info ("own|pooled|YYYYMMDDhhmmss|", yuan; the date may be empty: clock),
 *                  pin -> tac, seq, serial, terminal, time, own, cash, pooled, log (the card's newest log record)
 *   iLoad          type, amount (fen, 4 bytes), pin -> balance, seq, tac     [project: not part of LD/T 33]
 *   iAuthCard      type -> -     internal authentication alone               [project]
 *   iAuthTerminal  type, key ("SSSE/UK") -> -   external authentication through the PSAM   [project]
 *   iReadDebitRecord type, pin -> out
 * An unknown function is code -13. An error result means that the link or the simulator failed. */
OC_MUST_USE oc_result oc_terminal_call(oc_terminal *terminal, const char *function, const oc_fields *args,
                                       oc_fields *answer, oc_diag *diag);

/* The names above, NULL-terminated. */
const char *const *oc_terminal_functions(void);

#ifdef __cplusplus
}
#endif
#endif
