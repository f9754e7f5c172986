/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/base/clock.h"
#include "sim/base/hex.h"
#include "sim/profile/model.h"

/* The certificate application's authority and what the card was ordered with. Certificates are not judged here: a
 * description may say what it likes, and cases find out. */

static oc_result hex_of(struct loader *loader, const xmlNode *node, const char *name, oc_span *out)
{
    const char *text = node == NULL ? NULL : oc_xml_attr(node, name);
    if (text == NULL) {
        return oc_ok();
    }
    oc_buf bytes = {0};
    oc_result r = oc_hex_decode(&bytes, text, strlen(text));
    if (oc_is_ok(r)) {
        *out = oc_arena_bytes(&loader->profile->arena, oc_buf_span(&bytes));
        r = out->at == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    oc_buf_free(&bytes);
    return r;
}

static oc_result read_root(struct loader *loader, const xmlNode *node, oc_profile_pki *pki)
{
    OC_TRY(hex_of(loader, node, "certificate", &pki->root));
    OC_TRY(hex_of(loader, node, "key", &pki->root_key));
    const char *name = node == NULL ? NULL : oc_xml_attr(node, "name");
    if (name != NULL) {
        pki->root_name = oc_arena_text(&loader->profile->arena, name);
    }
    return name != NULL && pki->root_name == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result read_pins(struct loader *loader, const xmlNode *node, oc_profile_pki *pki)
{
    if (node == NULL) {
        return oc_ok();
    }
    const char *user = oc_xml_attr(node, "user");
    const char *administrator = oc_xml_attr(node, "administrator");
    OC_TRY(oc_pin_read(loader, user, &pki->user_pin));
    OC_TRY(oc_wrong_pin_make(loader, user, NULL, &pki->wrong_pin));
    return administrator == NULL ? oc_ok() : oc_pin_read(loader, administrator, &pki->administrator_pin);
}

static oc_result read_day(struct loader *loader, const xmlNode *node, const char *name, const char *time,
                          int64_t *seconds)
{
    char text[32];
    oc_clock clock;
    snprintf(text, sizeof text, "%sT%sZ", oc_xml_attr(node, name), time);
    if (!oc_is_ok(oc_clock_parse(&clock, text))) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "%s is no day of the calendar",
                           oc_xml_attr(node, name));
    }
    *seconds = clock.seconds;
    return oc_ok();
}

static oc_result read_validity(struct loader *loader, const xmlNode *node, oc_profile_pki *pki)
{
    if (node == NULL) {
        return oc_ok();
    }
    OC_TRY(read_day(loader, node, "from", "00:00:00", &pki->not_before));
    OC_TRY(read_day(loader, node, "until", "23:59:59", &pki->not_after));
    if (pki->not_after < pki->not_before) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "the certificates end before they begin");
    }
    return oc_ok();
}

oc_result oc_pki_read(struct loader *loader, const xmlNode *node)
{
    oc_profile_pki *pki = oc_arena_alloc(&loader->profile->arena, sizeof *pki);
    if (pki == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    loader->profile->pki = pki;
    OC_TRY(read_root(loader, oc_xml_child(node, "root"), pki));
    OC_TRY(hex_of(loader, oc_xml_child(node, "foreign"), "certificate", &pki->foreign));
    OC_TRY(read_pins(loader, oc_xml_child(node, "pins"), pki));
    return read_validity(loader, oc_xml_child(node, "validity"), pki);
}
