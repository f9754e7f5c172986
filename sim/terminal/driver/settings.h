/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_DRIVER_SETTINGS_H
#define OC_TERMINAL_DRIVER_SETTINGS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/base/diag.h"
#include "sim/terminal/settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Settings of the driver library: SSCardDriver.xml, whose elements README.md explains. */

#define OC_DRIVER_NAME_ROOM 128

/* What can be asked on the key pad, by the names of vectors: "pin", "old", "new", "again". */
#define OC_DRIVER_ENTRIES 4
#define OC_DRIVER_ENTRY_ROOM 32
extern const char *const oc_driver_entry_names[OC_DRIVER_ENTRIES];

enum oc_driver_keypad { OC_DRIVER_KEYPAD_ENVIRONMENT, OC_DRIVER_KEYPAD_ENTRIES, OC_DRIVER_KEYPAD_PROGRAM };

typedef struct oc_driver_settings {
    /* PC/SC reader names or parts of them; "": found by readers.h. `contactless` "": the same as `card`. */
    char card[OC_DRIVER_NAME_ROOM];
    char contactless[OC_DRIVER_NAME_ROOM];
    char psam[OC_DRIVER_NAME_ROOM];
    int wait_ms; /* for a card that is not there yet */
    enum oc_driver_keypad keypad;
    char entries[OC_DRIVER_ENTRIES][OC_DRIVER_ENTRY_ROOM];
    char program[PATH_MAX];        /* command line of the key pad program */
    int keypad_ms;                 /* how long it may take */
    size_t long_room;              /* of pOutInfo where whole files or all records are read */
    char log[PATH_MAX];            /* file; "": the system's log */
    oc_terminal_settings terminal; /* where drivers differ */
} oc_driver_settings;

/* Where there is no file. */
oc_driver_settings oc_driver_settings_default(void);

/* Reads one file. FORMAT with file, line and reason for one that does not fit its schema (driver.xsd). */
OC_MUST_USE oc_result oc_driver_settings_load(oc_driver_settings *out, const char *path, oc_diag *diag);

/* The file that counts: SSCARD_DRIVER_CONFIG names it, else SSCardDriver.xml beside the library, else in
 * /etc/onecard. False when there is none. */
bool oc_driver_settings_find(char out[PATH_MAX]);

#ifdef __cplusplus
}
#endif
#endif
