/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "conformance/dialect/build.h"
#include "sim/base/file.h"

#define FILE_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define FILES_MAX 2000
#define CASES_MAX 50000
#define FOLDER_DEPTH_MAX 16

struct oc_vectors {
    oc_arena arena;
    oc_xml_schema *schema;
    oc_xml_doc **docs; /* kept until loading ends: routines are built from them again for each use */
    size_t doc_count;
    oc_case **cases;
    size_t case_count;
    size_t case_room;
    const char **files;
    size_t file_count;
};

static const oc_xml_limits limits = {FILE_MAX_BYTES, 64};

static oc_result keep_doc(oc_vectors *vectors, oc_xml_doc *doc)
{
    oc_xml_doc **grown = realloc(vectors->docs, (vectors->doc_count + 1) * sizeof *grown);
    if (grown == NULL || vectors->doc_count == FILES_MAX) {
        vectors->docs = grown == NULL ? vectors->docs : grown;
        oc_xml_free(&doc);
        return oc_fail(grown == NULL ? OC_E_MEMORY : OC_E_LIMIT);
    }
    vectors->docs = grown;
    vectors->docs[vectors->doc_count++] = doc;
    return oc_ok();
}

static oc_result load_doc(oc_vectors *vectors, const char *path, const oc_xml_doc **out, oc_diag *diag)
{
    for (size_t i = 0; i < vectors->doc_count; i++) {
        if (strcmp(oc_xml_doc_name(vectors->docs[i]), path) == 0) {
            *out = vectors->docs[i];
            return oc_ok();
        }
    }
    oc_xml_doc *doc = NULL;
    OC_TRY(oc_xml_load(&doc, path, &limits, diag));
    OC_TRY(keep_doc(vectors, doc));
    *out = doc;
    return oc_ok();
}

static oc_result validate(const oc_vectors *vectors, const oc_xml_doc *doc, oc_diag *diag)
{
    return vectors->schema == NULL ? oc_ok() : oc_xml_validate(doc, vectors->schema, diag);
}

static oc_result add_routines(oc_build *build, const oc_xml_doc *doc, oc_routine_node *room)
{
    const xmlNode *root = oc_xml_root(doc);
    for (const xmlNode *n = oc_xml_child(root, "routine"); n != NULL; n = oc_xml_next(n, "routine")) {
        const char *id = oc_xml_attr(n, "id");
        if (id == NULL || build->routine_count == OC_ROUTINES_MAX) {
            return oc_xml_fail(doc, n, build->diag, OC_E_LIMIT, "a routine without id, or more than %d of them",
                               OC_ROUTINES_MAX);
        }
        for (size_t i = 0; i < build->routine_count; i++) {
            if (strcmp(room[i].id, id) == 0) {
                return oc_xml_fail(doc, n, build->diag, OC_E_FORMAT, "two routines are called %s", id);
            }
        }
        room[build->routine_count++] = (oc_routine_node){id, doc, n};
    }
    return oc_ok();
}

/* <import routines="../card/routines.xml"/>, relative to the importing file. */
static oc_result add_imports(oc_vectors *vectors, oc_build *build, oc_routine_node *room)
{
    const xmlNode *root = oc_xml_root(build->doc);
    for (const xmlNode *n = oc_xml_child(root, "import"); n != NULL; n = oc_xml_next(n, "import")) {
        const char *name = oc_xml_attr(n, "routines");
        char own[PATH_MAX];
        char path[PATH_MAX];
        snprintf(own, sizeof own, "%s", oc_xml_doc_name(build->doc));
        if (name == NULL || !oc_is_ok(oc_file_join(path, sizeof path, dirname(own), name))) {
            return oc_xml_fail(build->doc, n, build->diag, OC_E_FORMAT, "import names no usable path");
        }
        const oc_xml_doc *imported;
        OC_TRY(load_doc(vectors, path, &imported, build->diag));
        OC_TRY(validate(vectors, imported, build->diag));
        OC_TRY(add_routines(build, imported, room));
    }
    return oc_ok();
}

