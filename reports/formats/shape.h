/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_FORMATS_SHAPE_H
#define OC_REPORTS_FORMATS_SHAPE_H

#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What result.xsd, which is built in, says about names: from it follows how JSON shows them, for additions to come too. */
typedef struct oc_shape oc_shape;

enum oc_shape_type { OC_SHAPE_TEXT, OC_SHAPE_NUMBER /* whole, not negative */, OC_SHAPE_FLAG };

OC_MUST_USE oc_result oc_shape_new(oc_shape **out, oc_diag *diag);
void oc_shape_free(oc_shape **shape);

/* The element may stand more than once in its parent. True of a name that the schema does not know. */
bool oc_shape_repeats(const oc_shape *shape, const char *element);
/* The element holds a text and nothing else. */
bool oc_shape_is_text(const oc_shape *shape, const char *element);
/* TEXT where declarations of one name differ. */
enum oc_shape_type oc_shape_attribute(const oc_shape *shape, const char *attribute);

#ifdef __cplusplus
}
#endif
#endif
