/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_PACK_PACK_H
#define OC_CONFORMANCE_PACK_PACK_H

#include "conformance/dialect/catalogue.h"
#include "reports/bundle/signature.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A requirement pack (architecture, section 3): a folder that a lawful holder of the standards' texts keeps outside this
 * project, signed.
 *     pack.xml        clauses, their texts, the requirements and settings behind them (vectors/schema/pack.xsd)
 *     limits.xml      limits of latency (reports/latency/limits.xsd); may be missing
 *     MANIFEST, MANIFEST.p7s    as of an evidence bundle (reports/bundle/manifest.h) */
typedef struct oc_pack oc_pack;

#define OC_PACK_FILE "pack.xml"
#define OC_PACK_LIMITS "limits.xml"

/* Loads and checks: the files are those of MANIFEST and no others, the signature holds, and unless `trust` is NULL it is
 * somebody's who is trusted. FORMAT with file and reason otherwise. `schema_path`: that of pack.xml. */
OC_MUST_USE oc_result oc_pack_load(oc_pack **out, const char *folder, const char *schema_path, const oc_trust *trust,
                                   oc_diag *diag);
void oc_pack_free(oc_pack **pack);

/* Writes MANIFEST and has it signed; `when` in seconds since 1970. */
OC_MUST_USE oc_result oc_pack_sign(const char *folder, const oc_signer *signers, size_t count, int64_t when,
                                   oc_diag *diag);

/* Tells each mistake with its line: requirements that nobody knows or that stand twice, settings that do not exist, a
 * clause that is not assessable and names requirements. Returns how many. */
typedef void oc_pack_report(void *context, const char *file, long line, const char *reason);
size_t oc_pack_lint(const oc_pack *pack, const oc_catalogue *catalogue, oc_pack_report *report, void *context);

/* Makes its requirements firm in the catalogue. USAGE for a pack that is not clean. */
OC_MUST_USE oc_result oc_pack_apply(const oc_pack *pack, oc_catalogue *catalogue, oc_diag *diag);

/* Whether the card's profile is what the clauses state: USAGE with clause and setting where it is not. */
OC_MUST_USE oc_result oc_pack_check_profile(const oc_pack *pack, const oc_profile *profile, oc_diag *diag);

/* Path of its limits; NULL: it has none. */
const char *oc_pack_limits(const oc_pack *pack);
const char *oc_pack_id(const oc_pack *pack);
/* SHA-256 of MANIFEST in hex. */
const char *oc_pack_digest(const oc_pack *pack);
const oc_cms_signers *oc_pack_signers(const oc_pack *pack);
size_t oc_pack_clause_count(const oc_pack *pack);

/* Appends the <pack> element of a result record (reports/result.xsd). */
OC_MUST_USE oc_result oc_pack_describe(const oc_pack *pack, oc_buf *out);

#ifdef __cplusplus
}
#endif
#endif
