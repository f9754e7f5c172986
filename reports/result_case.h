/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_RESULT_CASE_H
#define OC_REPORTS_RESULT_CASE_H

#include "reports/record_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A case of the record as it passes by. Everything is borrowed from the node. */
typedef struct oc_result_case {
    const xmlNode *node;
    const char *id;
    const char *pass;
    unsigned long repeat; /* from 1 */
    enum oc_report_verdict verdict;
} oc_result_case;

/* Of a <case> that oc_record_read hands over. */
oc_result_case oc_result_case_of(const xmlNode *node);

#ifdef __cplusplus
}
#endif
#endif
