/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/crypto/pin_block.h"
#include "sim/profile/model.h"
#include "sim/profile/structure_attr.h"

/* The schema is part of this library. */
extern const uint8_t oc_profile_xsd[];
extern const size_t oc_profile_xsd_size;

static oc_result check_document(oc_xml_doc **doc, const char *root, const oc_xml_schema *schema, oc_diag *diag)
{
    oc_result r = oc_xml_validate(*doc, schema, diag);
    if (oc_is_ok(r) && !oc_xml_is(oc_xml_root(*doc), root)) {
        r = oc_xml_fail(*doc, oc_xml_root(*doc), diag, OC_E_FORMAT, "this file holds a %s, a %s is wanted",
                        oc_xml_name(oc_xml_root(*doc)), root);
    }
    if (!oc_is_ok(r)) {
        oc_xml_free(doc);
    }
    return r;
}

static oc_result read_document(oc_xml_doc **out, const char *path, const char *root, const oc_xml_schema *schema,
                               oc_diag *diag)
{
    OC_TRY(oc_xml_load(out, path, NULL, diag));
    return check_document(out, root, schema, diag);
}

static oc_result hex_attr(struct loader *loader, const xmlNode *node, const char *name, oc_span *out)
{
    const char *text = node == NULL ? NULL : oc_xml_attr(node, name);
    return text == NULL ? oc_ok() : oc_attr_bytes(loader, node, text, out);
}

static oc_result read_titles(struct loader *loader, const xmlNode *root)
{
    for (const xmlNode *node = oc_xml_child(root, "title"); node != NULL; node = oc_xml_next(node, "title")) {
        const char *lang = oc_xml_attr(node, "xml:lang");
        oc_buf text = {0};
        oc_result r = oc_xml_text(&text, node);
        const char *kept = NULL;
        if (oc_is_ok(r)) {
            kept = oc_arena_text_n(&loader->profile->arena, (const char *)text.at, text.len);
        }
        oc_buf_free(&text);
        OC_TRY(r);
        *(lang != NULL && strcmp(lang, "zh") == 0 ? &loader->profile->title_zh : &loader->profile->title_en) = kept;
    }
    return oc_ok();
}

static oc_result read_head(struct loader *loader, const xmlNode *root)
{
    oc_profile *profile = loader->profile;
    const char *generation = oc_xml_attr(root, "generation");
    profile->id = oc_arena_text(&profile->arena, oc_xml_attr(root, "id"));
    profile->path = oc_arena_text(&profile->arena, oc_xml_doc_name(loader->doc));
    profile->generation = strcmp(generation, "2.01") == 0 ? 21 : (unsigned)(generation[0] - '0') * 10;
    profile->alg = strcmp(oc_xml_attr(root, "alg"), "SM4") == 0 ? OC_ALG_SM4 : OC_ALG_3DES;
    profile->issues = strcmp(oc_xml_attr(root, "use"), "issue") == 0;
    if (profile->id == NULL || profile->path == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    return read_titles(loader, root);
}

static oc_result read_settings(struct loader *loader, const xmlNode *root)
{
    oc_profile *profile = loader->profile;
    bool given[OC_SETTINGS_COUNT] = {false};
    for (size_t i = 0; i < OC_SETTINGS_COUNT; i++) {
        profile->settings[i] = oc_setting_default(i, profile->generation);
    }
    for (const xmlNode *node = oc_xml_child(root, "setting"); node != NULL; node = oc_xml_next(node, "setting")) {
        const char *name = oc_xml_attr(node, "name");
        const char *value = oc_xml_attr(node, "value");
        const char *expected = NULL;
        int index = oc_setting_index(name);
        if (index < 0) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "there is no setting '%s'", name);
        }
        if (given[index]) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "the setting '%s' stands twice", name);
        }
        if (!oc_setting_allows((size_t)index, value, &expected)) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                               "the setting '%s' cannot be '%s'; allowed: %s%s", name, value,
                               expected[0] >= '1' && expected[0] <= '9' ? "1 to " : "", expected);
        }
        given[index] = true;
        profile->settings[index] = oc_arena_text(&profile->arena, value);
        if (profile->settings[index] == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
    }
    return oc_ok();
}

typedef oc_result part_reader(struct loader *loader, const xmlNode *node);

/* A part that may stand in a file of its own, beside the profile. */
static oc_result read_part(struct loader *loader, const oc_xml_schema *schema, const xmlNode *node,
                           part_reader *reader)
{
    const char *href = node == NULL ? NULL : oc_xml_attr(node, "href");
    if (node == NULL || href == NULL) {
        return node == NULL ? oc_ok() : reader(loader, node);
    }
    if (oc_xml_child(node, NULL) != NULL) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "%s stands here and in %s; only one of them can hold", oc_xml_name(node), href);
    }
    char folder[PATH_MAX];
    char path[PATH_MAX];
    const char *own = oc_xml_doc_name(loader->doc);
    const char *slash = strrchr(own, '/');
    int n = snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 0 : (int)(slash - own), own);
    if (n < 0 || (size_t)n >= sizeof folder || !oc_is_ok(oc_file_join(path, sizeof path, folder, href))) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_LIMIT, "the path of %s is too long", href);
    }
    oc_xml_doc *doc = NULL;
    OC_TRY(read_document(&doc, path, oc_xml_name(node), schema, loader->diag));
    const oc_xml_doc *outer = loader->doc;
    loader->doc = doc;
    oc_result r = oc_xml_attr(oc_xml_root(doc), "href") != NULL
                      ? oc_xml_fail(doc, oc_xml_root(doc), loader->diag, OC_E_FORMAT, "href leads from a profile only")
                      : reader(loader, oc_xml_root(doc));
    loader->doc = outer;
    oc_xml_free(&doc);
    return r;
}

