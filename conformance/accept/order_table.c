/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/order_table.h"

#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "sim/base/arena.h"
#include "sim/base/file.h"

#define TABLE_BYTES ((size_t)32 * 1024 * 1024)
#define ROWS_MAX 200000
#define COLUMNS_MAX 256
#define CELL_MAX 4096

struct row {
    long line;
    const char **cells;
};

struct oc_table {
    oc_arena arena;
    const char *name;
    struct row *rows; /* the first one holds the headings */
    size_t count, room;
    size_t columns;
};

/* A row while its fields come. libcsv's callbacks answer nothing, so what goes wrong is kept here. */
struct reader {
    oc_table *table;
    oc_diag *diag;
    oc_result result;
    const char *fields[COLUMNS_MAX];
    size_t count;
    long line;
    bool open; /* the row goes on in the next line */
};

static const struct {
    const char *encoding;
    const char *mark;
    size_t len;
} marks[] = {
    {"UTF-8", "\xEF\xBB\xBF", 3},
    {"UTF-16LE", "\xFF\xFE", 2},
    {"UTF-16BE", "\xFE\xFF", 2},
    {"GB18030", "\x84\x31\x95\x33", 4},
};

static void field_done(void *bytes, size_t len, void *context)
{
    struct reader *reader = context;
    if (!oc_is_ok(reader->result)) {
        return;
    }
    if (reader->count == COLUMNS_MAX || len > CELL_MAX) {
        reader->result = oc_diag_fail_at(reader->diag, OC_E_LIMIT, reader->table->name, reader->line,
                                         len > CELL_MAX ? "a field has more than %d bytes"
                                                        : "the line has more than %d fields",
                                         len > CELL_MAX ? CELL_MAX : COLUMNS_MAX);
        return;
    }
    char *text = oc_arena_text_n(&reader->table->arena, bytes == NULL ? "" : bytes, len);
    if (text == NULL) {
        reader->result = oc_fail(OC_E_MEMORY);
        return;
    }
    reader->fields[reader->count++] = text;
}

static oc_result add_row(struct reader *reader)
{
    oc_table *table = reader->table;
    if (table->count == 0) {
        table->columns = reader->count;
    } else if (reader->count != table->columns) {
        return oc_diag_fail_at(reader->diag, OC_E_FORMAT, table->name, reader->line,
                               "the line has %zu fields, the headings are %zu", reader->count, table->columns);
    }
    if (table->count > ROWS_MAX) {
        return oc_diag_fail_at(reader->diag, OC_E_LIMIT, table->name, reader->line, "more than %d lines", ROWS_MAX);
    }
    if (table->count == table->room) {
        size_t room = table->room == 0 ? 64 : 2 * table->room;
        struct row *rows = realloc(table->rows, room * sizeof *rows);
        if (rows == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        table->rows = rows;
        table->room = room;
    }
    const char **cells = oc_arena_alloc(&table->arena, (reader->count + 1) * sizeof *cells);
    if (cells == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    memcpy(cells, reader->fields, reader->count * sizeof *cells);
    table->rows[table->count++] = (struct row){reader->line, cells};
    return oc_ok();
}

static void row_done(int terminator, void *context)
{
    (void)terminator;
    struct reader *reader = context;
    if (oc_is_ok(reader->result)) {
        reader->result = add_row(reader);
    }
    reader->count = 0;
    reader->open = false;
}

/* RFC 4180: blanks are part of a field. */
static int no_blank(unsigned char c)
{
    (void)c;
    return 0;
}

static oc_result csv_failed(struct reader *reader, struct csv_parser *parser)
{
    if (!oc_is_ok(reader->result)) {
        return reader->result;
    }
    int error = csv_error(parser);
    if (error == CSV_ENOMEM || error == CSV_ETOOBIG) {
        return oc_fail(OC_E_MEMORY);
    }
    return oc_diag_fail_at(reader->diag, OC_E_FORMAT, reader->table->name, reader->line,
                           "a quote stands where CSV has none, or is not closed");
}

/* Line by line, so that each row knows where it begins. */
static oc_result feed(struct reader *reader, struct csv_parser *parser, oc_span text)
{
    for (long line = 1; text.len > 0; line++) {
        const uint8_t *end = memchr(text.at, '\n', text.len);
        oc_span part = oc_span_slice(text, 0, end == NULL ? text.len : (size_t)(end - text.at) + 1);
        text = oc_span_slice(text, part.len, text.len);
        if (!reader->open) {
            reader->line = line;
        }
        bool blank = part.at[0] == '\n' || part.at[0] == '\r';
        reader->open = reader->open || !blank;
        if (csv_parse(parser, part.at, part.len, field_done, row_done, reader) != part.len ||
            !oc_is_ok(reader->result)) {
            return csv_failed(reader, parser);
        }
    }
    if (csv_fini(parser, field_done, row_done, reader) != 0 || !oc_is_ok(reader->result)) {
        return csv_failed(reader, parser);
    }
    return oc_ok();
}

static oc_result check_headings(const oc_table *table, oc_diag *diag)
{
    if (table->count == 0) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, table->name, 1,
                               "the order is empty: its first line names the columns");
    }
    const char **cells = table->rows[0].cells;
    for (size_t i = 0; i < table->columns; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(cells[i], cells[k]) == 0) {
                return oc_diag_fail_at(diag, OC_E_FORMAT, table->name, table->rows[0].line,
                                       "two columns are called '%s'", cells[i]);
            }
        }
    }
    return oc_ok();
}

