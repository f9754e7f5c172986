/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/requirements.h"

#include <dirent.h>
#include <errno.h>
#include <libxml/hash.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/file.h"

#define NAMESPACE "urn:onecard:requirements:1"

static oc_requirement *add(oc_requirements *requirements, const char *id)
{
    if (requirements->count == requirements->room) {
        size_t room = requirements->room == 0 ? 128 : requirements->room * 2;
        oc_requirement *more = realloc(requirements->at, room * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        requirements->at = more;
        requirements->room = room;
    }
    const char *kept = oc_arena_text(&requirements->arena, id);
    if (kept == NULL ||
        xmlHashAddEntry(requirements->by_id, (const xmlChar *)id, (void *)(uintptr_t)(requirements->count + 1)) != 0) {
        return NULL;
    }
    oc_requirement *added = &requirements->at[requirements->count++];
    *added = (oc_requirement){.id = kept};
    return added;
}

oc_requirement *oc_requirements_find(oc_requirements *requirements, const char *id)
{
    uintptr_t found = (uintptr_t)xmlHashLookup(requirements->by_id, (const xmlChar *)id);
    return found > 0 ? &requirements->at[found - 1] : add(requirements, id);
}

static const char *kept_attribute(oc_requirements *requirements, const xmlNode *node, const char *name, bool *bad)
{
    const char *value = oc_xml_attr(node, name);
    const char *kept = oc_arena_text(&requirements->arena, value == NULL ? "" : value);
    *bad = *bad || kept == NULL;
    return kept;
}

static const char *kept_text(oc_requirements *requirements, const xmlNode *node, const char *name, const char *lang,
                             bool *bad)
{
    for (const xmlNode *text = oc_xml_child(node, name); text != NULL; text = oc_xml_next(text, name)) {
        const char *its_lang = oc_xml_attr(text, "xml:lang");
        if (its_lang == NULL || strcmp(its_lang, lang) != 0) {
            continue;
        }
        oc_buf content = {0};
        const char *kept = NULL;
        if (oc_is_ok(oc_xml_text(&content, text))) {
            kept = oc_arena_text_n(&requirements->arena, (const char *)content.at, content.len);
        }
        *bad = *bad || kept == NULL;
        oc_buf_free(&content);
        return kept;
    }
    return "";
}

static oc_result take(oc_requirements *requirements, const oc_xml_doc *doc, const xmlNode *node, oc_diag *diag)
{
    const char *id = oc_xml_attr(node, "id");
    if (id == NULL || id[0] == '\0') {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "a requirement has no id");
    }
    oc_requirement *requirement = oc_requirements_find(requirements, id);
    if (requirement == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (requirement->known) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "requirement %s is there twice", id);
    }
    bool bad = false;
    requirement->known = true;
    requirement->doc = kept_attribute(requirements, node, "doc", &bad);
    requirement->clause = kept_attribute(requirements, node, "clause", &bad);
    requirement->level = kept_attribute(requirements, node, "level", &bad);
    requirement->confidence = kept_attribute(requirements, node, "confidence", &bad);
    requirement->text_zh = kept_text(requirements, node, "text", "zh", &bad);
    requirement->text_en = kept_text(requirements, node, "text", "en", &bad);
    requirement->untested_zh = kept_text(requirements, node, "untested", "zh", &bad);
    requirement->untested_en = kept_text(requirements, node, "untested", "en", &bad);
    return bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result load_file(oc_requirements *requirements, const char *path, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    OC_TRY(oc_xml_load(&doc, path, &(oc_xml_limits){.bytes = (size_t)16 << 20}, diag));
    const xmlNode *root = oc_xml_root(doc);
    oc_result r = oc_ok();
    if (!oc_xml_is(root, "requirements") || root->ns == NULL || strcmp((const char *)root->ns->href, NAMESPACE) != 0) {
        r = oc_xml_fail(doc, root, diag, OC_E_FORMAT, "not a requirement file");
    }
    for (const xmlNode *node = oc_xml_child(root, "requirement"); oc_is_ok(r) && node != NULL;
         node = oc_xml_next(node, "requirement")) {
        r = take(requirements, doc, node, diag);
    }
    oc_xml_free(&doc);
    return r;
}

static int is_xml(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return entry->d_name[0] != '.' && len > 4 && strcmp(entry->d_name + len - 4, ".xml") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

oc_result oc_requirements_begin(oc_requirements *out)
{
    *out = (oc_requirements){.by_id = xmlHashCreate(256)};
    return out->by_id == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

oc_result oc_requirements_load(oc_requirements *out, const char *folder, oc_diag *diag)
{
    struct dirent **entries = NULL;
    OC_TRY(oc_requirements_begin(out));
    int count = scandir(folder, &entries, is_xml, by_name);
    if (count < 0) {
        oc_result r = oc_diag_fail_at(diag, errno == ENOENT ? OC_E_NOT_FOUND : OC_E_IO, folder, 0,
                                      "cannot list the requirement files: %s", strerror(errno));
        oc_requirements_free(out);
        return r;
    }
    oc_result r = oc_ok();
    for (int i = 0; i < count; i++) {
        char path[4096];
        if (oc_is_ok(r)) {
            r = oc_file_join(path, sizeof path, folder, entries[i]->d_name);
        }
        if (oc_is_ok(r)) {
            r = load_file(out, path, diag);
        }
        free(entries[i]);
    }
    free(entries);
    if (!oc_is_ok(r)) {
        oc_requirements_free(out);
    }
    return r;
}

void oc_requirements_free(oc_requirements *requirements)
{
    if (requirements->by_id != NULL) {
        xmlHashFree(requirements->by_id, NULL);
    }
    free(requirements->at);
    oc_arena_free(&requirements->arena);
    *requirements = (oc_requirements){0};
}

enum oc_report_verdict oc_requirements_case_says(const oc_result_case *one, const char *requirement)
{
    const xmlNode *evidence = oc_xml_child(one->node, "evidence");
    const char *decided = evidence == NULL ? NULL : oc_xml_attr(evidence, "requirement");
    bool against = one->verdict == OC_REPORT_FAIL || one->verdict == OC_REPORT_DEVIATION;
    return against && decided != NULL && decided[0] != '\0' && strcmp(decided, requirement) != 0
               ? OC_REPORT_INCONCLUSIVE
               : one->verdict;
}

static oc_result count_for(oc_requirements *requirements, const oc_result_case *one, const char *id)
{
    oc_requirement *requirement = oc_requirements_find(requirements, id);
    if (requirement == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    requirement->counts.of[oc_requirements_case_says(one, id)]++;
    return oc_ok();
}

oc_result oc_requirements_count_case(oc_requirements *requirements, const oc_result_case *one)
{
    const xmlNode *evidence = oc_xml_child(one->node, "evidence");
    const char *decided = evidence == NULL ? NULL : oc_xml_attr(evidence, "requirement");
    bool named = decided == NULL || decided[0] == '\0';
    for (const xmlNode *req = oc_xml_child(one->node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        const char *id = req->children == NULL ? "" : (const char *)req->children->content;
        named = named || strcmp(id, decided) == 0;
        OC_TRY(count_for(requirements, one, id));
    }
    /* A check may name a requirement that its case does not. */
    return named ? oc_ok() : count_for(requirements, one, decided);
}

bool oc_requirement_verdict(const oc_requirement *requirement, enum oc_report_verdict *out)
{
    return oc_report_counts_verdict(&requirement->counts, out);
}
