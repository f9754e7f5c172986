/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/state.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/record/visible.h"
#include "sim/base/hex.h"

void *oc_record_grow(void **rows, size_t *count, size_t *room, size_t row_size)
{
    if (*count == *room) {
        size_t more = *room == 0 ? 64 : *room * 2;
        void *grown = realloc(*rows, more * row_size);
        if (grown == NULL) {
            return NULL;
        }
        *rows = grown;
        *room = more;
    }
    void *row = (char *)*rows + *count * row_size;
    memset(row, 0, row_size);
    (*count)++;
    return row;
}

struct oc_record_pass *oc_record_find_pass(const oc_record *record, const char *id)
{
    for (size_t i = 0; i < record->pass_count; i++) {
        if (strcmp(record->passes[i].id, id) == 0) {
            return &record->passes[i];
        }
    }
    return NULL;
}

void oc_record_begin_session(oc_record *record)
{
    record->session++;
    record->note_count = 0;
    record->differences = 0;
}

/* Whether the next outcome of the case takes the place of its last one instead of standing beside it: the last one
 * was none, or the case runs again because the run was resumed. */
static bool is_replaced(const oc_record *record, const struct oc_record_slot *slot)
{
    return slot->last->verdict == OC_VERDICT_NOT_RUN || slot->last->session != record->session;
}

static struct oc_record_slot *slot_of(const oc_record *record, const char *pass, const char *id)
{
    return xmlHashLookup2(record->slots, (const xmlChar *)pass, (const xmlChar *)id);
}

static unsigned next_repeat(const oc_record *record, const struct oc_record_slot *slot)
{
    if (slot == NULL) {
        return 1;
    }
    return is_replaced(record, slot) ? slot->last->repeat : slot->last->repeat + 1;
}

unsigned oc_record_next_repeat(const oc_record *record, const char *pass, const char *id)
{
    return next_repeat(record, slot_of(record, pass, id));
}

/* A call to a terminal: what was the card's, what the link's, and what is left for the terminal. */
static oc_result note_parts(oc_record *record, const oc_outcome *outcome, const oc_outcome_step *step)
{
    uint64_t others = step->card_ns + step->link_ns;
    const struct {
        const char *name;
        uint64_t ns;
    } parts[] = {{"card", step->card_ns},
                 {"link", step->link_ns},
                 {"own", step->duration_ns > others ? step->duration_ns - others : 0}};
    char name[128];
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        snprintf(name, sizeof name, "%s: %s", step->latency_class, parts[i].name);
        OC_TRY(oc_latency_add(record->latency, outcome->pass, "part", name, parts[i].ns));
    }
    return oc_ok();
}

/* A case that stopped early measured something else, so only cases that ran through feed the series; a negative is
 * refused on its way, so it is no sample of its flow. What a case measured stays when it runs again after a resume. */
static oc_result note_latency(oc_record *record, const oc_outcome *outcome)
{
    if (outcome->verdict != OC_VERDICT_PASS && outcome->verdict != OC_VERDICT_DEVIATION) {
        return oc_ok();
    }
    for (size_t i = 0; i < outcome->step_count; i++) {
        const oc_outcome_step *step = &outcome->steps[i];
        if (step->latency_class != NULL) {
            const char *kind = step->kind != NULL && strcmp(step->kind, "call") == 0 ? "function" : "class";
            OC_TRY(oc_latency_add(record->latency, outcome->pass, kind, step->latency_class, step->duration_ns));
            if (step->budget_class != NULL && step->budget_p99_ns > 0) {
                OC_TRY(oc_latency_budget(record->latency, outcome->pass, "step", step->budget_class,
                                         step->budget_p99_ns));
                OC_TRY(oc_latency_add(record->latency, outcome->pass, "step", step->budget_class, step->duration_ns));
            }
            OC_TRY(step->has_parts ? note_parts(record, outcome, step) : oc_ok());
        }
    }
    if (!outcome->is_flow || outcome->twin != NULL) {
        return oc_ok();
    }
    if (outcome->budget_p99_ns > 0) {
        OC_TRY(oc_latency_budget(record->latency, outcome->pass, "flow", outcome->id, outcome->budget_p99_ns));
    }
    return oc_latency_add(record->latency, outcome->pass, "flow", outcome->id, outcome->duration_ns);
}

/* `slot` NULL: the case's first outcome. */
static oc_result note_slot(oc_record *record, struct oc_record_slot *slot, struct oc_record_case *one)
{
    if (slot == NULL) {
        slot = oc_arena_alloc(&record->arena, sizeof *slot);
        if (slot == NULL ||
            xmlHashAddEntry2(record->slots, (const xmlChar *)one->pass, (const xmlChar *)one->id, slot) != 0) {
            return oc_fail(OC_E_MEMORY);
        }
        slot->before = slot->worst = one->verdict;
    } else if (is_replaced(record, slot)) {
        slot->last->superseded = true;
        record->counts[slot->last->verdict]--;
        record->waived[slot->last->verdict] -= slot->last->waived;
        slot->worst = one->repeat == 1 ? one->verdict : oc_verdict_worse(slot->before, one->verdict);
    } else {
        slot->before = slot->worst;
        slot->worst = oc_verdict_worse(slot->before, one->verdict);
    }
    slot->last = one;
    record->counts[one->verdict]++;
    record->waived[one->verdict] += one->waived;
    return oc_ok();
}