oc_result oc_touches_parse(unsigned *out, const char *text, oc_diag *diag)
{
    static const struct {
        const char *word;
        unsigned bit;
    } words[] = {{"none", 0},
                 {"volatile", OC_TOUCH_VOLATILE},
                 {"counters", OC_TOUCH_COUNTERS},
                 {"records", OC_TOUCH_RECORDS},
                 {"purse", OC_TOUCH_PURSE},
                 {"keys", OC_TOUCH_KEYS},
                 {"lifecycle", OC_TOUCH_LIFECYCLE}};
    *out = 0;
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, " ,");
        bool known = len == 0;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (len == strlen(words[i].word) && strncmp(at, words[i].word, len) == 0) {
                *out |= words[i].bit;
                known = true;
            }
        }
        if (!known) {
            return oc_diag_fail(diag, OC_E_FORMAT, "%.*s is nothing a case can touch", (int)len, at);
        }
        at += len;
        at += strspn(at, " ,");
    }
    return oc_ok();
}

static oc_result take_titles(const oc_build *build, const xmlNode *node, oc_case *out)
{
    out->title_en = out->title_zh = "";
    for (const xmlNode *n = oc_xml_child(node, "title"); n != NULL; n = oc_xml_next(n, "title")) {
        const char *lang = oc_xml_attr(n, "xml:lang");
        const char **slot = lang != NULL && lang[0] == 'z' ? &out->title_zh : &out->title_en;
        OC_TRY(oc_build_content(build, n, slot));
    }
    const xmlNode *purpose = oc_xml_child(node, "purpose");
    return purpose == NULL ? oc_ok() : oc_build_content(build, purpose, &out->purpose);
}

static oc_result take_requirements(const oc_build *build, const xmlNode *node, oc_case *out)
{
    size_t count = 0;
    for (const xmlNode *n = oc_xml_child(node, "req"); n != NULL; n = oc_xml_next(n, "req")) {
        count++;
    }
    oc_case_req *requirements = oc_arena_alloc(build->arena, (count + 1) * sizeof *requirements);
    if (requirements == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (const xmlNode *n = oc_xml_child(node, "req"); n != NULL; n = oc_xml_next(n, "req")) {
        oc_case_req *requirement = &requirements[out->requirement_count++];
        const char *strength = oc_xml_attr(n, "strength");
        requirement->choice = strength != NULL && strcmp(strength, "choice") == 0;
        OC_TRY(oc_build_content(build, n, &requirement->id));
    }
    out->requirements = requirements;
    return oc_ok();
}

static oc_result take_head(const oc_build *build, const xmlNode *node, const char *area, oc_case *out)
{
    const char *id = oc_xml_attr(node, "id");
    const char *key = build->row == NULL ? NULL : oc_xml_attr(build->row, "key");
    const char *touches = oc_xml_attr(node, "touches");
    const char *state = oc_xml_attr(node, "state");
    const char *rev = oc_xml_attr(node, "rev");
    const char *official = oc_xml_attr(node, "official");
    const char *clock = oc_xml_attr(node, "clock");
    const char *budget = oc_xml_attr(node, "budget-p99-us");
    if (id == NULL || (build->row != NULL && key == NULL)) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "a case without id, or a row without key");
    }
    out->plain_id = oc_arena_text(build->arena, id);
    out->id = key == NULL ? out->plain_id : oc_arena_format(build->arena, "%s.%s", id, key);
    out->is_flow = oc_xml_is(node, "flow");
    out->area = oc_arena_text(build->arena, out->is_flow ? "flow" : area);
    out->retired = state != NULL && strcmp(state, "retired") == 0;
    out->rev = rev == NULL ? 1 : (unsigned)strtoul(rev, NULL, 10);
    out->official = official == NULL ? NULL : oc_arena_text(build->arena, official);
    out->clock = clock == NULL ? NULL : oc_arena_text(build->arena, clock);
    out->budget_p99_us = budget == NULL ? 0 : strtoull(budget, NULL, 10);
    out->touches_text = oc_arena_text(build->arena, touches == NULL ? "none" : touches);
    out->file = oc_arena_text(build->arena, oc_xml_doc_name(build->doc));
    out->line = oc_xml_line(node);
    oc_result r = oc_touches_parse(&out->touches, out->touches_text, build->diag);
    if (!oc_is_ok(r)) {
        oc_diag_place(build->diag, out->file, out->line);
    }
    return r;
}

