/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that mutants of several actors are made of: a hook in the mutant's row says what they do. */
#include <string.h>

#include "tests/mutants/frame/mutant.h"

static bool is_running(const struct mutant *mutant)
{
    static const char *const prefixes[] = {
        [MUTANT_HARNESS] = "-",          [MUTANT_CARD] = "card.", [MUTANT_PSAM] = "psam.",
        [MUTANT_TERMINAL] = "terminal.", [MUTANT_HOST] = "host.", [MUTANT_ISSUER] = "issuer."};
    const char *prefix = prefixes[mutant_running()];
    return strncmp(mutant->id, prefix, strlen(prefix)) == 0;
}

MUTANT_WRAPS(bool, oc_span_equal_secret, oc_span a, oc_span b);

bool mutant_equal(oc_span a, oc_span b)
{
    return __real_oc_span_equal_secret(a, b);
}

bool __wrap_oc_span_equal_secret(oc_span a, oc_span b)
{
    const struct mutant *mutant = mutant_chosen();
    return mutant != NULL && mutant->equal != NULL && is_running(mutant) ? mutant->equal(a, b) : mutant_equal(a, b);
}
