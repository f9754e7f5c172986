/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_FILE_ITEMS_H
#define OC_TERMINAL_FILE_ITEMS_H

#include "sim/terminal/call.h"

/* How the driver interface writes what is in a file. */

enum oc_file_kind { OC_FILE_RECORDS, OC_FILE_CYCLIC, OC_FILE_TRANSPARENT };

enum oc_file_kind oc_file_kind_of(uint16_t dir, uint8_t ef);

/* Appends the value of a record with that tag; the items of a template one by one, joined by '^'. */
OC_MUST_USE oc_result oc_file_append_value(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag,
                                           oc_span value);

/* Appends the fields of a cyclic file's record, joined by `mark`. */
OC_MUST_USE oc_result oc_file_append_cyclic(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, char mark,
                                            oc_span record);

#endif
