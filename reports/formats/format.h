/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_FORMATS_FORMAT_H
#define OC_REPORTS_FORMATS_FORMAT_H

#include <stdio.h>

#include "reports/formats/facts.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One form in which programs take results. It is written while the record is read once: head, each case, end. */
typedef struct oc_format {
    const char *name;  /* as --format has it */
    size_t state_size; /* of what it keeps between calls, zeroed at the begin */
    oc_result (*head)(void *state, FILE *out, const oc_format_run *run);
    oc_result (*one)(void *state, FILE *out, const oc_format_run *run, const oc_format_case *one);
    oc_result (*end)(void *state, FILE *out, const oc_format_run *run);
    void (*release)(void *state); /* in any case, also when `head` was never called */
} oc_format;

extern const oc_format oc_format_junit;          /* the grammar of the Jenkins xUnit plugin and nothing beside it */
extern const oc_format oc_format_junit_extended; /* file, line, assertions, properties and attachments of a case too */
extern const oc_format oc_format_tap;            /* TAP version 14 */
extern const oc_format oc_format_ctrf;           /* Common Test Report Format 1.0.0 */
extern const oc_format oc_format_json;           /* the record itself, reports/formats/README.md */

/* NULL when there is none of that name. */
const oc_format *oc_format_find(const char *name);

/* `format` as `path` ("-": standard output). */
typedef struct oc_format_request {
    const oc_format *format;
    const char *path;
} oc_format_request;

/* All in one pass through the record. Replaces each file as a whole, and none unless the record was good to its end.
 * FORMAT and LIMIT for a bad record, IO. */
OC_MUST_USE oc_result oc_formats_write(const oc_format_request *requests, size_t count, const char *result_path,
                                       oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
