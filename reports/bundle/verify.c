/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/verify.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "reports/bundle/documents.h"
#include "reports/bundle/files.h"
#include "reports/bundle/time_stamp.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"

#define PATH_ROOM 4096
#define ENV_BYTES_MAX ((size_t)256 * 1024)

struct verifying {
    oc_verification *out;
    const oc_verify_order *order;
    oc_manifest found;  /* files of the folder */
    oc_manifest listed; /* by MANIFEST */
    oc_buf manifest;
    oc_buf p7s;
    oc_bundle_claims claims;
    bool has_record; /* evidence was read */
    char again[64];  /* folder of what is made again, or "" */
};

static void good(struct verifying *v, enum oc_check check)
{
    if (v->out->checks[check].state != OC_CHECK_BAD) {
        v->out->checks[check].state = OC_CHECK_GOOD;
    }
}

static void note(oc_check_result *result, enum oc_check_state state, const char *file, long line, const char *format,
                 va_list args) OC_PRINTF(5, 0);

static void note(oc_check_result *result, enum oc_check_state state, const char *file, long line, const char *format,
                 va_list args)
{
    result->state = state;
    result->line = line;
    snprintf(result->file, sizeof result->file, "%s", file);
    vsnprintf(result->reason, sizeof result->reason, format, args);
}

static void bad(struct verifying *v, enum oc_check check, const char *file, const char *format, ...) OC_PRINTF(4, 5);

/* The first one of a check is kept. */
static void bad(struct verifying *v, enum oc_check check, const char *file, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (v->out->checks[check].state != OC_CHECK_BAD) {
        note(&v->out->checks[check], OC_CHECK_BAD, file, 0, format, args);
    }
    va_end(args);
}

static void waive(struct verifying *v, enum oc_check check, const char *format, ...) OC_PRINTF(3, 4);
static void waive(struct verifying *v, enum oc_check check, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    note(&v->out->checks[check], OC_CHECK_WAIVED, "", 0, format, args);
    va_end(args);
}

/* What a part of the library found wrong, told of the file in the bundle. */
static void bad_by(struct verifying *v, enum oc_check check, oc_result r, const oc_diag *diag)
{
    const char *file = diag->file;
    size_t folder = strlen(v->order->folder);
    if (strncmp(file, v->order->folder, folder) == 0) {
        file += folder + strspn(file + folder, "/");
    }
    bad(v, check, file, "%s", diag->reason[0] == '\0' ? oc_code_sentence(r.code) : diag->reason);
    if (v->out->checks[check].line == 0) {
        v->out->checks[check].line = diag->line;
    }
}

/* Memory, cryptography and this machine are not the bundle's fault. */
static bool is_ours(oc_result r)
{
    return r.code == OC_E_MEMORY || r.code == OC_E_CRYPTO || r.code == OC_E_INTERNAL || r.code == OC_E_IO;
}

static oc_result path_in(const struct verifying *v, char out[PATH_ROOM], const char *name)
{
    return oc_file_join(out, PATH_ROOM, v->order->folder, name);
}

static bool is_over_manifest(const char *path)
{
    return strcmp(path, OC_MANIFEST_NAME) == 0 || strcmp(path, OC_MANIFEST_SIGNATURE) == 0 ||
           strcmp(path, OC_MANIFEST_TIME_STAMP) == 0;
}

static oc_result check_files(struct verifying *v, oc_diag *diag)
{
    oc_diag found = {0};
    oc_result r = oc_bundle_files(&v->found, v->order->folder, &found);
    if (is_ours(r) || r.code == OC_E_NOT_FOUND /* the folder */) {
        return oc_diag_fail_at(diag, r.code, found.file, 0, "%s", found.reason);
    }
    if (oc_is_ok(r)) {
        v->out->files = v->found.count;
        good(v, OC_CHECK_FILES);
    } else {
        bad_by(v, OC_CHECK_FILES, r, &found);
    }
    return oc_ok();
}

