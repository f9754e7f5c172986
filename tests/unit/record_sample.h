/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_RECORD_SAMPLE_H
#define OC_TESTS_UNIT_RECORD_SAMPLE_H

#include "conformance/record/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A scripted run for the tests of the record and of the reports: two passes, every verdict, hostile texts. */

/* What no text may do: close an element or a CDATA section, start a script, carry control characters, invalid
 * UTF-8, a terminal escape or a bidirectional override. */
#define OC_SAMPLE_HOSTILE                                                                                             \
    "]]>\" ' & <script>alert(1)</script></case>\x01\x1b[31m \xff\xc0\xaf \xed\xa0\x80 \xe2\x80\xae"                   \
    "\xc2\x9b"                                                                                                        \
    "\r\n\tend"

/* A new folder of its own under the temporary folder; `out` at least 64 bytes. */
void oc_sample_folder(char *out);
/* Removes the folder and the files directly in it. */
void oc_sample_remove(const char *folder);
void oc_sample_path(char *out, size_t room, const char *folder, const char *name);

oc_run_info oc_sample_run_info(void);
oc_pass_info oc_sample_pass(const char *id, const char *transport);

/* Fills an outcome of one verdict with steps, exchanges and, past PASS, reason and evidence. `number` makes the id
 * CARD.SAMPLE.<number>. Free with oc_outcome_free. */
void oc_sample_outcome(oc_outcome *out, const char *pass, unsigned number, enum oc_verdict verdict);

/* The whole script: both passes with one case of every verdict, a hostile case, a flow, a difference and a case of
 * one link. The record is not finished. */
oc_record *oc_sample_record(const char *folder, bool strict);

/* Script, finish and free: FOLDER/result.xml is there. `cases` ordinary cases are added to the first pass. */
void oc_sample_result(const char *folder, bool strict, unsigned cases);

/* The whole file with a closing NUL; the caller frees. */
char *oc_sample_read(const char *folder, const char *name);

#ifdef __cplusplus
}
#endif
#endif
