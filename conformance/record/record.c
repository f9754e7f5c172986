/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/record.h"

#include <errno.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conformance/record/fragment.h"
#include "conformance/record/state.h"
#include "sim/base/file.h"

static const char *copy(oc_arena *arena, const char *text, bool *bad)
{
    char *copied = text == NULL ? NULL : oc_arena_text(arena, text);
    *bad = *bad || (text != NULL && copied == NULL);
    return copied;
}

static oc_result copy_info(oc_record *record, const oc_run_info *info)
{
    bool bad = false;
    record->info = *info;
    record->info.suite_version = copy(&record->arena, info->suite_version, &bad);
    record->info.command_line = copy(&record->arena, info->command_line, &bad);
    record->info.subject = copy(&record->arena, info->subject, &bad);
    record->info.started = copy(&record->arena, info->started, &bad);
    record->info.limits = copy(&record->arena, info->limits, &bad);
    record->info.packs = copy(&record->arena, info->packs, &bad);
    record->info.waivers = copy(&record->arena, info->waivers, &bad);
    record->info.environment = copy(&record->arena, info->environment, &bad);
    record->info.parts = copy(&record->arena, info->parts, &bad);
    record->info.node = copy(&record->arena, info->node, &bad);
    record->info.run_id = copy(&record->arena, info->run_id, &bad);
    record->info.plan_digest = copy(&record->arena, info->plan_digest, &bad);
    record->info.declaration.xml = copy(&record->arena, info->declaration.xml, &bad);
    record->info.declaration.digest = copy(&record->arena, info->declaration.digest, &bad);
    record->info.laboratory.xml = copy(&record->arena, info->laboratory.xml, &bad);
    record->info.laboratory.digest = copy(&record->arena, info->laboratory.digest, &bad);
    record->info.challenge.xml = copy(&record->arena, info->challenge.xml, &bad);
    record->info.challenge.digest = copy(&record->arena, info->challenge.digest, &bad);
    record->info.amends = copy(&record->arena, info->amends, &bad);
    record->info.amendment = copy(&record->arena, info->amendment, &bad);
    oc_file_digest *vectors = oc_arena_alloc(&record->arena, (info->vector_count + 1) * sizeof *vectors);
    for (size_t i = 0; vectors != NULL && i < info->vector_count; i++) {
        vectors[i] = info->vectors[i];
        vectors[i].path = copy(&record->arena, info->vectors[i].path, &bad);
    }
    record->info.vectors = vectors;
    return bad || vectors == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result write_entry(oc_record *record, oc_span entry, off_t *at, oc_diag *diag)
{
    return oc_journal_write(record->journal, entry, at, diag);
}

static oc_result write_run_entry(oc_record *record, oc_diag *diag)
{
    oc_buf entry = {0};
    off_t at = 0;
    oc_record_begin_session(record);
    oc_result r = oc_fragment_run(&entry, &record->info, record->vectors_digest);
    if (oc_is_ok(r)) {
        r = write_entry(record, oc_buf_span(&entry), &at, diag);
    }
    oc_buf_free(&entry);
    return oc_is_ok(r) ? oc_journal_sync(record->journal, diag) : r;
}

/* A result.xml of an earlier run must not stand beside a journal that it does not belong to. */
static oc_result remove_old_result(const char *folder, oc_diag *diag)
{
    char path[4096];
    OC_TRY(oc_file_join(path, sizeof path, folder, "result.xml"));
    if (unlink(path) != 0 && errno != ENOENT) {
        return oc_diag_fail_at(diag, OC_E_IO, path, 0, "cannot remove the old result: %s", strerror(errno));
    }
    return oc_ok();
}

static oc_result open_in(oc_record *record, const char *folder, const oc_run_info *info, bool resume, oc_diag *diag)
{
    char path[4096];
    record->folder = oc_arena_text(&record->arena, folder);
    record->slots = xmlHashCreate(info->planned < 1024 ? 1024 : info->planned < 65536 ? (int)info->planned : 65536);
    if (record->folder == NULL || record->slots == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(oc_latency_new(&record->latency));
    OC_TRY(info->run_id == NULL ? oc_ok() : oc_chain_new(&record->chain));
    OC_TRY(copy_info(record, info));
    OC_TRY(oc_record_vectors_digest(info, record->vectors_digest));
    OC_TRY(oc_file_make_folder(folder, diag));
    if (!oc_is_ok(oc_file_join(path, sizeof path, folder, "run.journal"))) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, folder, 0, "path too long");
    }
    OC_TRY(oc_journal_open(&record->journal, path, resume, oc_record_replay, record, diag));
    OC_TRY(remove_old_result(folder, diag));
    return write_run_entry(record, diag);
}

