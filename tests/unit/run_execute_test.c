/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts of whole cases, on the virtual third-generation card in this process. */
#include "conformance/run/execute.h"

#include <stdio.h>

#include "tests/unit/dialect_kit.h"

static oc_profile *profile;
static oc_catalogue *catalogue;
static oc_card_os *card_os;
static oc_card_os *psam_os;
static oc_mask *mask;

/* A requirement of each kind, from the shipped catalogue. */
static const char *firm, *weak;

static oc_world *new_world(bool no_keys)
{
    static oc_spec is_virtual;
    static const oc_keys_spec no_provider = {.kind = OC_KEYS_NONE};
    static const oc_keys_spec from_profile = {.kind = OC_KEYS_PROFILE};
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_spec_parse(&is_virtual, "virtual", &diag));
    const oc_world_plan plan = {.profile = profile,
                                .card_os = card_os,
                                .psam_os = psam_os,
                                .card = &is_virtual,
                                .psam = &is_virtual,
                                .keys = no_keys ? &no_provider : &from_profile,
                                .timeout_ms = 10000};
    oc_world *world = NULL;
    OC_ASSERT_OK(oc_world_new(&world, &plan, &diag));
    return world;
}

struct ran {
    oc_vectors *vectors;
    oc_world *world;
    oc_outcome outcome;
};

static struct ran run_with(const char *requirements, const char *rest, bool no_keys, int negative,
                           enum oc_verdict twin)
{
    char xml[4000];
    struct ran ran = {0};
    snprintf(xml, sizeof xml,
             OC_SUITE_HEAD
             "<routine id=\"enter\"><apdu id=\"a\" cla=\"00\" ins=\"A4\" p1=\"00\" p2=\"00\" data=\"EEEE\"/></routine>"
             "<case id=\"CARD.A\" touches=\"none\"><title xml:lang=\"en\">One</title>%s%s</case></suite>",
             requirements, rest);
    ran.vectors = oc_kit_parse(xml);
    ran.world = new_world(no_keys);
    oc_executor executor = {.world = ran.world, .catalogue = catalogue, .mask = mask, .pass = "test", .seed = 1};
    const oc_case *subject = oc_vectors_case(ran.vectors, 0);
    oc_execute(&executor, negative < 0 ? subject : &subject->negatives[negative], twin, &ran.outcome);
    return ran;
}

static void let_go(struct ran *ran)
{
    oc_outcome_free(&ran->outcome);
    oc_world_free(&ran->world);
    oc_vectors_free(&ran->vectors);
}

static void expect_all(const char *requirements, const char *rest, bool no_keys, int negative, enum oc_verdict twin,
                       enum oc_verdict verdict, const char *part)
{
    struct ran ran = run_with(requirements, rest, no_keys, negative, twin);
    const char *reason = ran.outcome.reason == NULL ? "" : ran.outcome.reason;
    if (ran.outcome.verdict != verdict || strstr(reason, part) == NULL) {
        printf("\n    %s: %s, not %s: %s\n", rest, oc_verdict_name(ran.outcome.verdict), oc_verdict_name(verdict),
               reason);
        CU_FAIL("verdict");
    }
    CU_ASSERT_EQUAL(ran.outcome.reason == NULL, verdict == OC_VERDICT_PASS);
    let_go(&ran);
}

static char firm_req[100], weak_req[100], choice_req[120];

static void expect(const char *rest, enum oc_verdict verdict, const char *part)
{
    expect_all(firm_req, rest, false, -1, OC_VERDICT_PASS, verdict, part);
}

#define CHALLENGE "<apdu id=\"c\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"08\"/>"
#define WRONG "<apdu id=\"w\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"08\"><sw>6A82</sw></apdu>"
#define STEPS(steps) "<steps>" steps "</steps>"

