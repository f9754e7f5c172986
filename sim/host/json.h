/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_JSON_H
#define OC_HOST_JSON_H

#include <jansson.h>

#include "sim/base/diag.h"
#include "sim/base/fields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* JSON (RFC 8259) as a service takes and gives it, over jansson. Strict where the RFC leaves room: one value, an
 * object or array, no name twice in an object, no byte that is not UTF-8, no U+0000, no number that does not fit, at
 * most OC_JSON_DEPTH levels and OC_JSON_VALUES values. */

#define OC_JSON_DEPTH 32
#define OC_JSON_VALUES 100000

/* FORMAT, with line, column and reason but without a piece of the text, which may hold a PIN; LIMIT for one nested too
 * deep or of too many values. json_decref *out, which is NULL after a failure. */
OC_MUST_USE oc_result oc_json_parse(json_t **out, oc_span text, oc_diag *diag);

/* Appends `value` without blanks, names in the order in which they were set. */
OC_MUST_USE oc_result oc_json_print(oc_buf *out, const json_t *value);

/* Sets a text, which should be UTF-8: other bytes become '?'. */
OC_MUST_USE oc_result oc_json_set_text(json_t *object, const char *name, oc_span text);

/* An object whose values are all texts, as fields (emptied first). FORMAT names the member that is not one, LIMIT one
 * too many or with too long a name. */
OC_MUST_USE oc_result oc_json_to_fields(oc_fields *out, const json_t *object, oc_diag *diag);
/* The reverse. json_decref *out. */
OC_MUST_USE oc_result oc_json_from_fields(json_t **out, const oc_fields *fields);

#ifdef __cplusplus
}
#endif
#endif
