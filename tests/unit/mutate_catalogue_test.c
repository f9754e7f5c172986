/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogues of mutants: what they tell, and how those that cannot be trusted are refused. */
#include <stdio.h>

#include "conformance/mutate/catalogue.h"
#include "tests/support/oc_program.h"
#include "tests/support/oc_test.h"

#define SCHEMA "vectors/schema/mutants.xsd"
#define TOP(actor) "<?xml version=\"1.0\"?>\n<mutants xmlns=\"urn:onecard:mutants:1\" actor=\"" actor "\">\n"
#define RUN "<run name=\"r\"><profile>ssc-3.0</profile><cases>card</cases></run>\n"
#define TITLE "<title xml:lang=\"zh\">错</title><title xml:lang=\"en\">wrong</title>"
#define WITH(id, attributes, content) "<mutant id=\"" id "\" at=\"seam\" " attributes ">" content "</mutant>\n"
#define USUAL "violates=\"SSC.PIN.WRONG\" killed-by=\"CARD.PIN.VERIFY.WRONG\""
#define MUTANT(id) WITH(id, USUAL, TITLE)
#define END "</mutants>"

static char folder[PATH_MAX];

static oc_result load(oc_mutants **out, const char *first, const char *second, oc_diag *diag)
{
    oc_temp_make(folder);
    oc_temp_write(folder, "a.xml", first);
    if (second != NULL) {
        oc_temp_write(folder, "b.xml", second);
    }
    oc_result r = oc_mutants_load(out, folder, SCHEMA, diag);
    oc_temp_remove(folder);
    return r;
}

static void a_mutant_is_what_it_says(void)
{
    oc_mutants *mutants = NULL;
    oc_diag diag = {0};
    OC_ASSERT_OK(
        load(&mutants,
             TOP("card") RUN
             "<run name=\"other\" seconds=\"7\"><program> my </program><environment name=\"A\">{id}</environment>"
             "<option>--x</option><option>y</option><right><option>z</option></right><profile>p</profile>"
             "<cases>c</cases><tag>card</tag></run>\n" MUTANT("card.a.b")
                 WITH("card.a.c", USUAL " run=\"other\"",
                      TITLE "<also>SSC.PIN.</also><profile>q</profile><equivalent xml:lang=\"en\">so</equivalent>"
                            "<equivalent xml:lang=\"zh\">如此</equivalent>") END,
             NULL, &diag));
    CU_ASSERT_EQUAL_FATAL(oc_mutants_count(mutants), 2);
    const oc_mutant *first = oc_mutants_at(mutants, 0);
    const oc_mutant *second = oc_mutants_at(mutants, 1);
    CU_ASSERT_STRING_EQUAL(first->run->name, "r");
    CU_ASSERT_EQUAL(first->run->seconds, 300);
    CU_ASSERT_PTR_NULL(first->equivalent_en);
    CU_ASSERT_STRING_EQUAL(first->title_en, "wrong");
    CU_ASSERT_EQUAL(first->actor, OC_MUTANT_CARD);
    CU_ASSERT_STRING_EQUAL(second->run->program, "my");
    CU_ASSERT_EQUAL(second->run->seconds, 7);
    CU_ASSERT_EQUAL(second->run->environment.count, 2);
    CU_ASSERT_STRING_EQUAL(second->run->environment.at[0], "A");
    CU_ASSERT_EQUAL(second->run->options.count, 2);
    CU_ASSERT_STRING_EQUAL(second->run->right.at[0], "z");
    CU_ASSERT_STRING_EQUAL(second->profiles.at[0], "q");
    CU_ASSERT_STRING_EQUAL(second->equivalent_zh, "如此");
    CU_ASSERT_TRUE(oc_mutant_may_violate(second, "SSC.PIN.COUNTER"));
    CU_ASSERT_TRUE(oc_mutant_may_violate(first, "SSC.PIN.WRONG"));
    CU_ASSERT_FALSE(oc_mutant_may_violate(first, "SSC.PIN.COUNTER"));
    CU_ASSERT_TRUE(oc_mutant_killer(first, "CARD.PIN.VERIFY.WRONG"));
    CU_ASSERT_FALSE(oc_mutant_killer(first, "CARD.PIN.VERIFY.WRONG.AGAIN"));
    oc_mutants_free(&mutants);
}

