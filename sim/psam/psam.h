/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_PSAM_PSAM_H
#define OC_PSAM_PSAM_H

#include "sim/card/app.h"
#include "sim/card/card.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The terminal's security module as an application of the card operating system: it adds BF DE, 80 FA, 80 70 and
 * 80 72 (ssc-card sheet section 8) to the OS's SELECT, READ BINARY, GET CHALLENGE and VERIFY. A PSAM is an oc_card
 * of an OS with this application, filled by the issuer (oc_issuer_make_psam).
 *
 * Keys are OC_KEY_KIND_PSAM, in the current directory or its environment, found by usage and id; missing: 6A88. Where
 * the environment has a PIN, BF DE and 80 70 need it: 6982.
 *   BF DE usage kid  factors, the card's first, as many as the usage's top three bits say; then one block: 8 random
 *                    bytes for a 3DES key, 16 for SM4. One usage and id may be there in both algorithms: the length
 *                    tells. The usage's kind settles what the key may do: 6 MAC, 7 encipher, 3, 4, 5 and 8 both; the
 *                    PSAM's own keys (0, 1) and purchase keys (2) are refused: 6985. Unknown kind, four levels: 6A86.
 *   80 FA P1 00      P1 00 encipher, 02 with more to follow; MAC 01, 03; MAC whose data begin with one block of ICV
 *                    05, 07. Data are whole blocks, which the terminal has padded, else 6700. A MAC is answered as
 *                    the whole last block, of which the terminal takes 4 bytes (SM4: XOR of the four words). A group
 *                    goes on as it began, and only its first command brings an ICV: else 6985, and the group can
 *                    still go on. After one without "more" the key is gone; without BF DE: 6901. What the key may
 *                    not do: 6985.
 *   80 70 01 00      purchase key: usage 22 with one factor, 42 with two, in the version and algorithm given, with
 *                    the key index of EF 001C where several are there; missing: 9403. An algorithm that the PSAM
 *                    does not have, as SSF33 (02): 6A81. The serial number given out is that of EF 0019 in the
 *                    current directory, which then counts up, and EF 0018 beside it, where it is there; it goes up
 *                    before the answer leaves, and after FFFFFFFF comes 9402, so that none is given out twice. The
 *                    terminal number is EF 0016 of the environment, or else of the MF. Files missing: 6A82.
 *   80 72 00 00      checks MAC2: 9000 or 9302, once; without 80 70: 6901. As a PBOC PSAM does, the purchase key
 *                    counts wrong ones in a row; when its tries are gone, 80 70 answers 6983 for ever.
 *                    The key's options give MAC1 and the session their form (sim/base/perso_format.h).
 * Keys at work are dropped by leaving the directory and by a reset. All but the commands' shapes is a project choice
 * where the sheet says nothing. */
extern const oc_card_app oc_psam_app;

#ifdef __cplusplus
}
#endif
#endif
