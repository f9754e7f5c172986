/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_DRIVER_MANIFEST_INTERNAL_H
#define OC_CONFORMANCE_DUT_DRIVER_MANIFEST_INTERNAL_H

#include "conformance/dut/driver_manifest.h"
#include "sim/base/arena.h"

/* Private to the sources named driver_*.c. */

#define OC_DRIVER_FUNCTIONS_MAX 128
#define OC_DRIVER_CALLS_MAX 16

struct oc_driver_code {
    long long driver;
    long long standard;
};

struct oc_driver_manifest {
    oc_arena arena;
    oc_driver_call functions[OC_DRIVER_FUNCTIONS_MAX];
    size_t function_count;
    const char *absent[OC_DRIVER_FUNCTIONS_MAX];
    size_t absent_count;
    oc_driver_call init[OC_DRIVER_CALLS_MAX];
    size_t init_count;
    oc_driver_call exit[OC_DRIVER_CALLS_MAX];
    size_t exit_count;
    oc_driver_call keypad[OC_DRIVER_CALLS_MAX];
    size_t keypad_count;
    struct oc_driver_code codes[64];
    size_t code_count;
    const char *environment[33];
    size_t environment_count;
    unsigned long_bits;
    bool is_c_convention;
    unsigned buffer; /* 0: nothing is documented */
    unsigned items;
    bool keeps;
};

#endif
