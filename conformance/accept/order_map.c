/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/order_map.h"

#include <stdlib.h>

#include "sim/base/arena.h"
#include "sim/base/xml.h"

/* The schema is part of this library. */
extern const uint8_t oc_order_map_xsd[];
extern const size_t oc_order_map_xsd_size;

struct oc_map_file {
    oc_arena arena;
    oc_map map;
};

struct loader {
    oc_map_file *file;
    const oc_xml_doc *doc;
    oc_diag *diag;
};

static oc_result keep(struct loader *loader, const xmlNode *node, const char *attribute, const char **out)
{
    const char *text = oc_xml_attr(node, attribute);
    *out = text == NULL ? NULL : oc_arena_text(&loader->file->arena, text);
    return text != NULL && *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result read_source(struct loader *loader, const xmlNode *node, oc_map_source *out)
{
    if (node == NULL) {
        return oc_ok();
    }
    OC_TRY(keep(loader, node, "column", &out->column));
    OC_TRY(keep(loader, node, "value", &out->value));
    out->line = oc_xml_line(node);
    if ((out->column == NULL) == (out->value == NULL)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "%s takes either a column or a value",
                           oc_xml_name(node));
    }
    return oc_ok();
}

static oc_result read_identity(struct loader *loader, const xmlNode *node)
{
    static const struct {
        const char *as;
        const char *record;
        enum oc_convert convert;
    } identities[] = {
        {"card-number", "SSSE/EF05/07", OC_CONVERT_TEXT},
        {"card-id", "SSSE/EF05/01", OC_CONVERT_HEX},
        {"id-number", "SSSE/EF06/08", OC_CONVERT_TEXT},
    };
    oc_map *map = &loader->file->map;
    OC_TRY(keep(loader, node, "column", &map->identify));
    for (size_t i = 0; i < sizeof identities / sizeof identities[0]; i++) {
        if (strcmp(oc_xml_attr(node, "as"), identities[i].as) == 0) {
            map->identity = identities[i].record;
            map->identity_as = identities[i].convert;
        }
    }
    return oc_ok();
}

static size_t count_of(const xmlNode *parent, const char *name)
{
    size_t count = 0;
    for (const xmlNode *node = oc_xml_child(parent, name); node != NULL; node = oc_xml_next(node, name)) {
        count++;
    }
    return count;
}

static oc_result read_codes(struct loader *loader, const xmlNode *node, oc_map_item *item)
{
    item->code_count = count_of(node, "code");
    if ((item->as == OC_CONVERT_CODE) != (item->code_count > 0)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           item->code_count > 0 ? "codes belong to as=\"code\" only"
                                                : "as=\"code\" needs a list of codes");
    }
    oc_map_code *codes = oc_arena_alloc(&loader->file->arena, (item->code_count + 1) * sizeof *codes);
    if (codes == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    item->codes = codes;
    for (const xmlNode *code = oc_xml_child(node, "code"); code != NULL; code = oc_xml_next(code, "code")) {
        OC_TRY(keep(loader, code, "from", &codes->from));
        OC_TRY(keep(loader, code, "to", &codes->to));
        codes++;
    }
    return oc_ok();
}

static bool has_once(const char *format, const char *part)
{
    const char *at = strstr(format, part);
    return at != NULL && strstr(at + 1, part) == NULL;
}

static oc_result read_item(struct loader *loader, const xmlNode *node, oc_map_item *item)
{
    static const char *const words[] = {"text", "name", "digits", "hex", "date", "area", "sex", "ethnic", "code"};
    OC_TRY(read_source(loader, node, &item->source));
    OC_TRY(keep(loader, node, "to", &item->to));
    OC_TRY(keep(loader, node, "extension", &item->extension));
    OC_TRY(keep(loader, node, "format", &item->format));
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        item->as = strcmp(words[i], oc_xml_attr(node, "as")) == 0 ? (enum oc_convert)i : item->as;
    }
    const char *mandatory = oc_xml_attr(node, "mandatory");
    item->mandatory = mandatory == NULL || strcmp(mandatory, "no") != 0;
    if (item->extension != NULL && item->as != OC_CONVERT_NAME) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "only as=\"name\" takes an extension");
    }
    if (item->format != NULL && item->as != OC_CONVERT_DATE) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "only as=\"date\" takes a format");
    }
    item->format = item->format == NULL ? "YYYYMMDD" : item->format;
    if (!has_once(item->format, "YYYY") || !has_once(item->format, "MM") || !has_once(item->format, "DD")) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "the format '%s' does not hold YYYY, MM and DD once each", item->format);
    }
    return read_codes(loader, node, item);
}

