/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/build_observe.h"

#include <stdio.h>
#include <stdlib.h>

#define OF_MAX 16

static oc_result fail(const oc_build *build, const xmlNode *node, const char *what)
{
    return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "%s", what);
}

static oc_result text_of(const oc_build *build, const xmlNode *node, const char *attribute, const char **out)
{
    const char *raw = oc_xml_attr(node, attribute);
    *out = NULL;
    return raw == NULL ? oc_ok() : oc_build_text(build, raw, out);
}

/* Which of `words` stands in the attribute; `otherwise` where it is absent. */
static oc_result word_of(const oc_build *build, const xmlNode *node, const char *attribute, const char *const *words,
                         unsigned otherwise, unsigned *out)
{
    const char *text;
    OC_TRY(text_of(build, node, attribute, &text));
    *out = otherwise;
    for (unsigned i = 0; text != NULL && words[i] != NULL; i++) {
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return oc_ok();
        }
    }
    return text == NULL ? oc_ok()
                        : oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT,
                                      "%s=\"%s\" is none of the words for it", attribute, text);
}

static bool is_true(const char *text)
{
    return text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

static oc_result placed(const oc_build *build, const xmlNode *node, oc_result r)
{
    if (!oc_is_ok(r)) {
        oc_diag_place(build->diag, oc_xml_doc_name(build->doc), oc_xml_line(node));
    }
    return r;
}

/* Which patterns of the same observation the ids name. */
static oc_result set_of(const oc_build *build, const xmlNode *parent, const xmlNode *node, const char *attribute,
                        uint64_t *out)
{
    const char *text;
    OC_TRY(text_of(build, node, attribute, &text));
    *out = 0;
    for (const char *at = text; at != NULL && *(at += strspn(at, " \t\n\r")) != '\0';) {
        size_t len = strcspn(at, " \t\n\r");
        size_t position = 0;
        bool found = false;
        for (const xmlNode *n = oc_xml_child(parent, NULL); n != NULL && !found; n = oc_xml_next(n, NULL)) {
            if (!oc_is_pattern(n)) {
                continue;
            }
            const char *id = oc_xml_attr(n, "id");
            found = id != NULL && strlen(id) == len && strncmp(id, at, len) == 0;
            if (found && n == node) {
                return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "%s names its own pattern", attribute);
            }
            position += !found;
        }
        if (!found) {
            return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "%s: no pattern is called %.*s", attribute,
                               len > 60 ? 60 : (int)len, at);
        }
        *out |= UINT64_C(1) << position;
        at += len;
    }
    return oc_ok();
}

static oc_result take_number(const oc_build *build, const xmlNode *node, const char *attribute, size_t *out,
                             bool *present)
{
    const char *text;
    OC_TRY(text_of(build, node, attribute, &text));
    *present = text != NULL;
    if (text == NULL) {
        return oc_ok();
    }
    char *end = NULL;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number > 65535) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "%s=\"%s\" is not a decimal number", attribute,
                           text);
    }
    *out = number;
    return oc_ok();
}

static oc_result build_take(const oc_build *build, const xmlNode *node, oc_take *out)
{
    static const char *const parts[] = {"command", "header", "data", "le", "answer", "sw", NULL};
    const char *text;
    bool present;
    unsigned part;
    *out = (oc_take){.name = oc_arena_text(build->arena, oc_xml_attr(node, "name"))};
    if (out->name == NULL) {
        return fail(build, node, "a take needs a name");
    }
    OC_TRY(word_of(build, node, "from", parts, OC_PART_ANSWER, &part));
    out->part = (enum oc_part)part;
    OC_TRY(take_number(build, node, "off", &out->offset, &present));
    OC_TRY(take_number(build, node, "len", &out->length, &out->has_length));
    OC_TRY(text_of(build, node, "fresh", &text));
    out->fresh = is_true(text);
    OC_TRY(text_of(build, node, "same", &text));
    out->same = is_true(text);
    return out->fresh && out->same ? fail(build, node, "a take is fresh or the same, not both") : oc_ok();
}