oc_result oc_atr_read(struct loader *loader, const xmlNode *node, oc_span *out)
{
    oc_span historical;
    OC_TRY(hex_attr(loader, node, "atr", out));
    if (out->len != 0 && !oc_atr_historical(*out, &historical)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "the atr is longer or shorter than its own format bytes say");
    }
    return oc_ok();
}

oc_result oc_pin_read(struct loader *loader, const char *digits, oc_span *out)
{
    oc_buf packed = {0};
    oc_result r = oc_pin_pack(&packed, oc_span_text(digits));
    if (oc_is_ok(r)) {
        *out = oc_arena_bytes(&loader->profile->arena, oc_buf_span(&packed));
        r = out->at == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    oc_buf_free(&packed);
    return r;
}

/* A PIN of the same length that is neither of the two: the last digit counts on until it differs. */
oc_result oc_wrong_pin_make(struct loader *loader, const char *pin, const char *other, oc_span *out)
{
    char wrong[16];
    snprintf(wrong, sizeof wrong, "%s", pin);
    char *last = &wrong[strlen(wrong) - 1];
    do {
        *last = (char)(*last == '9' ? '0' : *last + 1);
    } while (other != NULL && strcmp(wrong, other) == 0);
    oc_result r = oc_pin_read(loader, wrong, out);
    oc_wipe(wrong, sizeof wrong);
    return r;
}

static oc_result read_pin(struct loader *loader, const xmlNode *node)
{
    const char *pin = node == NULL ? NULL : oc_xml_attr(node, "value");
    const char *initial = node == NULL ? NULL : oc_xml_attr(node, "initial");
    if (pin != NULL) {
        OC_TRY(oc_pin_read(loader, pin, &loader->profile->pin));
        OC_TRY(oc_wrong_pin_make(loader, pin, initial, &loader->profile->wrong_pin));
    }
    return initial == NULL ? oc_ok() : oc_pin_read(loader, initial, &loader->profile->initial_pin);
}

static oc_result read_chip_and_city(struct loader *loader, const xmlNode *root)
{
    oc_profile *profile = loader->profile;
    const xmlNode *chip = oc_xml_child(root, "chip");
    const xmlNode *city = oc_xml_child(root, "city");
    OC_TRY(oc_atr_read(loader, chip, &profile->atr));
    OC_TRY(hex_attr(loader, chip, "transport-key", &profile->transport));
    if (city != NULL) {
        profile->area = oc_arena_bytes(&profile->arena, oc_span_text(oc_xml_attr(city, "area")));
    }
    return read_pin(loader, oc_xml_child(root, "pin"));
}

static oc_result read_profile(struct loader *loader, const oc_xml_schema *schema)
{
    const xmlNode *root = oc_xml_root(loader->doc);
    OC_TRY(read_head(loader, root));
    OC_TRY(read_settings(loader, root));
    OC_TRY(read_part(loader, schema, oc_xml_child(root, "structure"), oc_structure_read));
    OC_TRY(read_part(loader, schema, oc_xml_child(root, "keys"), oc_keys_read));
    OC_TRY(oc_card_keys_read(loader, root));
    OC_TRY(read_chip_and_city(loader, root));
    OC_TRY(read_part(loader, schema, oc_xml_child(root, "pki"), oc_pki_read));
    OC_TRY(oc_psam_read(loader, root));
    OC_TRY(oc_data_read(loader, root));
    OC_TRY(oc_dir_file_fill(loader));
    return oc_check_complete(loader, root);
}

/* `doc` is taken over, also on failure. */
static oc_result profile_of(oc_profile **out, oc_xml_doc *doc, const oc_xml_schema *schema, oc_diag *diag)
{
    oc_profile *profile = calloc(1, sizeof *profile);
    oc_result r = profile == NULL ? oc_fail(OC_E_MEMORY) : check_document(&doc, "profile", schema, diag);
    if (oc_is_ok(r)) {
        struct loader loader = {.profile = profile, .doc = doc, .diag = diag};
        r = read_profile(&loader, schema);
    }
    oc_xml_free(&doc);
    if (!oc_is_ok(r)) {
        oc_profile_free(&profile);
        return r;
    }
    *out = profile;
    return oc_ok();
}

static oc_result schema_of(oc_xml_schema **out, oc_diag *diag)
{
    return oc_xml_schema_parse(out, oc_span_of(oc_profile_xsd, oc_profile_xsd_size), "profile.xsd", diag);
}

oc_result oc_profile_load(oc_profile **out, const char *path, oc_diag *diag)
{
    *out = NULL;
    oc_xml_schema *schema = NULL;
    oc_xml_doc *doc = NULL;
    OC_TRY(schema_of(&schema, diag));
    oc_result r = oc_xml_load(&doc, path, NULL, diag);
    if (oc_is_ok(r)) {
        r = profile_of(out, doc, schema, diag);
    }
    oc_xml_schema_free(&schema);
    return r;
}

oc_result oc_profile_parse(oc_profile **out, oc_span xml, const char *path, oc_diag *diag)
{
    *out = NULL;
    oc_xml_schema *schema = NULL;
    oc_xml_doc *doc = NULL;
    OC_TRY(schema_of(&schema, diag));
    oc_result r = oc_xml_parse(&doc, xml, path, NULL, diag);
    if (oc_is_ok(r)) {
        r = profile_of(out, doc, schema, diag);
    }
    oc_xml_schema_free(&schema);
    return r;
}
