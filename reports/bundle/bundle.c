/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/bundle/files.h"
#include "reports/bundle/helper.h"
#include "reports/bundle/time_stamp.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"

#define PATH_ROOM 4096
#define TSA_TIMEOUT_MS 60000

/* A document that was given with the run goes into the bundle as the file it was. */
static oc_result copy_document(const oc_bundle_order *order, const char *given, const char *name, const char *digest,
                               const char *into, oc_diag *diag)
{
    char beside[PATH_ROOM];
    char copy[PATH_ROOM];
    char folder[PATH_ROOM];
    char digits[65];
    oc_manifest_entry entry;
    if (given == NULL && digest[0] == '\0') {
        return oc_ok();
    }
    snprintf(folder, sizeof folder, "%s", order->result_path);
    OC_TRY(oc_file_join(beside, sizeof beside, dirname(folder), name));
    OC_TRY(oc_file_join(copy, sizeof copy, into, name));
    const char *from = given == NULL ? beside : given;
    OC_TRY(oc_bundle_copy(from, copy, diag));
    OC_TRY(oc_bundle_digest(&entry, copy, diag));
    oc_hex_encode(digits, sizeof digits, oc_span_of(entry.sha256, sizeof entry.sha256));
    if (digest[0] != '\0' && strcasecmp(digits, digest) != 0) {
        return oc_diag_fail_at(diag, OC_E_USAGE, from, 0, "not the %s that the run was made with", name);
    }
    return oc_ok();
}

static oc_result copy_challenge(const oc_bundle_order *order, const char *digest, const char *into, oc_diag *diag)
{
    char beside[PATH_ROOM];
    char copy[PATH_ROOM];
    char folder[PATH_ROOM];
    OC_TRY(copy_document(order, NULL, OC_BUNDLE_CHALLENGE, digest, into, diag));
    if (digest[0] == '\0') {
        return oc_ok();
    }
    snprintf(folder, sizeof folder, "%s", order->result_path);
    OC_TRY(oc_file_join(beside, sizeof beside, dirname(folder), OC_BUNDLE_CHALLENGE_SIGNATURE));
    OC_TRY(oc_file_join(copy, sizeof copy, into, OC_BUNDLE_CHALLENGE_SIGNATURE));
    return oc_bundle_copy(beside, copy, diag);
}

static oc_result write_manifest(const char *folder, oc_buf *text, oc_diag *diag)
{
    char path[PATH_ROOM];
    oc_manifest manifest = {0};
    OC_TRY(oc_file_join(path, sizeof path, folder, OC_MANIFEST_NAME));
    OC_TRY(oc_bundle_files(&manifest, folder, diag));
    oc_result r = oc_manifest_write(&manifest, text);
    oc_manifest_free(&manifest);
    return oc_is_ok(r) ? oc_file_replace(path, oc_buf_span(text), diag) : r;
}

static oc_result write_beside(const char *folder, const char *name, oc_span content, oc_diag *diag)
{
    char path[PATH_ROOM];
    OC_TRY(oc_file_join(path, sizeof path, folder, name));
    return oc_file_replace(path, content, diag);
}

static oc_result stamp(const char *folder, oc_span p7s, const char *command, const char *tsr_path, oc_diag *diag)
{
    oc_buf request = {0};
    oc_buf response = {0};
    int64_t when = 0;
    char who[256];
    oc_result r;
    if (tsr_path != NULL) {
        r = oc_bundle_read(&response, tsr_path, OC_TIME_STAMP_BYTES_MAX, diag);
    } else {
        r = oc_time_stamp_request(&request, p7s);
        if (oc_is_ok(r)) {
            r = oc_helper_run(&response, command, oc_buf_span(&request), OC_TIME_STAMP_BYTES_MAX, TSA_TIMEOUT_MS,
                              diag);
        }
    }
    if (oc_is_ok(r)) {
        r = oc_time_stamp_check(oc_buf_span(&response), p7s, NULL, &when, who, diag);
    }
    if (oc_is_ok(r)) {
        r = write_beside(folder, OC_MANIFEST_TIME_STAMP, oc_buf_span(&response), diag);
    }
    oc_buf_free(&request);
    oc_buf_free(&response);
    return r;
}

static oc_result sign_and_stamp(const oc_bundle_order *order, const char *folder, oc_span manifest, oc_diag *diag)
{
    oc_buf p7s = {0};
    oc_result r = oc_ok();
    if (order->signer_count > 0) {
        r = oc_cms_sign(&p7s, manifest, order->signers, order->signer_count, order->when, diag);
        if (oc_is_ok(r)) {
            r = write_beside(folder, OC_MANIFEST_SIGNATURE, oc_buf_span(&p7s), diag);
        }
    }
    if (oc_is_ok(r) && order->tsa_command != NULL) {
        r = stamp(folder, oc_buf_span(&p7s), order->tsa_command, NULL, diag);
    }
    oc_buf_free(&p7s);
    return r;
}

