/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/catalogue.h"

#include <dirent.h>
#include <libxml/hash.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/arena.h"
#include "sim/base/file.h"
#include "sim/base/xml.h"

struct requirement {
    const char *id;
    char confidence;
    char with_sm4; /* on cards whose algorithm is SM4 */
    bool backed;   /* by a holder of the standard's text */
};

struct oc_catalogue {
    oc_arena arena;
    xmlHashTable *ids;                /* of requirements, while they are loaded */
    struct requirement *requirements; /* sorted by id */
    size_t requirement_count;
    const char **terms;
    size_t term_count;
    const char **retired;
    size_t retired_count;
};

static oc_result add_name(oc_catalogue *catalogue, const char ***list, size_t *count, const char *name)
{
    const char **grown = realloc(*list, (*count + 1) * sizeof *grown);
    if (grown == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    *list = grown;
    grown[(*count)++] = oc_arena_text(&catalogue->arena, name == NULL ? "" : name);
    return oc_ok();
}

static oc_result add_requirement(oc_catalogue *catalogue, const oc_xml_doc *doc, const xmlNode *node, oc_diag *diag)
{
    const char *id = oc_xml_attr(node, "id");
    const char *confidence = oc_xml_attr(node, "confidence");
    const char *with_sm4 = oc_xml_attr(node, "sm4-confidence");
    if (id == NULL || confidence == NULL) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "a requirement needs id and confidence");
    }
    struct requirement *grown = realloc(catalogue->requirements, (catalogue->requirement_count + 1) * sizeof *grown);
    if (grown == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    catalogue->requirements = grown;
    if (xmlHashLookup(catalogue->ids, (const xmlChar *)id) != NULL) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "requirement %s stands twice", id);
    }
    if (xmlHashAddEntry(catalogue->ids, (const xmlChar *)id, catalogue) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    grown[catalogue->requirement_count++] = (struct requirement){
        oc_arena_text(&catalogue->arena, id), confidence[0], with_sm4 == NULL ? confidence[0] : with_sm4[0], false};
    return oc_ok();
}

typedef oc_result take_root(oc_catalogue *catalogue, const oc_xml_doc *doc, oc_diag *diag);

static oc_result take_requirements(oc_catalogue *catalogue, const oc_xml_doc *doc, oc_diag *diag)
{
    const xmlNode *root = oc_xml_root(doc);
    for (const xmlNode *n = oc_xml_child(root, "requirement"); n != NULL; n = oc_xml_next(n, "requirement")) {
        OC_TRY(add_requirement(catalogue, doc, n, diag));
    }
    return oc_ok();
}

static oc_result take_terms(oc_catalogue *catalogue, const oc_xml_doc *doc, oc_diag *diag)
{
    (void)diag;
    const xmlNode *root = oc_xml_root(doc);
    for (const xmlNode *n = oc_xml_child(root, "term"); n != NULL; n = oc_xml_next(n, "term")) {
        OC_TRY(add_name(catalogue, &catalogue->terms, &catalogue->term_count, oc_xml_attr(n, "name")));
    }
    return oc_ok();
}

static oc_result take_retired(oc_catalogue *catalogue, const oc_xml_doc *doc, oc_diag *diag)
{
    (void)diag;
    const xmlNode *root = oc_xml_root(doc);
    for (const xmlNode *n = oc_xml_child(root, "retired"); n != NULL; n = oc_xml_next(n, "retired")) {
        OC_TRY(add_name(catalogue, &catalogue->retired, &catalogue->retired_count, oc_xml_attr(n, "id")));
    }
    return oc_ok();
}

static oc_result load_one(oc_catalogue *catalogue, const char *path, const oc_xml_schema *schema, take_root *take,
                          oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    oc_result r = oc_xml_load(&doc, path, NULL, diag);
    if (oc_is_ok(r) && schema != NULL) {
        r = oc_xml_validate(doc, schema, diag);
    }
    if (oc_is_ok(r)) {
        r = take(catalogue, doc, diag);
    }
    oc_xml_free(&doc);
    return r;
}

static int xml_file(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return entry->d_name[0] != '.' && len > 4 && strcmp(entry->d_name + len - 4, ".xml") == 0;
}

static oc_result load_folder(oc_catalogue *catalogue, const char *folder, const oc_xml_schema *schema, oc_diag *diag)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, xml_file, alphasort);
    oc_result r = count < 0 ? oc_diag_fail_at(diag, OC_E_NOT_FOUND, folder, 0, "no folder of requirements") : oc_ok();
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        if (oc_is_ok(r)) {
            r = oc_file_join(path, sizeof path, folder, entries[i]->d_name);
        }
        if (oc_is_ok(r)) {
            r = load_one(catalogue, path, schema, take_requirements, diag);
        }
        free(entries[i]);
    }
    free(entries);
    return r;
}

static oc_result load_requirements(oc_catalogue *catalogue, const char *folder, oc_diag *diag)
{
    char below[PATH_MAX];
    char path[PATH_MAX];
    oc_xml_schema *schema = NULL;
    OC_TRY(oc_file_join(below, sizeof below, folder, "requirements"));
    OC_TRY(oc_file_join(path, sizeof path, folder, "schema/requirements.xsd"));
    oc_result r = oc_xml_schema_new(&schema, path, diag);
    catalogue->ids = xmlHashCreate(4096);
    if (oc_is_ok(r)) {
        r = catalogue->ids == NULL ? oc_fail(OC_E_MEMORY) : load_folder(catalogue, below, schema, diag);
    }
    xmlHashFree(catalogue->ids, NULL);
    catalogue->ids = NULL;
    oc_xml_schema_free(&schema);
    return r;
}

