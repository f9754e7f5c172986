/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_JOURNAL_H
#define OC_CONFORMANCE_RECORD_JOURNAL_H

#include <sys/types.h>

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An append-only text file, one entry a line:
 *     length in bytes, blank, first 16 hex digits of SHA-256, blank, the entry, line feed
 * after the head line "onecard-journal 1". An entry holds no line feed. The file is locked while it is open, so
 * that two runs never share one. Safe from several threads. */
typedef struct oc_journal oc_journal;

/* Called once per entry of a resumed journal, in order. `line` is 1-based; `at` is where the entry begins. */
typedef oc_result oc_journal_visit(void *self, long line, off_t at, oc_span entry, oc_diag *diag);

/* Begins a new file or, with `resume`, goes through the entries of the one that is there and continues it. A last
 * line that is torn or damaged is cut off: the write did not end. A damaged line before it is FORMAT. USAGE when
 * another process has the journal open. */
OC_MUST_USE oc_result oc_journal_open(oc_journal **out, const char *path, bool resume, oc_journal_visit *visit,
                                      void *self, oc_diag *diag);

/* From here on entries wait in memory for the next sync, or until they are many: for a writer of many before it syncs.
 * When they cannot be written, nothing more is. Before other threads know the journal. */
void oc_journal_gather(oc_journal *journal);

/* Writes one entry. *at receives where it begins. Not yet synced. */
OC_MUST_USE oc_result oc_journal_write(oc_journal *journal, oc_span entry, off_t *at, oc_diag *diag);

/* Returns when everything written before the call is on the medium. Threads that wait share one fdatasync. */
OC_MUST_USE oc_result oc_journal_sync(oc_journal *journal, oc_diag *diag);

/* Replaces the content of `out` by `len` bytes from `at`. */
OC_MUST_USE oc_result oc_journal_read(oc_journal *journal, off_t at, size_t len, oc_buf *out, oc_diag *diag);

void oc_journal_close(oc_journal **journal);

#ifdef __cplusplus
}
#endif
#endif
