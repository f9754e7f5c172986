/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/judge.h"

#include <stdio.h>

#include "tests/unit/dialect_kit.h"

/* One judgement: the expectation of a step, what was received, and what came out. */
static oc_arena arena;
static oc_mask *mask;
static oc_fields captured;
static oc_outcome_evidence evidence;

static oc_result keep(void *context, const char *name, oc_span value)
{
    (void)context;
    return oc_fields_set(&captured, name, value);
}

static oc_vectors *step_of(const char *expectation)
{
    char xml[3000];
    snprintf(xml, sizeof xml,
             OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps><apdu id=\"s\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\">%s"
                                                  "</apdu></steps></case></suite>",
             expectation);
    return oc_kit_parse(xml);
}

static oc_result judge(const char *expectation, unsigned sw, oc_span data, bool data_expected, bool *fits)
{
    static oc_scope scope;
    scope = oc_kit_scope();
    const oc_judge judge = {&scope, mask, &arena, keep, NULL, false};
    oc_vectors *vectors = step_of(expectation);
    oc_diag diag = {0};
    evidence = (oc_outcome_evidence){0};
    oc_fields_free(&captured);
    oc_result r = oc_judge_response(&judge, &oc_vectors_case(vectors, 0)->steps[0].expect, oc_sw_of(sw), data,
                                    data_expected, fits, &evidence, &diag);
    if (evidence.requirement != NULL) {
        evidence.requirement = oc_arena_text(&arena, evidence.requirement);
    }
    oc_vectors_free(&vectors);
    return r;
}

static void accept(const char *expectation, unsigned sw, const char *hex)
{
    bool fits = false;
    OC_ASSERT_OK(judge(expectation, sw, oc_test_hex(hex), true, &fits));
    if (!fits) {
        printf("\n    %s, %04X %s: %s: %s, %s\n", expectation, sw, hex, evidence.what, evidence.expected,
               evidence.received);
    }
    CU_ASSERT_TRUE(fits);
}

static void reject(const char *expectation, unsigned sw, const char *hex, const char *what, const char *expected,
                   const char *received, long difference)
{
    bool fits = true;
    OC_ASSERT_OK(judge(expectation, sw, oc_test_hex(hex), true, &fits));
    CU_ASSERT_FALSE_FATAL(fits);
    bool same = strcmp(evidence.what, what) == 0 && strcmp(evidence.expected, expected) == 0 &&
                strcmp(evidence.received, received) == 0 && evidence.first_difference == difference;
    if (!same) {
        printf("\n    %s: %s | %s | %s | %ld\n", expectation, evidence.what, evidence.expected, evidence.received,
               evidence.first_difference);
    }
    CU_ASSERT_TRUE(same);
}

static void status_words(void)
{
    accept("", 0x9000, "");
    accept("<sw>9000</sw>", 0x9000, "");
    accept("<sw>63C?</sw>", 0x63C5, "");
    accept("<sw>61xx</sw>", 0x6118, "");
    accept("<sw>??"
           "?"
           "?</sw>",
           0x0000, "");
    accept("<sw>6A82 6A83</sw>", 0x6A83, "");
    reject("", 0x6A82, "", "sw", "9000", "6A82 (file not found)", -1);
    reject("<sw>63C?</sw>", 0x63D5, "", "sw", "63C?", "63D5", -1);
    reject("<sw>6A82 6A83</sw>", 0x9000, "", "sw", "6A82 6A83", "9000 (success)", -1);
    reject("<sw req=\"SSC.OWN\">9000</sw>", 0x6700, "", "sw", "9000", "6700 (wrong length)", -1);
    CU_ASSERT_STRING_EQUAL(evidence.requirement, "SSC.OWN");
}

static void data_without_expectation(void)
{
    bool fits = true;
    OC_ASSERT_OK(judge("", 0x9000, oc_test_hex("0102"), false, &fits));
    CU_ASSERT_FALSE(fits);
    CU_ASSERT_STRING_EQUAL(evidence.expected, "no data");
    OC_ASSERT_OK(judge("", 0x9000, oc_test_hex("0102"), true, &fits));
    CU_ASSERT_TRUE(fits);
}

