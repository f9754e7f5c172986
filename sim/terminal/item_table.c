/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/item_table.h"

/* clang-format off */
#define AN(dir, ef, tag, len)           {0x##dir, 0x##ef, 0, 0x##tag, OC_ITEM_TEXT, len}
#define CN(dir, ef, tag, len)           {0x##dir, 0x##ef, 0, 0x##tag, OC_ITEM_DIGITS, len}
#define BIN(dir, ef, tag, len)          {0x##dir, 0x##ef, 0, 0x##tag, OC_ITEM_BINARY, len}
#define BTLV(dir, ef, tag)              {0x##dir, 0x##ef, 0, 0x##tag, OC_ITEM_TEMPLATE, 0}
#define IN(dir, ef, in, tag, kind, len) {0x##dir, 0x##ef, 0x##in, 0x##tag, IN_##kind, len}
#define IN_AN  OC_ITEM_TEXT
#define IN_CN  OC_ITEM_DIGITS
#define IN_BIN OC_ITEM_BINARY
#define FIELD(dir, ef, kind, len)       {0x##dir, 0x##ef, 0, 0, OC_ITEM_##kind, len}

/* Generation 2.0 and later. Tags that only some cards carry are there too. */
static const struct oc_item items[] = {
    BIN(DDF1, 05, 01, 16), AN(DDF1, 05, 02, 1), AN(DDF1, 05, 03, 4), CN(DDF1, 05, 04, 12), CN(DDF1, 05, 05, 4),
    CN(DDF1, 05, 06, 4), AN(DDF1, 05, 07, 9),
    AN(DDF1, 06, 08, 18), AN(DDF1, 06, 09, 30), AN(DDF1, 06, 4E, 20), AN(DDF1, 06, 0A, 1), CN(DDF1, 06, 0B, 1),
    CN(DDF1, 06, 0C, 3), CN(DDF1, 06, 0D, 4),
    AN(DDF1, 0C, 01, 40), AN(DDF1, 0C, 02, 40),
    AN(DDF1, 0D, EA, 18), CN(DDF1, 0D, EB, 3), AN(DDF1, 0D, EC, 1), AN(DDF1, 0D, ED, 1),
    AN(DF01, 05, 20, 2), AN(DF01, 05, 21, 80), CN(DF01, 05, 0E, 3),
    AN(DF01, 06, 23, 80), CN(DF01, 06, 24, 3), AN(DF01, 06, 28, 15), AN(DF01, 06, 2C, 50), AN(DF01, 06, 2D, 15),
    AN(DF01, 07, 29, 1), CN(DF01, 07, 2A, 1),
    AN(DF01, 08, 2B, 1),
    AN(DF01, 09, 2E, 70), AN(DF01, 09, 30, 9), AN(DF01, 09, 32, 2),
    AN(DF01, 0A, 37, 3), AN(DF01, 0A, 38, 2), CN(DF01, 0A, 39, 4),
    CN(DF01, 15, 2A, 1), BTLV(DF01, 15, 40), IN(DF01, 15, 40, 57, AN, 3), IN(DF01, 15, 40, 58, CN, 3),
    IN(DF01, 15, 40, 59, AN, 40),
    AN(DF02, 05, 42, 3), AN(DF02, 05, 41, 3), BTLV(DF02, 05, 43), IN(DF02, 05, 43, 5A, AN, 7),
    IN(DF02, 05, 43, 5B, AN, 1), IN(DF02, 05, 43, 5C, AN, 70), IN(DF02, 05, 43, 5D, CN, 4),
    IN(DF02, 05, 43, 5E, AN, 16), BTLV(DF02, 05, 44), IN(DF02, 05, 44, 33, AN, 3), IN(DF02, 05, 44, 34, AN, 70),
    IN(DF02, 05, 44, 35, CN, 4), IN(DF02, 05, 44, 36, AN, 16),
    CN(DF02, 06, 4C, 4), AN(DF02, 06, 4B, 5), CN(DF02, 06, 4D, 3), CN(DF02, 06, 60, 4), AN(DF02, 06, 4F, 6),
    CN(DF02, 06, 50, 3), AN(DF02, 06, 3A, 7),
    FIELD(DF02, 07, TEXT, 7), FIELD(DF02, 07, DIGITS, 4), FIELD(DF02, 07, DIGITS, 4), FIELD(DF02, 07, TEXT, 70),
    AN(DF02, 09, 55, 16), AN(DF02, 09, 56, 70), CN(DF02, 09, 96, 4), CN(DF02, 09, 97, 3),
    BTLV(DF02, 15, 99), IN(DF02, 15, 99, 10, AN, 3), IN(DF02, 15, 99, 11, CN, 4), IN(DF02, 15, 99, 12, CN, 3),
    CN(DF02, 15, 0F, 4), CN(DF02, 15, 1F, 3),
    FIELD(DF02, 16, TEXT, 3), FIELD(DF02, 16, DIGITS, 4), FIELD(DF02, 16, DIGITS, 4), FIELD(DF02, 16, DIGITS, 4),
    FIELD(DF02, 16, DIGITS, 3),
    CN(DF03, 05, 61, 3), CN(DF03, 05, 60, 4), CN(DF03, 05, 98, 4), CN(DF03, 05, 62, 4), AN(DF03, 05, 63, 3),
    AN(DF03, 05, 64, 3), AN(DF03, 05, 65, 3), AN(DF03, 05, 66, 3),
    AN(DF03, 06, 45, 20), AN(DF03, 06, 46, 2), AN(DF03, 06, 47, 2), AN(DF03, 06, 48, 1), AN(DF03, 06, 49, 1),
    CN(DF03, 06, 67, 4), AN(DF03, 06, 6B, 60), BTLV(DF03, 06, 4A), IN(DF03, 06, 4A, 13, AN, 2),
    IN(DF03, 06, 4A, 14, AN, 1), IN(DF03, 06, 4A, 15, AN, 20), IN(DF03, 06, 4A, 16, CN, 4),
    IN(DF03, 06, 4A, 17, AN, 60),
    AN(DF03, 07, 70, 3), CN(DF03, 07, 71, 3), CN(DF03, 07, 6E, 4), CN(DF03, 07, 6C, 4), CN(DF03, 07, 6F, 4),
    CN(DF03, 07, 73, 4),
    CN(DF03, 15, 7A, 3), CN(DF03, 15, 7B, 4), CN(DF03, 15, 7C, 4),
    CN(DF03, 16, 51, 3), AN(DF03, 16, 5F, 1),
    AN(DF03, 17, 3B, 20), AN(DF03, 17, 3C, 70), AN(DF03, 17, 3D, 1), CN(DF03, 17, 3E, 4), AN(DF03, 17, 3F, 60),
    AN(DF03, 18, 74, 3), CN(DF03, 18, 75, 3), CN(DF03, 18, 76, 1), CN(DF03, 18, 77, 4), CN(DF03, 18, 78, 4),
    BTLV(DF03, 19, 79), IN(DF03, 19, 79, 18, AN, 3), IN(DF03, 19, 79, 19, CN, 3), IN(DF03, 19, 79, 1A, CN, 4),
    IN(DF03, 19, 79, 1B, CN, 4), IN(DF03, 19, 79, 1C, BIN, 4), IN(DF03, 19, 79, 1D, AN, 3),
    IN(DF03, 19, 79, 1E, CN, 4), CN(DF03, 19, 75, 3), CN(DF03, 19, 76, 1), CN(DF03, 19, 77, 4), CN(DF03, 19, 78, 4),
    AN(DF04, 05, 81, 8), CN(DF04, 05, 84, 3), AN(DF04, 05, 87, 17), CN(DF04, 05, 8C, 1), CN(DF04, 05, 80, 4),
    AN(DF04, 05, 8B, 29), AN(DF04, 05, 8A, 15), AN(DF04, 05, 83, 9), AN(DF04, 05, 86, 9), AN(DF04, 05, 89, 9),
    AN(DF04, 05, 7D, 9), AN(DF04, 05, 7E, 9), AN(DF04, 05, 7F, 9), AN(DF04, 05, 8D, 9), AN(DF04, 05, 8E, 9),
    AN(DF04, 05, 8F, 1),
    AN(DF04, 06, 90, 1), BIN(DF04, 06, 92, 4), AN(DF04, 06, 93, 2),
    FIELD(DF04, 08, COUNT, 2), FIELD(DF04, 08, TEXT, 1), FIELD(DF04, 08, DIGITS, 6), FIELD(DF04, 08, DIGITS, 7),
    FIELD(DF04, 08, YUAN, 4), FIELD(DF04, 08, YUAN, 4), FIELD(DF04, 08, YUAN, 4),
    FIELD(DF04, 15, DIGITS, 2), FIELD(DF04, 15, TEXT, 1),
    AN(DF05, 05, A0, 1), AN(DF05, 05, A1, 1), AN(DF05, 05, B9, 1), AN(DF05, 05, A2, 4), CN(DF05, 05, A9, 1),
    BTLV(DF05, 05, A3), IN(DF05, 05, A3, A5, AN, 16), IN(DF05, 05, A3, A6, AN, 4), BTLV(DF05, 05, A4),
    IN(DF05, 05, A4, A7, AN, 16), IN(DF05, 05, A4, A8, AN, 3), AN(DF05, 05, BA, 20), AN(DF05, 05, BB, 100),
    AN(DF05, 05, AA, 20), CN(DF05, 05, AB, 4), AN(DF05, 05, AC, 1), AN(DF05, 05, AD, 1), AN(DF05, 05, AE, 1),
    AN(DF05, 05, AF, 1), AN(DF05, 05, B0, 1), AN(DF05, 05, B1, 1), AN(DF05, 05, B2, 1), AN(DF05, 05, B3, 1),
    AN(DF05, 05, B4, 1), AN(DF05, 05, B5, 1), AN(DF05, 05, B6, 1), AN(DF05, 05, B7, 1), AN(DF05, 05, BC, 1),
    AN(DF05, 05, B8, 40),
    AN(DF06, 05, C0, 70), AN(DF06, 05, C2, 9), BTLV(DF06, 05, C3), IN(DF06, 05, C3, E3, CN, 1),
    IN(DF06, 05, C3, E4, CN, 4), IN(DF06, 05, C3, E5, CN, 4), IN(DF06, 05, C3, E6, CN, 4),
    IN(DF06, 05, C3, E7, CN, 3), BTLV(DF06, 05, C4), IN(DF06, 05, C4, E3, CN, 1), IN(DF06, 05, C4, E4, CN, 4),
    IN(DF06, 05, C4, E5, CN, 4), IN(DF06, 05, C4, E6, CN, 4), IN(DF06, 05, C4, E7, CN, 3), BTLV(DF06, 05, C5),
    IN(DF06, 05, C5, E3, CN, 1), IN(DF06, 05, C5, E4, CN, 4), IN(DF06, 05, C5, E5, CN, 4),
    IN(DF06, 05, C5, E6, CN, 4), IN(DF06, 05, C5, E7, CN, 3),
    AN(DF06, 06, C6, 70), AN(DF06, 06, C8, 9), CN(DF06, 06, C9, 1), CN(DF06, 06, CA, 4), CN(DF06, 06, CB, 4),
    CN(DF06, 06, CC, 4), CN(DF06, 06, CD, 2), CN(DF06, 06, CE, 1), CN(DF06, 06, CF, 4), CN(DF06, 06, D0, 4),
    CN(DF06, 06, D1, 4), CN(DF06, 06, D2, 3), CN(DF06, 06, D3, 1), CN(DF06, 06, D4, 4), CN(DF06, 06, D5, 4),
    CN(DF06, 06, D6, 4), CN(DF06, 06, D7, 3), CN(DF06, 06, D8, 1), CN(DF06, 06, D9, 4), CN(DF06, 06, DA, 4),
    CN(DF06, 06, DB, 4), CN(DF06, 06, DC, 4), CN(DF06, 06, DD, 4), CN(DF06, 06, DE, 4), CN(DF06, 06, DF, 3),
    CN(DF06, 06, E0, 3), CN(DF06, 06, E1, 2), CN(DF06, 06, E2, 2),
    AN(DF07, 05, F0, 2), AN(DF07, 05, F1, 1), CN(DF07, 05, F2, 4), AN(DF07, 05, F3, 3), CN(DF07, 05, F4, 4),
    AN(DF07, 06, F5, 3), CN(DF07, 06, F6, 4), AN(DF07, 06, F7, 70),
    CN(DF07, 07, F8, 4), AN(DF07, 07, F9, 1),
};

