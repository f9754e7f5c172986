/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/limits.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/base/xml.h"

#define LIMITS_MAX ((size_t)4 * 1024 * 1024)

/* limits.xsd, built in. */
extern const uint8_t oc_limits_xsd[];
extern const size_t oc_limits_xsd_size;

static const char *const status_names[] = {"normative", "guidance", "house", "unconfirmed"};

const char *oc_limit_status_name(enum oc_limit_status status)
{
    return status_names[status];
}

/* A place in what is read, for messages. */
struct source {
    const char *file;
    oc_diag *diag;
};

static oc_result wrong(const struct source *source, const xmlNode *node, const char *reason)
{
    return oc_diag_fail_at(source->diag, OC_E_FORMAT, source->file, oc_xml_line(node), "%s", reason);
}

static const char *keep(oc_limits *limits, const char *text, bool *bad)
{
    char *kept = text == NULL ? NULL : oc_arena_text(&limits->arena, text);
    *bad = *bad || (text != NULL && kept == NULL);
    return kept;
}

static void take_titles(oc_limits *limits, const xmlNode *node, const char **zh, const char **en, bool *bad)
{
    for (const xmlNode *title = oc_xml_child(node, "title"); title != NULL; title = oc_xml_next(title, "title")) {
        oc_buf text = {0};
        const char *lang = oc_xml_attr(title, "lang");
        if (!oc_is_ok(oc_xml_text(&text, title)) || !oc_is_ok(oc_buf_append_byte(&text, 0))) {
            *bad = true;
        } else {
            *(lang != NULL && strcmp(lang, "zh") == 0 ? zh : en) = keep(limits, (const char *)text.at, bad);
        }
        oc_buf_free(&text);
    }
}

/* Decimal with a point, whatever the locale: digits were checked by the schema. */
static double decimal(const char *text)
{
    double value = 0;
    double scale = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '.') {
            scale = 1;
        } else if (*c >= '0' && *c <= '9') {
            value = value * 10 + (*c - '0');
            scale *= 10;
        }
    }
    return scale > 0 ? value / scale : value;
}

static bool says(const xmlNode *node, const char *name, const char *value)
{
    const char *text = oc_xml_attr(node, name);
    return text != NULL && strcmp(text, value) == 0;
}

