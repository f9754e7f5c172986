/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "tests/unit/dialect_kit.h"

/* Negatives that could not fail for what they say, and expectations that no step is held to. */

#define ASK "<apdu id=\"ask\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"08\"/>"
#define PIN "<apdu id=\"pin\" cla=\"00\" ins=\"20\" p1=\"00\" p2=\"00\" data=\"@pin 00 01\"/>"
#define RESET "<reset id=\"up\" kind=\"cold\"/>"
#define LET "<let id=\"r\" fn=\"random\" len=\"8\"/>"
#define CALL "<call id=\"call\" fn=\"iLoad\"><send name=\"pin\">'1'</send></call>"
#define MESSAGE "<message to=\"host\" id=\"book\" name=\"totals\"><send name=\"tac\">00</send></message>"
#define ISSUE "<issue id=\"issue\" fault=\"not-ended\"/>"
#define ADVANCE "<advance id=\"wait\" seconds=\"5\"/>"
#define TPDU "<tpdu id=\"raw\" bytes=\"00 84 000008\"/>"
#define ALL ASK PIN RESET LET CALL MESSAGE ISSUE ADVANCE TPDU

#define ONE(steps, rest) OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps>" steps "</steps>" rest "</case></suite>"
/* The edit stands in line 3, the expectation in line 4. */
#define NEGATIVE(edit, step, expect)                                                                                  \
    "<negative id=\"CARD.A.N\" because=\"tac\">\n" edit "\n<expect step=\"" step "\">" expect "</expect></negative>"

static void accept(const char *xml)
{
    oc_vectors *vectors = oc_kit_parse(xml);
    CU_ASSERT_EQUAL(oc_vectors_case(vectors, 0)->negative_count, 1);
    oc_vectors_free(&vectors);
}

static void steps_are_held_to_what_judges_them(void)
{
    static const struct {
        const char *begin;
        const char *end;
        bool sw, data, answer;
    } rows[] = {
        {"<apdu cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\">", "</apdu>", true, true, false},
        {"<tpdu bytes=\"00\">", "</tpdu>", true, true, false},
        {"<reset kind=\"cold\">", "</reset>", false, true, false},
        {"<let id=\"r\" fn=\"random\" len=\"8\">", "</let>", false, true, false},
        {"<call fn=\"iLoad\">", "</call>", false, false, true},
        {"<message to=\"host\" name=\"totals\">", "</message>", false, false, true},
        {"<issue>", "</issue>", false, false, false},
        {"<advance seconds=\"1\">", "</advance>", false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct {
            const char *text;
            bool judged;
            const char *part;
        } parts[] = {{"<sw>9000</sw>", rows[i].sw, "not by sw"},
                     {"<data len=\"1\"/>", rows[i].data, "not by data"},
                     {"<answer name=\"code\" eq=\"'0'\"/>", rows[i].answer, "not by answer"}};
        for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
            char xml[1000];
            snprintf(xml, sizeof xml, ONE("\n%s%s%s", ""), rows[i].begin, parts[k].text, rows[i].end);
            if (parts[k].judged) {
                oc_vectors *vectors = oc_kit_parse(xml);
                oc_vectors_free(&vectors);
            } else {
                oc_kit_refuse(xml, OC_E_FORMAT, 3, parts[k].part);
            }
        }
    }
}

static void expectations_suit_their_step(void)
{
#define DROP_ASK(step, expect) ONE(ALL, NEGATIVE("<edit drop=\"ask\"/>", step, expect))
    accept(DROP_ASK("pin", "<sw>6982</sw>"));
    accept(DROP_ASK("raw", "<sw>6982</sw>"));
    accept(DROP_ASK("up", "<data len=\"1\"/>"));
    accept(DROP_ASK("r", "<data eq=\"00\"/>"));
    accept(DROP_ASK("call", "<answer name=\"code\" eq=\"'-1'\"/>"));
    accept(DROP_ASK("book", "<answer name=\"result\" eq=\"'refused'\"/>"));
    oc_kit_refuse(DROP_ASK("pin", "<answer name=\"code\" eq=\"'-1'\"/>"), OC_E_FORMAT, 4, "not by answer");
    oc_kit_refuse(DROP_ASK("raw", "<answer name=\"code\" eq=\"'-1'\"/>"), OC_E_FORMAT, 4, "not by answer");
    oc_kit_refuse(DROP_ASK("up", "<sw>6982</sw>"), OC_E_FORMAT, 4, "a reset is judged by data alone, not by sw");
    oc_kit_refuse(DROP_ASK("r", "<sw>6982</sw>"), OC_E_FORMAT, 4, "a let is judged by data alone, not by sw");
    oc_kit_refuse(DROP_ASK("call", "<sw>6982</sw>"), OC_E_FORMAT, 4, "a call is judged by its answers alone");
    oc_kit_refuse(DROP_ASK("book", "<data len=\"0\"/>"), OC_E_FORMAT, 4, "a message is judged by its answers alone");
    oc_kit_refuse(DROP_ASK("issue", "<sw>6982</sw>"), OC_E_FORMAT, 4, "an issue is judged by no-answer alone");
    oc_kit_refuse(DROP_ASK("issue", ""), OC_E_FORMAT, 4, "accepts anything");
    oc_kit_refuse(DROP_ASK("wait", ""), OC_E_FORMAT, 4, "an advance is judged by nothing");
}

