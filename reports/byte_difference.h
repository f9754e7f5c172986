/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BYTE_DIFFERENCE_H
#define OC_REPORTS_BYTE_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Takes one run of characters that are all the same as, or all different from, the other text. */
typedef void oc_difference_run(void *self, const char *at, size_t len, bool differs);

/* Cuts `text` into runs by comparison with `other`. Two hex texts, with references in braces counting as one place,
 * are compared byte by byte; other texts by their common begin and end. */
void oc_byte_difference(const char *text, const char *other, oc_difference_run *run, void *self);

#ifdef __cplusplus
}
#endif
#endif
