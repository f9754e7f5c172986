/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dialect/lint.h"
#include "tests/unit/dialect_kit.h"

/* What lint says of the `touches` of a case. */

static oc_catalogue *catalogue;

struct findings {
    size_t count;
    char last[500];
};

static void note(void *context, const char *file, long line, const char *reason)
{
    struct findings *findings = context;
    CU_ASSERT_STRING_EQUAL(file, "kit.xml");
    CU_ASSERT(line > 0);
    findings->count++;
    snprintf(findings->last, sizeof findings->last, "%s", reason);
}

/* `wanted` findings, the last of which contains `part`. */
static void lint_if(const char *applicability, const char *touches, const char *body, size_t wanted, const char *part)
{
    char xml[4000];
    snprintf(xml, sizeof xml,
             OC_SUITE_HEAD "<case id=\"CARD.A\" rev=\"1\" touches=\"%s\"><title xml:lang=\"zh\">一</title>"
                           "<title xml:lang=\"en\">One</title><req>SSC.PIN.VERIFY</req>"
                           "<if>%s</if>%s</case></suite>",
             touches, applicability, body);
    oc_vectors *vectors = oc_kit_parse(xml);
    struct findings findings = {0};
    (void)oc_lint(vectors, catalogue, note, &findings);
    bool as_wanted = findings.count == wanted && (wanted == 0 || strstr(findings.last, part) != NULL);
    if (!as_wanted) {
        printf("\n    %s: %s\n    %zu findings: %s\n", touches, body, findings.count, findings.last);
    }
    CU_ASSERT_TRUE(as_wanted);
    oc_vectors_free(&vectors);
}

static void lint(const char *touches, const char *body, size_t wanted, const char *part)
{
    lint_if("terminal and link.raw-tpdu and psam and card.virtual", touches, body, wanted, part);
}

#define STEPS(text) "<steps>" text "</steps>"
#define APDU(ins, rest) "<apdu id=\"a\" cla=\"00\" ins=\"" ins "\" p1=\"00\" p2=\"00\"" rest
#define TPDU(bytes, sw) "<tpdu id=\"t\" bytes=\"" bytes "\"><sw>" sw "</sw></tpdu>"

/* Found with `volatile`, not with what it says it needs, nor with `lifecycle`. */
static void needs(const char *touch, const char *steps, const char *part)
{
    lint("volatile", steps, 1, part);
    lint("none", steps, 1, part);
    lint(touch, steps, 0, "");
    lint("lifecycle", steps, 0, "");
}

static void wrong_presentations_touch_counters(void)
{
    needs("counters", STEPS(APDU("20", " data=\"00\"><sw>63C?</sw></apdu>")), "VERIFY may cost a try");
    needs("counters", STEPS(APDU("20", " data=\"@pin\"><sw>6xxx 94xx</sw></apdu>")), "VERIFY may cost a try");
    needs("counters", STEPS(APDU("82", " data=\"00\"><sw>63C?</sw></apdu>")), "EXTERNAL AUTHENTICATE may cost");
    needs("counters", STEPS(APDU("5E", " data=\"00\"><sw>63C?</sw></apdu>")), "CHANGE PIN may cost a try");
    needs("counters", STEPS(APDU("24", " data=\"00\"><sw>6988</sw></apdu>")), "PIN UNBLOCK or RELOAD may cost");
    lint("keys", STEPS(APDU("5E", " data=\"00\"><sw>63C?</sw></apdu>")), 1, "CHANGE PIN may cost a try");
    lint("volatile", STEPS(APDU("20", " data=\"@pin\"/>")), 0, "");
    lint("volatile", STEPS(APDU("20", " data=\"@pin\"><sw>9xxx 63C?</sw></apdu>")), 0, "");
    lint("volatile", STEPS(APDU("20", "><sw>63C?</sw></apdu>")), 0, ""); /* asks for the tries */
    lint("volatile",
         STEPS("<apdu to=\"psam\" cla=\"00\" ins=\"20\" p1=\"00\" p2=\"00\" data=\"00\"><sw>6xxx</sw></apdu>"), 0, "");
}

static void changes_are_declared(void)
{
    needs("keys", STEPS("<apdu cla=\"84\" ins=\"24\" p1=\"00\" p2=\"01\" data=\"00\"/>"), "RELOAD succeeds");
    needs("keys", STEPS(APDU("5E", " data=\"00\"/>")), "CHANGE PIN succeeds");
    needs("records", STEPS(APDU("DC", " data=\"00\"><sw>9xxx</sw></apdu>")), "UPDATE RECORD succeeds");
    needs("purse", STEPS(APDU("2C", " data=\"00\"><sw>61xx</sw></apdu>")), "DEBIT FOR PURCHASE succeeds");
    needs("purse", STEPS("<apdu id=\"a\" cla=\"B0\" ins=\"2A\" p1=\"00\" p2=\"00\" data=\"00\"/>"),
          "CREDIT FOR LOAD succeeds");
    lint("volatile", STEPS(APDU("2A", " data=\"00\"/>")), 0, ""); /* class 00: a signature */
    lint("volatile", STEPS(APDU("2C", " data=\"00\"><sw>6xxx 9302</sw></apdu>")), 0, "");
    needs("records", STEPS("<reset kind=\"cold\"/>") "<restore>" APDU("D6", " data=\"00\"/>") "</restore>",
          "UPDATE BINARY succeeds");
}

