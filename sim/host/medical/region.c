/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/region.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/host/medical/region_internal.h"

/* A region based on a region based on a region. */
#define DEPTH_MAX 3

oc_result oc_region_keep(struct oc_region_reader *reader, const xmlNode *node, const char *name, const char **out)
{
    const char *text = oc_xml_attr(node, name);
    if (text != NULL) {
        *out = oc_arena_text(&reader->region->arena, text);
    }
    return text != NULL && *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

oc_result oc_region_number(struct oc_region_reader *reader, const xmlNode *node, const char *name, uint64_t max,
                           uint64_t *out)
{
    const char *text = oc_xml_attr(node, name);
    if (text == NULL) {
        return oc_ok();
    }
    uint64_t number = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || number > (max - (uint64_t)(*at - '0')) / 10) {
            return oc_xml_fail(reader->doc, node, reader->diag, OC_E_FORMAT, "%s is no number up to %llu", name,
                               (unsigned long long)max);
        }
        number = number * 10 + (uint64_t)(*at - '0');
    }
    *out = number;
    return oc_ok();
}

bool oc_region_yes(const xmlNode *node, const char *name, bool otherwise)
{
    const char *text = oc_xml_attr(node, name);
    return text == NULL ? otherwise : strcmp(text, "yes") == 0 || strcmp(text, "required") == 0;
}

static oc_result small(struct oc_region_reader *reader, const xmlNode *node, const char *name, unsigned *out)
{
    uint64_t number = *out;
    OC_TRY(oc_region_number(reader, node, name, 1000000, &number));
    *out = (unsigned)number;
    return oc_ok();
}

static oc_result read_rules(struct oc_region_reader *reader, const xmlNode *node)
{
    oc_med_rules *rules = &reader->region->rules;
    OC_TRY(oc_region_keep(reader, node, "infver", &rules->infver));
    OC_TRY(oc_region_keep(reader, node, "reversible", &rules->reversible));
    OC_TRY(small(reader, node, "msgid-serial", &rules->msgid_serial));
    OC_TRY(small(reader, node, "clock-minutes", &rules->clock_minutes));
    OC_TRY(small(reader, node, "sign-in-seconds", &rules->sign_in_seconds));
    OC_TRY(small(reader, node, "line-tolerance-fen", &rules->line_tolerance));
    OC_TRY(small(reader, node, "late-cancel-days", &rules->late_cancel_days));
    rules->sign_no_required = oc_region_yes(node, "sign-no", rules->sign_no_required);
    rules->change_of_medium = oc_region_yes(node, "change-of-medium", rules->change_of_medium);
    rules->card_sn_in_settlement = oc_region_yes(node, "card-sn-in-settlement", rules->card_sn_in_settlement);
    const char *reads = oc_xml_attr(node, "reads-medium");
    rules->component = reads == NULL ? rules->component : strcmp(reads, "component") == 0;
    return oc_ok();
}

static oc_result read_signature(struct oc_region_reader *reader, const xmlNode *node)
{
    static const char *const words[] = {"none", "sm3-input", "sm3withsm2", "gateway", "mobile"};
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], oc_xml_attr(node, "scheme")) == 0) {
            reader->region->signature = (enum oc_med_signature)i;
        }
    }
    OC_TRY(oc_region_keep(reader, node, "app-id", &reader->region->app_id));
    OC_TRY(oc_region_keep(reader, node, "secret", &reader->region->secret));
    OC_TRY(oc_region_keep(reader, node, "test-key-seed", &reader->region->signing_seed));
    return oc_region_keep(reader, node, "user-id", &reader->region->user_id);
}

static oc_result read_persons(struct oc_region_reader *reader, const xmlNode *node)
{
    oc_med_persons *persons = &reader->region->persons;
    uint64_t balance = (uint64_t)persons->balance;
    OC_TRY(oc_region_number(reader, node, "seed", UINT64_MAX, &persons->seed));
    OC_TRY(oc_region_number(reader, node, "balance-fen", 100000000000, &balance));
    OC_TRY(oc_region_number(reader, node, "count", 1000000000, &persons->count));
    persons->balance = (int64_t)balance;
    return oc_region_keep(reader, node, "admdvs", &persons->admdvs);
}

