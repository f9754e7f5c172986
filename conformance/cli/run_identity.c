/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/run_identity.h"

#include <openssl/rand.h>
#include <time.h>

#include "conformance/run/plan_digest.h"

oc_result oc_cli_run_id(char out[OC_RUN_ID_ROOM])
{
    uint8_t random[4];
    struct tm utc;
    time_t now = time(NULL);
    if (RAND_bytes(random, sizeof random) != 1 || gmtime_r(&now, &utc) == NULL) {
        return oc_fail(OC_E_CRYPTO);
    }
    size_t len = strftime(out, OC_RUN_ID_ROOM, "R-%Y%m%dT%H%M%SZ-", &utc);
    snprintf(out + len, OC_RUN_ID_ROOM - len, "%02X%02X%02X%02X", random[0], random[1], random[2], random[3]);
    return oc_ok();
}

oc_result oc_cli_plan_lines(const oc_run_inputs *inputs, const oc_run_arguments *arguments,
                            const oc_run_options *options, oc_plan_lines *out, oc_diag *diag)
{
    oc_selection whole = arguments->selection;
    if (whole.shards == 0) {
        return oc_run_plan_lines(options, &inputs->plan, out);
    }
    oc_plan plan = {0};
    whole.shards = 0;
    OC_TRY(oc_plan_make(&plan, inputs->vectors, &whole, diag));
    plan.sanity = inputs->plan.sanity;
    oc_result r = oc_run_plan_lines(options, &plan, out);
    oc_plan_free(&plan);
    return r;
}
