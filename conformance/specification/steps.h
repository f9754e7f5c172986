/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_SPECIFICATION_STEPS_H
#define OC_CONFORMANCE_SPECIFICATION_STEPS_H

#include <stdio.h>

#include "conformance/dialect/suite.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Private to the specification: steps in words. */

/* A list of steps; those of a routine, one after the other, are one item. `name` heads it: steps, afterwards. */
void oc_spec_steps(FILE *out, const oc_step *steps, size_t count, const char *zh, const char *en);
/* One step alone, without what it has to answer. */
void oc_spec_step(FILE *out, const oc_step *step);
/* What a step has to answer. */
void oc_spec_expect(FILE *out, const oc_step *step);

#ifdef __cplusplus
}
#endif
#endif
