/* SPDX-License-Identifier: Apache-2.0 */
/* Logs of foreign forms: lines matched by regular expressions, of which groups are command, answer and so on. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/judge/capture.h"
#include "sim/base/hex.h"

#define FORMS_MAX 32
#define GROUPS_MAX 9
#define LINE_BYTES_MAX 65536
#define MAP_BYTES_MAX ((size_t)64 * 1024)
#define PATTERN_MAX 1000 /* characters of an expression */

enum form_kind { FORM_COMMAND, FORM_ANSWER, FORM_EXCHANGE, FORM_RESET };

struct form {
    regex_t expression;
    bool compiled;
    enum form_kind kind;
    enum oc_pattern_actor actor;
    unsigned command, answer; /* groups; 0: none */
};

struct oc_log_map {
    struct form forms[FORMS_MAX];
    size_t count;
};

void oc_log_map_free(oc_log_map **map)
{
    for (size_t i = 0; *map != NULL && i < (*map)->count; i++) {
        if ((*map)->forms[i].compiled) {
            regfree(&(*map)->forms[i].expression);
        }
    }
    free(*map);
    *map = NULL;
}

static unsigned group_of(const xmlNode *node, const char *name)
{
    const char *text = oc_xml_attr(node, name);
    return text != NULL && text[0] >= '1' && text[0] <= '9' && text[1] == '\0' ? (unsigned)(text[0] - '0') : 0;
}

static oc_result take_form(struct form *form, const oc_xml_doc *doc, const xmlNode *node, oc_diag *diag)
{
    static const char *const kinds[] = {"command", "answer", "exchange", "reset"};
    const char *kind = oc_xml_attr(node, "kind");
    const char *expression = oc_xml_attr(node, "match");
    const char *actor = oc_xml_attr(node, "actor");
    size_t at = 0;
    while (kind != NULL && at < 4 && strcmp(kinds[at], kind) != 0) {
        at++;
    }
    if (kind == NULL || at == 4 || expression == NULL || strlen(expression) > PATTERN_MAX) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT,
                           "a line needs kind (command, answer, exchange, reset) and match");
    }
    form->kind = (enum form_kind)at;
    form->actor = actor != NULL && strcmp(actor, "psam") == 0 ? OC_PATTERN_PSAM : OC_PATTERN_CARD;
    form->command = group_of(node, "command");
    form->answer = group_of(node, "answer");
    char why[200] = "";
    int failed = regcomp(&form->expression, expression, REG_EXTENDED);
    form->compiled = failed == 0;
    if (failed != 0) {
        regerror(failed, &form->expression, why, sizeof why);
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "match is no extended regular expression: %s", why);
    }
    bool needs_command = form->kind == FORM_COMMAND || form->kind == FORM_EXCHANGE;
    bool needs_answer = form->kind == FORM_ANSWER || form->kind == FORM_EXCHANGE;
    size_t groups = form->expression.re_nsub;
    if ((needs_command && form->command == 0) || (needs_answer && form->answer == 0) || form->command > groups ||
        form->answer > groups) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT,
                           "command and answer say which group of match they are, 1 to %zu", groups);
    }
    return oc_ok();
}

static oc_result take_forms(oc_log_map *map, const oc_xml_doc *doc, oc_diag *diag)
{
    const xmlNode *root = oc_xml_root(doc);
    if (!oc_xml_is(root, "log-map")) {
        return oc_xml_fail(doc, root, diag, OC_E_FORMAT, "this is no log map");
    }
    for (const xmlNode *node = oc_xml_child(root, "line"); node != NULL; node = oc_xml_next(node, "line")) {
        if (map->count == FORMS_MAX) {
            return oc_xml_fail(doc, node, diag, OC_E_LIMIT, "more than %d lines", FORMS_MAX);
        }
        OC_TRY(take_form(&map->forms[map->count++], doc, node, diag));
    }
    return map->count > 0 ? oc_ok() : oc_xml_fail(doc, root, diag, OC_E_FORMAT, "a log map without lines");
}

static oc_result make_map(oc_log_map **out, const oc_xml_doc *doc, oc_diag *diag)
{
    *out = calloc(1, sizeof **out);
    oc_result r = *out == NULL ? oc_fail(OC_E_MEMORY) : take_forms(*out, doc, diag);
    if (!oc_is_ok(r)) {
        oc_log_map_free(out);
    }
    return r;
}

oc_result oc_log_map_parse(oc_log_map **out, oc_span xml, const char *name, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    const oc_xml_limits limits = {.bytes = MAP_BYTES_MAX};
    *out = NULL;
    OC_TRY(oc_xml_parse(&doc, xml, name, &limits, diag));
    oc_result r = make_map(out, doc, diag);
    oc_xml_free(&doc);
    return r;
}

