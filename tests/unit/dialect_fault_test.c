/* SPDX-License-Identifier: Apache-2.0 */
/* Faults as they are written: what the loader takes, and what lint finds. */
#include <stdio.h>

#include "conformance/dialect/lint.h"
#include "tests/unit/dialect_kit.h"

static oc_catalogue *catalogue;

#define ONE(steps) OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps>" steps "</steps></case></suite>"
#define ASK(inside) "<apdu cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"08\">" inside "</apdu>"
#define RESET "<reset kind=\"cold\"/>"

static oc_fault_order read(const char *fault)
{
    char xml[1000];
    snprintf(xml, sizeof xml, ONE("%s" RESET), fault);
    oc_vectors *vectors = oc_kit_parse(xml);
    oc_fault_order order;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_step_fault(&oc_vectors_case(vectors, 0)->steps[0], &order, &diag));
    oc_vectors_free(&vectors);
    return order;
}

static void expect_order(const char *fault, enum oc_fault_kind kind, uint32_t value, uint32_t skip)
{
    oc_fault_order order = read(fault);
    CU_ASSERT_EQUAL(order.kind, kind);
    CU_ASSERT_EQUAL(order.value, value);
    CU_ASSERT_EQUAL(order.skip, skip);
}

static void orders_are_read(void)
{
    expect_order("<fault kind=\"tear-after-bytes\" bytes=\"17\"/>", OC_FAULT_TEAR, 17, 0);
    expect_order("<fault kind=\"tear-after-bytes\" bytes=\"0\" skip=\"3\"/>", OC_FAULT_TEAR, 0, 3);
    expect_order("<fault to=\"psam\" kind=\"remove\"/>", OC_FAULT_REMOVE, 0, 0);
    expect_order("<fault kind=\"mute\"/>", OC_FAULT_MUTE, 0, 0);
    expect_order("<fault kind=\"delay-ms\" ms=\"250\"/>", OC_FAULT_DELAY, 250, 0);
    expect_order("<fault kind=\"sw\" sw=\"6F00\"/>", OC_FAULT_SW, 0x6F00, 0);
    expect_order("<fault kind=\"garble\"/>", OC_FAULT_GARBLE, 0, 0);
    expect_order("<fault kind=\"garble\" offset=\"4\"/>", OC_FAULT_GARBLE, 4, 0);
    expect_order("<fault kind=\"pieces\" bytes=\"16\"/>", OC_FAULT_PIECES, 16, 0);
    expect_order("<fault kind=\"swap-card\"/>", OC_FAULT_SWAP, 0, 0);
    expect_order("<fault kind=\"swap-card\" card=\"own\"/>", OC_FAULT_SWAP, 0, 0);
    expect_order("<fault to=\"psam\" kind=\"swap-card\" card=\"city\"/>", OC_FAULT_SWAP, 0, 0);
    expect_order("<fault to=\"psam\" kind=\"swap-card\" card=\"own\"/>", OC_FAULT_SWAP, 0, 0);
    oc_fault_order order = read("<fault kind=\"data\" data=\"6F00\" at=\"00 A4 0? ??\" skip=\"1\" times=\"2\"/>");
    CU_ASSERT_EQUAL(order.kind, OC_FAULT_DATA);
    CU_ASSERT_EQUAL(order.skip, 1);
    CU_ASSERT_EQUAL(order.times, 2);
    CU_ASSERT_EQUAL_FATAL(order.at_len, 4);
    OC_ASSERT_BYTES(oc_span_of(order.at, 4), "00A40000");
    OC_ASSERT_BYTES(oc_span_of(order.at_mask, 4), "FFFFF000");
}

static void refuse(const char *fault, const char *part)
{
    char xml[1000];
    snprintf(xml, sizeof xml, ONE("%s" RESET), fault);
    oc_kit_refuse(xml, OC_E_FORMAT, 2, part);
}