static void expectations_can_fail(void)
{
    oc_kit_refuse(DROP_ASK("up", ""), OC_E_FORMAT, 4, "accepts anything");
    oc_kit_refuse(DROP_ASK("up", "<data/>"), OC_E_FORMAT, 4, "accepts anything");
    oc_kit_refuse(DROP_ASK("r", "<data min=\"0\"/>"), OC_E_FORMAT, 4, "accepts anything");
    oc_kit_refuse(DROP_ASK("pin", "<sw>xxxx 9000</sw>"), OC_E_FORMAT, 4, "accepts anything");
    oc_kit_refuse(DROP_ASK("call", "<answer name=\"tac\" capture=\"x\"/>"), OC_E_FORMAT, 4, "accepts anything");
    accept(DROP_ASK("pin", "<sw>xxxx</sw><data len=\"0\"/>"));
    accept(DROP_ASK("pin", "")); /* 9000 */
    accept(DROP_ASK("up", "<data max=\"32\"/>"));
    accept(DROP_ASK("up", "<data><field name=\"a\" len=\"1\"/></data>"));
    oc_kit_refuse(ONE(ALL, "<negative id=\"CARD.A.N\" because=\"tac\">\n<edit drop=\"ask\"/>"
                           "<expect step=\"pin\"/><expect step=\"r\"/></negative>"),
                  OC_E_FORMAT, 2, "one <expect");
}

static void edits_do_one_thing(void)
{
#define EDIT(text) ONE(ALL, NEGATIVE(text, "raw", "<sw>6982</sw>"))
    oc_kit_refuse(EDIT("<edit drop=\"ask\" repeat=\"pin\"/>"), OC_E_FORMAT, 3, "both drop and repeat");
    oc_kit_refuse(EDIT("<edit drop=\"ask\" step=\"pin\" set=\"p1\" to=\"01\"/>"), OC_E_FORMAT, 3,
                  "both drop and step");
    oc_kit_refuse(EDIT("<edit repeat=\"ask\" before=\"pin\">" ASK "</edit>"), OC_E_FORMAT, 3,
                  "both repeat and before");
    oc_kit_refuse(EDIT("<edit drop=\"ask\" set=\"p1\"/>"), OC_E_FORMAT, 3, "an edit with drop sets nothing");
    oc_kit_refuse(EDIT("<edit repeat=\"ask\" to=\"01\"/>"), OC_E_FORMAT, 3, "an edit with repeat sets nothing");
    oc_kit_refuse(EDIT("<edit before=\"ask\" send=\"a\">" ADVANCE "</edit>"), OC_E_FORMAT, 3, "sets nothing");
    oc_kit_refuse(EDIT("<edit step=\"ask\" set=\"p1\" send=\"p2\" to=\"01\"/>"), OC_E_FORMAT, 3,
                  "set or send, and to");
    oc_kit_refuse(EDIT("<edit step=\"ask\" to=\"01\"/>"), OC_E_FORMAT, 3, "set or send, and to");
    oc_kit_refuse(EDIT("<edit step=\"ask\" set=\"p1\"/>"), OC_E_FORMAT, 3, "set or send, and to");
    oc_kit_refuse(EDIT("<edit drop=\"ask\">" PIN "</edit>"), OC_E_FORMAT, 3, "no steps inside");
    oc_kit_refuse(EDIT("<edit step=\"ask\" set=\"p1\" to=\"01\">" PIN "</edit>"), OC_E_FORMAT, 3, "no steps inside");
    oc_kit_refuse(EDIT("<edit before=\"ask\"/>"), OC_E_FORMAT, 3, "no steps to put before ask");
}

static void edits_reach_the_step(void)
{
#define REACH(edit, step) ONE(ASK PIN TPDU, NEGATIVE(edit, step, "<sw>6982</sw>"))
    accept(REACH("<edit drop=\"ask\"/>", "pin"));
    accept(REACH("<edit repeat=\"pin\"/>", "pin.2"));
    accept(REACH("<edit step=\"pin\" set=\"p1\" to=\"01\"/>", "pin"));
    accept(REACH("<edit before=\"pin\">" RESET "</edit>", "pin"));
    oc_kit_refuse(REACH("<edit drop=\"pin\"/>", "ask"), OC_E_FORMAT, 4, "behind step ask");
    oc_kit_refuse(REACH("<edit repeat=\"pin\"/>", "pin"), OC_E_FORMAT, 4, "behind step pin");
    oc_kit_refuse(REACH("<edit step=\"raw\" set=\"bytes\" to=\"00\"/>", "pin"), OC_E_FORMAT, 4, "behind step pin");
    oc_kit_refuse(REACH("<edit before=\"raw\">" RESET "</edit>", "pin"), OC_E_FORMAT, 4, "behind step pin");
}

