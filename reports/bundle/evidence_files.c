/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/xmlwriter.h>
#include <stdlib.h>

#include "reports/bundle/evidence.h"
#include "sim/base/xml.h"

#define PLAN_NAMESPACE "urn:onecard:plan:1"
#define ENV_NAMESPACE "urn:onecard:env:1"
#define LIMITS_NAMESPACE "urn:onecard:result:1"
#define SIGNATURES_MAX 64

/* A writer whose failures are asked for once. */
struct out {
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
    bool bad;
};

static bool begin(struct out *out)
{
    out->buffer = xmlBufferCreate();
    out->writer = out->buffer == NULL ? NULL : xmlNewTextWriterMemory(out->buffer, 0);
    out->bad = out->writer == NULL || xmlTextWriterStartDocument(out->writer, "1.0", "UTF-8", NULL) < 0;
    if (out->buffer != NULL) {
        xmlBufferSetAllocationScheme(out->buffer, XML_BUFFER_ALLOC_DOUBLEIT);
    }
    return !out->bad;
}

static void open_element(struct out *out, const char *name)
{
    out->bad = out->bad || xmlTextWriterStartElement(out->writer, (const xmlChar *)name) < 0;
}

static void attribute(struct out *out, const char *name, const char *value)
{
    out->bad = out->bad || xmlTextWriterWriteAttribute(out->writer, (const xmlChar *)name, (const xmlChar *)value) < 0;
}

static void close_element(struct out *out)
{
    out->bad = out->bad || xmlTextWriterEndElement(out->writer) < 0 ||
               xmlTextWriterWriteRaw(out->writer, (const xmlChar *)"\n") < 0;
}

static void raw(struct out *out, oc_span xml)
{
    out->bad = out->bad || xml.len > INT32_MAX ||
               (xml.len > 0 && xmlTextWriterWriteRawLen(out->writer, xml.at, (int)xml.len) < 0);
}

static oc_result end(struct out *out, oc_buf *to)
{
    if (out->writer != NULL) {
        xmlFreeTextWriter(out->writer);
    }
    oc_result r = out->bad ? oc_fail(OC_E_MEMORY)
                           : oc_buf_append(
                                 to, oc_span_of(xmlBufferContent(out->buffer), (size_t)xmlBufferLength(out->buffer)));
    xmlBufferFree(out->buffer);
    return r;
}

oc_result oc_evidence_env(const oc_evidence *evidence, const oc_bundle_claims *claims, oc_buf *to)
{
    char digits[16];
    struct out out;
    if (begin(&out)) {
        snprintf(digits, sizeof digits, "%u", claims->signatures);
        open_element(&out, "env");
        attribute(&out, "xmlns", ENV_NAMESPACE);
        attribute(&out, "run-id", evidence->run_id);
        attribute(&out, "suite-version", evidence->suite_version);
        attribute(&out, "signatures", digits);
        attribute(&out, "time-stamp", claims->time_stamp ? "true" : "false");
        raw(&out, oc_buf_span(&evidence->environment));
        close_element(&out);
    }
    return end(&out, to);
}

/* One line of the plan: pass, case and rev apart by tabs. */
static void write_line(struct out *out, const char *line, char *pass, size_t room)
{
    char id[1024];
    char rev[16];
    const char *tab = strchr(line, '\t');
    const char *second = tab == NULL ? NULL : strchr(tab + 1, '\t');
    if (second == NULL) {
        out->bad = true;
        return;
    }
    size_t pass_len = (size_t)(tab - line);
    if (strlen(pass) != pass_len || strncmp(pass, line, pass_len) != 0) {
        if (pass[0] != '\0') {
            close_element(out);
        }
        snprintf(pass, room, "%.*s", (int)pass_len, line);
        open_element(out, "pass");
        attribute(out, "id", pass);
        raw(out, oc_span_text("\n"));
    }
    snprintf(id, sizeof id, "%.*s", (int)(second - tab - 1), tab + 1);
    snprintf(rev, sizeof rev, "%.*s", (int)strcspn(second + 1, "\n"), second + 1);
    open_element(out, "case");
    attribute(out, "id", id);
    attribute(out, "rev", rev);
    close_element(out);
}

oc_result oc_evidence_plan(const oc_evidence *evidence, oc_buf *to)
{
    char pass[1024] = "";
    struct out out;
    if (begin(&out)) {
        open_element(&out, "plan");
        attribute(&out, "xmlns", PLAN_NAMESPACE);
        attribute(&out, "run-id", evidence->run_id);
        attribute(&out, "sha256", evidence->plan_digest);
        attribute(&out, "whole", evidence->plan_is_whole ? "true" : "false");
        raw(&out, oc_span_text("\n"));
        for (size_t i = 0; i < evidence->plan.count; i++) {
            write_line(&out, evidence->plan.at[i], pass, sizeof pass);
        }
        if (pass[0] != '\0') {
            close_element(&out);
        }
        close_element(&out);
    }
    return end(&out, to);
}

oc_result oc_evidence_limits(const oc_evidence *evidence, oc_buf *to)
{
    static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<limits xmlns=\"" LIMITS_NAMESPACE "\"";
    oc_span element = oc_buf_span(&evidence->limits);
    if (element.len == 0) {
        return oc_ok();
    }
    OC_TRY(oc_buf_append(to, oc_span_text(head)));
    OC_TRY(oc_buf_append(to, oc_span_slice(element, strlen("<limits"), element.len)));
    return oc_buf_append_byte(to, '\n');
}

oc_result oc_evidence_claims(oc_bundle_claims *out, oc_span env, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    *out = (oc_bundle_claims){0};
    OC_TRY(oc_xml_parse(&doc, env, "env.xml", NULL, diag));
    const char *signatures = oc_xml_attr(oc_xml_root(doc), "signatures");
    const char *stamp = oc_xml_attr(oc_xml_root(doc), "time-stamp");
    char *rest = NULL;
    unsigned long count = signatures == NULL ? SIGNATURES_MAX + 1 : strtoul(signatures, &rest, 10);
    bool good = count <= SIGNATURES_MAX && rest != NULL && *rest == '\0' && stamp != NULL;
    if (good) {
        *out = (oc_bundle_claims){(unsigned)count, strcmp(stamp, "true") == 0};
    }
    oc_xml_free(&doc);
    return good ? oc_ok()
                : oc_diag_fail_at(diag, OC_E_FORMAT, "env.xml", 0, "it does not say how the bundle is signed");
}
