/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/causes.h"

#include <libxml/hash.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/html/commands.h"
#include "reports/html/finding.h"
#include "sim/base/hex.h"

#define KEY_ROOM 128
#define OTHERS "others"

struct cause {
    xmlNode *node;
    size_t cases;
    size_t cards;
    size_t unlisted;
};

oc_result oc_causes_begin(oc_causes *out, xmlNode *parent, const xmlNode *head)
{
    *out = (oc_causes){.parent = parent, .head = head, .by_key = xmlHashCreate(64), .by_digest = xmlHashCreate(256)};
    if (out->by_key == NULL || out->by_digest == NULL) {
        oc_causes_free(out);
        return oc_fail(OC_E_MEMORY);
    }
    return oc_ok();
}

static void free_cause(void *cause, const xmlChar *name)
{
    (void)name;
    free(cause);
}

void oc_causes_free(oc_causes *causes)
{
    if (causes->by_key != NULL) {
        xmlHashFree(causes->by_key, free_cause);
    }
    if (causes->by_digest != NULL) {
        xmlHashFree(causes->by_digest, NULL);
    }
    *causes = (oc_causes){0};
}

static const char *text_of(const xmlNode *node)
{
    return node == NULL || node->children == NULL ? "" : (const char *)node->children->content;
}

static const char *attribute(const xmlNode *node, const char *name)
{
    const char *value = node == NULL ? NULL : oc_xml_attr(node, name);
    return value == NULL ? "" : value;
}

/* What makes the cause of a case; all but `node` is borrowed or inside. */
struct trait {
    const char *verdict;
    const char *kind;
    const char *class;
    const char *what;
    const char *requirement;
    char received[32];
    char reason[256]; /* of a case without evidence */
};

/* The first of two texts with the ids of this case cut out, so that cases with the same reason are found. */
static void reason_of(char out[256], const oc_result_case *one)
{
    const char *text = text_of(oc_xml_child(one->node, "reason"));
    const char *twin = attribute(one->node, "twin");
    const char *at = twin[0] == '\0' ? NULL : strstr(text, twin);
    size_t before = at == NULL ? strlen(text) : (size_t)(at - text);
    size_t cut = before > 200 ? 200 : before;
    while (cut > 0 && cut < before && ((unsigned char)text[cut] & 0xC0) == 0x80) {
        cut--;
    }
    snprintf(out, 256, "%.*s%s", (int)cut, text, at != NULL || cut < before ? "…" : "");
}

static struct trait trait_of(const oc_result_case *one)
{
    const xmlNode *evidence = oc_xml_child(one->node, "evidence");
    const xmlNode *step = oc_finding_step(one->node);
    struct trait trait = {.verdict = oc_report_verdict_name(one->verdict),
                          .kind = attribute(step, "kind"),
                          .class = attribute(step, "class"),
                          .what = attribute(evidence, "what"),
                          .requirement = attribute(evidence, "requirement")};
    if (strcmp(trait.what, "sw") == 0 || strcmp(trait.what, "answer code") == 0) {
        snprintf(trait.received, sizeof trait.received, "%.24s", text_of(oc_xml_child(evidence, "received")));
    }
    if (evidence == NULL || trait.what[0] == '\0') {
        reason_of(trait.reason, one);
    }
    return trait;
}

