/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void note(oc_diag *diag, const char *file, long line, const char *format, va_list args) OC_PRINTF(4, 0);

static void note(oc_diag *diag, const char *file, long line, const char *format, va_list args)
{
    if (diag == NULL || diag->reason[0] != '\0') {
        return;
    }
    vsnprintf(diag->reason, sizeof diag->reason, format, args);
    if (file != NULL) {
        snprintf(diag->file, sizeof diag->file, "%s", file);
        diag->line = line;
    }
}

oc_result oc_diag_fail(oc_diag *diag, enum oc_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    note(diag, NULL, 0, format, args);
    va_end(args);
    return oc_fail(code);
}

oc_result oc_diag_fail_at(oc_diag *diag, enum oc_code code, const char *file, long line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    note(diag, file, line, format, args);
    va_end(args);
    return oc_fail(code);
}

void oc_diag_place(oc_diag *diag, const char *file, long line)
{
    if (diag == NULL || diag->file[0] != '\0' || file == NULL) {
        return;
    }
    snprintf(diag->file, sizeof diag->file, "%s", file);
    diag->line = line;
}

void oc_diag_clear(oc_diag *diag)
{
    if (diag != NULL) {
        memset(diag, 0, sizeof *diag);
    }
}