static oc_result take_rule(oc_limits *limits, const struct source *source, const xmlNode *node, oc_decision_rule *rule)
{
    bool bad = false;
    *rule = (oc_decision_rule){.id = keep(limits, oc_xml_attr(node, "id"), &bad),
                               .is_max = says(node, "kind", "max"),
                               .confidence = decimal(oc_xml_attr(node, "confidence")),
                               .minimum_n = strtoull(oc_xml_attr(node, "minimum-n"), NULL, 10),
                               .has_guard = !says(node, "guard-band", "none"),
                               .any_clock = says(node, "clock", "any")};
    if (rule->confidence < 0.5 || rule->confidence > 0.9999) {
        return wrong(source, node, "the confidence of a rule lies between 0.5 and 0.9999");
    }
    return bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result take_limit(oc_limits *limits, const struct source *source, const xmlNode *node, oc_limit *limit)
{
    bool bad = false;
    *limit = (oc_limit){.id = keep(limits, oc_xml_attr(node, "id"), &bad),
                        .scope = keep(limits, oc_xml_attr(node, "scope"), &bad),
                        .statistic = keep(limits, oc_xml_attr(node, "statistic"), &bad),
                        .value = keep(limits, oc_xml_attr(node, "value"), &bad),
                        .unit = keep(limits, oc_xml_attr(node, "unit"), &bad),
                        .source = keep(limits, oc_xml_attr(node, "source"), &bad),
                        .clause = keep(limits, oc_xml_attr(node, "clause"), &bad),
                        .status = OC_LIMIT_UNCONFIRMED};
    take_titles(limits, node, &limit->title_zh, &limit->title_en, &bad);
    if (bad) {
        return oc_fail(OC_E_MEMORY);
    }
    for (unsigned i = 0; i < 4; i++) {
        limit->status = says(node, "status", status_names[i]) ? (enum oc_limit_status)i : limit->status;
    }
    for (size_t i = 0; i < limits->rule_count; i++) {
        limit->rule = says(node, "rule", limits->rules[i].id) ? &limits->rules[i] : limit->rule;
    }
    if (limit->rule == NULL) {
        return wrong(source, node, "the limit names a rule that does not exist");
    }
    if (!oc_metric_parse(&limit->metric, limit->scope, strlen(limit->scope))) {
        return wrong(source, node, "the scope is KIND.NAME, as in tx.read_basic or class.read_record");
    }
    limit->ns = decimal(limit->value) * oc_unit_ns(limit->unit);
    limit->p = limit->statistic[0] == 'p' ? decimal(limit->statistic + 1) / 100 : 1;
    if (limit->rule->is_max != (strcmp(limit->statistic, "max") == 0)) {
        return wrong(source, node,
                     "a rule of the kind max is for the statistic max, one of percentiles for a percentile");
    }
    if (limit->ns < 1 || limit->p <= 0 || limit->p > 1) {
        return wrong(source, node,
                     "a limit of 1 ns or more, in ns, us, ms or s, for max or a percentile p0.1 to p99.99");
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

static oc_result take_all(oc_limits *out, const struct source *source, const xmlNode *root)
{
    bool bad = false;
    size_t rules = count_of(root, "rule");
    size_t limits = count_of(root, "limit");
    out->id = keep(out, oc_xml_attr(root, "id"), &bad);
    take_titles(out, root, &out->title_zh, &out->title_en, &bad);
    out->rules = oc_arena_alloc(&out->arena, (rules + 1) * sizeof *out->rules);
    out->limits = oc_arena_alloc(&out->arena, (limits + 1) * sizeof *out->limits);
    if (bad || out->rules == NULL || out->limits == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    out->rule_count = out->limit_count = 0;
    for (const xmlNode *node = oc_xml_child(root, "rule"); node != NULL; node = oc_xml_next(node, "rule")) {
        OC_TRY(take_rule(out, source, node, &out->rules[out->rule_count]));
        out->rule_count++;
    }
    for (const xmlNode *node = oc_xml_child(root, "limit"); node != NULL; node = oc_xml_next(node, "limit")) {
        OC_TRY(take_limit(out, source, node, &out->limits[out->limit_count]));
        out->limit_count++;
    }
    return oc_ok();
}

static oc_result digest_of(oc_limits *limits, oc_span content)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    char digits[65];
    bool bad = EVP_Digest(content.at, content.len, digest, NULL, EVP_sha256(), NULL) != 1;
    oc_hex_encode(digits, sizeof digits, oc_span_of(digest, 32));
    limits->sha256 = keep(limits, digits, &bad);
    return bad ? oc_fail(OC_E_CRYPTO) : oc_ok();
}

static oc_result check_profile(const oc_xml_doc *doc, oc_diag *diag)
{
    oc_xml_schema *schema = NULL;
    OC_TRY(oc_xml_schema_parse(&schema, oc_span_of(oc_limits_xsd, oc_limits_xsd_size), "limits.xsd", diag));
    oc_result r = oc_xml_validate(doc, schema, diag);
    oc_xml_schema_free(&schema);
    return r;
}

static oc_result load_content(oc_limits *out, oc_span content, const char *path, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    const oc_xml_limits bounds = {.bytes = LIMITS_MAX, .depth = 8};
    OC_TRY(oc_xml_parse(&doc, content, path, &bounds, diag));
    oc_result r = check_profile(doc, diag);
    if (oc_is_ok(r)) {
        r = take_all(out, &(struct source){path, diag}, oc_xml_root(doc));
    }
    oc_xml_free(&doc);
    return r;
}

oc_result oc_limits_load(oc_limits *out, const char *path, oc_diag *diag)
{
    oc_buf content = {0};
    bool bad = false;
    OC_TRY(oc_file_read(&content, path, LIMITS_MAX, diag));
    oc_result r = load_content(out, oc_buf_span(&content), path, diag);
    if (oc_is_ok(r)) {
        const char *slash = strrchr(path, '/');
        out->file = keep(out, slash == NULL ? path : slash + 1, &bad);
        r = bad ? oc_fail(OC_E_MEMORY) : digest_of(out, oc_buf_span(&content));
    }
    oc_buf_free(&content);
    return r;
}

oc_result oc_limits_take(oc_limits *out, const xmlNode *limits, oc_diag *diag)
{
    bool bad = false;
    OC_TRY(take_all(out, &(struct source){"result.xml", diag}, limits));
    out->file = keep(out, oc_xml_attr(limits, "file"), &bad);
    out->sha256 = keep(out, oc_xml_attr(limits, "sha256"), &bad);
    for (const xmlNode *node = oc_xml_child(limits, "threshold"); node != NULL;
         node = oc_xml_next(node, "threshold")) {
        oc_buf text = {0};
        oc_result r = oc_xml_text(&text, node);
        if (oc_is_ok(r)) {
            r = oc_buf_append_byte(&text, 0);
        }
        if (oc_is_ok(r)) {
            r = oc_limits_threshold(out, (const char *)text.at, diag);
        }
        oc_buf_free(&text);
        OC_TRY(r);
    }
    return bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

oc_result oc_limits_threshold(oc_limits *out, const char *text, oc_diag *diag)
{
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7F || !xmlCheckUTF8((const xmlChar *)text)) {
            return oc_diag_fail(diag, OC_E_USAGE, "a threshold is one line of UTF-8 text");
        }
    }
    const char *kept = oc_arena_text(&out->arena, text);
    oc_threshold *more = realloc(out->thresholds, (out->threshold_count + 1) * sizeof *more);
    if (kept == NULL || more == NULL) {
        out->thresholds = more == NULL ? out->thresholds : more;
        return oc_fail(OC_E_MEMORY);
    }
    out->thresholds = more;
    OC_TRY(oc_threshold_parse(&more[out->threshold_count], kept, diag));
    out->threshold_count++;
    return oc_ok();
}

void oc_limits_free(oc_limits *limits)
{
    free(limits->thresholds);
    oc_arena_free(&limits->arena);
    *limits = (oc_limits){0};
}
