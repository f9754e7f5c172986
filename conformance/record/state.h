/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_STATE_H
#define OC_CONFORMANCE_RECORD_STATE_H

#include <libxml/hash.h>
#include <pthread.h>

#include "conformance/record/environment.h"
#include "conformance/record/hand_over.h"
#include "conformance/record/journal.h"
#include "conformance/record/latency.h"
#include "conformance/record/record.h"
#include "reports/bundle/chain.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a record knows in memory: where each entry stands in the journal, and what ordering, counting and latency
 * need. The entries themselves stay in the journal. Private to conformance/record. */

struct oc_record_case {
    const char *pass;
    const char *id;
    const char *file;
    long line;
    enum oc_verdict verdict;
    unsigned repeat;
    unsigned session; /* that it ran in */
    const char *why;  /* it was not judged, or NULL */
    bool waived;
    bool superseded; /* a NOT_RUN that was run after all, or what a later session ran again */
    off_t at;
    size_t len;
};

/* All outcomes of one case in one pass. */
struct oc_record_slot {
    struct oc_record_case *last;
    enum oc_verdict worst;
    enum oc_verdict before; /* the worst without the last one */
};

struct oc_record_pass {
    const char *id;
    const char *driver; /* digest of the driver library, or NULL */
    uint64_t *empty_ns; /* sorted */
    size_t empty_count;
    off_t at;
    size_t len;
};

/* A <difference> or <one-link>: kept as XML, found again by its key. */
struct oc_record_note {
    const char *key;
    const char *id;
    const char *xml;
    bool is_difference;
};

struct oc_record {
    pthread_mutex_t lock; /* everything below */
    oc_arena arena;
    oc_journal *journal;
    oc_hand_over *behind; /* NULL: everything is written at once. Locks itself, before `lock` */
    oc_buf entry;         /* scratch of what is written */
    const char *folder;
    oc_run_info info;
    char vectors_digest[65];
    unsigned resumes;
    unsigned session; /* from 1; each <run> of the journal begins one */
    struct oc_record_case **cases;
    size_t case_count, case_room;
    struct oc_record_pass *passes;
    size_t pass_count, pass_room;
    struct oc_record_note *notes;
    size_t note_count, note_room;
    xmlHashTablePtr slots; /* pass, id to struct oc_record_slot in the arena */
    oc_latency *latency;
    oc_environment_calibration clock;
    oc_chain *chain; /* NULL: the cases get none */
    size_t counts[OC_VERDICT_COUNT];
    size_t waived[OC_VERDICT_COUNT]; /* of these */
    size_t differences;
};

/* The row of a growing array, zeroed; NULL when memory is out. */
void *oc_record_grow(void **rows, size_t *count, size_t *room, size_t row_size);

struct oc_record_pass *oc_record_find_pass(const oc_record *record, const char *id);

/* Each session compares the links over all cases, so what an earlier one remarked is forgotten. */
void oc_record_begin_session(oc_record *record);

/* Takes an outcome up. `at` and `len` tell where its entry stands. Only what ordering and counting need is read
 * from `outcome`. */
OC_MUST_USE oc_result oc_record_note_case(oc_record *record, const oc_outcome *outcome, off_t at, size_t len);
OC_MUST_USE oc_result oc_record_note_pass(oc_record *record, const oc_pass_info *pass, off_t at, size_t len);
/* `xml` is the whole element; `key` tells the note from every other. */
OC_MUST_USE oc_result oc_record_note_remark(oc_record *record, const char *key, const char *id, oc_span xml,
                                            bool is_difference);
/* The number that the next outcome of the case gets: 1, or one more where it ran before in this session. */
unsigned oc_record_next_repeat(const oc_record *record, const char *pass, const char *id);

/* An oc_journal_visit over a record: takes up the entries of a resumed journal. */
oc_result oc_record_replay(void *self, long line, off_t at, oc_span entry, oc_diag *diag);

/* SHA-256 over the lines "digest  path" of the vector files in the order of their paths, in hex. */
OC_MUST_USE oc_result oc_record_vectors_digest(const oc_run_info *info, char out[65]);

/* Writes FOLDER/result.xml. The caller holds the lock. */
OC_MUST_USE oc_result oc_record_write_result(oc_record *record, const char *ended, bool interrupted, int exit_code,
                                             oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
