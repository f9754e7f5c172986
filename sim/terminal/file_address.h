/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_FILE_ADDRESS_H
#define OC_TERMINAL_FILE_ADDRESS_H

#include "sim/base/bytes.h"

/* pFileAddr: groups FILE|item|item|$ (ssc-terminal sheet 4.3). FILE is directory and file, "SSSEEF06" or "DF01EF05";
 * "3F00" stands for "SSSE" too. Items are tags of two hex digits; transparent files have none, cyclic ones are asked
 * for by record number. */
struct oc_file_address {
    uint16_t dir; /* DDF1, DF01, ... */
    uint8_t ef;   /* low byte of the identifier */
    bool by_mf;   /* written as "3F00", which some drivers do not take */
    oc_span name; /* as it was written */
    oc_span rest; /* items not taken yet */
};

/* No transparent file is longer: READ and UPDATE BINARY with an offset have P1 below 80. */
#define OC_FILE_SIZE_MAX 0x8000

/* Takes the next group; false when there is none or it is malformed. */
bool oc_file_address_next(oc_span *groups, struct oc_file_address *address);

/* Takes the next item of a group; false at the end or when malformed, which *bad tells. */
bool oc_file_address_item(struct oc_file_address *address, uint8_t *item, bool *bad);

#endif
