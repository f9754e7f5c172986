/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_LENT_LINK_H
#define OC_CONFORMANCE_RUN_LENT_LINK_H

#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A link that passes everything on to `inner` and leaves it open when it is freed: for one who keeps a card over several
 * worlds, so that nobody can change it in between. `inner` is borrowed. */
OC_MUST_USE oc_result oc_lent_link(oc_link **out, oc_link *inner);

#ifdef __cplusplus
}
#endif
#endif
