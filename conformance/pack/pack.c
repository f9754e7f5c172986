/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/pack/pack.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conformance/record/xml_out.h"
#include "reports/bundle/files.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/base/xml.h"
#include "sim/profile/settings.h"

#define PACK_MAX ((size_t)8 * 1024 * 1024)

struct oc_pack {
    oc_xml_doc *doc;
    char limits[PATH_MAX]; /* "" : there are none */
    char digest[65];
    oc_cms_signers signers;
    bool is_trusted; /* the signers lead to a certificate that the user trusts */
};

static oc_result in_pack(char out[PATH_MAX], const char *folder, const char *name)
{
    return oc_file_join(out, PATH_MAX, folder, name);
}

static bool is_listed(const char *path)
{
    return strcmp(path, OC_MANIFEST_NAME) != 0 && strcmp(path, OC_MANIFEST_SIGNATURE) != 0;
}

static bool same_entry(const oc_manifest_entry *a, const oc_manifest_entry *b)
{
    return a->size == b->size && memcmp(a->sha256, b->sha256, sizeof a->sha256) == 0 &&
           memcmp(a->sm3, b->sm3, sizeof a->sm3) == 0;
}

/* The files that are there are those that were signed. */
static oc_result compare_files(const char *folder, const oc_manifest *there, const oc_manifest *signed_for,
                               oc_diag *diag)
{
    for (size_t i = 0; i < signed_for->count; i++) {
        const oc_manifest_entry *entry = oc_manifest_find(there, signed_for->at[i].path);
        if (entry == NULL || !same_entry(entry, &signed_for->at[i])) {
            return oc_diag_fail_at(diag, OC_E_FORMAT, folder, 0, "%s %s", signed_for->at[i].path,
                                   entry == NULL ? "is missing" : "is not the file that was signed");
        }
    }
    for (size_t i = 0; i < there->count; i++) {
        if (is_listed(there->at[i].path) && oc_manifest_find(signed_for, there->at[i].path) == NULL) {
            return oc_diag_fail_at(diag, OC_E_FORMAT, folder, 0, "%s was not signed", there->at[i].path);
        }
    }
    return oc_ok();
}

static oc_result check_signature(oc_pack *pack, const char *folder, oc_span manifest, const oc_trust *trust,
                                 oc_diag *diag)
{
    char path[PATH_MAX];
    oc_buf p7s = {0};
    OC_TRY(in_pack(path, folder, OC_MANIFEST_SIGNATURE));
    if (access(path, F_OK) != 0) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, folder, 0, "this pack is not signed (onecard pack signs it)");
    }
    oc_result r = oc_bundle_read(&p7s, path, OC_CMS_BYTES_MAX, diag);
    if (oc_is_ok(r)) {
        r = oc_cms_verify(&pack->signers, oc_buf_span(&p7s), manifest, trust, diag);
    }
    pack->is_trusted = oc_is_ok(r) && trust != NULL;
    oc_buf_free(&p7s);
    return r;
}

