/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dialect_kit.h"

#include <stdio.h>

struct entry {
    const char *name;
    const char *hex;
};

static oc_result look_up(const struct entry *entries, const char *name, oc_buf *out)
{
    for (; entries->name != NULL; entries++) {
        if (strcmp(entries->name, name) == 0) {
            return oc_buf_append(out, oc_test_hex(entries->hex));
        }
    }
    return oc_fail(OC_E_NOT_FOUND);
}

static oc_result capture(void *self, const char *name, oc_buf *out)
{
    (void)self;
    static const struct entry entries[] = {
        {"one", "01"}, {"two", "02"}, {"eight", "0102030405060708"}, {"none", ""}, {NULL, NULL}};
    return look_up(entries, name, out);
}

static oc_result profile(void *self, const char *reference, oc_buf *out)
{
    (void)self;
    static const struct entry entries[] = {{"pin", "123456"}, {"SSSE/EF05/07", "41"}, {NULL, NULL}};
    return look_up(entries, reference, out);
}

oc_scope oc_kit_scope(void)
{
    return (oc_scope){NULL, capture, profile};
}

oc_vectors *oc_kit_parse(const char *xml)
{
    oc_vectors *vectors = NULL;
    oc_diag diag = {0};
    oc_result r = oc_vectors_parse(&vectors, oc_span_text(xml), "kit.xml", &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    return vectors;
}

void oc_kit_refuse(const char *xml, enum oc_code code, long line, const char *part)
{
    oc_vectors *vectors = NULL;
    oc_diag diag = {0};
    oc_result r = oc_vectors_parse(&vectors, oc_span_text(xml), "kit.xml", &diag);
    bool as_wanted = r.code == code && strcmp(diag.file, "kit.xml") == 0 && diag.line == line &&
                     strstr(diag.reason, part) != NULL;
    if (!as_wanted) {
        printf("\n    %s %s:%ld: %s, not %s at line %ld: %s\n", oc_code_name(r.code), diag.file, diag.line,
               diag.reason, oc_code_name(code), line, part);
    }
    CU_ASSERT_TRUE(as_wanted);
    CU_ASSERT_PTR_NULL(vectors);
    oc_vectors_free(&vectors);
}
