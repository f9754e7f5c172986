/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/terms.h"

#include <stdio.h>

#include "tests/support/oc_test.h"

/* yes, y2 and key(..) with a U are true; no and file(..) are false; nothing else is known. */
static oc_result answer(void *context, const oc_term *term, bool *value)
{
    (*(unsigned *)context)++;
    if (strcmp(term->name, "yes") == 0 || strcmp(term->name, "y2") == 0) {
        *value = true;
    } else if (strcmp(term->name, "no") == 0 || strcmp(term->name, "file") == 0) {
        *value = false;
    } else if (strcmp(term->name, "key") == 0) {
        *value = strchr(term->argument, 'U') != NULL;
    } else {
        return oc_fail(OC_E_NOT_FOUND);
    }
    return oc_ok();
}

static void expect(const char *condition, bool wanted)
{
    unsigned asked = 0;
    bool value = !wanted;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_condition_evaluate(condition, answer, &asked, &value, NULL, 0, &diag));
    CU_ASSERT_EQUAL(value, wanted);
    CU_ASSERT(asked > 0);
}

static void refuse(const char *condition, enum oc_code code, const char *part)
{
    unsigned asked = 0;
    bool value;
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_condition_evaluate(condition, answer, &asked, &value, NULL, 0, &diag), code);
    if (strstr(diag.reason, part) == NULL) {
        printf("\n    %s: %s\n", condition, diag.reason);
        CU_FAIL("reason");
    }
}

static void grammar(void)
{
    expect("yes", true);
    expect("no", false);
    expect("not no", true);
    expect("not not yes", true);
    expect("yes and no", false);
    expect("yes or no", true);
    expect("no and no or yes", true);
    expect("yes or no and no", true); /* and binds tighter */
    expect("(yes or no) and no", false);
    expect("not (no or no)", true);
    expect("not no and yes", true);
    expect("  ( ( yes ) )  ", true);
    expect("yes\nand\tyes", true);
    expect("yes and(yes)", true);
    expect("key(SSSE/UK)", true);
    expect("key(DF04/DPK#2)", false);
    expect("file(DF04/EF08) or key(DF04/UK1)", true);
}

static void malformed(void)
{
    static const char *const conditions[] = {
        "",       " ",        "and",          "yes and", "yes yes", "not",         "(yes",
        "yes)",   "()",       "yes or or no", "key()",   "key(",    "key(SSSE/UK", "yes &",
        "yes,no", "key(a b)", "yes and )",    "!yes",    "(yes))",  "yes not yes",
    };
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        unsigned asked = 0;
        bool value;
        oc_diag diag = {0};
        oc_result r = oc_condition_evaluate(conditions[i], answer, &asked, &value, NULL, 0, &diag);
        /* "and" in the place of a term is read as one, and is unknown. */
        CU_ASSERT(r.code == OC_E_FORMAT || r.code == OC_E_NOT_FOUND);
        CU_ASSERT(diag.reason[0] != '\0');
    }
    refuse("yes yes", OC_E_FORMAT, "malformed condition at: yes");
}

static void unknown_terms_are_found_wherever_they_stand(void)
{
    refuse("card.df09", OC_E_NOT_FOUND, "card.df09 is no known term");
    refuse("no and card.df09", OC_E_NOT_FOUND, "card.df09");
    refuse("yes or card.df09", OC_E_NOT_FOUND, "card.df09");
    refuse("setting(SSSE)", OC_E_NOT_FOUND, "setting(SSSE) is no known term");
}

static void nesting_is_bounded(void)
{
    static char bomb[200001];
    memset(bomb, '(', 100000);
    memset(bomb + 100000, ')', 100000);
    refuse(bomb, OC_E_FORMAT, "malformed");
    for (size_t i = 0; i < 50000; i++) {
        memcpy(bomb + 4 * i, "not ", 4);
    }
    refuse(bomb, OC_E_FORMAT, "malformed");
    memset(bomb, 'a', 200000);
    refuse(bomb, OC_E_FORMAT, "malformed");
    expect("((((((((((((((((yes))))))))))))))))", true);
}

static void text_tells_what_decided(void)
{
    unsigned asked = 0;
    bool value;
    char decided[200];
    OC_ASSERT_OK(oc_condition_evaluate("yes and not no and key(SSSE/UK)", answer, &asked, &value, decided,
                                       sizeof decided, NULL));
    CU_ASSERT_STRING_EQUAL(decided, "yes = yes, no = no, key(SSSE/UK) = yes");
    char little[12];
    OC_ASSERT_OK(oc_condition_evaluate("yes and y2", answer, &asked, &value, little, sizeof little, NULL));
    CU_ASSERT_STRING_EQUAL(little, "yes = yes, ");
    OC_ASSERT_OK(oc_condition_evaluate("yes and y2 and yes", answer, &asked, &value, little, sizeof little, NULL));
    CU_ASSERT_STRING_EQUAL(little, "yes = yes, ");
}

int main(void)
{
    const oc_test_row rows[] = {
        {"grammar", grammar},
        {"malformed", malformed},
        {"unknown terms are found wherever they stand", unknown_terms_are_found_wherever_they_stand},
        {"nesting is bounded", nesting_is_bounded},
        {"the text tells what decided", text_tells_what_decided},
        {NULL, NULL},
    };
    return oc_test_main("conditions", rows);
}