static void mismatch_counts_by_confidence(void)
{
    expect(STEPS(CHALLENGE), OC_VERDICT_PASS, "");
    expect(STEPS(WRONG), OC_VERDICT_FAIL, "step w: sw: expected 6A82, received 9000 (success)");
    expect_all(weak_req, STEPS(WRONG), false, -1, OC_VERDICT_PASS, OC_VERDICT_DEVIATION, "step w");
    expect_all(choice_req, STEPS(WRONG), false, -1, OC_VERDICT_PASS, OC_VERDICT_DEVIATION, "step w");
    char own[400];
    snprintf(own, sizeof own,
             STEPS("<apdu cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"08\"><sw req=\"%s\">6A82</sw></apdu>"), weak);
    expect(own, OC_VERDICT_DEVIATION, "");
    snprintf(own, sizeof own,
             STEPS("<apdu cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"08\"><sw req=\"%s\">6A82</sw></apdu>"), firm);
    expect_all(weak_req, own, false, -1, OC_VERDICT_PASS, OC_VERDICT_FAIL, "");
    /* a requirement that nobody knows is no ground for a FAIL */
    expect_all("<req>SSC.NOT.THERE</req>", STEPS(WRONG), false, -1, OC_VERDICT_PASS, OC_VERDICT_DEVIATION, "");
    expect_all("", STEPS(WRONG), false, -1, OC_VERDICT_PASS, OC_VERDICT_DEVIATION, "");
}

static void evidence_names_the_check(void)
{
    struct ran ran = run_with(firm_req, STEPS(CHALLENGE WRONG "<reset kind=\"cold\"/>"), false, -1, OC_VERDICT_PASS);
    const oc_outcome *outcome = &ran.outcome;
    CU_ASSERT_TRUE_FATAL(outcome->has_evidence);
    CU_ASSERT_STRING_EQUAL(outcome->evidence.step, "w");
    CU_ASSERT_STRING_EQUAL(outcome->evidence.what, "sw");
    CU_ASSERT_STRING_EQUAL(outcome->evidence.requirement, firm);
    CU_ASSERT_STRING_EQUAL(outcome->evidence.confidence, "A");
    /* opening reset, c, w; what comes behind a failure is not run */
    CU_ASSERT_EQUAL_FATAL(outcome->step_count, 3);
    CU_ASSERT_STRING_EQUAL(outcome->steps[0].id, "reset");
    CU_ASSERT_STRING_EQUAL(outcome->steps[2].latency_class, "GET CHALLENGE");
    CU_ASSERT_EQUAL(outcome->steps[2].exchange_count, 1);
    CU_ASSERT_STRING_EQUAL(outcome->steps[2].exchanges[0].command, "0084000008");
    let_go(&ran);
}

static void preparation_is_not_judged(void)
{
    expect(STEPS("<use routine=\"enter\"/>" CHALLENGE), OC_VERDICT_INCONCLUSIVE,
           "the preparation enter did not succeed");
    expect(STEPS(CHALLENGE) "<restore>" WRONG "</restore>", OC_VERDICT_INCONCLUSIVE, "the card was not restored");
    expect(STEPS(WRONG) "<restore>" WRONG "</restore>", OC_VERDICT_FAIL, "step w"); /* the worse stays */
    expect("<clock/>" STEPS(CHALLENGE), OC_VERDICT_PASS, "");
}

