/* SPDX-License-Identifier: Apache-2.0 */
/* <observe>: what the loader and the lint refuse. */
#include "conformance/dialect/lint.h"

#include <stdio.h>

#include "tests/unit/dialect_kit.h"

static oc_catalogue *catalogue;

#define CALL "<call id=\"read\" fn=\"iReadCardBas\"/>"

struct findings {
    size_t count;
    char last[500];
};

static void note(void *context, const char *file, long line, const char *reason)
{
    struct findings *findings = context;
    (void)file;
    (void)line;
    findings->count++;
    snprintf(findings->last, sizeof findings->last, "%s", reason);
}

static void write_case(char xml[4000], const char *steps, const char *rest)
{
    snprintf(xml, 4000, OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<if>terminal</if><steps>%s</steps>%s</case></suite>",
             steps, rest);
}

/* The last finding contains `part`; NULL: there is none. */
static void lint(const char *steps, const char *rest, const char *part)
{
    char xml[4000];
    struct findings findings = {0};
    write_case(xml, steps, rest);
    oc_vectors *vectors = oc_kit_parse(xml);
    size_t count = oc_lint(vectors, catalogue, note, &findings);
    if ((count == 0) != (part == NULL) || (part != NULL && strstr(findings.last, part) == NULL)) {
        printf("\n    %zu findings, the last: %s; expected: %s\n", count, findings.last, part == NULL ? "none" : part);
        CU_FAIL("findings");
    }
    oc_vectors_free(&vectors);
}

static void observe(const char *attributes, const char *patterns, const char *part)
{
    char steps[2000];
    snprintf(steps, sizeof steps, CALL "<observe id=\"seen\" %s>%s</observe>", attributes, patterns);
    lint(steps, "", part);
}

#define REQ "of=\"read\" req=\"SSC.PIN.VERIFY\""

static void sound_ones_have_no_finding(void)
{
    observe(REQ, "<must ins=\"20\"/>", NULL);
    observe("", "<must ins=\"20\" req=\"SSC.PIN.VERIFY\"/><may ins=\"84\"/>", NULL);
    observe(REQ, "<may id=\"a\" ins=\"84\"><take name=\"c\"/></may><must ins=\"82\" data=\"* $c\" after=\"a\"/>",
            NULL);
    lint(CALL "<observe id=\"seen\" " REQ "><may ins=\"84\"><take name=\"c\"/></may><must ins=\"20\"/></observe>"
              "<let id=\"x\" fn=\"bytes\" value=\"$c\"/>",
         "", NULL);
}

static void the_lint_finds(void)
{
    observe("of=\"other\" req=\"SSC.PIN.VERIFY\"", "<must ins=\"20\"/>", "observes other, which is no step before it");
    observe("of=\"read\"", "<must ins=\"20\"/>", "names no requirement");
    observe("of=\"read\"", "<must ins=\"20\" req=\"SSC.NOBODY\"/>", "not in the catalogue");
    observe(REQ, "<may ins=\"20\"/>", "observes nothing that can fail");
    observe(REQ, "<must ins=\"20\" data=\"$nobody\"/>", "$nobody is used before it has a value");
    observe(REQ, "<must sw=\"none\" answer=\"01\"/>", "is never met: where no answer came");
    observe(REQ, "<may id=\"all\"/><must ins=\"20\" except=\"all\"/>", "is never met");
    observe(REQ, "<may id=\"p\" actor=\"psam\" ins=\"DE\"/><must ins=\"20\" after=\"p\" directly=\"true\"/>",
            "the exchange next to it is with another card");
    observe(REQ " order=\"fixed\"", "<must id=\"a\" ins=\"20\"/><must ins=\"84\" before=\"a\"/>",
            "in the order of its observation");
    lint("<let id=\"x\" fn=\"bytes\" value=\"00\"/><observe of=\"x\" req=\"SSC.PIN.VERIFY\"><must "
         "ins=\"20\"/></observe>",
         "", "exchanges nothing with a card");
    lint(CALL, "<restore><observe req=\"SSC.PIN.VERIFY\"><must ins=\"20\"/></observe></restore>",
         "while the card is restored");
}