static void bad_orders_are_refused(void)
{
    refuse("<fault kind=\"mute\" at=\"00\"/>", "at=\"00\" is no command");
    refuse("<fault kind=\"mute\" at=\"00A\"/>", "is no command");
    refuse("<fault kind=\"mute\" at=\"00XX\"/>", "is no command");
    refuse("<fault kind=\"mute\" at=\"0011223344556677889900112233445566\"/>", "is no command");
    refuse("<fault kind=\"mute\" times=\"0\"/>", "is no number that fits");
    refuse("<fault kind=\"data\"/>", "needs data");
    refuse("<fault to=\"psam\" kind=\"swap-card\"/>", "what the other one lacks");
    refuse("<fault to=\"psam\" kind=\"swap-card\" card=\"other\"/>", "what the other one lacks");
    refuse("<fault kind=\"swap-card\" card=\"city\"/>", "is said of no card: city");
    refuse("<fault kind=\"mute\" data=\"00\"/>", "takes no data");
    refuse("<fault kind=\"pieces\" bytes=\"0\"/>", "is no number that fits");
    refuse("<fault kind=\"take-out\" skip=\"1\"/>", "strikes at once");
    refuse("<fault kind=\"mute\" card=\"other\"/>", "takes no card");
    refuse("<fault kind=\"fire\"/>", "no fault is of the kind fire");
    refuse("<fault/>", "no fault is of the kind");
    refuse("<fault kind=\"tear-after-bytes\"/>", "needs bytes");
    refuse("<fault kind=\"tear-after-bytes\" bytes=\"-1\"/>", "bytes=\"-1\" is no number that fits");
    refuse("<fault kind=\"tear-after-bytes\" bytes=\"1048577\"/>", "is no number that fits");
    refuse("<fault kind=\"tear-after-bytes\" bytes=\"\"/>", "is no number that fits");
    refuse("<fault kind=\"remove\" bytes=\"1\"/>", "takes no bytes");
    refuse("<fault kind=\"delay-ms\" ms=\"0\"/>", "is no number that fits");
    refuse("<fault kind=\"sw\" sw=\"90\"/>", "is no status word");
    refuse("<fault kind=\"sw\" sw=\"90XX\"/>", "is no status word");
    refuse("<fault kind=\"garble\" skip=\"65536\"/>", "skip=\"65536\" is no number");
    refuse("<fault kind=\"mute\"><sw>9000</sw></fault>", "a fault is judged by nothing, not by sw");
    refuse("<advance seconds=\"1\"><no-answer/></advance>", "not by no-answer");
    refuse(ASK("<data or=\"00\"/>"), "or stands without eq");
}

struct findings {
    size_t count;
    char last[400];
};

static void take(void *context, const char *file, long line, const char *reason)
{
    struct findings *findings = context;
    (void)file;
    (void)line;
    findings->count++;
    snprintf(findings->last, sizeof findings->last, "%s", reason);
}

static void lint(const char *applicability, const char *steps, const char *part)
{
    char xml[2000];
    snprintf(xml, sizeof xml, OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<if>%s</if>%s</case></suite>", applicability,
             steps);
    oc_vectors *vectors = oc_kit_parse(xml);
    struct findings findings = {0};
    (void)oc_lint(vectors, catalogue, take, &findings);
    bool right = part == NULL ? findings.count == 0 : findings.count > 0 && strstr(findings.last, part) != NULL;
    if (!right) {
        printf("\n    %s: %zu findings, %s\n", steps, findings.count, findings.last);
        CU_FAIL("findings");
    }
    oc_vectors_free(&vectors);
}

#define STEPS(steps) "<steps>" steps "</steps>"
#define SILENT ASK("<no-answer/>")

static void sound_faults_have_no_finding(void)
{
    lint("card.ssse", STEPS("<fault kind=\"remove\"/>" SILENT RESET ASK("")), NULL);
    lint("link.tear", STEPS("<fault kind=\"tear-after-bytes\" bytes=\"1\"/>" ASK("<no-answer/><sw>9000</sw>") RESET),
         NULL);
    lint(
        "link.tear",
        STEPS("<fault kind=\"tear-after-bytes\" bytes=\"1\"/><reset kind=\"cold\"><no-answer/></reset>" RESET ASK("")),
        NULL);
    lint(
        "terminal",
        STEPS("<fault kind=\"mute\" skip=\"4\"/><call fn=\"iReadCardBas\"><answer name=\"code\" eq=\"'-4'\"/></call>"),
        NULL);
    lint("card.ssse", STEPS("<fault kind=\"sw\" sw=\"6F00\"/>" ASK("<sw>6F00</sw>") ASK("")), NULL);
    lint("card.ssse", STEPS("<fault kind=\"mute\"/><advance seconds=\"1\"/>" SILENT), NULL);
}