static void what_cannot_be_judged(void)
{
    expect("<if>card.df08</if>" STEPS(CHALLENGE), OC_VERDICT_NOT_APPLICABLE, "card.df08 = no");
    expect("<if>read.pin-and-key(DF04/EF06) and update.never(DF04/EF08) and not read.pin(DF04/EF06)</if>" STEPS(
               CHALLENGE),
           OC_VERDICT_PASS, "");
    expect("<if>read.free(DF04/EF77)</if>" STEPS(CHALLENGE), OC_VERDICT_NOT_APPLICABLE, "read.free(DF04/EF77) = no");
    expect("<if>card.ssse and nonsense</if>" STEPS(CHALLENGE), OC_VERDICT_ERROR, "nonsense is no known term");
    expect(STEPS("<let id=\"x\" fn=\"bytes\" value=\"@SSSE/EF05/99\"/>"), OC_VERDICT_NOT_APPLICABLE, "@SSSE/EF05/99");
    expect(STEPS("<let id=\"x\" fn=\"sum\" a=\"FF\" b=\"01\"/>"), OC_VERDICT_INCONCLUSIVE, "does not fit");
    expect(STEPS("<let id=\"x\" fn=\"bytes\" value=\"$never\"/>"), OC_VERDICT_INCONCLUSIVE, "$never");
    const char *ask = STEPS("<let id=\"x\" fn=\"tac\" key=\"key:DF04/DTK\" data=\"00\"/>");
    expect(ask, OC_VERDICT_PASS, "");
    expect_all(firm_req, ask, true, -1, OC_VERDICT_PASS, OC_VERDICT_NOT_RUN, "");
    expect("<if>key(DF04/DTK)</if>" STEPS(CHALLENGE), OC_VERDICT_PASS, "");
    expect_all(firm_req, "<if>key(DF04/DTK)</if>" STEPS(CHALLENGE), true, -1, OC_VERDICT_PASS,
               OC_VERDICT_NOT_APPLICABLE, "key(DF04/DTK) = no");
}

#define NEGATIVE(edit, step, sw)                                                                                      \
    "<negative id=\"CARD.A.N\" because=\"wrong-p1p2\">" edit "<expect step=\"" step "\"><sw>" sw                      \
    "</sw></expect></negative>"
#define ONE_NEGATIVE STEPS(CHALLENGE) NEGATIVE("<edit step=\"c\" set=\"p1\" to=\"01\"/>", "c", "6A86")

static void negative(const char *rest, enum oc_verdict twin, enum oc_verdict verdict, const char *part)
{
    expect_all(firm_req, rest, false, 0, twin, verdict, part);
}

static void negatives_depend_on_their_twin(void)
{
    negative(ONE_NEGATIVE, OC_VERDICT_PASS, OC_VERDICT_PASS, "");
    negative(ONE_NEGATIVE, OC_VERDICT_NOT_APPLICABLE, OC_VERDICT_NOT_APPLICABLE, "CARD.A is NOT_APPLICABLE");
    negative(ONE_NEGATIVE, OC_VERDICT_NOT_RUN, OC_VERDICT_NOT_RUN, "CARD.A is NOT_RUN");
    negative(ONE_NEGATIVE, OC_VERDICT_FAIL, OC_VERDICT_INCONCLUSIVE, "CARD.A is FAIL");
    negative(ONE_NEGATIVE, OC_VERDICT_DEVIATION, OC_VERDICT_INCONCLUSIVE, "CARD.A is DEVIATION");
    negative(ONE_NEGATIVE, OC_VERDICT_INCONCLUSIVE, OC_VERDICT_INCONCLUSIVE, "CARD.A is INCONCLUSIVE");
    negative(ONE_NEGATIVE, OC_VERDICT_ERROR, OC_VERDICT_INCONCLUSIVE, "CARD.A is ERROR");
}

static void negatives_are_judged_where_they_must_fail(void)
{
    negative(STEPS(CHALLENGE) NEGATIVE("<edit repeat=\"c\"/>", "c.2", "6985"), OC_VERDICT_PASS, OC_VERDICT_FAIL,
             "step c.2");
    /* steps behind the stated failure are not run */
    negative(STEPS(CHALLENGE WRONG) NEGATIVE("<edit step=\"c\" set=\"p1\" to=\"01\"/>", "c", "6A86"), OC_VERDICT_PASS,
             OC_VERDICT_PASS, "");
    /* one before it that fails says nothing */
    negative(STEPS(WRONG CHALLENGE) NEGATIVE("<edit step=\"c\" set=\"p1\" to=\"01\"/>", "c", "6A86"), OC_VERDICT_PASS,
             OC_VERDICT_INCONCLUSIVE, "before the step in question");
    /* and the restore steps are run */
    negative(STEPS(CHALLENGE) "<restore>" WRONG
                              "</restore>" NEGATIVE("<edit step=\"c\" set=\"p1\" to=\"01\"/>", "c", "6A86"),
             OC_VERDICT_PASS, OC_VERDICT_INCONCLUSIVE, "not restored");
}

