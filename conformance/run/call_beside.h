/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_CALL_BESIDE_H
#define OC_CONFORMANCE_RUN_CALL_BESIDE_H

#include "conformance/dialect/suite.h"
#include "conformance/dut/terminal_dut.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The two calls of a step that says `beside`, and how their arguments and answers have room in one list: what is the
 * second caller's has -2 behind its name (vectors/README.md). Zero-initialise; free with oc_call_beside_free. */
typedef struct oc_call_beside {
    oc_beside beside;
    oc_fields args[OC_BESIDE_CALLERS];
    oc_fields answers[OC_BESIDE_CALLERS];
} oc_call_beside;

/* `out` must stay where it is: the calls point into it. */
OC_MUST_USE oc_result oc_call_beside_fill(oc_call_beside *out, const oc_step *step, const oc_fields *args);
OC_MUST_USE oc_result oc_call_beside_join(const oc_call_beside *beside, oc_fields *answer);
void oc_call_beside_free(oc_call_beside *beside);

#ifdef __cplusplus
}
#endif
#endif
