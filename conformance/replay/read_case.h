/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_REPLAY_READ_CASE_H
#define OC_CONFORMANCE_REPLAY_READ_CASE_H

#include <libxml/tree.h>

#include "conformance/run/recorded.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a case that can be played of a <case> element (reports/result.xsd). References in braces are looked up in
 * `profile`; what it does not know is counted in unknown_bytes, and zeros stand for it. transport, protocol and mask are
 * left to the caller. FORMAT for what is no such element. Free with oc_recorded_free, also after a failure. */
OC_MUST_USE oc_result oc_replay_read_case(oc_recorded *out, const xmlNode *one, const oc_profile *profile,
                                          oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
