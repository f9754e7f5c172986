/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/expected.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/hex.h"

#define HEX_MAX (2 * 255 + 1)

/* The elements of a profile that belong to one card. */
static bool is_of_one_card(const xmlNode *node)
{
    static const char *const names[] = {"title", "card-key", "chip", "city", "pin", "psam", "pki", "data"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (oc_xml_is(node, names[i])) {
            return true;
        }
    }
    return false;
}

struct writer {
    xmlNode *root;
    bool bad;
};

static void set(struct writer *writer, xmlNode *node, const char *name, const char *value)
{
    writer->bad = writer->bad || node == NULL ||
                  xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)value) == NULL;
}

static xmlNode *add(struct writer *writer, xmlNode *parent, const char *name)
{
    xmlNode *node = parent == NULL ? NULL : xmlNewChild(parent, writer->root->ns, (const xmlChar *)name, NULL);
    writer->bad = writer->bad || node == NULL;
    return node;
}

/* Titles stand first. */
static void add_titles(struct writer *writer, const char *en, const char *zh)
{
    const char *const titles[][2] = {{"en", en}, {"zh", zh}};
    xmlNode *first = xmlFirstElementChild(writer->root);
    for (size_t i = 0; i < 2; i++) {
        xmlNode *node = xmlNewTextChild(writer->root, writer->root->ns, (const xmlChar *)"title",
                                        (const xmlChar *)titles[i][1]);
        if (node == NULL) {
            writer->bad = true;
            return;
        }
        xmlNodeSetLang(node, (const xmlChar *)titles[i][0]);
        if (first != NULL) {
            xmlAddPrevSibling(first, node);
        }
    }
}

static const char *area_of(const oc_checked_card *card, char room[7])
{
    if (card->line != NULL && card->line->area != NULL) {
        return card->line->area;
    }
    oc_span code = oc_reading_value(card->reading, "EF05", 0x01);
    if (code.len < 3) {
        return NULL;
    }
    oc_hex_encode(room, 7, oc_span_slice(code, 0, 3));
    return strspn(room, "0123456789") == 6 ? room : NULL;
}

/* What is as ordered. A record is told as a whole; of an ordered item inside one, nothing is told. */
static void add_data(struct writer *writer, const oc_checked_card *card)
{
    for (size_t i = 0; i < oc_order_places(card->order); i++) {
        const oc_order_place *place = oc_order_place_at(card->order, i);
        const oc_read_record *record = oc_reading_record(card->reading, place->dir->name, place->file->name,
                                                         place->record->tag);
        if (!card->equal[i] || place->inner >= 0 || record == NULL || record->value.len != place->record->len) {
            continue;
        }
        char path[24];
        char tag[3];
        char hex[HEX_MAX];
        snprintf(path, sizeof path, "%s/%s", place->dir->name, place->file->name);
        snprintf(tag, sizeof tag, "%02X", place->record->tag);
        oc_hex_encode(hex, sizeof hex, record->value);
        xmlNode *data = add(writer, writer->root, "data");
        set(writer, data, "file", path);
        xmlNode *node = add(writer, data, "record");
        set(writer, node, "tag", tag);
        set(writer, node, "value", hex);
    }
}

static void fill(struct writer *writer, const oc_checked_card *card, size_t number, const char *en, const char *zh)
{
    char text[2 * 64 + 1];
    char area[7];
    for (xmlNode *node = xmlFirstElementChild(writer->root); node != NULL;) {
        xmlNode *next = xmlNextElementSibling(node);
        if (is_of_one_card(node)) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        }
        node = next;
    }
    snprintf(text, sizeof text, "card-%zu", number);
    set(writer, writer->root, "id", text);
    set(writer, writer->root, "use", "describe");
    add_titles(writer, en, zh);
    oc_hex_encode(text, sizeof text, card->reading->atr);
    set(writer, add(writer, writer->root, "chip"), "atr", text);
    const char *city = area_of(card, area);
    if (city != NULL) {
        set(writer, add(writer, writer->root, "city"), "area", city);
    }
    add_data(writer, card);
}

oc_result oc_expected_profile(oc_profile **out, const oc_xml_doc *base, const oc_checked_card *card, size_t number,
                              const char *title_en, const char *title_zh, oc_diag *diag)
{
    *out = NULL;
    xmlDoc *copy = xmlCopyDoc(oc_xml_root(base)->doc, 1);
    if (copy == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    struct writer writer = {.root = xmlDocGetRootElement(copy)};
    xmlChar *xml = NULL;
    int len = 0;
    fill(&writer, card, number, title_en, title_zh);
    xmlDocDumpMemoryEnc(copy, &xml, &len, "UTF-8");
    oc_result r = writer.bad || xml == NULL || len <= 0
                      ? oc_fail(OC_E_MEMORY)
                      : oc_profile_parse(out, oc_span_of(xml, (size_t)len), oc_xml_doc_name(base), diag);
    if (xml != NULL) {
        oc_wipe(xml, (size_t)len); /* names, ID numbers, perhaps keys */
        xmlFree(xml);
    }
    xmlFreeDoc(copy);
    return r;
}