static const struct oc_item first_items[] = {
    BIN(DDF1, 05, 01, 16), AN(DDF1, 05, 02, 1), AN(DDF1, 05, 03, 4), CN(DDF1, 05, 04, 12), CN(DDF1, 05, 05, 4),
    CN(DDF1, 05, 06, 4), AN(DDF1, 05, 07, 9),
    AN(DDF1, 06, 08, 18), AN(DDF1, 06, 09, 30), AN(DDF1, 06, 0A, 1), CN(DDF1, 06, 0B, 1), CN(DDF1, 06, 0C, 3),
    CN(DDF1, 06, 0D, 4),
    AN(DDF1, 0C, 01, 40), AN(DDF1, 0C, 02, 40),
    AN(DF01, 05, 20, 1), AN(DF01, 05, 21, 62), AN(DF01, 05, 22, 18),
    AN(DF01, 06, 25, 62), AN(DF01, 06, 26, 18), CN(DF01, 06, 27, 3), AN(DF01, 06, 28, 15),
    AN(DF01, 07, 29, 1),
    AN(DF01, 08, 2B, 1),
    AN(DF01, 09, 2E, 62), AN(DF01, 09, 2F, 8), AN(DF01, 09, 30, 9), AN(DF01, 09, 31, 1), AN(DF01, 09, 32, 3),
    BIN(DF01, 0A, 37, 4), BIN(DF01, 0A, 38, 4), CN(DF01, 0A, 39, 4),
    BTLV(DF02, 05, 40), IN(DF02, 05, 40, 57, AN, 3), IN(DF02, 05, 40, 58, CN, 3), IN(DF02, 05, 40, 59, AN, 40),
    BTLV(DF02, 05, 41), IN(DF02, 05, 41, 57, AN, 3), IN(DF02, 05, 41, 58, CN, 3), IN(DF02, 05, 41, 59, AN, 40),
    CN(DF02, 05, 42, 3), BTLV(DF02, 05, 43), IN(DF02, 05, 43, 5A, CN, 7), IN(DF02, 05, 43, 5B, CN, 1),
    IN(DF02, 05, 43, 5C, AN, 9), IN(DF02, 05, 43, 5D, CN, 4), BTLV(DF02, 05, 44), IN(DF02, 05, 44, 5A, CN, 7),
    IN(DF02, 05, 44, 5B, CN, 1), IN(DF02, 05, 44, 5C, AN, 9), IN(DF02, 05, 44, 5D, CN, 4),
    CN(DF02, 06, 4B, 4), CN(DF02, 06, 4C, 4), CN(DF02, 06, 60, 4), CN(DF02, 06, 4D, 4), CN(DF02, 06, 4F, 4),
    CN(DF02, 06, 50, 4), AN(DF02, 06, 3A, 7),
    FIELD(DF02, 07, TEXT, 7), FIELD(DF02, 07, DIGITS, 4), FIELD(DF02, 07, DIGITS, 4), FIELD(DF02, 07, TEXT, 70),
    CN(DF02, 08, 52, 10), AN(DF02, 08, 53, 62), AN(DF02, 08, 94, 8), CN(DF02, 08, 54, 4),
    CN(DF02, 09, 55, 10), AN(DF02, 09, 56, 62), AN(DF02, 09, 95, 8), CN(DF02, 09, 96, 4), CN(DF02, 09, 97, 4),
    CN(DF03, 05, 60, 4), CN(DF03, 05, 98, 4), BIN(DF03, 05, 61, 4), CN(DF03, 05, 62, 4), AN(DF03, 05, 63, 3),
    AN(DF03, 05, 64, 3), BIN(DF03, 05, 65, 3), BIN(DF03, 05, 66, 3),
    CN(DF03, 06, 67, 4), AN(DF03, 06, 68, 62), AN(DF03, 06, 69, 62), AN(DF03, 06, 6A, 16), AN(DF03, 06, 6B, 60),
    CN(DF03, 07, 6C, 4), BIN(DF03, 07, 6D, 4), CN(DF03, 07, 6E, 4), CN(DF03, 07, 6F, 4), AN(DF03, 07, 70, 3),
    BIN(DF03, 07, 71, 4), BIN(DF03, 07, 72, 4), CN(DF03, 07, 73, 4),
    CN(DF04, 05, 80, 4), AN(DF04, 05, 81, 62), AN(DF04, 05, 82, 8), AN(DF04, 05, 83, 9), AN(DF04, 05, 84, 62),
    AN(DF04, 05, 85, 8), AN(DF04, 05, 86, 9), AN(DF04, 05, 87, 62), AN(DF04, 05, 88, 8), AN(DF04, 05, 89, 9),
    AN(DF04, 05, 8A, 15), AN(DF04, 05, 8B, 10), AN(DF04, 05, 8C, 1), AN(DF04, 05, 8F, 1),
    BIN(DF04, 06, 90, 4), BIN(DF04, 06, 92, 4), BIN(DF04, 06, 93, 4),
    FIELD(DF04, 08, COUNT, 2), FIELD(DF04, 08, TEXT, 1), FIELD(DF04, 08, DIGITS, 6), FIELD(DF04, 08, DIGITS, 7),
    FIELD(DF04, 08, YUAN, 4), FIELD(DF04, 08, YUAN, 4), FIELD(DF04, 08, YUAN, 4),
};
/* clang-format on */

