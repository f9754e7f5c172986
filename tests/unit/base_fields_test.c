/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/base/fields.h"
#include "tests/support/oc_test.h"

static void sets_and_replaces_in_order(void)
{
    oc_fields fields = {0};
    OC_ASSERT_OK(oc_fields_set(&fields, "tac", oc_test_hex("01020304")));
    OC_ASSERT_OK(oc_fields_set_text(&fields, "result", "accepted"));
    OC_ASSERT_OK(oc_fields_set(&fields, "tac", oc_test_hex("0A")));
    CU_ASSERT_EQUAL(fields.count, 2);
    CU_ASSERT_STRING_EQUAL(fields.at[0].name, "tac");
    OC_ASSERT_BYTES(oc_fields_span(&fields, "tac"), "0A");
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&fields, "result"), oc_span_text("accepted")));
    CU_ASSERT_PTR_NULL(oc_fields_get(&fields, "Tac"));
    CU_ASSERT_EQUAL(oc_fields_span(&fields, "none").len, 0);
    OC_ASSERT_OK(oc_fields_set(&fields, "empty", oc_span_empty()));
    CU_ASSERT_PTR_NOT_NULL(oc_fields_get(&fields, "empty"));
    oc_fields_free(&fields);
    CU_ASSERT_EQUAL(fields.count, 0);
    oc_fields_free(&fields);
}

static void keeps_its_bounds(void)
{
    oc_fields fields = {0};
    char name[OC_FIELD_NAME_MAX + 1];
    memset(name, 'n', sizeof name);
    name[OC_FIELD_NAME_MAX] = '\0';
    OC_ASSERT_CODE(oc_fields_set_text(&fields, name, "x"), OC_E_LIMIT);
    name[OC_FIELD_NAME_MAX - 1] = '\0';
    OC_ASSERT_OK(oc_fields_set_text(&fields, name, "x"));
    for (unsigned i = 1; i < OC_FIELDS_MAX; i++) {
        char next[8];
        snprintf(next, sizeof next, "f%u", i);
        OC_ASSERT_OK(oc_fields_set_text(&fields, next, next));
    }
    OC_ASSERT_CODE(oc_fields_set_text(&fields, "one-more", "x"), OC_E_LIMIT);
    OC_ASSERT_OK(oc_fields_set_text(&fields, "f63", "replaced"));
    CU_ASSERT_EQUAL(fields.count, OC_FIELDS_MAX);
    oc_fields_free(&fields);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"sets and replaces in order", sets_and_replaces_in_order},
        {"keeps its bounds", keeps_its_bounds},
        {NULL, NULL},
    };
    return oc_test_main("fields", rows);
}
