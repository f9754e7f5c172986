/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/lint.h"

#include <stdio.h>

#include "tests/unit/dialect_kit.h"

static oc_catalogue *catalogue;

struct findings {
    size_t count;
    char last[500];
    long line;
};

static void note(void *context, const char *file, long line, const char *reason)
{
    struct findings *findings = context;
    CU_ASSERT_STRING_EQUAL(file, "kit.xml");
    findings->count++;
    findings->line = line;
    snprintf(findings->last, sizeof findings->last, "%s", reason);
}

/* `body` follows the title and the requirement of case CARD.A in line 2. One finding that contains `part`; NULL: none. */
static void lint_text(const char *xml, const char *part)
{
    oc_vectors *vectors = oc_kit_parse(xml);
    struct findings findings = {0};
    size_t count = oc_lint(vectors, catalogue, note, &findings);
    CU_ASSERT_EQUAL(count, findings.count);
    if (count != (part == NULL ? 0 : 1) || (part != NULL && strstr(findings.last, part) == NULL)) {
        printf("\n    %zu findings, the last at line %ld: %s; expected: %s\n", count, findings.line, findings.last,
               part == NULL ? "none" : part);
        CU_FAIL("findings");
    }
    CU_ASSERT(part == NULL || (findings.line >= 1 && strncmp(findings.last, "CARD.", 5) == 0));
    oc_vectors_free(&vectors);
}

static void lint(const char *condition, const char *steps, const char *part)
{
    char xml[4000];
    snprintf(xml, sizeof xml, OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "%s%s%s<steps>%s</steps></case></suite>",
             condition == NULL ? "" : "<if>", condition == NULL ? "" : condition, condition == NULL ? "" : "</if>",
             steps);
    lint_text(xml, part);
}

#define APDU(ins, rest) "<apdu id=\"a\" cla=\"00\" ins=\"" ins "\" p1=\"00\" p2=\"00\"" rest

static void sound_cases_have_no_finding(void)
{
    lint(NULL,
         APDU("84", " le=\"08\"><data><field name=\"c\" len=\"8\"/></data></apdu>") "<let id=\"x\" fn=\"bytes\" "
                                                                                    "value=\"$c[0:4]\"/><apdu "
                                                                                    "cla=\"00\" ins=\"82\" p1=\"00\" "
                                                                                    "p2=\"04\" data=\"$x\"/>",
         NULL);
    lint("card.ssse and key(SSSE/UK) and not setting.pin-tries.3", APDU("20", "/>"), NULL);
    lint("link.raw-tpdu", "<tpdu id=\"a\" bytes=\"0084000008\"/>", NULL);
    lint(NULL, APDU("DC", " data=\"00\"><sw>6982</sw></apdu>"), NULL);
    lint("terminal", "<call fn=\"iReadCardBas\"/>", NULL);
}

static void captures(void)
{
    lint(NULL, APDU("82", " data=\"$c\"/>"), "$c is used before it has a value");
    lint(NULL, APDU("84", "><data eq=\"$c\"/></apdu>"), "$c is used before");
    lint(NULL, "<apdu cla=\"$c\" ins=\"84\" p1=\"00\" p2=\"00\"/>", "$c is used before");
    lint(
        NULL,
        APDU("84", "><data><tlv tag=\"6F\" capture=\"t\"/></data></apdu>") "<let id=\"x\" fn=\"bytes\" value=\"$t\"/>",
        NULL);
    lint(NULL, "<let id=\"x\" fn=\"encipher\" key=\"key:SSSE\" data=\"00\"/>", "key:SSSE is not of the form");
}

static void references(void)
{
    lint(NULL, APDU("84", "><sw req=\"SSC.NOT.THERE\">9000</sw></apdu>"), "requirement SSC.NOT.THERE");
    lint(NULL, APDU("84", "><data len=\"0\" req=\"SSC.NOT.THERE\"/></apdu>"), "requirement SSC.NOT.THERE");
    lint_text(OC_SUITE_HEAD "<case id=\"CARD.A\" touches=\"none\"><title xml:lang=\"zh\">一</title>"
                            "<title xml:lang=\"en\">One</title><req>SSC.NOT.THERE</req><steps/></case></suite>",
              "requirement SSC.NOT.THERE");
    lint("card.df09", APDU("84", "/>"), "card.df09 is no known term");
    lint("setting(x)", APDU("84", "/>"), "setting(x) is no known term");
    lint("card.ssse and", APDU("84", "/>"), "malformed condition");
    lint("card.ssse card.ssse", APDU("84", "/>"), "malformed condition");
}

