/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_OPEN_H
#define OC_CONFORMANCE_DUT_OPEN_H

#include "conformance/dut/spec.h"
#include "sim/link/transports.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A link to a card that is not simulated in this process. USAGE for OC_SPEC_VIRTUAL and OC_SPEC_NONE. A soft card has
 * 10 seconds to connect. */
OC_MUST_USE oc_result oc_spec_open(oc_link **out, const oc_spec *spec, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
