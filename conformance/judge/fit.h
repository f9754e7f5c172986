/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_JUDGE_FIT_H
#define OC_CONFORMANCE_JUDGE_FIT_H

#include "conformance/judge/session.h"

/* Private to the matcher: one pattern against one exchange. */

enum oc_fit { OC_NO_FIT, OC_MAY_FIT, OC_FITS }; /* MAY: masked bytes decide */

/* What a pattern took last. */
typedef struct oc_taken_value {
    const char *name;
    bool has;
    oc_seen_bytes value;
} oc_taken_value;

struct oc_glob_item; /* one byte or wildcard of a glob with its values */

typedef struct oc_fitter {
    const oc_scope *scope;
    oc_taken_value *taken;
    size_t taken_count;
    struct oc_glob_item *items; /* scratch */
    size_t item_room;
    oc_buf bytes; /* scratch */
    oc_diag *diag;
} oc_fitter;

OC_MUST_USE oc_result oc_fit_pattern(oc_fitter *fitter, const oc_pattern *pattern, const oc_seen *seen,
                                     enum oc_fit *out);
void oc_fitter_free(oc_fitter *fitter);

static inline enum oc_fit oc_fit_and(enum oc_fit a, enum oc_fit b)
{
    return a < b ? a : b;
}

static inline enum oc_fit oc_fit_or(enum oc_fit a, enum oc_fit b)
{
    return a > b ? a : b;
}

static inline enum oc_fit oc_fit_not(enum oc_fit a)
{
    return a == OC_FITS ? OC_NO_FIT : a == OC_NO_FIT ? OC_FITS : OC_MAY_FIT;
}

#endif
