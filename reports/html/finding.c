/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/finding.h"

#include <stdlib.h>

#include "reports/byte_difference.h"
#include "reports/html/concerned.h"
#include "reports/html/decode.h"
#include "reports/html/tlv_tree.h"
#include "reports/html/trace.h"

#define TEXT_ROOM 4000

static const char *text_of(const xmlNode *node)
{
    return node == NULL || node->children == NULL ? "" : (const char *)node->children->content;
}

const xmlNode *oc_finding_step(const xmlNode *one_case)
{
    const xmlNode *evidence = oc_xml_child(one_case, "evidence");
    const char *name = evidence == NULL ? NULL : oc_xml_attr(evidence, "step");
    const xmlNode *found = NULL;
    for (const xmlNode *step = oc_xml_child(one_case, "step"); name != NULL && step != NULL;
         step = oc_xml_next(step, "step")) {
        const char *id = oc_xml_attr(step, "id");
        if (id != NULL && strcmp(id, name) == 0) {
            found = step;
        }
    }
    return found;
}

xmlNode *oc_finding_text(oc_pen *pen, xmlNode *parent, const char *name, const char *text, size_t room)
{
    size_t len = strlen(text);
    if (len <= room) {
        return oc_pen_add(pen, parent, name, text);
    }
    size_t cut = room;
    while (cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80) {
        cut--;
    }
    xmlNode *node = oc_pen_add_n(pen, parent, name, text, cut);
    oc_pen_set_number(pen, node, "of-length", len);
    return node;
}

struct run_target {
    oc_pen *pen;
    xmlNode *parent;
    size_t room;
};

static void add_run(void *self, const char *at, size_t len, bool differs)
{
    struct run_target *target = self;
    size_t shown = len < target->room ? len : target->room;
    while (shown > 0 && shown < len && ((unsigned char)at[shown] & 0xC0) == 0x80) {
        shown--;
    }
    target->room -= shown;
    if (shown > 0) {
        oc_pen_add_n(target->pen, target->parent, differs ? "differs" : "same", at, shown);
    }
}

static void add_side(oc_pen *pen, xmlNode *parent, const char *name, const char *what, const char *text,
                     const char *other, bool compare)
{
    xmlNode *side = oc_pen_add(pen, parent, name, NULL);
    struct run_target target = {pen, side, TEXT_ROOM};
    if (compare && other != NULL) {
        oc_byte_difference(text, other, add_run, &target);
    } else {
        add_run(&target, text, strlen(text), false);
    }
    if (target.room == 0) {
        oc_pen_set_number(pen, side, "of-length", strlen(text));
    }
    oc_decode_meaning(pen, side, what, text);
}

static void add_decoded(oc_pen *pen, xmlNode *parent, const char *of, const char *text, const char *class)
{
    bool is_record = class != NULL && strstr(class, "RECORD") != NULL;
    xmlNode *decoded = oc_pen_add(pen, parent, "decoded", NULL);
    oc_tlv_tree(pen, decoded, text, is_record ? OC_TLV_RECORD : OC_TLV_BER);
    if (decoded != NULL && decoded->children == NULL) {
        xmlUnlinkNode(decoded);
        xmlFreeNode(decoded);
        return;
    }
    oc_pen_set(pen, decoded, "of", of);
}

static bool holds_data(const char *what)
{
    return what != NULL && (strcmp(what, "data") == 0 || strncmp(what, "tlv", 3) == 0 || strchr(what, '/') != NULL);
}

static void add_number(oc_pen *pen, xmlNode *node, const char *name, int value)
{
    char digits[12];
    if (value >= 0) {
        snprintf(digits, sizeof digits, "%02X", (unsigned)value);
        oc_pen_set(pen, node, name, digits);
    }
}