oc_result oc_log_map_load(oc_log_map **out, const char *path, const char *schema_path, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    oc_xml_schema *schema = NULL;
    const oc_xml_limits limits = {.bytes = MAP_BYTES_MAX};
    *out = NULL;
    OC_TRY(oc_xml_load(&doc, path, &limits, diag));
    oc_result r = oc_xml_schema_new(&schema, schema_path, diag);
    if (oc_is_ok(r)) {
        r = oc_xml_validate(doc, schema, diag);
    }
    if (oc_is_ok(r)) {
        r = make_map(out, doc, diag);
    }
    oc_xml_schema_free(&schema);
    oc_xml_free(&doc);
    return r;
}

struct log {
    oc_capture *capture;
    const oc_log_map *map;
    oc_diag *diag;
    size_t line;
    bool waiting;
    oc_raw_exchange command;
};

static oc_result fail(const struct log *log, const char *reason)
{
    return oc_diag_fail_at(log->diag, OC_E_FORMAT, log->capture->name, (long)log->line, "%s", reason);
}

/* Hex of a group, with whatever stands between the bytes left out: blanks, colons, dashes, 0x. */
static oc_result group_bytes(struct log *log, const char *text, const regmatch_t *match, oc_seen_bytes *out)
{
    char digits[LINE_BYTES_MAX];
    size_t count = 0;
    *out = (oc_seen_bytes){.cut = false};
    for (regoff_t i = match->rm_so; i >= 0 && i < match->rm_eo; i++) {
        bool prefix = text[i] == '0' && i + 1 < match->rm_eo && (text[i + 1] == 'x' || text[i + 1] == 'X');
        if (prefix) {
            i++;
        } else if (strchr(" \t:-,", text[i]) == NULL) {
            digits[count++] = text[i];
        }
    }
    oc_buf bytes = {0};
    oc_result r = oc_hex_decode(&bytes, digits, count);
    if (oc_is_ok(r)) {
        out->bytes = oc_arena_bytes(&log->capture->arena, oc_buf_span(&bytes));
    }
    oc_buf_free(&bytes);
    return r.code == OC_E_FORMAT ? fail(log, "what the map takes for bytes is no hex") : r;
}

static oc_result end_command(struct log *log)
{
    if (!log->waiting) {
        return oc_ok();
    }
    log->waiting = false;
    log->command.failed = log->command.response.bytes.len < 2;
    return oc_capture_add(log->capture, &log->command);
}

static oc_result take_match(struct log *log, const struct form *form, const char *text, const regmatch_t *matches)
{
    if (form->kind != FORM_ANSWER) {
        OC_TRY(end_command(log));
        log->command = (oc_raw_exchange){
            .actor = form->actor, .is_reset = form->kind == FORM_RESET, .place = log->line};
        log->waiting = true;
    }
    if (form->command > 0) {
        OC_TRY(group_bytes(log, text, &matches[form->command], &log->command.command));
    }
    if (form->answer > 0 && log->waiting) {
        OC_TRY(group_bytes(log, text, &matches[form->answer], &log->command.response));
    }
    bool whole = form->kind != FORM_COMMAND;
    if (!whole || !log->waiting) {
        return oc_ok();
    }
    if (log->command.is_reset) {
        log->waiting = false;
        return oc_capture_add(log->capture, &log->command);
    }
    return end_command(log);
}

static oc_result take_line(struct log *log, const char *text)
{
    for (size_t i = 0; i < log->map->count; i++) {
        regmatch_t matches[GROUPS_MAX + 1];
        if (regexec(&log->map->forms[i].expression, text, GROUPS_MAX + 1, matches, 0) == 0) {
            return take_match(log, &log->map->forms[i], text, matches);
        }
    }
    return oc_ok();
}

oc_result oc_capture_log(oc_capture *capture, oc_span content, const oc_log_map *map, oc_diag *diag)
{
    struct log log = {.capture = capture, .map = map, .diag = diag};
    char *line = malloc(LINE_BYTES_MAX);
    oc_result r = line == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    capture->format = "log";
    while (oc_is_ok(r) && content.len > 0) {
        const uint8_t *feed = memchr(content.at, '\n', content.len);
        size_t len = feed == NULL ? content.len : (size_t)(feed - content.at);
        log.line++;
        if (len >= LINE_BYTES_MAX) {
            r = fail(&log, "a line of more than 65,535 bytes");
        } else if (memchr(content.at, '\0', len) != NULL) {
            r = fail(&log, "this line is no text");
        } else {
            memcpy(line, content.at, len);
            line[len] = '\0';
            line[strcspn(line, "\r")] = '\0';
            r = take_line(&log, line);
        }
        content = oc_span_slice(content, len + 1, content.len);
    }
    free(line);
    return oc_is_ok(r) ? end_command(&log) : r;
}