static oc_result build_takes(const oc_build *build, const xmlNode *node, oc_pattern *out)
{
    oc_take takes[OC_TAKES_MAX];
    for (const xmlNode *n = oc_xml_child(node, "take"); n != NULL; n = oc_xml_next(n, "take")) {
        if (out->take_count == OC_TAKES_MAX) {
            return oc_xml_fail(build->doc, n, build->diag, OC_E_LIMIT, "more than %d takes", OC_TAKES_MAX);
        }
        OC_TRY(build_take(build, n, &takes[out->take_count++]));
    }
    oc_take *kept = oc_arena_alloc(build->arena, (out->take_count + 1) * sizeof *kept);
    if (kept == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (out->take_count > 0) {
        memcpy(kept, takes, out->take_count * sizeof *kept);
    }
    out->takes = kept;
    return oc_ok();
}

/* times="2", "1-3", "2-": how often a must has to be met, and how often a may is allowed. */
static oc_result take_times(const oc_build *build, const xmlNode *node, oc_pattern *out)
{
    const char *text;
    OC_TRY(text_of(build, node, "times", &text));
    out->has_times = text != NULL;
    out->least = out->kind == OC_PATTERN_MUST ? 1 : 0;
    out->most = SIZE_MAX;
    if (text == NULL) {
        return oc_ok();
    }
    char *end = NULL;
    unsigned long least = strtoul(text, &end, 10);
    unsigned long most = least;
    bool right = *text >= '0' && *text <= '9';
    bool open = right && end[0] == '-' && end[1] == '\0';
    if (right && *end == '-' && !open) {
        const char *second = end + 1;
        right = *second >= '0' && *second <= '9';
        most = strtoul(second, &end, 10);
    }
    if (!right || (!open && *end != '\0') || most < least || most > 65535) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "times=\"%s\" is not written as 2, 1-3 or 2-",
                           text);
    }
    out->least = least;
    out->most = open ? SIZE_MAX : most;
    return out->kind == OC_PATTERN_MUST_NOT ? fail(build, node, "what must not be has no times") : oc_ok();
}

