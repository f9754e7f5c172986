/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that are loaded. */
#include "sim/issuer/perso.h"
#include "tests/mutants/frame/mutant.h"

#define TRIES 4 /* in the header (sim/base/perso_format.h) */

MUTANT_WRAPS(oc_result, oc_perso_load_key, oc_perso *perso, const oc_hsm_load *load);

oc_result __wrap_oc_perso_load_key(oc_perso *perso, const oc_hsm_load *load)
{
    oc_hsm_load other = *load;
    if (mutant_is("issuer.key.tries-one-less") && other.header[TRIES] > 0x11) {
        other.header[TRIES] = (uint8_t)(other.header[TRIES] - 0x11);
    }
    return __real_oc_perso_load_key(perso, &other);
}

static const struct mutant rows[] = {
    {.id = "issuer.key.tries-one-less"},
};
MUTANT_TABLE(rows);
