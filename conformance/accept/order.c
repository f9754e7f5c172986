/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/order.h"

#include <libxml/hash.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/accept/convert.h"
#include "sim/base/arena.h"
#include "sim/base/hex.h"
#include "sim/crypto/pin_block.h"

#define ATR_MAX 33
#define IDENTITY_MAX 32

struct oc_order {
    oc_arena arena;
    oc_table *table;
    const oc_map *map;
    const oc_profile *profile;
    oc_order_place *places;
    size_t place_count;
    oc_order_line *lines;
    size_t count;
    xmlHashTablePtr by_identity; /* hex to index + 1 */
};

/* The column of a source: `-1` for a fixed value. */
struct column {
    long at;
    const char *fixed;
};

struct maker {
    oc_order *order;
    oc_diag *diag;
    struct column identify, city, atr, pin;
    struct column *items;
    size_t row;
};

static oc_result find_column(struct maker *maker, const oc_map_source *source, struct column *out)
{
    *out = (struct column){.at = -1, .fixed = source->value};
    if (source->column == NULL) {
        return oc_ok();
    }
    out->at = oc_table_column(maker->order->table, source->column);
    if (out->at < 0) {
        return oc_diag_fail_at(maker->diag, OC_E_FORMAT, oc_table_name(maker->order->table), 1,
                               "the order has no column '%s', which %.150s:%ld names", source->column,
                               maker->order->map->path, source->line);
    }
    return oc_ok();
}

static oc_result field_failed(struct maker *maker, const struct column *column, const char *what)
{
    const oc_table *table = maker->order->table;
    oc_diag why = *maker->diag;
    oc_diag_clear(maker->diag);
    const char *reason = what != NULL ? what : why.reason;
    if (column->at < 0) {
        return oc_diag_fail_at(maker->diag, OC_E_FORMAT, maker->order->map->path, 0, "a value for all cards: %s",
                               reason);
    }
    return oc_diag_fail_at(maker->diag, OC_E_FORMAT, oc_table_name(table), oc_table_line(table, maker->row),
                           "column '%s': %s", oc_table_heading(table, (size_t)column->at), reason);
}

/* NULL where the order says nothing. */
static const char *field(const struct maker *maker, const struct column *column)
{
    const char *text = column->at < 0 ? column->fixed
                                      : oc_table_cell(maker->order->table, maker->row, (size_t)column->at);
    return text == NULL || text[0] == '\0' ? NULL : text;
}

/* "DIR/FILE/TAG" or "DIR/FILE/TAG/ITEM". */
static const oc_profile_record *find_record(const oc_profile *profile, const char *path, oc_order_place *place)
{
    char dir[12] = "";
    char file[8] = "";
    unsigned tag = 0;
    unsigned inner = 0;
    int parts = sscanf(path, "%11[^/]/%7[^/]/%2x/%2x", dir, file, &tag, &inner);
    place->dir = parts < 3 ? NULL : oc_profile_dir_named(profile, dir);
    place->inner = parts == 4 ? (int)inner : -1;
    for (size_t f = 0; place->dir != NULL && f < place->dir->files_count; f++) {
        const oc_profile_file *one = &place->dir->files[f];
        for (size_t r = 0; strcmp(one->name, file) == 0 && r < one->records_count; r++) {
            if (one->records[r].tag == tag && one->kind == OC_PERSO_VARIABLE) {
                place->file = one;
                return &one->records[r];
            }
        }
    }
    return NULL;
}

static enum oc_kind inner_kind(enum oc_convert as)
{
    return as == OC_CONVERT_TEXT || as == OC_CONVERT_NAME || as == OC_CONVERT_SEX ? OC_KIND_AN : OC_KIND_CN;
}

static oc_result find_place(struct maker *maker, const oc_map_item *item, oc_order_place *place)
{
    const oc_map *map = maker->order->map;
    *place = (oc_order_place){.item = item, .column = item->source.column};
    place->record = find_record(maker->order->profile, item->to, place);
    if (place->record == NULL) {
        return oc_diag_fail_at(maker->diag, OC_E_FORMAT, map->path, item->source.line, "profile %s has no record %s",
                               oc_profile_id(maker->order->profile), item->to);
    }
    if (item->extension != NULL) {
        oc_order_place other = {0};
        place->extension = find_record(maker->order->profile, item->extension, &other);
        if (place->extension == NULL || other.file != place->file) {
            return oc_diag_fail_at(maker->diag, OC_E_FORMAT, map->path, item->source.line,
                                   "profile %s has no record %s in the file of %s",
                                   oc_profile_id(maker->order->profile), item->extension, item->to);
        }
    }
    place->kind = place->inner < 0 ? place->record->kind : inner_kind(item->as);
    bool text = item->as == OC_CONVERT_TEXT || item->as == OC_CONVERT_NAME || item->as == OC_CONVERT_SEX;
    if (text && place->kind == OC_KIND_CN) {
        return oc_diag_fail_at(maker->diag, OC_E_FORMAT, map->path, item->source.line,
                               "%s holds packed digits, no text", item->to);
    }
    return oc_ok();
}