static void check_manifest(struct verifying *v)
{
    char path[PATH_ROOM];
    oc_diag found = {0};
    oc_result r = path_in(v, path, OC_MANIFEST_NAME);
    if (oc_is_ok(r)) {
        r = oc_bundle_read(&v->manifest, path, OC_MANIFEST_BYTES_MAX, &found);
    }
    if (oc_is_ok(r)) {
        r = oc_manifest_parse(&v->listed, oc_buf_span(&v->manifest), &found);
    }
    if (oc_is_ok(r)) {
        good(v, OC_CHECK_MANIFEST);
    } else {
        bad_by(v, OC_CHECK_MANIFEST, r, &found);
    }
}

static void compare_entry(struct verifying *v, const oc_manifest_entry *listed)
{
    const oc_manifest_entry *found = oc_manifest_find(&v->found, listed->path);
    if (found == NULL) {
        bad(v, OC_CHECK_DIGESTS, listed->path, "missing");
    } else if (found->size != listed->size || memcmp(found->sha256, listed->sha256, 32) != 0) {
        bad(v, OC_CHECK_DIGESTS, listed->path, "not the file that MANIFEST lists");
    } else if (memcmp(found->sm3, listed->sm3, 32) != 0) {
        bad(v, OC_CHECK_DIGESTS, listed->path, "another SM3 than MANIFEST lists");
    }
}

static void check_digests(struct verifying *v)
{
    for (size_t i = 0; i < v->listed.count; i++) {
        compare_entry(v, &v->listed.at[i]);
    }
    for (size_t i = 0; i < v->found.count; i++) {
        const char *path = v->found.at[i].path;
        if (!is_over_manifest(path) && oc_manifest_find(&v->listed, path) == NULL) {
            bad(v, OC_CHECK_DIGESTS, path, "not listed by MANIFEST");
        }
    }
    if (oc_manifest_find(&v->found, "result.xml") == NULL) {
        bad(v, OC_CHECK_DIGESTS, "result.xml", "missing");
    }
    good(v, OC_CHECK_DIGESTS);
}

/* The start of the run by its id, "R-20261122T093000Z-0A1B2C3D"; 0 when it is none. */
static int64_t run_began(const struct verifying *v)
{
    struct tm utc = {0};
    const char *id = v->has_record ? v->out->evidence.run_id : "";
    return strptime(id, "R-%Y%m%dT%H%M%SZ-", &utc) == NULL ? 0 : (int64_t)timegm(&utc);
}

static void check_signers(struct verifying *v, const oc_trust *trust)
{
    oc_diag found = {0};
    oc_result r = oc_cms_verify(&v->out->signers, oc_buf_span(&v->p7s), oc_buf_span(&v->manifest), trust, &found);
    if (!oc_is_ok(r)) {
        bad_by(v, OC_CHECK_SIGNATURE, r, &found);
        return;
    }
    if (v->out->signers.count < v->claims.signatures) {
        bad(v, OC_CHECK_SIGNATURE, OC_MANIFEST_SIGNATURE, "%zu signatures, and env.xml promises %u",
            v->out->signers.count, v->claims.signatures);
    }
    for (size_t i = 0; i < v->out->signers.count; i++) {
        if (v->out->signers.at[i].signed_at < run_began(v)) {
            bad(v, OC_CHECK_SIGNATURE, OC_MANIFEST_SIGNATURE, "signed before the run began");
        }
    }
    if (trust != NULL) {
        good(v, OC_CHECK_SIGNATURE);
    } else if (v->order->any_signer) {
        waive(v, OC_CHECK_SIGNATURE, "the signatures hold; nobody checked whose they are");
    } else {
        bad(v, OC_CHECK_SIGNATURE, OC_MANIFEST_SIGNATURE,
            "the signatures hold, but no certificate is trusted: give --ca, or --any-signer");
    }
}

