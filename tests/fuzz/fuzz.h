/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_FUZZ_FUZZ_H
#define OC_TESTS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/bytes.h"

/* What libFuzzer calls; each target defines both. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A demand that must hold for every input: the fuzzer keeps the input that breaks it. */
#define FUZZ_DEMAND(condition)                                                                                        \
    do {                                                                                                              \
        if (!(condition)) {                                                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                           \
            abort();                                                                                                  \
        }                                                                                                             \
    } while (0)

#endif
