/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_ITEM_TABLE_H
#define OC_TERMINAL_ITEM_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What terminals know about the values in the files: kind and length (ssc-card sheet 4.3 to 4.8, ssc-terminal sheet 5).
 * Generation 1.0 has a table of its own. */

enum oc_item_kind {
    OC_ITEM_TEXT,     /* an: right-padded with 00 */
    OC_ITEM_DIGITS,   /* cn: packed, right-padded with F */
    OC_ITEM_BINARY,   /* b: written in hex, right-padded with 00 */
    OC_ITEM_TEMPLATE, /* B-TLV: made of items */
    OC_ITEM_COUNT,    /* a number of two bytes, written in decimal */
    OC_ITEM_YUAN,     /* fen in four bytes, written in yuan */
};

struct oc_item {
    uint16_t dir; /* DDF1, DF01, ... */
    uint8_t ef;   /* low byte of the identifier */
    uint8_t in;   /* tag of the template that it stands in; 0: it is a record, or a field of a cyclic file's record */
    uint8_t tag;  /* 0 for such a field */
    uint8_t kind; /* enum oc_item_kind */
    uint8_t len;  /* of the value; 0 for a template */
};

/* A record; NULL when none is known. */
const struct oc_item *oc_item_of_record(bool first_generation, uint16_t dir, uint8_t ef, uint8_t tag);

/* The items of a template, or with `in` 0 the fields of a cyclic file's record, in order; *count is their number.
 * They stand one behind the other. */
const struct oc_item *oc_items_within(bool first_generation, uint16_t dir, uint8_t ef, uint8_t in, size_t *count);

enum oc_file_kind { OC_FILE_RECORDS, OC_FILE_CYCLIC, OC_FILE_TRANSPARENT };

/* Which keys open a file. Names as in the card profiles, without the directory. */
struct oc_file_rule {
    uint16_t dir;
    uint8_t ef;
    uint8_t kind;
    const char *read_keys[2]; /* NULL: none */
    bool pin_too;             /* reading with keys asks for the PIN beside them */
    const char *update_key;   /* NULL: written by no terminal */
};

/* NULL for a file that no table has. */
const struct oc_file_rule *oc_file_rule_of(bool first_generation, uint16_t dir, uint8_t ef);

#endif
