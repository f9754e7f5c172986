/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_EXPECTED_H
#define OC_CONFORMANCE_ACCEPT_EXPECTED_H

#include "conformance/accept/checks.h"
#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A profile that describes one card of the batch: structure, settings and keys of the batch's profile `base`, ATR as the
 * card gave it, city and data as the order has them. What the card holds otherwise than ordered is named by its own
 * finding and left out here, so that it makes vectors not applicable instead of failing them once more. No PIN: the
 * vectors present none. `number` counts the cards; the titles tell the report which card is meant. */
OC_MUST_USE oc_result oc_expected_profile(oc_profile **out, const oc_xml_doc *base, const oc_checked_card *card,
                                          size_t number, const char *title_en, const char *title_zh, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
