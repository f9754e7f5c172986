/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SUPPORT_OC_TEST_H
#define OC_TESTS_SUPPORT_OC_TEST_H

#include <CUnit/Basic.h>

#include "sim/base/bytes.h"

/* One row a test; the table ends with a NULL name. */
typedef struct oc_test_row {
    const char *name;
    void (*run)(void);
} oc_test_row;

/* Runs the table as one CUnit suite. Returns the exit code: CUnit's own return value does not tell of failures. */
int oc_test_main(const char *suite, const oc_test_row *rows);

/* Bytes of a hex text, from a small ring that lives as long as the program: for literals in tests. */
oc_span oc_test_hex(const char *text);

#define OC_ASSERT_OK(expression) CU_ASSERT_EQUAL_FATAL((expression).code, OC_E_OK)
#define OC_ASSERT_CODE(expression, expected) CU_ASSERT_EQUAL((expression).code, (expected))
#define OC_ASSERT_BYTES(actual, hex) CU_ASSERT_TRUE(oc_span_equal((actual), oc_test_hex(hex)))

#endif