static oc_result check_signature(struct verifying *v, oc_diag *diag)
{
    char path[PATH_ROOM];
    oc_trust *trust = NULL;
    if (oc_manifest_find(&v->found, OC_MANIFEST_SIGNATURE) == NULL) {
        if (v->order->may_be_unsigned && v->claims.signatures == 0) {
            waive(v, OC_CHECK_SIGNATURE, "nobody signed");
        } else {
            bad(v, OC_CHECK_SIGNATURE, OC_MANIFEST_SIGNATURE,
                "missing: nobody signed, or the signature was taken away");
        }
        return oc_ok();
    }
    oc_diag found = {0};
    oc_result r = path_in(v, path, OC_MANIFEST_SIGNATURE);
    if (oc_is_ok(r)) {
        r = oc_bundle_read(&v->p7s, path, OC_CMS_BYTES_MAX, &found);
    }
    if (!oc_is_ok(r)) {
        bad_by(v, OC_CHECK_SIGNATURE, r, &found);
        return oc_ok();
    }
    /* A stamp says when the signature was there, so certificates may have expired since. */
    int64_t at = v->out->stamped_at != 0 ? v->out->stamped_at : v->order->now;
    if (v->order->ca_count > 0) {
        OC_TRY(oc_trust_new(&trust, v->order->ca_paths, v->order->ca_count, at, diag));
    }
    check_signers(v, trust);
    oc_trust_free(&trust);
    return oc_ok();
}

static oc_result check_time_stamp(struct verifying *v, oc_diag *diag)
{
    char path[PATH_ROOM];
    oc_buf tsr = {0};
    oc_trust *trust = NULL;
    oc_diag found = {0};
    int64_t when = 0;
    if (oc_manifest_find(&v->found, OC_MANIFEST_TIME_STAMP) == NULL) {
        if (v->claims.time_stamp) {
            bad(v, OC_CHECK_TIME_STAMP, OC_MANIFEST_TIME_STAMP, "missing, and env.xml promises it");
        } else {
            waive(v, OC_CHECK_TIME_STAMP, "there is none");
        }
        return oc_ok();
    }
    OC_TRY(path_in(v, path, OC_MANIFEST_SIGNATURE));
    oc_result r = oc_bundle_read(&v->p7s, path, OC_CMS_BYTES_MAX, &found);
    if (oc_is_ok(r)) {
        r = path_in(v, path, OC_MANIFEST_TIME_STAMP);
    }
    if (oc_is_ok(r)) {
        r = oc_bundle_read(&tsr, path, OC_TIME_STAMP_BYTES_MAX, &found);
    }
    if (oc_is_ok(r) && v->order->ca_count > 0) {
        r = oc_trust_new(&trust, v->order->ca_paths, v->order->ca_count, v->order->now, diag);
        if (!oc_is_ok(r)) {
            oc_buf_free(&tsr);
            return r;
        }
    }
    if (oc_is_ok(r)) {
        r = oc_time_stamp_check(oc_buf_span(&tsr), oc_buf_span(&v->p7s), trust, &when, v->out->stamped_by, &found);
    }
    if (!oc_is_ok(r)) {
        oc_diag_place(&found, OC_MANIFEST_TIME_STAMP, 0);
        bad_by(v, OC_CHECK_TIME_STAMP, r, &found);
    } else if (when < run_began(v)) {
        bad(v, OC_CHECK_TIME_STAMP, OC_MANIFEST_TIME_STAMP, "stamped before the run began");
    } else if (trust == NULL && !v->order->any_signer) {
        bad(v, OC_CHECK_TIME_STAMP, OC_MANIFEST_TIME_STAMP, "no authority is trusted: give --ca, or --any-signer");
    } else if (trust == NULL) {
        waive(v, OC_CHECK_TIME_STAMP, "nobody checked whose it is");
    } else {
        v->out->stamped_at = when;
        good(v, OC_CHECK_TIME_STAMP);
    }
    oc_trust_free(&trust);
    oc_buf_free(&tsr);
    return oc_ok();
}

