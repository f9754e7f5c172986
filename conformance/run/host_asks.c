/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/host_asks.h"

#include "conformance/run/settlement.h"

static const char *asked_by(const oc_step *step)
{
    if (oc_settlement_is_own(step->name)) {
        return "a message of this project";
    }
    for (size_t i = 0; i < step->argument_count; i++) {
        const oc_argument *argument = &step->arguments[i];
        if (strcmp(argument->name, "region") == 0 && strcmp(argument->value.source, "'national'") != 0) {
            return "another region";
        }
        if (strcmp(argument->name, "env.inf_time") == 0 || strcmp(argument->name, "env.msgid") == 0) {
            return "the clock of the case";
        }
    }
    return NULL;
}

const char *oc_host_asks_for_ours(const oc_case *subject)
{
    /* A negative alters one step of its twin: a msgid that is wrong on purpose asks for nothing. */
    const oc_case *whole = subject->twin != NULL ? subject->twin : subject;
    const char *asked = NULL;
    bool settles = false;
    bool advances = false;
    for (size_t i = 0; i < whole->step_count && asked == NULL; i++) {
        const oc_step *step = &whole->steps[i];
        bool message = step->kind == OC_STEP_MESSAGE && oc_settlement_knows(step->name);
        asked = message ? asked_by(step) : NULL;
        settles = settles || message;
        advances = advances || step->kind == OC_STEP_ADVANCE;
    }
    return asked == NULL && settles && advances ? "the clock of the case" : asked;
}
