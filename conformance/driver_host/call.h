/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DRIVER_HOST_CALL_H
#define OC_CONFORMANCE_DRIVER_HOST_CALL_H

#include "conformance/driver_host/os.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OC_DH_PARAMETERS_MAX 10

/* One call. A parameter is a number or a pointer; either fills one word of the machine, on the stack of i386 as in the
 * registers of x86-64 and arm64, so that functions are told apart by the number of their parameters alone. */
typedef struct oc_dh_call {
    oc_dh_function *function;
    unsigned count;
    intptr_t parameters[OC_DH_PARAMETERS_MAX];
} oc_dh_call;

typedef struct oc_dh_outcome {
    intptr_t raw; /* the whole result register */
    /* Bytes of parameters that the function took off the stack: none by C's convention, all of them by __stdcall. The
     * call outlives either, so a wrong declaration is told and does not crash. -1 where there is but one convention. */
    long popped;
    uint64_t nanoseconds;
} oc_dh_outcome;

void oc_dh_call_run(const oc_dh_call *call, oc_dh_outcome *outcome);

#ifdef __cplusplus
}
#endif
#endif
