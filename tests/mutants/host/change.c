/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/mutants/host/change.h"

const struct host_change *host_change(void)
{
    const struct mutant *mutant = mutant_chosen();
    return mutant != NULL && strncmp(mutant->id, "host.", 5) == 0 ? mutant->host : NULL;
}
