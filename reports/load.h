/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LOAD_H
#define OC_REPORTS_LOAD_H

#include <libxml/tree.h>

#include "reports/verdict.h"
#include "sim/base/arena.h"
#include "sim/base/diag.h"
#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OC_RESULT_LIMIT ((size_t)512 * 1024 * 1024)

typedef struct oc_result_case {
    xmlNode *node;
    const char *id;
    const char *pass;
    unsigned long repeat;
    enum oc_report_verdict verdict;
} oc_result_case;

/* A result record that was read, checked against its schema and against itself: every case belongs to a pass, none
 * is there twice, the counts are those of the cases. The steps of cases that passed or were left out are not held, nor
 * checked against the schema. Texts are borrowed from `doc`. */
typedef struct oc_result_record {
    oc_xml_doc *doc;
    xmlNode *root;
    oc_result_case *cases;
    size_t case_count;
    oc_report_counts counts; /* cases only */
    size_t differences;      /* each an ERROR of the run */
    unsigned long planned;
    bool strict;
    bool interrupted;
    char sha256[65]; /* of the file, lower case */
    char sm3[65];
} oc_result_record;

OC_MUST_USE oc_result oc_result_load(oc_result_record *out, const char *path, oc_diag *diag);
/* Also for a record that was zeroed only. */
void oc_result_release(oc_result_record *record);

#ifdef __cplusplus
}
#endif
#endif