static void whole_data(void)
{
    accept("<data eq=\"01 $eight[1:2] 'A'\"/>", 0x9000, "01020341");
    reject("<data eq=\"010203\"/>", 0x9000, "010204", "data", "010203", "010204", 2);
    reject("<data eq=\"010203\"/>", 0x9000, "0102", "data", "010203", "0102", 2);
    reject("<data eq=\"010203\"/>", 0x9000, "01020304", "data", "010203", "01020304", 3);
    reject("<data eq=\"\"/>", 0x9000, "01", "data", "", "01", 0);
    accept("<data eq=\"F0FF\" mask=\"F00F\"/>", 0x9000, "FA0F");
    reject("<data eq=\"F0FF\" mask=\"F00F\"/>", 0x9000, "FA0E", "data", "F0FF", "FA0E", 1);
    /* a mask that is too short leaves the rest compared as a whole */
    reject("<data eq=\"F0FF\" mask=\"00\"/>", 0x9000, "00FE", "data", "F0FF", "00FE", 1);
    accept("<data len=\"2\"/>", 0x9000, "0102");
    reject("<data len=\"2\"/>", 0x9000, "01", "data", "2 bytes", "1 bytes: 01", -1);
    accept("<data min=\"1\" max=\"3\"/>", 0x9000, "010203");
    reject("<data min=\"1\" max=\"3\"/>", 0x9000, "", "data", "1 to 3 bytes", "0 bytes: ", -1);
    reject("<data max=\"1\"/>", 0x9000, "0102", "data", "0 to 1 bytes", "2 bytes: 0102", -1);
    reject("<data len=\"0\"/>", 0x6982, "", "sw", "9000", "6982 (security status not satisfied)", -1);
}

static void fields(void)
{
    const char *three = "<data><field name=\"a\" len=\"2\"/><field name=\"b\" len=\"1\" eq=\"07\" req=\"SSC.B\"/>"
                        "<field name=\"c\" len=\"0\"/></data>";
    accept(three, 0x9000, "010207");
    OC_ASSERT_BYTES(oc_fields_span(&captured, "a"), "0102");
    OC_ASSERT_BYTES(oc_fields_span(&captured, "b"), "07");
    CU_ASSERT_PTR_NOT_NULL(oc_fields_get(&captured, "c"));
    reject(three, 0x9000, "010208", "field b", "07", "08", 0);
    CU_ASSERT_STRING_EQUAL(evidence.requirement, "SSC.B");
    reject(three, 0x9000, "0102", "field b", "1 bytes", "0 bytes: ", -1);
    reject(three, 0x9000, "01", "field a", "2 bytes", "1 bytes: 01", -1);
    reject(three, 0x9000, "010207FF", "data", "3 bytes", "4 bytes: 010207FF", 3);
    accept("<data rest=\"any\"><field name=\"a\" len=\"1\"/></data>", 0x9000, "0102");
    reject("<data len=\"2\"><field name=\"a\" len=\"1\"/></data>", 0x9000, "01", "data", "2 bytes", "1 bytes: 01", -1);
}

static void objects(void)
{
    const char *fci = "<data><tlv tag=\"6F\"><tlv tag=\"84\" eq=\"'AB'\" capture=\"name\"/>"
                      "<tlv tag=\"A5\"><tlv tag=\"88\" len=\"1\"/></tlv></tlv></data>";
    accept(fci, 0x9000, "6F09 84024142 A503880101");
    OC_ASSERT_BYTES(oc_fields_span(&captured, "name"), "4142");
    accept(fci, 0x9000, "6F09 A503880101 84024142");         /* in any order */
    accept(fci, 0x9000, "6F0C A503880101 84024142 500158 "); /* with more inside */
    accept(fci, 0x9000, "6F09 84024142 A503880101 500158");  /* and beside */
    accept("<data><tlv tag=\"9F0C\" len=\"1\"/></data>", 0x9000, "9F0C0100");
    reject(fci, 0x9000, "6F09 84024143 A503880101", "tlv 84", "4142", "4143", 1);
    reject(fci, 0x9000, "6F05 A503880101", "tlv 84", "present", "A503880101", -1);
    reject(fci, 0x9000, "6209 84024142 A503880101", "tlv 6F", "present", "620984024142A503880101", -1);
    reject(fci, 0x9000, "6F0A 84024142 A503880101", "tlv", "well-formed TLV objects", "6F0A84024142A503880101", -1);
    reject(fci, 0x9000, "6F09 84024142 A504880101", "tlv", "well-formed TLV objects", "84024142A504880101", -1);
    reject(fci, 0x9000, "6F0A 84024142 A50488020101", "tlv 88", "1 bytes", "2 bytes: 0101", -1);
    accept("<data><tlv tag=\"50\" optional=\"true\"/><tlv tag=\"51\"/></data>", 0x9000, "5100");
    accept("<data><tlv tag=\"50\" optional=\"true\" len=\"1\"/><tlv tag=\"51\"/></data>", 0x9000, "5100500107");
    reject("<data><tlv tag=\"50\" optional=\"true\" len=\"1\"/></data>", 0x9000, "5000", "tlv 50", "1 bytes",
           "0 bytes: ", -1);
}

