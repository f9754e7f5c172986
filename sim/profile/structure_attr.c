/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/profile/structure_attr.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/profile/values.h"

oc_result oc_attr_text(struct loader *loader, const xmlNode *node, const char *name, const char **out)
{
    *out = oc_xml_attr(node, name);
    if (*out == NULL || strncmp(*out, OC_SETTING_PREFIX, strlen(OC_SETTING_PREFIX)) != 0) {
        return oc_ok();
    }
    const char *setting = *out + strlen(OC_SETTING_PREFIX);
    *out = oc_profile_setting(loader->profile, setting);
    if (*out == NULL) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "there is no setting '%s'", setting);
    }
    return oc_ok();
}

oc_result oc_attr_number(struct loader *loader, const xmlNode *node, const char *name, unsigned absent, unsigned *out)
{
    const char *text = NULL;
    OC_TRY(oc_attr_text(loader, node, name, &text));
    if (text == NULL) {
        *out = absent;
        return oc_ok();
    }
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 5 || text[digits] != '\0') {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "%s='%s' is not a number", name, text);
    }
    *out = (unsigned)strtoul(text, NULL, 10);
    return oc_ok();
}

oc_result oc_attr_hex(struct loader *loader, const xmlNode *node, const char *name, unsigned absent, unsigned *out)
{
    (void)loader; /* the schema lets two hex digits pass only */
    const char *text = oc_xml_attr(node, name);
    *out = text == NULL ? absent : (unsigned)strtoul(text, NULL, 16);
    return oc_ok();
}

oc_result oc_attr_word(struct loader *loader, const xmlNode *node, const char *name, const struct oc_word *words,
                       unsigned *out)
{
    const char *text = NULL;
    OC_TRY(oc_attr_text(loader, node, name, &text));
    for (; text != NULL && words->word != NULL; words++) {
        if (strcmp(words->word, text) == 0) {
            *out = words->value;
            return oc_ok();
        }
    }
    return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "'%s' cannot be the %s of a %s",
                       text == NULL ? "" : text, name, oc_xml_name(node));
}

oc_result oc_attr_kind(struct loader *loader, const xmlNode *node, enum oc_kind *out)
{
    static const struct oc_word kinds[] = {{"cn", OC_KIND_CN}, {"an", OC_KIND_AN}, {"b", OC_KIND_B}, {NULL, 0}};
    unsigned kind = OC_KIND_B;
    OC_TRY(oc_attr_word(loader, node, "kind", kinds, &kind));
    *out = (enum oc_kind)kind;
    return oc_ok();
}

oc_result oc_attr_rule(struct loader *loader, const xmlNode *node, const char *name, const char *key_name,
                       oc_profile_rule *out)
{
    static const struct oc_word rules[] = {{"free", OC_RULE_FREE},
                                           {"pin", OC_RULE_PIN},
                                           {"key", OC_RULE_KEY},
                                           {"pin-and-key", OC_RULE_PIN_AND_KEY},
                                           {"pin-or-key", OC_RULE_PIN_OR_KEY},
                                           {"never", OC_RULE_NEVER},
                                           {NULL, 0}};
    unsigned rule = OC_RULE_NEVER;
    OC_TRY(oc_attr_word(loader, node, name, rules, &rule));
    out->rule = (enum oc_rule)rule;
    bool needs_key = rule == OC_RULE_KEY || rule == OC_RULE_PIN_AND_KEY || rule == OC_RULE_PIN_OR_KEY;
    const char *key = oc_xml_attr(node, key_name);
    /* A rule that a setting chooses may name its key whether it is needed or not. */
    const char *written = oc_xml_attr(node, name);
    bool chosen = written != NULL && strncmp(written, OC_SETTING_PREFIX, strlen(OC_SETTING_PREFIX)) == 0;
    if ((needs_key && key == NULL) || (!needs_key && !chosen && key != NULL)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "%s='%s' %s a %s", name, written,
                           needs_key ? "needs" : "does not use", key_name);
    }
    if (needs_key) {
        snprintf(out->key_name, sizeof out->key_name, "%s", key);
    }
    return oc_ok();
}

oc_result oc_attr_condition(struct loader *loader, const xmlNode *node, const char *name, bool absent, bool *out)
{
    const char *text = NULL;
    OC_TRY(oc_attr_text(loader, node, name, &text));
    *out = text == NULL ? absent : strcmp(text, "on") == 0;
    return oc_ok();
}

oc_result oc_attr_wanted(struct loader *loader, const xmlNode *node, bool *out)
{
    bool unwanted = false;
    OC_TRY(oc_attr_condition(loader, node, "if", true, out));
    OC_TRY(oc_attr_condition(loader, node, "unless", false, &unwanted));
    *out = *out && !unwanted;
    return oc_ok();
}

oc_result oc_attr_bytes(struct loader *loader, const xmlNode *node, const char *tokens, oc_span *out)
{
    oc_buf bytes = {0};
    oc_result r = oc_value_parse(&bytes, tokens, loader->diag);
    if (!oc_is_ok(r)) {
        oc_diag_place(loader->diag, oc_xml_doc_name(loader->doc), oc_xml_line(node));
    } else {
        /* Known and empty is not the same as unknown: the pointer is never NULL. */
        *out = bytes.len == 0 ? oc_span_of("", 0) : oc_arena_bytes(&loader->profile->arena, oc_buf_span(&bytes));
        r = out->at == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    oc_buf_free(&bytes);
    return r;
}
