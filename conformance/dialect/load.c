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
#define FOLDER_DEPTH_MAX 16

/* A file that was read. It is the same file under whatever path it is reached: named, found in a folder, imported. */
struct source {
    oc_xml_doc *doc; /* kept until loading ends: routines are built from it again for each use */
    dev_t device;
    ino_t inode;
    bool valid; /* by the schema */
    bool noted; /* among the files of the vectors */
    bool added; /* as a suite: its cases are there */
};

struct oc_vectors {
    oc_arena arena;
    oc_xml_schema *schema;
    struct source *sources;
    size_t source_count;
    oc_build_totals totals;
    oc_case **cases;
    size_t case_count;
    size_t case_room;
    const char **files;
    size_t file_count;
};

static const oc_xml_limits limits = {.bytes = FILE_MAX_BYTES, .depth = 64};

/* Takes the document of `source` in any case. */
static oc_result keep_source(oc_vectors *vectors, const struct source *source, size_t *at, oc_diag *diag)
{
    struct source *grown = NULL;
    if (vectors->source_count < FILES_MAX) {
        grown = realloc(vectors->sources, (vectors->source_count + 1) * sizeof *grown);
    }
    if (grown == NULL) {
        oc_xml_doc *doc = source->doc;
        oc_result r = vectors->source_count == FILES_MAX
                          ? oc_diag_fail_at(diag, OC_E_LIMIT, oc_xml_doc_name(doc), 0, "more than %d files", FILES_MAX)
                          : oc_fail(OC_E_MEMORY);
        oc_xml_free(&doc);
        return r;
    }
    vectors->sources = grown;
    *at = vectors->source_count++;
    vectors->sources[*at] = *source;
    return oc_ok();
}

static oc_result load_source(oc_vectors *vectors, const char *path, size_t *at, oc_diag *diag)
{
    struct stat st = {0};
    bool there = stat(path, &st) == 0;
    for (size_t i = 0; there && i < vectors->source_count; i++) {
        if (vectors->sources[i].device == st.st_dev && vectors->sources[i].inode == st.st_ino) {
            *at = i;
            return oc_ok();
        }
    }
    struct source source = {.device = st.st_dev, .inode = st.st_ino};
    OC_TRY(oc_xml_load(&source.doc, path, &limits, diag));
    return keep_source(vectors, &source, at, diag);
}

static oc_result validate(const oc_vectors *vectors, struct source *source, oc_diag *diag)
{
    if (vectors->schema != NULL && !source->valid) {
        OC_TRY(oc_xml_validate(source->doc, vectors->schema, diag));
    }
    source->valid = true;
    return oc_ok();
}