static void read_claims(struct verifying *v)
{
    char path[PATH_ROOM];
    oc_buf env = {0};
    oc_diag found = {0};
    oc_result r = path_in(v, path, "env.xml");
    if (oc_is_ok(r)) {
        r = oc_bundle_read(&env, path, ENV_BYTES_MAX, &found);
    }
    if (oc_is_ok(r)) {
        r = oc_evidence_claims(&v->claims, oc_buf_span(&env), &found);
    }
    if (!oc_is_ok(r)) {
        bad_by(v, OC_CHECK_DERIVED, r, &found);
    }
    oc_buf_free(&env);
}

/* The record, its chains, and everything that is made of it, into a folder of its own. */
static oc_result derive_again(struct verifying *v, oc_diag *diag)
{
    const char *temporary = getenv("TMPDIR");
    oc_diag found = {0};
    int len = snprintf(v->again, sizeof v->again, "%s/onecard-verify-XXXXXX", temporary == NULL ? "/tmp" : temporary);
    if (len < 0 || (size_t)len >= sizeof v->again || mkdtemp(v->again) == NULL) {
        v->again[0] = '\0';
        return oc_diag_fail(diag, OC_E_IO, "cannot make a temporary folder: %s", strerror(errno));
    }
    const oc_bundle_derivation derivation = {.folder = v->order->folder,
                                             .into = v->again,
                                             .data_folder = v->order->data_folder,
                                             .companion = v->order->companion,
                                             .claims = v->claims};
    oc_result r = oc_bundle_derive(&derivation, &v->out->evidence, &found);
    v->has_record = v->out->evidence.run_id != NULL;
    if (is_ours(r)) {
        return oc_diag_fail_at(diag, r.code, found.file, found.line, "%s", found.reason);
    }
    if (!oc_is_ok(r)) {
        bad_by(v, OC_CHECK_RECORD, r, &found);
        return oc_ok();
    }
    good(v, OC_CHECK_RECORD);
    if (v->order->without_reports) {
        return oc_ok();
    }
    r = oc_bundle_derive_reports(&derivation, &found);
    if (is_ours(r)) {
        return oc_diag_fail_at(diag, r.code, found.file, found.line, "%s", found.reason);
    }
    if (!oc_is_ok(r)) {
        bad_by(v, OC_CHECK_DERIVED, r, &found);
    }
    return oc_ok();
}

static void check_plan(struct verifying *v)
{
    const oc_evidence *evidence = &v->out->evidence;
    if (evidence->plan_is_whole) {
        good(v, OC_CHECK_PLAN);
    } else if (evidence->plan_digest[0] == '\0') {
        waive(v, OC_CHECK_PLAN, "the run had no plan");
    } else {
        bad(v, OC_CHECK_PLAN, "result.xml",
            "the cases are not those that were planned: some are missing, were added, or are from another plan");
    }
}

static void check_documents(struct verifying *v)
{
    const char *file = NULL;
    const char *reason = oc_documents_objection(&v->found, &v->out->evidence, &file);
    if (reason == NULL) {
        good(v, OC_CHECK_DOCUMENTS);
    } else {
        bad(v, OC_CHECK_DOCUMENTS, file, "%s", reason);
    }
}

static bool is_report(const char *path)
{
    return strcmp(path, "report.html") == 0 || strcmp(path, "junit.xml") == 0;
}

/* The first line in which two texts differ, from 1. */
static long first_difference(oc_span a, oc_span b)
{
    long line = 1;
    for (size_t i = 0; i < a.len && i < b.len && a.at[i] == b.at[i]; i++) {
        line += a.at[i] == '\n';
    }
    return line;
}

