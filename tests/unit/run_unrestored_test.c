/* SPDX-License-Identifier: Apache-2.0 */
/* What cases have to put right outlives the program. */
#include "conformance/run/unrestored.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "tests/support/oc_test.h"

static char folder[] = "/tmp/onecard-unrestored-XXXXXX";
static char path[64];

static oc_unrestored *reopen(oc_unrestored *before)
{
    oc_diag diag = {0};
    oc_unrestored_free(&before);
    oc_unrestored *unrestored = NULL;
    OC_ASSERT_OK(oc_unrestored_open(&unrestored, path, &diag));
    return unrestored;
}

static void expect_last(const oc_unrestored *unrestored, const char *id, const char *name, const char *hex)
{
    const oc_fields *captures = NULL;
    const char *last = oc_unrestored_case(unrestored, &captures);
    CU_ASSERT_PTR_NOT_NULL_FATAL(last);
    CU_ASSERT_STRING_EQUAL(last, id);
    OC_ASSERT_BYTES(oc_fields_span(captures, name), hex);
}

static void cases_come_back_in_reverse(void)
{
    oc_diag diag = {0};
    oc_fields none = {0};
    oc_fields old = {0};
    const oc_fields *captures = NULL;
    uint8_t content[200] = {7};
    oc_unrestored *unrestored = reopen(NULL);
    CU_ASSERT_PTR_NULL(oc_unrestored_case(unrestored, &captures));
    OC_ASSERT_OK(oc_fields_set(&old, "old", oc_span_of(content, sizeof content)));
    OC_ASSERT_OK(oc_fields_set(&old, "empty", oc_span_empty()));
    OC_ASSERT_OK(oc_unrestored_note(unrestored, "CARD.A.ROW", &none, &diag));
    OC_ASSERT_OK(oc_unrestored_note(unrestored, "CARD.B", &none, &diag));
    OC_ASSERT_OK(oc_unrestored_note(unrestored, "CARD.A.ROW", &old, &diag));
    unrestored = reopen(unrestored);
    CU_ASSERT_STRING_EQUAL(oc_unrestored_case(unrestored, &captures), "CARD.B");
    CU_ASSERT_EQUAL(captures->count, 0);
    OC_ASSERT_OK(oc_unrestored_done(unrestored, "CARD.B", &diag));
    OC_ASSERT_OK(oc_unrestored_done(unrestored, "CARD.UNKNOWN", &diag));
    unrestored = reopen(unrestored);
    CU_ASSERT_STRING_EQUAL(oc_unrestored_case(unrestored, &captures), "CARD.A.ROW");
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(captures, "old"), oc_span_of(content, sizeof content)));
    CU_ASSERT_EQUAL(captures->count, 2);
    OC_ASSERT_OK(oc_unrestored_done(unrestored, "CARD.A.ROW", &diag));
    unrestored = reopen(unrestored);
    CU_ASSERT_PTR_NULL(oc_unrestored_case(unrestored, &captures));
    oc_unrestored_free(&unrestored);
    oc_fields_free(&old);
}

static void too_many_are_refused(void)
{
    oc_diag diag = {0};
    oc_fields none = {0};
    oc_unrestored *unrestored = reopen(NULL);
    char id[32];
    oc_result r = oc_ok();
    for (unsigned i = 0; oc_is_ok(r) && i < 1000; i++) {
        snprintf(id, sizeof id, "CARD.%u", i);
        r = oc_unrestored_note(unrestored, id, &none, &diag);
    }
    OC_ASSERT_CODE(r, OC_E_UNAVAILABLE);
    expect_last(unrestored, "CARD.63", "none", "");
    oc_unrestored_free(&unrestored);
    CU_ASSERT_EQUAL(unlink(path), 0);
}

static void damaged_lists_stop(void)
{
    static const char *const texts[] = {
        "case CARD.A",                /* no end */
        "case \n",                    /* no name */
        "with old 00\n",              /* of no case */
        "case CARD.A\nwith old\n",    /* no value */
        "case CARD.A\nwith old 0\n",  /* half a byte */
        "case CARD.A\ncase CARD.A\n", /* twice */
        "case CARD.A\nnothing\n",
        "\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        oc_diag diag = {0};
        oc_unrestored *unrestored = NULL;
        OC_ASSERT_OK(oc_file_replace(path, oc_span_text(texts[i]), &diag));
        OC_ASSERT_CODE(oc_unrestored_open(&unrestored, path, &diag), OC_E_IO);
        CU_ASSERT_PTR_NULL(unrestored);
        CU_ASSERT_STRING_EQUAL(diag.file, path);
    }
    CU_ASSERT_EQUAL(unlink(path), 0);
    CU_ASSERT_EQUAL(rmdir(folder), 0);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"cases come back in reverse", cases_come_back_in_reverse},
        {"too many are refused", too_many_are_refused},
        {"damaged lists stop", damaged_lists_stop},
        {NULL, NULL},
    };
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    snprintf(path, sizeof path, "%s/list", folder);
    return oc_test_main("unrestored cases", rows);
}
