/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_CHALLENGE_CHALLENGE_H
#define OC_REPORTS_CHALLENGE_CHALLENGE_H

#include "reports/bundle/plan_lines.h"
#include "reports/bundle/signature.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A challenge (project choice; schema challenge.xsd): an examiner's signed file that demands a run. Who answers it could
 * not have run before, because everything that is random in the run follows from its nonce. FILE and FILE.p7s. */
#define OC_CHALLENGE_NONCE 32
#define OC_CHALLENGE_SIGNATURE ".p7s"
#define OC_CHALLENGE_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* What a run must be, and what one is. Texts are borrowed; digests in hex. */
typedef struct oc_challenge_demand {
    const char *ics;          /* SHA-256 of the declaration, or NULL: none is demanded, or given */
    const char *vectors;      /* oc_challenge_vectors */
    const char *profiles;     /* 32 digits, as the record's subject has them */
    const char *requirements; /* the same */
    oc_plan_lines *plan;      /* sorted when used */
} oc_challenge_demand;

/* SHA-256 over the digests of vector files, sorted: their names and places do not matter. `digests` are hex texts. */
OC_MUST_USE oc_result oc_challenge_vectors(const char *const *digests, size_t count, char out[65]);

typedef struct oc_challenge_order {
    oc_challenge_demand demand;
    const char *examiner; /* UTF-8, of one line */
    int64_t issued;       /* seconds since 1970 */
    int64_t expires;
    const oc_signer *signers;
    size_t signer_count; /* at least 1 */
} oc_challenge_order;

/* Writes `path` and its signature with a fresh nonce. Neither may be there yet. */
OC_MUST_USE oc_result oc_challenge_make(const oc_challenge_order *order, const char *path, oc_diag *diag);

typedef struct oc_challenge oc_challenge;

/* Reads and checks both files: form, signature, and unless `trust` is NULL whose it is. FORMAT naming file and reason
 * for what is altered, not signed or somebody else's. */
OC_MUST_USE oc_result oc_challenge_load(oc_challenge **out, const char *path, const char *schema_path,
                                        const oc_trust *trust, oc_diag *diag);
void oc_challenge_free(oc_challenge **challenge);

/* USAGE when `now` (seconds since 1970) is past its end or more than a day before its issue. */
OC_MUST_USE oc_result oc_challenge_check_time(const oc_challenge *challenge, int64_t now, oc_diag *diag);
/* USAGE naming the first thing in which the run is not the one that is demanded. */
OC_MUST_USE oc_result oc_challenge_check(const oc_challenge *challenge, const oc_challenge_demand *run, oc_diag *diag);

/* The run's seed: the first 8 bytes, big-endian, of SHA-256("onecard-challenge-1" 00 nonce, SHA-256 of the file). */
uint64_t oc_challenge_seed(const oc_challenge *challenge);
const char *oc_challenge_nonce(const oc_challenge *challenge);         /* hex */
const char *oc_challenge_digest(const oc_challenge *challenge);        /* SHA-256 of the file in hex */
const oc_plan_lines *oc_challenge_plan(const oc_challenge *challenge); /* sorted */
const char *oc_challenge_ics(const oc_challenge *challenge);           /* SHA-256 in hex, or NULL */

/* Appends the <challenge> element of a result record (reports/result.xsd). */
OC_MUST_USE oc_result oc_challenge_describe(const oc_challenge *challenge, oc_buf *out);

#ifdef __cplusplus
}
#endif
#endif
