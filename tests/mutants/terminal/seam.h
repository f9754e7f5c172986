/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_TERMINAL_SEAM_H
#define OC_TESTS_MUTANTS_TERMINAL_SEAM_H

#include "sim/terminal/call.h"
#include "tests/mutants/frame/mutant.h"

/* Where a defect of the virtual terminal is switched on, which is also the terminal in the project's driver library: at
 * its steps, at its exchanges with card and PSAM, at its arguments, its answer and its return code. A row of a table here
 * is {"terminal.AREA.WHAT", TERMINAL(...)}; the id alone stands for a function that the linker wraps (mutant_is). */

/* A call of a function of the driver interface; terminal_right_call is the right way. */
struct terminal_order {
    oc_terminal *terminal;
    const char *function;
    const oc_fields *args;
    oc_fields *answer;
    oc_diag *diag;
};
typedef oc_result terminal_call(const struct terminal_order *order);
oc_result terminal_right_call(const struct terminal_order *order);
/* With another value of one argument. */
oc_result terminal_call_with(const struct terminal_order *order, const char *name, oc_span value);

/* A step (sim/terminal/call.h); `right` is what it replaces. */
typedef oc_result terminal_step(struct oc_call *call, oc_step *right);
/* Says that a step is left out. */
terminal_step terminal_nothing;

/* A logical command to the card or the PSAM; terminal_right_exchange is the right way. */
struct terminal_exchange {
    oc_link *link;
    bool is_psam;
    const oc_apdu *apdu;
    oc_buf *data;
    oc_sw *sw;
    oc_diag *diag;
};
typedef oc_result terminal_exchanged(const struct terminal_exchange *exchange);
oc_result terminal_right_exchange(const struct terminal_exchange *exchange);
/* The same with other data. */
oc_result terminal_exchange_with(const struct terminal_exchange *exchange, oc_span data);
/* Answers without asking anybody. */
oc_result terminal_make_answer(const struct terminal_exchange *exchange, oc_span data, unsigned sw);
/* Of whom the terminal asks in the call under way; the PSAM's may be NULL. */
oc_link *terminal_link(bool of_psam);

#define TERMINAL_STEPS 4
#define TERMINAL_CODES 2

struct terminal_defect {
    terminal_call *call; /* each may be NULL */
    terminal_exchanged *exchange;
    /* The answer before "1" to "n" are made of "out". */
    oc_result (*answer)(const char *function, oc_fields *answer);
    /* The return code; those of the table become others before. */
    int (*code)(const char *function, int code);
    struct {
        int from, to;
    } codes[TERMINAL_CODES];
    struct {
        oc_step *step;
        terminal_step *instead;
    } steps[TERMINAL_STEPS];
    const char *only; /* the steps and codes above in functions whose names begin so; NULL: in all */
};
#define TERMINAL(...)                                                                                                 \
    .terminal = &(const struct terminal_defect)                                                                       \
    {                                                                                                                 \
        __VA_ARGS__                                                                                                   \
    }
/* Steps that are left out. */
#define WITHOUT(name)                                                                                                 \
    {                                                                                                                 \
        name, terminal_nothing                                                                                        \
    }

/* The function under way; "" outside of one. */
const char *terminal_function(void);
bool terminal_is_in(const char *beginning);
/* Whether the last call did. */
bool terminal_failed(void);

/* What a defect may remember: until the call ends, and as long as the terminal lives. */
struct mutant_memory *terminal_call_memory(void);
struct mutant_memory *terminal_memory(void);

/* Item `number`, counted from 1, of the answer "out"; false when there are not so many. */
bool terminal_item(const oc_fields *answer, unsigned number, oc_span *item);
oc_result terminal_set_item(oc_fields *answer, unsigned number, oc_span item);

/* Whether the function gives out the eleven items of basic data. */
static inline bool terminal_is_basic(const char *function)
{
    return strcmp(function, "iReadCardBas") == 0 || strcmp(function, "iReadCardBas_HSM_Step2") == 0;
}

#endif
