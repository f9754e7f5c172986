/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_FINDINGS_H
#define OC_CONFORMANCE_ACCEPT_FINDINGS_H

#include "conformance/dialect/catalogue.h"
#include "conformance/record/outcome.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What acceptance itself found out about one card, beside the vectors: one finding a check, whatever came of it. */
typedef struct oc_finding {
    const char *id; /* "ACCEPT.ORDER.SSSE-EF06-09" */
    const char *title_en;
    const char *title_zh;
    const char *requirement; /* of vectors/requirements/accept.xml */
    unsigned item;           /* submission item 1 to 27, or 0 */
    enum oc_verdict verdict;
    const char *reason; /* of every verdict but PASS */
    const char *what;   /* NULL where there is no evidence */
    const char *expected;
    const char *received;
    long first_difference;
} oc_finding;

/* Texts live in `arena`. Once memory is out, `bad` stays set. */
typedef struct oc_findings {
    oc_arena *arena;
    const oc_catalogue *catalogue; /* says how well a requirement is attested */
    oc_finding *at;
    size_t count, room;
    oc_finding nowhere; /* written where memory is out, never read */
    bool bad;
} oc_findings;

void oc_findings_free(oc_findings *findings);

/* Begins a finding that passes. Never NULL: where memory is out, it is one that goes nowhere. Valid until the next. */
oc_finding *oc_finding_add(oc_findings *findings, const char *id, const char *requirement, unsigned item,
                           const char *title_en, const char *title_zh);
/* The card broke the requirement: FAIL where that is well attested, else DEVIATION. */
void oc_finding_fails(oc_findings *findings, oc_finding *finding, const char *format, ...) OC_PRINTF(3, 4);
/* Evidence of one that fails. */
void oc_finding_evidence(oc_findings *findings, oc_finding *finding, const char *what, const char *expected,
                         const char *received, long first_difference);
/* NOT_APPLICABLE, NOT_RUN, INCONCLUSIVE or ERROR, and why. */
void oc_finding_ends(oc_findings *findings, oc_finding *finding, enum oc_verdict verdict, const char *format, ...)
    OC_PRINTF(4, 5);

/* A text in the arena. */
const char *oc_findings_text(oc_findings *findings, const char *format, ...) OC_PRINTF(2, 3);

#ifdef __cplusplus
}
#endif
#endif
