/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_FILE_ITEMS_H
#define OC_TERMINAL_FILE_ITEMS_H

#include "sim/terminal/call.h"
#include "sim/terminal/item_table.h"

/* How the driver interface writes what is in a file, and the way back. Which table holds follows from the card's
 * generation. */

/* Appends the value of a record with that tag; the items of a template one by one, joined by '^'. A record that no
 * table has is text. */
OC_MUST_USE oc_result oc_file_append_value(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag,
                                           oc_span value);

/* Appends the fields of a cyclic file's record, joined by `mark`. */
OC_MUST_USE oc_result oc_file_append_cyclic(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, char mark,
                                            oc_span record);

/* Appends the record that the text makes: tag, length, value filled up to its length; an empty text is all filling.
 * Parts of a template are joined by '^', as many as it has items. Ends the call: -41 a character that the kind does not
 * have, -42 too long or an odd count of hex digits, -23 another count of parts, -27267 a tag that no table has. */
OC_MUST_USE oc_result oc_file_make_record(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag,
                                          oc_span text);

/* The same for a cyclic file's record, which is its fields alone. */
OC_MUST_USE oc_result oc_file_make_cyclic(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, oc_span text);

/* Appends bytes written in hex; -41, -42. */
OC_MUST_USE oc_result oc_file_make_bytes(struct oc_call *call, oc_buf *out, oc_span text);

/* Reads the files of pFileAddr and sets the answer "out": what iReadCard answers. `current` is the directory that is
 * selected; `with_keys` authenticates for each file through the PSAM. */
OC_MUST_USE oc_result oc_file_read_groups(struct oc_call *call, oc_span groups, bool with_keys, uint16_t current);

/* Makes the data of the argument "write-data" for these files, and with `send` writes them. */
struct oc_file_writing {
    oc_span addresses; /* pFileAddr */
    bool send;
    bool is_open;     /* the key for all of them has passed; off: each is opened through the PSAM */
    uint16_t current; /* directory that is selected */
};
OC_MUST_USE oc_result oc_file_write_groups(struct oc_call *call, const struct oc_file_writing *writing);

#endif