static oc_result parse_utf8(oc_table *table, oc_span text, oc_diag *diag)
{
    if (text.len > 0 && memchr(text.at, 0, text.len) != NULL) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, table->name, 0,
                               "the order holds zero bytes: it is no text in the encoding that is declared");
    }
    struct csv_parser parser;
    struct reader reader = {.table = table, .diag = diag, .result = oc_ok(), .line = 1};
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    csv_set_space_func(&parser, no_blank);
    oc_result r = feed(&reader, &parser, text);
    csv_free(&parser);
    return oc_is_ok(r) ? check_headings(table, diag) : r;
}

static long lines_in(oc_span text)
{
    long lines = 1;
    for (size_t i = 0; i < text.len; i++) {
        lines += text.at[i] == '\n';
    }
    return lines;
}

static oc_result to_utf8(oc_buf *out, oc_span in, const char *encoding, const char *name, oc_diag *diag)
{
    iconv_t cd = iconv_open("UTF-8", encoding);
    if (cd == (iconv_t)-1) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "this system cannot read %s", encoding);
    }
    oc_result r = oc_buf_reserve(out, 2 * in.len + 16); /* three bytes of UTF-8 for two, no more */
    char *source = (char *)(uintptr_t)in.at;            /* iconv's prototype lacks the const it honours */
    size_t left = in.len;
    char *target = (char *)out->at;
    size_t room = out->room;
    if (oc_is_ok(r) && iconv(cd, &source, &left, &target, &room) == (size_t)-1) {
        out->len = out->room - room;
        r = oc_diag_fail_at(diag, errno == E2BIG ? OC_E_LIMIT : OC_E_FORMAT, name, lines_in(oc_buf_span(out)),
                            "bytes that are no character of %s", encoding);
    }
    out->len = out->room - room;
    iconv_close(cd);
    return r;
}

static oc_result decode(oc_buf *out, oc_span content, const char *encoding, const char *name, oc_diag *diag)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (content.len >= marks[i].len && memcmp(content.at, marks[i].mark, marks[i].len) == 0) {
            return to_utf8(out, oc_span_slice(content, marks[i].len, content.len), marks[i].encoding, name, diag);
        }
    }
    if (encoding != NULL && strcmp(encoding, "UTF-16") == 0) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, name, 1, "UTF-16 begins with a byte order mark, this file does not");
    }
    return to_utf8(out, content, encoding == NULL ? "UTF-8" : encoding, name, diag);
}

oc_result oc_table_parse(oc_table **out, oc_span content, const char *name, const char *encoding, oc_diag *diag)
{
    *out = NULL;
    oc_table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_buf text = {0};
    table->name = oc_arena_text(&table->arena, name);
    oc_result r = table->name == NULL ? oc_fail(OC_E_MEMORY) : decode(&text, content, encoding, name, diag);
    if (oc_is_ok(r)) {
        r = parse_utf8(table, oc_buf_span(&text), diag);
    }
    oc_buf_free(&text);
    if (!oc_is_ok(r)) {
        oc_table_free(&table);
    }
    *out = table;
    return r;
}

oc_result oc_table_load(oc_table **out, const char *path, const char *encoding, oc_diag *diag)
{
    *out = NULL;
    oc_buf content = {0};
    oc_result r = oc_file_read(&content, path, TABLE_BYTES, diag);
    if (oc_is_ok(r)) {
        r = oc_table_parse(out, oc_buf_span(&content), path, encoding, diag);
    }
    oc_buf_free(&content);
    return r;
}

void oc_table_free(oc_table **table)
{
    if (*table != NULL) {
        oc_arena_free(&(*table)->arena);
        free((*table)->rows);
        free(*table);
        *table = NULL;
    }
}

const char *oc_table_name(const oc_table *table)
{
    return table->name;
}

size_t oc_table_columns(const oc_table *table)
{
    return table->columns;
}

const char *oc_table_heading(const oc_table *table, size_t column)
{
    return table->rows[0].cells[column];
}

long oc_table_column(const oc_table *table, const char *heading)
{
    for (size_t i = 0; i < table->columns; i++) {
        if (strcmp(table->rows[0].cells[i], heading) == 0) {
            return (long)i;
        }
    }
    return -1;
}

size_t oc_table_rows(const oc_table *table)
{
    return table->count - 1;
}

const char *oc_table_cell(const oc_table *table, size_t row, size_t column)
{
    return table->rows[row + 1].cells[column];
}

long oc_table_line(const oc_table *table, size_t row)
{
    return table->rows[row + 1].line;
}