oc_result oc_record_open(oc_record **out, const char *folder, const oc_run_info *info, bool resume, oc_diag *diag)
{
    *out = NULL;
    xmlInitParser(); /* before threads use the writer */
    oc_record *record = calloc(1, sizeof *record);
    if (record == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    pthread_mutex_init(&record->lock, NULL);
    oc_result r = open_in(record, folder, info, resume, diag);
    if (!oc_is_ok(r)) {
        oc_record_free(&record);
        return r;
    }
    *out = record;
    return oc_ok();
}

oc_result oc_record_pass(oc_record *record, const oc_pass_info *pass, oc_diag *diag)
{
    oc_buf entry = {0};
    off_t at = 0;
    oc_result r = oc_fragment_pass(&entry, pass);
    if (oc_is_ok(r)) {
        r = oc_record_settle(record, diag);
    }
    pthread_mutex_lock(&record->lock);
    if (oc_is_ok(r)) {
        r = write_entry(record, oc_buf_span(&entry), &at, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_record_note_pass(record, pass, at, entry.len);
    }
    pthread_mutex_unlock(&record->lock);
    oc_buf_free(&entry);
    return oc_is_ok(r) ? oc_journal_sync(record->journal, diag) : r;
}

/* The caller holds the lock. */
static oc_result write_outcome(oc_record *record, const oc_outcome *outcome, oc_diag *diag)
{
    oc_buf *entry = &record->entry;
    const struct oc_record_pass *pass = outcome->pass == NULL ? NULL : oc_record_find_pass(record, outcome->pass);
    if (outcome->id == NULL || pass == NULL) {
        return oc_diag_fail(diag, OC_E_INTERNAL, "outcome of %s in pass %s, which was not noted",
                            outcome->id == NULL ? "(no id)" : outcome->id,
                            outcome->pass == NULL ? "(none)" : outcome->pass);
    }
    off_t at = 0;
    const oc_chain_seed seed = {.run_id = record->info.run_id,
                                .plan = record->info.plan_digest,
                                .declaration = record->info.declaration.digest,
                                .challenge = record->info.challenge.digest,
                                .driver = pass->driver,
                                .pass = pass->id,
                                .case_id = outcome->id};
    oc_buf_clear(entry);
    OC_TRY(oc_fragment_case(entry, outcome, oc_record_next_repeat(record, outcome->pass, outcome->id), record->chain,
                            &seed));
    OC_TRY(write_entry(record, oc_buf_span(entry), &at, diag));
    return oc_record_note_case(record, outcome, at, entry->len);
}

static oc_result append_outcome(void *self, const oc_outcome *outcome, oc_diag *diag)
{
    oc_record *record = self;
    pthread_mutex_lock(&record->lock);
    oc_result r = write_outcome(record, outcome, diag);
    pthread_mutex_unlock(&record->lock);
    return r;
}

static oc_result sync_outcomes(void *self, oc_diag *diag)
{
    const oc_record *record = self;
    return oc_journal_sync(record->journal, diag);
}

oc_result oc_record_write_behind(oc_record *record)
{
    if (record->behind != NULL) {
        return oc_ok();
    }
    oc_journal_gather(record->journal);
    return oc_hand_over_new(&record->behind, (oc_hand_over_sink){record, append_outcome, sync_outcomes});
}

oc_result oc_record_settle(const oc_record *record, oc_diag *diag)
{
    return record->behind == NULL ? oc_ok() : oc_hand_over_settle(record->behind, diag);
}

oc_result oc_record_outcome(oc_record *record, const oc_outcome *outcome, oc_diag *diag)
{
    OC_TRY(oc_record_settle(record, diag));
    OC_TRY(append_outcome(record, outcome, diag));
    return sync_outcomes(record, diag);
}

oc_result oc_record_hand_over(oc_record *record, oc_outcome *outcome, oc_diag *diag)
{
    return record->behind == NULL ? oc_record_outcome(record, outcome, diag)
                                  : oc_hand_over_give(record->behind, outcome, diag);
}

/* What the record says takes in all that was handed over. A failure to write it is the next writer's to tell. */
static void lock_settled(oc_record *record)
{
    oc_result ignored = oc_record_settle(record, NULL);
    (void)ignored;
    pthread_mutex_lock(&record->lock);
}

/* Whoever is under test was judged, or the case is not for him. */
static bool is_settled(enum oc_verdict verdict)
{
    return verdict != OC_VERDICT_NOT_RUN && verdict != OC_VERDICT_INCONCLUSIVE && verdict != OC_VERDICT_ERROR;
}

/* NULL where the case must run: it never did, or nobody could judge it. */
static const struct oc_record_slot *settled_slot(const oc_record *record, const char *pass, const char *id)
{
    const struct oc_record_slot *slot = xmlHashLookup2(record->slots, (const xmlChar *)pass, (const xmlChar *)id);
    return slot == NULL || !is_settled(slot->last->verdict) ? NULL : slot;
}

bool oc_record_has(const oc_record *record, const char *pass, const char *id, enum oc_verdict *verdict,
                   const char **why)
{
    oc_record *locked = (oc_record *)(uintptr_t)record; /* the lock is no part of what the record says */
    lock_settled(locked);
    const struct oc_record_slot *slot = settled_slot(record, pass, id);
    if (slot != NULL && verdict != NULL) {
        *verdict = slot->worst;
    }
    if (slot != NULL && why != NULL) {
        *why = slot->last->why;
    }
    pthread_mutex_unlock(&locked->lock);
    return slot != NULL;
}

static oc_result write_remark(oc_record *record, oc_span xml, const char *key, const char *id, bool is_difference,
                              oc_diag *diag)
{
    off_t at = 0;
    OC_TRY(oc_record_settle(record, diag));
    pthread_mutex_lock(&record->lock);
    oc_result r = write_entry(record, xml, &at, diag);
    if (oc_is_ok(r)) {
        r = oc_record_note_remark(record, key, id, xml, is_difference);
    }
    pthread_mutex_unlock(&record->lock);
    return oc_is_ok(r) ? oc_journal_sync(record->journal, diag) : r;
}

oc_result oc_record_difference(oc_record *record, const char *id, const char *pass_a, enum oc_verdict verdict_a,
                               const char *pass_b, enum oc_verdict verdict_b, oc_diag *diag)
{
    oc_buf xml = {0};
    oc_arena scratch = {0};
    const char *key = oc_arena_format(&scratch, "difference\n%s\n%s\n%s", id, pass_a, pass_b);
    oc_result r = key == NULL ? oc_fail(OC_E_MEMORY)
                              : oc_fragment_difference(&xml, id, pass_a, verdict_a, pass_b, verdict_b);
    if (oc_is_ok(r)) {
        r = write_remark(record, oc_buf_span(&xml), key, id, true, diag);
    }
    oc_arena_free(&scratch);
    oc_buf_free(&xml);
    return r;
}

oc_result oc_record_one_link(oc_record *record, const char *id, const char *pass, const char *why, oc_diag *diag)
{
    oc_buf xml = {0};
    oc_arena scratch = {0};
    const char *key = oc_arena_format(&scratch, "one-link\n%s\n%s", id, pass);
    oc_result r = key == NULL ? oc_fail(OC_E_MEMORY) : oc_fragment_one_link(&xml, id, pass, why);
    if (oc_is_ok(r)) {
        r = write_remark(record, oc_buf_span(&xml), key, id, false, diag);
    }
    oc_arena_free(&scratch);
    oc_buf_free(&xml);
    return r;
}

void oc_record_counts(const oc_record *record, size_t counts[OC_VERDICT_COUNT])
{
    oc_record *locked = (oc_record *)(uintptr_t)record;
    lock_settled(locked);
    memcpy(counts, record->counts, sizeof record->counts);
    counts[OC_VERDICT_ERROR] += record->differences;
    pthread_mutex_unlock(&locked->lock);
}

oc_result oc_record_latencies(const oc_record *record, oc_latency_visit *visit, void *self)
{
    oc_record *locked = (oc_record *)(uintptr_t)record;
    lock_settled(locked);
    oc_result r = oc_latency_each(record->latency, visit, self);
    for (size_t i = 0; oc_is_ok(r) && i < record->pass_count; i++) {
        const struct oc_record_pass *pass = &record->passes[i];
        r = visit(self,
                  &(oc_latency_series){pass->id, "empty", "empty exchange", pass->empty_ns, pass->empty_count, 0});
    }
    pthread_mutex_unlock(&locked->lock);
    return r;
}

void oc_record_unwaived(const oc_record *record, size_t counts[OC_VERDICT_COUNT])
{
    oc_record_counts(record, counts);
    oc_record *locked = (oc_record *)(uintptr_t)record;
    lock_settled(locked);
    for (size_t i = 0; i < OC_VERDICT_COUNT; i++) {
        counts[i] -= record->waived[i];
    }
    pthread_mutex_unlock(&locked->lock);
}

void oc_record_set_planned(oc_record *record, size_t planned)
{
    pthread_mutex_lock(&record->lock);
    record->info.planned = planned;
    pthread_mutex_unlock(&record->lock);
}

void oc_record_set_clock(oc_record *record, const oc_environment_calibration *clock)
{
    pthread_mutex_lock(&record->lock);
    record->clock = *clock;
    pthread_mutex_unlock(&record->lock);
}

oc_result oc_record_finish(oc_record *record, const char *ended, bool interrupted, int exit_code, oc_diag *diag)
{
    OC_TRY(oc_record_settle(record, diag));
    pthread_mutex_lock(&record->lock);
    oc_result r = oc_record_write_result(record, ended, interrupted, exit_code, diag);
    pthread_mutex_unlock(&record->lock);
    return r;
}

void oc_record_free(oc_record **record)
{
    if (*record == NULL) {
        return;
    }
    oc_hand_over_free(&(*record)->behind);
    oc_journal_close(&(*record)->journal);
    oc_buf_free(&(*record)->entry);
    oc_latency_free(&(*record)->latency);
    oc_chain_free(&(*record)->chain);
    if ((*record)->slots != NULL) {
        xmlHashFree((*record)->slots, NULL);
    }
    for (size_t i = 0; i < (*record)->pass_count; i++) {
        free((*record)->passes[i].empty_ns);
    }
    free((*record)->passes);
    free((*record)->cases);
    free((*record)->notes);
    oc_arena_free(&(*record)->arena);
    pthread_mutex_destroy(&(*record)->lock);
    free(*record);
    *record = NULL;
}
