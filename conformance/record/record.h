/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_RECORD_H
#define OC_CONFORMANCE_RECORD_RECORD_H

#include "conformance/record/environment.h"
#include "conformance/record/latency.h"
#include <libxml/tree.h>

#include "conformance/record/outcome.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The result record. Every outcome is appended to FOLDER/run.journal and synced as it ends,
 * or soon after (oc_record_write_behind); FOLDER/result.xml
 * (schema reports/result.xsd) is made from the journal when the run ends, also when it is interrupted. */
typedef struct oc_record oc_record;

/* Makes the folder and begins a journal; with `resume`, continues the journal that is there (its run info must be
 * of the same seed, vectors, suite version and subject, else USAGE) after cutting a half-written last line. */
OC_MUST_USE oc_result oc_record_open(oc_record **out, const char *folder, const oc_run_info *info, bool resume,
                                     oc_diag *diag);

/* Notes a pass before its outcomes. */
OC_MUST_USE oc_result oc_record_pass(oc_record *record, const oc_pass_info *pass, oc_diag *diag);

/* Appends and syncs. Safe from several threads. */
OC_MUST_USE oc_result oc_record_outcome(oc_record *record, const oc_outcome *outcome, oc_diag *diag);

/* For runs whose cases are quicker than a medium: from here on oc_record_hand_over returns at once, and a thread writes what
 * was handed over, in its order, and syncs it many at a time. A kill loses up to some hundred outcomes, and these cases run
 * again when the run is resumed. Everything else that is asked of the record waits for that thread. Before other threads
 * know the record. */
OC_MUST_USE oc_result oc_record_write_behind(oc_record *record);
/* As oc_record_outcome, and takes the outcome's arena over where it is written later; it is to be freed all the same. A
 * failure to write is that of a later call, the last of them oc_record_settle. Texts outside the arena stay until that. */
OC_MUST_USE oc_result oc_record_hand_over(oc_record *record, oc_outcome *outcome, oc_diag *diag);
/* Returns when all that was handed over is synced. */
OC_MUST_USE oc_result oc_record_settle(const oc_record *record, oc_diag *diag);

/* True when the record holds an outcome of this case in this pass that need not be had again: a NOT_RUN, INCONCLUSIVE or
 * ERROR is none, as it says nothing of who is under test. *verdict receives the worst over its repeats, *why the reason
 * of one that was not judged, else NULL: borrowed from the record. Both may be NULL. An outcome that is given all the
 * same after a resume takes the old one's place. */
bool oc_record_has(const oc_record *record, const char *pass, const char *id, enum oc_verdict *verdict,
                   const char **why);

/* A case whose verdict differs between links, for the reader: counted as an ERROR of the run. */
OC_MUST_USE oc_result oc_record_difference(oc_record *record, const char *id, const char *pass_a,
                                           enum oc_verdict verdict_a, const char *pass_b, enum oc_verdict verdict_b,
                                           oc_diag *diag);
/* A case that applies to one of the two links only. */
OC_MUST_USE oc_result oc_record_one_link(oc_record *record, const char *id, const char *pass, const char *why,
                                         oc_diag *diag);

/* Verdict counts so far, over all passes. */
void oc_record_counts(const oc_record *record, size_t counts[OC_VERDICT_COUNT]);

/* The series of the run and of those that it goes on from, and those of the empty exchanges, of kind "empty". */
OC_MUST_USE oc_result oc_record_latencies(const oc_record *record, oc_latency_visit *visit, void *self);

/* The same without failures for which a waiver holds: what the exit code is made of. */
void oc_record_unwaived(const oc_record *record, size_t counts[OC_VERDICT_COUNT]);

/* How many verdicts the record should hold, where that was not known when it was opened. */
void oc_record_set_planned(oc_record *record, size_t planned);

/* What is known of the clock; before oc_record_finish. */
void oc_record_set_clock(oc_record *record, const oc_environment_calibration *clock);

/* Takes a <pass>, <case>, <difference> or <one-link> over from another record, where it stands in a tree; a case's chain
 * is made anew, for this run. */
OC_MUST_USE oc_result oc_record_take(oc_record *record, const xmlNode *element, oc_diag *diag);
bool oc_record_has_pass(const oc_record *record, const char *id);
/* Appends an element as it stands in a record, on one line. */
OC_MUST_USE oc_result oc_record_element(oc_buf *out, const xmlNode *element);

/* Writes result.xml as a whole. `ended` ISO 8601. */
OC_MUST_USE oc_result oc_record_finish(oc_record *record, const char *ended, bool interrupted, int exit_code,
                                       oc_diag *diag);
void oc_record_free(oc_record **record);

#ifdef __cplusplus
}
#endif
#endif