static oc_result note_file(oc_vectors *vectors, struct source *source)
{
    if (source->noted) {
        return oc_ok();
    }
    const char **grown = realloc(vectors->files, (vectors->file_count + 1) * sizeof *grown);
    if (grown == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    vectors->files = grown;
    const char *name = oc_arena_text(&vectors->arena, oc_xml_doc_name(source->doc));
    if (name == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    vectors->files[vectors->file_count++] = name;
    source->noted = true;
    return oc_ok();
}

static oc_result add_routines(oc_build *build, const oc_xml_doc *doc, oc_routine_node *room)
{
    const xmlNode *root = oc_xml_root(doc);
    const char *file = oc_arena_text(build->arena, oc_xml_doc_name(doc));
    if (file == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
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
        room[build->routine_count++] = (oc_routine_node){id, doc, file, n};
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
        size_t at;
        OC_TRY(load_source(vectors, path, &at, build->diag));
        OC_TRY(validate(vectors, &vectors->sources[at], build->diag));
        OC_TRY(note_file(vectors, &vectors->sources[at]));
        OC_TRY(add_routines(build, vectors->sources[at].doc, room));
    }
    return oc_ok();
}

static oc_result add_case(oc_vectors *vectors, const oc_build *build, const xmlNode *node, const char *area)
{
    if (vectors->case_count == vectors->case_room) {
        size_t room = vectors->case_room == 0 ? 256 : vectors->case_room * 2;
        oc_case **grown = realloc(vectors->cases, room * sizeof(oc_case *));
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        vectors->cases = grown;
        vectors->case_room = room;
    }
    OC_TRY(oc_build_case(build, node, area, &vectors->cases[vectors->case_count]));
    vectors->case_count++;
    return oc_ok();
}

/* Adds the row to those of the tables before it. No two rows of a case may give one name. */
static oc_result take_row(oc_build *build, const xmlNode *row)
{
    const char *key = oc_xml_attr(row, "key");
    if (key == NULL) {
        return oc_xml_fail(build->doc, row, build->diag, OC_E_FORMAT, "a row without key");
    }
    for (const xmlAttr *attribute = row->properties; attribute != NULL; attribute = attribute->next) {
        const char *name = (const char *)attribute->name;
        bool own = strcmp(name, "key") == 0 || strcmp(name, OC_ROW_CONDITION) == 0;
        if (!own && oc_build_row_attr(build, name) != NULL) {
            return oc_xml_fail(build->doc, row, build->diag, OC_E_FORMAT, "both tables have %s", name);
        }
    }
    build->rows[build->row_count++] = row;
    build->row_key = build->row_key == NULL ? key : oc_arena_format(build->arena, "%s.%s", build->row_key, key);
    return build->row_key == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

/* Each row of `table` with each row of the tables after it. */
static oc_result add_rows(oc_vectors *vectors, const oc_build *build, const xmlNode *node, const xmlNode *table,
                          const char *area)
{
    if (table == NULL) {
        return add_case(vectors, build, node, area);
    }
    if (build->row_count == OC_TABLES_MAX) {
        return oc_xml_fail(build->doc, table, build->diag, OC_E_LIMIT, "more than %d tables", OC_TABLES_MAX);
    }
    for (const xmlNode *row = oc_xml_child(table, "row"); row != NULL; row = oc_xml_next(row, "row")) {
        oc_build inside = *build;
        OC_TRY(take_row(&inside, row));
        OC_TRY(add_rows(vectors, &inside, node, oc_xml_next(table, "table"), area));
    }
    return oc_ok();
}

static oc_result add_contents(oc_vectors *vectors, oc_build *build, const xmlNode *root, oc_routine_node *room)
{
    OC_TRY(add_imports(vectors, build, room));
    OC_TRY(add_routines(build, build->doc, room));
    const char *area = oc_xml_attr(root, "area");
    for (const xmlNode *n = oc_xml_child(root, NULL); n != NULL; n = oc_xml_next(n, NULL)) {
        if (oc_xml_is(n, "case") || oc_xml_is(n, "flow")) {
            OC_TRY(add_rows(vectors, build, n, oc_xml_child(n, "table"), area == NULL ? "card" : area));
        }
    }
    return oc_ok();
}

static oc_result add_suite(oc_vectors *vectors, size_t at, oc_diag *diag)
{
    const oc_xml_doc *doc = vectors->sources[at].doc;
    const xmlNode *root = oc_xml_root(doc);
    if (!oc_xml_is(root, "suite")) {
        return oc_xml_fail(doc, root, diag, OC_E_FORMAT, "the root element is %s, not suite", oc_xml_name(root));
    }
    OC_TRY(validate(vectors, &vectors->sources[at], diag));
    OC_TRY(note_file(vectors, &vectors->sources[at]));
    vectors->sources[at].added = true;
    oc_routine_node *room = calloc(OC_ROUTINES_MAX, sizeof *room);
    const char *file = oc_arena_text(&vectors->arena, oc_xml_doc_name(doc));
    oc_result r = room == NULL || file == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    if (oc_is_ok(r)) {
        oc_build build = {.arena = &vectors->arena,
                          .totals = &vectors->totals,
                          .doc = doc,
                          .file = file,
                          .routines = room,
                          .diag = diag};
        r = add_contents(vectors, &build, root, room);
    }
    free(room);
    return r;
}

/* A file named by the user must be a suite; one found in a folder may be something else (profiles, schemas). */
static oc_result add_file(oc_vectors *vectors, const char *path, bool named, oc_diag *diag)
{
    size_t at;
    OC_TRY(load_source(vectors, path, &at, diag));
    const struct source *source = &vectors->sources[at];
    bool is_suite = oc_xml_is(oc_xml_root(source->doc), "suite");
    return source->added || (!named && !is_suite) ? oc_ok() : add_suite(vectors, at, diag);
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

static void drop_sources(oc_vectors *vectors)
{
    for (size_t i = 0; i < vectors->source_count; i++) {
        oc_xml_free(&vectors->sources[i].doc);
    }
    free(vectors->sources);
    vectors->sources = NULL;
    vectors->source_count = 0;
    oc_xml_schema_free(&vectors->schema);
}

static oc_result finish(oc_vectors **out, oc_vectors *vectors, oc_result r)
{
    drop_sources(vectors);
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
    struct source source = {0};
    size_t at = 0;
    oc_result r = oc_xml_parse(&source.doc, xml, name, &limits, diag);
    if (oc_is_ok(r)) {
        r = keep_source(vectors, &source, &at, diag);
    }
    if (oc_is_ok(r)) {
        r = add_suite(vectors, at, diag);
    }
    return finish(out, vectors, r);
}

void oc_vectors_free(oc_vectors **vectors)
{
    if (*vectors == NULL) {
        return;
    }
    drop_sources(*vectors);
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