static void edits_change_something(void)
{
#define SET(step, name, to) EDIT("<edit step=\"" step "\" set=\"" name "\" to=\"" to "\"/>")
    oc_kit_refuse(SET("ask", "p1", "00"), OC_E_FORMAT, 3, "changes nothing: p1 of step ask");
    oc_kit_refuse(SET("ask", "le", "08"), OC_E_FORMAT, 3, "changes nothing: le of step ask");
    oc_kit_refuse(SET("pin", "le", "none"), OC_E_FORMAT, 3, "changes nothing: le of step pin");
    oc_kit_refuse(SET("ask", "data", ""), OC_E_FORMAT, 3, "changes nothing: data of step ask");
    oc_kit_refuse(SET("pin", "data", "@pin 0001"), OC_E_FORMAT, 3, "changes nothing");
    oc_kit_refuse(SET("raw", "bytes", "0084000008"), OC_E_FORMAT, 3, "changes nothing");
    oc_kit_refuse(SET("r", "len", "08"), OC_E_FORMAT, 3, "changes nothing");
    oc_kit_refuse(SET("issue", "fault", "not-ended"), OC_E_FORMAT, 3, "changes nothing");
    oc_kit_refuse(SET("issue", "pin", "profile"), OC_E_FORMAT, 3, "changes nothing");
    oc_kit_refuse(EDIT("<edit step=\"call\" send=\"pin\" to=\"31\"/>"), OC_E_FORMAT, 3, "changes nothing");
    accept(SET("pin", "data", "@pin 0002"));
    accept(SET("pin", "data", "@pin 00"));
    accept(SET("pin", "data", "@pin 00 01 02"));
    accept(SET("pin", "data", "0001 @pin"));
    accept(SET("pin", "data", "$pin 0001"));
    accept(SET("r", "len", "9"));
    accept(SET("issue", "fault", "right"));
    accept(SET("issue", "pin", "initial"));
    /* parts that steps of that kind do not look at */
    oc_kit_refuse(SET("raw", "p1", "01"), OC_E_FORMAT, 3, "no part p1");
    oc_kit_refuse(SET("ask", "bytes", "01"), OC_E_FORMAT, 3, "no part bytes");
    oc_kit_refuse(SET("issue", "city", "01"), OC_E_FORMAT, 3, "no part city");
    oc_kit_refuse(SET("up", "kind", "01"), OC_E_FORMAT, 3, "no part kind");
}

/* The edit changes a copy. */
static void the_twin_keeps_its_own(void)
{
    oc_vectors *vectors = oc_kit_parse(EDIT("<edit step=\"call\" send=\"pin\" to=\"'2'\"/>"));
    const oc_case *one = oc_vectors_case(vectors, 0);
    CU_ASSERT_STRING_EQUAL(one->steps[4].arguments[0].value.source, "'1'");
    CU_ASSERT_STRING_EQUAL(one->negatives[0].steps[4].arguments[0].value.source, "'2'");
    oc_vectors_free(&vectors);
}

static void the_requirement_is_kept(void)
{
    oc_vectors *vectors = oc_kit_parse(
        ONE(ALL, "<negative id=\"CARD.A.N\" because=\"tac\" req=\"SSC.PIN.WRONG\"><edit drop=\"ask\"/>"
                 "<expect step=\"book\"><answer name=\"result\" eq=\"'refused'\"/></expect></negative>"
                 "<negative id=\"CARD.A.M\" because=\"tac\"><edit drop=\"ask\"/>"
                 "<expect step=\"pin\"><sw req=\"SSC.PIN.BLOCKED\">6983</sw></expect></negative>"));
    const oc_case *one = oc_vectors_case(vectors, 0);
    CU_ASSERT_EQUAL_FATAL(one->negative_count, 2);
    CU_ASSERT_PTR_NULL(one->requirement);
    CU_ASSERT_STRING_EQUAL_FATAL(one->negatives[0].requirement, "SSC.PIN.WRONG");
    CU_ASSERT_PTR_NULL(one->negatives[1].requirement);
    const oc_case *with = &one->negatives[1];
    CU_ASSERT_STRING_EQUAL(with->steps[with->expected_step].expect.sw_requirement, "SSC.PIN.BLOCKED");
    oc_vectors_free(&vectors);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"steps are held to what judges them", steps_are_held_to_what_judges_them},
        {"expectations suit their step", expectations_suit_their_step},
        {"expectations can fail", expectations_can_fail},
        {"edits do one thing", edits_do_one_thing},
        {"edits reach the step", edits_reach_the_step},
        {"edits change something", edits_change_something},
        {"the twin keeps its own", the_twin_keeps_its_own},
        {"the requirement is kept", the_requirement_is_kept},
        {NULL, NULL},
    };
    return oc_test_main("negatives", rows);
}
