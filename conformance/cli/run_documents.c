/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/run_documents.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "conformance/cli/official.h"
#include "conformance/cli/words.h"
#include "conformance/record/environment.h"
#include "reports/bundle/bundle.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/base/xml.h"

#define DOCUMENT_BYTES_MAX ((size_t)256 * 1024)

static oc_result take_element(oc_buf *out, const oc_xml_doc *doc)
{
    const xmlNode *root = oc_xml_root(doc);
    xmlBufferPtr buffer = xmlBufferCreate();
    int len = buffer == NULL ? -1 : xmlNodeDump(buffer, root->doc, (xmlNode *)(uintptr_t)root, 0, 0);
    oc_result r = len < 0
                      ? oc_fail(OC_E_MEMORY)
                      : oc_buf_append(out, oc_span_of(xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer) + 1));
    xmlBufferFree(buffer);
    return r;
}

static oc_result check_lab(oc_run_documents *out, oc_span text, const oc_cli *cli, const char *path, oc_diag *diag)
{
    char schema_path[PATH_MAX];
    uint8_t digest[32];
    oc_xml_doc *doc = NULL;
    oc_xml_schema *schema = NULL;
    if (EVP_Digest(text.at, text.len, digest, NULL, EVP_sha256(), NULL) != 1) {
        return oc_fail(OC_E_CRYPTO);
    }
    oc_hex_encode(out->lab_digest, sizeof out->lab_digest, oc_span_of(digest, sizeof digest));
    OC_TRY(oc_cli_data_path(cli, schema_path, "reports/lab.xsd"));
    OC_TRY(oc_xml_parse(&doc, text, path, NULL, diag));
    oc_result r = oc_xml_schema_new(&schema, schema_path, diag);
    if (oc_is_ok(r)) {
        r = oc_xml_validate(doc, schema, diag);
    }
    if (oc_is_ok(r)) {
        r = take_element(&out->lab, doc);
    }
    oc_xml_schema_free(&schema);
    oc_xml_free(&doc);
    return r;
}

static oc_result load_lab(oc_run_documents *out, const oc_cli *cli, const char *path, oc_diag *diag)
{
    oc_buf text = {0};
    OC_TRY(oc_file_read(&text, path, DOCUMENT_BYTES_MAX, diag));
    oc_result r = check_lab(out, oc_buf_span(&text), cli, path, diag);
    oc_buf_free(&text);
    return r;
}

/* "R-20261122T093000Z-0A1B2C3D the reason": ISO/IEC 17025, 7.8.8 wants both. */
static oc_result take_amendment(oc_run_documents *out, const char *text, oc_diag *diag)
{
    size_t id = strcspn(text, " ");
    size_t blank = strspn(text + id, " ");
    if (strncmp(text, "R-", 2) != 0 || blank == 0 || text[id + blank] == '\0') {
        return oc_diag_fail(diag, OC_E_USAGE,
                            _("--amends takes the run id of the report that is replaced, a blank, and why"));
    }
    OC_TRY(oc_buf_append(&out->amends, oc_span_of(text, id)));
    OC_TRY(oc_buf_append_byte(&out->amends, 0));
    return oc_buf_append(&out->amends, oc_span_of(text + id + blank, strlen(text + id + blank) + 1));
}

static oc_result load_challenge(oc_run_documents *out, const oc_cli *cli, const oc_run_arguments *arguments,
                                oc_diag *diag)
{
    char schema[PATH_MAX];
    oc_trust *trust = NULL;
    OC_TRY(oc_cli_data_path(cli, schema, "reports/challenge/challenge.xsd"));
    if (arguments->challenge_ca.count > 0) {
        OC_TRY(oc_trust_new(&trust, arguments->challenge_ca.at, arguments->challenge_ca.count, 0, diag));
    }
    oc_result r = oc_challenge_load(&out->challenge, arguments->challenge, schema, trust, diag);
    oc_trust_free(&trust);
    OC_TRY(r);
    OC_TRY(oc_challenge_check_time(out->challenge, (int64_t)time(NULL), diag));
    OC_TRY(oc_challenge_describe(out->challenge, &out->challenge_text));
    return oc_buf_append_byte(&out->challenge_text, 0);
}

oc_result oc_run_documents_load(oc_run_documents *out, const oc_cli *cli, const oc_run_arguments *arguments,
                                oc_diag *diag)
{
    char schema[PATH_MAX];
    *out = (oc_run_documents){0};
    if (arguments->ics != NULL) {
        OC_TRY(oc_cli_data_path(cli, schema, "reports/ics.xsd"));
        OC_TRY(oc_ics_load(&out->ics, arguments->ics, schema, diag));
    }
    if (arguments->lab != NULL) {
        OC_TRY(load_lab(out, cli, arguments->lab, diag));
    }
    if (arguments->challenge != NULL) {
        OC_TRY(load_challenge(out, cli, arguments, diag));
    }
    return arguments->amends == NULL ? oc_ok() : take_amendment(out, arguments->amends, diag);
}

