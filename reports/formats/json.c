/* SPDX-License-Identifier: Apache-2.0 */
/* The record as JSON, whole: README.md beside this file says how the one follows from the other. */
#include <stdlib.h>

#include "reports/formats/format.h"
#include "reports/formats/json_text.h"
#include "reports/formats/shape.h"
#include "sim/base/visible.h"

struct json {
    oc_shape *shape;
    uint64_t cases;
};

static json_t *value_of(oc_json_pen *pen, const struct json *json, const xmlNode *node);

static bool is_ours(const xmlNode *node)
{
    const xmlNode *root = xmlDocGetRootElement(node->doc);
    return node->ns != NULL && root->ns != NULL && xmlStrEqual(node->ns->href, root->ns->href);
}

static json_t *visible(const char *text)
{
    oc_buf shown = {0};
    json_t *value = oc_is_ok(oc_visible_text(&shown, text)) ? json_stringn((const char *)shown.at, shown.len) : NULL;
    oc_buf_free(&shown);
    return value;
}

static json_t *attribute_value(const struct json *json, const xmlAttr *attr)
{
    const char *text = attr->children == NULL ? "" : (const char *)attr->children->content;
    enum oc_shape_type type = is_ours(attr->parent) ? oc_shape_attribute(json->shape, (const char *)attr->name)
                                                    : OC_SHAPE_TEXT;
    if (type == OC_SHAPE_NUMBER) {
        return oc_json_number(strtoull(text, NULL, 10));
    }
    if (type == OC_SHAPE_FLAG) {
        return json_boolean(strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
    }
    return visible(text);
}

static void put_attributes(oc_json_pen *pen, const struct json *json, json_t *object, const xmlNode *node)
{
    for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
        oc_json_put(pen, object, (const char *)attr->name, attribute_value(json, attr));
    }
}

static void put_child(oc_json_pen *pen, const struct json *json, json_t *object, const xmlNode *child)
{
    const char *name = oc_xml_name(child);
    if (is_ours(child) && !oc_shape_repeats(json->shape, name)) {
        oc_json_put(pen, object, name, value_of(pen, json, child));
        return;
    }
    json_t *array = json_object_get(object, name);
    if (!json_is_array(array)) {
        array = json_array();
        oc_json_put(pen, object, name, array);
    }
    oc_json_append(pen, array, value_of(pen, json, child));
}

static json_t *text_value(const xmlNode *node)
{
    xmlChar *text = xmlNodeGetContent(node);
    json_t *value = text == NULL ? NULL : visible((const char *)text);
    xmlFree(text);
    return value;
}

static bool only_blanks(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_TEXT_NODE && xmlIsBlankNode(child) == 0) {
            return false;
        }
    }
    return true;
}

static json_t *value_of(oc_json_pen *pen, const struct json *json, const xmlNode *node)
{
    if (is_ours(node) && oc_shape_is_text(json->shape, oc_xml_name(node))) {
        return text_value(node);
    }
    json_t *object = json_object();
    put_attributes(pen, json, object, node);
    for (const xmlNode *child = oc_xml_child(node, NULL); child != NULL; child = oc_xml_next(child, NULL)) {
        put_child(pen, json, object, child);
    }
    if (!only_blanks(node)) {
        oc_json_put(pen, object, "text", text_value(node));
    }
    return object;
}

/* The record's own object is open until the end: its last member are the cases, a line each. */
static oc_result head(void *state, FILE *out, const oc_format_run *run)
{
    struct json *json = state;
    oc_json_pen pen = {0};
    OC_TRY(oc_shape_new(&json->shape, NULL));
    json_t *object = value_of(&pen, json, run->result);
    char *text = object == NULL ? NULL : json_dumps(object, JSON_COMPACT);
    json_decref(object);
    if (text == NULL || pen.bad) {
        free(text);
        return oc_fail(OC_E_MEMORY);
    }
    text[strlen(text) - 1] = '\0'; /* the brace */
    fprintf(out, "{\"format\":\"onecard-result\",\"version\":1,\"result\":%s,\"case\":[", text);
    free(text);
    return oc_ok();
}

static oc_result one_case(void *state, FILE *out, const oc_format_run *run, const oc_format_case *one)
{
    (void)run;
    struct json *json = state;
    oc_json_pen pen = {0};
    fputs(json->cases++ == 0 ? "\n" : ",\n", out);
    oc_result r = oc_json_write(out, value_of(&pen, json, one->node));
    return pen.bad ? oc_fail(OC_E_MEMORY) : r;
}

static oc_result end(void *state, FILE *out, const oc_format_run *run)
{
    (void)state;
    (void)run;
    fputs("\n]}}\n", out);
    return oc_ok();
}

static void release(void *state)
{
    struct json *json = state;
    oc_shape_free(&json->shape);
}

const oc_format oc_format_json = {"json", sizeof(struct json), head, one_case, end, release};