/* As it stands in the entry, so that a resumed record sorts like one that never stopped. */
static const char *shown_path(oc_record *record, const char *path)
{
    oc_buf text = {0};
    if (path != NULL && oc_visible_paths_stay(path)) {
        const char *last = record->case_count == 0 ? NULL : record->cases[record->case_count - 1]->file;
        return last != NULL && strcmp(last, path) == 0 ? last : oc_arena_text(&record->arena, path);
    }
    const char *kept = NULL;
    if (oc_is_ok(oc_visible_paths(&text, path))) {
        kept = oc_arena_text(&record->arena, (const char *)text.at);
    }
    oc_buf_free(&text);
    return kept;
}

oc_result oc_record_note_case(oc_record *record, const oc_outcome *outcome, off_t at, size_t len)
{
    struct oc_record_case *one = oc_arena_alloc(&record->arena, sizeof *one);
    const struct oc_record_pass *pass = oc_record_find_pass(record, outcome->pass);
    if (one == NULL || pass == NULL) {
        return oc_fail(one == NULL ? OC_E_MEMORY : OC_E_INTERNAL);
    }
    one->pass = pass->id;
    one->id = oc_arena_text(&record->arena, outcome->id);
    one->file = shown_path(record, outcome->file);
    one->line = outcome->line;
    one->waived = outcome->waiver != NULL;
    one->verdict = (unsigned)outcome->verdict < OC_VERDICT_COUNT ? outcome->verdict : OC_VERDICT_ERROR;
    struct oc_record_slot *slot = slot_of(record, outcome->pass, outcome->id);
    one->repeat = next_repeat(record, slot);
    one->session = record->session;
    bool judged = one->verdict != OC_VERDICT_NOT_APPLICABLE && one->verdict != OC_VERDICT_NOT_RUN;
    one->why = judged || outcome->reason == NULL ? NULL : oc_arena_text(&record->arena, outcome->reason);
    one->at = at;
    one->len = len;
    struct oc_record_case **row = oc_record_grow((void **)&record->cases, &record->case_count, &record->case_room,
                                                 sizeof *record->cases);
    if (row == NULL || one->id == NULL || one->file == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    *row = one;
    OC_TRY(note_slot(record, slot, one));
    return note_latency(record, outcome);
}

oc_result oc_record_note_pass(oc_record *record, const oc_pass_info *info, off_t at, size_t len)
{
    struct oc_record_pass *pass = oc_record_find_pass(record, info->id);
    if (pass == NULL) {
        const char *id = oc_arena_text(&record->arena, info->id);
        pass = id == NULL ? NULL
                          : oc_record_grow((void **)&record->passes, &record->pass_count, &record->pass_room,
                                           sizeof *record->passes);
        if (pass == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        pass->id = id;
    }
    pass->driver = info->terminal_digest == NULL ? NULL : oc_arena_text(&record->arena, info->terminal_digest);
    if (info->terminal_digest != NULL && pass->driver == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    uint64_t *empty = calloc(info->empty_count + 1, sizeof *empty);
    if (empty == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (info->empty_count > 0) {
        memcpy(empty, info->empty_ns, info->empty_count * sizeof *empty);
    }
    oc_latency_sort(empty, info->empty_count);
    free(pass->empty_ns);
    pass->empty_ns = empty;
    pass->empty_count = info->empty_count;
    pass->at = at;
    pass->len = len;
    return oc_ok();
}

oc_result oc_record_note_remark(oc_record *record, const char *key, const char *id, oc_span xml, bool is_difference)
{
    struct oc_record_note *note = NULL;
    for (size_t i = 0; i < record->note_count && note == NULL; i++) {
        note = strcmp(record->notes[i].key, key) == 0 ? &record->notes[i] : NULL;
    }
    const char *kept = oc_arena_text_n(&record->arena, (const char *)xml.at, xml.len);
    if (kept == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (note != NULL) {
        note->xml = kept;
        return oc_ok();
    }
    note = oc_record_grow((void **)&record->notes, &record->note_count, &record->note_room, sizeof *record->notes);
    if (note == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    note->key = oc_arena_text(&record->arena, key);
    note->id = oc_arena_text(&record->arena, id);
    note->xml = kept;
    note->is_difference = is_difference;
    record->differences += is_difference;
    return note->key == NULL || note->id == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp((*(const oc_file_digest *const *)a)->path, (*(const oc_file_digest *const *)b)->path);
}

oc_result oc_record_vectors_digest(const oc_run_info *info, char out[65])
{
    const oc_file_digest **sorted = calloc(info->vector_count + 1, sizeof(oc_file_digest *));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t digest[EVP_MAX_MD_SIZE];
    bool good = sorted != NULL && context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    for (size_t i = 0; good && i < info->vector_count; i++) {
        sorted[i] = &info->vectors[i];
    }
    if (good && info->vector_count > 1) {
        qsort(sorted, info->vector_count, sizeof(oc_file_digest *), compare_paths);
    }
    for (size_t i = 0; good && i < info->vector_count; i++) {
        good = EVP_DigestUpdate(context, sorted[i]->sha256, strlen(sorted[i]->sha256)) == 1 &&
               EVP_DigestUpdate(context, "  ", 2) == 1 &&
               EVP_DigestUpdate(context, sorted[i]->path, strlen(sorted[i]->path)) == 1 &&
               EVP_DigestUpdate(context, "\n", 1) == 1;
    }
    good = good && EVP_DigestFinal_ex(context, digest, NULL) == 1;
    if (good) {
        oc_hex_encode(out, 65, oc_span_of(digest, 32));
    }
    EVP_MD_CTX_free(context);
    free(sorted);
    return good ? oc_ok() : oc_fail(OC_E_CRYPTO);
}
