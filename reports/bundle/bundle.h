/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_BUNDLE_H
#define OC_REPORTS_BUNDLE_BUNDLE_H

#include "reports/bundle/evidence.h"
#include "reports/bundle/signature.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An evidence bundle: a folder of its own that is handed in whole.
 *   result.xml                    the record
 *   ics.xml, lab.xml              as they were given with the run or the bundle; not always there
 *   challenge.xml, challenge.xml.p7s   the examiner's challenge that the run answers, with its signature
 *   report.html, junit.xml        made from the record (and lab.xml)
 *   env.xml, plan.xml, limits.xml what the record says of them; and what signatures there are to be
 *   traces/PASS/CASE.jsonl, .pcap of what did not pass, and of flows
 *   MANIFEST, MANIFEST.p7s, MANIFEST.tsr
 * Everything between result.xml and MANIFEST is a pure function of result.xml, lab.xml and this version. */

#define OC_BUNDLE_CHALLENGE "challenge.xml"
#define OC_BUNDLE_CHALLENGE_SIGNATURE OC_BUNDLE_CHALLENGE ".p7s"

/* A second file beside each trace, made by somebody above this library: a packet capture. NULL makes none. What it makes
 * must depend on the case alone; nothing appended to `out` is no file. */
#define OC_COMPANION_ENDING ".pcap" /* in place of ".jsonl" */
typedef oc_result oc_bundle_companion(oc_buf *out, const xmlNode *one_case, oc_diag *diag);

typedef struct oc_bundle_order {
    const char *result_path;
    const char *ics_path;   /* or NULL: ics.xml beside the record, where the record has a copy of one */
    const char *lab_path;   /* or NULL: lab.xml beside the record, where the record has a copy of one */
    const char *out_folder; /* must not be there yet */
    const char *data_folder;
    oc_bundle_companion *companion;
    const oc_signer *signers;
    size_t signer_count;
    int64_t when;            /* signing time, seconds since 1970 */
    const char *tsa_command; /* gets a request (DER), prints the response; or NULL */
} oc_bundle_order;

/* Makes the bundle: in a folder beside `out_folder`, synced, then renamed. On failure nothing is left. FORMAT for a record
 * that does not hold, USAGE for what does not go together with it. `made` may be NULL. */
OC_MUST_USE oc_result oc_bundle_make(const oc_bundle_order *order, oc_evidence *made, oc_diag *diag);

/* Signs a bundle that is there, beside those who signed already; then, with `tsa_command` or the response in the file
 * `tsr_path`, has the signatures stamped. Each file is replaced as a whole. USAGE where it has a time stamp already, which
 * a further signature would make worthless. */
OC_MUST_USE oc_result oc_bundle_add(const char *folder, const oc_signer *signers, size_t count, int64_t when,
                                    const char *tsa_command, const char *tsr_path, oc_diag *diag);

/* Writes what is derived from FOLDER/result.xml, but the reports, into `into` (made already). */
typedef struct oc_bundle_derivation {
    const char *folder;
    const char *into;
    const char *data_folder;
    oc_bundle_companion *companion;
    oc_bundle_claims claims;
} oc_bundle_derivation;
OC_MUST_USE oc_result oc_bundle_derive(const oc_bundle_derivation *derivation, oc_evidence *evidence, oc_diag *diag);
/* And the reports: report.html and junit.xml. */
OC_MUST_USE oc_result oc_bundle_derive_reports(const oc_bundle_derivation *derivation, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
