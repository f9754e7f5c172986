/* SPDX-License-Identifier: Apache-2.0 */
/* Maps and orders: an input is a map and, behind "</map>", the order; where there is no such end, all of it is the order.
 * What is refused has a reason; what is accepted can be looked up. */
#include "conformance/accept/order.h"
#include "tests/fuzz/fuzz.h"

static oc_profile *profile;

static void end(void)
{
    oc_profile_free(&profile);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    oc_diag diag = {0};
    if (!oc_is_ok(oc_profile_load(&profile, "vectors/cards/ssc-3.0.xml", &diag))) {
        fprintf(stderr, "order_fuzz: %s\n", diag.reason);
        return 1;
    }
    return atexit(end);
}

static void look_at(const oc_order *order)
{
    for (size_t i = 0; i < oc_order_count(order); i++) {
        const oc_order_line *line = oc_order_line_at(order, i);
        FUZZ_DEMAND(line->line > 1 && line->identity.len > 0);
        FUZZ_DEMAND(oc_order_find(order, line->identity) == (long)i);
        for (size_t p = 0; p < oc_order_places(order); p++) {
            const oc_order_place *place = oc_order_place_at(order, p);
            size_t room = place->record->len + (place->extension == NULL ? 0u : place->extension->len);
            FUZZ_DEMAND(line->values[p].at != NULL || !place->item->mandatory);
            FUZZ_DEMAND(line->values[p].len <= room);
        }
    }
}

static void try_order(const oc_map *map, oc_span csv)
{
    static const char *const encodings[] = {NULL, "UTF-8", "UTF-16", "GB18030"};
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        oc_table *table = NULL;
        oc_order *order = NULL;
        oc_diag diag = {0};
        oc_result r = oc_table_parse(&table, csv, "order.csv", encodings[i], &diag);
        FUZZ_DEMAND(oc_is_ok(r) ? oc_table_columns(table) > 0 : table == NULL);
        if (oc_is_ok(r) && map == NULL) {
            oc_table_free(&table);
        } else if (oc_is_ok(r)) {
            r = oc_order_make(&order, table, map, profile, &diag);
        }
        FUZZ_DEMAND(oc_is_ok(r) || r.code == OC_E_MEMORY || diag.reason[0] != '\0');
        if (order != NULL) {
            look_at(order);
        }
        oc_order_free(&order);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mark[] = "</map>";
    const uint8_t *found = size == 0 ? NULL : memmem(data, size, mark, sizeof mark - 1);
    size_t map_len = found == NULL ? 0 : (size_t)(found - data) + sizeof mark - 1;
    oc_map_file *map = NULL;
    oc_diag diag = {0};
    if (map_len > 0) {
        oc_result r = oc_map_parse(&map, oc_span_of(data, map_len), "map.xml", &diag);
        FUZZ_DEMAND(oc_is_ok(r) || r.code == OC_E_MEMORY || diag.reason[0] != '\0');
    }
    try_order(map == NULL ? NULL : oc_map_of(map), oc_span_of(data + map_len, size - map_len));
    oc_map_free(&map);
    return 0;
}