static void real_cards_are_left_as_they_were(void)
{
    static const char update[] = STEPS(APDU("DC", " data=\"00\"/>"));
    static const char restored[] = STEPS(APDU("DC", " data=\"00\"/>")) "<restore>" APDU("DC",
                                                                                        " data=\"00\"/>") "</restore>";
    lint_if("card.ssse", "records", update, 1, "it changes records, and neither restores them");
    lint_if("card.ssse", "records", restored, 0, "");
    lint_if("card.ssse and card.virtual", "records", update, 0, "");
    lint_if("card.ssse and run.expendable", "records", update, 0, "");
    lint_if("card.ssse and link.tear", "records", update, 0, "");
    lint_if("card.ssse", "volatile", STEPS(APDU("84", "/>")) "<restore>" APDU("84", "/>") "</restore>", 1,
            "it restores what touches=\"volatile\" does not admit");
}

static void terminal_functions(void)
{
    needs("purse", STEPS("<call fn=\"iLoad\"/>"), "iLoad succeeds");
    needs("purse", STEPS("<call fn=\"iDoDebit\"/>"), "iDoDebit succeeds");
    needs("keys", STEPS("<call fn=\"iChangePIN\"/>"), "iChangePIN succeeds");
    lint("volatile", STEPS("<call fn=\"iVerifyPIN\"/>"), 0, "");
}

static void raw_commands(void)
{
    needs("counters", STEPS(TPDU("00 20 0000 03 112233", "63C?")), "VERIFY may cost a try");
    needs("counters", STEPS(TPDU("0020000003 @pin", "63C?")), "VERIFY may cost a try");
    needs("records", STEPS(TPDU("00DC0A30020A00", "9000")), "UPDATE RECORD succeeds");
    lint("volatile", STEPS(TPDU("0020000000", "63C?")), 0, "");
    lint("volatile", STEPS(TPDU("00", "6700")), 0, "");
    lint("volatile", STEPS("<let id=\"b\" fn=\"random\" len=\"9\"/>" TPDU("00 $b", "6xxx")), 0, "");
}

static void an_unknown_command(void)
{
    static const char steps[] = STEPS("<let id=\"i\" fn=\"random\" len=\"1\"/>" APDU("$i", "><sw>6xxx</sw></apdu>"));
    lint("volatile", steps, 1, "whatever $i gives");
    lint("none", steps, 1, "whatever $i gives");
    lint("counters", steps, 0, "");
    lint("volatile", "<table><row key=\"A\" i=\"B2\"/></table>" STEPS(APDU("$i", "/>")), 0, "");
}

static void negatives_are_looked_at(void)
{
#define NEGATIVE                                                                                                      \
    "<negative id=\"CARD.A.N\" because=\"wrong-pin\"><edit step=\"a\" set=\"data\" to=\"@wrong-pin\"/>"               \
    "<expect step=\"a\"><sw>63C?</sw></expect></negative>"
    needs("counters", STEPS(APDU("20", " data=\"@pin\"/>")) NEGATIVE, "CARD.A.N: VERIFY may cost a try");
    /* steps behind the stated failure are not run */
    lint("counters",
         STEPS(APDU(
             "20", " data=\"@pin\"/>") "<apdu id=\"b\" cla=\"00\" ins=\"DC\" p1=\"00\" p2=\"00\"><sw>6xxx</sw></apdu>")
             NEGATIVE,
         0, "");
    /* what the case itself leaves out is said once */
    lint("volatile",
         STEPS(APDU(
             "DC",
             " data=\"@pin\"/>") "<reset kind=\"cold\"/>") "<negative id=\"CARD.A.N\" because=\"wrong-pin\"><edit "
                                                           "before=\"a\"><advance seconds=\"1\"/></edit>"
                                                           "<expect step=\"a\"><sw>9000</sw></expect></negative>",
         1, "CARD.A: UPDATE RECORD succeeds");
}

static void a_requirement_of_a_negative(void)
{
    lint("volatile",
         STEPS(APDU("84", "/>")) "<negative id=\"CARD.A.N\" because=\"wrong-p1p2\" req=\"SSC.NOT.THERE\"><edit "
                                 "step=\"a\" set=\"p1\" "
                                 "to=\"01\"/><expect step=\"a\"><sw>6A86</sw></expect></negative>",
         1, "CARD.A.N: requirement SSC.NOT.THERE");
}

int main(void)
{
    const oc_test_row rows[] = {
        {"wrong presentations touch counters", wrong_presentations_touch_counters},
        {"changes are declared", changes_are_declared},
        {"real cards are left as they were", real_cards_are_left_as_they_were},
        {"terminal functions", terminal_functions},
        {"raw commands", raw_commands},
        {"an unknown command", an_unknown_command},
        {"negatives are looked at", negatives_are_looked_at},
        {"a requirement of a negative", a_requirement_of_a_negative},
        {NULL, NULL},
    };
    oc_diag diag = {0};
    if (!oc_is_ok(oc_catalogue_load(&catalogue, "vectors", &diag))) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
        return 2;
    }
    int code = oc_test_main("touches", rows);
    oc_catalogue_free(&catalogue);
    return code;
}
