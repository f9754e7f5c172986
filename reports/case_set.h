/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_CASE_SET_H
#define OC_REPORTS_CASE_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The cases that a record has shown so far, without their texts: of each the first 16 bytes of a digest over pass, id and
 * repeat, 32 bytes of memory. Zero-initialise; free with oc_case_set_free. */
typedef struct oc_case_set {
    struct oc_case_mark *at;
    size_t room; /* a power of two */
    size_t count;
} oc_case_set;

/* `*there` when it has been added before. MEMORY, CRYPTO. */
OC_MUST_USE oc_result oc_case_set_add(oc_case_set *set, const char *pass, const char *id, unsigned long repeat,
                                      bool *there);
void oc_case_set_free(oc_case_set *set);

#ifdef __cplusplus
}
#endif
#endif
