/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/host/medical/region_internal.h"

/* Fields of one node that are being put together. */
#define FIELDS_MAX 96

struct field_list {
    oc_med_field at[FIELDS_MAX];
    size_t count;
};

static oc_result read_codes(struct oc_region_reader *reader, const xmlNode *node, oc_med_dictionary *out)
{
    size_t count = out->count;
    for (const xmlNode *n = oc_xml_child(node, "value"); n != NULL; n = oc_xml_next(n, "value")) {
        count++;
    }
    oc_med_code *codes = oc_arena_alloc(&reader->region->arena, count * sizeof *codes);
    if (codes == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < out->count; i++) {
        codes[i] = out->codes[i];
    }
    const char *source = oc_xml_attr(node, "source");
    for (const xmlNode *n = oc_xml_child(node, "value"); n != NULL; n = oc_xml_next(n, "value")) {
        oc_med_code *code = &codes[out->count++];
        OC_TRY(oc_region_keep(reader, n, "code", &code->code));
        OC_TRY(oc_region_keep(reader, n, "zh", &code->zh));
        OC_TRY(oc_region_keep(reader, n, "en", &code->en));
        const char *own = oc_xml_attr(n, "source");
        code->source = own != NULL ? own[0] : source != NULL ? source[0] : 'P';
    }
    out->codes = codes;
    return oc_ok();
}

oc_result oc_region_read_dictionary(struct oc_region_reader *reader, const xmlNode *node)
{
    oc_region *region = reader->region;
    const char *id = oc_xml_attr(node, "id");
    for (size_t i = 0; i < region->dictionary_count; i++) {
        if (strcmp(region->dictionaries[i].id, id) == 0) {
            return read_codes(reader, node, &region->dictionaries[i]);
        }
    }
    if (region->dictionary_count == OC_MED_DICTIONARIES_MAX) {
        return oc_xml_fail(reader->doc, node, reader->diag, OC_E_LIMIT, "more than %d dictionaries",
                           OC_MED_DICTIONARIES_MAX);
    }
    oc_med_dictionary *dictionary = &region->dictionaries[region->dictionary_count++];
    OC_TRY(oc_region_keep(reader, node, "id", &dictionary->id));
    return read_codes(reader, node, dictionary);
}

static enum oc_med_type type_of(const char *word)
{
    static const char *const words[] = {"text",    "digits", "hex",      "code",  "integer",
                                        "decimal", "date",   "datetime", "base64"};
    for (unsigned i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], word) == 0) {
            return (enum oc_med_type)i;
        }
    }
    return OC_MED_TEXT;
}

/* when="field" or when="field=value". */
static oc_result read_when(struct oc_region_reader *reader, const xmlNode *node, oc_med_field *field)
{
    const char *when = oc_xml_attr(node, "when");
    if (when == NULL) {
        return oc_ok();
    }
    size_t len = strcspn(when, "=");
    field->when_field = oc_arena_text_n(&reader->region->arena, when, len);
    if (when[len] == '=') {
        field->when_value = oc_arena_text(&reader->region->arena, when + len + 1);
    }
    bool kept = field->when_field != NULL && (when[len] != '=' || field->when_value != NULL);
    return kept ? oc_ok() : oc_fail(OC_E_MEMORY);
}

