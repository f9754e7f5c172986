/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_PCSCD_CHILD_H
#define OC_LINK_PCSCD_CHILD_H

#include <sys/types.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Everything a pcscd in a mount namespace of its own is started with; absolute paths. */
typedef struct oc_pcscd_setup {
    const char *program;        /* pcscd */
    const char *config_folder;  /* with the reader configuration */
    const char *run_folder;     /* becomes its /run/pcscd */
    const char *driver;         /* libifdvpcd.so */
    const char *driver_copy;    /* empty file that becomes the driver */
    const char *drivers_folder; /* of this machine; hidden, so that its USB readers stay with its own pcscd */
    const char *empty_folder;
    const char *log_file;
} oc_pcscd_setup;

/* Starts pcscd in a session of its own. It is killed when the calling thread ends. UNAVAILABLE with the step that
 * failed. */
OC_MUST_USE oc_result oc_pcscd_child_start(pid_t *out, const oc_pcscd_setup *setup, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