/* The same bytes as the twin's, whatever ran before. */
static void random_bytes_are_the_twins(void)
{
    const char *rest = STEPS("<let id=\"x\" fn=\"random\" len=\"8\"/>" CHALLENGE)
        NEGATIVE("<edit step=\"c\" set=\"p1\" to=\"01\"/>", "c", "6A86");
    struct ran twin = run_with(firm_req, rest, false, -1, OC_VERDICT_PASS);
    struct ran other = run_with(firm_req, rest, false, 0, OC_VERDICT_PASS);
    CU_ASSERT_STRING_EQUAL(twin.outcome.steps[1].note, other.outcome.steps[1].note);
    CU_ASSERT_EQUAL(strncmp(twin.outcome.steps[1].note, "random = ", 9), 0);
    let_go(&other);
    let_go(&twin);
}

static void clock_is_the_cases(void)
{
    const char *now =
        "<steps><let id=\"x\" fn=\"now-bcd7\"/><advance seconds=\"61\"/><let id=\"y\" fn=\"now-bcd7\"/></steps>";
    struct ran ran = run_with(firm_req, now, false, -1, OC_VERDICT_PASS);
    CU_ASSERT_STRING_EQUAL(ran.outcome.steps[1].note, "now-bcd7 = 20260101080000");
    CU_ASSERT_STRING_EQUAL(ran.outcome.steps[3].note, "now-bcd7 = 20260101080101");
    let_go(&ran);
}

#define SILENT "<apdu id=\"s\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\" le=\"08\"><no-answer/></apdu>"
#define REMOVE "<fault id=\"f\" kind=\"remove\"/>"
#define TEAR(n) "<fault kind=\"tear-after-bytes\" bytes=\"" n "\"/>"
#define COLD "<reset kind=\"cold\"/>"

#define BASIC(code)                                                                                                   \
    "<call id=\"b\" fn=\"iReadCardBas\"><send name=\"type\">'1'</send>"                                               \
    "<answer name=\"code\" eq=\"'" code "'\"/></call>"

/* What a call answered in which the fault did not strike counts for nothing, whatever it is; the steps before it do. */
static void a_fault_must_strike_in_its_call(void)
{
    static const char unstruck[] = "step b: the fault did not strike: it met no exchange with the card";
    expect(STEPS("<fault kind=\"remove\" skip=\"99\"/>" BASIC("-4") WRONG), OC_VERDICT_INCONCLUSIVE, unstruck);
    expect(STEPS("<fault kind=\"mute\" at=\"B02C\"/>" BASIC("0") WRONG), OC_VERDICT_INCONCLUSIVE, unstruck);
    expect(STEPS("<fault kind=\"tear-after-bytes\" bytes=\"0\" at=\"00DC\"/>" BASIC("-4")), OC_VERDICT_INCONCLUSIVE,
           unstruck);
    expect(STEPS("<fault to=\"psam\" kind=\"sw\" sw=\"6A88\" skip=\"99\"/>" BASIC("-2204")), OC_VERDICT_INCONCLUSIVE,
           "step b: the fault did not strike: it met no exchange with the psam");
    expect(STEPS("<fault kind=\"remove\" skip=\"99\"/>" WRONG), OC_VERDICT_FAIL, "step w");
    expect(STEPS("<fault kind=\"remove\" skip=\"1\"/>" BASIC("0")), OC_VERDICT_FAIL, "step b: answer");
    expect(STEPS("<fault kind=\"remove\" skip=\"9\"/>" CHALLENGE "<fault kind=\"garble\"/>" COLD),
           OC_VERDICT_INCONCLUSIVE, "the fault did not strike");
}

