/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/oc_program.h"
#include "tests/unit/dialect_kit.h"

#define ASK "<apdu id=\"ask\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"08\"/>"
#define PIN "<apdu id=\"pin\" cla=\"00\" ins=\"20\" p1=\"00\" p2=\"00\" data=\"@pin\"/>"
#define READ "<apdu id=\"read\" cla=\"00\" ins=\"B2\" p1=\"81\" p2=\"28\" le=\"00\"/>"
/* A suite of one case with these steps and what follows them; the case stands in line 2. */
#define ONE(steps, rest) OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps>" steps "</steps>" rest "</case></suite>"
#define NEGATIVE(edit, step)                                                                                          \
    "<negative id=\"CARD.A.N\" because=\"freshness\">" edit "<expect step=\"" step                                    \
    "\"><sw>6982</sw></expect></negative>"

static const oc_case *first_negative(const oc_vectors *vectors)
{
    CU_ASSERT_EQUAL_FATAL(oc_vectors_case(vectors, 0)->negative_count, 1);
    return &oc_vectors_case(vectors, 0)->negatives[0];
}

/* Ids of the steps, joined by blanks. */
static void expect_steps(const oc_case *subject, const char *wanted)
{
    char ids[400] = "";
    for (size_t i = 0; i < subject->step_count; i++) {
        snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%s", i == 0 ? "" : " ", subject->steps[i].id);
    }
    CU_ASSERT_STRING_EQUAL(ids, wanted);
}

static void case_keeps_what_is_written(void)
{
    oc_vectors *vectors = oc_kit_parse(
        OC_SUITE_HEAD
        "<case id=\"CARD.A\" rev=\"3\" official=\"DF04_SAFETY\" touches=\"counters records\" "
        "clock=\"2026-03-02T09:15:00+08:00\"><title xml:lang=\"zh\">一</title>"
        "<title xml:lang=\"en\"> One\n</title><purpose>Why</purpose>"
        "<req>SSC.B</req><req strength=\"choice\">SSC.C</req><if> card.ssse </if>"
        "<let id=\"t\" fn=\"random\" len=\"8\"/><steps>" PIN "<reset kind=\"warm\"/>"
        "<advance seconds=\"60\"/></steps><restore>" PIN "</restore></case>"
        "<flow id=\"FLOW.A\" rev=\"1\" touches=\"none\" budget-p99-us=\"5\"><steps>"
        "<call id=\"c\" fn=\"iLoad\"><send name=\"pin\">'1'</send><answer name=\"code\" eq=\"'0'\"/></call>"
        "<message to=\"host\" name=\"m\"/></steps></flow></suite>");
    const oc_case *one = oc_vectors_case(vectors, 0);
    CU_ASSERT_EQUAL(oc_vectors_count(vectors), 2);
    CU_ASSERT_STRING_EQUAL(one->title_en, "One");
    CU_ASSERT_STRING_EQUAL(one->title_zh, "一");
    CU_ASSERT_STRING_EQUAL(one->purpose, "Why");
    CU_ASSERT_EQUAL(one->rev, 3);
    CU_ASSERT_STRING_EQUAL(one->official, "DF04_SAFETY");
    CU_ASSERT_EQUAL(one->touches, OC_TOUCH_COUNTERS | OC_TOUCH_RECORDS);
    CU_ASSERT_STRING_EQUAL(one->clock, "2026-03-02T09:15:00+08:00");
    CU_ASSERT_STRING_EQUAL(one->applicability, "card.ssse");
    CU_ASSERT_EQUAL(one->requirement_count, 2);
    CU_ASSERT_FALSE(one->requirements[0].choice);
    CU_ASSERT_TRUE(one->requirements[1].choice);
    expect_steps(one, "t pin reset3 advance4");
    CU_ASSERT_EQUAL(one->steps[3].seconds, 60);
    CU_ASSERT_EQUAL(one->restore_count, 1);
    CU_ASSERT_STRING_EQUAL(one->area, "card");
    const oc_case *flow = oc_vectors_case(vectors, 1);
    CU_ASSERT_TRUE(flow->is_flow);
    CU_ASSERT_STRING_EQUAL(flow->area, "flow");
    CU_ASSERT_EQUAL(flow->budget_p99_us, 5);
    CU_ASSERT_STRING_EQUAL(flow->steps[0].name, "iLoad");
    CU_ASSERT_STRING_EQUAL(flow->steps[0].arguments[0].name, "pin");
    CU_ASSERT_STRING_EQUAL(flow->steps[0].expect.answers[0].name, "code");
    CU_ASSERT_STRING_EQUAL(flow->steps[1].actor, "host");
    oc_vectors_free(&vectors);
}

