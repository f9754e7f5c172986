/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/oc_test.h"

#include <stdlib.h>

#include "sim/base/hex.h"

#define RING 64

int oc_test_main(const char *suite_name, const oc_test_row *rows)
{
    if (CU_initialize_registry() != CUE_SUCCESS) {
        return 2;
    }
    CU_pSuite suite = CU_add_suite(suite_name, NULL, NULL);
    for (; suite != NULL && rows->name != NULL; rows++) {
        if (CU_add_test(suite, rows->name, rows->run) == NULL) {
            suite = NULL;
            break;
        }
    }
    if (suite == NULL) {
        CU_cleanup_registry();
        return 2;
    }
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures() + CU_get_number_of_tests_failed();
    bool ran = CU_get_number_of_tests_run() > 0;
    CU_cleanup_registry();
    return failures == 0 && ran ? 0 : 1;
}

oc_span oc_test_hex(const char *text)
{
    static oc_buf ring[RING];
    static size_t next;
    oc_buf *buf = &ring[next++ % RING];
    oc_buf_clear(buf);
    if (!oc_is_ok(oc_hex_decode(buf, text, strlen(text)))) {
        abort();
    }
    return oc_buf_span(buf);
}
