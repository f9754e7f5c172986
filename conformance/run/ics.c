/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/ics.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/arena.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/base/xml.h"
#include "sim/terminal/functions.h"

#define ICS_BYTES_MAX ((size_t)256 * 1024)

struct oc_ics {
    oc_xml_doc *doc;
    xmlBufferPtr xml;
    enum oc_ics_kind kind;
    char digest[65];
};

/* What the supplier of an item knows of it, and the simulator cannot decide for him. Functions are added to them. */
static const char *const card_terms[] = {"card.ssse", "card.df01", "card.df02", "card.df03", "card.df04", "card.df05",
                                         "card.df06", "card.df07", "card.pki",  "alg.3des",  "alg.sm4",   NULL};
static const char *const terminal_terms[] = {"terminal.hsm", "terminal.eleven-items", NULL};
static const char *const host_terms[] = {"host.medical", NULL};

static const struct {
    const char *name;
    const char *const *terms;
    bool functions;
} kinds[] = {
    [OC_ICS_CARD] = {"card", card_terms, false},
    [OC_ICS_TERMINAL] = {"terminal", terminal_terms, true},
    [OC_ICS_HOST] = {"host", host_terms, false},
};

const char *oc_ics_kind_name(enum oc_ics_kind kind)
{
    return kinds[kind].name;
}

bool oc_ics_term(enum oc_ics_kind kind, size_t at, char out[OC_ICS_TERM_MAX])
{
    size_t count = 0;
    const oc_function *functions = oc_functions(&count);
    for (const char *const *term = kinds[kind].terms; *term != NULL; term++) {
        if (at-- == 0) {
            snprintf(out, OC_ICS_TERM_MAX, "%s", *term);
            return true;
        }
    }
    for (size_t i = 0; kinds[kind].functions && i < count; i++) {
        if (oc_function_is_standard(&functions[i]) && at-- == 0) {
            snprintf(out, OC_ICS_TERM_MAX, "terminal.has(%s)", functions[i].name);
            return true;
        }
    }
    return false;
}

static bool can_be_declared(enum oc_ics_kind kind, const char *text)
{
    char term[OC_ICS_TERM_MAX];
    for (size_t i = 0; oc_ics_term(kind, i, term); i++) {
        if (strcmp(term, text) == 0) {
            return true;
        }
    }
    return false;
}

static oc_result take_kind(oc_ics *ics, oc_diag *diag)
{
    const xmlNode *root = oc_xml_root(ics->doc);
    const char *kind = oc_xml_attr(oc_xml_child(root, "item"), "kind");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kind, kinds[i].name) == 0) {
            ics->kind = (enum oc_ics_kind)i;
        }
    }
    for (const xmlNode *node = oc_xml_child(root, "declares"); node != NULL; node = oc_xml_next(node, "declares")) {
        if (!can_be_declared(ics->kind, oc_xml_attr(node, "term"))) {
            return oc_xml_fail(ics->doc, node, diag, OC_E_FORMAT,
                               "%s is nothing that a %s declares; onecard ics asks for "
                               "what is",
                               oc_xml_attr(node, "term"), kind);
        }
    }
    return oc_ok();
}

static oc_result take_copy(oc_ics *ics, oc_span text)
{
    uint8_t digest[32];
    const xmlNode *root = oc_xml_root(ics->doc);
    ics->xml = xmlBufferCreate();
    if (ics->xml == NULL || xmlNodeDump(ics->xml, root->doc, (xmlNode *)(uintptr_t)root, 0, 0) < 0) {
        return oc_fail(OC_E_MEMORY);
    }
    if (EVP_Digest(text.at, text.len, digest, NULL, EVP_sha256(), NULL) != 1) {
        return oc_fail(OC_E_CRYPTO);
    }
    oc_hex_encode(ics->digest, sizeof ics->digest, oc_span_of(digest, sizeof digest));
    return oc_ok();
}

static oc_result load(oc_ics *ics, oc_span text, const char *path, const char *schema_path, oc_diag *diag)
{
    oc_xml_schema *schema = NULL;
    OC_TRY(oc_xml_parse(&ics->doc, text, path, NULL, diag));
    OC_TRY(oc_xml_schema_new(&schema, schema_path, diag));
    oc_result r = oc_xml_validate(ics->doc, schema, diag);
    oc_xml_schema_free(&schema);
    OC_TRY(r);
    OC_TRY(take_kind(ics, diag));
    return take_copy(ics, text);
}

oc_result oc_ics_load(oc_ics **out, const char *path, const char *schema_path, oc_diag *diag)
{
    oc_buf text = {0};
    oc_ics *ics = calloc(1, sizeof *ics);
    *out = ics;
    oc_result r = ics == NULL ? oc_fail(OC_E_MEMORY) : oc_file_read(&text, path, ICS_BYTES_MAX, diag);
    if (oc_is_ok(r)) {
        r = load(ics, oc_buf_span(&text), path, schema_path, diag);
    }
    oc_buf_free(&text);
    if (!oc_is_ok(r)) {
        oc_ics_free(out);
    }
    return r;
}