static oc_result fill(const oc_bundle_order *order, const char *folder, oc_evidence *evidence, oc_diag *diag)
{
    char path[PATH_ROOM];
    oc_buf manifest = {0};
    OC_TRY(oc_file_join(path, sizeof path, folder, "result.xml"));
    OC_TRY(oc_bundle_copy(order->result_path, path, diag));
    const oc_bundle_derivation derivation = {.folder = folder,
                                             .into = folder,
                                             .data_folder = order->data_folder,
                                             .companion = order->companion,
                                             .claims = {(unsigned)order->signer_count, order->tsa_command != NULL}};
    OC_TRY(oc_bundle_derive(&derivation, evidence, diag));
    OC_TRY(copy_document(order, order->ics_path, "ics.xml", evidence->ics_digest, folder, diag));
    OC_TRY(copy_document(order, order->lab_path, "lab.xml", evidence->lab_digest, folder, diag));
    OC_TRY(copy_challenge(order, evidence->challenge_digest, folder, diag));
    OC_TRY(oc_bundle_derive_reports(&derivation, diag));
    oc_result r = write_manifest(folder, &manifest, diag);
    if (oc_is_ok(r)) {
        r = sign_and_stamp(order, folder, oc_buf_span(&manifest), diag);
    }
    oc_buf_free(&manifest);
    return oc_is_ok(r) ? oc_bundle_sync(folder, diag) : r;
}

static oc_result settle(const char *temporary, const char *folder, oc_diag *diag)
{
    /* Not over what is there, not even an empty folder. */
    if (chmod(temporary, 0755) != 0 || renameat2(AT_FDCWD, temporary, AT_FDCWD, folder, RENAME_NOREPLACE) != 0) {
        return oc_diag_fail_at(diag, errno == EEXIST ? OC_E_USAGE : OC_E_IO, folder, 0, "%s", strerror(errno));
    }
    char above[PATH_ROOM];
    snprintf(above, sizeof above, "%s", folder);
    int fd = open(dirname(above), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd); /* some file systems refuse it on folders */
        close(fd);
    }
    return oc_ok();
}

oc_result oc_bundle_make(const oc_bundle_order *order, oc_evidence *made, oc_diag *diag)
{
    char temporary[PATH_ROOM];
    struct stat st;
    oc_evidence evidence = {0};
    if (lstat(order->out_folder, &st) == 0) {
        return oc_diag_fail_at(diag, OC_E_USAGE, order->out_folder, 0, "it is there already; name a new folder");
    }
    if (order->tsa_command != NULL && order->signer_count == 0) {
        return oc_diag_fail(diag, OC_E_USAGE, "a time stamp is over a signature: who signs?");
    }
    int len = snprintf(temporary, sizeof temporary, "%s.XXXXXX", order->out_folder);
    if (len < 0 || (size_t)len >= sizeof temporary || mkdtemp(temporary) == NULL) {
        return oc_diag_fail_at(diag, OC_E_IO, order->out_folder, 0, "cannot make a folder here: %s", strerror(errno));
    }
    oc_result r = fill(order, temporary, &evidence, diag);
    if (oc_is_ok(r)) {
        r = settle(temporary, order->out_folder, diag);
    }
    if (!oc_is_ok(r)) {
        oc_bundle_remove(temporary);
    }
    if (oc_is_ok(r) && made != NULL) {
        *made = evidence;
    } else {
        oc_evidence_free(&evidence);
    }
    return r;
}

oc_result oc_bundle_add(const char *folder, const oc_signer *signers, size_t count, int64_t when,
                        const char *tsa_command, const char *tsr_path, oc_diag *diag)
{
    char manifest_path[PATH_ROOM];
    char p7s_path[PATH_ROOM];
    char tsr[PATH_ROOM];
    oc_buf manifest = {0};
    oc_buf p7s = {0};
    OC_TRY(oc_file_join(manifest_path, sizeof manifest_path, folder, OC_MANIFEST_NAME));
    OC_TRY(oc_file_join(p7s_path, sizeof p7s_path, folder, OC_MANIFEST_SIGNATURE));
    OC_TRY(oc_file_join(tsr, sizeof tsr, folder, OC_MANIFEST_TIME_STAMP));
    if (access(tsr, F_OK) == 0) {
        return oc_diag_fail_at(diag, OC_E_USAGE, tsr, 0, "the bundle is stamped: nothing can be added to it");
    }
    bool is_signed = access(p7s_path, F_OK) == 0;
    oc_result r = oc_bundle_read(&manifest, manifest_path, OC_MANIFEST_BYTES_MAX, diag);
    if (oc_is_ok(r) && is_signed) {
        r = oc_bundle_read(&p7s, p7s_path, OC_CMS_BYTES_MAX, diag);
    }
    if (oc_is_ok(r) && count > 0) {
        r = oc_cms_sign(&p7s, oc_buf_span(&manifest), signers, count, when, diag);
        if (oc_is_ok(r)) {
            r = oc_file_replace(p7s_path, oc_buf_span(&p7s), diag);
        }
    }
    if (oc_is_ok(r) && (tsa_command != NULL || tsr_path != NULL)) {
        r = p7s.len > 0 ? stamp(folder, oc_buf_span(&p7s), tsa_command, tsr_path, diag)
                        : oc_diag_fail(diag, OC_E_USAGE, "a time stamp is over a signature: who signs?");
    }
    oc_buf_free(&manifest);
    oc_buf_free(&p7s);
    return r;
}
