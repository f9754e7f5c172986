/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_ICS_H
#define OC_CONFORMANCE_RUN_ICS_H

#include "conformance/dialect/suite.h"
#include "conformance/dialect/terms.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The declaration of an item under test (implementation conformance statement; schema reports/ics.xsd): what it is and
 * what it can do. A case that asks for what is not declared is NOT_APPLICABLE. */
typedef struct oc_ics oc_ics;

enum oc_ics_kind { OC_ICS_CARD, OC_ICS_TERMINAL, OC_ICS_HOST };

/* FORMAT for a file that is none, that declares a term which its kind of item has no say in, or one twice. */
OC_MUST_USE oc_result oc_ics_load(oc_ics **out, const char *path, const char *schema_path, oc_diag *diag);
void oc_ics_free(oc_ics **ics);

enum oc_ics_kind oc_ics_kind(const oc_ics *ics);
/* The root element as it goes into a record, and the SHA-256 of the file in hex. */
const char *oc_ics_xml(const oc_ics *ics);
const char *oc_ics_digest(const oc_ics *ics);

/* The `at`-th term that an item of this kind can declare, as it stands in a condition: "terminal.has(iReadCard)"; false
 * past the last one. */
#define OC_ICS_TERM_MAX 136
bool oc_ics_term(enum oc_ics_kind kind, size_t at, char out[OC_ICS_TERM_MAX]);
/* "card", "terminal", "host". */
const char *oc_ics_kind_name(enum oc_ics_kind kind);

/* Whether an item of the declaration's kind can declare the term, and this one does not. False without a declaration. */
bool oc_ics_denies(const oc_ics *ics, const oc_term *term);

/* Whether the case needs what is not declared, going by `answer`, which says what is there; `reason` (OC_ICS_REASON_MAX)
 * receives "ICS: terminal.has(iWriteCard) not declared". */
#define OC_ICS_REASON_MAX 192
bool oc_ics_excludes(const oc_ics *ics, const oc_case *subject, oc_term_answer *answer, void *context, char *reason);

/* Whether everything that is declared is there. USAGE naming the first that is not. */
OC_MUST_USE oc_result oc_ics_check(const oc_ics *ics, oc_term_answer *answer, void *context, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
