/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_HOSPITAL_H
#define OC_HOST_MEDICAL_HOSPITAL_H

#include "sim/base/bytes.h"
#include "sim/base/clock.h"
#include "sim/base/fields.h"
#include "sim/host/medical/region.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The virtual hospital system (HIS): makes the messages that a hospital or pharmacy sends. What nobody tells it it fills
 * in: the envelope, and the samples of the field tables. */
typedef struct oc_hospital oc_hospital;

/* `institution` is one of the region's; `clock` NULL: the machine's time of day. Both are borrowed. */
OC_MUST_USE oc_result oc_hospital_new(oc_hospital **out, const oc_region *region, const char *institution,
                                      const oc_clock *clock, oc_diag *diag);
void oc_hospital_free(oc_hospital **hospital);

/* Makes the message `infno` as JSON, signed as the region has it; `headers` (emptied first) receives what the transport has
 * to carry. Names of `fields` (values UTF-8):
 *   NODE.FIELD          a field of an object in the input; NODE.0.FIELD, NODE.1.FIELD of an array
 *   env.FIELD           a field of the envelope
 * An empty value leaves the field out; the value "json:TEXT" puts TEXT there as JSON, so that a wrong type can be sent.
 * The name "sign" with the value "none" leaves the signature out.
 * A field that the tables call a number becomes a JSON number when it reads as one. USAGE for a name of another form or a
 * message that the tables do not have. */
OC_MUST_USE oc_result oc_hospital_message(oc_hospital *hospital, const char *infno, const oc_fields *fields,
                                          oc_buf *out, oc_fields *headers, oc_diag *diag);

/* The serial number that the next msgid ends in, less one; it begins at 0. */
void oc_hospital_set_serial(oc_hospital *hospital, unsigned serial);

/* The msgid of the message that was made last: 30 characters. */
const char *oc_hospital_msgid(const oc_hospital *hospital);

/* Takes an answer apart: "infcode", "err_msg", ... and "output.NODE.FIELD" or "output.NODE.0.FIELD"; numbers as
 * decimal text with the table's decimals. Remembers the session number of 9001. GARBAGE for what is no answer. At most
 * OC_FIELDS_MAX fields are taken, those of the tables first. */
OC_MUST_USE oc_result oc_hospital_read(oc_hospital *hospital, const char *infno, oc_span answer, oc_fields *out,
                                       oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
