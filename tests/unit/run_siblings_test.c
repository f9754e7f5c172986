/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/run/judge.h"
#include "tests/unit/dialect_kit.h"

/* TLV objects that stand beside each other: their order, those in between, and how many there may be. */

static oc_result keep(void *context, const char *name, oc_span value)
{
    (void)name;
    return oc_buf_set(context, value);
}

/* The evidence's `what` and `expected`, or "" when everything fits. `captured` is what the last capture gave. */
static void judge(const char *demand, oc_span data, const char *wanted, const char *captured)
{
    char xml[3000];
    snprintf(xml, sizeof xml,
             OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps><apdu cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\"><data>%s"
                                                  "</data></apdu></steps></case></suite>",
             demand);
    oc_vectors *vectors = oc_kit_parse(xml);
    oc_mask *mask = NULL;
    OC_ASSERT_OK(oc_mask_new(&mask, NULL, false));
    oc_arena arena = {0};
    oc_buf last = {0};
    const oc_scope scope = oc_kit_scope();
    const oc_judge subject = {.scope = &scope, .mask = mask, .arena = &arena, .capture = keep, .context = &last};
    oc_outcome_evidence evidence = {0};
    bool fits = false;
    OC_ASSERT_OK(oc_judge_data(&subject, &oc_vectors_case(vectors, 0)->steps[0].expect, data, &fits, &evidence, NULL));
    char said[300] = "";
    if (!fits) {
        snprintf(said, sizeof said, "%s: %s", evidence.what, evidence.expected);
    }
    if (strcmp(said, wanted) != 0) {
        printf("\n    %s: %s, not %s\n", demand, said, wanted);
    }
    CU_ASSERT_STRING_EQUAL(said, wanted);
    CU_ASSERT(captured == NULL || oc_span_equal(oc_buf_span(&last), oc_test_hex(captured)));
    oc_buf_free(&last);
    oc_arena_free(&arena);
    oc_mask_free(&mask);
    oc_vectors_free(&vectors);
}

#define IN_ORDER(rest, inside) "<tlv tag=\"61\" order=\"fixed\"" rest ">" inside "</tlv>"
#define A_THEN_B "<tlv tag=\"4F\" eq=\"AA\"/><tlv tag=\"50\" eq=\"BB\"/>"

static void others_may_stand_between(void)
{
    judge(IN_ORDER("", A_THEN_B), oc_test_hex("61064F01AA5001BB"), "", NULL);
    judge(IN_ORDER("", A_THEN_B), oc_test_hex("610B 8100 4F01AA 8101CC 5001BB"), "", NULL);
    judge(IN_ORDER("", A_THEN_B), oc_test_hex("610A 4F01AA 8100 5001BB 8200"), "", NULL);
    judge(IN_ORDER("", A_THEN_B), oc_test_hex("61065001BB4F01AA"), "tlv 50: present", NULL);
    judge(IN_ORDER("", A_THEN_B), oc_test_hex("61034F01AA"), "tlv 50: present", NULL);
    judge("<tlv tag=\"61\">" A_THEN_B "</tlv>", oc_test_hex("61065001BB4F01AA"), "", NULL);
}

static void optional_objects_keep_the_order(void)
{
#define MAYBE "<tlv tag=\"4F\" optional=\"true\"/><tlv tag=\"50\" capture=\"x\"/>"
    judge(IN_ORDER("", MAYBE), oc_test_hex("61055001BB 8100"), "", "BB");
    judge(IN_ORDER("", MAYBE), oc_test_hex("61065001BB4F01AA"), "tlv 50: present", NULL);
    judge(IN_ORDER("", MAYBE), oc_test_hex("61094F01AA5001BB5001CC"), "", "BB");
}

static void nothing_else_where_it_says_so(void)
{
    judge(IN_ORDER(" rest=\"none\"", A_THEN_B), oc_test_hex("61064F01AA5001BB"), "", NULL);
    judge(IN_ORDER(" rest=\"none\"", A_THEN_B), oc_test_hex("61084F01AA81005001BB"), "tlv 81: absent", NULL);
    judge(IN_ORDER(" rest=\"none\"", A_THEN_B), oc_test_hex("61084F01AA5001BB8100"), "tlv 81: absent", NULL);
    judge(IN_ORDER(" rest=\"none\"", A_THEN_B), oc_test_hex("61094F01AA5001BB5001BB"), "tlv 50: absent", NULL);
}

/* The same tag twice in a demand means two objects. */
static void repeated_tags(void)
{
#define TWICE "<tlv tag=\"50\"/><tlv tag=\"50\" capture=\"x\"/>"
    judge("<tlv tag=\"61\">" TWICE "</tlv>", oc_test_hex("61065001AA5001BB"), "", "BB");
    judge("<tlv tag=\"61\">" TWICE "</tlv>", oc_test_hex("61035001AA"), "tlv 50: present", NULL);
}

static void many_siblings(void)
{
    oc_buf data = {0};
    for (int i = 0; i < 1000; i++) {
        OC_ASSERT_OK(oc_buf_append(&data, oc_test_hex("8100")));
    }
    judge("<tlv tag=\"81\"/>", oc_buf_span(&data), "", NULL);
    judge("<tlv tag=\"50\"/>", oc_buf_span(&data), "tlv 50: present", NULL);
    OC_ASSERT_OK(oc_buf_append(&data, oc_test_hex("5001BB")));
    judge("<tlv tag=\"50\" capture=\"x\"/>", oc_buf_span(&data), "", "BB");
    OC_ASSERT_OK(oc_buf_append(&data, oc_test_hex("5002BB")));
    judge("<tlv tag=\"50\"/>", oc_buf_span(&data), "tlv: well-formed TLV objects", NULL);
    oc_buf_free(&data);
    judge("<tlv tag=\"50\"/>", oc_span_empty(), "tlv 50: present", NULL);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"others may stand between", others_may_stand_between},
        {"optional objects keep the order", optional_objects_keep_the_order},
        {"nothing else where it says so", nothing_else_where_it_says_so},
        {"repeated tags", repeated_tags},
        {"many siblings", many_siblings},
        {NULL, NULL},
    };
    return oc_test_main("siblings", rows);
}