void oc_ics_free(oc_ics **ics)
{
    if (*ics != NULL) {
        oc_xml_free(&(*ics)->doc);
        xmlBufferFree((*ics)->xml);
        free(*ics);
        *ics = NULL;
    }
}

enum oc_ics_kind oc_ics_kind(const oc_ics *ics)
{
    return ics->kind;
}

const char *oc_ics_xml(const oc_ics *ics)
{
    return (const char *)xmlBufferContent(ics->xml);
}

const char *oc_ics_digest(const oc_ics *ics)
{
    return ics->digest;
}

static bool declares(const oc_ics *ics, const char *text)
{
    const xmlNode *node = oc_xml_child(oc_xml_root(ics->doc), "declares");
    for (; node != NULL; node = oc_xml_next(node, "declares")) {
        const char *supported = oc_xml_attr(node, "supported");
        if (strcmp(oc_xml_attr(node, "term"), text) == 0) {
            return strcmp(supported, "true") == 0 || strcmp(supported, "1") == 0;
        }
    }
    return false;
}

static void term_text(const oc_term *term, char out[OC_ICS_TERM_MAX])
{
    if (term->argument[0] == '\0') {
        snprintf(out, OC_ICS_TERM_MAX, "%s", term->name);
    } else {
        snprintf(out, OC_ICS_TERM_MAX, "%s(%s)", term->name, term->argument);
    }
}

bool oc_ics_denies(const oc_ics *ics, const oc_term *term)
{
    char text[OC_ICS_TERM_MAX];
    if (ics == NULL) {
        return false;
    }
    term_text(term, text);
    return can_be_declared(ics->kind, text) && !declares(ics, text);
}

struct asking {
    const oc_ics *ics;
    oc_term_answer *answer;
    void *context;
    char denied[OC_ICS_TERM_MAX]; /* the first that is there and not declared */
};

static oc_result answer_declared(void *context, const oc_term *term, bool *value)
{
    struct asking *asking = context;
    OC_TRY(asking->answer(asking->context, term, value));
    if (*value && oc_ics_denies(asking->ics, term)) {
        *value = false;
        if (asking->denied[0] == '\0') {
            term_text(term, asking->denied);
        }
    }
    return oc_ok();
}

static bool calls_undeclared(const oc_ics *ics, const oc_case *subject, char denied[OC_ICS_TERM_MAX])
{
    for (size_t i = 0; i < subject->step_count; i++) {
        const oc_step *step = &subject->steps[i];
        const char *const functions[] = {step->name, step->second};
        for (size_t k = 0; step->kind == OC_STEP_CALL && k < 2 && functions[k] != NULL; k++) {
            oc_term term = {.name = "terminal.has"};
            snprintf(term.argument, sizeof term.argument, "%s", functions[k]);
            if (oc_ics_denies(ics, &term)) {
                term_text(&term, denied);
                return true;
            }
        }
    }
    return false;
}

bool oc_ics_excludes(const oc_ics *ics, const oc_case *subject, oc_term_answer *answer, void *context, char *reason)
{
    struct asking asking = {.ics = ics, .answer = answer, .context = context};
    bool applies = true;
    if (ics == NULL) {
        return false;
    }
    bool excluded = calls_undeclared(ics, subject, asking.denied);
    if (!excluded && subject->applicability != NULL) {
        oc_result r = oc_condition_evaluate(subject->applicability, answer_declared, &asking, &applies, NULL, 0, NULL);
        excluded = oc_is_ok(r) && !applies && asking.denied[0] != '\0';
    }
    if (excluded) {
        snprintf(reason, OC_ICS_REASON_MAX, "ICS: %s not declared", asking.denied);
    }
    return excluded;
}

oc_result oc_ics_check(const oc_ics *ics, oc_term_answer *answer, void *context, oc_diag *diag)
{
    char text[OC_ICS_TERM_MAX];
    for (size_t i = 0; oc_ics_term(ics->kind, i, text); i++) {
        oc_term term = {0};
        bool there = false;
        size_t name = strcspn(text, "(");
        snprintf(term.name, sizeof term.name, "%.*s", (int)name, text);
        if (text[name] == '(') {
            snprintf(term.argument, sizeof term.argument, "%.*s", (int)strcspn(text + name + 1, ")"), text + name + 1);
        }
        OC_TRY(answer(context, &term, &there));
        if (declares(ics, text) && !there) {
            return oc_diag_fail_at(diag, OC_E_USAGE, oc_xml_doc_name(ics->doc), 0,
                                   "%s is declared, and the %s under test, or its profile, does not have it", text,
                                   kinds[ics->kind].name);
        }
    }
    return oc_ok();
}