static oc_result load_terms(oc_catalogue *catalogue, const char *folder, oc_diag *diag)
{
    char path[PATH_MAX];
    oc_xml_schema *schema = NULL;
    OC_TRY(oc_file_join(path, sizeof path, folder, "schema/terms.xsd"));
    OC_TRY(oc_xml_schema_new(&schema, path, diag));
    oc_result r = oc_file_join(path, sizeof path, folder, "terms.xml");
    if (oc_is_ok(r)) {
        r = load_one(catalogue, path, schema, take_terms, diag);
    }
    oc_xml_schema_free(&schema);
    return r;
}

static int by_id(const void *a, const void *b)
{
    const struct requirement *left = a;
    const struct requirement *right = b;
    return strcmp(left->id, right->id);
}

oc_result oc_catalogue_load(oc_catalogue **out, const char *folder, oc_diag *diag)
{
    *out = NULL;
    oc_catalogue *catalogue = calloc(1, sizeof *catalogue);
    if (catalogue == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    char retired[PATH_MAX];
    oc_result r = load_requirements(catalogue, folder, diag);
    if (oc_is_ok(r)) {
        r = load_terms(catalogue, folder, diag);
    }
    if (oc_is_ok(r) && oc_is_ok(oc_file_join(retired, sizeof retired, folder, "retired.xml")) &&
        access(retired, F_OK) == 0) {
        r = load_one(catalogue, retired, NULL, take_retired, diag);
    }
    if (!oc_is_ok(r)) {
        oc_catalogue_free(&catalogue);
        return r;
    }
    if (catalogue->requirement_count > 0) {
        qsort(catalogue->requirements, catalogue->requirement_count, sizeof *catalogue->requirements, by_id);
    }
    *out = catalogue;
    return r;
}

void oc_catalogue_free(oc_catalogue **catalogue)
{
    if (*catalogue != NULL) {
        free((*catalogue)->requirements);
        free((*catalogue)->terms);
        free((*catalogue)->retired);
        oc_arena_free(&(*catalogue)->arena);
        free(*catalogue);
        *catalogue = NULL;
    }
}

static const struct requirement *find(const oc_catalogue *catalogue, const char *requirement)
{
    struct requirement wanted = {.id = requirement};
    return catalogue->requirement_count == 0
               ? NULL
               : bsearch(&wanted, catalogue->requirements, catalogue->requirement_count, sizeof wanted, by_id);
}

char oc_catalogue_confidence(const oc_catalogue *catalogue, const char *requirement)
{
    const struct requirement *found = find(catalogue, requirement);
    return found == NULL ? 0 : found->confidence;
}

char oc_catalogue_sm4_confidence(const oc_catalogue *catalogue, const char *requirement)
{
    const struct requirement *found = find(catalogue, requirement);
    return found == NULL ? 0 : found->with_sm4;
}

void oc_catalogue_back(oc_catalogue *catalogue, const char *requirement)
{
    struct requirement *found = (struct requirement *)(uintptr_t)find(catalogue, requirement);
    if (found != NULL) {
        found->confidence = found->with_sm4 = 'A';
        found->backed = true;
    }
}

bool oc_catalogue_is_backed(const oc_catalogue *catalogue, const char *requirement)
{
    const struct requirement *found = find(catalogue, requirement);
    return found != NULL && found->backed;
}

/* "setting.NAME.VALUE" stands for every name that begins with "setting."; "key(DIR/KEY)" for key with an argument. */
static bool term_matches(const char *declared, const char *name, bool with_argument)
{
    const char *parenthesis = strchr(declared, '(');
    if (parenthesis != NULL || with_argument) {
        size_t len = strlen(name);
        return parenthesis != NULL && with_argument && (size_t)(parenthesis - declared) == len &&
               strncmp(declared, name, len) == 0;
    }
    const char *family = strstr(declared, ".NAME");
    if (family != NULL) {
        size_t len = (size_t)(family - declared) + 1;
        return strncmp(declared, name, len) == 0 && name[len] != '\0';
    }
    return strcmp(declared, name) == 0;
}

bool oc_catalogue_has_term(const oc_catalogue *catalogue, const char *name, bool with_argument)
{
    for (size_t i = 0; i < catalogue->term_count; i++) {
        if (term_matches(catalogue->terms[i], name, with_argument)) {
            return true;
        }
    }
    return false;
}

bool oc_catalogue_is_retired(const oc_catalogue *catalogue, const char *case_id)
{
    for (size_t i = 0; i < catalogue->retired_count; i++) {
        if (strcmp(catalogue->retired[i], case_id) == 0) {
            return true;
        }
    }
    return false;
}

size_t oc_catalogue_requirement_count(const oc_catalogue *catalogue)
{
    return catalogue->requirement_count;
}

const char *oc_catalogue_requirement(const oc_catalogue *catalogue, size_t at)
{
    return at < catalogue->requirement_count ? catalogue->requirements[at].id : NULL;
}