static void guards(void)
{
    lint(NULL, "<tpdu id=\"a\" bytes=\"00\"/>", "link.raw-tpdu");
    lint("terminal", "<call fn=\"iNothing\"/>", "no function iNothing");
    lint(NULL, "<call fn=\"iReadCardBas\"/>", "needs the term terminal");
    lint(NULL, "<apdu to=\"psam\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\"/>", "needs the term psam");
    lint(NULL, "<message to=\"host\" name=\"m\"/>", "host.ledger");
    lint("card.virtual", "<issue/>", "touches the lifecycle");
    lint_text(OC_SUITE_HEAD "<case id=\"CARD.A\" touches=\"lifecycle\"><title xml:lang=\"zh\">一</title>"
                            "<title xml:lang=\"en\">One</title><req>SSC.PIN.VERIFY</req><steps><issue/></steps></case>"
                            "</suite>",
              "card.virtual");
}

static void touches(void)
{
    lint(NULL, APDU("DC", " data=\"00\"/>"), "UPDATE RECORD succeeds");
    lint(NULL, APDU("D6", " data=\"00\"/>"), "UPDATE BINARY succeeds");
    lint(NULL, APDU("E2", " data=\"00\"/>"), "APPEND RECORD succeeds");
    lint(NULL, "<apdu cla=\"B0\" ins=\"2A\" p1=\"00\" p2=\"00\" data=\"00\"/>", "CREDIT FOR LOAD succeeds");
    lint(NULL, APDU("2C", " data=\"00\"/>"), "DEBIT FOR PURCHASE succeeds");
    lint(NULL, APDU("5E", " data=\"00\"/>"), "CHANGE PIN succeeds");
    lint(NULL, APDU("5E", " data=\"00\"><sw>63C? 9000</sw></apdu>"), "CHANGE PIN succeeds");
}

static void heads(void)
{
    lint_text(OC_SUITE_HEAD "<case id=\"CARD.A\" touches=\"none\"><title xml:lang=\"en\">One</title>"
                            "<req>SSC.PIN.VERIFY</req><steps/></case></suite>",
              "title in Chinese");
    lint_text(OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps/></case>" OC_CASE_HEAD("CARD.A") "<steps/></case></suite>",
              "the id stands at kit.xml:2 too");
    lint_text(OC_SUITE_HEAD "<case id=\"CARD.A\" state=\"retired\"><steps><call fn=\"iGone\"/></steps></case></suite>",
              NULL);
    /* a negative's id counts as well */
    lint_text(OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps>" APDU(
                  "84", "/>") "</steps>"
                              "<negative id=\"CARD.A\" because=\"wrong-p1p2\">"
                              "<edit step=\"a\" set=\"p1\" to=\"01\"/><expect step=\"a\"><sw>6A86</sw></expect>"
                              "</negative></case></suite>",
              "too");
}

#define TIMED(id, us)                                                                                                 \
    "<apdu id=\"" id "\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\"><budget class=\"ask\" p99-us=\"" us "\"/></apdu>"

static void budgets(void)
{
    lint(NULL, TIMED("a", "10") TIMED("b", "10"), NULL);
    lint(NULL, TIMED("a", "10") TIMED("b", "20"), "the budget of class ask is another one at kit.xml:2");
    lint_text(OC_SUITE_HEAD "<case id=\"CARD.A\" rev=\"1\" touches=\"counters\"><title xml:lang=\"zh\">一</title>"
                            "<title xml:lang=\"en\">One</title><req>SSC.PIN.VERIFY</req><steps>" TIMED(
                                "a", "10") "</steps>"
                                           "<restore>" TIMED("b", "10") "</restore></case></suite>",
              "a budget while the card is restored");
}

int main(void)
{
    const oc_test_row rows[] = {
        {"sound cases have no finding", sound_cases_have_no_finding},
        {"captures", captures},
        {"references", references},
        {"guards", guards},
        {"touches", touches},
        {"heads", heads},
        {"budgets", budgets},
        {NULL, NULL},
    };
    oc_diag diag = {0};
    if (!oc_is_ok(oc_catalogue_load(&catalogue, "vectors", &diag))) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
        return 2;
    }
    int code = oc_test_main("lint", rows);
    oc_catalogue_free(&catalogue);
    return code;
}
