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
 * of an OS with this application, filled by the issuer (oc_issuer_make_psam). */
extern const oc_card_app oc_psam_app;

#ifdef __cplusplus
}
#endif
#endif
