/* SPDX-License-Identifier: Apache-2.0 */
/* The PIN at the terminal. */
#include "sim/terminal/pin_entry.h"
#include "tests/mutants/frame/mutant.h"

MUTANT_WRAPS(bool, oc_pin_is_initial, const struct oc_call *call, const struct oc_pin_entry *entry);

/* No PIN is the initial one, so none is refused for that. */
bool __wrap_oc_pin_is_initial(const struct oc_call *call, const struct oc_pin_entry *entry)
{
    return !mutant_is("terminal.pin.initial-taken") && __real_oc_pin_is_initial(call, entry);
}

static const struct mutant rows[] = {
    {.id = "terminal.pin.initial-taken"},
};
MUTANT_TABLE(rows);