static oc_result check_files(oc_pack *pack, const char *folder, const oc_trust *trust, oc_diag *diag)
{
    char path[PATH_MAX];
    oc_manifest there = {0};
    oc_manifest signed_for = {0};
    oc_manifest_entry own;
    oc_buf text = {0};
    OC_TRY(in_pack(path, folder, OC_MANIFEST_NAME));
    oc_result r = access(path, F_OK) != 0 ? oc_diag_fail_at(diag, OC_E_FORMAT, folder, 0,
                                                            "this pack is not signed (onecard pack signs it)")
                                          : oc_bundle_files(&there, folder, diag);
    if (oc_is_ok(r)) {
        r = oc_bundle_read(&text, path, OC_MANIFEST_BYTES_MAX, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_manifest_parse(&signed_for, oc_buf_span(&text), diag);
    }
    if (oc_is_ok(r)) {
        r = compare_files(folder, &there, &signed_for, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_bundle_digest(&own, path, diag);
    }
    if (oc_is_ok(r)) {
        oc_hex_encode(pack->digest, sizeof pack->digest, oc_span_of(own.sha256, sizeof own.sha256));
        r = check_signature(pack, folder, oc_buf_span(&text), trust, diag);
    }
    oc_manifest_free(&there);
    oc_manifest_free(&signed_for);
    oc_buf_free(&text);
    return r;
}

static oc_result read_document(oc_pack *pack, const char *folder, const char *schema_path, oc_diag *diag)
{
    static const oc_xml_limits limits = {.bytes = PACK_MAX};
    char path[PATH_MAX];
    oc_xml_schema *schema = NULL;
    OC_TRY(in_pack(path, folder, OC_PACK_FILE));
    OC_TRY(oc_xml_load(&pack->doc, path, &limits, diag));
    OC_TRY(oc_xml_schema_new(&schema, schema_path, diag));
    oc_result r = oc_xml_validate(pack->doc, schema, diag);
    oc_xml_schema_free(&schema);
    return r;
}

oc_result oc_pack_load(oc_pack **out, const char *folder, const char *schema_path, const oc_trust *trust,
                       oc_diag *diag)
{
    oc_pack *pack = calloc(1, sizeof *pack);
    *out = NULL;
    if (pack == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = check_files(pack, folder, trust, diag);
    if (oc_is_ok(r)) {
        r = read_document(pack, folder, schema_path, diag);
    }
    if (oc_is_ok(r)) {
        r = in_pack(pack->limits, folder, OC_PACK_LIMITS);
    }
    if (!oc_is_ok(r)) {
        oc_pack_free(&pack);
        return r;
    }
    if (access(pack->limits, F_OK) != 0) {
        pack->limits[0] = '\0';
    }
    *out = pack;
    return r;
}

void oc_pack_free(oc_pack **pack)
{
    if (*pack != NULL) {
        oc_xml_free(&(*pack)->doc);
        free(*pack);
        *pack = NULL;
    }
}

/* The whole file is written beside the old one first. */
static oc_result write_manifest(const char *folder, oc_buf *text, oc_diag *diag)
{
    char path[PATH_MAX];
    oc_manifest there = {0};
    oc_manifest listed = {0};
    OC_TRY(in_pack(path, folder, OC_MANIFEST_NAME));
    oc_result r = oc_bundle_files(&there, folder, diag);
    for (size_t i = 0; i < there.count && oc_is_ok(r); i++) {
        r = is_listed(there.at[i].path) ? oc_manifest_add(&listed, &there.at[i]) : oc_ok();
    }
    if (oc_is_ok(r)) {
        oc_manifest_sort(&listed);
        r = oc_manifest_find(&listed, OC_PACK_FILE) == NULL
                ? oc_diag_fail_at(diag, OC_E_USAGE, folder, 0, "there is no " OC_PACK_FILE " in it")
                : oc_manifest_write(&listed, text);
    }
    if (oc_is_ok(r)) {
        r = oc_file_replace(path, oc_buf_span(text), diag);
    }
    oc_manifest_free(&there);
    oc_manifest_free(&listed);
    return r;
}

oc_result oc_pack_sign(const char *folder, const oc_signer *signers, size_t count, int64_t when, oc_diag *diag)
{
    char path[PATH_MAX];
    oc_buf text = {0};
    oc_buf p7s = {0};
    OC_TRY(in_pack(path, folder, OC_MANIFEST_SIGNATURE));
    oc_result r = write_manifest(folder, &text, diag);
    if (oc_is_ok(r)) {
        r = oc_cms_sign(&p7s, oc_buf_span(&text), signers, count, when, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_file_replace(path, oc_buf_span(&p7s), diag);
    }
    oc_buf_free(&text);
    oc_buf_free(&p7s);
    return r;
}

static const xmlNode *first_clause(const oc_pack *pack)
{
    return oc_xml_child(oc_xml_root(pack->doc), "clause");
}

struct linting {
    const oc_pack *pack;
    oc_pack_report *report;
    void *context;
    size_t count;
};

static void find(struct linting *linting, const xmlNode *node, const char *format, ...) OC_PRINTF(3, 4);

static void find(struct linting *linting, const xmlNode *node, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    linting->count++;
    linting->report(linting->context, oc_xml_doc_name(linting->pack->doc), oc_xml_line(node), text);
}

static bool is_assessable(const xmlNode *clause)
{
    const char *text = oc_xml_attr(clause, "assessable");
    return text == NULL || (strcmp(text, "false") != 0 && strcmp(text, "0") != 0);
}

static void lint_clause(struct linting *linting, const oc_catalogue *catalogue, const xmlNode *clause)
{
    const xmlNode *n = oc_xml_child(clause, "requirement");
    if (!is_assessable(clause) && n != NULL) {
        find(linting, clause, "a clause that no software can assess stands behind no requirement");
    }
    for (; n != NULL; n = oc_xml_next(n, "requirement")) {
        const char *id = oc_xml_attr(n, "id");
        if (oc_catalogue_confidence(catalogue, id) == 0) {
            find(linting, n, "no requirement is called %s", id);
        }
        for (const xmlNode *k = oc_xml_child(clause, "requirement"); k != n; k = oc_xml_next(k, "requirement")) {
            if (strcmp(oc_xml_attr(k, "id"), id) == 0) {
                find(linting, n, "the clause names %s twice", id);
            }
        }
    }
    for (n = oc_xml_child(clause, "setting"); n != NULL; n = oc_xml_next(n, "setting")) {
        if (oc_setting_index(oc_xml_attr(n, "name")) < 0) {
            find(linting, n, "card profiles have no setting %s", oc_xml_attr(n, "name"));
        }
    }
}

size_t oc_pack_lint(const oc_pack *pack, const oc_catalogue *catalogue, oc_pack_report *report, void *context)
{
    struct linting linting = {pack, report, context, 0};
    for (const xmlNode *clause = first_clause(pack); clause != NULL; clause = oc_xml_next(clause, "clause")) {
        lint_clause(&linting, catalogue, clause);
    }
    return linting.count;
}

/* oc_pack_report: the first finding goes into the diagnosis. */
static void take_finding(void *diag, const char *file, long line, const char *reason)
{
    oc_diag *first = diag;
    if (first->reason[0] == '\0') {
        (void)oc_diag_fail_at(first, OC_E_USAGE, file, line, "%s", reason).code;
    }
}

oc_result oc_pack_apply(const oc_pack *pack, oc_catalogue *catalogue, oc_diag *diag)
{
    if (oc_pack_lint(pack, catalogue, take_finding, diag) > 0) {
        return oc_fail(OC_E_USAGE);
    }
    for (const xmlNode *clause = first_clause(pack); clause != NULL; clause = oc_xml_next(clause, "clause")) {
        for (const xmlNode *n = oc_xml_child(clause, "requirement"); n != NULL; n = oc_xml_next(n, "requirement")) {
            oc_catalogue_back(catalogue, oc_xml_attr(n, "id"));
        }
    }
    return oc_ok();
}

oc_result oc_pack_check_profile(const oc_pack *pack, const oc_profile *profile, oc_diag *diag)
{
    for (const xmlNode *clause = first_clause(pack); clause != NULL; clause = oc_xml_next(clause, "clause")) {
        for (const xmlNode *n = oc_xml_child(clause, "setting"); n != NULL; n = oc_xml_next(n, "setting")) {
            const char *stated = oc_xml_attr(n, "value");
            const char *has = oc_profile_setting(profile, oc_xml_attr(n, "name"));
            if (has != NULL && strcmp(has, stated) != 0) {
                return oc_xml_fail(pack->doc, n, diag, OC_E_USAGE,
                                   "%s clause %s states the setting %s as %s, and the profile %s has %s",
                                   oc_xml_attr(clause, "doc"), oc_xml_attr(clause, "number"), oc_xml_attr(n, "name"),
                                   stated, oc_profile_id(profile), has);
            }
        }
    }
    return oc_ok();
}

const char *oc_pack_limits(const oc_pack *pack)
{
    return pack->limits[0] == '\0' ? NULL : pack->limits;
}

const char *oc_pack_id(const oc_pack *pack)
{
    return oc_xml_attr(oc_xml_root(pack->doc), "id");
}

const char *oc_pack_digest(const oc_pack *pack)
{
    return pack->digest;
}

const oc_cms_signers *oc_pack_signers(const oc_pack *pack)
{
    return &pack->signers;
}

size_t oc_pack_clause_count(const oc_pack *pack)
{
    size_t count = 0;
    for (const xmlNode *clause = first_clause(pack); clause != NULL; clause = oc_xml_next(clause, "clause")) {
        count++;
    }
    return count;
}

static void write_clause(oc_xml_out *out, const xmlNode *clause)
{
    oc_out_open(out, "clause");
    oc_out_attribute(out, "doc", oc_xml_attr(clause, "doc"));
    oc_out_attribute(out, "number", oc_xml_attr(clause, "number"));
    oc_out_flag(out, "assessable", is_assessable(clause));
    for (const xmlNode *n = oc_xml_child(clause, "text"); n != NULL; n = oc_xml_next(n, "text")) {
        oc_out_text_of(out, "text", n);
    }
    for (const xmlNode *n = oc_xml_child(clause, "requirement"); n != NULL; n = oc_xml_next(n, "requirement")) {
        oc_out_text(out, "req", oc_xml_attr(n, "id"));
    }
    oc_out_close(out);
}

oc_result oc_pack_describe(const oc_pack *pack, oc_buf *out)
{
    const xmlNode *root = oc_xml_root(pack->doc);
    oc_entry_out entry = {.to = out};
    oc_xml_out xml = {.entry = &entry};
    oc_out_open(&xml, "pack");
    oc_out_attribute(&xml, "id", oc_xml_attr(root, "id"));
    oc_out_attribute(&xml, "version", oc_xml_attr(root, "version"));
    oc_out_attribute(&xml, "holder", oc_xml_attr(root, "holder"));
    oc_out_attribute(&xml, "sha256", pack->digest);
    oc_out_attribute(&xml, "signer", pack->signers.count > 0 ? pack->signers.at[0].subject : NULL);
    oc_out_flag(&xml, "trusted", pack->is_trusted);
    for (const xmlNode *clause = first_clause(pack); clause != NULL; clause = oc_xml_next(clause, "clause")) {
        write_clause(&xml, clause);
    }
    oc_out_close(&xml);
    return oc_out_end(&xml);
}
