/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/key_table.h"

/* clang-format off */
/* Read keys of files (ssc-card sheet 4.2 to 4.8). EF 00: every file of the directory that no row above names. */
static const struct read_key {
    uint16_t dir;
    uint8_t ef;
    const char *keys[2];
} read_keys[] = {
    {OC_FID_SSSE, 0x07, {"SSSE/RK", NULL}},
    {OC_FID_SSSE, 0x08, {"SSSE/RK", NULL}},
    {0xDF01, 0x00, {"DF01/RK", NULL}},
    {0xDF02, 0x00, {"DF02/RK", NULL}},
    {0xDF03, 0x05, {"DF03/RK1", "DF03/RK2"}},
    {0xDF03, 0x00, {"DF03/RK1", NULL}},
    {0xDF04, 0x05, {"DF04/RK1", NULL}},
    {0xDF04, 0x06, {"DF04/RK1", NULL}},
    {0xDF06, 0x00, {"DF06/RK1", NULL}},
    {0xDF07, 0x05, {"DF07/RK1", NULL}},
    {0xDF07, 0x06, {"DF07/RK2", NULL}},
    {0xDF07, 0x07, {"DF07/RK3", NULL}},
};

/* Generation 1.0, whose files are read with their update keys: where it differs. */
static const struct read_key first_read_keys[] = {
    {0xDF01, 0x07, {"DF01/UK2", NULL}},
    {0xDF01, 0x09, {"DF01/UK2", NULL}},
    {0xDF02, 0x06, {"DF02/UK2", NULL}},
    {0xDF02, 0x07, {"DF02/UK3", NULL}},
    {0xDF02, 0x08, {"DF02/UK4", NULL}},
    {0xDF02, 0x09, {"DF02/UK5", NULL}},
    {0xDF03, 0x05, {"DF03/RK1", NULL}},
};
/* clang-format on */

static const struct read_key *find_read_key(const struct read_key *rows, size_t count, uint16_t dir, uint8_t ef)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].dir == dir && (rows[i].ef == ef || rows[i].ef == 0x00)) {
            return &rows[i];
        }
    }
    return NULL;
}

unsigned oc_terminal_read_keys(bool first_generation, uint16_t dir, uint8_t ef, const struct oc_terminal_key *found[2])
{
    const struct read_key *row = first_generation
                                     ? find_read_key(first_read_keys,
                                                     sizeof first_read_keys / sizeof first_read_keys[0], dir, ef)
                                     : NULL;
    row = row != NULL ? row : find_read_key(read_keys, sizeof read_keys / sizeof read_keys[0], dir, ef);
    unsigned count = 0;
    while (row != NULL && count < 2 && row->keys[count] != NULL) {
        found[count] = oc_terminal_key_named(oc_span_text(row->keys[count]));
        count++;
    }
    return count;
}
