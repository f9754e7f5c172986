/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_MODULES_H
#define OC_CONFORMANCE_DUT_MODULES_H

#include <sys/types.h>

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The files that are mapped as code in the processes of a terminal under test: what it really consists of. Linux only,
 * from /proc; elsewhere nothing is ever found. */
typedef struct oc_module_log oc_module_log;

typedef struct oc_module {
    const char *path; /* as the system names it; "(anonymous code)": made in memory; "(not shown)": a process hid it */
    const char *place; /* "item", "harness", "system", by the path alone, or "other" */
    uint64_t size;     /* bytes; 0 without digests */
    char sha256[65];   /* hex; "": the file could not be read any more */
    char sm3[65];
} oc_module;

/* Several threads may use one. */
OC_MUST_USE oc_result oc_module_log_new(oc_module_log **out);
void oc_module_log_free(oc_module_log **log);

/* Files that are known: `item` is the library under test, `harness` what the harness itself starts or puts in front of
 * it: a file, or a folder with a closing slash. Both copied; either may be NULL. */
OC_MUST_USE oc_result oc_module_log_tell(oc_module_log *log, const char *item, const char *harness);

/* Takes up what is mapped now in `process` and in all that it started. Digests are made of files that were not seen
 * before, or changed since. `log` may be NULL. A process that is gone has no modules. */
OC_MUST_USE oc_result oc_module_log_look(oc_module_log *log, pid_t process);

/* All, in the order of paths, each content of a path once. Borrowed; nobody may look meanwhile. */
const oc_module *oc_module_log_all(oc_module_log *log, size_t *count);

#ifdef __cplusplus
}
#endif
#endif
