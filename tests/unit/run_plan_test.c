/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/plan.h"

#include <stdio.h>

#include "conformance/dut/spec.h"
#include "conformance/record/outcome.h"
#include "conformance/run/latency_class.h"
#include "conformance/run/runner.h"
#include "tests/unit/dialect_kit.h"

static oc_vectors *vectors;

static void expect_units(const oc_selection *selection, const char *wanted)
{
    oc_plan plan = {0};
    oc_diag diag = {0};
    char ids[400] = "";
    OC_ASSERT_OK(oc_plan_make(&plan, vectors, selection, &diag));
    size_t cases = 0;
    for (size_t i = 0; i < plan.unit_count; i++) {
        snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%s", i == 0 ? "" : " ", plan.units[i]->id);
        cases += 1 + plan.units[i]->negative_count;
    }
    CU_ASSERT_STRING_EQUAL(ids, wanted);
    CU_ASSERT_EQUAL(plan.case_count, cases);
    CU_ASSERT_STRING_EQUAL(plan.sanity->id, OC_SANITY_ID); /* always there, never among the units */
    oc_plan_free(&plan);
}

static void by_expression(void)
{
    expect_units(&(oc_selection){0}, "CARD.A CARD.B.1 CARD.B.2 FLOW.C");
    expect_units(&(oc_selection){.id_regex = "^CARD\\.B"}, "CARD.B.1 CARD.B.2");
    expect_units(&(oc_selection){.id_regex = "A|C$"}, "CARD.A CARD.B.1 CARD.B.2 FLOW.C");
    expect_units(&(oc_selection){.id_regex = "NEG"}, "CARD.A"); /* the twin comes along */
    expect_units(&(oc_selection){.id_regex = "SAFETY"}, "CARD.A");
    expect_units(&(oc_selection){.id_regex = "nothing"}, "");
    expect_units(&(oc_selection){.id_regex = "SANITY"}, "");
    oc_plan plan;
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_plan_make(&plan, vectors, &(oc_selection){.id_regex = "("}, &diag), OC_E_USAGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "regular expression"));
}

/* Whole folders, as they are shipped. */
static size_t shipped(const char *area, oc_selection selection)
{
    char path[64];
    const char *paths[] = {path};
    oc_vectors *all = NULL;
    oc_plan plan = {0};
    oc_diag diag = {0};
    snprintf(path, sizeof path, "vectors/%s", area);
    OC_ASSERT_OK(oc_vectors_load(&all, paths, 1, "vectors/schema/vectors.xsd", &diag));
    OC_ASSERT_OK(oc_plan_make(&plan, all, &selection, &diag));
    size_t count = plan.unit_count;
    oc_plan_free(&plan);
    oc_vectors_free(&all);
    return count;
}

static void by_what_is_tested(void)
{
    static const char *const others[] = {"terminal", "host"};
    for (size_t i = 0; i < 2; i++) {
        CU_ASSERT_TRUE(shipped(others[i], (oc_selection){0}) > 0);
        CU_ASSERT_EQUAL(shipped(others[i], (oc_selection){.for_card = true}), 0);
        CU_ASSERT_TRUE(shipped(others[i], (oc_selection){.for_card = true, .tag = others[i]}) > 0);
    }
    /* Some flows are between a person and the back-end alone. */
    size_t flows = shipped("flows", (oc_selection){.for_card = true});
    CU_ASSERT_TRUE(flows > 0 && flows < shipped("flows", (oc_selection){0}));
    CU_ASSERT_EQUAL(shipped("host", (oc_selection){.for_terminal = true}), 0);
}