static bool digest(char out[2 * 32 + 1], const char *const *parts, size_t count)
{
    uint8_t bytes[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    for (size_t i = 0; i < count && good; i++) {
        good = EVP_DigestUpdate(context, parts[i], strlen(parts[i]) + 1) == 1;
    }
    good = good && EVP_DigestFinal_ex(context, bytes, NULL) == 1;
    EVP_MD_CTX_free(context);
    if (good) {
        oc_hex_encode(out, 2 * 32 + 1, oc_span_of(bytes, 32));
    }
    return good;
}

static void describe(oc_pen *pen, xmlNode *node, const struct trait *trait)
{
    oc_pen_set(pen, node, "verdict", trait->verdict);
    oc_pen_set(pen, node, "kind", trait->kind);
    oc_pen_set(pen, node, "class", trait->class);
    oc_pen_set(pen, node, "what", trait->what);
    oc_pen_set(pen, node, "received", trait->received);
    oc_pen_set(pen, node, "requirement", trait->requirement);
    oc_pen_set(pen, node, "reason", trait->reason);
}

static oc_result find_cause(struct cause **out, oc_causes *causes, oc_pen *pen, const oc_result_case *one)
{
    char key[KEY_ROOM] = OTHERS;
    const struct trait trait = trait_of(one);
    const char *const parts[] = {trait.verdict,  trait.kind,        trait.class, trait.what,
                                 trait.received, trait.requirement, trait.reason};
    if (!digest(key, parts, sizeof parts / sizeof parts[0])) {
        return oc_fail(OC_E_CRYPTO);
    }
    *out = xmlHashLookup(causes->by_key, (const xmlChar *)key);
    bool full = causes->count >= OC_CAUSES_MAX;
    if (*out == NULL && full) {
        snprintf(key, sizeof key, OTHERS "-%s", trait.verdict);
        *out = xmlHashLookup(causes->by_key, (const xmlChar *)key);
    }
    if (*out != NULL) {
        return oc_ok();
    }
    *out = calloc(1, sizeof **out);
    if (*out == NULL || xmlHashAddEntry(causes->by_key, (const xmlChar *)key, *out) != 0) {
        free(*out);
        return oc_fail(OC_E_MEMORY);
    }
    (*out)->node = oc_pen_add(pen, causes->parent, "cause", NULL);
    describe(pen, (*out)->node, full ? &(struct trait){trait.verdict, "", "", "", "", "", ""} : &trait);
    causes->count++;
    return pen->bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

/* The same outcome in another pass is no second finding. */
static oc_result same_finding(xmlNode **found, char key[2 * 32 + 1], oc_causes *causes, const oc_result_case *one)
{
    const xmlNode *evidence = oc_xml_child(one->node, "evidence");
    const char *const parts[] = {one->id, oc_report_verdict_name(one->verdict),
                                 text_of(oc_xml_child(one->node, "reason")),
                                 evidence == NULL ? "" : text_of(oc_xml_child(evidence, "expected")),
                                 evidence == NULL ? "" : text_of(oc_xml_child(evidence, "received"))};
    if (!digest(key, parts, sizeof parts / sizeof parts[0])) {
        return oc_fail(OC_E_CRYPTO);
    }
    *found = xmlHashLookup(causes->by_digest, (const xmlChar *)key);
    return oc_ok();
}

oc_result oc_causes_take(oc_causes *causes, oc_pen *pen, const oc_result_case *one, size_t number)
{
    char key[2 * 32 + 1];
    struct cause *cause = NULL;
    xmlNode *finding = NULL;
    OC_TRY(find_cause(&cause, causes, pen, one));
    OC_TRY(same_finding(&finding, key, causes, one));
    cause->cases++;
    if (finding != NULL && causes->listed < OC_CAUSES_LISTED_MAX) {
        oc_pen_set(pen, oc_pen_add(pen, finding, "also", NULL), "pass", one->pass);
        causes->listed++;
    } else if (finding == NULL && cause->cards < OC_CAUSE_CARDS && causes->cards < OC_CAUSES_CARDS_MAX) {
        finding = oc_finding_write(pen, cause->node, one, number);
        oc_commands_write(pen, finding, causes->head, one);
        cause->cards++;
        causes->cards++;
        if (finding == NULL || xmlHashAddEntry(causes->by_digest, (const xmlChar *)key, finding) != 0) {
            return oc_fail(OC_E_MEMORY);
        }
    } else if (causes->listed < OC_CAUSES_LISTED_MAX) {
        xmlNode *more = oc_pen_add(pen, cause->node, "more", NULL);
        oc_pen_set(pen, more, "id", one->id);
        oc_pen_set(pen, more, "pass", one->pass);
        causes->listed++;
    } else {
        cause->unlisted++;
    }
    return pen->bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static void finish(void *payload, void *pen, const xmlChar *name)
{
    const struct cause *cause = payload;
    (void)name;
    oc_pen_set_number(pen, cause->node, "n", cause->cases);
    if (cause->unlisted > 0) {
        oc_pen_set_number(pen, cause->node, "unlisted", cause->unlisted);
    }
}

void oc_causes_finish(oc_causes *causes, oc_pen *pen)
{
    xmlHashScan(causes->by_key, finish, pen);
}
