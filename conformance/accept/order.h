/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_ORDER_H
#define OC_CONFORMANCE_ACCEPT_ORDER_H

#include "conformance/accept/order_map.h"
#include "conformance/accept/order_table.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An order: what each card of a batch has to hold, line by line. */
typedef struct oc_order oc_order;

/* One item of the map with its place on the card. */
typedef struct oc_order_place {
    const oc_map_item *item;
    const char *column; /* heading, or NULL for a value that all cards have */
    const oc_profile_dir *dir;
    const oc_profile_file *file;
    const oc_profile_record *record;    /* its tag, length and kind */
    const oc_profile_record *extension; /* of a name, or NULL */
    int inner;                          /* tag of an item inside a template record, or -1 */
    enum oc_kind kind;                  /* of the record, or of the item inside it */
} oc_order_place;

typedef struct oc_order_line {
    long line;               /* in the order */
    oc_span identity;        /* as the card holds it, without filling */
    const char *area;        /* six digits, or NULL */
    oc_span atr;             /* empty when not ordered */
    const char *pin;         /* digits, or NULL; never to be printed */
    const oc_span *values;   /* one for each place, without filling; `at` is NULL where nothing is asked for */
    const char *const *text; /* the same as the order has it, UTF-8 */
} oc_order_line;

/* Reads and converts the whole order. Every field that does not fit is FORMAT with file, line, column and reason: a
 * heading that the map names and the order lacks, an empty mandatory field, a value that its conversion refuses or that
 * is longer than its place, two lines of one identity, a place that the profile's structure does not have. `map` and
 * `profile` are borrowed. */
OC_MUST_USE oc_result oc_order_load(oc_order **out, const char *path, const oc_map *map, const oc_profile *profile,
                                    oc_diag *diag);
/* The same from a table that is read already, which is taken over, also on failure. */
OC_MUST_USE oc_result oc_order_make(oc_order **out, oc_table *table, const oc_map *map, const oc_profile *profile,
                                    oc_diag *diag);
void oc_order_free(oc_order **order);

const char *oc_order_path(const oc_order *order);
size_t oc_order_count(const oc_order *order);
const oc_order_line *oc_order_line_at(const oc_order *order, size_t at);
size_t oc_order_places(const oc_order *order);
const oc_order_place *oc_order_place_at(const oc_order *order, size_t at);

/* The index of the line whose identity that is, or -1. */
long oc_order_find(const oc_order *order, oc_span identity);

#ifdef __cplusplus
}
#endif
#endif
