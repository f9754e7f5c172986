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
    /* A link that fails is a return code, as it is for the user of a driver: -2 no card at power-on, -4 silent or gone
     * later, -2201 the PSAM. Off: an error result, for who knows why it failed. */
    bool silence_is_code;
} oc_terminal_parts;

OC_MUST_USE oc_result oc_terminal_new(oc_terminal **out, const oc_terminal_parts *parts);
void oc_terminal_free(oc_terminal **terminal);

/* Calls a function by its name (functions.h has their arguments). `args` in, `answer` out (emptied first). The
 * answer always holds "code" (decimal text) and, on failure, "text" (UTF-8). "out" is pOutInfo in GB18030, "1" to
 * "n" its items (split.h); other answers are the virtual terminal's own and for the vectors.
 *
 *   iReadCardBas: out: the items of sheet 4.4
 *   iReadCard: auth 1 with the PIN, 2 with keys from the PSAM, and with both where the file asks for both. out: the
 *       layout of file-addr with values in place of tags; parts of a template and fields of a cyclic record joined
 *       by '^', transparent files in hex
 *   iWriteCard: with the file's update key from the PSAM; write-data as iReadCard answers. Values are checked
 *       before anything is sent: -41 illegal character, -42 too long, -27266 and -27267 for files and tags that the
 *       interface does not know, -23 for what the card alone writes. An empty value is all filling. A cyclic file
 *       takes the record as its newest, a transparent one from its beginning
 *   iVerifyPIN, iChangePIN: a wrong PIN: tries (decimal text)
 *   iReloadPIN, iUnblockPIN: external authentication with PUK, then 84 24 secured with STK
 *   iDoDebit: pay-info "own|pooled|YYYYMMDDhhmmss|" in yuan; the date may be empty: clock. tac, seq, serial,
 *       terminal, time, own, cash, pooled, version, alg and out, as soon as the card has debited, also when the
 *       PSAM then refuses MAC2; log, the card's newest log record. out: seq|type|terminal|time|three amounts in
 *       yuan|terminal serial|TAC| (no source shows it: project choice)
 *   iReadDebitRecord: out: records newest first, seq|type|terminal|time|three amounts|$ (project choice)
 *   PKI_SignData: the user's PIN is verified, in-data is signed with SM2 over SM3 and the default user id. out:
 *       signature r s, 128 hex digits|signature certificate, DER in hex| (project choice)
 *   PKI_VerifySign: the user's PIN is verified, then the signature checked with the given certificate, both as
 *       PKI_SignData prints them. 0 right; -15 wrong, or the certificate is not valid at this time; -23 no
 *       certificate; -42 no signature's length (project choice). Nobody's signature on the certificate is checked:
 *       no root is given
 *   ..._HSM_Step1 to Step3: the same without the PSAM. out is what goes to the HSM, key-data what it answers (the
 *       strings: vectors/README.md; sim/host/hsm.h answers them). Step1 powers on and ends with the card's challenge.
 *       The files of one call have to need the same key, else -14; -2204 when they need none. iDoDebit takes purchase
 *       key 1 and the terminal's number 0
 *   iLoad: amount (fen, 4 bytes) -> balance, seq, tac, time, terminal [project: not in LD/T 33]
 *   iAuthCard: internal authentication alone [project]
 *   iAuthTerminal: key ("SSSE/UK"): external authentication through the PSAM [project]
 * Where the initial PIN matters (iDoDebit -35, iChangePIN -36), the argument "initial-pin" replaces that of the
 * settings.
 *
 * Project choices among the codes: no PSAM is -2201 wherever one is needed, that is also in iReadCardBas of a card
 * of the third generation; a PSAM without the internal authentication key is -27272 (its 6A88), one without the
 * read key that such a card asks for -2203, one that has a key for fewer levels only -24, one without SM4 or
 * another algorithm -2202; a PSAM whose purchase key takes the card's factor alone is asked in that form, one
 * without a purchase key is -37891 (its 9403); an absent PIN is -31; data of a wrong length behind 9000, -42; a
 * step without the one before, -12. A load works with the key of the card that `load_keys` was made for.
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