static void routines_are_put_in_place(void)
{
    oc_vectors *vectors = oc_kit_parse(
        OC_SUITE_HEAD "<routine id=\"enter\">" ASK "</routine><routine id=\"pin-in\"><use routine=\"enter\"/>" PIN
                      "</routine>" OC_CASE_HEAD("CARD.A") "<steps><use routine=\"pin-in\"/>" READ "</steps>" NEGATIVE(
                          "<edit drop=\"pin-in.pin\"/>", "read") "</case></suite>");
    const oc_case *one = oc_vectors_case(vectors, 0);
    expect_steps(one, "enter.ask pin-in.pin read");
    CU_ASSERT_STRING_EQUAL(one->steps[0].routine, "enter");
    CU_ASSERT_STRING_EQUAL(one->steps[0].own_id, "ask");
    CU_ASSERT_PTR_NULL(one->steps[2].routine);
    expect_steps(first_negative(vectors), "enter.ask read");
    oc_vectors_free(&vectors);
}

#define NEST(n, m) "<routine id=\"r" #n "\"><use routine=\"r" #m "\"/></routine>"

static void routines_nest_four_deep(void)
{
    oc_vectors *vectors = oc_kit_parse(OC_SUITE_HEAD "<routine id=\"r1\">" ASK "</routine>" NEST(2, 1) NEST(3, 2) NEST(
        4, 3) OC_CASE_HEAD("CARD.A") "<steps><use routine=\"r4\"/></steps></case></suite>");
    expect_steps(oc_vectors_case(vectors, 0), "r1.ask");
    oc_vectors_free(&vectors);
    oc_kit_refuse(OC_SUITE_HEAD "<routine id=\"r1\">" ASK "</routine>" NEST(2, 1) NEST(3, 2) NEST(4, 3) NEST(5, 4)
                      OC_CASE_HEAD("CARD.A") "<steps><use routine=\"r5\"/></steps></case></suite>",
                  OC_E_FORMAT, 1, "more than 4 deep");
    oc_kit_refuse(OC_SUITE_HEAD NEST(1, 2) NEST(2, 1)
                      OC_CASE_HEAD("CARD.A") "<steps><use routine=\"r1\"/></steps></case></suite>",
                  OC_E_FORMAT, 1, "more than 4 deep");
    oc_kit_refuse(OC_SUITE_HEAD "<routine id=\"a\"/><routine id=\"a\"/></suite>", OC_E_FORMAT, 1, "two routines");
    oc_kit_refuse(ONE("<use routine=\"gone\"/>", ""), OC_E_FORMAT, 2, "no routine is called gone");
}