static void faults_are_the_harnesss(void)
{
    expect(STEPS(REMOVE SILENT COLD CHALLENGE), OC_VERDICT_PASS, "");
    expect(STEPS("<fault kind=\"mute\"/>" SILENT "<reset kind=\"warm\"/>" CHALLENGE), OC_VERDICT_PASS, "");
    expect(STEPS(REMOVE CHALLENGE), OC_VERDICT_FAIL, "answer: expected 9000, received none, through the fault remove");
    expect(STEPS(REMOVE SILENT CHALLENGE), OC_VERDICT_FAIL, "through the fault no power");
    expect(STEPS("<fault kind=\"sw\" sw=\"9000\"/>" SILENT), OC_VERDICT_FAIL, "expected no answer, received 9000");
    expect(STEPS("<fault kind=\"garble\" skip=\"5\"/>" CHALLENGE), OC_VERDICT_INCONCLUSIVE,
           "the fault did not strike: it met no exchange with the card");
    a_fault_must_strike_in_its_call();
    expect(STEPS("<fault kind=\"remove\" skip=\"1\"/><call fn=\"iReadCardBas\"><send name=\"type\">'1'</send><answer "
                 "name=\"code\" eq=\"'-4'\"/></call>"),
           OC_VERDICT_PASS, "");
    expect(STEPS("<issue/>" TEAR("0") "<reset kind=\"cold\"/>" CHALLENGE), OC_VERDICT_PASS, "");
    expect(STEPS("<fault kind=\"tear-after-bytes\" bytes=\"9\" skip=\"20\"/><issue><no-answer/></issue>" COLD
                 "<issue/>" CHALLENGE),
           OC_VERDICT_PASS, "");
    /* the restore begins with power */
    expect(STEPS(REMOVE SILENT) "<restore>" CHALLENGE "</restore>", OC_VERDICT_PASS, "");
    struct ran ran = run_with(firm_req, STEPS(REMOVE SILENT), false, -1, OC_VERDICT_PASS);
    CU_ASSERT_EQUAL_FATAL(ran.outcome.step_count, 3);
    CU_ASSERT_STRING_EQUAL(ran.outcome.steps[1].kind, "fault");
    CU_ASSERT_EQUAL_FATAL(ran.outcome.steps[2].exchange_count, 1);
    CU_ASSERT_STRING_EQUAL(ran.outcome.steps[2].exchanges[0].fault, "remove");
    CU_ASSERT_PTR_NULL(ran.outcome.steps[2].exchanges[0].response);
    CU_ASSERT_PTR_NULL(ran.outcome.steps[2].latency_class);
    let_go(&ran);
}

#define EITHER(value) STEPS("<let id=\"x\" fn=\"bytes\" value=\"" value "\"><data eq=\"0102\" or=\"0304\"/></let>")

static void either_state_will_do(void)
{
    expect(EITHER("0102"), OC_VERDICT_PASS, "");
    expect(EITHER("0304"), OC_VERDICT_PASS, "");
    expect(EITHER("0104"), OC_VERDICT_FAIL, "expected 0102 or 0304, received 0104");
}

#define THRICE(code)                                                                                                  \
    "<call id=\"b\" fn=\"iReadCardBas\" times=\"3\"><send name=\"type\">'1'</send>"                                   \
    "<answer name=\"code\" eq=\"'" code "'\"/><budget class=\"basic\" p99-us=\"70\"/></call>"

