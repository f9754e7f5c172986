/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/merge/part.h"

#include <stdio.h>
#include <stdlib.h>

#include "conformance/record/record.h"
#include "conformance/record/xml_out.h"
#include "sim/base/xml.h"

static oc_result keep(oc_arena *arena, const char **out, const xmlNode *node, const char *name)
{
    const char *value = oc_xml_attr(node, name);
    *out = value == NULL ? NULL : oc_arena_text(arena, value);
    return value != NULL && *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static uint64_t number(const xmlNode *node, const char *name)
{
    const char *text = oc_xml_attr(node, name);
    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

static bool is_true(const xmlNode *node, const char *name)
{
    const char *text = oc_xml_attr(node, name);
    return text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

static oc_result keep_element(oc_arena *arena, const char **out, const xmlNode *node)
{
    oc_buf text = {0};
    *out = NULL;
    if (node == NULL) {
        return oc_ok();
    }
    oc_result r = oc_record_element(&text, node);
    if (oc_is_ok(r)) {
        *out = oc_arena_text_n(arena, (const char *)text.at, text.len);
        r = *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    oc_buf_free(&text);
    return r;
}

static oc_result keep_elements(oc_arena *arena, const char **out, const xmlNode *result, const char *name)
{
    oc_buf text = {0};
    oc_result r = oc_ok();
    *out = NULL;
    for (const xmlNode *node = oc_xml_child(result, name); node != NULL && oc_is_ok(r);
         node = oc_xml_next(node, name)) {
        r = oc_record_element(&text, node);
    }
    if (oc_is_ok(r) && text.len > 0) {
        *out = oc_arena_text_n(arena, (const char *)text.at, text.len);
        r = *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    oc_buf_free(&text);
    return r;
}

static oc_result keep_document(oc_arena *arena, oc_run_document *out, const xmlNode *node)
{
    if (node == NULL) {
        return oc_ok();
    }
    OC_TRY(keep(arena, &out->digest, node, "sha256"));
    return keep_element(arena, &out->xml, oc_xml_child(node, NULL));
}

static oc_result keep_vectors(oc_record_part *part, oc_arena *arena, const xmlNode *vectors)
{
    size_t count = 0;
    for (const xmlNode *file = oc_xml_child(vectors, "file"); file != NULL; file = oc_xml_next(file, "file")) {
        count++;
    }
    oc_file_digest *files = oc_arena_alloc(arena, (count + 1) * sizeof *files);
    if (files == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (const xmlNode *file = oc_xml_child(vectors, "file"); file != NULL; file = oc_xml_next(file, "file")) {
        oc_file_digest *one = &files[part->info.vector_count++];
        OC_TRY(keep(arena, &one->path, file, "path"));
        snprintf(one->sha256, sizeof one->sha256, "%s", oc_xml_attr(file, "sha256"));
    }
    part->info.vectors = files;
    return keep(arena, &part->vectors_digest, vectors, "sha256");
}

static size_t count_of(const xmlNode *counts)
{
    size_t all = 0;
    for (const xmlNode *one = oc_xml_child(counts, "count"); one != NULL; one = oc_xml_next(one, "count")) {
        all += number(one, "n");
    }
    return all;
}

oc_result oc_part_read(oc_record_part *part, oc_arena *arena, const xmlNode *result, oc_diag *diag)
{
    const char *shard = oc_xml_attr(result, "shard");
    const xmlNode *amends = oc_xml_child(result, "amends");
    if (shard == NULL || sscanf(shard, "%u/%u", &part->shard, &part->shards) != 2) {
        return oc_diag_fail_at(diag, OC_E_USAGE, part->path, oc_xml_line(result),
                               "this record is no part of a divided plan (onecard run --shard I/N)");
    }
    oc_run_info *info = &part->info;
    OC_TRY(keep(arena, &info->suite_version, result, "suite-version"));
    OC_TRY(keep(arena, &info->started, result, "started"));
    OC_TRY(keep(arena, &part->ended, result, "ended"));
    OC_TRY(keep(arena, &part->run_id, result, "run-id"));
    OC_TRY(keep(arena, &part->plan, result, "plan-sha256"));
    OC_TRY(keep(arena, &part->node, result, "node"));
    OC_TRY(keep_vectors(part, arena, oc_xml_child(result, "vectors")));
    OC_TRY(keep_document(arena, &info->declaration, oc_xml_child(result, "ics")));
    OC_TRY(keep_document(arena, &info->laboratory, oc_xml_child(result, "lab")));
    OC_TRY(keep_element(arena, &info->challenge.xml, oc_xml_child(result, "challenge")));
    if (oc_xml_child(result, "challenge") != NULL) {
        OC_TRY(keep(arena, &info->challenge.digest, oc_xml_child(result, "challenge"), "sha256"));
    }
    OC_TRY(keep_element(arena, &info->limits, oc_xml_child(result, "limits")));
    OC_TRY(keep_elements(arena, &info->packs, result, "pack"));
    OC_TRY(keep_elements(arena, &info->waivers, result, "waiver"));
    OC_TRY(keep_element(arena, &part->environment, oc_xml_child(result, "environment")));
    if (amends != NULL) {
        OC_TRY(keep(arena, &info->amends, amends, "run-id"));
    }
    if (part->run_id == NULL || part->plan == NULL) {
        return oc_diag_fail_at(diag, OC_E_USAGE, part->path, oc_xml_line(result), "this part does not tell its plan");
    }
    info->plan_digest = part->plan;
    info->environment = part->environment;
    info->seed = number(result, "seed");
    info->strict = is_true(result, "strict");
    info->official = is_true(result, "official");
    part->interrupted = is_true(result, "interrupted");
    part->exit_code = (int)number(result, "exit-code");
    part->planned = number(result, "planned");
    part->cases = count_of(oc_xml_child(result, "counts"));
    return oc_ok();
}

static bool same(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/* What all parts have to have in common with the first; NULL when they do. */
static const char *differs_in(const oc_record_part *a, const oc_record_part *b)
{
    const struct {
        bool same;
        const char *what;
    } rules[] = {
        {a->shards == b->shards, "number of parts"},
        {same(a->info.suite_version, b->info.suite_version), "version of the program"},
        {a->info.seed == b->info.seed, "seed"},
        {a->info.strict == b->info.strict, "strictness"},
        {same(a->vectors_digest, b->vectors_digest), "vectors"},
        {same(a->plan, b->plan), "plan"},
        {same(a->info.declaration.digest, b->info.declaration.digest), "declaration of the item under test"},
        {same(a->info.challenge.digest, b->info.challenge.digest), "challenge"},
        {same(a->info.laboratory.digest, b->info.laboratory.digest), "laboratory's data"},
        {same(a->info.limits, b->info.limits), "limits"},
        {same(a->info.packs, b->info.packs), "requirement packs"},
        {same(a->info.waivers, b->info.waivers), "waivers"},
        {a->info.official == b->info.official, "kind of run (--official)"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!rules[i].same) {
            return rules[i].what;
        }
    }
    return NULL;
}

oc_result oc_parts_fit(const oc_record_part *parts, size_t at, oc_diag *diag)
{
    const oc_record_part *part = &parts[at];
    const char *what = differs_in(&parts[0], part);
    if (what != NULL) {
        return oc_diag_fail_at(diag, OC_E_USAGE, part->path, 0, "another %s than in %s", what, parts[0].path);
    }
    for (size_t i = 0; i < at; i++) {
        if (parts[i].shard == part->shard) {
            return oc_diag_fail_at(diag, OC_E_USAGE, part->path, 0, "part %u of %u is there already: %s", part->shard,
                                   part->shards, parts[i].path);
        }
    }
    return oc_ok();
}

oc_result oc_parts_complete(const oc_record_part *parts, size_t count, oc_diag *diag)
{
    for (unsigned shard = 1; shard <= parts[0].shards; shard++) {
        bool there = false;
        for (size_t i = 0; i < count; i++) {
            there = there || parts[i].shard == shard;
        }
        if (!there) {
            return oc_diag_fail(diag, OC_E_USAGE, "part %u of %u is missing", shard, parts[0].shards);
        }
    }
    return oc_ok();
}

oc_result oc_part_describe(oc_buf *out, const oc_record_part *part)
{
    char shard[24];
    oc_entry_out entry = {.to = out};
    oc_xml_out xml = {.entry = &entry};
    snprintf(shard, sizeof shard, "%u/%u", part->shard, part->shards);
    oc_out_open(&xml, "part");
    oc_out_attribute(&xml, "shard", shard);
    oc_out_attribute(&xml, "run-id", part->run_id);
    oc_out_attribute(&xml, "sha256", part->sha256);
    oc_out_attribute(&xml, "node", part->node);
    oc_out_attribute(&xml, "started", part->info.started);
    oc_out_attribute(&xml, "ended", part->ended);
    if (part->environment != NULL) {
        oc_out_raw(&xml, part->environment, strlen(part->environment));
    }
    oc_out_close(&xml);
    OC_TRY(oc_out_end(&xml));
    return oc_buf_append_byte(out, '\n');
}