static const struct {
    const char *first;
    const char *second;
    long line;
    const char *reason;
} refused[] = {
    {"", NULL, 0, "empty"},
    {"no xml", NULL, 1, ""},
    {"<?xml version=\"1.0\"?>\n<suite/>", NULL, 2, "suite"},
    {"<!DOCTYPE mutants [<!ENTITY e SYSTEM \"/etc/passwd\">]>\n<mutants>&e;</mutants>", NULL, 1, "DOCTYPE"},
    {TOP("card") MUTANT("card.a.b") END, NULL, 3, "run"},
    {TOP("robot") RUN END, NULL, 2, "robot"},
    {TOP("card") RUN MUTANT("host.a.b") END, NULL, 4, "host.a.b is no mutant of the actor card"},
    {TOP("card") RUN MUTANT("cardboard") END, NULL, 4, "cardboard"},
    {TOP("card") RUN MUTANT("card.a.B") END, NULL, 4, "card.a.B"},
    {TOP("card") RUN MUTANT("card.a.b") MUTANT("card.a.b") END, NULL, 5, "card.a.b"},
    {TOP("card") RUN MUTANT("card.a.b") END, TOP("card") RUN MUTANT("card.a.b") END, 4, "card.a.b stands already"},
    {TOP("card") RUN WITH("card.a.b", USUAL, "<title xml:lang=\"en\">a</title>") END, NULL, 4, "title"},
    {TOP("card") RUN WITH("card.a.b", USUAL, "<title xml:lang=\"en\">a</title><title xml:lang=\"en\">b</title>") END,
     NULL, 4, "once in zh and once in en"},
    {TOP("card") RUN WITH("card.a.b", USUAL, TITLE "<equivalent xml:lang=\"en\">a</equivalent>") END, NULL, 4,
     "equivalent is wanted in zh and in en"},
    {TOP("card") RUN WITH("card.a.b", USUAL " run=\"else\"", TITLE) END, NULL, 4, "run"},
    {TOP("card") RUN WITH("card.a.b", "violates=\"x\" killed-by=\"CARD.A\"", TITLE) END, NULL, 4, "violates"},
    {TOP("card") "<run name=\"r\" seconds=\"0\"><profile>p</profile><cases>c</cases></run>\n" END, NULL, 3, "seconds"},
    {TOP("card") "<run name=\"r\"><environment "
                 "name=\"a=b\">c</environment><profile>p</profile><cases>c</cases></run>\n" END,
     NULL, 3, "name"},
};

static void what_is_no_catalogue_is_refused(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        oc_mutants *mutants = NULL;
        oc_diag diag = {0};
        oc_result r = load(&mutants, refused[i].first, refused[i].second, &diag);
        const char *file = refused[i].second == NULL ? "/a.xml" : "/b.xml";
        bool as_wanted = r.code == OC_E_FORMAT && mutants == NULL && strstr(diag.file, file) != NULL &&
                         diag.line == refused[i].line && strstr(diag.reason, refused[i].reason) != NULL;
        if (!as_wanted) {
            printf("\n    %zu: %s:%ld: %s\n", i, diag.file, diag.line, diag.reason);
        }
        CU_ASSERT_TRUE(as_wanted);
        oc_mutants_free(&mutants);
    }
}

static void a_folder_without_any_is_refused(void)
{
    oc_mutants *mutants = NULL;
    oc_diag diag = {0};
    oc_temp_make(folder);
    OC_ASSERT_CODE(oc_mutants_load(&mutants, folder, SCHEMA, &diag), OC_E_NOT_FOUND);
    oc_temp_remove(folder);
}

static const struct {
    const char *mutant;
    const char *reason; /* or NULL */
} checked[] = {
    {MUTANT("card.a.b"), NULL},
    {WITH("card.a.b", "violates=\"SSC.PIN.NEVER\" killed-by=\"CARD.PIN.VERIFY.WRONG\"", TITLE), "no requirement"},
    {WITH("card.a.b", USUAL, TITLE "<also>SSC.NEVER</also>"), "also SSC.NEVER"},
    {WITH("card.a.b", "violates=\"SSC.PIN.WRONG\" killed-by=\"CARD.PIN.NEVER\"", TITLE), "no case is called"},
    {WITH("card.a.b", "violates=\"SSC.SELECT.FCI\" killed-by=\"CARD.PIN.VERIFY.WRONG\"", TITLE), "is not about"},
};

/* Beside the vectors and requirements of the project. */
static void what_is_not_true_is_noticed(void)
{
    const char *vectors_folder = "vectors";
    oc_vectors *vectors = NULL;
    oc_catalogue *requirements = NULL;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_vectors_load(&vectors, &vectors_folder, 1, "vectors/schema/vectors.xsd", &diag));
    OC_ASSERT_OK(oc_catalogue_load(&requirements, vectors_folder, &diag));
    for (size_t i = 0; i < sizeof checked / sizeof checked[0]; i++) {
        char text[4096];
        oc_mutants *mutants = NULL;
        diag = (oc_diag){0};
        snprintf(text, sizeof text, TOP("card") RUN "%s" END, checked[i].mutant);
        OC_ASSERT_OK(load(&mutants, text, NULL, &diag));
        oc_result r = oc_mutant_check(oc_mutants_at(mutants, 0), vectors, requirements, &diag);
        CU_ASSERT_EQUAL(oc_is_ok(r), checked[i].reason == NULL);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, checked[i].reason == NULL ? "" : checked[i].reason));
        CU_ASSERT_EQUAL(diag.line, checked[i].reason == NULL ? 0 : 4);
        oc_mutants_free(&mutants);
    }
    oc_vectors_free(&vectors);
    oc_catalogue_free(&requirements);
}

int main(void)
{
    const oc_test_row rows[] = {{"a mutant is what it says", a_mutant_is_what_it_says},
                                {"what is no catalogue is refused", what_is_no_catalogue_is_refused},
                                {"a folder without any is refused", a_folder_without_any_is_refused},
                                {"what is not true is noticed", what_is_not_true_is_noticed},
                                {NULL, NULL}};
    return oc_test_main("catalogues of mutants", rows);
}
