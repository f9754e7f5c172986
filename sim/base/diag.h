/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_DIAG_H
#define OC_BASE_DIAG_H

#include "sim/base/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What went wrong, for a person: file, line and reason. It travels with the call; the first cause is kept.
 * Functions that take an oc_diag accept NULL. Zero-initialise before use. Owns nothing. */
typedef struct oc_diag {
    char file[256];   /* input file concerned, or "" */
    long line;        /* 1-based, 0 when unknown */
    char reason[512]; /* one UTF-8 sentence: what is wrong and what to do; "" when nothing was reported */
} oc_diag;

/* Notes the reason (unless one is noted already) and returns `code` as a result, so that callers can write
 *     return oc_diag_fail(diag, OC_E_FORMAT, "record %u is longer than its file", n); */
OC_MUST_USE oc_result oc_diag_fail(oc_diag *diag, enum oc_code code, const char *format, ...) OC_PRINTF(3, 4);

/* The same, with the place in an input file. */
OC_MUST_USE oc_result oc_diag_fail_at(oc_diag *diag, enum oc_code code, const char *file, long line,
                                      const char *format, ...) OC_PRINTF(5, 6);

/* Adds the place to a reason that was noted without one. */
void oc_diag_place(oc_diag *diag, const char *file, long line);

/* Forgets what was noted. */
void oc_diag_clear(oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
