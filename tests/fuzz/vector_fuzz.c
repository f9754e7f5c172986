/* SPDX-License-Identifier: Apache-2.0 */
/* The loader of vectors: what it accepts is walked as the runner walks it. */
#include "conformance/dialect/suite.h"
#include "tests/fuzz/fuzz.h"

/* Imports are found from here. */
#define NAME "vectors/flows/fuzz.xml"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

/* Every name is known and means twenty bytes. */
static oc_result any_name(void *self, const char *name, oc_buf *out)
{
    (void)self;
    static const uint8_t bytes[20] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    return name[0] == '\0' ? oc_fail(OC_E_NOT_FOUND) : oc_buf_append(out, oc_span_of(bytes, sizeof bytes));
}

static void evaluate(const oc_value *value)
{
    const oc_scope scope = {NULL, any_name, any_name};
    oc_buf out = {0};
    oc_diag diag = {0};
    oc_result r = oc_value_bytes(value, &scope, &out, &diag);
    FUZZ_DEMAND(oc_is_ok(r) || diag.reason[0] != '\0' || value->count == 0);
    oc_buf_free(&out);
}

static void look_at_demands(const oc_demand *demands, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        FUZZ_DEMAND(demands[i].name != NULL);
        if (demands[i].has_eq) {
            evaluate(&demands[i].eq);
        }
        if (demands[i].has_mask) {
            evaluate(&demands[i].mask);
        }
        look_at_demands(demands[i].children, demands[i].child_count);
    }
}

static void look_at_steps(const oc_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const oc_step *step = &steps[i];
        FUZZ_DEMAND(step->argument_count <= OC_ARGUMENTS_MAX && step->expect.sw_count <= OC_SW_PATTERNS_MAX);
        evaluate(&step->cla);
        evaluate(&step->ins);
        evaluate(&step->p1);
        evaluate(&step->p2);
        evaluate(&step->le);
        evaluate(&step->data);
        for (size_t a = 0; a < step->argument_count; a++) {
            FUZZ_DEMAND(step->arguments[a].name != NULL);
            evaluate(&step->arguments[a].value);
        }
        look_at_demands(&step->expect.data, step->expect.has_data ? 1 : 0);
        look_at_demands(step->expect.fields, step->expect.field_count);
        look_at_demands(step->expect.objects, step->expect.object_count);
        look_at_demands(step->expect.answers, step->expect.answer_count);
    }
}

static void look_at(const oc_case *one)
{
    FUZZ_DEMAND(one->id != NULL && one->id[0] != '\0');
    look_at_steps(one->steps, one->step_count);
    look_at_steps(one->restore, one->restore_count);
    for (size_t i = 0; i < one->negative_count; i++) {
        const oc_case *negative = &one->negatives[i];
        FUZZ_DEMAND(negative->twin == one && negative->negative_count == 0);
        FUZZ_DEMAND(negative->expected_step < negative->step_count);
        look_at(negative);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    oc_vectors *vectors = NULL;
    oc_diag diag = {0};
    oc_result r = oc_vectors_parse(&vectors, oc_span_of(data, size), NAME, &diag);
    if (!oc_is_ok(r)) {
        FUZZ_DEMAND(vectors == NULL && diag.reason[0] != '\0');
        return 0;
    }
    for (size_t i = 0; i < oc_vectors_count(vectors); i++) {
        look_at(oc_vectors_case(vectors, i));
    }
    oc_vectors_free(&vectors);
    return 0;
}