static oc_result take_steps(const oc_build *build, const xmlNode *parent, const xmlNode *lets, const oc_step **out,
                            size_t *count)
{
    oc_step_list list = {0};
    oc_result r = oc_build_steps(build, lets, true, &list);
    if (oc_is_ok(r)) {
        r = oc_build_steps(build, parent, false, &list);
    }
    if (oc_is_ok(r)) {
        oc_step *kept = oc_arena_alloc(build->arena, (list.count + 1) * sizeof *kept);
        if (kept != NULL && list.count > 0) {
            memcpy(kept, list.at, list.count * sizeof *kept);
        }
        *out = kept;
        *count = list.count;
        r = kept == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    oc_step_list_free(&list);
    return r;
}

static oc_result add_case(oc_vectors *vectors, const oc_build *build, const xmlNode *node, const char *area)
{
    if (vectors->case_count == CASES_MAX) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_LIMIT, "more than %d cases", CASES_MAX);
    }
    if (vectors->case_count == vectors->case_room) {
        size_t room = vectors->case_room == 0 ? 256 : vectors->case_room * 2;
        oc_case **grown = realloc(vectors->cases, room * sizeof(oc_case *));
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        vectors->cases = grown;
        vectors->case_room = room;
    }
    oc_case *made = oc_arena_alloc(build->arena, sizeof *made);
    if (made == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(take_head(build, node, area, made));
    OC_TRY(take_titles(build, node, made));
    OC_TRY(take_requirements(build, node, made));
    const xmlNode *condition = oc_xml_child(node, "if");
    if (condition != NULL) {
        OC_TRY(oc_build_content(build, condition, &made->condition));
    }
    OC_TRY(take_steps(build, oc_xml_child(node, "steps"), node, &made->steps, &made->step_count));
    OC_TRY(take_steps(build, oc_xml_child(node, "restore"), NULL, &made->restore, &made->restore_count));
    OC_TRY(oc_build_negatives(build, node, made));
    vectors->cases[vectors->case_count++] = made;
    return oc_ok();
}

static oc_result add_rows(oc_vectors *vectors, oc_build *build, const xmlNode *node, const char *area)
{
    const xmlNode *table = oc_xml_child(node, "table");
    build->row = NULL;
    if (table == NULL) {
        return add_case(vectors, build, node, area);
    }
    for (const xmlNode *row = oc_xml_child(table, "row"); row != NULL; row = oc_xml_next(row, "row")) {
        build->row = row;
        OC_TRY(add_case(vectors, build, node, area));
    }
    build->row = NULL;
    return oc_ok();
}

static oc_result add_suite(oc_vectors *vectors, const oc_xml_doc *doc, oc_diag *diag)
{
    const xmlNode *root = oc_xml_root(doc);
    if (!oc_xml_is(root, "suite")) {
        return oc_xml_fail(doc, root, diag, OC_E_FORMAT, "the root element is %s, not suite", oc_xml_name(root));
    }
    OC_TRY(validate(vectors, doc, diag));
    oc_routine_node *room = calloc(OC_ROUTINES_MAX, sizeof *room);
    if (room == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_build build = {.arena = &vectors->arena, .doc = doc, .routines = room, .diag = diag};
    oc_result r = add_imports(vectors, &build, room);
    if (oc_is_ok(r)) {
        r = add_routines(&build, doc, room);
    }
    const char *area = oc_xml_attr(root, "area");
    for (const xmlNode *n = oc_xml_child(root, NULL); n != NULL && oc_is_ok(r); n = oc_xml_next(n, NULL)) {
        if (oc_xml_is(n, "case") || oc_xml_is(n, "flow")) {
            r = add_rows(vectors, &build, n, area == NULL ? "card" : area);
        }
    }
    free(room);
    return r;
}

static oc_result note_file(oc_vectors *vectors, const char *path)
{
    const char **grown = realloc(vectors->files, (vectors->file_count + 1) * sizeof *grown);
    if (grown == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    vectors->files = grown;
    vectors->files[vectors->file_count++] = oc_arena_text(&vectors->arena, path);
    return oc_ok();
}

static bool seen(const oc_vectors *vectors, const char *path)
{
    for (size_t i = 0; i < vectors->file_count; i++) {
        if (strcmp(vectors->files[i], path) == 0) {
            return true;
        }
    }
    return false;
}

/* A file named by the user must be a suite; one found in a folder may be something else (profiles, schemas). */
static oc_result add_file(oc_vectors *vectors, const char *path, bool named, oc_diag *diag)
{
    if (seen(vectors, path)) {
        return oc_ok();
    }
    const oc_xml_doc *doc;
    OC_TRY(load_doc(vectors, path, &doc, diag));
    if (!named && !oc_xml_is(oc_xml_root(doc), "suite")) {
        return oc_ok();
    }
    OC_TRY(note_file(vectors, path));
    return add_suite(vectors, doc, diag);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool ends_in_xml(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && strcmp(name + len - 4, ".xml") == 0;
}

static oc_result add_path(oc_vectors *vectors, const char *path, bool named, int depth, oc_diag *diag)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return oc_diag_fail_at(diag, OC_E_NOT_FOUND, path, 0, "no such file or folder");
    }
    if (!S_ISDIR(st.st_mode)) {
        return named || ends_in_xml(path) ? add_file(vectors, path, named, diag) : oc_ok();
    }
    if (depth > FOLDER_DEPTH_MAX) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, path, 0, "folders nested too deep");
    }
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, visible, alphasort);
    oc_result r = count < 0 ? oc_diag_fail_at(diag, OC_E_IO, path, 0, "cannot list this folder") : oc_ok();
    for (int i = 0; i < count; i++) {
        char below[PATH_MAX];
        if (oc_is_ok(r)) {
            r = oc_file_join(below, sizeof below, path, entries[i]->d_name);
        }
        if (oc_is_ok(r)) {
            r = add_path(vectors, below, false, depth + 1, diag);
        }
        free(entries[i]);
    }
    free(entries);
    return r;
}