void oc_run_documents_free(oc_run_documents *documents)
{
    oc_ics_free(&documents->ics);
    oc_buf_free(&documents->lab);
    oc_buf_free(&documents->amends);
    oc_challenge_free(&documents->challenge);
    oc_buf_free(&documents->challenge_text);
}

/* A folder of the vectors that are shipped with this program. */
static bool is_shipped(const oc_cli *cli, const char *path)
{
    char vectors[PATH_MAX];
    char whole[PATH_MAX];
    char given[PATH_MAX];
    struct stat st;
    if (!oc_is_ok(oc_cli_data_path(cli, vectors, "vectors")) || realpath(vectors, whole) == NULL ||
        realpath(path, given) == NULL || stat(given, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return false;
    }
    size_t len = strlen(whole);
    return strncmp(given, whole, len) == 0 && (given[len] == '\0' || given[len] == '/');
}

oc_result oc_run_documents_official(const oc_run_documents *documents, const oc_cli *cli,
                                    const oc_run_arguments *arguments, oc_diag *diag)
{
    char clock_source[64];
    if (!arguments->official) {
        return oc_ok();
    }
    oc_environment_clock_source(clock_source, sizeof clock_source);
    oc_official_facts facts = {.build = oc_environment_build(),
                               .clock_source = clock_source,
                               .ics = documents->ics,
                               .tests_card = strcmp(arguments->card, "virtual") != 0,
                               .tests_terminal = strcmp(arguments->terminal, "virtual") != 0,
                               .tests_host = arguments->host_url != NULL,
                               .selects = arguments->selection.id_regex != NULL || arguments->selection.tag != NULL,
                               .is_shard = arguments->selection.shards > 0,
                               .resumes = arguments->resume,
                               .reveals = arguments->reveal,
                               .repeats = arguments->repeat > 1,
                               .seed_given = arguments->seed_given || documents->challenge != NULL};
    for (size_t i = 0; i < arguments->paths.count; i++) {
        facts.own_paths = facts.own_paths || !is_shipped(cli, arguments->paths.at[i]);
    }
    const char *objection = oc_official_objection(&facts);
    return objection == NULL ? oc_ok() : oc_diag_fail(diag, OC_E_USAGE, "--official: %s", objection);
}

void oc_run_documents_tell(const oc_run_documents *documents, const oc_run_arguments *arguments, oc_run_info *info)
{
    info->official = arguments->official;
    if (documents->ics != NULL) {
        info->declaration = (oc_run_document){oc_ics_xml(documents->ics), oc_ics_digest(documents->ics)};
    }
    if (documents->lab.len > 0) {
        info->laboratory = (oc_run_document){(const char *)documents->lab.at, documents->lab_digest};
    }
    if (documents->challenge != NULL) {
        info->challenge = (oc_run_document){(const char *)documents->challenge_text.at,
                                            oc_challenge_digest(documents->challenge)};
    }
    if (documents->amends.len > 0) {
        info->amends = (const char *)documents->amends.at;
        info->amendment = info->amends + strlen(info->amends) + 1;
    }
}

static oc_result keep(const char *given, const char *folder, const char *name, size_t limit, oc_diag *diag)
{
    char path[PATH_MAX];
    char from[PATH_MAX];
    char to[PATH_MAX];
    oc_buf text = {0};
    OC_TRY(oc_file_join(path, sizeof path, folder, name));
    if (given == NULL) {
        return unlink(path) == 0 || errno == ENOENT
                   ? oc_ok()
                   : oc_diag_fail_at(diag, OC_E_IO, path, 0, "cannot remove the old file: %s", strerror(errno));
    }
    if (realpath(given, from) != NULL && realpath(path, to) != NULL && strcmp(from, to) == 0) {
        return oc_ok();
    }
    OC_TRY(oc_file_read(&text, given, limit, diag));
    oc_result r = oc_file_replace(path, oc_buf_span(&text), diag);
    oc_buf_free(&text);
    return r;
}

oc_result oc_run_documents_keep(const oc_run_arguments *arguments, const char *folder, oc_diag *diag)
{
    char signature[PATH_MAX];
    OC_TRY(keep(arguments->ics, folder, "ics.xml", DOCUMENT_BYTES_MAX, diag));
    OC_TRY(keep(arguments->lab, folder, "lab.xml", DOCUMENT_BYTES_MAX, diag));
    int len = snprintf(signature, sizeof signature, "%s" OC_CHALLENGE_SIGNATURE,
                       arguments->challenge == NULL ? "" : arguments->challenge);
    if (len < 0 || (size_t)len >= sizeof signature) {
        return oc_fail(OC_E_LIMIT);
    }
    OC_TRY(keep(arguments->challenge, folder, OC_BUNDLE_CHALLENGE, OC_CHALLENGE_BYTES_MAX, diag));
    return keep(arguments->challenge == NULL ? NULL : signature, folder, OC_BUNDLE_CHALLENGE_SIGNATURE,
                OC_CMS_BYTES_MAX, diag);
}
