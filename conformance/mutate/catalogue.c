/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/mutate/catalogue.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>

#include "sim/base/arena.h"
#include "sim/base/file.h"
#include "sim/base/xml.h"

static const char *const actor_names[OC_MUTANT_ACTORS] = {"card", "psam", "terminal", "host", "issuer"};
#define SECONDS_DEFAULT 300 /* mutants.xsd */

static const oc_xml_limits limits = {.bytes = (size_t)8 * 1024 * 1024, .depth = 8};

struct oc_mutants {
    oc_arena arena;
    oc_mutant **at;
    size_t count;
    size_t room;
};

/* A document that is being read. */
struct reading {
    oc_mutants *mutants;
    const oc_xml_doc *doc;
    const char *file;
    enum oc_mutant_actor actor;
    oc_diag *diag;
};

const char *oc_mutant_actor_name(enum oc_mutant_actor actor)
{
    return actor_names[actor];
}

static oc_result keep(oc_mutants *mutants, const char *text, const char **out)
{
    *out = text == NULL ? NULL : oc_arena_text(&mutants->arena, text);
    return text != NULL && *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result keep_attribute(struct reading *reading, const xmlNode *node, const char *name, const char **out)
{
    return keep(reading->mutants, oc_xml_attr(node, name), out);
}

/* What stands in an element, blanks around it left out, as the schema's token has it. */
static oc_result keep_text(struct reading *reading, const xmlNode *node, const char **out)
{
    oc_buf text = {0};
    oc_result r = oc_xml_text(&text, node);
    if (oc_is_ok(r)) {
        const char *at = (const char *)text.at;
        size_t len = text.len;
        while (len > 0 && strchr(" \t\r\n", at[len - 1]) != NULL) {
            len--;
        }
        size_t begin = 0;
        while (begin < len && strchr(" \t\r\n", at[begin]) != NULL) {
            begin++;
        }
        *out = oc_arena_text_n(&reading->mutants->arena, at + begin, len - begin);
        r = *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    oc_buf_free(&text);
    return r;
}

/* All children of that name: their texts, in front of each the value of `attribute` unless that is NULL. */
static oc_result keep_all(struct reading *reading, const xmlNode *node, const char *name, const char *attribute,
                          oc_mutant_texts *out)
{
    size_t room = 0;
    for (const xmlNode *n = oc_xml_child(node, name); n != NULL; n = oc_xml_next(n, name)) {
        room += 2;
    }
    out->at = oc_arena_alloc(&reading->mutants->arena, (room + 1) * sizeof *out->at);
    if (out->at == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (const xmlNode *n = oc_xml_child(node, name); n != NULL; n = oc_xml_next(n, name)) {
        if (attribute != NULL) {
            OC_TRY(keep_attribute(reading, n, attribute, &out->at[out->count++]));
        }
        OC_TRY(keep_text(reading, n, &out->at[out->count++]));
    }
    return oc_ok();
}

/* The text in both languages, or in neither when it may be absent. */
static oc_result keep_languages(struct reading *reading, const xmlNode *node, const char *name, const char **zh,
                                const char **en)
{
    for (const xmlNode *n = oc_xml_child(node, name); n != NULL; n = oc_xml_next(n, name)) {
        const char *lang = oc_xml_attr(n, "xml:lang");
        const char **place = strcmp(lang, "zh") == 0 ? zh : strcmp(lang, "en") == 0 ? en : NULL;
        if (place == NULL || *place != NULL) {
            return oc_xml_fail(reading->doc, n, reading->diag, OC_E_FORMAT, "%s stands once in zh and once in en",
                               name);
        }
        OC_TRY(keep_text(reading, n, place));
    }
    if ((*zh == NULL) != (*en == NULL)) {
        return oc_xml_fail(reading->doc, node, reading->diag, OC_E_FORMAT, "%s is wanted in zh and in en", name);
    }
    return oc_ok();
}

static oc_result take_run(struct reading *reading, const xmlNode *node, oc_mutant_run *run)
{
    const xmlNode *program = oc_xml_child(node, "program");
    const xmlNode *tag = oc_xml_child(node, "tag");
    const xmlNode *right = oc_xml_child(node, "right");
    const char *seconds = oc_xml_attr(node, "seconds");
    *run = (oc_mutant_run){.file = reading->file, .line = oc_xml_line(node)};
    run->seconds = seconds == NULL ? SECONDS_DEFAULT : (unsigned)strtoul(seconds, NULL, 10);
    OC_TRY(keep_attribute(reading, node, "name", &run->name));
    if (program != NULL) {
        OC_TRY(keep_text(reading, program, &run->program));
    }
    if (tag != NULL) {
        OC_TRY(keep_text(reading, tag, &run->tag));
    }
    if (right != NULL) {
        OC_TRY(keep_all(reading, right, "option", NULL, &run->right));
    }
    OC_TRY(keep_all(reading, node, "environment", "name", &run->environment));
    OC_TRY(keep_all(reading, node, "option", NULL, &run->options));
    OC_TRY(keep_all(reading, node, "profile", NULL, &run->profiles));
    return keep_all(reading, node, "cases", NULL, &run->cases);
}

static const oc_mutant_run *run_named(const oc_mutant_run *runs, size_t count, const char *name)
{
    for (size_t i = 0; name != NULL && i < count; i++) {
        if (strcmp(runs[i].name, name) == 0) {
            return &runs[i];
        }
    }
    return runs;
}

static const oc_mutant *named(const oc_mutants *mutants, const char *id)
{
    for (size_t i = 0; i < mutants->count; i++) {
        if (strcmp(mutants->at[i]->id, id) == 0) {
            return mutants->at[i];
        }
    }
    return NULL;
}

static oc_result add(oc_mutants *mutants, oc_mutant *mutant)
{
    if (mutants->count == mutants->room) {
        size_t room = mutants->room == 0 ? 256 : mutants->room * 2;
        oc_mutant **grown = realloc(mutants->at, room * sizeof(oc_mutant *));
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        mutants->at = grown;
        mutants->room = room;
    }
    mutants->at[mutants->count++] = mutant;
    return oc_ok();
}

static oc_result take_mutant(struct reading *reading, const xmlNode *node, const oc_mutant_run *runs, size_t run_count)
{
    const char *id = oc_xml_attr(node, "id");
    const char *actor = actor_names[reading->actor];
    const oc_mutant *twin = named(reading->mutants, id);
    if (strncmp(id, actor, strlen(actor)) != 0 || id[strlen(actor)] != '.') {
        return oc_xml_fail(reading->doc, node, reading->diag, OC_E_FORMAT, "%s is no mutant of the actor %s", id,
                           actor);
    }
    if (twin != NULL) {
        return oc_xml_fail(reading->doc, node, reading->diag, OC_E_FORMAT, "%s stands already in %s, line %ld", id,
                           twin->file, twin->line);
    }
    oc_mutant *mutant = oc_arena_alloc(&reading->mutants->arena, sizeof *mutant);
    if (mutant == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    mutant->file = reading->file;
    mutant->line = oc_xml_line(node);
    mutant->actor = reading->actor;
    mutant->at_seam = strcmp(oc_xml_attr(node, "at"), "seam") == 0;
    mutant->run = run_named(runs, run_count, oc_xml_attr(node, "run"));
    OC_TRY(keep_attribute(reading, node, "id", &mutant->id));
    OC_TRY(keep_attribute(reading, node, "violates", &mutant->violates));
    OC_TRY(keep_attribute(reading, node, "killed-by", &mutant->killed_by));
    OC_TRY(keep_languages(reading, node, "title", &mutant->title_zh, &mutant->title_en));
    OC_TRY(keep_languages(reading, node, "equivalent", &mutant->equivalent_zh, &mutant->equivalent_en));
    OC_TRY(keep_all(reading, node, "also", NULL, &mutant->also));
    OC_TRY(keep_all(reading, node, "profile", NULL, &mutant->profiles));
    return add(reading->mutants, mutant);
}

static oc_result take_root(struct reading *reading)
{
    const xmlNode *root = oc_xml_root(reading->doc);
    size_t count = 0;
    for (const xmlNode *n = oc_xml_child(root, "run"); n != NULL; n = oc_xml_next(n, "run")) {
        count++;
    }
    oc_mutant_run *runs = oc_arena_alloc(&reading->mutants->arena, (count + 1) * sizeof *runs);
    if (runs == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    size_t at = 0;
    for (const xmlNode *n = oc_xml_child(root, "run"); n != NULL; n = oc_xml_next(n, "run")) {
        OC_TRY(take_run(reading, n, &runs[at++]));
    }
    while (strcmp(actor_names[reading->actor], oc_xml_attr(root, "actor")) != 0) {
        reading->actor++;
    }
    for (const xmlNode *n = oc_xml_child(root, "mutant"); n != NULL; n = oc_xml_next(n, "mutant")) {
        OC_TRY(take_mutant(reading, n, runs, count));
    }
    return oc_ok();
}

static oc_result load_one(oc_mutants *mutants, const char *path, const oc_xml_schema *schema, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    struct reading reading = {.mutants = mutants, .diag = diag};
    oc_result r = oc_xml_load(&doc, path, &limits, diag);
    if (oc_is_ok(r)) {
        r = oc_xml_validate(doc, schema, diag);
    }
    if (oc_is_ok(r)) {
        r = keep(mutants, path, &reading.file);
    }
    if (oc_is_ok(r)) {
        reading.doc = doc;
        r = take_root(&reading);
    }
    oc_xml_free(&doc);
    return r;
}

static int is_catalogue(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return entry->d_name[0] != '.' && len > 4 && strcmp(entry->d_name + len - 4, ".xml") == 0;
}

static oc_result load_all(oc_mutants *mutants, const char *folder, const oc_xml_schema *schema, oc_diag *diag)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_catalogue, alphasort);
    oc_result r = count > 0 ? oc_ok() : oc_diag_fail_at(diag, OC_E_NOT_FOUND, folder, 0, "no catalogues of mutants");
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        if (oc_is_ok(r)) {
            r = oc_file_join(path, sizeof path, folder, entries[i]->d_name);
        }
        if (oc_is_ok(r)) {
            r = load_one(mutants, path, schema, diag);
        }
        free(entries[i]);
    }
    free(entries);
    return r;
}

oc_result oc_mutants_load(oc_mutants **out, const char *folder, const char *schema_path, oc_diag *diag)
{
    oc_xml_schema *schema = NULL;
    oc_mutants *mutants = calloc(1, sizeof *mutants);
    *out = NULL;
    if (mutants == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_xml_schema_new(&schema, schema_path, diag);
    if (oc_is_ok(r)) {
        r = load_all(mutants, folder, schema, diag);
    }
    oc_xml_schema_free(&schema);
    if (!oc_is_ok(r)) {
        oc_mutants_free(&mutants);
        return r;
    }
    *out = mutants;
    return r;
}

void oc_mutants_free(oc_mutants **mutants)
{
    if (*mutants != NULL) {
        free((*mutants)->at);
        oc_arena_free(&(*mutants)->arena);
        free(*mutants);
        *mutants = NULL;
    }
}

size_t oc_mutants_count(const oc_mutants *mutants)
{
    return mutants->count;
}

const oc_mutant *oc_mutants_at(const oc_mutants *mutants, size_t at)
{
    return mutants->at[at];
}
