/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_CROSS_STEP_H
#define OC_CONFORMANCE_RUN_CROSS_STEP_H

#include "conformance/run/settlement.h"
#include "sim/host/host.h"

/* Messages "cross-1903" and the like: to the card authentication across provinces (sim/host/cross/cross.h), in its XML. */
bool oc_cross_step_is(const char *name);

/* `in`: the fields, in GB18030; "region" as of oc_settlement_message; "body": these bytes instead of a body made of
 * fields. `answer`: the fields of the answer. */
OC_MUST_USE oc_result oc_cross_step(oc_settlement *settlement, oc_host *host, const char *name, const oc_fields *in,
                                    oc_fields *answer, oc_diag *diag);

#endif
