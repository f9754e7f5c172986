/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/load.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/hash.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/hex.h"

#define NAMESPACE "urn:onecard:result:1"

/* result.xsd, built in: what a report accepts does not depend on a file that somebody may have changed. */
extern const uint8_t oc_result_xsd[];
extern const size_t oc_result_xsd_size;

/* A record may be larger than an oc_buf, so it is read into one block of its own size. */
static oc_result read_block(int fd, uint8_t *at, size_t size, const char *path, oc_diag *diag)
{
    size_t have = 0;
    while (have < size) {
        ssize_t n = read(fd, at + have, size - have);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return oc_diag_fail_at(diag, OC_E_IO, path, 0, n < 0 ? "cannot read it" : "it became shorter meanwhile");
        }
        have += (size_t)n;
    }
    return oc_ok();
}

static oc_result read_file(uint8_t **out, size_t *size, const char *path, oc_diag *diag)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return oc_diag_fail_at(diag, errno == ENOENT ? OC_E_NOT_FOUND : OC_E_IO, path, 0, "cannot open: %s",
                               strerror(errno));
    }
    oc_result r = oc_ok();
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        r = oc_diag_fail_at(diag, OC_E_IO, path, 0, "not a regular file");
    } else if (st.st_size == 0) {
        r = oc_diag_fail_at(diag, OC_E_FORMAT, path, 0, "the file is empty");
    } else if ((uintmax_t)st.st_size > OC_RESULT_LIMIT) {
        r = oc_diag_fail_at(diag, OC_E_LIMIT, path, 0, "larger than %zu bytes", OC_RESULT_LIMIT);
    } else if ((*out = malloc((size_t)st.st_size)) == NULL) {
        r = oc_diag_fail_at(diag, OC_E_MEMORY, path, 0, "too large for the memory of this machine");
    } else {
        *size = (size_t)st.st_size;
        r = read_block(fd, *out, *size, path, diag);
    }
    close(fd);
    return r;
}

static bool digest(char out[65], const EVP_MD *method, const uint8_t *at, size_t size)
{
    uint8_t bytes[EVP_MAX_MD_SIZE];
    if (EVP_Digest(at, size, bytes, NULL, method, NULL) != 1) {
        return false;
    }
    oc_hex_encode(out, 65, oc_span_of(bytes, 32));
    for (char *c = out; *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'F' ? (char)(*c + 32) : *c;
    }
    return true;
}

static oc_result check_schema(const oc_xml_doc *doc, oc_diag *diag)
{
    const xmlNode *root = oc_xml_root(doc);
    if (!oc_xml_is(root, "result") || root->ns == NULL || strcmp((const char *)root->ns->href, NAMESPACE) != 0) {
        return oc_xml_fail(doc, root, diag, OC_E_FORMAT, "this is no result record: it begins with <%s>",
                           oc_xml_name(root));
    }
    oc_xml_schema *schema = NULL;
    OC_TRY(oc_xml_schema_parse(&schema, oc_span_of(oc_result_xsd, oc_result_xsd_size), "result.xsd", diag));
    oc_result r = oc_xml_validate(doc, schema, diag);
    oc_xml_schema_free(&schema);
    return r;
}

