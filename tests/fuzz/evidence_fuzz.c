/* SPDX-License-Identifier: Apache-2.0 */
/* What a bundle brings beside its XML. The first byte chooses: M a manifest, S a signature, T a time stamp, E an env.xml. */
#include "reports/bundle/evidence.h"
#include "reports/bundle/manifest.h"
#include "reports/bundle/signature.h"
#include "reports/bundle/time_stamp.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

/* What is taken is in form: it is written as it was read, and every path stays within its folder. */
static void read_manifest(oc_span text)
{
    oc_manifest manifest;
    oc_buf again = {0};
    oc_diag diag = {0};
    if (!oc_is_ok(oc_manifest_parse(&manifest, text, &diag))) {
        FUZZ_DEMAND(manifest.count == 0 && diag.reason[0] != '\0' && diag.line > 0);
        return;
    }
    for (size_t i = 0; i < manifest.count; i++) {
        const char *path = manifest.at[i].path;
        FUZZ_DEMAND(path[0] != '/' && path[0] != '.' && strstr(path, "/.") == NULL && strstr(path, "//") == NULL);
        FUZZ_DEMAND(oc_manifest_find(&manifest, path) == &manifest.at[i]);
    }
    FUZZ_DEMAND(oc_is_ok(oc_manifest_write(&manifest, &again)) && oc_span_equal(oc_buf_span(&again), text));
    oc_buf_free(&again);
    oc_manifest_free(&manifest);
}

static void read_signature(oc_span p7s)
{
    oc_cms_signers signers;
    oc_diag diag = {0};
    oc_result r = oc_cms_verify(&signers, p7s, oc_span_text("0011  MANIFEST of a test\n"), NULL, &diag);
    FUZZ_DEMAND(oc_is_ok(r) ? signers.count > 0 : signers.count == 0 && diag.reason[0] != '\0');
}

static void read_stamp(oc_span tsr)
{
    int64_t when = 0;
    char who[256];
    oc_diag diag = {0};
    oc_result r = oc_time_stamp_check(tsr, oc_span_text("stamped"), NULL, &when, who, &diag);
    FUZZ_DEMAND(oc_is_ok(r) || diag.reason[0] != '\0');
}

static void read_env(oc_span env)
{
    oc_bundle_claims claims;
    oc_diag diag = {0};
    oc_result r = oc_evidence_claims(&claims, env, &diag);
    FUZZ_DEMAND(oc_is_ok(r) ? claims.signatures <= 64 : claims.signatures == 0 && diag.reason[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    oc_span rest = oc_span_of(data + 1, size - 1);
    switch (data[0]) {
    case 'M':
        read_manifest(rest);
        break;
    case 'S':
        read_signature(rest);
        break;
    case 'T':
        read_stamp(rest);
        break;
    case 'E':
        read_env(rest);
        break;
    default:
        break;
    }
    return 0;
}
