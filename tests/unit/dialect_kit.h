/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_DIALECT_KIT_H
#define OC_TESTS_UNIT_DIALECT_KIT_H

#include <limits.h>

#include "conformance/dialect/suite.h"
#include "tests/support/oc_test.h"

/* Vectors written in a test, and a scope of a few names. */

#define OC_SUITE_HEAD "<suite xmlns=\"urn:onecard:vectors:1\" area=\"card\">"
/* The beginning of a case in the line after the suite's, up to its steps. */
#define OC_CASE_HEAD(id)                                                                                              \
    "\n<case id=\"" id "\" rev=\"1\" touches=\"volatile\"><title xml:lang=\"zh\">一</title>"                         \
    "<title xml:lang=\"en\">One</title><req>SSC.PIN.VERIFY</req>"

/* Captures: one = 01, eight = 0102030405060708, none = nothing. Profile: pin = 123456, SSSE/EF05/07 = 'A'. */
oc_scope oc_kit_scope(void);

/* Parses without schema: asserts. */
oc_vectors *oc_kit_parse(const char *xml);
/* Asserts that parsing fails with `code`, at `line`, with a reason that contains `part`. */
void oc_kit_refuse(const char *xml, enum oc_code code, long line, const char *part);

#endif
