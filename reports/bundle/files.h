/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_FILES_H
#define OC_REPORTS_BUNDLE_FILES_H

#include "reports/bundle/manifest.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The files of a bundle's folder, which may come from anybody: nothing is followed out of it. */

#define OC_BUNDLE_FILES_MAX 20000

/* Collects every file below `folder` with its size and digests, sorted. FORMAT with the file for anything that is
 * neither a regular file nor a folder with something in it (symbolic links, devices, pipes), for a file that can be
 * written under several names, and for a path that a manifest does not take. */
OC_MUST_USE oc_result oc_bundle_files(oc_manifest *out, const char *folder, oc_diag *diag);

/* SHA-256, SM3 and size of one regular file, which is not reached through a link. */
OC_MUST_USE oc_result oc_bundle_digest(oc_manifest_entry *out, const char *path, oc_diag *diag);

/* A symbolic link at the end of `path` is not followed. Replaces the content of `out`. */
OC_MUST_USE oc_result oc_bundle_read(oc_buf *out, const char *path, size_t limit, oc_diag *diag);

/* Copies a file beside which none of the name may be, synced. */
OC_MUST_USE oc_result oc_bundle_copy(const char *from, const char *to, oc_diag *diag);

/* Syncs every file and folder below, and the folder itself. */
OC_MUST_USE oc_result oc_bundle_sync(const char *folder, oc_diag *diag);

/* Removes the folder with all that is in it; links are removed, not followed. What cannot be removed stays. */
void oc_bundle_remove(const char *folder);

#ifdef __cplusplus
}
#endif
#endif
