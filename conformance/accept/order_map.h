/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_ORDER_MAP_H
#define OC_CONFORMANCE_ACCEPT_ORDER_MAP_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which column of an order is found where on a card, and in which form; schema vectors/schema/order-map.xsd, meaning
 * vectors/orders/README.md. Texts are UTF-8 and borrowed from the map. */
enum oc_convert {
    OC_CONVERT_TEXT,   /* GB18030 */
    OC_CONVERT_NAME,   /* the same, over two records */
    OC_CONVERT_DIGITS, /* packed */
    OC_CONVERT_HEX,
    OC_CONVERT_DATE,   /* packed YYYYMMDD */
    OC_CONVERT_AREA,   /* packed, six digits */
    OC_CONVERT_SEX,    /* one character, GB/T 2261.1 */
    OC_CONVERT_ETHNIC, /* one packed byte, GB/T 3304 */
    OC_CONVERT_CODE    /* the map's own list */
};

/* Either a column or a value for all; both NULL where the map says nothing. */
typedef struct oc_map_source {
    const char *column;
    const char *value;
    long line; /* in the map */
} oc_map_source;

typedef struct oc_map_code {
    const char *from;
    const char *to;
} oc_map_code;

typedef struct oc_map_item {
    oc_map_source source;
    const char *to;        /* "SSSE/EF06/09" */
    const char *extension; /* "SSSE/EF06/4E", or NULL */
    const char *format;    /* of a date */
    enum oc_convert as;
    bool mandatory;
    const oc_map_code *codes;
    size_t code_count;
} oc_map_item;

typedef struct oc_map_key {
    const char *name; /* "SSSE/IRK" */
    uint8_t versions[4];
    size_t version_count;
} oc_map_key;

typedef struct oc_map {
    const char *path;
    const char *batch;
    const char *encoding; /* of the order, or NULL */
    const char *identify; /* column */
    const char *identity; /* the record that holds it: "SSSE/EF05/07", ... */
    enum oc_convert identity_as;
    oc_map_source city;
    oc_map_source atr;
    oc_map_source pin;
    const oc_map_item *items;
    size_t item_count;
    const oc_map_key *keys;
    size_t key_count;
} oc_map;

typedef struct oc_map_file oc_map_file;

/* FORMAT with file and line. */
OC_MUST_USE oc_result oc_map_load(oc_map_file **out, const char *path, oc_diag *diag);
/* The same from memory: for the fuzzer. */
OC_MUST_USE oc_result oc_map_parse(oc_map_file **out, oc_span xml, const char *name, oc_diag *diag);
void oc_map_free(oc_map_file **map);
const oc_map *oc_map_of(const oc_map_file *file);

#ifdef __cplusplus
}
#endif
#endif
