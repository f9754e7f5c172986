/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/build.h"

#include "sim/base/text.h"

#define BUDGET_US_MAX 3600000000 /* an hour */

oc_result oc_build_times(const oc_build *build, const xmlNode *node, oc_step *step)
{
    const char *raw = oc_xml_attr(node, "times");
    if (step->kind != OC_STEP_CALL || raw == NULL) {
        return oc_ok();
    }
    const char *text;
    int64_t times = 0;
    OC_TRY(oc_build_text(build, raw, &text));
    if (!oc_text_to_number(oc_span_text(text), &times) || times < 1 || times > OC_CALL_TIMES_MAX) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "times=\"%s\" is not a number from 1 to %d",
                           text, OC_CALL_TIMES_MAX);
    }
    step->times = (unsigned)times;
    return oc_ok();
}

oc_result oc_build_budget(const oc_build *build, const xmlNode *node, oc_step *step)
{
    const xmlNode *budget = oc_xml_child(node, "budget");
    if (budget == NULL) {
        return oc_ok();
    }
    const char *name = oc_xml_attr(budget, "class");
    const char *p99 = oc_xml_attr(budget, "p99-us");
    int64_t us = 0;
    if (name == NULL || name[0] == '\0' || p99 == NULL || !oc_text_to_number(oc_span_text(p99), &us) || us < 1 ||
        us > BUDGET_US_MAX) {
        return oc_xml_fail(build->doc, budget, build->diag, OC_E_FORMAT,
                           "a budget has a class, and p99-us from 1 to %ld", (long)BUDGET_US_MAX);
    }
    step->budget_class = oc_arena_text(build->arena, name);
    step->budget_p99_us = (uint64_t)us;
    return step->budget_class == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}
