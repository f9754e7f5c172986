/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "conformance/record/state.h"
#include "sim/base/xml.h"

/* One entry of a resumed journal, parsed. */
struct entry {
    oc_record *record;
    const oc_xml_doc *doc;
    const xmlNode *root;
    oc_span xml;
    long line;
    off_t at;
    oc_diag *diag;
};

static oc_result wrong(const struct entry *entry, const char *reason)
{
    return oc_diag_fail_at(entry->diag, OC_E_FORMAT, "run.journal", entry->line, "%s", reason);
}

static bool read_number(const xmlNode *node, const char *name, uint64_t *out)
{
    const char *text = oc_xml_attr(node, name);
    char *end = NULL;
    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return false;
    }
    errno = 0;
    *out = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0';
}

static bool same(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

static bool has_word(const char *text, const char *word, size_t len)
{
    for (const char *at = text; *at != '\0'; at += strspn(at, " ")) {
        size_t here = strcspn(at, " ");
        if (here == len && memcmp(at, word, len) == 0) {
            return true;
        }
        at += here;
    }
    return false;
}

/* Names the first word of `now` that `then` lacks. */
static oc_result compare_subjects(const struct entry *entry, const char *then, const char *now)
{
    if (same(then, now)) {
        return oc_ok();
    }
    then = then == NULL ? "" : then;
    for (const char *at = now == NULL ? "" : now; *at != '\0'; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        if (!has_word(then, at, len)) {
            return oc_diag_fail_at(entry->diag, OC_E_USAGE, "run.journal", entry->line,
                                   "%.*s: not the same as in the run that is to be resumed; run without --resume to "
                                   "begin anew",
                                   (int)strcspn(at, "= "), at);
        }
        at += len;
    }
    return oc_diag_fail_at(entry->diag, OC_E_USAGE, "run.journal", entry->line,
                           "this run tested something else; run without --resume to begin anew");
}

/* The run goes on under the name it had: that, the plan and the declaration stand in the chains of its cases. */
static oc_result replay_identity(const struct entry *entry)
{
    oc_run_info *info = &entry->record->info;
    const char *id = oc_xml_attr(entry->root, "run-id");
    if ((id == NULL) != (info->run_id == NULL)) {
        return oc_diag_fail_at(entry->diag, OC_E_USAGE, "run.journal", entry->line,
                               "the run was begun by another version; run without --resume");
    }
    if (!same(oc_xml_attr(entry->root, "plan"), info->plan_digest)) {
        return oc_diag_fail_at(entry->diag, OC_E_USAGE, "run.journal", entry->line,
                               "other cases were planned for this run; run without --resume");
    }
    if (!same(oc_xml_attr(entry->root, "declaration"), info->declaration.digest)) {
        return oc_diag_fail_at(entry->diag, OC_E_USAGE, "run.journal", entry->line,
                               "the run was begun with another --ics; run without --resume");
    }
    if (!same(oc_xml_attr(entry->root, "challenge"), info->challenge.digest)) {
        return oc_diag_fail_at(entry->diag, OC_E_USAGE, "run.journal", entry->line,
                               "the run was begun with another --challenge; run without --resume");
    }
    if (id != NULL) {
        info->run_id = oc_arena_text(&entry->record->arena, id);
        return info->run_id == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    return oc_ok();
}

static oc_result replay_run(const struct entry *entry)
{
    oc_record *record = entry->record;
    uint64_t seed = 0;
    if (!read_number(entry->root, "seed", &seed)) {
        return wrong(entry, "the run has no seed");
    }
    if (seed != record->info.seed) {
        return oc_diag_fail_at(entry->diag, OC_E_USAGE, "run.journal", entry->line,
                               "this run had the seed %llu; resume with --seed %llu", (unsigned long long)seed,
                               (unsigned long long)seed);
    }
    if (!same(oc_xml_attr(entry->root, "vectors"), record->vectors_digest)) {
        return oc_diag_fail_at(entry->diag, OC_E_USAGE, "run.journal", entry->line,
                               "the vector files are not those of the run; run without --resume");
    }
    if (!same(oc_xml_attr(entry->root, "suite-version"), record->info.suite_version)) {
        return oc_diag_fail_at(entry->diag, OC_E_USAGE, "run.journal", entry->line,
                               "the run was begun by another version; run without --resume");
    }
    OC_TRY(compare_subjects(entry, oc_xml_attr(entry->root, "subject"), record->info.subject));
    OC_TRY(replay_identity(entry));
    oc_record_begin_session(record);
    const char *started = oc_xml_attr(entry->root, "started");
    if (record->resumes++ == 0 && started != NULL) {
        record->info.started = oc_arena_text(&record->arena, started);
        return record->info.started == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    return oc_ok();
}

/* Reads the blank-separated samples of <empty-exchange-ns>. */
static oc_result read_samples(const struct entry *entry, oc_pass_info *pass, uint64_t **samples)
{
    const xmlNode *list = oc_xml_child(entry->root, "empty-exchange-ns");
    oc_buf text = {0};
    if (list == NULL) {
        return oc_ok();
    }
    oc_result r = oc_xml_text(&text, list);
    if (oc_is_ok(r)) {
        r = oc_buf_append_byte(&text, 0);
    }
    *samples = oc_is_ok(r) ? calloc(text.len / 2 + 1, sizeof **samples) : NULL;
    if (*samples == NULL) {
        oc_buf_free(&text);
        return oc_is_ok(r) ? oc_fail(OC_E_MEMORY) : r;
    }
    const char *at = (const char *)text.at;
    while (*at >= '0' && *at <= '9') {
        char *end = NULL;
        (*samples)[pass->empty_count++] = strtoull(at, &end, 10);
        at = *end == ' ' ? end + 1 : end;
    }
    r = *at == '\0' ? oc_ok() : wrong(entry, "a latency sample is not a number");
    oc_buf_free(&text);
    pass->empty_ns = *samples;
    return r;
}

static oc_result replay_pass(const struct entry *entry)
{
    oc_pass_info pass = {.id = oc_xml_attr(entry->root, "id"),
                         .terminal_digest = oc_xml_attr(entry->root, "terminal-sha256")};
    uint64_t *samples = NULL;
    if (pass.id == NULL) {
        return wrong(entry, "a pass has no id");
    }
    oc_result r = read_samples(entry, &pass, &samples);
    if (oc_is_ok(r)) {
        r = oc_record_note_pass(entry->record, &pass, entry->at, entry->xml.len);
    }
    free(samples);
    return r;
}

static oc_result read_steps(const struct entry *entry, oc_outcome *outcome, oc_outcome_step **steps)
{
    size_t count = 0;
    for (const xmlNode *node = oc_xml_child(entry->root, "step"); node != NULL; node = oc_xml_next(node, "step")) {
        count++;
    }
    *steps = calloc(count + 1, sizeof **steps);
    if (*steps == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (const xmlNode *node = oc_xml_child(entry->root, "step"); node != NULL; node = oc_xml_next(node, "step")) {
        oc_outcome_step *step = &(*steps)[outcome->step_count++];
        step->kind = oc_xml_attr(node, "kind");
        step->latency_class = oc_xml_attr(node, "class");
        step->budget_class = oc_xml_attr(node, "budget-class");
        if (!read_number(node, "budget-p99-ns", &step->budget_p99_ns)) {
            step->budget_p99_ns = 0;
        }
        if (!read_number(node, "duration-ns", &step->duration_ns)) {
            return wrong(entry, "a step has no duration");
        }
        step->has_parts = read_number(node, "card-ns", &step->card_ns) && read_number(node, "link-ns", &step->link_ns);
    }
    outcome->steps = *steps;
    return oc_ok();
}

/* Into `text`, which backs it; absent for a PASS. */
static oc_result read_reason(const struct entry *entry, oc_outcome *outcome, oc_buf *text)
{
    const xmlNode *reason = oc_xml_child(entry->root, "reason");
    if (reason == NULL) {
        return oc_ok();
    }
    OC_TRY(oc_xml_text(text, reason));
    OC_TRY(oc_buf_append_byte(text, 0));
    outcome->reason = (const char *)text->at;
    return oc_ok();
}

static oc_result replay_case(const struct entry *entry)
{
    uint64_t line = 0;
    oc_outcome outcome = {
        .id = oc_xml_attr(entry->root, "id"),
        .pass = oc_xml_attr(entry->root, "pass"),
        .file = oc_xml_attr(entry->root, "file"),
        .twin = oc_xml_attr(entry->root, "twin"),
        .waiver = oc_xml_attr(entry->root, "waiver"),
        .is_flow = same(oc_xml_attr(entry->root, "flow"), "true"),
    };
    if (outcome.id == NULL || outcome.pass == NULL ||
        !oc_verdict_parse(oc_xml_attr(entry->root, "verdict"), &outcome.verdict) ||
        !read_number(entry->root, "line", &line) || !read_number(entry->root, "duration-ns", &outcome.duration_ns)) {
        return wrong(entry, "a case lacks its id, pass, verdict, line or duration");
    }
    if (oc_record_find_pass(entry->record, outcome.pass) == NULL) {
        return wrong(entry, "a case belongs to a pass that was not noted");
    }
    outcome.line = (long)(line & 0x7FFFFFFF);
    if (!read_number(entry->root, "budget-p99-ns", &outcome.budget_p99_ns)) {
        outcome.budget_p99_ns = 0;
    }
    oc_outcome_step *steps = NULL;
    oc_buf reason = {0};
    oc_result r = read_steps(entry, &outcome, &steps);
    if (oc_is_ok(r)) {
        r = read_reason(entry, &outcome, &reason);
    }
    if (oc_is_ok(r)) {
        r = oc_record_note_case(entry->record, &outcome, entry->at, entry->xml.len);
    }
    oc_buf_free(&reason);
    free(steps);
    return r;
}

static oc_result replay_remark(const struct entry *entry)
{
    bool is_difference = oc_xml_is(entry->root, "difference");
    const char *id = oc_xml_attr(entry->root, "id");
    const char *pass = oc_xml_attr(entry->root, is_difference ? "pass-a" : "pass");
    const char *other = is_difference ? oc_xml_attr(entry->root, "pass-b") : "";
    if (id == NULL || pass == NULL || other == NULL) {
        return wrong(entry, "a remark lacks its case or pass");
    }
    oc_arena scratch = {0};
    const char *key = is_difference ? oc_arena_format(&scratch, "difference\n%s\n%s\n%s", id, pass, other)
                                    : oc_arena_format(&scratch, "one-link\n%s\n%s", id, pass);
    oc_result r = key == NULL ? oc_fail(OC_E_MEMORY)
                              : oc_record_note_remark(entry->record, key, id, entry->xml, is_difference);
    oc_arena_free(&scratch);
    return r;
}

static const struct entry_kind {
    const char *name;
    oc_result (*replay)(const struct entry *entry);
} kinds[] = {
    {"run", replay_run},           {"pass", replay_pass},       {"case", replay_case},
    {"difference", replay_remark}, {"one-link", replay_remark},
};

static const struct entry_kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(name, kinds[i].name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

oc_result oc_record_replay(void *self, long line, off_t at, oc_span xml, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    oc_result r = oc_xml_parse(&doc, xml, "run.journal", &(oc_xml_limits){.bytes = OC_BUF_MAX}, diag);
    if (!oc_is_ok(r)) {
        if (diag != NULL) {
            diag->line = line; /* the parser counts within the entry */
        }
        return r;
    }
    struct entry entry = {self, doc, oc_xml_root(doc), xml, line, at, diag};
    const struct entry_kind *kind = find_kind(oc_xml_name(entry.root));
    r = kind == NULL ? wrong(&entry, "an entry of an unknown kind; run without --resume") : kind->replay(&entry);
    oc_xml_free(&doc);
    return r;
}
