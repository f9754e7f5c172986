/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_ORDER_TABLE_H
#define OC_CONFORMANCE_ACCEPT_ORDER_TABLE_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An order file: CSV as RFC 4180 has it (parsed by libcsv, blanks belong to their field), first row the names of the
 * columns. UTF-8, UTF-16 or GB18030: a byte order mark decides, else `encoding` ("UTF-8", "UTF-16" or "GB18030"; NULL
 * is UTF-8). At most 32 MiB, 200,000 rows and 256 columns; every row has as many fields as the first. All texts are
 * UTF-8 and borrowed from the table. */
typedef struct oc_table oc_table;

OC_MUST_USE oc_result oc_table_load(oc_table **out, const char *path, const char *encoding, oc_diag *diag);
/* The same from memory; `name` stands for the file in messages. */
OC_MUST_USE oc_result oc_table_parse(oc_table **out, oc_span content, const char *name, const char *encoding,
                                     oc_diag *diag);
void oc_table_free(oc_table **table);

const char *oc_table_name(const oc_table *table);
size_t oc_table_columns(const oc_table *table);
const char *oc_table_heading(const oc_table *table, size_t column);
/* The column of that heading, or -1. */
long oc_table_column(const oc_table *table, const char *heading);
/* Rows below the headings. */
size_t oc_table_rows(const oc_table *table);
const char *oc_table_cell(const oc_table *table, size_t row, size_t column);
/* Where the row begins in the file, from 1; a quoted field may go over several lines. */
long oc_table_line(const oc_table *table, size_t row);

#ifdef __cplusplus
}
#endif
#endif
