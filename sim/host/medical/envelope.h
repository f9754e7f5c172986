/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_ENVELOPE_H
#define OC_HOST_MEDICAL_ENVELOPE_H

#include "sim/host/medical/call.h"

/* The rules of a request's envelope that no table can say (settlement-backend sheet 2): number and time of the message,
 * version, institution, session. Refuses the message when one is broken; `call->institution` is found. */
OC_MUST_USE oc_result oc_med_check_request(struct oc_med_call *call);
/* A session of 9001 where the region asks for one. */
OC_MUST_USE oc_result oc_med_check_session(struct oc_med_call *call);

/* Writes the answer: infcode, numbers and times, texts, output. */
OC_MUST_USE oc_result oc_med_write_answer(struct oc_med_call *call, oc_buf *answer);

#endif
