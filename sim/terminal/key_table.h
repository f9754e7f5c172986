/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_KEY_TABLE_H
#define OC_TERMINAL_KEY_TABLE_H

#include "sim/keys/terminal_keys.h"

/* Which keys of terminals (sim/keys/terminal_keys.h) the files of the card ask for. */

/* The keys that open a file for reading: up to two. `ef` is the low byte of its identifier. Returns their number. */
unsigned oc_terminal_read_keys(bool first_generation, uint16_t dir, uint8_t ef, const struct oc_terminal_key *keys[2]);

#endif