static void by_tag(void)
{
    expect_units(&(oc_selection){.tag = "card"}, "CARD.A CARD.B.1 CARD.B.2");
    expect_units(&(oc_selection){.tag = "flow"}, "FLOW.C");
    expect_units(&(oc_selection){.tag = "terminal or host"}, "");
    expect_units(&(oc_selection){.tag = "negative"}, "CARD.A");
    expect_units(&(oc_selection){.tag = "official"}, "CARD.A");
    expect_units(&(oc_selection){.tag = "official(DF04_SAFETY)"}, "CARD.A");
    expect_units(&(oc_selection){.tag = "official(DF04)"}, "");
    expect_units(&(oc_selection){.tag = "req(SSC.PIN)"}, "CARD.A FLOW.C");
    expect_units(&(oc_selection){.tag = "touches.counters"}, "CARD.B.1 CARD.B.2");
    expect_units(&(oc_selection){.tag = "condition(stated) and card"}, "CARD.A CARD.B.1 CARD.B.2");
    expect_units(&(oc_selection){.tag = "condition(wrong-city)"}, "");
    expect_units(&(oc_selection){.tag = "touches.count"}, "");
    expect_units(&(oc_selection){.tag = "card and not touches.counters"}, "CARD.A");
    expect_units(&(oc_selection){.tag = "card", .id_regex = "\\.2$"}, "CARD.B.2");
    static const char *const bad[] = {"colour", "card and", "", "req(", "card or colour"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        oc_plan plan;
        oc_diag diag = {0};
        OC_ASSERT_CODE(oc_plan_make(&plan, vectors, &(oc_selection){.tag = bad[i]}, &diag), OC_E_USAGE);
        CU_ASSERT(diag.reason[0] != '\0');
        CU_ASSERT_PTR_NULL(plan.units);
    }
}

#define STEP(step) "<steps>" step "</steps></case>"
#define CALL(fn, more) "<call fn=\"" fn "\"><send name=\"type\">'1'</send>" more "</call>"
#define PIN "<send name=\"pin\">'123456'</send>"

