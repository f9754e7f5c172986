/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_TERMS_H
#define OC_CONFORMANCE_DIALECT_TERMS_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Applicability: terms joined by and, or, not and parentheses. A term is a name with dots and hyphens, or a name
 * with an argument: key(SSSE/UK#2), file(DF04/EF08), record(SSSE/EF05/07). */
typedef struct oc_term {
    char name[80];     /* "card.df04", "key" */
    char argument[48]; /* "SSSE/UK#2", or "" */
} oc_term;

/* Answers a term; NOT_FOUND when there is no such term. */
typedef oc_result oc_term_answer(void *context, const oc_term *term, bool *value);

/* Evaluates a condition. `decided` (may be NULL) receives the terms with their values, as
 * "card.df04 = no, profile.pin = yes", cut to `room`. FORMAT for a malformed one, NOT_FOUND for an unknown term. */
OC_MUST_USE oc_result oc_condition_evaluate(const char *condition, oc_term_answer *answer, void *context, bool *value,
                                            char *decided, size_t room, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
