/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/waivers.h"

#include <stdlib.h>

#include "conformance/record/xml_out.h"
#include "sim/base/xml.h"

#define DATE_LEN 10 /* "2027-01-31" */

struct oc_waivers {
    oc_xml_doc *doc;
    char today[40]; /* begins with the date */
};

oc_result oc_waivers_load(oc_waivers **out, const char *path, const char *schema_path, const oc_clock *now,
                          oc_diag *diag)
{
    oc_waivers *waivers = calloc(1, sizeof *waivers);
    oc_xml_schema *schema = NULL;
    *out = NULL;
    if (waivers == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_clock_format(now, waivers->today, sizeof waivers->today);
    oc_result r = oc_xml_load(&waivers->doc, path, NULL, diag);
    if (oc_is_ok(r)) {
        r = oc_xml_schema_new(&schema, schema_path, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_xml_validate(waivers->doc, schema, diag);
    }
    oc_xml_schema_free(&schema);
    if (!oc_is_ok(r)) {
        oc_waivers_free(&waivers);
        return r;
    }
    *out = waivers;
    return r;
}

void oc_waivers_free(oc_waivers **waivers)
{
    if (*waivers != NULL) {
        oc_xml_free(&(*waivers)->doc);
        free(*waivers);
        *waivers = NULL;
    }
}

/* The dates are of one form, so that their texts compare as they do. */
static bool holds(const oc_waivers *waivers, const xmlNode *waiver)
{
    return strncmp(waivers->today, oc_xml_attr(waiver, "until"), DATE_LEN) <= 0;
}

static bool covers_case(const char *pattern, const char *id)
{
    size_t len = strlen(pattern);
    return len > 0 && pattern[len - 1] == '*' ? strncmp(pattern, id, len - 1) == 0 : strcmp(pattern, id) == 0;
}

static bool covers(const xmlNode *waiver, const oc_outcome *outcome)
{
    const char *requirement = oc_xml_attr(waiver, "requirement");
    const char *broken = outcome->has_evidence ? outcome->evidence.requirement : NULL;
    return covers_case(oc_xml_attr(waiver, "case"), outcome->id) &&
           (requirement == NULL || (broken != NULL && strcmp(requirement, broken) == 0));
}

const char *oc_waivers_match(const oc_waivers *waivers, const oc_outcome *outcome)
{
    if (waivers == NULL || (outcome->verdict != OC_VERDICT_FAIL && outcome->verdict != OC_VERDICT_DEVIATION)) {
        return NULL;
    }
    for (const xmlNode *waiver = oc_xml_child(oc_xml_root(waivers->doc), "waiver"); waiver != NULL;
         waiver = oc_xml_next(waiver, "waiver")) {
        if (covers(waiver, outcome) && holds(waivers, waiver)) {
            return oc_xml_attr(waiver, "id");
        }
    }
    return NULL;
}

static void write_waiver(const oc_waivers *waivers, oc_xml_out *out, const xmlNode *waiver)
{
    static const char *const names[] = {"id", "case", "requirement", "until", "by"};
    oc_out_open(out, "waiver");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        oc_out_attribute(out, names[i], oc_xml_attr(waiver, names[i]));
    }
    oc_out_flag(out, "holds", holds(waivers, waiver));
    for (const xmlNode *reason = oc_xml_child(waiver, "reason"); reason != NULL;
         reason = oc_xml_next(reason, "reason")) {
        oc_out_text_of(out, "reason", reason);
    }
    oc_out_close(out);
}

oc_result oc_waivers_describe(const oc_waivers *waivers, oc_buf *out)
{
    oc_entry_out entry = {.to = out};
    oc_xml_out xml = {.entry = &entry};
    for (const xmlNode *waiver = oc_xml_child(oc_xml_root(waivers->doc), "waiver"); waiver != NULL;
         waiver = oc_xml_next(waiver, "waiver")) {
        write_waiver(waivers, &xml, waiver);
    }
    return oc_out_end(&xml);
}