static void order_and_rest(void)
{
    const char *fixed = "<data><tlv tag=\"6F\" order=\"fixed\"><tlv tag=\"50\"/><tlv tag=\"51\"/></tlv></data>";
    accept(fixed, 0x9000, "6F0450005100");
    accept(fixed, 0x9000, "6F06500051005200");
    reject(fixed, 0x9000, "6F0451005000", "tlv 51", "present", "51005000", -1);
    const char *none = "<data><tlv tag=\"6F\" rest=\"none\"><tlv tag=\"50\"/></tlv></data>";
    accept(none, 0x9000, "6F025000");
    reject(none, 0x9000, "6F0450005100", "tlv 51", "absent", "50005100", -1);
    reject(none, 0x9000, "6F0450005000", "tlv 50", "absent", "50005000", -1);
    accept("<data><tlv tag=\"50\" eq=\"01\"/><tlv tag=\"50\" eq=\"02\"/></data>", 0x9000, "500101500102");
}

static void expected_values_must_be_known(void)
{
    bool fits;
    OC_ASSERT_CODE(judge("<data eq=\"@unknown\"/>", 0x9000, oc_test_hex("01"), true, &fits), OC_E_NOT_FOUND);
    OC_ASSERT_CODE(judge("<data eq=\"$unknown\"/>", 0x9000, oc_test_hex("01"), true, &fits), OC_E_FORMAT);
}

static void answers_of(const char *expectation, const char *code, bool wanted, const char *what)
{
    char xml[2000];
    snprintf(xml, sizeof xml,
             OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps><call fn=\"iLoad\">%s</call></steps></case></suite>",
             expectation);
    oc_vectors *vectors = oc_kit_parse(xml);
    oc_fields answers = {0};
    OC_ASSERT_OK(oc_fields_set_text(&answers, "code", code));
    OC_ASSERT_OK(oc_fields_set_text(&answers, "text", "十元"));
    const oc_scope scope = oc_kit_scope();
    const oc_judge judge = {&scope, mask, &arena, keep, NULL, false};
    bool fits = !wanted;
    OC_ASSERT_OK(oc_judge_answers(&judge, &oc_vectors_case(vectors, 0)->steps[0].expect, &answers, "code", "0", &fits,
                                  &evidence, NULL));
    CU_ASSERT_EQUAL(fits, wanted);
    CU_ASSERT(wanted || strcmp(evidence.what, what) == 0);
    oc_fields_free(&answers);
    oc_vectors_free(&vectors);
}

static void named_answers(void)
{
    answers_of("", "0", true, "");
    answers_of("", "-21", false, "answer code");
    CU_ASSERT_STRING_EQUAL(evidence.expected, "'0'");
    CU_ASSERT_STRING_EQUAL(evidence.received, "'-21'");
    answers_of("<answer name=\"code\" eq=\"'-21'\"/>", "-21", true, "");
    answers_of("<answer name=\"code\" eq=\"'-21'\"/><answer name=\"text\" min=\"1\"/>", "-21", true, "");
    answers_of("<answer name=\"code\" eq=\"'-21'\"/><answer name=\"other\" min=\"1\"/>", "-21", false, "answer other");
    answers_of("<answer name=\"text\" len=\"2\"/>", "0", false, "answer text");
}

static void answers_below(void)
{
    static const char refusal[] = "<answer name=\"code\" below=\"0\"/>";
    answers_of(refusal, "-51", true, "");
    static const char *const none[] = {"51", "0", "", "-", "-5x", "4294967245"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        answers_of(refusal, none[i], false, "answer code");
        CU_ASSERT_STRING_EQUAL(evidence.expected, "a number below 0");
    }
    answers_of("<answer name=\"code\" below=\"-50\"/>", "-50", false, "answer code");
    answers_of("<answer name=\"code\" below=\"-50\" len=\"3\"/>", "-51", true, "");
    answers_of("<answer name=\"code\" below=\"1\"/>", "0", true, "");
    oc_kit_refuse(OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps><call fn=\"iLoad\">\n<answer name=\"code\" "
                                                       "below=\"few\"/></call></steps></case></suite>",
                  OC_E_FORMAT, 3, "below=\"few\" is not a decimal number");
}

int main(void)
{
    const oc_test_row rows[] = {
        {"status words", status_words},
        {"data without expectation", data_without_expectation},
        {"whole data", whole_data},
        {"fields", fields},
        {"objects", objects},
        {"order and rest", order_and_rest},
        {"expected values must be known", expected_values_must_be_known},
        {"named answers", named_answers},
        {"answers below a number", answers_below},
        {NULL, NULL},
    };
    if (!oc_is_ok(oc_mask_new(&mask, NULL, false))) {
        return 2;
    }
    int code = oc_test_main("judge", rows);
    oc_fields_free(&captured);
    oc_mask_free(&mask);
    oc_arena_free(&arena);
    return code;
}
