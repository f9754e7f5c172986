/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/build.h"

#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/base/text.h"

#define DEMANDS_MAX 64
#define TLV_DEPTH_MAX 6

static oc_result fail(const oc_build *build, const xmlNode *node, const char *what)
{
    return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "%s", what);
}

static oc_result take_number(const oc_build *build, const xmlNode *node, const char *attribute, size_t *out,
                             bool *present)
{
    const char *raw = oc_xml_attr(node, attribute);
    *present = raw != NULL;
    if (raw == NULL) {
        return oc_ok();
    }
    const char *text;
    OC_TRY(oc_build_text(build, raw, &text));
    char *end = NULL;
    unsigned long number = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || number > 65535) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "%s=\"%s\" is not a decimal number", attribute,
                           text);
    }
    *out = number;
    return oc_ok();
}

/* below="0": the one number here that may be negative. */
static oc_result take_below(const oc_build *build, const xmlNode *node, oc_demand *demand)
{
    const char *raw = oc_xml_attr(node, "below");
    demand->has_below = raw != NULL;
    if (raw == NULL) {
        return oc_ok();
    }
    const char *text;
    OC_TRY(oc_build_text(build, raw, &text));
    return oc_text_to_number(oc_span_text(text), &demand->below)
               ? oc_ok()
               : oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "below=\"%s\" is not a decimal number", text);
}

static oc_result take_texts(const oc_build *build, const xmlNode *node, oc_demand *demand)
{
    const char *raw = oc_xml_attr(node, oc_xml_is(node, "tlv") ? "tag" : "name");
    OC_TRY(oc_build_text(build, raw == NULL ? "" : raw, &demand->name));
    raw = oc_xml_attr(node, "req");
    if (raw != NULL) {
        OC_TRY(oc_build_text(build, raw, &demand->requirement));
    }
    raw = oc_xml_attr(node, "capture");
    demand->capture = raw == NULL ? NULL : oc_arena_text(build->arena, raw);
    if (oc_xml_is(node, "field")) {
        demand->capture = demand->name;
    }
    return oc_ok();
}

static bool attribute_is(const xmlNode *node, const char *attribute, const char *value)
{
    const char *text = oc_xml_attr(node, attribute);
    return text != NULL && strcmp(text, value) == 0;
}

static oc_result take_children(const oc_build *build, const xmlNode *parent, const char *name, int depth,
                               const oc_demand **out, size_t *count);

static oc_result take_demand(const oc_build *build, const xmlNode *node, int depth, oc_demand *demand)
{
    *demand = (oc_demand){.line = oc_xml_line(node)};
    OC_TRY(take_texts(build, node, demand));
    OC_TRY(oc_build_value(build, node, "eq", &demand->eq, &demand->has_eq));
    OC_TRY(oc_build_value(build, node, "or", &demand->other, &demand->has_or));
    OC_TRY(oc_build_value(build, node, "mask", &demand->mask, &demand->has_mask));
    OC_TRY(take_number(build, node, "len", &demand->len, &demand->has_len));
    OC_TRY(take_number(build, node, "min", &demand->min, &demand->has_min));
    OC_TRY(take_number(build, node, "max", &demand->max, &demand->has_max));
    OC_TRY(take_below(build, node, demand));
    if (demand->has_mask && !demand->has_eq) {
        return fail(build, node, "mask stands without eq");
    }
    if (demand->has_or && !demand->has_eq) {
        return fail(build, node, "or stands without eq");
    }
    demand->optional = attribute_is(node, "optional", "true") || attribute_is(node, "optional", "1");
    demand->rest_none = attribute_is(node, "rest", "none");
    demand->order_fixed = attribute_is(node, "order", "fixed");
    if (depth > TLV_DEPTH_MAX) {
        return fail(build, node, "TLV objects nested too deep");
    }
    if (oc_xml_is(node, "tlv")) {
        oc_buf tag = {0};
        oc_result r = oc_hex_decode(&tag, demand->name, strlen(demand->name));
        bool right = oc_is_ok(r) && tag.len >= 1 && tag.len <= 3;
        oc_buf_free(&tag);
        if (!right) {
            return fail(build, node, "a TLV tag is one to three bytes in hex");
        }
        return take_children(build, node, "tlv", depth + 1, &demand->children, &demand->child_count);
    }
    return oc_ok();
}