static bool is_true(const char *value)
{
    return value != NULL && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

static bool pass_exists(const xmlNode *root, const char *id)
{
    for (const xmlNode *pass = oc_xml_child(root, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        if (strcmp(oc_xml_attr(pass, "id"), id) == 0) {
            return true;
        }
    }
    return false;
}

static oc_result take_case(oc_result_record *record, xmlHashTablePtr seen, xmlNode *node, oc_diag *diag)
{
    const char *repeat = oc_xml_attr(node, "repeat");
    oc_result_case *one = &record->cases[record->case_count];
    *one = (oc_result_case){.node = node, .id = oc_xml_attr(node, "id"), .pass = oc_xml_attr(node, "pass")};
    one->repeat = repeat == NULL ? 1 : strtoul(repeat, NULL, 10);
    if (!oc_report_verdict_parse(oc_xml_attr(node, "verdict"), &one->verdict)) {
        return oc_xml_fail(record->doc, node, diag, OC_E_FORMAT, "unknown verdict");
    }
    if (record->case_count == 0 || strcmp(record->cases[record->case_count - 1].pass, one->pass) != 0) {
        if (!pass_exists(record->root, one->pass)) {
            return oc_xml_fail(record->doc, node, diag, OC_E_FORMAT, "case %s belongs to no pass of this record",
                               one->id);
        }
    }
    if (xmlHashAddEntry3(seen, (const xmlChar *)one->pass, (const xmlChar *)one->id,
                         (const xmlChar *)(repeat == NULL ? "1" : repeat), node) != 0) {
        return oc_xml_fail(record->doc, node, diag, OC_E_FORMAT, "case %s is there twice in one pass", one->id);
    }
    record->counts.of[one->verdict]++;
    record->case_count++;
    return oc_ok();
}

static oc_result check_counts(const oc_result_record *record, oc_diag *diag)
{
    const xmlNode *counts = oc_xml_child(record->root, "counts");
    for (const xmlNode *one = oc_xml_child(counts, "count"); one != NULL; one = oc_xml_next(one, "count")) {
        enum oc_report_verdict verdict = OC_REPORT_PASS;
        if (!oc_report_verdict_parse(oc_xml_attr(one, "verdict"), &verdict) ||
            strtoull(oc_xml_attr(one, "n"), NULL, 10) != record->counts.of[verdict]) {
            return oc_xml_fail(record->doc, one, diag, OC_E_FORMAT,
                               "the counts are not those of the cases: the record was changed");
        }
    }
    return oc_ok();
}

static oc_result take_cases(oc_result_record *record, oc_diag *diag)
{
    size_t count = 0;
    for (xmlNode *one = oc_xml_child(record->root, "case"); one != NULL; one = oc_xml_next(one, "case")) {
        count++;
    }
    record->cases = calloc(count + 1, sizeof *record->cases);
    xmlHashTablePtr seen = xmlHashCreate(count < 64 ? 64 : (int)count);
    oc_result r = record->cases == NULL || seen == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    for (xmlNode *one = oc_xml_child(record->root, "case"); oc_is_ok(r) && one != NULL;
         one = oc_xml_next(one, "case")) {
        r = take_case(record, seen, one, diag);
    }
    if (seen != NULL) {
        xmlHashFree(seen, NULL);
    }
    return oc_is_ok(r) ? check_counts(record, diag) : r;
}

/* The steps of a case make up nine tenths of a record; reports show those of cases that did not pass, and nobody has a
 * use for the others here. */
static bool is_idle_step(const xmlNode *element)
{
    if (!oc_xml_is(element, "step") || element->parent == NULL || element->parent->type != XML_ELEMENT_NODE) {
        return false;
    }
    const char *verdict = oc_xml_attr(element->parent, "verdict");
    return verdict != NULL &&
           (strcmp(verdict, "PASS") == 0 || strcmp(verdict, "NOT_APPLICABLE") == 0 || strcmp(verdict, "NOT_RUN") == 0);
}

static oc_result load_from(oc_result_record *record, const uint8_t *at, size_t size, const char *path, oc_diag *diag)
{
    const oc_xml_limits limits = {.bytes = OC_RESULT_LIMIT, .depth = 16, .leave_out = is_idle_step};
    if (!digest(record->sha256, EVP_sha256(), at, size) || !digest(record->sm3, EVP_sm3(), at, size)) {
        return oc_diag_fail_at(diag, OC_E_CRYPTO, path, 0, "cannot make its digest");
    }
    OC_TRY(oc_xml_parse(&record->doc, oc_span_of(at, size), path, &limits, diag));
    OC_TRY(check_schema(record->doc, diag));
    record->root = oc_xml_root(record->doc);
    record->strict = is_true(oc_xml_attr(record->root, "strict"));
    record->interrupted = is_true(oc_xml_attr(record->root, "interrupted"));
    record->planned = strtoul(oc_xml_attr(record->root, "planned"), NULL, 10);
    for (const xmlNode *one = oc_xml_child(record->root, "difference"); one != NULL;
         one = oc_xml_next(one, "difference")) {
        record->differences++;
    }
    return take_cases(record, diag);
}

oc_result oc_result_load(oc_result_record *out, const char *path, oc_diag *diag)
{
    uint8_t *at = NULL;
    size_t size = 0;
    *out = (oc_result_record){0};
    oc_result r = read_file(&at, &size, path, diag);
    if (oc_is_ok(r)) {
        r = load_from(out, at, size, path, diag);
    }
    free(at);
    if (!oc_is_ok(r)) {
        oc_diag_place(diag, path, 0);
        oc_result_release(out);
    }
    return r;
}

void oc_result_release(oc_result_record *record)
{
    free(record->cases);
    oc_xml_free(&record->doc);
    *record = (oc_result_record){0};
}