static void rows_make_cases(void)
{
    oc_vectors *vectors = oc_kit_parse(OC_SUITE_HEAD OC_CASE_HEAD(
        "CARD.A") "<if>file($f)</if><table><row key=\"81\" tag=\"81\" f=\"DF04/EF05\"/><row key=\"X\" tag=\"84\" "
                  "f=\"b\"/>"
                  "</table><steps>"
                  "<apdu id=\"read\" cla=\"00\" ins=\"B2\" p1=\"$tag\" p2=\"28\" le=\"00\"><sw>6C$tag</sw>"
                  "<data eq=\"@DF04/EF05/$tag.tlv $tagged\"/></apdu></steps>" NEGATIVE(
                      "<edit step=\"read\" set=\"p2\" to=\"$tag\"/>", "read") "</case></suite>");
    CU_ASSERT_EQUAL_FATAL(oc_vectors_count(vectors), 2);
    const oc_case *one = oc_vectors_case(vectors, 0);
    const oc_case *two = oc_vectors_case(vectors, 1);
    CU_ASSERT_STRING_EQUAL(one->id, "CARD.A.81");
    CU_ASSERT_STRING_EQUAL(one->plain_id, "CARD.A");
    CU_ASSERT_STRING_EQUAL(two->id, "CARD.A.X");
    CU_ASSERT_STRING_EQUAL(two->negatives[0].id, "CARD.A.N.X");
    CU_ASSERT_STRING_EQUAL(one->applicability, "file(DF04/EF05)");
    CU_ASSERT_STRING_EQUAL(two->steps[0].p1.source, "84");
    CU_ASSERT_STRING_EQUAL(two->steps[0].expect.sw[0], "6C84");
    /* a longer name is another name */
    CU_ASSERT_STRING_EQUAL(two->steps[0].expect.data.eq.source, "@DF04/EF05/84.tlv $tagged");
    CU_ASSERT_STRING_EQUAL(one->negatives[0].steps[0].p2.source, "81");
    oc_vectors_free(&vectors);
    oc_kit_refuse(OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<table><row/></table><steps/></case></suite>", OC_E_FORMAT, 2,
                  "row without key");
}

static void conditions_go_with_rows_and_reasons(void)
{
    oc_vectors *vectors = oc_kit_parse(
        OC_SUITE_HEAD
        "<case id=\"CARD.A\" rev=\"1\" touches=\"none\" condition=\"pin-only\"><req>SSC.B</req><req>SSC.C</req>"
        "<table><row key=\"1\" condition=\"no-right\"/><row key=\"2\"/></table>"
        "<steps><apdu id=\"a\" cla=\"00\" ins=\"B0\" p1=\"00\" p2=\"00\" data=\"$condition\" le=\"00\">"
        "<sw req=\"SSC.D\">9000</sw><data len=\"1\" req=\"SSC.B\"/></apdu></steps>"
        "<negative id=\"CARD.A.N\" because=\"freshness\" req=\"SSC.E\"><edit step=\"a\" set=\"p1\" to=\"01\"/>"
        "<expect step=\"a\"><sw req=\"SSC.F\">6982</sw></expect></negative>"
        "<negative id=\"CARD.A.M\" because=\"tac\"><edit step=\"a\" set=\"p1\" to=\"01\"/>"
        "<expect step=\"a\"><sw>6982</sw></expect></negative></case>" OC_CASE_HEAD(
            "CARD.B") "<steps>" ASK "</steps></case></suite>");
    const oc_case *one = oc_vectors_case(vectors, 0);
    const oc_case *two = oc_vectors_case(vectors, 1);
    CU_ASSERT_STRING_EQUAL(one->condition, "no-right");
    CU_ASSERT_STRING_EQUAL(two->condition, "pin-only");
    CU_ASSERT_STRING_EQUAL(one->negatives[0].condition, "freshness");
    CU_ASSERT_STRING_EQUAL(oc_vectors_case(vectors, 2)->condition, OC_CONDITION_STATED);
    CU_ASSERT_STRING_EQUAL(one->steps[0].data.source, "$condition"); /* no name of the row */
    /* what checks can fail against: SSC.C stands at none, SSC.E is of a negative whose check names another */
    CU_ASSERT_EQUAL_FATAL(one->cover_count, 2);
    CU_ASSERT_STRING_EQUAL(one->covers[0], "SSC.D");
    CU_ASSERT_STRING_EQUAL(one->covers[1], "SSC.B");
    CU_ASSERT_EQUAL_FATAL(one->negatives[0].cover_count, 1);
    CU_ASSERT_STRING_EQUAL(one->negatives[0].covers[0], "SSC.F");
    CU_ASSERT_EQUAL_FATAL(one->negatives[1].cover_count, 1);
    CU_ASSERT_STRING_EQUAL(one->negatives[1].covers[0], "SSC.B");
    oc_vectors_free(&vectors);
}

#define TABLE(rows) "<table>" rows "</table>"

