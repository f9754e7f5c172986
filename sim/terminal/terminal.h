/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_TERMINAL_H
#define OC_TERMINAL_TERMINAL_H

#include "sim/base/clock.h"
#include "sim/base/fields.h"
#include "sim/base/random.h"
#include "sim/crypto/key_provider.h"
#include "sim/link/link.h"
#include "sim/terminal/keypad.h"
#include "sim/terminal/settings.h"

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
    oc_keypad keypad;          /* where the holder types; ask NULL: the arguments of the call (keypad.h) */
    const oc_terminal_settings *settings; /* copied; NULL: the defaults */
    bool
        silence_is_code; /* a link that fails is a return code, as it is for the user of a driver: -2 no card at power-on,
                             -4 silent or gone later, -2201 the PSAM. Off: an error result, for who knows why it failed */
} oc_terminal_parts;

OC_MUST_USE oc_result oc_terminal_new(oc_terminal **out, const oc_terminal_parts *parts);
void oc_terminal_free(oc_terminal **terminal);

/* Calls a function by its name. `args` in, `answer` out (emptied first); the answer always holds "code" (decimal
 * text) and, on failure, "text" (UTF-8).
 *   iReadCardBas   type -> 1..11: the items of sheet section 4.4; out: the same as one string
 *   iReadCard      type, auth (1 PIN, 2 key), card-info, file-addr, pin -> out
 *   iVerifyPIN     type, pin (ASCII digits) -> -   (a wrong PIN: tries, decimal text)
 *   iChangePIN     type, old, new (ASCII digits) -> -
 *   iDoDebit       type, card-info, pay-info ("own|pooled|YYYYMMDDhhmmss|", yuan; the date may be empty: clock),
 *                  pin -> tac, seq, serial, terminal, time, own, cash, pooled, version, alg, log (the card's newest
 *                  log record). They are there as soon as the card has debited, also when the PSAM then refuses MAC2
 *   iLoad          type, amount (fen, 4 bytes), pin -> balance, seq, tac, time, terminal
 *                                                                             [project: not part of LD/T 33]
 *   iAuthCard      type -> -     internal authentication alone               [project]
 *   iAuthTerminal  type, key ("SSSE/UK") -> -   external authentication through the PSAM   [project]
 *   iReadDebitRecord type, pin -> out: records newest first, number|type|terminal|time|three amounts|$
 * Where the initial PIN matters (iDoDebit -35, iChangePIN -36), the argument "initial-pin" replaces 123456.
 *
 * Project choices among the codes: no PSAM is -2201 wherever one is needed, that is also in iReadCardBas of a card of
 * the third generation; a PSAM without the internal authentication key is -27272 (its 6A88), one without the read key
 * that such a card asks for -2203, one that has a key for fewer levels only -24, one without SM4 or another algorithm
 * -2202; a PSAM whose purchase key takes the card's factor alone is asked in that form, one without a purchase key is
 * -37891 (its 9403); an absent PIN is -31; data of a wrong length behind 9000, -42.
 * A load works with the key of the card that `load_keys` was made for.
 *
 * An unknown function is code -13. An error result means that the link or the simulator failed. */
OC_MUST_USE oc_result oc_terminal_call(oc_terminal *terminal, const char *function, const oc_fields *args,
                                       oc_fields *answer, oc_diag *diag);

/* Whether it has a function of that name (functions.h lists them). */
bool oc_terminal_has(const char *function);

/* Whether the device is still open after the last call: another step may follow, or the settings say so and the call
 * went well. Otherwise whoever owns the links may close them. */
bool oc_terminal_is_open(const oc_terminal *terminal);

#ifdef __cplusplus
}
#endif
#endif
