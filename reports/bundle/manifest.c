/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/manifest.h"

#include <inttypes.h>
#include <libxml/xmlstring.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGEST_DIGITS 64

static bool part_is_fit(const char *part, size_t len)
{
    if (len == 0 || part[0] == '.') {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)part[i];
        if (c < ' ' || c == 0x7F || c == '\\') {
            return false;
        }
    }
    return true;
}

bool oc_manifest_path_is_fit(const char *path)
{
    unsigned parts = 0;
    size_t len = strlen(path);
    if (len > OC_MANIFEST_PATH_MAX || !xmlCheckUTF8((const xmlChar *)path)) {
        return false;
    }
    for (const char *at = path;; at++) {
        size_t part = strcspn(at, "/");
        if (!part_is_fit(at, part) || ++parts > OC_MANIFEST_DEPTH_MAX) {
            return false;
        }
        at += part;
        if (*at == '\0') {
            return true;
        }
    }
}

static int digit(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_digest(oc_rd *rd, uint8_t out[32])
{
    for (unsigned i = 0; i < DIGEST_DIGITS / 2; i++) {
        int high = digit(oc_rd_u8(rd));
        int low = digit(oc_rd_u8(rd));
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    return oc_rd_u8(rd) == ' ';
}

static bool read_size(oc_rd *rd, uint64_t *size)
{
    uint8_t c = oc_rd_u8(rd);
    bool leading_zero = c == '0';
    unsigned digits = 0;
    for (*size = 0; c >= '0' && c <= '9' && digits < 18; digits++, c = oc_rd_u8(rd)) {
        *size = *size * 10 + (uint64_t)(c - '0');
    }
    return digits > 0 && c == ' ' && (!leading_zero || digits == 1);
}

/* `line` without its line feed. */
static const char *read_line(oc_manifest *out, oc_span line)
{
    oc_manifest_entry entry = {0};
    oc_rd rd = oc_rd_of(line);
    if (!read_digest(&rd, entry.sha256) || !read_digest(&rd, entry.sm3) || !read_size(&rd, &entry.size) || rd.bad) {
        return "a line is SHA-256, SM3, size and path, one blank between each";
    }
    char path[OC_MANIFEST_PATH_MAX + 1];
    if (rd.rest.len == 0 || rd.rest.len > OC_MANIFEST_PATH_MAX || memchr(rd.rest.at, 0, rd.rest.len) != NULL) {
        return "no path of a file within the bundle";
    }
    memcpy(path, rd.rest.at, rd.rest.len);
    path[rd.rest.len] = '\0';
    entry.path = path;
    if (!oc_manifest_path_is_fit(path)) {
        return "no path of a file within the bundle";
    }
    if (strncmp(path, OC_MANIFEST_NAME, strlen(OC_MANIFEST_NAME)) == 0) {
        return "the manifest does not speak of itself";
    }
    if (out->count > 0 && strcmp(out->at[out->count - 1].path, path) >= 0) {
        return "the paths are not in order, or one stands here twice";
    }
    return oc_is_ok(oc_manifest_add(out, &entry)) ? NULL : "out of memory";
}

oc_result oc_manifest_parse(oc_manifest *out, oc_span text, oc_diag *diag)
{
    *out = (oc_manifest){0};
    const char *wrong = text.len == 0 ? "it is empty" : NULL;
    long line = 1;
    for (; wrong == NULL && text.len > 0; line++) {
        const uint8_t *feed = memchr(text.at, '\n', text.len);
        if (feed == NULL) {
            wrong = "the last line is cut off";
            break;
        }
        size_t len = (size_t)(feed - text.at);
        wrong = read_line(out, oc_span_of(text.at, len));
        if (wrong != NULL) {
            break;
        }
        text = oc_span_slice(text, len + 1, text.len);
    }
    if (wrong == NULL) {
        return oc_ok();
    }
    oc_manifest_free(out);
    return oc_diag_fail_at(diag, OC_E_FORMAT, OC_MANIFEST_NAME, line, "%s", wrong);
}

oc_result oc_manifest_add(oc_manifest *manifest, const oc_manifest_entry *entry)
{
    if (manifest->count == manifest->room) {
        size_t room = manifest->room == 0 ? 64 : manifest->room * 2;
        oc_manifest_entry *grown = realloc(manifest->at, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        manifest->at = grown;
        manifest->room = room;
    }
    const char *path = oc_arena_text(&manifest->arena, entry->path);
    if (path == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    manifest->at[manifest->count] = *entry;
    manifest->at[manifest->count++].path = path;
    return oc_ok();
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const oc_manifest_entry *)a)->path, ((const oc_manifest_entry *)b)->path);
}

void oc_manifest_sort(oc_manifest *manifest)
{
    if (manifest->count > 1) {
        qsort(manifest->at, manifest->count, sizeof *manifest->at, compare);
    }
}

static oc_result write_digest(oc_buf *out, const uint8_t digest[32])
{
    char digits[DIGEST_DIGITS + 1];
    for (unsigned i = 0; i < DIGEST_DIGITS / 2; i++) {
        snprintf(digits + (size_t)2 * i, 3, "%02x", digest[i]);
    }
    digits[DIGEST_DIGITS] = ' ';
    return oc_buf_append(out, oc_span_of(digits, sizeof digits));
}

oc_result oc_manifest_write(const oc_manifest *manifest, oc_buf *out)
{
    char size[24];
    for (size_t i = 0; i < manifest->count; i++) {
        const oc_manifest_entry *entry = &manifest->at[i];
        snprintf(size, sizeof size, "%" PRIu64 " ", entry->size);
        OC_TRY(write_digest(out, entry->sha256));
        OC_TRY(write_digest(out, entry->sm3));
        OC_TRY(oc_buf_append(out, oc_span_text(size)));
        OC_TRY(oc_buf_append(out, oc_span_text(entry->path)));
        OC_TRY(oc_buf_append_byte(out, '\n'));
    }
    return oc_ok();
}

const oc_manifest_entry *oc_manifest_find(const oc_manifest *manifest, const char *path)
{
    const oc_manifest_entry key = {.path = path};
    return manifest->count == 0 ? NULL : bsearch(&key, manifest->at, manifest->count, sizeof *manifest->at, compare);
}

void oc_manifest_free(oc_manifest *manifest)
{
    free(manifest->at);
    oc_arena_free(&manifest->arena);
    *manifest = (oc_manifest){0};
}
