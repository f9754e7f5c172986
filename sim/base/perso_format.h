/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_PERSO_FORMAT_H
#define OC_BASE_PERSO_FORMAT_H

/* Personalisation of a blank virtual card, in the shape of ssc-card sheet section 10, vendor example A. The byte
 * layouts below are a project choice; real chips have their vendor's own. All commands but the first need the
 * check of the transport key in the same session; after END OF ISSUING they answer 6D00.
 *
 * CHECK TRANSPORT KEY  80 E0 03 00 Lc  cryptogram of the transport key over 00 00 || last 6 ATR bytes:
 *                      3DES 8 bytes; SM4 16 bytes, the input filled up with zeros. Four failures in a row
 *                      make the chip unusable (6983).
 * CREATE FILE          80 E0 01 00 Lc  descriptor; created in the current directory. A new directory becomes the
 *                      current one. The MF is there from the start.
 *   directory          kind(1: 01 MF/DDF, 02 ADF) fid(2) parent fid(2) sfi of the DIR file or 00 (1) name(5-16)
 *   EF                 kind(1: C4 transparent, C5 fixed record, C6 variable record, C7 cyclic, D6 DIR) fid(2)
 *                      sfi(1) read rule(2) update rule(2) size(2: bytes of the body)
 *                      record length(1: cyclic and fixed; 00 otherwise) records(1) fill byte(1)
 *                      Cyclic and fixed: size is 0000, or at least record length * records. Variable and DIR:
 *                      records 00 means as many as fit.
 *   A rule is OC_RULE_* then a key id (00 where none is meant). Errors: 6A80 malformed, 6A89 exists already,
 *   6A84 no space or more than three directories below the MF, 6A82 parent not there or no DDF.
 *   `parent fid` is looked for as SELECT by identifier does, so a sibling may still be current.
 * ADD NAME             80 E0 04 00 Lc  name(5-16): a further name of the current directory. The MF, nameless from
 *                      the start, takes two of them, every other directory one (setting ssse-name). 6A84 when
 *                      it has two names, 6A89 when the name is in use.
 * LOAD KEY             80 D4 P1 00 Lc   P1 01 the directory's master key, 00 any other. Data: ECB of
 *                      length(1) || header(8) || key(16) || 80 00.. under the directory's master key, or under the
 *                      transport key for the master key itself.
 *   header             kind(1: OC_KEY_KIND_*) id(1) version(1: from 01) usage(1: PSAM usage byte; of an external key 01 for LK, which
 *                      APPLICATION BLOCK asks for; else 00) tries(1: two
 *                      equal nibbles, 33 = 3 tries of 3; 00 unlimited) algorithm(1: enum oc_alg) index(1: load and
 *                      purchase key index, else 00) options(1: OC_KEY_OPTION_*, else 00)
 *   PIN                kind 01, id 00: the key field is the packed PIN, filled up with FF; `algorithm` is its
 *                      length in bytes, 2 to 8.
 *   Errors: 6A80 malformed or wrong key, 6A81 an algorithm that the chip does not have (02, SSF33, whose text is
 *   not public), 6A89 the same kind, id, version, usage and index is there, 6A88 the
 *   directory has no master key yet.
 * Records are written by APPEND RECORD (00 E2 00 SFI<<3) and binary content by UPDATE BINARY, both without access
 * check once the transport key was checked. Purse amounts and counters of DF04 start at zero.
 * END OF ISSUING       80 E0 02 00 00 */

enum oc_perso_kind {
    OC_PERSO_DDF = 0x01,
    OC_PERSO_ADF = 0x02,
    OC_PERSO_TRANSPARENT = 0xC4,
    OC_PERSO_FIXED = 0xC5,
    OC_PERSO_VARIABLE = 0xC6,
    OC_PERSO_CYCLIC = 0xC7,
    OC_PERSO_DIR = 0xD6
};

/* Access rules (ssc-card sheet 4.2 to 4.8: free, PIN, key, PIN and key, PIN or key, never). */
enum oc_rule { OC_RULE_FREE, OC_RULE_PIN, OC_RULE_KEY, OC_RULE_PIN_AND_KEY, OC_RULE_PIN_OR_KEY, OC_RULE_NEVER };

/* Key kinds (ssc-card sheet 10, vendor example A). */
enum oc_key_kind {
    OC_KEY_KIND_MASTER = 0x00,
    OC_KEY_KIND_PIN = 0x01,
    OC_KEY_KIND_MAINTENANCE = 0x07, /* STK */
    OC_KEY_KIND_LOAD = 0x08,        /* DLK */
    OC_KEY_KIND_PURCHASE = 0x09,    /* DPK */
    OC_KEY_KIND_TAC = 0x0A,         /* DTK */
    OC_KEY_KIND_EXTERNAL = 0x0D,
    OC_KEY_KIND_INTERNAL = 0x0E, /* IRK */
    OC_KEY_KIND_PSAM = 0x20      /* PSAM keys for BF DE and 80 70: found by usage and id */
};

/* Usage byte of an external authentication key (project choice). */
#define OC_KEY_USE_LOCK 0x01

/* Options of a key (project choice), by its kind. A purchase key of the card, and its partner in the PSAM: how the two
 * compute, where the sources differ (settings purchase-session and purchase-mac1), and for the card whether it has to
 * refuse the initial PIN (setting initial-pin-pays). A PIN: it is the initial one, until another takes its place. */
enum oc_key_option {
    OC_KEY_OPTION_CARD_SEQUENCE = 0x01, /* session of random || number || number */
    OC_KEY_OPTION_MAC1_ZERO = 0x02,     /* MAC1 with A taken as 0 */
    OC_KEY_OPTION_OWN_PIN_ONLY = 0x04,  /* no purchase with the initial PIN */
    OC_KEY_OPTIONS_PURCHASE = 0x07,
    OC_KEY_OPTIONS_PARTNER = 0x03,
    OC_KEY_OPTION_INITIAL_PIN = 0x01
};

#endif