static oc_result read_items(struct loader *loader, const xmlNode *root)
{
    oc_map *map = &loader->file->map;
    oc_map_item *items = oc_arena_alloc(&loader->file->arena, (count_of(root, "item") + 1) * sizeof *items);
    if (items == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    map->items = items;
    for (const xmlNode *node = oc_xml_child(root, "item"); node != NULL; node = oc_xml_next(node, "item")) {
        OC_TRY(read_item(loader, node, &items[map->item_count++]));
    }
    return oc_ok();
}

static oc_result read_keys(struct loader *loader, const xmlNode *root)
{
    oc_map *map = &loader->file->map;
    oc_map_key *keys = oc_arena_alloc(&loader->file->arena, (count_of(root, "key") + 1) * sizeof *keys);
    if (keys == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    map->keys = keys;
    for (const xmlNode *node = oc_xml_child(root, "key"); node != NULL; node = oc_xml_next(node, "key")) {
        oc_map_key *key = &keys[map->key_count++];
        OC_TRY(keep(loader, node, "name", &key->name));
        for (const char *at = oc_xml_attr(node, "versions"); *at != '\0'; at++) {
            uint8_t version = *at == ' ' ? 0 : (uint8_t)(*at - '0');
            bool again = version != 0 && memchr(key->versions, version, key->version_count) != NULL;
            if (again) {
                return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "version %u stands twice", version);
            }
            if (version != 0) {
                key->versions[key->version_count++] = version;
            }
        }
    }
    return oc_ok();
}

static oc_result read_map(struct loader *loader)
{
    const xmlNode *root = oc_xml_root(loader->doc);
    oc_map *map = &loader->file->map;
    map->path = oc_arena_text(&loader->file->arena, oc_xml_doc_name(loader->doc));
    if (map->path == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(keep(loader, root, "batch", &map->batch));
    OC_TRY(keep(loader, root, "encoding", &map->encoding));
    OC_TRY(read_identity(loader, oc_xml_child(root, "identify")));
    OC_TRY(read_source(loader, oc_xml_child(root, "city"), &map->city));
    OC_TRY(read_source(loader, oc_xml_child(root, "atr"), &map->atr));
    OC_TRY(read_source(loader, oc_xml_child(root, "pin"), &map->pin));
    OC_TRY(read_items(loader, root));
    return read_keys(loader, root);
}

static oc_result from_doc(oc_map_file **out, const oc_xml_doc *doc, oc_diag *diag)
{
    oc_xml_schema *schema = NULL;
    OC_TRY(oc_xml_schema_parse(&schema, oc_span_of(oc_order_map_xsd, oc_order_map_xsd_size), "order-map.xsd", diag));
    oc_map_file *file = calloc(1, sizeof *file);
    oc_result r = file == NULL ? oc_fail(OC_E_MEMORY) : oc_xml_validate(doc, schema, diag);
    oc_xml_schema_free(&schema);
    if (oc_is_ok(r)) {
        struct loader loader = {file, doc, diag};
        r = read_map(&loader);
    }
    if (!oc_is_ok(r)) {
        oc_map_free(&file);
    }
    *out = file;
    return r;
}

oc_result oc_map_load(oc_map_file **out, const char *path, oc_diag *diag)
{
    *out = NULL;
    oc_xml_doc *doc = NULL;
    OC_TRY(oc_xml_load(&doc, path, NULL, diag));
    oc_result r = from_doc(out, doc, diag);
    oc_xml_free(&doc);
    return r;
}

oc_result oc_map_parse(oc_map_file **out, oc_span xml, const char *name, oc_diag *diag)
{
    *out = NULL;
    oc_xml_doc *doc = NULL;
    OC_TRY(oc_xml_parse(&doc, xml, name, NULL, diag));
    oc_result r = from_doc(out, doc, diag);
    oc_xml_free(&doc);
    return r;
}

void oc_map_free(oc_map_file **map)
{
    if (*map != NULL) {
        oc_arena_free(&(*map)->arena);
        free(*map);
        *map = NULL;
    }
}

const oc_map *oc_map_of(const oc_map_file *file)
{
    return &file->map;
}
