/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/plan_digest.h"

static oc_result add_pass(oc_plan_lines *lines, const oc_plan *plan, bool leaves_host, const char *pass)
{
    if (plan->sanity != NULL) {
        OC_TRY(oc_plan_lines_add(lines, pass, plan->sanity->id, plan->sanity->rev));
        OC_TRY(oc_plan_lines_add(lines, pass, oc_plan_closing_id(plan), plan->sanity->rev));
    }
    for (size_t i = 0; i < plan->unit_count; i++) {
        const oc_case *unit = plan->units[i];
        if (leaves_host && oc_plan_is_of_host(unit)) {
            continue;
        }
        OC_TRY(oc_plan_lines_add(lines, pass, unit->id, unit->rev));
        for (size_t k = 0; k < unit->negative_count; k++) {
            OC_TRY(oc_plan_lines_add(lines, pass, unit->negatives[k].id, unit->negatives[k].rev));
        }
    }
    return oc_ok();
}

oc_result oc_run_plan_lines(const oc_run_options *options, const oc_plan *plan, oc_plan_lines *lines)
{
    char pass[OC_PASS_ID_MAX];
    bool is_virtual = options->card->kind == OC_SPEC_VIRTUAL;
    for (size_t i = 0; i < options->profile_count; i++) {
        if (!is_virtual || options->via_inproc) {
            oc_run_pass_id(options, options->profiles[i], false, pass);
            OC_TRY(add_pass(lines, plan, oc_run_leaves_host(options, false), pass));
        }
        if (is_virtual && options->via_pcsc) {
            oc_run_pass_id(options, options->profiles[i], true, pass);
            OC_TRY(add_pass(lines, plan, oc_run_leaves_host(options, true), pass));
        }
    }
    return oc_ok();
}
