/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_ISSUER_ISSUER_H
#define OC_ISSUER_ISSUER_H

#include "sim/card/card.h"
#include "sim/link/link.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What an issuing run may be asked to do wrong, so that vectors can prove that it is noticed. */
enum oc_issue_fault {
    OC_ISSUE_RIGHT,
    OC_ISSUE_KEY_NOT_DIVERSIFIED, /* loads the city's key instead of the card's for SSSE/UK and SSSE/IRK */
    OC_ISSUE_HOLDER_DIFFERS,      /* writes another holder's name and number than ordered */
    OC_ISSUE_WRONG_CITY,          /* a city code in the card id that is not the order's */
    OC_ISSUE_FILE_MISSING,        /* leaves out the last EF of the SSSE */
    OC_ISSUE_NOT_ENDED            /* omits END OF ISSUING */
};

typedef struct oc_issue_order {
    const oc_profile *profile;
    bool initial_pin; /* loads the initial PIN instead of the profile's */
    /* The chip has a serial number of its own: the last 4 historical bytes of its ATR need not be the profile's. They
     * go into the card id code, and all keys follow the chip's factor: many cards from one profile. */
    bool own_serial;
    bool new_number;             /* writes another card number than the profile's */
    const oc_profile *holder_of; /* whose name and ID number are written, where both have them; NULL: the profile's */
    enum oc_issue_fault fault;
} oc_issue_order;

/* Personalises the blank card behind `link` (oc_link_reset included) by the commands of sim/base/perso_format.h.
 * A refusal is FORMAT with the command and status word in `diag`; the chip is then not issued. */
OC_MUST_USE oc_result oc_issuer_issue(oc_link *link, oc_crypto *crypto, const oc_issue_order *order, oc_diag *diag);

/* Everything that runs on virtual cards and PSAMs: social security and PSAM applications registered. */
OC_MUST_USE oc_result oc_issuer_card_os(oc_card_os **out);
OC_MUST_USE oc_result oc_issuer_psam_os(oc_card_os **out);

/* A blank virtual chip as the profile describes it: ATR and transport key. */
OC_MUST_USE oc_result oc_issuer_make_blank(oc_card **out, const oc_card_os *os, oc_crypto *crypto,
                                           const oc_profile *profile, oc_diag *diag);
/* The same, issued in-process. */
OC_MUST_USE oc_result oc_issuer_make_card(oc_card **out, const oc_card_os *os, oc_crypto *crypto,
                                          const oc_profile *profile, oc_diag *diag);
/* A card of the same profile for somebody else: another holder's name and number, a chip with a serial number of its
 * own, and so another card id and other keys. */
OC_MUST_USE oc_result oc_issuer_make_other_card(oc_card **out, const oc_card_os *os, oc_crypto *crypto,
                                                const oc_profile *profile, oc_diag *diag);
/* A card in the place of that of `old`, for the same holder: of `profile`, with a chip, a card id, keys and a card number
 * of its own. `profile` may be `old`. */
OC_MUST_USE oc_result oc_issuer_make_renewed_card(oc_card **out, const oc_card_os *os, oc_crypto *crypto,
                                                  const oc_profile *profile, const oc_profile *old, oc_diag *diag);
/* A virtual PSAM that matches the profile: its city's terminal number and the keys at the levels that the usage
 * bytes name (6x the root, 4x the province's, 2x the city's). */
OC_MUST_USE oc_result oc_issuer_make_psam(oc_card **out, const oc_card_os *os, oc_crypto *crypto,
                                          const oc_profile *profile, oc_diag *diag);
/* The same with less in it: "province" or "city", the keys of that level alone; "3DES" or "SM4", every key in that
 * algorithm and none in the other; the name of a card key ("SSSE/RK", "DF04/DPK#2"), without its partner (and with all
 * others). FORMAT for any other word. */
OC_MUST_USE oc_result oc_issuer_make_lesser_psam(oc_card **out, const oc_card_os *os, oc_crypto *crypto,
                                                 const oc_profile *profile, const char *lack, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
