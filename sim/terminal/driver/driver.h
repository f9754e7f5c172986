/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_DRIVER_DRIVER_H
#define OC_TERMINAL_DRIVER_DRIVER_H

#include "sim/base/fields.h"
#include "sim/base/terminal_code.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The virtual terminal over PC/SC, as a driver library serves it: every call looks for reader and card, resets it,
 * works and lets go. Only between the steps of an _HSM_ function the card stays open (ssc-terminal sheet 4.10), until
 * its last step, a failure, or any other call. One thread at a time. */
typedef struct oc_driver oc_driver;

/* Room of pOutInfo in bytes, NUL included (sheet 4.3: integrators allocate 1,024), and for functions that give whole
 * files or all records, which the setting <output room> makes smaller (project choice). */
#define OC_DRIVER_OUT_ROOM 1024
#define OC_DRIVER_LONG_ROOM 65536

/* Reads the settings (settings.h). Wrong ones do not fail here: every call is then refused with -5, the reason is in
 * the log. MEMORY. */
OC_MUST_USE oc_result oc_driver_new(oc_driver **out);
void oc_driver_free(oc_driver **driver);

/* Calls a function of terminal.h by its name and answers its return code. `out` receives a NUL-terminated GB18030
 * string: what the function gives, or the reason of its failure. An answer too long for `out` is -42.
 *
 * What the link reports: no reader or no pcscd -11, a card that another program holds -11, no card or one that leaves
 * -2, no answer -4, none that makes sense -4 (project choices where sheet 4.9 leaves it open). */
int oc_driver_call(oc_driver *driver, const char *function, const oc_fields *args, char *out);

/* Ends what is open and writes the text of `code`, which it answers: for calls that are refused unseen. */
int oc_driver_refuse(oc_driver *driver, int code, char *out);

#ifdef __cplusplus
}
#endif
#endif