/* What happens to the card, then what is typed, then the function, then the place in the file. */
static void for_an_operator(void)
{
    oc_vectors *some = oc_kit_parse(
        OC_SUITE_HEAD OC_CASE_HEAD("A") STEP("<fault kind=\"swap-card\"/>" CALL("iReadCardBas", "")) OC_CASE_HEAD("B")
            STEP(CALL("iVerifyPIN", PIN)) OC_CASE_HEAD("C") STEP(CALL("iReadCardBas", "")) OC_CASE_HEAD("D")
                STEP("<fault kind=\"remove\"/>" CALL("iReadCardBas", "")) OC_CASE_HEAD("E")
                    STEP(CALL("iVerifyPIN", "<send name=\"pin\">'000000'</send>")) OC_CASE_HEAD("F")
                        STEP(CALL("iUnblockPIN", "<send name=\"card-info\">'1|2|'</send>")) OC_CASE_HEAD("G")
                            STEP("<fault kind=\"take-out\"/>" CALL("iReadCardBas", "")) OC_CASE_HEAD("H")
                                STEP(CALL("iReadDebitRecord", PIN)) OC_CASE_HEAD("I") STEP(CALL("iVerifyPIN", PIN))
                                    OC_CASE_HEAD("J") STEP(CALL("iReadCardBas", "")) "</suite>");
    static const struct {
        oc_selection selection;
        const char *ids;
    } rows[] = {{{.for_operator = true}, "CJFEBIHDGA"},
                {{0}, "ABCDEFGHIJ"},
                {{.for_operator = true, .shard = 1, .shards = 2}, "CEIGA"},
                {{.for_operator = true, .shard = 2, .shards = 2}, "JFBHD"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_plan plan;
        oc_diag diag = {0};
        char ids[16] = "";
        OC_ASSERT_OK(oc_plan_make(&plan, some, &rows[i].selection, &diag));
        for (size_t k = 0; k < plan.unit_count && k < sizeof ids - 1; k++) {
            ids[k] = plan.units[k]->id[0];
        }
        CU_ASSERT_STRING_EQUAL(ids, rows[i].ids);
        oc_plan_free(&plan);
    }
    oc_vectors_free(&some);
}

/* The shipped vectors, so that there is something to divide. */
static void shards_are_disjoint_and_complete(void)
{
    oc_vectors *all = NULL;
    oc_diag diag = {0};
    const char *folder = "vectors";
    OC_ASSERT_OK(oc_vectors_load(&all, &folder, 1, "vectors/schema/vectors.xsd", &diag));
    oc_plan whole;
    OC_ASSERT_OK(oc_plan_make(&whole, all, &(oc_selection){0}, &diag));
    CU_ASSERT_FATAL(whole.unit_count > 100);
    for (unsigned shards = 1; shards <= 7; shards++) {
        size_t units = 0;
        size_t cases = 0;
        size_t found = 0;
        for (unsigned shard = 1; shard <= shards; shard++) {
            oc_plan part;
            OC_ASSERT_OK(oc_plan_make(&part, all, &(oc_selection){.shard = shard, .shards = shards}, &diag));
            units += part.unit_count;
            cases += part.case_count;
            CU_ASSERT(part.unit_count >= whole.unit_count / shards);
            for (size_t i = 0; i < part.unit_count; i++) {
                found += part.units[i] == whole.units[i * shards + shard - 1];
                for (size_t n = 0; n < part.units[i]->negative_count; n++) {
                    CU_ASSERT_PTR_EQUAL_FATAL(part.units[i]->negatives[n].twin, part.units[i]);
                }
            }
            oc_plan_free(&part);
        }
        CU_ASSERT_EQUAL(units, whole.unit_count);
        CU_ASSERT_EQUAL(found, whole.unit_count);
        CU_ASSERT_EQUAL(cases, whole.case_count);
    }
    oc_plan_free(&whole);
    oc_vectors_free(&all);
}

static void exit_codes(void)
{
    enum { P, NA, NR, I, D, F, E };
    static const struct {
        size_t counts[OC_VERDICT_COUNT];
        size_t differences;
        bool strict, interrupted;
        int code;
    } rows[] = {
        {{[P] = 5}, 0, false, false, 0},
        {{[P] = 5, [D] = 1}, 0, false, false, 0},
        {{[P] = 5, [D] = 1}, 0, true, false, 1},
        {{[D] = 1}, 0, false, false, 0},
        {{[P] = 5, [F] = 1}, 0, false, false, 1},
        {{[P] = 5, [E] = 1}, 0, false, false, 3},
        {{[P] = 5, [E] = 1, [F] = 1}, 0, false, false, 1},
        {{[P] = 5}, 1, false, false, 3},
        {{[P] = 5, [I] = 1}, 0, false, false, 6},
        {{[P] = 5, [I] = 1, [D] = 1}, 0, true, false, 1},
        {{[P] = 5, [I] = 1}, 1, false, false, 3},
        {{0}, 0, false, false, 4},
        {{[NA] = 9}, 0, false, false, 4},
        {{[NR] = 9}, 0, false, false, 4},
        {{[NA] = 9, [P] = 1}, 0, false, false, 0},
        {{[F] = 9}, 1, true, true, 130},
        {{[P] = 9}, 0, false, true, 130},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(oc_run_exit_code(rows[i].counts, rows[i].differences, rows[i].strict, rows[i].interrupted),
                        rows[i].code);
    }
    /* The rows name the verdicts by their order. */
    CU_ASSERT_EQUAL(P, OC_VERDICT_PASS);
    CU_ASSERT_EQUAL(NA, OC_VERDICT_NOT_APPLICABLE);
    CU_ASSERT_EQUAL(NR, OC_VERDICT_NOT_RUN);
    CU_ASSERT_EQUAL(I, OC_VERDICT_INCONCLUSIVE);
    CU_ASSERT_EQUAL(D, OC_VERDICT_DEVIATION);
    CU_ASSERT_EQUAL(F, OC_VERDICT_FAIL);
    CU_ASSERT_EQUAL(E, OC_VERDICT_ERROR);
}

static void verdicts_only_get_worse(void)
{
    for (unsigned a = 0; a < OC_VERDICT_COUNT; a++) {
        for (unsigned b = 0; b < OC_VERDICT_COUNT; b++) {
            enum oc_verdict worse = oc_verdict_worse((enum oc_verdict)a, (enum oc_verdict)b);
            bool keeps_fail = a == OC_VERDICT_FAIL && b == OC_VERDICT_ERROR;
            CU_ASSERT_EQUAL((unsigned)worse, keeps_fail ? (unsigned)OC_VERDICT_FAIL : a > b ? a : b);
        }
    }
}

static void specs(void)
{
    oc_spec spec;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_spec_parse(&spec, "virtual", &diag));
    CU_ASSERT_EQUAL(spec.kind, OC_SPEC_VIRTUAL);
    OC_ASSERT_OK(oc_spec_parse(&spec, "none", &diag));
    CU_ASSERT_EQUAL(spec.kind, OC_SPEC_NONE);
    OC_ASSERT_OK(oc_spec_parse(&spec, "pcsc:A Reader 00 00", &diag));
    CU_ASSERT_EQUAL(spec.kind, OC_SPEC_PCSC);
    CU_ASSERT_STRING_EQUAL(spec.detail, "A Reader 00 00");
    OC_ASSERT_OK(oc_spec_parse(&spec, "exec:./card --x=y:z", &diag));
    CU_ASSERT_EQUAL(spec.kind, OC_SPEC_EXEC);
    CU_ASSERT_STRING_EQUAL(spec.detail, "./card --x=y:z");
    OC_ASSERT_OK(oc_spec_parse(&spec, "vpcd:35963", &diag));
    CU_ASSERT_EQUAL(spec.port, 35963);
    static const char *const bad[] = {
        "", "card", "pcsc:", "exec:", "vpcd:", "vpcd:0", "vpcd:65536", "vpcd:1x", "Virtual"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        oc_diag reason = {0};
        OC_ASSERT_CODE(oc_spec_parse(&spec, bad[i], &reason), OC_E_USAGE);
        CU_ASSERT(reason.reason[0] != '\0');
    }
    char text[600];
    memset(text, 'x', sizeof text - 1);
    memcpy(text, "exec:", 5);
    text[sizeof text - 1] = '\0';
    OC_ASSERT_CODE(oc_spec_parse(&spec, text, &diag), OC_E_USAGE);
}