static oc_result read_field(struct oc_region_reader *reader, const xmlNode *node, oc_med_field *field)
{
    uint64_t len = 0;
    uint64_t decimals = 0;
    OC_TRY(oc_region_keep(reader, node, "name", &field->name));
    OC_TRY(oc_region_keep(reader, node, "sample", &field->sample));
    OC_TRY(oc_region_number(reader, node, "len", 1000000, &len));
    OC_TRY(oc_region_number(reader, node, "decimals", 6, &decimals));
    field->type = type_of(oc_xml_attr(node, "type"));
    field->len = (unsigned)len;
    field->decimals = (unsigned)decimals;
    field->exact = oc_region_yes(node, "exact", false);
    field->is_signed = oc_region_yes(node, "signed", false);
    field->required = oc_region_yes(node, "required", false);
    field->source = oc_xml_attr(node, "source")[0];
    const char *dictionary = oc_xml_attr(node, "dictionary");
    if ((field->type == OC_MED_CODE) != (dictionary != NULL)) {
        return oc_xml_fail(reader->doc, node, reader->diag, OC_E_FORMAT,
                           "a code needs a dictionary, nothing else does");
    }
    if (dictionary != NULL) {
        field->dictionary = oc_region_dictionary(reader->region, dictionary);
        if (field->dictionary == NULL) {
            return oc_xml_fail(reader->doc, node, reader->diag, OC_E_FORMAT, "no dictionary \"%s\"", dictionary);
        }
    }
    return read_when(reader, node, field);
}

static oc_result put_field(struct oc_region_reader *reader, const xmlNode *node, struct field_list *list)
{
    const char *name = oc_xml_attr(node, "name");
    oc_med_field *field = NULL;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->at[i].name, name) == 0) {
            field = &list->at[i];
        }
    }
    if (field == NULL) {
        if (list->count == FIELDS_MAX) {
            return oc_xml_fail(reader->doc, node, reader->diag, OC_E_LIMIT, "more than %d fields", FIELDS_MAX);
        }
        field = &list->at[list->count++];
    }
    *field = (oc_med_field){0};
    return read_field(reader, node, field);
}

static const xmlNode *part_named(const oc_xml_doc *doc, const char *id)
{
    for (const xmlNode *n = oc_xml_child(oc_xml_root(doc), "part"); n != NULL; n = oc_xml_next(n, "part")) {
        if (strcmp(oc_xml_attr(n, "id"), id) == 0) {
            return n;
        }
    }
    return NULL;
}

/* Fields, and those of parts in their places; a part may hold one level of parts. */
static oc_result read_fields(struct oc_region_reader *reader, const xmlNode *node, struct field_list *list,
                             unsigned depth)
{
    for (const xmlNode *n = oc_xml_child(node, NULL); n != NULL; n = oc_xml_next(n, NULL)) {
        if (oc_xml_is(n, "field")) {
            OC_TRY(put_field(reader, n, list));
            continue;
        }
        const xmlNode *part = part_named(reader->doc, oc_xml_attr(n, "id"));
        if (part == NULL || depth == 2) {
            return oc_xml_fail(reader->doc, n, reader->diag, OC_E_FORMAT,
                               part == NULL ? "no part \"%s\"" : "part \"%s\" is too deep inside parts",
                               oc_xml_attr(n, "id"));
        }
        OC_TRY(read_fields(reader, part, list, depth + 1));
    }
    return oc_ok();
}

