/* SPDX-License-Identifier: Apache-2.0 */
#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

#include "reports/bundle/bundle.h"
#include "reports/reports.h"
#include "sim/base/file.h"

#define PATH_ROOM 4096

static oc_result put(const char *folder, const char *name, oc_span content, oc_diag *diag)
{
    char path[PATH_ROOM];
    char above[PATH_ROOM];
    OC_TRY(oc_file_join(path, sizeof path, folder, name));
    snprintf(above, sizeof above, "%s", path);
    OC_TRY(oc_file_make_folder(dirname(above), diag));
    FILE *file = fopen(path, "wbxe");
    bool good = file != NULL && fwrite(content.at, 1, content.len, file) == content.len;
    good = (file == NULL || fclose(file) == 0) && good;
    return good ? oc_ok() : oc_diag_fail_at(diag, OC_E_IO, path, 0, "cannot write here");
}

static oc_result put_companion(const oc_bundle_derivation *derivation, const char *path, const xmlNode *one_case,
                               oc_diag *diag)
{
    char beside[PATH_ROOM];
    oc_buf content = {0};
    oc_result r = derivation->companion(&content, one_case, diag);
    if (oc_is_ok(r) && content.len > 0) {
        snprintf(beside, sizeof beside, "%.*s%s", (int)(strlen(path) - strlen(".jsonl")), path, OC_COMPANION_ENDING);
        r = put(derivation->into, beside, oc_buf_span(&content), diag);
    }
    oc_buf_free(&content);
    return r;
}

static oc_result put_trace(void *self, const char *path, oc_span lines, const xmlNode *one_case, oc_diag *diag)
{
    const oc_bundle_derivation *derivation = self;
    OC_TRY(put(derivation->into, path, lines, diag));
    return derivation->companion == NULL ? oc_ok() : put_companion(derivation, path, one_case, diag);
}

static oc_result put_documents(const oc_bundle_derivation *derivation, const oc_evidence *evidence, oc_diag *diag)
{
    oc_buf text = {0};
    oc_result r = oc_evidence_env(evidence, &derivation->claims, &text);
    if (oc_is_ok(r)) {
        r = put(derivation->into, "env.xml", oc_buf_span(&text), diag);
    }
    oc_buf_clear(&text);
    if (oc_is_ok(r)) {
        r = oc_evidence_plan(evidence, &text);
    }
    if (oc_is_ok(r)) {
        r = put(derivation->into, "plan.xml", oc_buf_span(&text), diag);
    }
    oc_buf_clear(&text);
    if (oc_is_ok(r)) {
        r = oc_evidence_limits(evidence, &text);
    }
    if (oc_is_ok(r) && text.len > 0) {
        r = put(derivation->into, "limits.xml", oc_buf_span(&text), diag);
    }
    oc_buf_free(&text);
    return r;
}

oc_result oc_bundle_derive_reports(const oc_bundle_derivation *derivation, oc_diag *diag)
{
    static const struct {
        const char *kind;
        const char *name;
    } reports[] = {{"html", "report.html"}, {"junit", "junit.xml"}};
    char lab[PATH_ROOM];
    char path[PATH_ROOM];
    char result[PATH_ROOM];
    OC_TRY(oc_file_join(result, sizeof result, derivation->folder, "result.xml"));
    OC_TRY(oc_file_join(lab, sizeof lab, derivation->folder, "lab.xml"));
    const oc_report_inputs inputs = {.result_path = result,
                                     .lab_path = access(lab, R_OK) == 0 ? lab : NULL,
                                     .data_folder = derivation->data_folder};
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        OC_TRY(oc_file_join(path, sizeof path, derivation->into, reports[i].name));
        OC_TRY(oc_report_write(reports[i].kind, &inputs, path, diag));
    }
    return oc_ok();
}

oc_result oc_bundle_derive(const oc_bundle_derivation *derivation, oc_evidence *evidence, oc_diag *diag)
{
    char result[PATH_ROOM];
    *evidence = (oc_evidence){0};
    OC_TRY(oc_file_join(result, sizeof result, derivation->folder, "result.xml"));
    OC_TRY(oc_evidence_read(evidence, result, put_trace, (void *)(uintptr_t)derivation, diag));
    return put_documents(derivation, evidence, diag);
}
