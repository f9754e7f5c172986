/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dialect/lint.h"
#include "tests/unit/dialect_kit.h"

/* Names of captures: what they are made of, and what it means that one has no value. */

static void a_dot_ends_a_name(void)
{
    static const char letters[] = "azAZ09-_";
    for (const char *c = letters; *c != '\0'; c++) {
        CU_ASSERT_TRUE(oc_name_char(*c));
    }
    static const char others[] = ". /#$[]@:'\xE4\t";
    for (const char *c = others; *c != '\0'; c++) {
        CU_ASSERT_FALSE(oc_name_char(*c));
    }
    oc_kit_refuse(OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps><let id=\"a\" fn=\"bytes\" value=\"$one.tlv\"/></steps>"
                                                       "</case></suite>",
                  OC_E_FORMAT, 2, "separated by blanks");
    /* the same in a row: the name ends, what follows it stays */
    oc_vectors *vectors = oc_kit_parse(OC_SUITE_HEAD OC_CASE_HEAD(
        "CARD.A") "<table><row key=\"A\" tag=\"81\"/></table><steps><let id=\"a\" fn=\"bytes\" "
                  "value=\"@DF04/EF05/$tag.tlv\"/></steps></case></suite>");
    CU_ASSERT_STRING_EQUAL(oc_vectors_case(vectors, 0)->steps[0].arguments[0].value.source, "@DF04/EF05/81.tlv");
    oc_vectors_free(&vectors);
}

static oc_result broken(void *self, const char *name, oc_buf *out)
{
    (void)self;
    (void)name;
    (void)out;
    return oc_fail(OC_E_MEMORY);
}

static oc_result evaluate(const char *source, const oc_scope *scope, oc_diag *diag)
{
    oc_arena arena = {0};
    oc_buf out = {0};
    oc_value value = {0};
    OC_ASSERT_OK(oc_value_read(&value, &arena, source, NULL));
    oc_result r = oc_value_bytes(&value, scope, &out, diag);
    oc_buf_free(&out);
    oc_arena_free(&arena);
    return r;
}

static void absence_differs_from_failure(void)
{
    oc_scope scope = oc_kit_scope();
    oc_diag diag = {0};
    OC_ASSERT_CODE(evaluate("00 $absent", &scope, &diag), OC_E_FORMAT);
    CU_ASSERT_STRING_EQUAL(diag.reason, "$absent has no value");
    OC_ASSERT_CODE(evaluate("$absent[0:1]", &scope, NULL), OC_E_FORMAT);
    OC_ASSERT_CODE(evaluate("@absent", &scope, NULL), OC_E_NOT_FOUND);
    scope.capture = scope.profile = broken;
    OC_ASSERT_CODE(evaluate("$one", &scope, NULL), OC_E_MEMORY);
    OC_ASSERT_CODE(evaluate("@pin", &scope, NULL), OC_E_MEMORY);
}

static char last[500];

static void note(void *context, const char *file, long line, const char *reason)
{
    (void)context;
    (void)file;
    (void)line;
    snprintf(last, sizeof last, "%s", reason);
}

static void lint(const char *steps, const char *part)
{
    oc_catalogue *catalogue = NULL;
    OC_ASSERT_OK(oc_catalogue_load(&catalogue, "vectors", NULL));
    oc_buf xml = {0};
    OC_ASSERT_OK(oc_buf_append(&xml, oc_span_text(OC_SUITE_HEAD OC_CASE_HEAD("CARD.A"))));
    OC_ASSERT_OK(oc_buf_append(&xml, oc_span_text(steps)));
    OC_ASSERT_OK(oc_buf_append(&xml, oc_span_text("</case></suite>")));
    OC_ASSERT_OK(oc_buf_append_byte(&xml, 0));
    oc_vectors *vectors = oc_kit_parse((const char *)xml.at);
    last[0] = '\0';
    CU_ASSERT_EQUAL(oc_lint(vectors, catalogue, note, NULL), part == NULL ? 0 : 1);
    if (part == NULL ? last[0] != '\0' : strstr(last, part) == NULL) {
        printf("\n    %s\n", last);
        CU_FAIL("another finding");
    }
    oc_vectors_free(&vectors);
    oc_buf_free(&xml);
    oc_catalogue_free(&catalogue);
}

#define GET(name) "<let id=\"" name "\" fn=\"random\" len=\"1\"/>"
#define PUT(name) "<let id=\"put\" fn=\"bytes\" value=\"$" name "\"/>"

static void lint_finds_what_never_has_a_value(void)
{
    /* an optional object may have one */
    lint("<steps><apdu cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"00\"><data><tlv tag=\"50\" optional=\"true\" "
         "capture=\"label\"/></data></apdu>" PUT("label") "</steps>",
         NULL);
    lint("<steps>" PUT("a") GET("a") "</steps>", "$a is used before it has a value");
    /* the negative takes the step away that gives it */
    lint("<steps>" GET("a") PUT("a") "</steps><negative id=\"CARD.A.N\" because=\"tac\"><edit drop=\"a\"/>"
                                     "<expect step=\"put\"><data len=\"0\"/></expect></negative>",
         "CARD.A.N: $a is used before it has a value");
}

/* However many names a case has. */
static void many_names(void)
{
    oc_buf xml = {0};
    OC_ASSERT_OK(oc_buf_append(&xml, oc_span_text("<steps>")));
    for (int i = 0; i < 8; i++) {
        OC_ASSERT_OK(oc_buf_append(
            &xml, oc_span_text("<apdu cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"00\"><data rest=\"any\">")));
        for (int k = 0; k < 60; k++) {
            char field[60];
            snprintf(field, sizeof field, "<field name=\"f%d-%d\" len=\"1\"/>", i, k);
            OC_ASSERT_OK(oc_buf_append(&xml, oc_span_text(field)));
        }
        OC_ASSERT_OK(oc_buf_append(&xml, oc_span_text("</data></apdu>")));
    }
    OC_ASSERT_OK(oc_buf_append(&xml, oc_span_text(PUT("f7-59") "</steps>")));
    OC_ASSERT_OK(oc_buf_append_byte(&xml, 0));
    lint((const char *)xml.at, NULL);
    oc_buf_free(&xml);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"a dot ends a name", a_dot_ends_a_name},
        {"absence differs from failure", absence_differs_from_failure},
        {"lint finds what never has a value", lint_finds_what_never_has_a_value},
        {"many names", many_names},
        {NULL, NULL},
    };
    return oc_test_main("names", rows);
}
