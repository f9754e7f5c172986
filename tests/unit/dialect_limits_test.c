/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dialect/build.h"
#include "tests/support/oc_program.h"
#include "tests/unit/dialect_kit.h"

/* What a set of vectors may cost, and which files it consists of. */

#define ASK "<apdu id=\"ask\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"08\"/>"

static void add(oc_buf *xml, const char *text)
{
    OC_ASSERT_OK(oc_buf_append(xml, oc_span_text(text)));
}

/* A case of `rows` rows with `negatives` negatives each. */
static void make(oc_buf *xml, int rows, int negatives)
{
    char line[300];
    add(xml, OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<table>");
    for (int i = 0; i < rows; i++) {
        snprintf(line, sizeof line, "<row key=\"R%d\"/>", i);
        add(xml, line);
    }
    add(xml, "</table><steps>" ASK "</steps>\n");
    for (int i = 0; i < negatives; i++) {
        snprintf(line, sizeof line,
                 "<negative id=\"CARD.A.N%d\" because=\"tac\"><edit step=\"ask\" set=\"p1\" to=\"01\"/>"
                 "<expect step=\"ask\"><sw>6A86</sw></expect></negative>",
                 i);
        add(xml, line);
    }
    add(xml, "</case></suite>");
    OC_ASSERT_OK(oc_buf_append_byte(xml, 0));
}

static void negatives_count_as_cases(void)
{
    oc_buf xml = {0};
    make(&xml, 250, 199);
    oc_vectors *vectors = oc_kit_parse((const char *)xml.at);
    CU_ASSERT_EQUAL(oc_vectors_count(vectors), 250);
    oc_vectors_free(&vectors);
    oc_buf_clear(&xml);
    make(&xml, 251, 199);
    oc_kit_refuse((const char *)xml.at, OC_E_LIMIT, 2, "more than 50000 cases and negatives");
    oc_buf_clear(&xml);
    make(&xml, 250, 200);
    oc_kit_refuse((const char *)xml.at, OC_E_LIMIT, 3, "more than 50000 cases and negatives");
    oc_buf_free(&xml);
}

static void steps_of_all_cases_are_counted(void)
{
    oc_arena arena = {0};
    oc_xml_doc *doc = NULL;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_xml_parse(&doc, oc_span_text("<suite>\n<case/></suite>"), "kit.xml", NULL, &diag));
    oc_build_totals totals = {.steps = OC_STEPS_TOTAL_MAX - 2};
    const oc_build build = {.arena = &arena, .totals = &totals, .doc = doc, .diag = &diag};
    const xmlNode *node = oc_xml_child(oc_xml_root(doc), "case");
    const oc_step step = {.id = "a"};
    oc_step_list list = {0};
    OC_ASSERT_OK(oc_step_list_insert(&list, 0, &step));
    OC_ASSERT_OK(oc_step_list_insert(&list, 1, &step));
    const oc_step *kept = NULL;
    size_t count = 0;
    OC_ASSERT_OK(oc_build_keep_steps(&build, node, &list, &kept, &count));
    CU_ASSERT_EQUAL(count, 2);
    CU_ASSERT_EQUAL(totals.steps, 2000000);
    OC_ASSERT_CODE(oc_build_keep_steps(&build, node, &list, &kept, &count), OC_E_LIMIT);
    CU_ASSERT_STRING_EQUAL(diag.file, "kit.xml");
    CU_ASSERT_EQUAL(diag.line, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "more than 2000000 steps"));
    oc_step_list_free(&list);
    oc_xml_free(&doc);
    oc_arena_free(&arena);
}

/* What a step costs bounds what the steps of all cases cost. */
static void steps_are_small(void)
{
    CU_ASSERT(sizeof(oc_step) <= 640);
}