static oc_result read_own(struct oc_region_reader *reader)
{
    const xmlNode *root = oc_xml_root(reader->doc);
    OC_TRY(oc_region_keep(reader, root, "id", &reader->region->id));
    OC_TRY(oc_region_keep(reader, root, "admdvs", &reader->region->admdvs));
    for (const xmlNode *n = oc_xml_child(root, NULL); n != NULL; n = oc_xml_next(n, NULL)) {
        if (oc_xml_is(n, "rules")) {
            OC_TRY(read_rules(reader, n));
        } else if (oc_xml_is(n, "card-fields")) {
            OC_TRY(oc_region_keep(reader, n, "mdtrt_cert_no", &reader->region->number_from));
            OC_TRY(oc_region_keep(reader, n, "card_sn", &reader->region->card_from));
        } else if (oc_xml_is(n, "signature")) {
            OC_TRY(read_signature(reader, n));
        } else if (oc_xml_is(n, "dictionary")) {
            OC_TRY(oc_region_read_dictionary(reader, n));
        } else if (oc_xml_is(n, "change")) {
            OC_TRY(oc_region_read_change(reader, n));
        } else if (oc_xml_is(n, "persons")) {
            OC_TRY(read_persons(reader, n));
        }
    }
    return oc_region_read_benefits(reader, root);
}

/* A file beside `path`, validated, as a document. */
static oc_result open_doc(oc_xml_doc **out, const char *path, const char *schemas, const char *schema, oc_diag *diag)
{
    char xsd[PATH_MAX];
    oc_xml_schema *rules = NULL;
    OC_TRY(oc_file_join(xsd, sizeof xsd, schemas, schema));
    OC_TRY(oc_xml_load(out, path, NULL, diag));
    oc_result r = oc_xml_schema_new(&rules, xsd, diag);
    r = oc_is_ok(r) ? oc_xml_validate(*out, rules, diag) : r;
    oc_xml_schema_free(&rules);
    if (!oc_is_ok(r)) {
        oc_xml_free(out);
    }
    return r;
}

static oc_result beside(char out[PATH_MAX], const char *path, const char *name)
{
    char own[PATH_MAX];
    snprintf(own, sizeof own, "%s", path);
    return oc_file_join(out, PATH_MAX, dirname(own), name);
}

static oc_result load_messages(oc_region *region, const char *path, const char *schemas, oc_diag *diag)
{
    struct oc_region_reader reader = {.region = region, .diag = diag};
    oc_xml_doc *doc = NULL;
    OC_TRY(open_doc(&doc, path, schemas, "messages.xsd", diag));
    reader.doc = doc;
    oc_result r = oc_region_read_messages(&reader);
    oc_xml_free(&doc);
    return r;
}

static oc_result load_region(oc_region *region, const char *path, const char *schemas, unsigned depth, oc_diag *diag)
{
    char other[PATH_MAX];
    oc_xml_doc *doc = NULL;
    OC_TRY(open_doc(&doc, path, schemas, "region.xsd", diag));
    const xmlNode *root = oc_xml_root(doc);
    const char *base = oc_xml_attr(root, "based-on");
    const char *messages = oc_xml_attr(root, "messages");
    oc_result r = oc_ok();
    if ((base == NULL) == (messages == NULL)) {
        r = oc_xml_fail(doc, root, diag, OC_E_FORMAT, "a region has either messages or a region that it is based on");
    } else if (depth == DEPTH_MAX) {
        r = oc_xml_fail(doc, root, diag, OC_E_LIMIT, "more than %d regions are based on one another", DEPTH_MAX);
    } else {
        r = beside(other, path, base != NULL ? base : messages);
    }
    if (oc_is_ok(r)) {
        r = base != NULL ? load_region(region, other, schemas, depth + 1, diag)
                         : load_messages(region, other, schemas, diag);
    }
    if (oc_is_ok(r)) {
        struct oc_region_reader reader = {.region = region, .doc = doc, .diag = diag};
        r = read_own(&reader);
    }
    oc_xml_free(&doc);
    return r;
}

oc_result oc_region_load(oc_region **out, const char *path, const char *schemas, oc_diag *diag)
{
    *out = NULL;
    oc_region *region = calloc(1, sizeof *region);
    if (region == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    region->user_id = "1234567812345678";
    region->app_id = "onecard-test";
    region->secret = "onecard-test-secret";
    region->number_from = "card-number";
    region->card_from = "card-id";
    region->rules = (oc_med_rules){.infver = "V1.0", .msgid_serial = 4, .clock_minutes = 10, .reversible = ""};
    oc_result r = load_region(region, path, schemas, 0, diag);
    if (!oc_is_ok(r)) {
        oc_region_free(&region);
        return r;
    }
    *out = region;
    return oc_ok();
}

void oc_region_free(oc_region **region)
{
    if (*region != NULL) {
        oc_arena_free(&(*region)->arena);
        free(*region);
        *region = NULL;
    }
}
