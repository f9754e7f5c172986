/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_SPECIFICATION_ONE_CASE_H
#define OC_CONFORMANCE_SPECIFICATION_ONE_CASE_H

#include <stdio.h>

#include "conformance/dialect/suite.h"
#include "reports/requirements.h"
#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Private to the specification: what names mean, and one case. */

typedef struct oc_spec_texts {
    oc_requirements requirements;
    oc_xml_doc *terms;
} oc_spec_texts;

OC_MUST_USE oc_result oc_spec_texts_load(oc_spec_texts *out, const char *data_folder, oc_diag *diag);
void oc_spec_texts_free(oc_spec_texts *texts);

/* Id, text, source and confidence. */
void oc_spec_requirement(FILE *out, const oc_spec_texts *texts, const char *id);
void oc_spec_case(FILE *out, const oc_spec_texts *texts, const oc_case *one);

#ifdef __cplusplus
}
#endif
#endif
