/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/xmlwriter.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "reports/challenge/challenge.h"
#include "sim/base/file.h"
#include "sim/base/file_out.h"
#include "sim/base/hex.h"

#define NAMESPACE "urn:onecard:challenge:1"
#define PATH_ROOM 4096
#define ID_ROOM 1024

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, 32);
}

oc_result oc_challenge_vectors(const char *const *digests, size_t count, char out[65])
{
    uint8_t digest[32];
    oc_buf bytes = {0};
    oc_result r = oc_ok();
    for (size_t i = 0; i < count && oc_is_ok(r); i++) {
        r = oc_hex_decode(&bytes, digests[i], strlen(digests[i]));
    }
    if (oc_is_ok(r) && bytes.len != 32 * count) {
        r = oc_fail(OC_E_FORMAT);
    }
    if (oc_is_ok(r) && count > 1) {
        qsort(bytes.at, count, 32, compare);
    }
    if (oc_is_ok(r) && EVP_Digest(bytes.at, bytes.len, digest, NULL, EVP_sha256(), NULL) != 1) {
        r = oc_fail(OC_E_CRYPTO);
    }
    oc_buf_free(&bytes);
    oc_hex_encode(out, 65, oc_span_of(digest, oc_is_ok(r) ? sizeof digest : 0));
    return r;
}

/* A writer whose failures are asked for once. */
struct out {
    xmlTextWriterPtr writer;
    bool bad;
};

static void open_element(struct out *out, const char *name)
{
    out->bad = out->bad || xmlTextWriterStartElement(out->writer, (const xmlChar *)name) < 0;
}

static void attribute(struct out *out, const char *name, const char *value)
{
    out->bad = out->bad || xmlTextWriterWriteAttribute(out->writer, (const xmlChar *)name, (const xmlChar *)value) < 0;
}

static void new_line(struct out *out)
{
    out->bad = out->bad || xmlTextWriterWriteRaw(out->writer, (const xmlChar *)"\n") < 0;
}

static void close_element(struct out *out)
{
    out->bad = out->bad || xmlTextWriterEndElement(out->writer) < 0;
    new_line(out);
}

/* "pass TAB case TAB rev LF" */
static void write_line(struct out *out, const char *line, char pass[ID_ROOM])
{
    char id[ID_ROOM];
    char rev[16];
    size_t pass_len = strcspn(line, "\t");
    const char *one = line + pass_len + (line[pass_len] != '\0');
    size_t id_len = strcspn(one, "\t");
    if (strlen(pass) != pass_len || strncmp(pass, line, pass_len) != 0) {
        if (pass[0] != '\0') {
            close_element(out);
        }
        snprintf(pass, ID_ROOM, "%.*s", (int)pass_len, line);
        open_element(out, "pass");
        attribute(out, "id", pass);
        new_line(out);
    }
    snprintf(id, sizeof id, "%.*s", (int)id_len, one);
    one += id_len + (one[id_len] != '\0');
    snprintf(rev, sizeof rev, "%.*s", (int)strcspn(one, "\n"), one);
    open_element(out, "case");
    attribute(out, "id", id);
    attribute(out, "rev", rev);
    close_element(out);
}

static void write_plan(struct out *out, const oc_plan_lines *plan, const char *digest)
{
    char pass[ID_ROOM] = "";
    open_element(out, "plan");
    attribute(out, "sha256", digest);
    new_line(out);
    for (size_t i = 0; i < plan->count; i++) {
        write_line(out, plan->at[i], pass);
    }
    if (pass[0] != '\0') {
        close_element(out);
    }
    close_element(out);
}

static void write_time(struct out *out, const char *name, int64_t when)
{
    char text[32] = "";
    struct tm utc;
    time_t seconds = (time_t)when;
    out->bad = out->bad || gmtime_r(&seconds, &utc) == NULL ||
               strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) != 20;
    attribute(out, name, text);
}

static void write_all(struct out *out, const oc_challenge_order *order, const char *nonce, const char *plan_digest)
{
    const oc_challenge_demand *demand = &order->demand;
    out->bad = out->bad || xmlTextWriterStartDocument(out->writer, "1.0", "UTF-8", NULL) < 0;
    open_element(out, "challenge");
    attribute(out, "xmlns", NAMESPACE);
    attribute(out, "nonce", nonce);
    write_time(out, "issued", order->issued);
    write_time(out, "expires", order->expires);
    attribute(out, "examiner", order->examiner);
    new_line(out);
    if (demand->ics != NULL) {
        open_element(out, "ics");
        attribute(out, "sha256", demand->ics);
        close_element(out);
    }
    open_element(out, "inputs");
    attribute(out, "vectors", demand->vectors);
    attribute(out, "profiles", demand->profiles);
    attribute(out, "requirements", demand->requirements);
    close_element(out);
    write_plan(out, demand->plan, plan_digest);
    close_element(out);
    out->bad = out->bad || xmlTextWriterEndDocument(out->writer) < 0;
}

static oc_result compose(const oc_challenge_order *order, oc_buf *text)
{
    uint8_t nonce[OC_CHALLENGE_NONCE];
    char digits[2 * OC_CHALLENGE_NONCE + 1];
    char plan_digest[65];
    if (RAND_bytes(nonce, sizeof nonce) != 1) {
        return oc_fail(OC_E_CRYPTO);
    }
    oc_hex_encode(digits, sizeof digits, oc_span_of(nonce, sizeof nonce));
    OC_TRY(oc_plan_lines_digest(order->demand.plan, plan_digest));
    xmlBufferPtr buffer = xmlBufferCreate();
    struct out out = {.writer = buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0)};
    out.bad = out.writer == NULL;
    if (!out.bad) {
        xmlBufferSetAllocationScheme(buffer, XML_BUFFER_ALLOC_DOUBLEIT);
        write_all(&out, order, digits, plan_digest);
    }
    if (out.writer != NULL) {
        xmlFreeTextWriter(out.writer);
    }
    oc_result r = out.bad ? oc_fail(OC_E_MEMORY)
                          : oc_buf_append(text, oc_span_of(xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer)));
    xmlBufferFree(buffer);
    return r;
}

static oc_result write_new(const char *path, oc_span text, oc_diag *diag)
{
    struct stat st;
    return lstat(path, &st) == 0 ? oc_diag_fail_at(diag, OC_E_USAGE, path, 0, "it is there already")
                                 : oc_file_replace(path, text, diag);
}

oc_result oc_challenge_make(const oc_challenge_order *order, const char *path, oc_diag *diag)
{
    oc_buf text = {0};
    oc_buf p7s = {0};
    char beside[PATH_ROOM];
    int len = snprintf(beside, sizeof beside, "%s" OC_CHALLENGE_SIGNATURE, path);
    if (len < 0 || (size_t)len >= sizeof beside) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, path, 0, "path too long");
    }
    oc_result r = compose(order, &text);
    if (oc_is_ok(r)) {
        r = oc_cms_sign(&p7s, oc_buf_span(&text), order->signers, order->signer_count, order->issued, diag);
    }
    if (oc_is_ok(r)) {
        r = write_new(path, oc_buf_span(&text), diag);
    }
    if (oc_is_ok(r)) {
        r = write_new(beside, oc_buf_span(&p7s), diag);
    }
    oc_buf_free(&text);
    oc_buf_free(&p7s);
    return r;
}
