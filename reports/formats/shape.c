/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/formats/shape.h"

#include <libxml/hash.h>
#include <stdlib.h>

extern const uint8_t oc_result_xsd[];
extern const size_t oc_result_xsd_size;

struct oc_shape {
    oc_xml_doc *schema;
    xmlHashTable *once;  /* elements that stand at most once */
    xmlHashTable *many;  /* elements that may repeat */
    xmlHashTable *texts; /* elements of a simple type */
    xmlHashTable *types[3];
};

static bool has(xmlHashTable *table, const char *name)
{
    return xmlHashLookup(table, (const xmlChar *)name) != NULL;
}

static void note(struct oc_shape *shape, xmlHashTable *table, const char *name)
{
    (void)xmlHashUpdateEntry(table, (const xmlChar *)name, shape, NULL);
}

static const xmlNode *simple_type_named(const oc_shape *shape, const char *name)
{
    const xmlNode *type = oc_xml_child(oc_xml_root(shape->schema), "simpleType");
    while (type != NULL && strcmp(oc_xml_attr(type, "name"), name) != 0) {
        type = oc_xml_next(type, "simpleType");
    }
    return type;
}

static void take_element(oc_shape *shape, const xmlNode *node, const char *name)
{
    const char *most = oc_xml_attr(node, "maxOccurs");
    const char *type = oc_xml_attr(node, "type");
    note(shape, most == NULL || strcmp(most, "1") == 0 ? shape->once : shape->many, name);
    if (type == NULL ? oc_xml_child(node, "simpleType") != NULL
                     : strncmp(type, "xs:", 3) == 0 || simple_type_named(shape, type) != NULL) {
        note(shape, shape->texts, name);
    }
}

static void take_attribute(oc_shape *shape, const xmlNode *node, const char *name)
{
    const char *type = oc_xml_attr(node, "type");
    enum oc_shape_type kind = OC_SHAPE_TEXT;
    if (type != NULL && (strncmp(type, "xs:unsigned", 11) == 0 || strcmp(type, "xs:positiveInteger") == 0 ||
                         strcmp(type, "xs:nonNegativeInteger") == 0)) {
        kind = OC_SHAPE_NUMBER;
    } else if (type != NULL && strcmp(type, "xs:boolean") == 0) {
        kind = OC_SHAPE_FLAG;
    }
    note(shape, shape->types[kind], name);
}

static void walk(oc_shape *shape, const xmlNode *parent)
{
    for (const xmlNode *node = oc_xml_child(parent, NULL); node != NULL; node = oc_xml_next(node, NULL)) {
        const char *name = oc_xml_attr(node, "name");
        if (name != NULL && oc_xml_is(node, "element")) {
            take_element(shape, node, name);
        } else if (name != NULL && oc_xml_is(node, "attribute")) {
            take_attribute(shape, node, name);
        }
        walk(shape, node);
    }
}

oc_result oc_shape_new(oc_shape **out, oc_diag *diag)
{
    oc_shape *shape = calloc(1, sizeof *shape);
    *out = shape;
    if (shape == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    xmlHashTable **const tables[] = {&shape->once,     &shape->many,     &shape->texts,
                                     &shape->types[0], &shape->types[1], &shape->types[2]};
    oc_result r = oc_xml_parse(&shape->schema, oc_span_of(oc_result_xsd, oc_result_xsd_size), "result.xsd", NULL,
                               diag);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        *tables[i] = xmlHashCreate(64);
        r = oc_is_ok(r) && *tables[i] == NULL ? oc_fail(OC_E_MEMORY) : r;
    }
    if (oc_is_ok(r)) {
        walk(shape, oc_xml_root(shape->schema));
    } else {
        oc_shape_free(out);
    }
    return r;
}

void oc_shape_free(oc_shape **shape)
{
    if (*shape == NULL) {
        return;
    }
    xmlHashTable *const tables[] = {(*shape)->once,     (*shape)->many,     (*shape)->texts,
                                    (*shape)->types[0], (*shape)->types[1], (*shape)->types[2]};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (tables[i] != NULL) {
            xmlHashFree(tables[i], NULL);
        }
    }
    oc_xml_free(&(*shape)->schema);
    free(*shape);
    *shape = NULL;
}

bool oc_shape_repeats(const oc_shape *shape, const char *element)
{
    return has(shape->many, element) || !has(shape->once, element);
}

bool oc_shape_is_text(const oc_shape *shape, const char *element)
{
    return has(shape->texts, element);
}

enum oc_shape_type oc_shape_attribute(const oc_shape *shape, const char *attribute)
{
    if (has(shape->types[OC_SHAPE_TEXT], attribute)) {
        return OC_SHAPE_TEXT;
    }
    return has(shape->types[OC_SHAPE_NUMBER], attribute) ? OC_SHAPE_NUMBER
           : has(shape->types[OC_SHAPE_FLAG], attribute) ? OC_SHAPE_FLAG
                                                         : OC_SHAPE_TEXT;
}