/* Two tables make every pair; a row names routine, requirement and official name too. */
static void tables_multiply(void)
{
    oc_vectors *vectors = oc_kit_parse(
        OC_SUITE_HEAD
        "<routine id=\"r1\">" ASK "</routine><routine id=\"r2\">" ASK ASK "</routine>"
        "\n<case id=\"CARD.A\" rev=\"1\" touches=\"volatile\" official=\"$dir\" condition=\"plain\">"
        "<title xml:lang=\"zh\">一</title><title xml:lang=\"en\">$p</title><req>SSC.$dir.READ</req>" TABLE(
            "<row key=\"1\" dir=\"DF01\" two=\"A$p\" condition=\"first\"/><row key=\"2\" dir=\"DF02\"/>")
            TABLE("<row key=\"A\" way=\"r1\"/><row key=\"B\" way=\"r2\" condition=\"second\" p=\"$two$dir\"/>"
                  "<row key=\"C\" way=\"r1\"/>") "<steps><use routine=\"$way\"/>" PIN "</steps>"
                                                 "<negative id=\"CARD.A.N\" because=\"tac\" req=\"SSC.$dir.NO\"><edit "
                                                 "step=\"pin\" set=\"p1\" to=\"01\"/>"
                                                 "<expect "
                                                 "step=\"pin\"><sw>6A86</sw></expect></negative></case></suite>");
    CU_ASSERT_EQUAL_FATAL(oc_vectors_count(vectors), 6);
    const oc_case *second = oc_vectors_case(vectors, 1);
    const oc_case *last = oc_vectors_case(vectors, 5);
    CU_ASSERT_STRING_EQUAL(second->id, "CARD.A.1.B");
    CU_ASSERT_STRING_EQUAL(second->condition, "second");
    /* a later row names an earlier one, not the other way round */
    CU_ASSERT_STRING_EQUAL(second->title_en, "A$pDF01");
    CU_ASSERT_STRING_EQUAL(oc_vectors_case(vectors, 0)->condition, "first");
    CU_ASSERT_STRING_EQUAL(last->id, "CARD.A.2.C");
    expect_steps(second, "r2.ask r2.ask pin");
    expect_steps(last, "r1.ask pin");
    CU_ASSERT_STRING_EQUAL(last->condition, "plain");
    CU_ASSERT_STRING_EQUAL(last->requirements[0].id, "SSC.DF02.READ");
    CU_ASSERT_STRING_EQUAL(last->official, "DF02");
    CU_ASSERT_STRING_EQUAL(last->negatives[0].id, "CARD.A.N.2.C");
    CU_ASSERT_STRING_EQUAL(last->negatives[0].requirement, "SSC.DF02.NO");
    oc_vectors_free(&vectors);
    oc_kit_refuse(OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") TABLE("<row key=\"1\" a=\"1\"/>")
                      TABLE("<row key=\"1\" a=\"2\"/>") "<steps/></case></suite>",
                  OC_E_FORMAT, 2, "both tables have a");
    oc_kit_refuse(OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") TABLE("<row key=\"1\"/>") TABLE("<row key=\"1\"/>")
                      TABLE("<row key=\"1\"/>") "<steps/></case></suite>",
                  OC_E_LIMIT, 2, "more than 2 tables");
}

/* Edit of a negative, the step expected to fail, and what the negative's steps are. */
static void edit(const char *steps, const char *change, const char *expected, const char *wanted)
{
    char xml[3000];
    snprintf(
        xml, sizeof xml,
        OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps>%s</steps><negative id=\"CARD.A.N\" because=\"tac\">%s"
                                             "<expect step=\"%s\"><sw>6982</sw></expect></negative></case></suite>",
        steps, change, expected);
    oc_vectors *vectors = oc_kit_parse(xml);
    const oc_case *negative = first_negative(vectors);
    expect_steps(negative, wanted);
    CU_ASSERT_PTR_EQUAL(negative->twin, oc_vectors_case(vectors, 0));
    CU_ASSERT_STRING_EQUAL(negative->because, "tac");
    const oc_step *step = &negative->steps[negative->expected_step];
    CU_ASSERT_STRING_EQUAL(step->id, expected);
    CU_ASSERT_STRING_EQUAL(step->expect.sw[0], "6982");
    CU_ASSERT_EQUAL(oc_vectors_case(vectors, 0)->steps[0].expect.sw_count, 0); /* the twin keeps its own */
    oc_vectors_free(&vectors);
}

