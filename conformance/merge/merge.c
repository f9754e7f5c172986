/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/merge/merge.h"

#include <libxml/hash.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "conformance/gate/gate.h"
#include "conformance/merge/part.h"
#include "conformance/record/record.h"
#include "conformance/run/plan.h"
#include "conformance/run/runner.h"
#include "reports/bundle/plan_lines.h"
#include "reports/record_reader.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/base/xml.h"
#include "sim/crypto/crypto.h"

/* A case that several parts have: which of them, and how it ended there. */
struct seen {
    size_t part;
    enum oc_verdict verdict;
};

struct merge {
    oc_arena arena;
    oc_record_part *parts; /* in the order of their shards */
    size_t count;
    size_t at; /* that is being read */
    oc_plan_lines plan;
    xmlHashTablePtr seen; /* case, pass to struct seen */
    oc_record *record;
    const char *file; /* that is being read */
};

/* The cases that open and close a pass belong to no part. */
static bool is_sanity(const char *id)
{
    static const char *const ids[] = {OC_SANITY_ID, OC_SANITY_ID ".END", OC_TERMINAL_SANITY_ID,
                                      OC_TERMINAL_SANITY_ID ".END"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (strcmp(ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static oc_result look_at_head(void *self, const xmlNode *result, oc_diag *diag)
{
    struct merge *merge = self;
    OC_TRY(oc_part_read(&merge->parts[merge->at], &merge->arena, result, diag));
    return oc_parts_fit(merge->parts, merge->at, diag);
}

/* Every case in one part, but for sanity: there the worst verdict decides which part's is kept. */
static oc_result look_at_case(void *self, const xmlNode *one, oc_diag *diag)
{
    struct merge *merge = self;
    const xmlChar *id = (const xmlChar *)oc_xml_attr(one, "id");
    const xmlChar *pass = (const xmlChar *)oc_xml_attr(one, "pass");
    const char *rev = oc_xml_attr(one, "rev");
    enum oc_verdict verdict;
    if (!oc_verdict_parse(oc_xml_attr(one, "verdict"), &verdict)) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, merge->file, oc_xml_line(one), "a case without a verdict");
    }
    struct seen *before = xmlHashLookup2(merge->seen, id, pass);
    if (before == NULL) {
        struct seen *seen = oc_arena_alloc(&merge->arena, sizeof *seen);
        if (seen == NULL || xmlHashAddEntry2(merge->seen, id, pass, seen) != 0) {
            return oc_fail(OC_E_MEMORY);
        }
        *seen = (struct seen){merge->at, verdict};
        return oc_plan_lines_add(&merge->plan, (const char *)pass, (const char *)id,
                                 rev == NULL ? 0 : (unsigned)strtoul(rev, NULL, 10));
    }
    if (before->part == merge->at) { /* a repeat */
        before->verdict = oc_verdict_worse(before->verdict, verdict);
        return oc_ok();
    }
    if (!is_sanity((const char *)id)) {
        return oc_diag_fail_at(diag, OC_E_USAGE, merge->file, oc_xml_line(one), "%s in %s stands in part %u too",
                               (const char *)id, (const char *)pass, merge->parts[before->part].shard);
    }
    if (oc_verdict_worse(before->verdict, verdict) != before->verdict) {
        *before = (struct seen){merge->at, verdict};
    }
    return oc_ok();
}

/* A folder stands for the record in it. */
static oc_result path_of(struct merge *merge, const char *given, const char **out)
{
    struct stat status;
    char path[PATH_MAX];
    bool folder = stat(given, &status) == 0 && S_ISDIR(status.st_mode);
    OC_TRY(folder ? oc_file_join(path, sizeof path, given, "result.xml") : oc_file_join(path, sizeof path, "", given));
    *out = oc_arena_text(&merge->arena, path);
    return *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result take_end(void *self, const oc_record_end *end, oc_diag *diag)
{
    (void)diag;
    struct merge *merge = self;
    oc_record_part *part = &merge->parts[merge->at];
    snprintf(part->sha256, sizeof part->sha256, "%s", end->sha256);
    return oc_ok();
}

static oc_result look(struct merge *merge, const char *const *paths, oc_diag *diag)
{
    for (merge->at = 0; merge->at < merge->count; merge->at++) {
        const oc_record_visitor visitor = {
            .self = merge, .head = look_at_head, .one = look_at_case, .end = take_end, .digests = true};
        oc_record_part *part = &merge->parts[merge->at];
        OC_TRY(path_of(merge, paths[merge->at], &part->path));
        merge->file = part->path;
        OC_TRY(oc_record_read(part->path, &visitor, diag));
    }
    return oc_ok();
}

/* What ran is what was planned: the digest of the plan is that of the cases that are there. */
static oc_result check_plan(struct merge *merge, oc_diag *diag)
{
    char digest[65];
    for (size_t i = 0; i < merge->count; i++) {
        const oc_record_part *part = &merge->parts[i];
        if (part->cases < part->planned) {
            return oc_diag_fail_at(diag, OC_E_USAGE, part->path, 0,
                                   "part %u did not run to its end: it has %zu of %zu verdicts", part->shard,
                                   part->cases, part->planned);
        }
    }
    OC_TRY(oc_plan_lines_digest(&merge->plan, digest));
    const char *planned = merge->parts[0].plan;
    return strcasecmp(digest, planned) == 0
               ? oc_ok()
               : oc_diag_fail(diag, OC_E_USAGE, "the cases of all parts together are not the plan that was divided");
}

static oc_result copy_head(void *self, const xmlNode *result, oc_diag *diag)
{
    static const char *const names[] = {"pass", "difference", "one-link"};
    struct merge *merge = self;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (const xmlNode *node = oc_xml_child(result, names[i]); node != NULL; node = oc_xml_next(node, names[i])) {
            /* Of a pass that all parts have, the first one's description is as good as any. */
            if (i == 0 && oc_record_has_pass(merge->record, oc_xml_attr(node, "id"))) {
                continue;
            }
            OC_TRY(oc_record_take(merge->record, node, diag));
        }
    }
    return oc_ok();
}

static oc_result copy_case(void *self, const xmlNode *one, oc_diag *diag)
{
    struct merge *merge = self;
    const struct seen *kept = xmlHashLookup2(merge->seen, (const xmlChar *)oc_xml_attr(one, "id"),
                                             (const xmlChar *)oc_xml_attr(one, "pass"));
    return kept != NULL && kept->part == merge->at ? oc_record_take(merge->record, one, diag) : oc_ok();
}

static oc_result copy_all(struct merge *merge, oc_diag *diag)
{
    for (merge->at = 0; merge->at < merge->count; merge->at++) {
        const oc_record_visitor visitor = {.self = merge, .head = copy_head, .one = copy_case};
        OC_TRY(oc_record_read(merge->parts[merge->at].path, &visitor, diag));
    }
    return oc_ok();
}

/* The whole's name is made of its parts: the same parts give the same record. */
static oc_result name_whole(struct merge *merge, char out[32])
{
    oc_crypto *crypto = NULL;
    oc_buf all = {0};
    uint8_t digest[32];
    char hex[9];
    OC_TRY(oc_crypto_new(&crypto));
    oc_result r = oc_ok();
    const char *first = merge->parts[0].run_id;
    for (size_t i = 0; i < merge->count && oc_is_ok(r); i++) {
        r = oc_buf_append(&all, oc_span_text(merge->parts[i].run_id));
        first = strcmp(merge->parts[i].run_id, first) < 0 ? merge->parts[i].run_id : first;
    }
    if (oc_is_ok(r)) {
        r = oc_sha256(crypto, oc_buf_span(&all), digest);
    }
    if (oc_is_ok(r)) {
        oc_hex_encode(hex, sizeof hex, oc_span_of(digest, 4));
        snprintf(out, 32, "%.19s%s", first, hex); /* "R-20261122T093000Z-" */
    }
    oc_buf_free(&all);
    oc_crypto_free(&crypto);
    return r;
}

static oc_result open_record(struct merge *merge, const char *folder, char run_id[32], oc_diag *diag)
{
    const oc_record_part *first = &merge->parts[0];
    oc_run_info info = first->info;
    oc_buf parts = {0};
    OC_TRY(name_whole(merge, run_id));
    oc_result r = oc_ok();
    for (size_t i = 0; i < merge->count && oc_is_ok(r); i++) {
        r = oc_part_describe(&parts, &merge->parts[i]);
        const char *started = merge->parts[i].info.started;
        info.started = strcmp(started, info.started) < 0 ? started : info.started;
    }
    if (oc_is_ok(r)) {
        r = oc_buf_append_byte(&parts, 0);
    }
    if (oc_is_ok(r)) {
        info.run_id = run_id;
        info.parts = (const char *)parts.at;
        info.command_line = "onecard merge";
        info.shard = info.shards = 0;
        info.planned = 0; /* is known at the end */
        r = oc_record_open(&merge->record, folder, &info, false, diag);
    }
    oc_buf_free(&parts);
    return r;
}

/* A part that had nothing of what a threshold names missed it; only the whole can say, so latency is judged again. */
static oc_result judge_latency(const struct merge *merge, int *code, oc_diag *diag)
{
    const oc_environment_calibration unknown = {0};
    const oc_run_info *info = &merge->parts[0].info;
    oc_gate gate;
    oc_result r = oc_gate_take(&gate, info->limits, diag);
    if (oc_is_ok(r)) {
        r = oc_gate_judge(&gate, merge->record, info->environment, &unknown);
    }
    if (oc_is_ok(r)) {
        *code = oc_gate_exit_code(&gate, *code);
    }
    oc_gate_free(&gate);
    return r;
}

static int exit_code_of(const struct merge *merge, bool interrupted)
{
    size_t counts[OC_VERDICT_COUNT];
    oc_record_unwaived(merge->record, counts);
    int code = oc_run_exit_code(counts, 0, merge->parts[0].info.strict, interrupted);
    for (size_t i = 0; i < merge->count; i++) {
        int part = merge->parts[i].exit_code;
        code = part == 3 && code != 1 && code != 130 ? part : code;
    }
    return code;
}

static oc_result finish(struct merge *merge, oc_merged *out, oc_diag *diag)
{
    const char *ended = merge->parts[0].ended;
    bool interrupted = false;
    for (size_t i = 0; i < merge->count; i++) {
        interrupted = interrupted || merge->parts[i].interrupted;
        ended = strcmp(merge->parts[i].ended, ended) > 0 ? merge->parts[i].ended : ended;
    }
    size_t counts[OC_VERDICT_COUNT];
    out->cases = 0;
    oc_record_counts(merge->record, counts);
    for (size_t i = 0; i < OC_VERDICT_COUNT; i++) {
        out->cases += counts[i];
    }
    out->parts = merge->count;
    out->exit_code = exit_code_of(merge, interrupted);
    OC_TRY(judge_latency(merge, &out->exit_code, diag));
    oc_record_set_planned(merge->record, out->cases);
    return oc_record_finish(merge->record, ended, interrupted, out->exit_code, diag);
}

oc_result oc_merge(oc_merged *out, const char *const *parts, size_t count, const char *folder, oc_diag *diag)
{
    struct merge merge = {.count = count, .seen = xmlHashCreate(65536)};
    char run_id[32];
    *out = (oc_merged){0};
    merge.parts = calloc(count + 1, sizeof *merge.parts);
    oc_result r = merge.parts == NULL || merge.seen == NULL ? oc_fail(OC_E_MEMORY) : look(&merge, parts, diag);
    if (oc_is_ok(r)) {
        r = oc_parts_complete(merge.parts, count, diag);
    }
    if (oc_is_ok(r)) {
        r = check_plan(&merge, diag);
    }
    if (oc_is_ok(r)) {
        r = open_record(&merge, folder, run_id, diag);
    }
    if (oc_is_ok(r)) {
        r = copy_all(&merge, diag);
    }
    if (oc_is_ok(r)) {
        r = finish(&merge, out, diag);
    }
    oc_record_free(&merge.record);
    if (merge.seen != NULL) {
        xmlHashFree(merge.seen, NULL);
    }
    oc_plan_lines_free(&merge.plan);
    free(merge.parts);
    oc_arena_free(&merge.arena);
    return r;
}