/* The first time, the last, and what went wrong stand in the record; an observation sees all of them. */
static void a_call_is_made_so_often(void)
{
    struct ran ran = run_with(firm_req, STEPS(THRICE("0")), false, -1, OC_VERDICT_PASS);
    CU_ASSERT_EQUAL(ran.outcome.verdict, OC_VERDICT_PASS);
    CU_ASSERT_EQUAL_FATAL(ran.outcome.step_count, 3);
    CU_ASSERT_STRING_EQUAL(ran.outcome.steps[1].id, "b");
    CU_ASSERT_STRING_EQUAL(ran.outcome.steps[2].id, "b.3");
    CU_ASSERT_EQUAL(ran.outcome.steps[1].exchange_count, ran.outcome.steps[2].exchange_count);
    CU_ASSERT_STRING_EQUAL(ran.outcome.steps[2].budget_class, "basic");
    CU_ASSERT_EQUAL(ran.outcome.steps[2].budget_p99_ns, 70000);
    let_go(&ran);
    expect(STEPS(THRICE("0") "<observe of=\"b\"><must ins=\"88\" sw=\"9000\" times=\"3\"/></observe>"),
           OC_VERDICT_PASS, "");
}

static void a_time_that_fails_is_named(void)
{
    struct ran ran = run_with(firm_req,
                              STEPS("<fault kind=\"sw\" sw=\"6F00\" at=\"0088\" times=\"1\" skip=\"0\"/>"
                                    "<call id=\"b\" fn=\"iReadCardBas\" times=\"9\"><send name=\"type\">'1'</send>"
                                    "<answer name=\"code\" below=\"0\"/></call>"),
                              false, -1, OC_VERDICT_PASS);
    CU_ASSERT_EQUAL(ran.outcome.verdict, OC_VERDICT_FAIL);
    CU_ASSERT_STRING_EQUAL(ran.outcome.evidence.step, "b.2");
    CU_ASSERT_EQUAL_FATAL(ran.outcome.step_count, 4);
    CU_ASSERT_STRING_EQUAL(ran.outcome.steps[3].id, "b.2");
    CU_ASSERT(ran.outcome.steps[3].exchange_count > 0);
    let_go(&ran);
}

static void pick_requirements(void)
{
    for (size_t i = 0; i < oc_catalogue_requirement_count(catalogue); i++) {
        const char *id = oc_catalogue_requirement(catalogue, i);
        char confidence = oc_catalogue_confidence(catalogue, id);
        firm = confidence == 'A' && firm == NULL ? id : firm;
        weak = confidence != 'A' && weak == NULL ? id : weak;
    }
    snprintf(firm_req, sizeof firm_req, "<req>%s</req>", firm);
    snprintf(weak_req, sizeof weak_req, "<req>%s</req>", weak);
    snprintf(choice_req, sizeof choice_req, "<req strength=\"choice\">%s</req>", firm);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"a mismatch counts by confidence", mismatch_counts_by_confidence},
        {"evidence names the check", evidence_names_the_check},
        {"preparation is not judged", preparation_is_not_judged},
        {"what cannot be judged", what_cannot_be_judged},
        {"negatives depend on their twin", negatives_depend_on_their_twin},
        {"negatives are judged where they must fail", negatives_are_judged_where_they_must_fail},
        {"random bytes are the twin's", random_bytes_are_the_twins},
        {"the clock is the case's", clock_is_the_cases},
        {"faults are the harness's", faults_are_the_harnesss},
        {"either state will do", either_state_will_do},
        {"a call is made so often", a_call_is_made_so_often},
        {"a time that fails is named", a_time_that_fails_is_named},
        {NULL, NULL},
    };
    oc_diag diag = {0};
    if (!oc_is_ok(oc_profile_load(&profile, "vectors/cards/ssc-3.0.xml", &diag)) ||
        !oc_is_ok(oc_catalogue_load(&catalogue, "vectors", &diag)) || !oc_is_ok(oc_issuer_card_os(&card_os)) ||
        !oc_is_ok(oc_issuer_psam_os(&psam_os)) || !oc_is_ok(oc_mask_new(&mask, profile, false))) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
        return 2;
    }
    pick_requirements();
    int code = oc_test_main("verdicts", rows);
    oc_mask_free(&mask);
    oc_card_os_free(&card_os);
    oc_card_os_free(&psam_os);
    oc_catalogue_free(&catalogue);
    oc_profile_free(&profile);
    return code;
}