static void edits_change_the_order(void)
{
    edit(ASK PIN READ, "<edit drop=\"pin\"/>", "read", "ask read");
    edit(ASK PIN READ, "<edit repeat=\"ask\"/>", "ask.2", "ask ask.2 pin read");
    edit(ASK PIN READ, "<edit before=\"read\"><reset kind=\"cold\"/>" ASK "</edit>", "read",
         "ask pin reset901 ask read");
    edit(ASK PIN READ, "<edit before=\"ask\">" PIN "</edit>", "ask", "pin ask pin read");
}

/* The step s that the edit changed; the one that must fail comes after it. */
static const oc_step *edited(oc_vectors **vectors, const char *steps, const char *change)
{
    char xml[3000];
    snprintf(
        xml, sizeof xml,
        OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps>%s" READ "</steps><negative id=\"CARD.A.N\" because=\"tac\">%s"
                                             "<expect step=\"read\"><sw>6982</sw></expect></negative></case></suite>",
        steps, change);
    *vectors = oc_kit_parse(xml);
    return &first_negative(*vectors)->steps[0];
}

#define APDU "<apdu id=\"s\" cla=\"00\" ins=\"82\" p1=\"00\" p2=\"04\" data=\"$eight\" le=\"08\"/>"

static void edits_set_parts(void)
{
    static const struct {
        const char *part;
        size_t offset;
    } parts[] = {{"cla", offsetof(oc_step, cla)}, {"ins", offsetof(oc_step, ins)}, {"p1", offsetof(oc_step, p1)},
                 {"p2", offsetof(oc_step, p2)},   {"le", offsetof(oc_step, le)},   {"data", offsetof(oc_step, data)}};
    oc_vectors *vectors;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char change[100];
        snprintf(change, sizeof change, "<edit step=\"s\" set=\"%s\" to=\"7F\"/>", parts[i].part);
        const oc_step *step = edited(&vectors, APDU, change);
        const oc_value *value = (const oc_value *)(const void *)((const uint8_t *)step + parts[i].offset);
        CU_ASSERT_STRING_EQUAL(value->source, "7F");
        oc_vectors_free(&vectors);
    }
    CU_ASSERT_FALSE(edited(&vectors, APDU, "<edit step=\"s\" set=\"le\" to=\"none\"/>")->has_le);
    oc_vectors_free(&vectors);
    CU_ASSERT_STRING_EQUAL(edited(&vectors, APDU, "<edit step=\"s\" send=\"\" to=\"00\"/>")->data.source, "00");
    oc_vectors_free(&vectors);
    const char *tpdu = "<tpdu id=\"s\" bytes=\"00\"/>";
    CU_ASSERT_STRING_EQUAL(edited(&vectors, tpdu, "<edit step=\"s\" set=\"bytes\" to=\"0102\"/>")->data.source,
                           "0102");
    oc_vectors_free(&vectors);
    const char *let = "<let id=\"s\" fn=\"random\" len=\"8\"/>";
    CU_ASSERT_STRING_EQUAL(edited(&vectors, let, "<edit step=\"s\" set=\"len\" to=\"4\"/>")->arguments[0].value.source,
                           "4");
    oc_vectors_free(&vectors);
    const char *message = "<message to=\"host\" id=\"s\" name=\"m\"><send name=\"tac\">00</send></message>";
    CU_ASSERT_STRING_EQUAL(
        edited(&vectors, message, "<edit step=\"s\" send=\"tac\" to=\"01\"/>")->arguments[0].value.source, "01");
    oc_vectors_free(&vectors);
    const char *issue = "<issue id=\"s\"/>";
    CU_ASSERT_STRING_EQUAL(
        edited(&vectors, issue, "<edit step=\"s\" set=\"fault\" to=\"not-ended\"/>")->arguments[0].value.source,
        "not-ended");
    oc_vectors_free(&vectors);
}

