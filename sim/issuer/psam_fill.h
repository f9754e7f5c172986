/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_ISSUER_PSAM_FILL_H
#define OC_ISSUER_PSAM_FILL_H

#include "sim/issuer/perso.h"

/* Fills the blank PSAM chip behind `link`: files, and the partner keys of the profile's card keys, as far as `psam` has
 * them. */
OC_MUST_USE oc_result oc_psam_fill(oc_link *link, oc_crypto *crypto, const oc_profile *profile,
                                   const oc_profile_psam *psam, oc_diag *diag);

/* The PSAM's answer to reset: the profile's, or one made of the card's with another serial. */
OC_MUST_USE oc_result oc_psam_atr(const oc_profile *profile, oc_buf *out);

#endif
