/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_JUDGE_MATCH_H
#define OC_CONFORMANCE_JUDGE_MATCH_H

#include "conformance/judge/session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Patterns against what was seen (vectors/README.md, "Observing"). Pure: the same session and values give the same
 * answer. */

enum oc_holding {
    OC_HOLDS,
    OC_HOLDS_UNKNOWN, /* masked bytes could decide it */
    OC_BROKEN
};

enum oc_breach_of_pattern {
    OC_PATTERN_NO_BREACH,
    OC_PATTERN_MISSING,   /* a must that was not met */
    OC_PATTERN_TOO_FEW,   /* met, but not as often as it has to be */
    OC_PATTERN_TOO_MANY,  /* met more often than allowed: `at` is the first one too many */
    OC_PATTERN_FORBIDDEN, /* a must-not that was met, at `at` */
    OC_PATTERN_REPEATED,  /* `at` has the bytes of `other`, which have to differ */
    OC_PATTERN_DIFFERS,   /* `at` has other bytes than `other`, which have to be the same */
    OC_PATTERN_ORDER,     /* a must that was met, but not behind the must before it, which was at `other` */
    OC_PATTERN_UNNAMED    /* rest="none": `at` fits no must and no may; no pattern */
};

typedef struct oc_observed {
    enum oc_holding holding;
    enum oc_breach_of_pattern breach;
    const oc_pattern *pattern; /* the first in the order written that does not hold */
    size_t at, other;          /* of the session; SIZE_MAX: none */
    size_t times;              /* that the pattern was met */
    bool met;                  /* some pattern of commands fits some exchange */
    const oc_take *take;       /* of REPEATED and DIFFERS */
} oc_observed;

/* Receives what the last exchange that a pattern fits gave to its takes, where all of it is known. */
typedef oc_result oc_taken(void *context, const char *name, oc_span value);

/* `scope` gives the values that the patterns name beside their own takes: without a value, a capture fits nothing;
 * NOT_FOUND for a value that the profile does not know. `taken` may be NULL. */
OC_MUST_USE oc_result oc_observe(const oc_observation *observation, const oc_session *session, const oc_scope *scope,
                                 oc_taken *taken, void *context, oc_observed *out, oc_diag *diag);

/* Calls `visit` for each exchange that a pattern of the set fits, in its order, with a scope in which the takes have the
 * values they have there, own ones included; what is masked has none. Places and times are not looked at. */
typedef oc_result oc_visit(void *context, size_t at, const oc_scope *scope);
OC_MUST_USE oc_result oc_observe_each(const oc_observation *observation, uint64_t set, const oc_session *session,
                                      const oc_scope *scope, oc_visit *visit, void *context, oc_diag *diag);

/* "never seen", "seen, though it must not be", ...: one clause of English. */
const char *oc_breach_text(enum oc_breach_of_pattern breach);

#ifdef __cplusplus
}
#endif
#endif