static oc_result find_places(struct maker *maker)
{
    oc_order *order = maker->order;
    const oc_map *map = order->map;
    oc_map_source identify = {.column = map->identify};
    OC_TRY(find_column(maker, &identify, &maker->identify));
    OC_TRY(find_column(maker, &map->city, &maker->city));
    OC_TRY(find_column(maker, &map->atr, &maker->atr));
    OC_TRY(find_column(maker, &map->pin, &maker->pin));
    order->places = oc_arena_alloc(&order->arena, (map->item_count + 1) * sizeof *order->places);
    maker->items = oc_arena_alloc(&order->arena, (map->item_count + 1) * sizeof *maker->items);
    if (order->places == NULL || maker->items == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    order->place_count = map->item_count;
    for (size_t i = 0; i < map->item_count; i++) {
        OC_TRY(find_column(maker, &map->items[i].source, &maker->items[i]));
        OC_TRY(find_place(maker, &map->items[i], &order->places[i]));
    }
    return oc_ok();
}

static oc_result keep(oc_order *order, oc_buf *bytes, oc_span *out)
{
    *out = oc_arena_bytes(&order->arena, oc_buf_span(bytes));
    return out->at == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result take_value(struct maker *maker, size_t at, oc_buf *room, oc_span *out)
{
    const oc_order_place *place = &maker->order->places[at];
    const char *text = field(maker, &maker->items[at]);
    if (text == NULL) {
        return place->item->mandatory ? field_failed(maker, &maker->items[at], "the field is empty, and is mandatory")
                                      : oc_ok();
    }
    oc_buf_clear(room);
    oc_result r = oc_convert(room, place->item, place->kind, text, maker->diag);
    if (!oc_is_ok(r)) {
        return r.code == OC_E_FORMAT ? field_failed(maker, &maker->items[at], NULL) : r;
    }
    size_t most = place->record->len + (place->extension == NULL ? 0u : place->extension->len);
    if (room->len > most) {
        char what[96];
        snprintf(what, sizeof what, "%zu bytes on the card, where there is room for %zu", room->len, most);
        return field_failed(maker, &maker->items[at], what);
    }
    return keep(maker->order, room, out);
}

static oc_result take_identity(struct maker *maker, oc_buf *room, oc_order_line *line)
{
    const char *text = field(maker, &maker->identify);
    if (text == NULL) {
        return field_failed(maker, &maker->identify, "the field is empty, and tells which card is meant");
    }
    oc_map_item item = {.as = maker->order->map->identity_as};
    oc_buf_clear(room);
    oc_result r = oc_convert(room, &item, OC_KIND_AN, text, maker->diag);
    if (!oc_is_ok(r) || room->len > IDENTITY_MAX) {
        return oc_is_ok(r)             ? field_failed(maker, &maker->identify, "too long to tell a card")
               : r.code == OC_E_FORMAT ? field_failed(maker, &maker->identify, NULL)
                                       : r;
    }
    return keep(maker->order, room, &line->identity);
}

static oc_result take_city(struct maker *maker, oc_order_line *line)
{
    line->area = field(maker, &maker->city);
    bool fits = line->area == NULL || (strlen(line->area) == 6 && strspn(line->area, "0123456789") == 6);
    return fits ? oc_ok() : field_failed(maker, &maker->city, "an area code has six digits");
}

static oc_result take_atr(struct maker *maker, oc_buf *room, oc_order_line *line)
{
    const char *text = field(maker, &maker->atr);
    if (text == NULL) {
        return oc_ok();
    }
    oc_buf_clear(room);
    oc_result r = oc_hex_decode(room, text, strlen(text));
    if (!oc_is_ok(r) || room->len < 2 || room->len > ATR_MAX) {
        return field_failed(maker, &maker->atr, "no answer to reset in hex");
    }
    return keep(maker->order, room, &line->atr);
}

static oc_result take_pin(struct maker *maker, oc_buf *room, oc_order_line *line)
{
    line->pin = field(maker, &maker->pin);
    if (line->pin == NULL) {
        return oc_ok();
    }
    oc_buf_clear(room);
    oc_result r = oc_pin_pack(room, oc_span_text(line->pin));
    return oc_is_ok(r) ? oc_ok() : field_failed(maker, &maker->pin, "a PIN has 4 to 12 digits");
}

/* A line's identity is entered; the same one twice is an error. */
static oc_result enter(struct maker *maker, const oc_order_line *line)
{
    char hex[2 * IDENTITY_MAX + 1];
    oc_hex_encode(hex, sizeof hex, line->identity);
    oc_order *order = maker->order;
    uintptr_t before = (uintptr_t)xmlHashLookup(order->by_identity, (const xmlChar *)hex);
    if (before != 0) {
        char what[96];
        snprintf(what, sizeof what, "the same card as in line %ld", order->lines[before - 1].line);
        return field_failed(maker, &maker->identify, what);
    }
    return xmlHashAddEntry(order->by_identity, (const xmlChar *)hex, (void *)(uintptr_t)(order->count + 1)) == 0
               ? oc_ok()
               : oc_fail(OC_E_MEMORY);
}

static oc_result take_line(struct maker *maker, oc_buf *room)
{
    oc_order *order = maker->order;
    oc_order_line *line = &order->lines[order->count];
    oc_span *values = oc_arena_alloc(&order->arena, (order->place_count + 1) * sizeof *values);
    const char **text = oc_arena_alloc(&order->arena, (order->place_count + 1) * sizeof *text);
    if (values == NULL || text == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    *line = (oc_order_line){.line = oc_table_line(order->table, maker->row), .values = values, .text = text};
    OC_TRY(take_identity(maker, room, line));
    OC_TRY(take_city(maker, line));
    OC_TRY(take_atr(maker, room, line));
    OC_TRY(take_pin(maker, room, line));
    for (size_t i = 0; i < order->place_count; i++) {
        OC_TRY(take_value(maker, i, room, &values[i]));
        text[i] = field(maker, &maker->items[i]);
    }
    OC_TRY(enter(maker, line));
    order->count++;
    return oc_ok();
}

static oc_result make(struct maker *maker)
{
    oc_order *order = maker->order;
    size_t rows = oc_table_rows(order->table);
    if (rows == 0) {
        return oc_diag_fail_at(maker->diag, OC_E_FORMAT, oc_table_name(order->table), 1,
                               "the order has headings, but no line");
    }
    order->lines = calloc(rows, sizeof *order->lines);
    order->by_identity = xmlHashCreate(rows < 65536 ? (int)rows : 65536);
    if (order->lines == NULL || order->by_identity == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(find_places(maker));
    oc_buf room = {0};
    oc_result r = oc_ok();
    for (maker->row = 0; maker->row < rows && oc_is_ok(r); maker->row++) {
        r = take_line(maker, &room);
    }
    oc_buf_free(&room);
    return r;
}

oc_result oc_order_make(oc_order **out, oc_table *table, const oc_map *map, const oc_profile *profile, oc_diag *diag)
{
    oc_diag own = {0}; /* reasons are looked at here, so there has to be a place for them */
    *out = NULL;
    oc_order *order = calloc(1, sizeof *order);
    if (order == NULL) {
        oc_table_free(&table);
        return oc_fail(OC_E_MEMORY);
    }
    order->table = table;
    order->map = map;
    order->profile = profile;
    struct maker maker = {.order = order, .diag = diag == NULL ? &own : diag};
    oc_result r = make(&maker);
    if (!oc_is_ok(r)) {
        oc_order_free(&order);
    }
    *out = order;
    return r;
}

oc_result oc_order_load(oc_order **out, const char *path, const oc_map *map, const oc_profile *profile, oc_diag *diag)
{
    *out = NULL;
    oc_table *table = NULL;
    OC_TRY(oc_table_load(&table, path, map->encoding, diag));
    return oc_order_make(out, table, map, profile, diag);
}

void oc_order_free(oc_order **order)
{
    if (*order == NULL) {
        return;
    }
    if ((*order)->by_identity != NULL) {
        xmlHashFree((*order)->by_identity, NULL);
    }
    oc_table_free(&(*order)->table);
    oc_arena_free(&(*order)->arena);
    free((*order)->lines);
    free(*order);
    *order = NULL;
}

const char *oc_order_path(const oc_order *order)
{
    return oc_table_name(order->table);
}

size_t oc_order_count(const oc_order *order)
{
    return order->count;
}

const oc_order_line *oc_order_line_at(const oc_order *order, size_t at)
{
    return &order->lines[at];
}

size_t oc_order_places(const oc_order *order)
{
    return order->place_count;
}

const oc_order_place *oc_order_place_at(const oc_order *order, size_t at)
{
    return &order->places[at];
}

long oc_order_find(const oc_order *order, oc_span identity)
{
    char hex[2 * IDENTITY_MAX + 1];
    if (identity.len == 0 || identity.len > IDENTITY_MAX) {
        return -1;
    }
    oc_hex_encode(hex, sizeof hex, identity);
    return (long)(uintptr_t)xmlHashLookup(order->by_identity, (const xmlChar *)hex) - 1;
}
