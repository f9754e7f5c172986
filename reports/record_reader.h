/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_RECORD_READER_H
#define OC_REPORTS_RECORD_READER_H

#include <libxml/tree.h>

#include "reports/verdict.h"
#include "sim/base/diag.h"
#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is known when a record has been read to its end. */
typedef struct oc_record_end {
    oc_report_counts counts; /* of the cases that are there: those of <counts> */
    size_t cases;
    size_t planned_cases; /* without repeats: what result/@planned counts */
    char sha256[65];      /* of the file, lower case; "" unless digests were asked for */
    char sm3[65];
} oc_record_end;

/* One pass through a record; memory is bounded by its head and its largest case, and 32 bytes for each case. The file is
 * checked against result.xsd, which is built in, and against itself while it is read: every case belongs to a pass, none
 * is there twice, the counts are those of the cases. Hostile content (DOCTYPE, entities, other encodings, depth, cases
 * beyond 64 MiB) and other versions are refused with file, line and reason: FORMAT or LIMIT; else IO, NOT_FOUND, MEMORY.
 * What a visitor makes of the cases is of use only when the whole reading was OK: a file may turn out bad at its end.
 * Functions of a visitor may be NULL; what they return, unless OK, ends the reading. Texts are UTF-8 as of xml.h. */
typedef struct oc_record_visitor {
    void *self;
    /* <result> with all before the first <case>. It stays, without cases, until the reading ends. */
    oc_result (*head)(void *self, const xmlNode *result, oc_diag *diag);
    /* Each <case>, whole; gone after the call. */
    oc_result (*one)(void *self, const xmlNode *one_case, oc_diag *diag);
    /* Once, after the last case, when all has been found good; the head still stands. */
    oc_result (*end)(void *self, const oc_record_end *end, oc_diag *diag);
    bool digests; /* for `end` */
} oc_record_visitor;

OC_MUST_USE oc_result oc_record_read(const char *path, const oc_record_visitor *visitor, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
