/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_FUNCTIONS_H
#define OC_TERMINAL_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The functions of the driver interface as data (LD/T 33; ssc-terminal sheet 4.1): what C prototypes, driver manifests
 * and the lint of vectors are made from. The project's own functions of the virtual terminal stand behind them. */

enum oc_parameter_kind {
    OC_PARAMETER_INT, /* int; a decimal number as text in vectors */
    OC_PARAMETER_IN,  /* const char *, GB18030, NUL-terminated */
    OC_PARAMETER_OUT, /* char *, the output buffer */
};

typedef struct oc_parameter {
    const char *name;   /* of the argument in vectors: "card-info"; "out" for the output buffer */
    const char *c_name; /* of the C parameter: "pCardInfo"; NULL for the arguments of project functions */
    enum oc_parameter_kind kind;
} oc_parameter;

#define OC_PARAMETERS_MAX 6
#define OC_KEYPAD_ENTRIES_MAX 3

typedef struct oc_function {
    const char *name;
    const char *clause;  /* of LD/T 6001.5 ("5" PSAM, "6" HSM, "7" certificate; the clauses beneath are not public);
                         * NULL: a project function of the virtual terminal, exported by no driver */
    const char *follows; /* the step that must have gone before on the same card, NULL: begins with power-on */
    oc_parameter parameters[OC_PARAMETERS_MAX + 1]; /* in the order of C; the first without a name ends them */
    const char *entries[OC_KEYPAD_ENTRIES_MAX + 1]; /* what may be typed on the key pad, in order: "old", "new", ... */
} oc_function;

/* All of them; *count is their number. Static. */
const oc_function *oc_functions(size_t *count);
/* NULL when no function has the name. */
const oc_function *oc_function_named(const char *name);
/* Whether the standard has it, that is, whether drivers export it. */
static inline bool oc_function_is_standard(const oc_function *function)
{
    return function->clause != NULL;
}
/* Whether a call in the vectors may send an argument of that name: a parameter but the output buffer, an entry of the
 * key pad, and where it has entries "keypad" and "initial-pin" (vectors/README.md). */
bool oc_function_takes(const oc_function *function, const char *argument);
/* Whether another step may follow this one. */
bool oc_function_is_followed(const char *name);

#ifdef __cplusplus
}
#endif
#endif
