/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/waivers.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>

#include "sim/base/xml.h"

#define DATE_LEN 10 /* "2027-01-31" */

struct oc_waivers {
    oc_xml_doc *doc;
    char today[40]; /* begins with the date */
};

oc_result oc_waivers_load(oc_waivers **out, const char *path, const char *schema_path, const oc_clock *now,
                          oc_diag *diag)
{
    oc_waivers *waivers = calloc(1, sizeof *waivers);
    oc_xml_schema *schema = NULL;
    *out = NULL;
    if (waivers == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_clock_format(now, waivers->today, sizeof waivers->today);
    oc_result r = oc_xml_load(&waivers->doc, path, NULL, diag);
    if (oc_is_ok(r)) {
        r = oc_xml_schema_new(&schema, schema_path, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_xml_validate(waivers->doc, schema, diag);
    }
    oc_xml_schema_free(&schema);
    if (!oc_is_ok(r)) {
        oc_waivers_free(&waivers);
        return r;
    }
    *out = waivers;
    return r;
}

void oc_waivers_free(oc_waivers **waivers)
{
    if (*waivers != NULL) {
        oc_xml_free(&(*waivers)->doc);
        free(*waivers);
        *waivers = NULL;
    }
}

/* The dates are of one form, so that their texts compare as they do. */
static bool holds(const oc_waivers *waivers, const xmlNode *waiver)
{
    return strncmp(waivers->today, oc_xml_attr(waiver, "until"), DATE_LEN) <= 0;
}

static bool covers_case(const char *pattern, const char *id)
{
    size_t len = strlen(pattern);
    return len > 0 && pattern[len - 1] == '*' ? strncmp(pattern, id, len - 1) == 0 : strcmp(pattern, id) == 0;
}

static bool covers(const xmlNode *waiver, const oc_outcome *outcome)
{
    const char *requirement = oc_xml_attr(waiver, "requirement");
    const char *broken = outcome->has_evidence ? outcome->evidence.requirement : NULL;
    return covers_case(oc_xml_attr(waiver, "case"), outcome->id) &&
           (requirement == NULL || (broken != NULL && strcmp(requirement, broken) == 0));
}

const char *oc_waivers_match(const oc_waivers *waivers, const oc_outcome *outcome)
{
    if (waivers == NULL || (outcome->verdict != OC_VERDICT_FAIL && outcome->verdict != OC_VERDICT_DEVIATION)) {
        return NULL;
    }
    for (const xmlNode *waiver = oc_xml_child(oc_xml_root(waivers->doc), "waiver"); waiver != NULL;
         waiver = oc_xml_next(waiver, "waiver")) {
        if (covers(waiver, outcome) && holds(waivers, waiver)) {
            return oc_xml_attr(waiver, "id");
        }
    }
    return NULL;
}

static bool attribute(xmlTextWriterPtr writer, const char *name, const char *value)
{
    return value == NULL || xmlTextWriterWriteAttribute(writer, (const xmlChar *)name, (const xmlChar *)value) >= 0;
}

static bool write_reason(xmlTextWriterPtr writer, const xmlNode *reason)
{
    oc_buf text = {0};
    bool good = oc_is_ok(oc_xml_text(&text, reason)) && oc_is_ok(oc_buf_append_byte(&text, 0)) &&
                xmlTextWriterStartElement(writer, (const xmlChar *)"reason") >= 0 &&
                attribute(writer, "lang", oc_xml_attr(reason, "xml:lang")) &&
                xmlTextWriterWriteString(writer, text.at) >= 0 && xmlTextWriterEndElement(writer) >= 0;
    oc_buf_free(&text);
    return good;
}

static bool write_waiver(const oc_waivers *waivers, xmlTextWriterPtr writer, const xmlNode *waiver)
{
    static const char *const names[] = {"id", "case", "requirement", "until", "by"};
    bool good = xmlTextWriterStartElement(writer, (const xmlChar *)"waiver") >= 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && good; i++) {
        good = attribute(writer, names[i], oc_xml_attr(waiver, names[i]));
    }
    good = good && attribute(writer, "holds", holds(waivers, waiver) ? "true" : "false");
    for (const xmlNode *reason = oc_xml_child(waiver, "reason"); reason != NULL && good;
         reason = oc_xml_next(reason, "reason")) {
        good = write_reason(writer, reason);
    }
    return good && xmlTextWriterEndElement(writer) >= 0;
}

oc_result oc_waivers_describe(const oc_waivers *waivers, oc_buf *out)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr writer = buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0);
    bool good = writer != NULL;
    for (const xmlNode *waiver = oc_xml_child(oc_xml_root(waivers->doc), "waiver"); waiver != NULL && good;
         waiver = oc_xml_next(waiver, "waiver")) {
        good = write_waiver(waivers, writer, waiver);
    }
    xmlFreeTextWriter(writer);
    oc_result r = good ? oc_buf_append(out, oc_span_of(xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer)))
                       : oc_fail(OC_E_MEMORY);
    if (buffer != NULL) {
        xmlBufferFree(buffer);
    }
    return r;
}
