/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/build.h"

/* Which requirements the checks of a case can fail against. */
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

/* What a mismatch of a check is counted against: what the check names, else `otherwise`. */
static oc_result cover_check(const struct covers *covers, const char *named, const char *otherwise)
{
    return cover(covers, named != NULL ? named : otherwise);
}

static bool can_fail(const oc_demand *demand)
{
    return oc_demand_checks(demand) || demand->child_count > 0;
}

static oc_result cover_demands(const struct covers *covers, const oc_demand *demands, size_t count,
                               const char *otherwise)
{
    for (size_t i = 0; i < count; i++) {
        OC_TRY(cover_check(covers, demands[i].requirement, otherwise));
        OC_TRY(cover_demands(covers, demands[i].children, demands[i].child_count, otherwise));
    }
    return oc_ok();
}

static oc_result cover_data(const struct covers *covers, const oc_expect *expect, const char *otherwise)
{
    bool whole = can_fail(&expect->data) || expect->object_count > 0 || (expect->field_count > 0 && !expect->rest_any);
    if (expect->has_data && whole) {
        OC_TRY(cover_check(covers, expect->data.requirement, otherwise));
    }
    OC_TRY(cover_demands(covers, expect->fields, expect->field_count, otherwise));
    return cover_demands(covers, expect->objects, expect->object_count, otherwise);
}

static oc_result cover_patterns(const struct covers *covers, const oc_observation *observation, const char *otherwise)
{
    for (size_t i = 0; i < observation->count; i++) {
        if (oc_pattern_checks(&observation->patterns[i])) {
            OC_TRY(cover_check(covers, observation->patterns[i].requirement, otherwise));
        }
    }
    return oc_ok();
}

static oc_result cover_step(const struct covers *covers, const oc_step *step, const char *otherwise)
{
    const oc_expect *expect = &step->expect;
    if (step->routine != NULL) {
        return oc_ok(); /* what fails there says nothing about the case */
    }
    if ((step->kind == OC_STEP_APDU || step->kind == OC_STEP_TPDU) && !oc_sw_accepts_all(expect)) {
        OC_TRY(cover_check(covers, expect->sw_requirement, otherwise));
    }
    if ((step->kind == OC_STEP_CALL || step->kind == OC_STEP_MESSAGE) && expect->answer_count == 0) {
        OC_TRY(cover(covers, otherwise)); /* code 0, result accepted */
    }
    OC_TRY(cover_data(covers, expect, otherwise));
    if (step->kind == OC_STEP_OBSERVE) {
        return cover_patterns(covers, step->observation, otherwise);
    }
    return cover_demands(covers, expect->answers, expect->answer_count, otherwise);
}

oc_result oc_build_covers(const oc_build *build, const xmlNode *node, oc_case *subject)
{
    const struct covers covers = {build, node, subject};
    const char *otherwise = subject->requirement;
    if (otherwise == NULL && subject->requirement_count > 0) {
        otherwise = subject->requirements[0].id;
    }
    subject->cover_count = 0;
    if (subject->twin != NULL) {
        return cover_step(&covers, &subject->steps[subject->expected_step], otherwise);
    }
    for (size_t i = 0; i < subject->step_count; i++) {
        OC_TRY(cover_step(&covers, &subject->steps[i], otherwise));
    }
    return oc_ok();
}
