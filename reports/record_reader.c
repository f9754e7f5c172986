/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/record_reader.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "reports/case_set.h"
#include "sim/base/hex.h"
#include "sim/base/xml_stream.h"

#define NAMESPACE "urn:onecard:result:1"
#define NAMESPACE_STEM "urn:onecard:result:"
#define ITEM_LIMIT ((size_t)64 * 1024 * 1024)
#define DEPTH 16

/* result.xsd, built in: what a report accepts does not depend on a file that somebody may have changed. */
extern const uint8_t oc_result_xsd[];
extern const size_t oc_result_xsd_size;

struct reader {
    const char *path;
    const oc_record_visitor *visitor;
    const xmlNode *result;
    const xmlNode *pass; /* of the last case */
    oc_case_set seen;
    oc_record_end end;
    uint64_t stated[OC_REPORT_VERDICTS]; /* by <counts> */
    bool is_stated[OC_REPORT_VERDICTS];
    long counts_line;
    EVP_MD_CTX *sha256;
    EVP_MD_CTX *sm3;
};

static oc_result take_bytes(void *self, oc_span chunk)
{
    struct reader *reader = self;
    return EVP_DigestUpdate(reader->sha256, chunk.at, chunk.len) == 1 &&
                   EVP_DigestUpdate(reader->sm3, chunk.at, chunk.len) == 1
               ? oc_ok()
               : oc_fail(OC_E_CRYPTO);
}

static oc_result take_root(void *self, const xmlNode *root, oc_diag *diag)
{
    (void)self;
    const char *space = root->ns == NULL ? "" : (const char *)root->ns->href;
    if (strcmp(oc_xml_name(root), "result") != 0 || strncmp(space, NAMESPACE_STEM, strlen(NAMESPACE_STEM)) != 0) {
        return oc_diag_fail(diag, OC_E_FORMAT, "this is no result record: it begins with <%.100s>", oc_xml_name(root));
    }
    if (strcmp(space, NAMESPACE) != 0) {
        return oc_diag_fail(diag, OC_E_FORMAT,
                            "a record of version %.20s; this program reads version 1: take the one that wrote it",
                            space + strlen(NAMESPACE_STEM));
    }
    return oc_ok();
}

static oc_result take_head(void *self, const xmlNode *result, oc_diag *diag)
{
    struct reader *reader = self;
    const oc_record_visitor *visitor = reader->visitor;
    reader->result = result;
    /* The last child that every record has: with it, all of them are there, in their order. */
    if (oc_xml_child(result, "latency") == NULL) {
        return oc_diag_fail(diag, OC_E_FORMAT, "the record is not whole: <latency> is missing before its cases");
    }
    const xmlNode *counts = oc_xml_child(result, "counts");
    reader->counts_line = oc_xml_line(counts);
    for (const xmlNode *one = oc_xml_child(counts, "count"); one != NULL; one = oc_xml_next(one, "count")) {
        enum oc_report_verdict verdict = OC_REPORT_PASS;
        if (!oc_report_verdict_parse(oc_xml_attr(one, "verdict"), &verdict) || reader->is_stated[verdict]) {
            return oc_diag_fail(diag, OC_E_FORMAT, "a verdict is counted twice");
        }
        reader->is_stated[verdict] = true;
        reader->stated[verdict] = strtoull(oc_xml_attr(one, "n"), NULL, 10);
    }
    return visitor->head == NULL ? oc_ok() : visitor->head(visitor->self, result, diag);
}

static const xmlNode *pass_of(const xmlNode *result, const char *id)
{
    const xmlNode *pass = oc_xml_child(result, "pass");
    while (pass != NULL && strcmp(oc_xml_attr(pass, "id"), id) != 0) {
        pass = oc_xml_next(pass, "pass");
    }
    return pass;
}