static void latency_classes(void)
{
    CU_ASSERT_STRING_EQUAL(oc_latency_class(0x00, 0xA4, 0x04), "SELECT");
    CU_ASSERT_STRING_EQUAL(oc_latency_class(0xB0, 0x28, 0x00), "INITIALIZE FOR LOAD");
    CU_ASSERT_STRING_EQUAL(oc_latency_class(0xB0, 0x28, 0x01), "INITIALIZE FOR PURCHASE");
    CU_ASSERT_STRING_EQUAL(oc_latency_class(0xB0, 0x28, 0x02), "other");
    CU_ASSERT_STRING_EQUAL(oc_latency_class(0x80, 0xA4, 0x00), "other");
}

int main(void)
{
    const oc_test_row rows[] = {
        {"by expression", by_expression},
        {"by tag", by_tag},
        {"by what is tested", by_what_is_tested},
        {"for an operator", for_an_operator},
        {"shards are disjoint and complete", shards_are_disjoint_and_complete},
        {"exit codes", exit_codes},
        {"verdicts only get worse", verdicts_only_get_worse},
        {"specs", specs},
        {"latency classes", latency_classes},
        {NULL, NULL},
    };
    const char *xml = OC_SUITE_HEAD
        "<case id=\"CARD.SANITY\"><steps><reset kind=\"cold\"/></steps></case>"
        "<case id=\"CARD.A\" official=\"DF04_SAFETY\" touches=\"none\"><req>SSC.PIN.VERIFY</req><steps>"
        "<reset id=\"r\" kind=\"cold\"/></steps><negative id=\"CARD.A.NEG\" because=\"tac\"><edit repeat=\"r\"/>"
        "<expect step=\"r.2\"><data len=\"1\"/></expect></negative></case>"
        "<case id=\"CARD.B\" touches=\"counters volatile\"><req>SSC.ATR.SHAPE</req>"
        "<table><row key=\"1\"/><row key=\"2\"/></table><steps/></case>"
        "<case id=\"CARD.OLD\" state=\"retired\"><steps/></case>"
        "<flow id=\"FLOW.C\"><req>SSC.ATR</req><req>SSC.PIN.WRONG</req><steps/></flow></suite>";
    oc_diag diag = {0};
    if (!oc_is_ok(oc_vectors_parse(&vectors, oc_span_text(xml), "kit.xml", &diag))) {
        fprintf(stderr, "%s\n", diag.reason);
        return 2;
    }
    int code = oc_test_main("plan", rows);
    oc_vectors_free(&vectors);
    return code;
}