/* What is compared of an exchange. */
static oc_result take_parts(const oc_build *build, const xmlNode *node, oc_pattern *out)
{
    struct {
        const char *attribute;
        oc_choice *choice;
        size_t length; /* of each alternative; 0: one glob of any length */
    } rows[] = {{"cla", &out->cla, 1},   {"ins", &out->ins, 1},       {"p1", &out->p1, 1},
                {"p2", &out->p2, 1},     {"le", &out->le, 1},         {"sw", &out->sw, 2},
                {"data", &out->data, 0}, {"answer", &out->answer, 0}, {"command", &out->command, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text;
        OC_TRY(text_of(build, node, rows[i].attribute, &text));
        if (text == NULL) {
            continue;
        }
        if (rows[i].length > 0) {
            OC_TRY(
                placed(build, node, oc_choice_read(rows[i].choice, build->arena, text, rows[i].length, build->diag)));
            continue;
        }
        oc_glob *glob = oc_arena_alloc(build->arena, sizeof *glob);
        if (glob == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        OC_TRY(placed(build, node, oc_glob_read(glob, build->arena, text, build->diag)));
        *rows[i].choice = (oc_choice){.given = true, .any = glob, .count = 1};
    }
    return oc_ok();
}

static oc_result take_places(const oc_build *build, const xmlNode *parent, const xmlNode *node, oc_pattern *out)
{
    struct {
        const char *attribute;
        uint64_t *set;
    } rows[] = {{"except", &out->except}, {"after", &out->after}, {"before", &out->before},
                {"unless", &out->unless}, {"until", &out->until}, {"when", &out->when}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        OC_TRY(set_of(build, parent, node, rows[i].attribute, rows[i].set));
    }
    const char *text;
    OC_TRY(text_of(build, node, "directly", &text));
    out->directly = is_true(text);
    bool placed_somewhere = (out->after | out->before | out->unless) != 0;
    if ((out->directly || out->until != 0) && !placed_somewhere) {
        return fail(build, node, "directly and until say something of after, before or unless");
    }
    if (out->directly && out->until != 0) {
        return fail(build, node, "nothing comes between exchanges that follow each other directly: until");
    }
    if (out->when != 0 && out->kind != OC_PATTERN_MUST) {
        return fail(build, node, "when says something of a must alone");
    }
    return oc_ok();
}

/* The pattern as it is written, for evidence. */
static oc_result write_text(const oc_build *build, const xmlNode *node, oc_pattern *out)
{
    const char *text = oc_xml_name(node);
    for (const xmlAttr *attribute = node->properties; attribute != NULL && text != NULL; attribute = attribute->next) {
        const char *name = (const char *)attribute->name;
        const char *value;
        if (attribute->ns != NULL || strcmp(name, "req") == 0) {
            continue;
        }
        OC_TRY(text_of(build, node, name, &value));
        text = oc_arena_format(build->arena, "%s %s=\"%s\"", text, name, value == NULL ? "" : value);
    }
    out->text = text == NULL ? NULL : oc_arena_text(build->arena, text);
    return out->text == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static enum oc_pattern_kind kind_of(const xmlNode *node)
{
    return oc_xml_is(node, "must") ? OC_PATTERN_MUST : oc_xml_is(node, "may") ? OC_PATTERN_MAY : OC_PATTERN_MUST_NOT;
}

bool oc_is_pattern(const xmlNode *node)
{
    return oc_xml_is(node, "must") || oc_xml_is(node, "may") || oc_xml_is(node, "must-not");
}

static const char *const actors[] = {"card", "psam", "any", NULL};

static oc_result build_pattern(const oc_build *build, const xmlNode *parent, const xmlNode *node,
                               const oc_observation *observation, const char *requirement, oc_pattern *out)
{
    static const char *const resets[] = {"", "any", "cold", "warm", NULL};
    unsigned word;
    const char *id = oc_xml_attr(node, "id");
    *out = (oc_pattern){.kind = kind_of(node), .line = oc_xml_line(node)};
    out->id = oc_arena_text(build->arena, id == NULL ? "" : id);
    OC_TRY(write_text(build, node, out));
    OC_TRY(word_of(build, node, "actor", actors, observation->actor, &word));
    out->actor = (enum oc_pattern_actor)word;
    OC_TRY(word_of(build, node, "reset", resets, OC_PATTERN_COMMAND, &word));
    out->event = (enum oc_pattern_event)word;
    OC_TRY(text_of(build, node, "req", &out->requirement));
    out->requirement = out->requirement == NULL ? requirement : out->requirement;
    OC_TRY(take_parts(build, node, out));
    OC_TRY(take_places(build, parent, node, out));
    OC_TRY(take_times(build, node, out));
    bool command = out->cla.given || out->ins.given || out->p1.given || out->p2.given || out->le.given ||
                   out->sw.given || out->data.given || out->command.given;
    if (out->event != OC_PATTERN_COMMAND && command) {
        return fail(build, node, "a reset has an answer, and nothing else to compare");
    }
    return build_takes(build, node, out);
}

oc_result oc_build_patterns(const oc_build *build, const xmlNode *node, const char *requirement,
                            oc_observation *observation)
{
    size_t count = 0;
    for (const xmlNode *n = oc_xml_child(node, NULL); n != NULL; n = oc_xml_next(n, NULL)) {
        count += oc_is_pattern(n);
        const char *id = oc_is_pattern(n) ? oc_xml_attr(n, "id") : NULL;
        for (const xmlNode *m = oc_xml_next(n, NULL); id != NULL && m != NULL; m = oc_xml_next(m, NULL)) {
            const char *other = oc_is_pattern(m) ? oc_xml_attr(m, "id") : NULL;
            if (other != NULL && strcmp(id, other) == 0) {
                return oc_xml_fail(build->doc, m, build->diag, OC_E_FORMAT, "two patterns are called %s", id);
            }
        }
    }
    if (count == 0 || count > OC_PATTERNS_MAX) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_LIMIT, "one to %d patterns are observed",
                           OC_PATTERNS_MAX);
    }
    oc_pattern *patterns = oc_arena_alloc(build->arena, count * sizeof *patterns);
    if (patterns == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    observation->patterns = patterns;
    observation->count = 0;
    for (const xmlNode *n = oc_xml_child(node, NULL); n != NULL; n = oc_xml_next(n, NULL)) {
        if (oc_is_pattern(n)) {
            OC_TRY(build_pattern(build, node, n, observation, requirement, &patterns[observation->count++]));
        }
    }
    return oc_ok();
}

/* of="read read-2": ids apart by blanks. */
static oc_result take_of(const oc_build *build, const xmlNode *node, oc_observation *out)
{
    const char *text;
    const char *ids[OF_MAX];
    OC_TRY(text_of(build, node, "of", &text));
    for (const char *at = text; at != NULL && *(at += strspn(at, " \t\n\r")) != '\0';) {
        size_t len = strcspn(at, " \t\n\r");
        if (out->of_count == OF_MAX) {
            return oc_xml_fail(build->doc, node, build->diag, OC_E_LIMIT, "more than %d steps in of", OF_MAX);
        }
        ids[out->of_count++] = oc_arena_text_n(build->arena, at, len);
        at += len;
    }
    const char **kept = oc_arena_alloc(build->arena, (out->of_count + 1) * sizeof *kept);
    if (kept == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (out->of_count > 0) {
        memcpy(kept, ids, out->of_count * sizeof *kept);
    }
    out->of = kept;
    return oc_ok();
}

oc_result oc_build_observation(const oc_build *build, const xmlNode *node, const oc_observation **out)
{
    static const char *const orders[] = {"free", "fixed", NULL};
    static const char *const rests[] = {"any", "none", NULL};
    static const char *const exchanges[] = {"logical", "raw", NULL};
    oc_observation *observation = oc_arena_alloc(build->arena, sizeof *observation);
    if (observation == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    unsigned word;
    const char *requirement;
    OC_TRY(word_of(build, node, "actor", actors, OC_PATTERN_CARD, &word));
    observation->actor = (enum oc_pattern_actor)word;
    OC_TRY(word_of(build, node, "order", orders, 0, &word));
    observation->fixed = word == 1;
    OC_TRY(word_of(build, node, "rest", rests, 0, &word));
    observation->rest_none = word == 1;
    OC_TRY(word_of(build, node, "exchanges", exchanges, 0, &word));
    observation->raw = word == 1;
    OC_TRY(take_of(build, node, observation));
    OC_TRY(text_of(build, node, "req", &requirement));
    *out = observation;
    return oc_build_patterns(build, node, requirement, observation);
}

oc_result oc_build_observed_instead(const oc_build *build, const xmlNode *expect, const oc_observation **observation)
{
    oc_observation *other = oc_arena_alloc(build->arena, sizeof *other);
    if (other == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    *other = **observation;
    *observation = other;
    return oc_build_patterns(build, expect, NULL, other);
}
