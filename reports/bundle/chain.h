/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_CHAIN_H
#define OC_REPORTS_BUNDLE_CHAIN_H

#include <libxml/tree.h>

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The chain over one case of a result record (project choice): what is altered, taken out, put in, exchanged or cut
 * within a case, or brought in from another run, makes another last link. It stands in /result/case/@chain, and the
 * record alone is enough to compute it again.
 *
 *   h(i) = SHA-256(seed || record 1 || ... || record i)     seed: seven texts, each closed by a zero byte:
 *                                                          "onecard-chain-2", run id, plan digest, digest of the
 *                                                          declaration, digest of the driver, pass, case id; of a run
 *                                                          that answers a challenge an eighth, its digest
 *
 * Record i is the i-th element of the case in document order, <case> itself the first: its depth (a digit, <case> is
 * 0), name, zero byte; each attribute in the order of the names' bytes: name, zero byte, value, zero byte; zero byte;
 * where it has no child elements its text; zero byte. Text is UTF-8 as a parser of XML hands it out; none of it
 * holds a zero byte, so records cannot run into each other. The attribute `chain` is no part of it. */
#define OC_CHAIN_DIGITS 64

/* Texts in UTF-8; NULL counts as "". Digests in hex as they stand in the record. */
typedef struct oc_chain_seed {
    const char *run_id;      /* /result/@run-id */
    const char *plan;        /* /result/@plan-sha256 */
    const char *declaration; /* /result/ics/@sha256 */
    const char *driver;      /* /result/pass/@terminal-sha256 of the case's pass */
    const char *pass;
    const char *case_id;
    const char *challenge; /* /result/challenge/@sha256; NULL or "": there is none */
} oc_chain_seed;

/* One chain after the other, by one thread at a time. */
typedef struct oc_chain oc_chain;

OC_MUST_USE oc_result oc_chain_new(oc_chain **out);
void oc_chain_free(oc_chain **chain);

/* A case, told as a writer of XML would write it. A failure stays and is asked for at the end. */
void oc_chain_begin(oc_chain *chain, const oc_chain_seed *seed);
void oc_chain_open(oc_chain *chain, const char *element);
void oc_chain_attribute(oc_chain *chain, const char *name, oc_span value);
void oc_chain_text(oc_chain *chain, oc_span text);
void oc_chain_close(oc_chain *chain);
/* An element without attributes and children, whole. */
void oc_chain_leaf(oc_chain *chain, const char *element, oc_span text);
OC_MUST_USE oc_result oc_chain_end(oc_chain *chain, char out[OC_CHAIN_DIGITS + 1]);

/* Called for each record of a case as it joins the chain: the element, and the link in hex. */
typedef void oc_chain_visit(void *self, const xmlNode *element, const char *link);

/* The same over a case that was read. `visit` may be NULL. */
OC_MUST_USE oc_result oc_chain_case(oc_chain *chain, const oc_chain_seed *seed, const xmlNode *one_case,
                                    oc_chain_visit *visit, void *self, char out[OC_CHAIN_DIGITS + 1]);

#ifdef __cplusplus
}
#endif
#endif
