/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/run_demand.h"

#include <stdlib.h>

#include "conformance/cli/run_identity.h"

/* The digest behind NAME= among the words of a record's subject; "" where it has no such word. */
static void take_word(char *out, size_t room, const char *subject, const char *name)
{
    size_t len = strlen(name);
    out[0] = '\0';
    for (const char *at = subject; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word > len && strncmp(at, name, len) == 0 && at[len] == '=') {
            snprintf(out, room, "%.*s", (int)(word - len - 1), at + len + 1);
        }
        at += word;
    }
}

static oc_result take_vectors(oc_run_demand *out, const oc_run_inputs *inputs)
{
    const char **digests = calloc(inputs->digest_count + 1, sizeof *digests);
    if (digests == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < inputs->digest_count; i++) {
        digests[i] = inputs->digests[i].sha256;
    }
    oc_result r = oc_challenge_vectors(digests, inputs->digest_count, out->vectors);
    free(digests);
    return r;
}

oc_result oc_run_demand_make(oc_run_demand *out, const oc_run_inputs *inputs, const oc_run_arguments *arguments,
                             const oc_run_options *options, const oc_ics *ics, oc_diag *diag)
{
    const char *subject = (const char *)inputs->subject.at;
    take_word(out->profiles, sizeof out->profiles, subject, "--profile");
    take_word(out->requirements, sizeof out->requirements, subject, "requirements");
    OC_TRY(take_vectors(out, inputs));
    OC_TRY(oc_cli_plan_lines(inputs, arguments, options, &out->plan, diag));
    out->demand = (oc_challenge_demand){.ics = ics == NULL ? NULL : oc_ics_digest(ics),
                                        .vectors = out->vectors,
                                        .profiles = out->profiles,
                                        .requirements = out->requirements,
                                        .plan = &out->plan};
    return oc_ok();
}

void oc_run_demand_free(oc_run_demand *demand)
{
    oc_plan_lines_free(&demand->plan);
}
