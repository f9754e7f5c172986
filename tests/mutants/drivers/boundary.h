/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_DRIVERS_BOUNDARY_H
#define OC_TESTS_MUTANTS_DRIVERS_BOUNDARY_H

#include "sim/base/terminal_code.h"
#include "sim/terminal/driver/session.h"
#include "tests/mutants/frame/mutant.h"

/* Defects at the boundary of the driver library, which the virtual terminal has none of: C strings and buffers, codes of
 * silence, readers, threads, the process. ONECARD_MUTANT chooses here too, when the library is loaded; the mutants of
 * ../terminal are in it as well. */

/* The exported functions: the rest of the driver is driver_right_serve. */
typedef long driver_serve(const char *function, const oc_driver_argument *arguments, size_t count, char *out);
long driver_right_serve(const char *function, const oc_driver_argument *arguments, size_t count, char *out);
/* Its place; `count` when there is none of that name. */
size_t driver_argument(const oc_driver_argument *arguments, size_t count, const char *name);

struct driver_defect {
    driver_serve *serve;      /* or NULL */
    int (*code)(int code);    /* or NULL: what the function returns */
    bool links_stay;          /* card and PSAM are opened and reset once */
    bool failure_leaves_open; /* they are not closed after a call that failed */
    bool slots_swapped;       /* the PSAM is looked for where the card is, and the card where the PSAM is */
};
#define DRIVER(...)                                                                                                   \
    .driver = &(const struct driver_defect)                                                                           \
    {                                                                                                                 \
        __VA_ARGS__                                                                                                   \
    }

/* Where a caller's buffer ends at the latest. */
#define DRIVER_ROOM 65536

/* The PIN that was typed last, as digits. */
const char *driver_typed_pin(void);

static inline bool driver_is_basic(const char *function)
{
    return strcmp(function, "iReadCardBas") == 0 || strcmp(function, "iReadCardBas_HSM_Step2") == 0;
}

#endif
