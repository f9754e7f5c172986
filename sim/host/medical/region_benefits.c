/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/host/medical/region_internal.h"

#define FEN_MAX 100000000000000u

static size_t count_of(const xmlNode *parent, const char *name)
{
    size_t count = 0;
    for (const xmlNode *n = oc_xml_child(parent, name); n != NULL; n = oc_xml_next(n, name)) {
        count++;
    }
    return count;
}

/* Zeroed room for the elements of that name. */
static oc_result room_for(struct oc_region_reader *reader, const xmlNode *parent, const char *name, size_t size,
                          void **out, size_t *count)
{
    *count = count_of(parent, name);
    if (*count > OC_MED_LISTS_MAX) {
        return oc_xml_fail(reader->doc, parent, reader->diag, OC_E_LIMIT, "more than %d elements \"%s\"",
                           OC_MED_LISTS_MAX, name);
    }
    *out = oc_arena_alloc(&reader->region->arena, (*count + 1) * size);
    return *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result fen(struct oc_region_reader *reader, const xmlNode *node, const char *name, int64_t *out)
{
    uint64_t number = 0;
    OC_TRY(oc_region_number(reader, node, name, FEN_MAX, &number));
    *out = (int64_t)number;
    return oc_ok();
}

static oc_result read_rates(struct oc_region_reader *reader, const xmlNode *node, oc_med_benefit *benefit)
{
    void *room = NULL;
    OC_TRY(room_for(reader, node, "rate", sizeof(oc_med_rate), &room, &benefit->rate_count));
    oc_med_rate *rate = room;
    benefit->rates = rate;
    for (const xmlNode *n = oc_xml_child(node, "rate"); n != NULL; n = oc_xml_next(n, "rate"), rate++) {
        uint64_t permille = 0;
        OC_TRY(oc_region_keep(reader, n, "psn_type", &rate->psn_type));
        const char *level = oc_xml_attr(n, "level");
        rate->level = strcmp(level, "any") == 0 ? 0 : (unsigned)(level[0] - '0');
        rate->place = oc_xml_attr(n, "place")[0];
        OC_TRY(oc_region_number(reader, n, "permille", 1000, &permille));
        rate->permille = (unsigned)permille;
    }
    return oc_ok();
}

static oc_result read_insurance(struct oc_region_reader *reader, const xmlNode *node)
{
    oc_region *region = reader->region;
    void *room = NULL;
    OC_TRY(room_for(reader, node, "benefit", sizeof(oc_med_benefit), &room, &region->benefit_count));
    oc_med_benefit *benefit = room;
    region->benefits = benefit;
    for (const xmlNode *n = oc_xml_child(node, "benefit"); n != NULL; n = oc_xml_next(n, "benefit"), benefit++) {
        OC_TRY(oc_region_keep(reader, n, "insutype", &benefit->insutype));
        OC_TRY(oc_region_keep(reader, n, "med_type", &benefit->med_type));
        OC_TRY(fen(reader, n, "deductible-fen", &benefit->deductible));
        OC_TRY(fen(reader, n, "ceiling-fen", &benefit->ceiling));
        benefit->shared = oc_region_yes(n, "shared-ceiling", false);
        benefit->needs_injury = oc_xml_attr(n, "needs") != NULL;
        OC_TRY(read_rates(reader, n, benefit));
    }
    OC_TRY(room_for(reader, node, "serious-illness", sizeof(oc_med_serious), &room, &region->serious_count));
    oc_med_serious *serious = room;
    region->serious = serious;
    for (const xmlNode *n = oc_xml_child(node, "serious-illness"); n != NULL;
         n = oc_xml_next(n, "serious-illness"), serious++) {
        uint64_t permille = 0;
        OC_TRY(oc_region_keep(reader, n, "insutype", &serious->insutype));
        OC_TRY(oc_region_keep(reader, n, "fund", &serious->fund));
        OC_TRY(fen(reader, n, "threshold-fen", &serious->threshold));
        OC_TRY(oc_region_number(reader, n, "permille", 1000, &permille));
        serious->permille = (unsigned)permille;
    }
    return oc_ok();
}

static int by_code(const void *a, const void *b)
{
    return strcmp(((const oc_med_item *)a)->code, ((const oc_med_item *)b)->code);
}

static oc_result read_catalogue(struct oc_region_reader *reader, const xmlNode *node)
{
    void *room = NULL;
    OC_TRY(room_for(reader, node, "item", sizeof(oc_med_item), &room, &reader->region->item_count));
    oc_med_item *items = room;
    oc_med_item *item = items;
    for (const xmlNode *n = oc_xml_child(node, "item"); n != NULL; n = oc_xml_next(n, "item"), item++) {
        uint64_t permille = 0;
        OC_TRY(oc_region_keep(reader, n, "code", &item->code));
        OC_TRY(oc_region_keep(reader, n, "name", &item->name));
        OC_TRY(oc_region_keep(reader, n, "level", &item->level));
        OC_TRY(oc_region_keep(reader, n, "for", &item->where));
        OC_TRY(oc_region_number(reader, n, "permille", 1000, &permille));
        item->permille = (unsigned)permille;
        OC_TRY(fen(reader, n, "limit-fen", &item->limit));
    }
    qsort(items, reader->region->item_count, sizeof *items, by_code);
    reader->region->items = items;
    return oc_ok();
}

static oc_result read_institutions(struct oc_region_reader *reader, const xmlNode *root)
{
    void *room = NULL;
    OC_TRY(
        room_for(reader, root, "institution", sizeof(oc_med_institution), &room, &reader->region->institution_count));
    oc_med_institution *institution = room;
    reader->region->institutions = institution;
    for (const xmlNode *n = oc_xml_child(root, "institution"); n != NULL;
         n = oc_xml_next(n, "institution"), institution++) {
        OC_TRY(oc_region_keep(reader, n, "code", &institution->code));
        OC_TRY(oc_region_keep(reader, n, "name", &institution->name));
        OC_TRY(oc_region_keep(reader, n, "admdvs", &institution->admdvs));
        institution->level = (unsigned)(oc_xml_attr(n, "level")[0] - '0');
        institution->pharmacy = strcmp(oc_xml_attr(n, "kind"), "pharmacy") == 0;
    }
    return oc_ok();
}

oc_result oc_region_read_benefits(struct oc_region_reader *reader, const xmlNode *root)
{
    const xmlNode *insurance = oc_xml_child(root, "insurance");
    const xmlNode *catalogue = oc_xml_child(root, "catalogue");
    if (insurance != NULL) {
        OC_TRY(read_insurance(reader, insurance));
    }
    if (catalogue != NULL) {
        OC_TRY(read_catalogue(reader, catalogue));
    }
    return oc_xml_child(root, "institution") == NULL ? oc_ok() : read_institutions(reader, root);
}