static void senseless_faults_are_found(void)
{
    lint("card.ssse", STEPS(SILENT), "may have no answer, but no fault takes it away");
    lint("card.ssse", STEPS("<fault kind=\"sw\" sw=\"6F00\"/>" SILENT), "may have no answer, but no fault");
    lint("card.ssse", STEPS("<fault id=\"f\" kind=\"remove\"/>" ASK("")), "fault f leaves step");
    lint("card.ssse", STEPS("<fault id=\"f\" kind=\"mute\"/>" ASK("<no-answer/><sw>9000</sw>")),
         "it needs no-answer alone");
    lint("card.ssse", STEPS("<fault kind=\"remove\"/>" SILENT ASK("")), "has no power after step");
    lint("card.ssse", STEPS("<fault id=\"f\" kind=\"remove\"/>"), "fault f meets no exchange");
    lint("card.ssse and psam", STEPS("<fault to=\"psam\" kind=\"remove\"/>" ASK("")), "meets no exchange");
    lint("card.ssse", STEPS("<fault kind=\"mute\"/><fault kind=\"remove\"/>" SILENT), "takes the place of");
    lint("card.ssse", STEPS("<fault kind=\"tear-after-bytes\" bytes=\"1\"/>" ASK("<no-answer/><sw>9000</sw>")),
         "needs the term link.tear");
    lint("card.ssse", STEPS(ASK("")) "<restore><fault kind=\"mute\"/>" SILENT "</restore>",
         "while the card is restored");
    /* what became of an update whose answer is lost is unknown: it has to be declared */
    lint(
        "card.ssse",
        STEPS("<fault kind=\"mute\"/><apdu cla=\"00\" ins=\"DC\" p1=\"01\" p2=\"30\" data=\"00\"><no-answer/></apdu>"),
        "UPDATE RECORD succeeds");
}

static void edits_reach_faults(void)
{
    oc_vectors *vectors = oc_kit_parse(OC_SUITE_HEAD OC_CASE_HEAD(
        "CARD.A") "<steps><fault id=\"f\" kind=\"sw\" sw=\"6F00\"/>"
                  "<apdu id=\"a\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\"><sw>6F00</sw></apdu></steps>"
                  "<negative id=\"CARD.A.N\" because=\"power-lost\"><edit step=\"f\" set=\"sw\" to=\"6F01\"/>"
                  "<expect step=\"a\"><sw>6F01</sw></expect></negative>"
                  "<negative id=\"CARD.A.M\" because=\"power-lost\"><edit before=\"a\"><fault kind=\"mute\"/></edit>"
                  "<expect step=\"a\"><no-answer/></expect></negative></case></suite>");
    const oc_case *one = oc_vectors_case(vectors, 0);
    CU_ASSERT_EQUAL_FATAL(one->negative_count, 2);
    oc_fault_order order;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_step_fault(&one->negatives[0].steps[0], &order, &diag));
    CU_ASSERT_EQUAL(order.value, 0x6F01);
    CU_ASSERT_TRUE(oc_expects_silence(&one->negatives[1].steps[2].expect));
    oc_vectors_free(&vectors);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"orders are read", orders_are_read},
        {"bad orders are refused", bad_orders_are_refused},
        {"sound faults have no finding", sound_faults_have_no_finding},
        {"senseless faults are found", senseless_faults_are_found},
        {"edits reach faults", edits_reach_faults},
        {NULL, NULL},
    };
    oc_diag diag = {0};
    if (!oc_is_ok(oc_catalogue_load(&catalogue, "vectors", &diag))) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
        return 2;
    }
    int code = oc_test_main("faults in vectors", rows);
    oc_catalogue_free(&catalogue);
    return code;
}