static void tell_difference(struct verifying *v, const char *path)
{
    char one[PATH_ROOM];
    char other[PATH_ROOM];
    oc_buf here = {0};
    oc_buf again = {0};
    bool is_new = v->out->checks[OC_CHECK_DERIVED].state != OC_CHECK_BAD;
    bad(v, OC_CHECK_DERIVED, path, "%s",
        strncmp(path, "traces/", 7) == 0 ? "the trace is not the record's from this line on"
                                         : "not what the record makes in this version");
    if (is_new && oc_is_ok(path_in(v, one, path)) && oc_is_ok(oc_file_join(other, sizeof other, v->again, path)) &&
        oc_is_ok(oc_bundle_read(&here, one, OC_BUF_MAX, NULL)) &&
        oc_is_ok(oc_bundle_read(&again, other, OC_BUF_MAX, NULL))) {
        v->out->checks[OC_CHECK_DERIVED].line = first_difference(oc_buf_span(&here), oc_buf_span(&again));
    }
    oc_buf_free(&here);
    oc_buf_free(&again);
}

static void compare_derived(struct verifying *v, const oc_manifest *again)
{
    for (size_t i = 0; i < again->count; i++) {
        const oc_manifest_entry *found = oc_manifest_find(&v->found, again->at[i].path);
        if (found == NULL) {
            bad(v, OC_CHECK_DERIVED, again->at[i].path, "missing: the record makes it");
        } else if (memcmp(found->sha256, again->at[i].sha256, 32) != 0) {
            tell_difference(v, again->at[i].path);
        }
    }
    for (size_t i = 0; i < v->found.count; i++) {
        const char *path = v->found.at[i].path;
        bool skipped = v->order->without_reports && is_report(path);
        if (!is_over_manifest(path) && !oc_document_is_original(path) && !skipped &&
            oc_manifest_find(again, path) == NULL) {
            bad(v, OC_CHECK_DERIVED, path, "no part of a bundle, or not of this record's");
        }
    }
}

static oc_result check_derived(struct verifying *v, oc_diag *diag)
{
    oc_manifest again = {0};
    OC_TRY(oc_bundle_files(&again, v->again, diag));
    compare_derived(v, &again);
    oc_manifest_free(&again);
    if (v->out->checks[OC_CHECK_DERIVED].state == OC_CHECK_NOT_MADE && v->order->without_reports) {
        waive(v, OC_CHECK_DERIVED, "reports were not made again; the rest is what the record makes");
    }
    if (v->out->checks[OC_CHECK_DERIVED].state == OC_CHECK_NOT_MADE) {
        good(v, OC_CHECK_DERIVED);
    }
    return oc_ok();
}

static oc_result check_all(struct verifying *v, oc_diag *diag)
{
    OC_TRY(check_files(v, diag));
    if (v->out->checks[OC_CHECK_FILES].state != OC_CHECK_GOOD) {
        return oc_ok();
    }
    check_manifest(v);
    if (v->out->checks[OC_CHECK_MANIFEST].state != OC_CHECK_GOOD) {
        return oc_ok();
    }
    check_digests(v);
    read_claims(v);
    OC_TRY(derive_again(v, diag));
    OC_TRY(check_time_stamp(v, diag));
    OC_TRY(check_signature(v, diag));
    if (v->out->checks[OC_CHECK_RECORD].state != OC_CHECK_GOOD) {
        return oc_ok();
    }
    check_plan(v);
    check_documents(v);
    return check_derived(v, diag);
}

oc_result oc_bundle_verify(oc_verification *out, const oc_verify_order *order, oc_diag *diag)
{
    *out = (oc_verification){0};
    struct verifying v = {.out = out, .order = order};
    oc_result r = check_all(&v, diag);
    out->verified = oc_is_ok(r);
    for (unsigned i = 0; i < OC_CHECK_COUNT; i++) {
        enum oc_check_state state = out->checks[i].state;
        out->verified = out->verified && (state == OC_CHECK_GOOD || state == OC_CHECK_WAIVED);
    }
    if (v.again[0] != '\0') {
        oc_bundle_remove(v.again);
    }
    oc_manifest_free(&v.found);
    oc_manifest_free(&v.listed);
    oc_buf_free(&v.manifest);
    oc_buf_free(&v.p7s);
    return r;
}

void oc_verification_free(oc_verification *verification)
{
    oc_evidence_free(&verification->evidence);
    *verification = (oc_verification){0};
}