static void refuse(const char *patterns, const char *part)
{
    char xml[4000];
    char steps[2000];
    snprintf(steps, sizeof steps, CALL "<observe " REQ ">%s</observe>", patterns);
    write_case(xml, steps, "");
    oc_kit_refuse(xml, OC_E_FORMAT, 2, part);
}

static void the_loader_refuses(void)
{
    refuse("<must ins=\"2\"/>", "not hex with an even number of digits");
    refuse("<must ins=\"2?0\"/>", "odd number of digits");
    refuse("<must ins=\"2030\"/>", "is not of 1 byte");
    refuse("<must sw=\"90\"/>", "is not of 2 bytes");
    refuse("<must ins=\"not\"/>", "names no alternative");
    refuse("<must ins=\"20\" after=\"x\"/>", "no pattern is called x");
    refuse("<must id=\"x\" ins=\"20\" after=\"x\"/>", "names its own pattern");
    refuse("<may id=\"x\" ins=\"20\"/><must id=\"x\" ins=\"84\"/>", "two patterns are called x");
    refuse("<must ins=\"20\" directly=\"true\"/>", "say something of after, before or unless");
    refuse("<must ins=\"20\" times=\"3-1\"/>", "is not written as");
    refuse("<must ins=\"20\" times=\"x\"/>", "is not written as");
    refuse("<must-not ins=\"20\" times=\"1\"/>", "has no times");
    refuse("<may id=\"x\" ins=\"84\"/><must-not ins=\"20\" when=\"x\"/>", "of a must alone");
    refuse("<must reset=\"cold\" ins=\"20\"/>", "a reset has an answer");
    refuse("<must ins=\"20\"><take name=\"x\" fresh=\"true\" same=\"true\"/></must>", "not both");
    refuse("<must ins=\"20\" data=\"key:SSSE/UK\"/>", "a key has no bytes to compare");
    refuse("<must ins=\"20\"/><sw>9000</sw>", "an observe is judged by its patterns alone");
}

/* In a negative, the patterns of its <expect> stand in the place of the twin's. */
static void negatives_have_their_own_patterns(void)
{
    char xml[4000];
    write_case(xml, CALL "<observe id=\"seen\" " REQ "><must ins=\"20\"/></observe>",
               "<negative id=\"CARD.A.N\" because=\"wrong-pin\"><edit before=\"read\"><reset kind=\"cold\"/></edit>"
               "<expect step=\"seen\"><must-not ins=\"20\" req=\"SSC.PIN.VERIFY\"/></expect></negative>");
    oc_vectors *vectors = oc_kit_parse(xml);
    const oc_case *positive = oc_vectors_case(vectors, 0);
    const oc_case *negative = &positive->negatives[0];
    const oc_observation *other = negative->steps[negative->expected_step].observation;
    CU_ASSERT_EQUAL(positive->steps[1].observation->patterns[0].kind, OC_PATTERN_MUST);
    CU_ASSERT_EQUAL(other->patterns[0].kind, OC_PATTERN_MUST_NOT);
    CU_ASSERT_STRING_EQUAL(other->of[0], "read");
    CU_ASSERT_EQUAL(negative->cover_count, 1);
    oc_vectors_free(&vectors);
}

int main(void)
{
    static const oc_test_row rows[] = {{"sound ones have no finding", sound_ones_have_no_finding},
                                       {"the lint finds", the_lint_finds},
                                       {"the loader refuses", the_loader_refuses},
                                       {"negatives have their own patterns", negatives_have_their_own_patterns},
                                       {NULL, NULL}};
    oc_diag diag = {0};
    if (!oc_is_ok(oc_catalogue_load(&catalogue, "vectors", &diag))) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
        return 1;
    }
    int code = oc_test_main("dialect: observe", rows);
    oc_catalogue_free(&catalogue);
    return code;
}
