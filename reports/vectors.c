/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/vectors.h"

#include <dirent.h>
#include <errno.h>
#include <libxml/hash.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sim/base/file.h"

#define NAMESPACE "urn:onecard:vectors:1"
#define FOLDERS_DEEP 8

struct walk {
    oc_vectors_visit *visit;
    void *self;
    oc_diag *diag;
};

static bool is_retired(const xmlNode *node)
{
    const char *state = oc_xml_attr(node, "state");
    return state != NULL && strcmp(state, "retired") == 0;
}

/* A requirement of one case, once. */
static oc_result tell(const struct walk *walk, xmlHashTablePtr told, const char *requirement, const char *case_id)
{
    if (requirement == NULL || xmlHashLookup(told, (const xmlChar *)requirement) != NULL) {
        return oc_ok();
    }
    if (xmlHashAddEntry(told, (const xmlChar *)requirement, told) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    return walk->visit(walk->self, requirement, case_id, walk->diag);
}

/* The req attributes of the checks below `node`, negatives aside. */
static oc_result tell_checks(const struct walk *walk, xmlHashTablePtr told, const xmlNode *node, const char *case_id)
{
    for (const xmlNode *child = oc_xml_child(node, NULL); child != NULL; child = oc_xml_next(child, NULL)) {
        if (oc_xml_is(child, "negative")) {
            continue;
        }
        OC_TRY(tell(walk, told, oc_xml_attr(child, "req"), case_id));
        OC_TRY(tell_checks(walk, told, child, case_id)); /* the loader bounds the depth */
    }
    return oc_ok();
}

static oc_result tell_own(const struct walk *walk, xmlHashTablePtr told, const xmlNode *node, const char *case_id)
{
    for (const xmlNode *req = oc_xml_child(node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        OC_TRY(tell(walk, told, req->children == NULL ? NULL : (const char *)req->children->content, case_id));
    }
    return oc_ok();
}

static oc_result with_told(const struct walk *walk, const xmlNode *node, const xmlNode *twin)
{
    const char *id = oc_xml_attr(node, "id");
    xmlHashTablePtr told = xmlHashCreate(16);
    if (told == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_ok();
    if (id == NULL) {
        r = oc_ok(); /* lint complains of it, coverage has nothing to name */
    } else if (twin == NULL) {
        r = tell_own(walk, told, node, id);
        r = oc_is_ok(r) ? tell_checks(walk, told, node, id) : r;
    } else if (oc_xml_attr(node, "req") != NULL) {
        r = tell(walk, told, oc_xml_attr(node, "req"), id);
    } else {
        r = tell_own(walk, told, twin, id);
    }
    if (oc_is_ok(r) && twin != NULL) {
        r = tell_checks(walk, told, node, id);
    }
    xmlHashFree(told, NULL);
    return r;
}

static oc_result walk_suite(const struct walk *walk, const xmlNode *suite)
{
    for (const xmlNode *node = oc_xml_child(suite, NULL); node != NULL; node = oc_xml_next(node, NULL)) {
        if ((!oc_xml_is(node, "case") && !oc_xml_is(node, "flow")) || is_retired(node)) {
            continue;
        }
        OC_TRY(with_told(walk, node, NULL));
        for (const xmlNode *negative = oc_xml_child(node, "negative"); negative != NULL;
             negative = oc_xml_next(negative, "negative")) {
            if (!is_retired(negative)) {
                OC_TRY(with_told(walk, negative, node));
            }
        }
    }
    return oc_ok();
}

static oc_result walk_file(const struct walk *walk, const char *path)
{
    oc_xml_doc *doc = NULL;
    OC_TRY(oc_xml_load(&doc, path, &(oc_xml_limits){.bytes = (size_t)16 << 20}, walk->diag));
    const xmlNode *root = oc_xml_root(doc);
    oc_result r = oc_ok();
    if (oc_xml_is(root, "suite") && root->ns != NULL && strcmp((const char *)root->ns->href, NAMESPACE) == 0) {
        r = walk_suite(walk, root);
    }
    oc_xml_free(&doc);
    return r;
}

static int no_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static oc_result walk_folder(const struct walk *walk, const char *folder, unsigned depth);

static oc_result walk_entry(const struct walk *walk, const char *path, unsigned depth)
{
    struct stat st;
    size_t len = strlen(path);
    if (lstat(path, &st) != 0) {
        return oc_diag_fail_at(walk->diag, OC_E_IO, path, 0, "cannot look at it: %s", strerror(errno));
    }
    if (S_ISDIR(st.st_mode)) {
        return depth < FOLDERS_DEEP ? walk_folder(walk, path, depth + 1)
                                    : oc_diag_fail_at(walk->diag, OC_E_LIMIT, path, 0, "folders nested too deep");
    }
    return len > 4 && strcmp(path + len - 4, ".xml") == 0 ? walk_file(walk, path) : oc_ok();
}

static oc_result walk_folder(const struct walk *walk, const char *folder, unsigned depth)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, no_hidden, by_name);
    if (count < 0) {
        return oc_diag_fail_at(walk->diag, errno == ENOENT ? OC_E_NOT_FOUND : OC_E_IO, folder, 0,
                               "cannot list the vectors: %s", strerror(errno));
    }
    oc_result r = oc_ok();
    for (int i = 0; i < count; i++) {
        char path[4096];
        if (oc_is_ok(r) && !oc_is_ok(r = oc_file_join(path, sizeof path, folder, entries[i]->d_name))) {
            r = oc_diag_fail_at(walk->diag, r.code, folder, 0, "path too long");
        }
        if (oc_is_ok(r)) {
            r = walk_entry(walk, path, depth);
        }
        free(entries[i]);
    }
    free(entries);
    return r;
}

oc_result oc_vectors_walk(const char *folder, oc_vectors_visit *visit, void *self, oc_diag *diag)
{
    const struct walk walk = {visit, self, diag};
    return walk_folder(&walk, folder, 0);
}
