/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_KEY_TABLE_H
#define OC_TERMINAL_KEY_TABLE_H

#include "sim/keys/terminal_keys.h"

/* Which keys of terminals (sim/keys/terminal_keys.h) the files of the card ask for (item_table.h). `ef` is the low byte
 * of the file's identifier. */

/* The keys that open a file for reading: up to two. Returns their number. */
unsigned oc_terminal_read_keys(bool first_generation, uint16_t dir, uint8_t ef, const struct oc_terminal_key *keys[2]);

/* The key that opens a file for writing; NULL when no table has the file, or the card alone writes it. */
const struct oc_terminal_key *oc_terminal_update_key(bool first_generation, uint16_t dir, uint8_t ef);

#endif
