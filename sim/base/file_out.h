/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_FILE_OUT_H
#define OC_BASE_FILE_OUT_H

#include <stdio.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A file that is written piece by piece and replaces another as a whole: temporary file beside it, fsync, rename, fsync
 * of the folder. A reader sees the old content or the new, never a part; until the end, and on failure, the old file
 * stands. Standard output gets all or nothing too. */
typedef struct oc_file_out oc_file_out;

/* `path` NULL: standard output. */
OC_MUST_USE oc_result oc_file_out_open(oc_file_out **out, const char *path, oc_diag *diag);
/* For writing and seeking; errors stay in it until the end. Not to be closed. */
FILE *oc_file_out_stream(const oc_file_out *out);
/* Puts the file in its place. IO when any byte could not be written. Frees in either case. */
OC_MUST_USE oc_result oc_file_out_commit(oc_file_out **out, oc_diag *diag);
/* Leaves the old file. Accepts NULL inside. */
void oc_file_out_abandon(oc_file_out **out);

#ifdef __cplusplus
}
#endif
#endif