static oc_result take_children(const oc_build *build, const xmlNode *parent, const char *name, int depth,
                               const oc_demand **out, size_t *count)
{
    size_t n = 0;
    for (const xmlNode *child = oc_xml_child(parent, name); child != NULL; child = oc_xml_next(child, name)) {
        n++;
    }
    *count = n;
    *out = NULL;
    if (n == 0) {
        return oc_ok();
    }
    if (n > DEMANDS_MAX) {
        return fail(build, parent, "too many expectations in one step");
    }
    oc_demand *demands = oc_arena_alloc(build->arena, n * sizeof *demands);
    if (demands == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    n = 0;
    for (const xmlNode *child = oc_xml_child(parent, name); child != NULL; child = oc_xml_next(child, name)) {
        OC_TRY(take_demand(build, child, depth, &demands[n++]));
    }
    *out = demands;
    return oc_ok();
}

static bool sw_digit(char c)
{
    return oc_hex_digit(c) >= 0 || c == '?' || c == 'x';
}

static oc_result take_sw(const oc_build *build, const xmlNode *node, oc_expect *out)
{
    const char *text;
    OC_TRY(oc_build_content(build, node, &text));
    while (*text != '\0') {
        size_t len = strcspn(text, " \t\n\r");
        if (len != 4 || out->sw_count == OC_SW_PATTERNS_MAX) {
            return fail(build, node, "sw takes up to 16 patterns of four characters, as 9000, 63C? or 61xx");
        }
        for (size_t i = 0; i < len; i++) {
            if (!sw_digit(text[i])) {
                return fail(build, node, "a status word pattern has hex digits and ? only");
            }
            char c = text[i] == 'x' ? '?' : text[i];
            out->sw[out->sw_count][i] = c >= 'a' && c <= 'f' ? (char)(c - 'a' + 'A') : c;
        }
        out->sw_count++;
        text += len;
        text += strspn(text, " \t\n\r");
    }
    if (out->sw_count == 0) {
        return fail(build, node, "an empty sw");
    }
    const char *requirement = oc_xml_attr(node, "req");
    return requirement == NULL ? oc_ok() : oc_build_text(build, requirement, &out->sw_requirement);
}

enum { BY_SW = 1, BY_DATA = 2, BY_ANSWER = 4, BY_SILENCE = 8, BY_PATTERN = 16 };

/* What a step of each kind is judged by (vectors/README.md, "Steps"). Anything else would stand there unseen. */
static const struct {
    const char *step;
    unsigned by;
    const char *text;
} judged[] = {
    [OC_STEP_APDU] = {"an apdu", BY_SW | BY_DATA | BY_SILENCE, "by sw and data"},
    [OC_STEP_TPDU] = {"a tpdu", BY_SW | BY_DATA | BY_SILENCE, "by sw and data"},
    [OC_STEP_RESET] = {"a reset", BY_DATA | BY_SILENCE, "by data alone"},
    [OC_STEP_LET] = {"a let", BY_DATA, "by data alone"},
    [OC_STEP_CALL] = {"a call", BY_ANSWER, "by its answers alone"},
    [OC_STEP_MESSAGE] = {"a message", BY_ANSWER, "by its answers alone"},
    [OC_STEP_ISSUE] = {"an issue", BY_SILENCE, "by no-answer alone"},
    [OC_STEP_ADVANCE] = {"an advance", 0, "by nothing"},
    [OC_STEP_FAULT] = {"a fault", 0, "by nothing"},
    [OC_STEP_OBSERVE] = {"an observe", BY_PATTERN, "by its patterns alone"},
    [OC_STEP_PROMPT] = {"a prompt", 0, "by nothing"},
};

static oc_result check_kind(const oc_build *build, const xmlNode *parent, enum oc_step_kind kind)
{
    static const struct {
        const char *element;
        unsigned bit;
    } parts[] = {{"sw", BY_SW},        {"data", BY_DATA},   {"answer", BY_ANSWER},   {"no-answer", BY_SILENCE},
                 {"must", BY_PATTERN}, {"may", BY_PATTERN}, {"must-not", BY_PATTERN}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const xmlNode *node = oc_xml_child(parent, parts[i].element);
        if (node != NULL && (judged[kind].by & parts[i].bit) == 0) {
            return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "%s is judged %s, not by %s",
                               judged[kind].step, judged[kind].text, parts[i].element);
        }
    }
    if (judged[kind].by == 0 && oc_xml_is(parent, "expect")) {
        return oc_xml_fail(build->doc, parent, build->diag, OC_E_FORMAT, "%s is judged by nothing", judged[kind].step);
    }
    return oc_ok();
}

oc_result oc_build_expect(const oc_build *build, const xmlNode *parent, enum oc_step_kind kind, oc_expect *out)
{
    *out = (oc_expect){0};
    OC_TRY(check_kind(build, parent, kind));
    out->no_answer = oc_xml_child(parent, "no-answer") != NULL;
    const xmlNode *sw = oc_xml_child(parent, "sw");
    if (sw != NULL) {
        OC_TRY(take_sw(build, sw, out));
        if (oc_xml_next(sw, "sw") != NULL) {
            return fail(build, parent, "more than one sw in a step");
        }
    }
    const xmlNode *data = oc_xml_child(parent, "data");
    if (data != NULL) {
        if (oc_xml_next(data, "data") != NULL) {
            return fail(build, parent, "more than one data in a step");
        }
        out->has_data = true;
        out->rest_any = attribute_is(data, "rest", "any");
        OC_TRY(take_demand(build, data, 0, &out->data));
        OC_TRY(take_children(build, data, "field", 0, &out->fields, &out->field_count));
        OC_TRY(take_children(build, data, "tlv", 0, &out->objects, &out->object_count));
    }
    return take_children(build, parent, "answer", 0, &out->answers, &out->answer_count);
}
