/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_ENVIRONMENT_H
#define OC_CONFORMANCE_RECORD_ENVIRONMENT_H

#include "conformance/record/xml_out.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes <environment>: what the timings depend on and which libraries took part. No host or user names. */
void oc_environment_write(oc_xml_out *out);

#ifdef __cplusplus
}
#endif
#endif