/* Follows the card up to the step that decided. */
static void add_where(oc_pen *pen, xmlNode *parent, const xmlNode *one_case, const xmlNode *decided)
{
    oc_concerned at;
    oc_concerned_begin(&at);
    for (const xmlNode *step = oc_xml_child(one_case, "step"); step != NULL; step = oc_xml_next(step, "step")) {
        for (const xmlNode *one = oc_xml_child(step, "exchange"); one != NULL; one = oc_xml_next(one, "exchange")) {
            const char *actor = oc_xml_attr(one, "actor");
            const char *command = text_of(oc_xml_child(one, "command"));
            /* GET RESPONSE belongs to the command before it. */
            bool follows = strncmp(command, "00C00000", 8) == 0;
            if (actor != NULL && strcmp(actor, "card") == 0 && command[0] != '\0' && !follows) {
                const xmlNode *response = oc_xml_child(one, "response");
                oc_concerned_follow(&at, command, response == NULL ? NULL : text_of(response));
            }
        }
        if (step == decided) {
            break;
        }
    }
    if (at.directory[0] == '\0' && at.file[0] == '\0' && at.key < 0 && at.pin < 0) {
        return;
    }
    xmlNode *where = oc_pen_add(pen, parent, "where", NULL);
    oc_pen_set(pen, where, "directory", at.directory[0] == '\0' ? NULL : at.directory);
    oc_pen_set(pen, where, "file", at.file[0] == '\0' ? NULL : at.file);
    add_number(pen, where, "record", at.record);
    add_number(pen, where, "tag", at.tag);
    add_number(pen, where, "key", at.key);
    if (at.key >= 0) {
        oc_pen_set(pen, where, "key-kind", at.internal ? "internal" : "external");
    }
    add_number(pen, where, "pin", at.pin);
}

static void copy(oc_pen *pen, xmlNode *to, const xmlNode *from, const char *name)
{
    const char *value = oc_xml_attr(from, name);
    if (value != NULL && value[0] != '\0') {
        oc_pen_set(pen, to, name, value);
    }
}

static void add_sides(oc_pen *pen, xmlNode *out, const xmlNode *evidence, const char *class)
{
    const xmlNode *expected = oc_xml_child(evidence, "expected");
    const xmlNode *received = oc_xml_child(evidence, "received");
    const char *what = oc_xml_attr(evidence, "what");
    const char *wanted = expected == NULL ? NULL : text_of(expected);
    const char *got = received == NULL ? NULL : text_of(received);
    /* Of several status words that would do, none is the one to compare with. */
    bool several = wanted != NULL && what != NULL && strcmp(what, "sw") == 0 && strchr(wanted, ' ') != NULL;
    bool compare = oc_xml_attr(evidence, "first-difference") != NULL && !several;
    if (wanted != NULL) {
        add_side(pen, out, "expected", what, wanted, got, compare);
    }
    if (got != NULL) {
        add_side(pen, out, "received", what, got, wanted, compare);
    }
    if (holds_data(what)) {
        if (wanted != NULL) {
            add_decoded(pen, out, "expected", wanted, class);
        }
        if (got != NULL) {
            add_decoded(pen, out, "received", got, class);
        }
    }
}

static void add_evidence(oc_pen *pen, xmlNode *finding, const xmlNode *one_case)
{
    const xmlNode *evidence = oc_xml_child(one_case, "evidence");
    const xmlNode *decided = oc_finding_step(one_case);
    if (evidence == NULL) {
        return;
    }
    xmlNode *out = oc_pen_add(pen, finding, "evidence", NULL);
    copy(pen, out, evidence, "step");
    copy(pen, out, evidence, "what");
    copy(pen, out, evidence, "requirement");
    copy(pen, out, evidence, "confidence");
    oc_pen_set(pen, out, "difference-at", oc_xml_attr(evidence, "first-difference"));
    if (decided != NULL) {
        copy(pen, out, decided, "kind");
        copy(pen, out, decided, "class");
        oc_decode_answers(pen, out, text_of(oc_xml_child(decided, "note")));
    }
    add_sides(pen, out, evidence, decided == NULL ? NULL : oc_xml_attr(decided, "class"));
    if (decided != NULL) {
        add_where(pen, out, one_case, decided);
    }
}

xmlNode *oc_finding_write(oc_pen *pen, xmlNode *parent, const oc_result_case *one, size_t number)
{
    static const char *const attributes[] = {"id",   "pass",   "verdict", "repeat",   "file",      "line",
                                             "twin", "waiver", "because", "official", "condition", "dut"};
    xmlNode *finding = oc_pen_add(pen, parent, "finding", NULL);
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        copy(pen, finding, one->node, attributes[i]);
    }
    oc_pen_set_number(pen, finding, "n", number);
    for (const xmlNode *title = oc_xml_child(one->node, "title"); title != NULL; title = oc_xml_next(title, "title")) {
        oc_finding_text(pen, finding, oc_xml_attr(title, "lang"), text_of(title), TEXT_ROOM);
    }
    oc_finding_text(pen, finding, "reason", text_of(oc_xml_child(one->node, "reason")), TEXT_ROOM);
    add_evidence(pen, finding, one->node);
    oc_trace_write(pen, finding, one->node, oc_finding_step(one->node));
    return finding;
}