static oc_result take_case(void *self, const xmlNode *one, oc_diag *diag)
{
    struct reader *reader = self;
    const oc_record_visitor *visitor = reader->visitor;
    const char *id = oc_xml_attr(one, "id");
    const char *pass = oc_xml_attr(one, "pass");
    const char *repeat = oc_xml_attr(one, "repeat");
    enum oc_report_verdict verdict = OC_REPORT_PASS;
    if (reader->pass == NULL || strcmp(oc_xml_attr(reader->pass, "id"), pass) != 0) {
        reader->pass = pass_of(reader->result, pass);
    }
    if (reader->pass == NULL) {
        return oc_diag_fail(diag, OC_E_FORMAT, "case %.200s belongs to no pass of this record", id);
    }
    if (!oc_report_verdict_parse(oc_xml_attr(one, "verdict"), &verdict)) {
        return oc_diag_fail(diag, OC_E_FORMAT, "case %.200s: unknown verdict", id);
    }
    unsigned long number = repeat == NULL ? 1 : strtoul(repeat, NULL, 10);
    bool there = false;
    OC_TRY(oc_case_set_add(&reader->seen, pass, id, number, &there));
    if (there) {
        return oc_diag_fail(diag, OC_E_FORMAT, "case %.200s is there twice in one pass", id);
    }
    reader->end.counts.of[verdict]++;
    reader->end.cases++;
    reader->end.planned_cases += number == 1;
    return visitor->one == NULL ? oc_ok() : visitor->one(visitor->self, one, diag);
}

static oc_result check_counts(const struct reader *reader, oc_diag *diag)
{
    for (unsigned i = 0; i < OC_REPORT_VERDICTS; i++) {
        if (!reader->is_stated[i] || reader->stated[i] != reader->end.counts.of[i]) {
            return oc_diag_fail_at(diag, OC_E_FORMAT, reader->path, reader->counts_line,
                                   "the counts are not those of the cases: the record was changed");
        }
    }
    return oc_ok();
}

static bool digest_end(char out[65], EVP_MD_CTX *digest)
{
    uint8_t bytes[EVP_MAX_MD_SIZE];
    if (EVP_DigestFinal_ex(digest, bytes, NULL) != 1) {
        return false;
    }
    oc_hex_encode(out, 65, oc_span_of(bytes, 32));
    for (char *c = out; *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'F' ? (char)(*c + 32) : *c;
    }
    return true;
}

static oc_result take_done(void *self, oc_diag *diag)
{
    struct reader *reader = self;
    const oc_record_visitor *visitor = reader->visitor;
    OC_TRY(check_counts(reader, diag));
    if (visitor->digests &&
        (!digest_end(reader->end.sha256, reader->sha256) || !digest_end(reader->end.sm3, reader->sm3))) {
        return oc_diag_fail_at(diag, OC_E_CRYPTO, reader->path, 0, "cannot make its digest");
    }
    return visitor->end == NULL ? oc_ok() : visitor->end(visitor->self, &reader->end, diag);
}

static oc_result digests_begin(struct reader *reader)
{
    reader->sha256 = EVP_MD_CTX_new();
    reader->sm3 = EVP_MD_CTX_new();
    return reader->sha256 != NULL && reader->sm3 != NULL &&
                   EVP_DigestInit_ex(reader->sha256, EVP_sha256(), NULL) == 1 &&
                   EVP_DigestInit_ex(reader->sm3, EVP_sm3(), NULL) == 1
               ? oc_ok()
               : oc_fail(OC_E_CRYPTO);
}

oc_result oc_record_read(const char *path, const oc_record_visitor *visitor, oc_diag *diag)
{
    struct reader reader = {.visitor = visitor, .path = path};
    oc_xml_schema *schema = NULL;
    oc_diag own = {0};
    diag = diag == NULL ? &own : diag;
    OC_TRY(oc_xml_schema_parse(&schema, oc_span_of(oc_result_xsd, oc_result_xsd_size), "result.xsd", diag));
    const oc_xml_stream stream = {.schema = schema,
                                  .item = "case",
                                  .item_bytes = ITEM_LIMIT,
                                  .depth = DEPTH,
                                  .self = &reader,
                                  .bytes = visitor->digests ? take_bytes : NULL,
                                  .root = take_root,
                                  .head = take_head,
                                  .one = take_case,
                                  .done = take_done};
    oc_result r = visitor->digests ? digests_begin(&reader) : oc_ok();
    if (oc_is_ok(r)) {
        r = oc_xml_stream_read(path, &stream, diag);
    }
    if (!oc_is_ok(r)) {
        oc_diag_place(diag, path, 0);
    }
    EVP_MD_CTX_free(reader.sha256);
    EVP_MD_CTX_free(reader.sm3);
    oc_case_set_free(&reader.seen);
    oc_xml_schema_free(&schema);
    return r;
}
