/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/random.h"
#include "sim/base/run_context.h"
#include "tests/support/oc_test.h"

/* SHA-256(seed || label || counter) of blocks 0 and 1, computed with another implementation. */
#define BLOCKS                                                                                                        \
    "136394D80CD93A4D99027C373DDEA2935375B783C7CD4B112C085DF2FEEC48C9"                                                \
    "740CAE206FDE0BEC665D04176C2154E2C4991B73902AF1D832DF853EC5633D84"

static void follows_the_rule(void)
{
    oc_random random;
    oc_random_init(&random, 42, "CARD.X/text");
    uint8_t out[64];
    OC_ASSERT_OK(oc_random_bytes(&random, out, sizeof out));
    OC_ASSERT_BYTES(oc_span_of(out, sizeof out), BLOCKS);
}

static void pieces_make_the_same_stream(void)
{
    oc_random random;
    oc_random_init(&random, 42, "CARD.X/text");
    uint8_t out[64];
    size_t at = 0;
    static const size_t steps[] = {1, 0, 30, 1, 2, 25, 5};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        OC_ASSERT_OK(oc_random_bytes(&random, out + at, steps[i]));
        at += steps[i];
    }
    CU_ASSERT_EQUAL(at, sizeof out);
    OC_ASSERT_BYTES(oc_span_of(out, sizeof out), BLOCKS);
}

static void a_run_context_names_case_and_purpose(void)
{
    oc_run_context context = oc_run_context_of(42, "CARD.X");
    oc_random random;
    oc_run_context_random(&context, "text", &random);
    CU_ASSERT_STRING_EQUAL(random.label, "CARD.X/text");
    uint8_t out[8];
    OC_ASSERT_OK(oc_random_bytes(&random, out, sizeof out));
    CU_ASSERT_TRUE(oc_span_equal(oc_span_of(out, 8), oc_span_slice(oc_test_hex(BLOCKS), 0, 8)));
}

static void long_labels_are_cut(void)
{
    char label[400];
    memset(label, 'l', sizeof label);
    label[399] = '\0';
    oc_random random;
    oc_random_init(&random, 1, label);
    CU_ASSERT_EQUAL(strlen(random.label), 159);
    uint8_t out[1];
    OC_ASSERT_OK(oc_random_bytes(&random, out, 1));

    oc_run_context context = oc_run_context_of(1, label);
    oc_run_context_random(&context, label, &random);
    CU_ASSERT_EQUAL(strlen(random.label), 159);
    CU_ASSERT_EQUAL(random.label[95], '/');
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"follows the rule", follows_the_rule},
        {"pieces make the same stream", pieces_make_the_same_stream},
        {"a run context names case and purpose", a_run_context_names_case_and_purpose},
        {"long labels are cut", long_labels_are_cut},
        {NULL, NULL},
    };
    return oc_test_main("random", rows);
}