static void drop_docs(oc_vectors *vectors)
{
    for (size_t i = 0; i < vectors->doc_count; i++) {
        oc_xml_free(&vectors->docs[i]);
    }
    free(vectors->docs);
    vectors->docs = NULL;
    vectors->doc_count = 0;
    oc_xml_schema_free(&vectors->schema);
}

static oc_result finish(oc_vectors **out, oc_vectors *vectors, oc_result r)
{
    drop_docs(vectors);
    if (!oc_is_ok(r)) {
        oc_vectors_free(&vectors);
        return r;
    }
    *out = vectors;
    return r;
}

static void trim_slashes(char *path)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/') {
        path[--len] = '\0';
    }
}

oc_result oc_vectors_load(oc_vectors **out, const char *const *paths, size_t count, const char *schema_path,
                          oc_diag *diag)
{
    *out = NULL;
    oc_vectors *vectors = calloc(1, sizeof *vectors);
    if (vectors == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = schema_path == NULL ? oc_ok() : oc_xml_schema_new(&vectors->schema, schema_path, diag);
    for (size_t i = 0; i < count && oc_is_ok(r); i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s", paths[i]);
        trim_slashes(path);
        r = add_path(vectors, path, true, 0, diag);
    }
    return finish(out, vectors, r);
}

oc_result oc_vectors_parse(oc_vectors **out, oc_span xml, const char *name, oc_diag *diag)
{
    *out = NULL;
    oc_vectors *vectors = calloc(1, sizeof *vectors);
    if (vectors == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_xml_doc *doc = NULL;
    oc_result r = oc_xml_parse(&doc, xml, name, &limits, diag);
    if (oc_is_ok(r)) {
        r = keep_doc(vectors, doc);
    }
    if (oc_is_ok(r)) {
        r = note_file(vectors, name);
    }
    if (oc_is_ok(r)) {
        r = add_suite(vectors, doc, diag);
    }
    return finish(out, vectors, r);
}

void oc_vectors_free(oc_vectors **vectors)
{
    if (*vectors == NULL) {
        return;
    }
    drop_docs(*vectors);
    free((*vectors)->cases);
    free((*vectors)->files);
    oc_arena_free(&(*vectors)->arena);
    free(*vectors);
    *vectors = NULL;
}

const oc_case *oc_vectors_case(const oc_vectors *vectors, size_t at)
{
    return at < vectors->case_count ? vectors->cases[at] : NULL;
}

size_t oc_vectors_count(const oc_vectors *vectors)
{
    return vectors->case_count;
}

const char *oc_vectors_file(const oc_vectors *vectors, size_t at)
{
    return at < vectors->file_count ? vectors->files[at] : NULL;
}

size_t oc_vectors_file_count(const oc_vectors *vectors)
{
    return vectors->file_count;
}
