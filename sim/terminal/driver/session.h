/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_DRIVER_SESSION_H
#define OC_TERMINAL_DRIVER_SESSION_H

#include <stdbool.h>
#include <stddef.h>

/* The one driver of this process. The interface has no handle, so there is global state; all of it is in session.c,
 * behind a mutex. */

/* A parameter of an exported function. */
typedef struct oc_driver_argument {
    const char *name;
    const char *text; /* NUL-terminated, GB18030; NULL where the caller gave none */
    bool is_number;
    int number;
} oc_driver_argument;

/* Serves one call: the driver is made at the first one, threads wait for each other. `out` receives a NUL-terminated
 * string (driver.h); NULL is -14. */
long oc_driver_serve(const char *function, const oc_driver_argument *arguments, size_t count, char *out);

#endif