struct table {
    const struct oc_item *at;
    size_t count;
};

static struct table table_of(bool first_generation)
{
    return first_generation ? (struct table){first_items, sizeof first_items / sizeof first_items[0]}
                            : (struct table){items, sizeof items / sizeof items[0]};
}

const struct oc_item *oc_item_of_record(bool first_generation, uint16_t dir, uint8_t ef, uint8_t tag)
{
    struct table table = table_of(first_generation);
    for (const struct oc_item *item = table.at; item < table.at + table.count && tag != 0; item++) {
        if (item->dir == dir && item->ef == ef && item->in == 0 && item->tag == tag) {
            return item;
        }
    }
    return NULL;
}

static bool is_within(const struct oc_item *item, uint16_t dir, uint8_t ef, uint8_t in)
{
    return item->dir == dir && item->ef == ef && item->in == in && (in != 0 || item->tag == 0);
}

const struct oc_item *oc_items_within(bool first_generation, uint16_t dir, uint8_t ef, uint8_t in, size_t *count)
{
    struct table table = table_of(first_generation);
    const struct oc_item *end = table.at + table.count;
    const struct oc_item *begin = table.at;
    while (begin < end && !is_within(begin, dir, ef, in)) {
        begin++;
    }
    *count = 0;
    while (begin + *count < end && is_within(begin + *count, dir, ef, in)) {
        ++*count;
    }
    return begin;
}
