/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_MANIFEST_H
#define OC_REPORTS_BUNDLE_MANIFEST_H

#include "sim/base/arena.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MANIFEST of a bundle (project choice): one line a file, in the order of the paths' bytes, each path once:
 *     SHA-256, blank, SM3, blank, size, blank, path, line feed
 * Digests are 64 hex digits in lower case, the size is decimal without leading zeros, the path is relative UTF-8 with
 * slashes. MANIFEST itself and what is made over it (MANIFEST.p7s, MANIFEST.tsr) do not stand in it. */
#define OC_MANIFEST_NAME "MANIFEST"
#define OC_MANIFEST_SIGNATURE "MANIFEST.p7s"
#define OC_MANIFEST_TIME_STAMP "MANIFEST.tsr"

#define OC_MANIFEST_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define OC_MANIFEST_PATH_MAX 512
#define OC_MANIFEST_DEPTH_MAX 4

typedef struct oc_manifest_entry {
    const char *path;
    uint64_t size; /* bytes */
    uint8_t sha256[32];
    uint8_t sm3[32];
} oc_manifest_entry;

/* Zero-initialise; free with oc_manifest_free. */
typedef struct oc_manifest {
    oc_arena arena;
    oc_manifest_entry *at;
    size_t count, room;
} oc_manifest;

/* A path that stays within its folder and looks like what it is: relative, no empty part and none that begins with a
 * dot, no control characters, no backslash, valid UTF-8, at most OC_MANIFEST_DEPTH_MAX parts. */
bool oc_manifest_path_is_fit(const char *path);

/* FORMAT with the line for anything that is not exactly in form. `out` is empty then. */
OC_MUST_USE oc_result oc_manifest_parse(oc_manifest *out, oc_span text, oc_diag *diag);

/* Adds an entry; `path` is copied. To be sorted before it is written. */
OC_MUST_USE oc_result oc_manifest_add(oc_manifest *manifest, const oc_manifest_entry *entry);
void oc_manifest_sort(oc_manifest *manifest);
OC_MUST_USE oc_result oc_manifest_write(const oc_manifest *manifest, oc_buf *out);

/* NULL when it is not there. The manifest is sorted. */
const oc_manifest_entry *oc_manifest_find(const oc_manifest *manifest, const char *path);
void oc_manifest_free(oc_manifest *manifest);

#ifdef __cplusplus
}
#endif
#endif