static void a_negative_with_too_many_steps(void)
{
    oc_buf xml = {0};
    add(&xml, OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps>" ASK);
    for (int i = 0; i < 255; i++) {
        add(&xml, "<advance seconds=\"1\"/>");
    }
    add(&xml, "</steps><negative id=\"CARD.A.N\" because=\"tac\">\n<edit repeat=\"ask\"/>"
              "<expect step=\"ask.2\"><sw>6985</sw></expect></negative></case></suite>");
    OC_ASSERT_OK(oc_buf_append_byte(&xml, 0));
    oc_kit_refuse((const char *)xml.at, OC_E_LIMIT, 3, "more than 256 steps");
    oc_buf_free(&xml);
}

#define ROUTINE "<routine id=\"enter\">" ASK "</routine>"
#define USING(id) OC_CASE_HEAD(id) "<steps><use routine=\"enter\"/></steps></case></suite>"

static bool has_file(const oc_vectors *vectors, const char *end)
{
    for (size_t i = 0; i < oc_vectors_file_count(vectors); i++) {
        const char *file = oc_vectors_file(vectors, i);
        size_t len = strlen(file);
        if (len > strlen(end) && strcmp(file + len - strlen(end), end) == 0) {
            return true;
        }
    }
    return false;
}

static void load(oc_vectors **vectors, const char *path)
{
    oc_diag diag = {0};
    const char *paths[] = {path};
    OC_ASSERT_OK(oc_vectors_load(vectors, paths, 1, "vectors/schema/vectors.xsd", &diag));
    CU_ASSERT_STRING_EQUAL(diag.reason, "");
}

static void imported_files_are_noted(void)
{
    char folder[PATH_MAX];
    char path[PATH_MAX];
    oc_temp_make(folder);
    oc_temp_write(folder, "a.xml", OC_SUITE_HEAD "<import routines=\"./z.xml\"/>" USING("CARD.A"));
    oc_temp_write(folder, "z.xml", OC_SUITE_HEAD ROUTINE USING("CARD.Z"));
    oc_vectors *vectors = NULL;
    oc_temp_path(path, folder, "a.xml");
    load(&vectors, path);
    CU_ASSERT_EQUAL(oc_vectors_count(vectors), 1); /* an import brings routines, not cases */
    CU_ASSERT_EQUAL(oc_vectors_file_count(vectors), 2);
    CU_ASSERT_TRUE(has_file(vectors, "/a.xml"));
    CU_ASSERT_TRUE(has_file(vectors, "/z.xml"));
    CU_ASSERT_TRUE(strstr(oc_vectors_case(vectors, 0)->steps[0].file, "z.xml") != NULL);
    oc_vectors_free(&vectors);
    /* imported first and found in the folder later: one file, and its cases are there */
    load(&vectors, folder);
    CU_ASSERT_EQUAL(oc_vectors_count(vectors), 2);
    CU_ASSERT_EQUAL(oc_vectors_file_count(vectors), 2);
    oc_vectors_free(&vectors);
    oc_temp_remove(folder);
}

#define ONE(steps) OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps>" steps "</steps></case></suite>"
#define CALL(more) "<call fn=\"iLoad\"" more "/>"

static void times_and_budgets_are_read(void)
{
    oc_vectors *vectors = oc_kit_parse(
        ONE(CALL(" times=\"10000\"") CALL("") "<apdu id=\"a\" cla=\"00\" ins=\"84\" p1=\"00\" "
                                              "p2=\"00\"><budget class=\"ask\" p99-us=\"3000000\"/></apdu>"));
    const oc_case *one = oc_vectors_case(vectors, 0);
    CU_ASSERT_EQUAL(one->steps[0].times, 10000);
    CU_ASSERT_EQUAL(one->steps[1].times, 1);
    CU_ASSERT_PTR_NULL(one->steps[1].budget_class);
    CU_ASSERT_STRING_EQUAL(one->steps[2].budget_class, "ask");
    CU_ASSERT_EQUAL(one->steps[2].budget_p99_us, 3000000);
    oc_vectors_free(&vectors);
    oc_kit_refuse(ONE(CALL(" times=\"0\"")), OC_E_FORMAT, 2, "times=\"0\" is not a number from 1 to 10000");
    oc_kit_refuse(ONE(CALL(" times=\"10001\"")), OC_E_FORMAT, 2, "times=");
    oc_kit_refuse(ONE(CALL(" times=\"-1\"")), OC_E_FORMAT, 2, "times=");
    oc_kit_refuse(ONE("<reset kind=\"cold\"><budget class=\"ask\"/></reset>"), OC_E_FORMAT, 2, "a budget has");
    oc_kit_refuse(ONE("<reset kind=\"cold\"><budget class=\"\" p99-us=\"1\"/></reset>"), OC_E_FORMAT, 2,
                  "a budget has");
    oc_kit_refuse(ONE("<reset kind=\"cold\"><budget class=\"a\" p99-us=\"3600000001\"/></reset>"), OC_E_FORMAT, 2,
                  "a budget has");
}

int main(void)
{
    const oc_test_row rows[] = {
        {"negatives count as cases", negatives_count_as_cases},
        {"steps of all cases are counted", steps_of_all_cases_are_counted},
        {"steps are small", steps_are_small},
        {"a negative with too many steps", a_negative_with_too_many_steps},
        {"imported files are noted", imported_files_are_noted},
        {"times and budgets are read", times_and_budgets_are_read},
        {NULL, NULL},
    };
    return oc_test_main("limits", rows);
}