static void bad_edits_are_refused(void)
{
    oc_kit_refuse(ONE(ASK, NEGATIVE("<edit drop=\"gone\"/>", "ask")), OC_E_FORMAT, 2, "step gone");
    oc_kit_refuse(ONE(ASK, NEGATIVE("<edit repeat=\"gone\"/>", "ask")), OC_E_FORMAT, 2, "step gone");
    oc_kit_refuse(ONE(ASK, NEGATIVE("<edit before=\"gone\"/>", "ask")), OC_E_FORMAT, 2, "step gone");
    oc_kit_refuse(ONE(ASK, NEGATIVE("<edit step=\"gone\" set=\"p1\" to=\"00\"/>", "ask")), OC_E_FORMAT, 2,
                  "step gone");
    oc_kit_refuse(ONE(ASK, NEGATIVE("<edit step=\"ask\" set=\"p3\" to=\"00\"/>", "ask")), OC_E_FORMAT, 2, "p3");
    oc_kit_refuse(ONE(ASK, NEGATIVE("<edit step=\"ask\" set=\"p1\" to=\"0\"/>", "ask")), OC_E_FORMAT, 2,
                  "even number");
    oc_kit_refuse(ONE(ASK, NEGATIVE("<edit drop=\"ask\"/>", "ask")), OC_E_FORMAT, 2, "step ask");
    oc_kit_refuse(ONE(ASK, NEGATIVE("<edit/>", "ask")), OC_E_FORMAT, 2, "without drop");
    oc_kit_refuse(ONE(ASK, NEGATIVE("", "ask")), OC_E_FORMAT, 2, "exactly one edit");
    oc_kit_refuse(ONE(ASK PIN, NEGATIVE("<edit drop=\"ask\"/><edit drop=\"pin\"/>", "pin")), OC_E_FORMAT, 2,
                  "exactly one edit");
    oc_kit_refuse(ONE(ASK, "<negative id=\"CARD.A.N\" because=\"tac\"><edit repeat=\"ask\"/></negative>"), OC_E_FORMAT,
                  2, "expect");
}

static void mistakes_name_line_and_reason(void)
{
    oc_kit_refuse("<suite", OC_E_FORMAT, 1, "");
    oc_kit_refuse("<other/>", OC_E_FORMAT, 1, "not suite");
    oc_kit_refuse(ONE("\n\n<apdu cla=\"0\" ins=\"84\" p1=\"00\" p2=\"00\"/>", ""), OC_E_FORMAT, 4, "even number");
    oc_kit_refuse(ONE("<apdu cla=\"00\" ins=\"84\" p1=\"00\"/>", ""), OC_E_FORMAT, 2, "cla, ins, p1 and p2");
    oc_kit_refuse(ONE("<let id=\"a\" fn=\"system\"/>", ""), OC_E_FORMAT, 2, "no function is called system");
    oc_kit_refuse(ONE("<let id=\"a\" fn=\"random\"/>", ""), OC_E_FORMAT, 2, "needs the argument len");
    oc_kit_refuse(ONE("<let id=\"a\" fn=\"random\" len=\"1\" key=\"key:A/B\"/>", ""), OC_E_FORMAT, 2,
                  "no argument key");
    oc_kit_refuse(ONE(ASK ASK, ""), OC_E_FORMAT, 2, "two steps are called ask");
    oc_kit_refuse(OC_SUITE_HEAD "<case id=\"A\" touches=\"everything\"/></suite>", OC_E_FORMAT, 1, "everything");
    oc_kit_refuse(OC_SUITE_HEAD "<case touches=\"none\"/></suite>", OC_E_FORMAT, 1, "without id");
#define SW(text) ONE("<apdu cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\"><sw>" text "</sw></apdu>", "")
    oc_kit_refuse(SW("900"), OC_E_FORMAT, 2, "four characters");
    oc_kit_refuse(SW("90000"), OC_E_FORMAT, 2, "four characters");
    oc_kit_refuse(SW("90G0"), OC_E_FORMAT, 2, "hex digits and ?");
    oc_kit_refuse(SW(""), OC_E_FORMAT, 2, "empty sw");
    oc_kit_refuse(SW("9000</sw><sw>6A82"), OC_E_FORMAT, 2, "more than one sw");
    oc_kit_refuse(SW("1111 1111 1111 1111 1111 1111 1111 1111 1111 1111 1111 1111 1111 1111 1111 1111 1111"),
                  OC_E_FORMAT, 2, "up to 16");
#define DATA(text) ONE("<apdu cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\"><data " text "</apdu>", "")
    oc_kit_refuse(DATA("len=\"x\"/>"), OC_E_FORMAT, 2, "decimal");
    oc_kit_refuse(DATA("len=\"65536\"/>"), OC_E_FORMAT, 2, "decimal");
    oc_kit_refuse(DATA("mask=\"FF\"/>"), OC_E_FORMAT, 2, "mask stands without eq");
    oc_kit_refuse(DATA("><tlv tag=\"6\"/></data>"), OC_E_FORMAT, 2, "tag");
    oc_kit_refuse(DATA("><tlv tag=\"01020304\"/></data>"), OC_E_FORMAT, 2, "tag");
    oc_kit_refuse(
        DATA("><tlv tag=\"61\"><tlv tag=\"61\"><tlv tag=\"61\"><tlv tag=\"61\"><tlv tag=\"61\">"
             "<tlv tag=\"61\"><tlv tag=\"61\"><tlv tag=\"61\"/></tlv></tlv></tlv></tlv></tlv></tlv></tlv></data>"),
        OC_E_FORMAT, 2, "too deep");
}

