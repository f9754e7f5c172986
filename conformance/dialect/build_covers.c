/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/build.h"

/* Which requirements a verdict tells something of. */
struct covers {
    const oc_build *build;
    const xmlNode *node;
    oc_case *subject;
};

static oc_result cover(const struct covers *covers, const char *requirement)
{
    oc_case *subject = covers->subject;
    if (requirement == NULL) {
        return oc_ok();
    }
    for (size_t i = 0; i < subject->cover_count; i++) {
        if (strcmp(subject->covers[i], requirement) == 0) {
            return oc_ok();
        }
    }
    if (subject->cover_count == OC_COVERS_MAX) {
        return oc_xml_fail(covers->build->doc, covers->node, covers->build->diag, OC_E_LIMIT,
                           "more than %d requirements in one case", OC_COVERS_MAX);
    }
    subject->covers[subject->cover_count++] = requirement;
    return oc_ok();
}

static oc_result cover_demands(const struct covers *covers, const oc_demand *demands, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        OC_TRY(cover(covers, demands[i].requirement));
        OC_TRY(cover_demands(covers, demands[i].children, demands[i].child_count));
    }
    return oc_ok();
}

static oc_result cover_step(const struct covers *covers, const oc_step *step)
{
    const oc_expect *expect = &step->expect;
    if (step->routine != NULL) {
        return oc_ok(); /* what fails there says nothing about the case */
    }
    OC_TRY(cover(covers, expect->sw_requirement));
    OC_TRY(cover(covers, expect->data.requirement));
    OC_TRY(cover_demands(covers, expect->fields, expect->field_count));
    OC_TRY(cover_demands(covers, expect->objects, expect->object_count));
    return cover_demands(covers, expect->answers, expect->answer_count);
}

oc_result oc_build_covers(const oc_build *build, const xmlNode *node, oc_case *subject)
{
    const struct covers covers = {build, node, subject};
    bool negative = subject->twin != NULL;
    subject->cover_count = 0;
    OC_TRY(cover(&covers, subject->requirement));
    for (size_t i = 0; i < subject->requirement_count && subject->requirement == NULL; i++) {
        OC_TRY(cover(&covers, subject->requirements[i].id));
    }
    if (negative) {
        return cover_step(&covers, &subject->steps[subject->expected_step]);
    }
    for (size_t i = 0; i < subject->step_count; i++) {
        OC_TRY(cover_step(&covers, &subject->steps[i]));
    }
    return oc_ok();
}
