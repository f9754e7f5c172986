/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_SETTLEMENT_TEXTS_H
#define OC_CONFORMANCE_RUN_SETTLEMENT_TEXTS_H

#include "sim/base/fields.h"
#include "sim/host/medical/engine.h"

/* Private to the sources of host messages: texts are GB18030 in vectors and UTF-8 in messages. */

/* Adds to `out` what of `in` goes into the message, in UTF-8, without the 00 that fill up records. */
OC_MUST_USE oc_result oc_settlement_to_utf8(const oc_fields *in, oc_fields *out);
/* Turns an answer's texts; all of Unicode has a place in GB18030. */
OC_MUST_USE oc_result oc_settlement_to_card(oc_fields *fields);
/* Sets "rule" and "field" where the answer `name` begins with them in brackets. */
OC_MUST_USE oc_result oc_settlement_note_rule(oc_fields *out, const char *name);
/* Sets "identity" to the first amount identity that is broken, or "-", and "identity.A1" and so on, for each that is, to
 * the fen by which it is. */
OC_MUST_USE oc_result oc_settlement_note_identities(oc_fields *out, const oc_med_amounts *amounts);

#endif