static void status_words_are_read(void)
{
    oc_vectors *vectors = oc_kit_parse(SW(" 9000 63C?\n61xx 6c?? ????"));
    const oc_expect *expect = &oc_vectors_case(vectors, 0)->steps[0].expect;
    CU_ASSERT_EQUAL_FATAL(expect->sw_count, 5);
    CU_ASSERT_STRING_EQUAL(expect->sw[1], "63C?");
    CU_ASSERT_STRING_EQUAL(expect->sw[2], "61??");
    CU_ASSERT_STRING_EQUAL(expect->sw[3], "6C??");
    oc_vectors_free(&vectors);
}

static void steps_are_bounded(void)
{
    oc_buf xml = {0};
    OC_ASSERT_OK(oc_buf_append(&xml, oc_span_text(OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps>")));
    for (size_t i = 0; i < 257; i++) {
        OC_ASSERT_OK(oc_buf_append(&xml, oc_span_text("<reset kind=\"cold\"/>")));
    }
    OC_ASSERT_OK(oc_buf_append(&xml, oc_span_of("</steps></case></suite>", 24)));
    oc_kit_refuse((const char *)xml.at, OC_E_LIMIT, 2, "more than 256 steps");
    oc_buf_free(&xml);
}

static void touches_are_read(void)
{
    unsigned touches = 99;
    OC_ASSERT_OK(oc_touches_parse(&touches, "none", NULL));
    CU_ASSERT_EQUAL(touches, 0);
    OC_ASSERT_OK(oc_touches_parse(&touches, "counters,records, purse  keys", NULL));
    CU_ASSERT_EQUAL(touches, OC_TOUCH_COUNTERS | OC_TOUCH_RECORDS | OC_TOUCH_PURSE | OC_TOUCH_KEYS);
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_touches_parse(&touches, "counters,recordss", &diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "recordss"));
    OC_ASSERT_CODE(oc_touches_parse(&touches, "count", NULL), OC_E_FORMAT);
}

/* Files */

#define SCHEMA "vectors/schema/vectors.xsd"

static oc_result load(oc_vectors **vectors, const char *folder, const char *name, oc_diag *diag)
{
    char path[PATH_MAX];
    oc_temp_path(path, folder, name);
    const char *paths[] = {path};
    return oc_vectors_load(vectors, paths, 1, SCHEMA, diag);
}

static void folders_are_walked_in_order(void)
{
    char folder[PATH_MAX];
    oc_temp_make(folder);
    oc_temp_write(folder, "b.xml",
                  OC_SUITE_HEAD "<import routines=\"a.xml\"/>" OC_CASE_HEAD(
                      "CARD.B") "<steps><use routine=\"enter\"/></steps></case></suite>");
    oc_temp_write(folder, "a.xml",
                  OC_SUITE_HEAD "<routine id=\"enter\">" ASK
                                "</routine>" OC_CASE_HEAD("CARD.A") "<steps>" ASK "</steps></case></suite>");
    oc_temp_write(folder, "profile.xml", "<card/>");
    oc_temp_write(folder, "notes.txt", "no vectors");
    oc_temp_write(folder, ".hidden.xml", "<broken");
    oc_vectors *vectors = NULL;
    oc_diag diag = {0};
    char with_slash[PATH_MAX];
    oc_temp_path(with_slash, folder, "");
    const char *paths[] = {with_slash, folder};
    OC_ASSERT_OK(oc_vectors_load(&vectors, paths, 2, SCHEMA, &diag));
    CU_ASSERT_EQUAL_FATAL(oc_vectors_count(vectors), 2); /* each file once, however often it is named */
    CU_ASSERT_EQUAL(oc_vectors_file_count(vectors), 2);
    CU_ASSERT_STRING_EQUAL(oc_vectors_case(vectors, 0)->id, "CARD.A");
    expect_steps(oc_vectors_case(vectors, 1), "enter.ask");
    oc_vectors_free(&vectors);
    oc_temp_remove(folder);
}

static void bad_files_are_refused(void)
{
    char folder[PATH_MAX];
    oc_temp_make(folder);
    static const struct {
        const char *name;
        const char *text;
        enum oc_code code;
        long line;
        const char *part;
    } rows[] = {
        {"malformed.xml", "<suite xmlns=\"urn:onecard:vectors:1\" area=\"card\">\n<case", OC_E_FORMAT, 2, ""},
        {"profile.xml", "<card/>", OC_E_FORMAT, 1, "card, not suite"},
        {"schema.xml", OC_SUITE_HEAD "\n<case id=\"lower\"/></suite>", OC_E_FORMAT, 2, "lower"},
        {"import.xml",
         OC_SUITE_HEAD "\n<import routines=\"gone.xml\"/>" OC_CASE_HEAD("CARD.A") "<steps>" ASK
                                                                                  "</steps></case></suite>",
         OC_E_NOT_FOUND, 0, ""},
        {"doctype.xml", "<!DOCTYPE suite [<!ENTITY a \"b\">]>\n" OC_SUITE_HEAD "</suite>", OC_E_FORMAT, 1, "DOCTYPE"},
        {"empty.xml", "", OC_E_FORMAT, 0, "empty"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_vectors *vectors = NULL;
        oc_diag diag = {0};
        oc_temp_write(folder, rows[i].name, rows[i].text);
        oc_result r = load(&vectors, folder, rows[i].name, &diag);
        bool as_wanted = r.code == rows[i].code && diag.line == rows[i].line && diag.file[0] != '\0' &&
                         diag.reason[0] != '\0' && strstr(diag.reason, rows[i].part) != NULL;
        if (!as_wanted) {
            printf("\n    %s: %s %s:%ld: %s\n", rows[i].name, oc_code_name(r.code), diag.file, diag.line, diag.reason);
        }
        CU_ASSERT_TRUE(as_wanted);
        CU_ASSERT_PTR_NULL(vectors);
    }
    oc_vectors *vectors = NULL;
    OC_ASSERT_CODE(load(&vectors, folder, "gone.xml", NULL), OC_E_NOT_FOUND);
    oc_temp_remove(folder);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"a case keeps what is written", case_keeps_what_is_written},
        {"routines are put in place", routines_are_put_in_place},
        {"routines nest four deep", routines_nest_four_deep},
        {"rows make cases", rows_make_cases},
        {"tables multiply", tables_multiply},
        {"conditions go with rows and reasons", conditions_go_with_rows_and_reasons},
        {"edits change the order", edits_change_the_order},
        {"edits set parts", edits_set_parts},
        {"bad edits are refused", bad_edits_are_refused},
        {"mistakes name line and reason", mistakes_name_line_and_reason},
        {"status words are read", status_words_are_read},
        {"steps are bounded", steps_are_bounded},
        {"touches are read", touches_are_read},
        {"folders are walked in order", folders_are_walked_in_order},
        {"bad files are refused", bad_files_are_refused},
        {NULL, NULL},
    };
    return oc_test_main("loader", rows);
}
