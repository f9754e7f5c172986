/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_FILE_H
#define OC_BASE_FILE_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads a whole regular file of at most `limit` bytes. */
OC_MUST_USE oc_result oc_file_read(oc_buf *out, const char *path, size_t limit, oc_diag *diag);

/* Replaces a file as a whole: temporary file beside it, fsync, rename, fsync of the folder. A reader sees the old
 * content or the new, never a part; on failure the old file stands. */
OC_MUST_USE oc_result oc_file_replace(const char *path, oc_span content, oc_diag *diag);

/* Makes a folder and those above it; fine when it is there. */
OC_MUST_USE oc_result oc_file_make_folder(const char *path, oc_diag *diag);

/* Joins with one slash; an absolute `name` stands alone. LIMIT when it does not fit. */
OC_MUST_USE oc_result oc_file_join(char *out, size_t room, const char *folder, const char *name);

#ifdef __cplusplus
}
#endif
#endif