/* Reads the fields of `node` after those that `out` has. */
static oc_result read_node(struct oc_region_reader *reader, const xmlNode *node, oc_med_node *out)
{
    struct field_list *list = calloc(1, sizeof *list);
    if (list == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < out->field_count; i++) {
        list->at[list->count++] = out->fields[i];
    }
    oc_result r = read_fields(reader, node, list, 0);
    if (oc_is_ok(r)) {
        oc_span kept = oc_arena_bytes(&reader->region->arena, oc_span_of(list->at, list->count * sizeof list->at[0]));
        out->fields = (const oc_med_field *)(const void *)kept.at;
        out->field_count = list->count;
        r = kept.at == NULL && list->count > 0 ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    free(list);
    return r;
}

static oc_result read_nodes(struct oc_region_reader *reader, const xmlNode *message, const char *direction,
                            oc_med_node *nodes, size_t *count)
{
    for (const xmlNode *n = oc_xml_child(message, direction); n != NULL; n = oc_xml_next(n, direction)) {
        if (*count == OC_MED_NODES_MAX) {
            return oc_xml_fail(reader->doc, n, reader->diag, OC_E_LIMIT, "more than %d nodes", OC_MED_NODES_MAX);
        }
        oc_med_node *node = &nodes[(*count)++];
        OC_TRY(oc_region_keep(reader, n, "node", &node->name));
        node->many = oc_region_yes(n, "many", false);
        node->optional = oc_region_yes(n, "optional", false);
        OC_TRY(read_node(reader, n, node));
    }
    return oc_ok();
}

static oc_result read_message(struct oc_region_reader *reader, const xmlNode *node)
{
    oc_region *region = reader->region;
    if (region->message_count == OC_MED_MESSAGES_MAX) {
        return oc_xml_fail(reader->doc, node, reader->diag, OC_E_LIMIT, "more than %d messages", OC_MED_MESSAGES_MAX);
    }
    oc_med_message *message = &region->messages[region->message_count++];
    OC_TRY(oc_region_keep(reader, node, "infno", &message->infno));
    OC_TRY(oc_region_keep(reader, node, "also", &message->also));
    OC_TRY(oc_region_keep(reader, node, "zh", &message->zh));
    OC_TRY(oc_region_keep(reader, node, "en", &message->en));
    OC_TRY(oc_region_keep(reader, node, "path", &message->path));
    OC_TRY(oc_region_keep(reader, node, "as", &message->as));
    message->local = oc_region_yes(node, "local", false);
    message->source = oc_xml_attr(node, "source")[0];
    OC_TRY(read_nodes(reader, node, "in", message->in, &message->in_count));
    const oc_med_message *as = message->as == NULL ? NULL : oc_region_message(region, message->as);
    if (message->as != NULL && as == NULL) {
        return oc_xml_fail(reader->doc, node, reader->diag, OC_E_FORMAT, "no message %s before this one", message->as);
    }
    for (size_t i = 0; as != NULL && i < as->out_count; i++) {
        message->out[message->out_count++] = as->out[i];
    }
    return read_nodes(reader, node, "out", message->out, &message->out_count);
}

oc_result oc_region_read_messages(struct oc_region_reader *reader)
{
    for (const xmlNode *n = oc_xml_child(oc_xml_root(reader->doc), NULL); n != NULL; n = oc_xml_next(n, NULL)) {
        if (oc_xml_is(n, "dictionary")) {
            OC_TRY(oc_region_read_dictionary(reader, n));
        } else if (oc_xml_is(n, "envelope")) {
            bool request = strcmp(oc_xml_attr(n, "of"), "request") == 0;
            oc_med_node *node = request ? &reader->region->request : &reader->region->response;
            node->name = request ? "request" : "response";
            OC_TRY(read_node(reader, n, node));
        } else if (oc_xml_is(n, "message")) {
            OC_TRY(read_message(reader, n));
        }
    }
    return oc_ok();
}

static oc_med_node *node_to_change(oc_region *region, const xmlNode *change)
{
    const char *envelope = oc_xml_attr(change, "envelope");
    const char *infno = oc_xml_attr(change, "infno");
    const char *name = oc_xml_attr(change, "node");
    if (envelope != NULL) {
        return strcmp(envelope, "request") == 0 ? &region->request : &region->response;
    }
    for (size_t i = 0; infno != NULL && name != NULL && i < region->message_count; i++) {
        oc_med_message *message = &region->messages[i];
        for (size_t k = 0; strcmp(message->infno, infno) == 0 && k < message->in_count; k++) {
            if (strcmp(message->in[k].name, name) == 0) {
                return &message->in[k];
            }
        }
        for (size_t k = 0; strcmp(message->infno, infno) == 0 && k < message->out_count; k++) {
            if (strcmp(message->out[k].name, name) == 0) {
                return &message->out[k];
            }
        }
    }
    return NULL;
}

oc_result oc_region_read_change(struct oc_region_reader *reader, const xmlNode *node)
{
    oc_med_node *changed = node_to_change(reader->region, node);
    return changed == NULL ? oc_xml_fail(reader->doc, node, reader->diag, OC_E_FORMAT, "nothing is there to change")
                           : read_node(reader, node, changed);
}
