/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_ISSUER_PKI_ISSUE_H
#define OC_ISSUER_PKI_ISSUE_H

#include "sim/issuer/perso.h"

/* Keys and certificates of the card whose certificate directory `dir` is current, in the order of the published card
 * writers (ssc-card 9):
 *   the card makes its signature key and gives the public half; the authority makes the enciphering key, and sends
 *   its private half under an SM4 key, which it enciphers with SM2 for the signature key; both certificates are
 *   issued under the profile's root and written.
 * Everything that the authority draws comes from its private key and the card's factor (project choice), so that the
 * same order gives the same card. Names in the certificates: the holder's, or the card number where the name is not
 * known. UNAVAILABLE where the profile has no authority; FORMAT when the card refuses or answers wrong. */
OC_MUST_USE oc_result oc_pki_issue(oc_perso *perso, oc_crypto *crypto, const oc_profile *profile,
                                   const oc_profile_dir *dir);

#endif
