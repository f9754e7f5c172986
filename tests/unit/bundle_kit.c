/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/bundle_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/bundle/files.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

#define PASS "ssc-3.0/inproc"
#define DRIVER "AA00000000000000000000000000000000000000000000000000000000000001"

static const char ics[] =
    "<ics xmlns=\"urn:onecard:ics:1\" id=\"ICS-7\" date=\"2026-02-27\"><vendor name=\"示例终端厂\"/>"
    "<item kind=\"terminal\" model=\"T-100\" serial=\"0001\"/>"
    "<declares term=\"terminal.has(iReadCard)\" supported=\"true\"/></ics>";
static const char lab[] =
    "<lab xmlns=\"urn:onecard:lab:1\"><laboratory name=\"示例实验室\" address=\"1 Example Road\"/>"
    "<report id=\"L-1\" issued=\"2026-03-03\"/></lab>";

static void digest_text(const char *text, char out[65])
{
    uint8_t digest[32];
    CU_ASSERT_EQUAL_FATAL(EVP_Digest(text, strlen(text), digest, NULL, EVP_sha256(), NULL), 1);
    oc_hex_encode(out, 65, oc_span_of(digest, sizeof digest));
}

static void put_cases(oc_record *record, oc_plan_lines *plan)
{
    for (unsigned i = 0; i < 2 * OC_VERDICT_COUNT; i++) {
        oc_outcome outcome;
        oc_sample_outcome(&outcome, PASS, i, (enum oc_verdict)(i % OC_VERDICT_COUNT));
        if (i == OC_VERDICT_COUNT) {
            outcome.area = "flow";
            outcome.is_flow = true;
        }
        OC_ASSERT_OK(oc_plan_lines_add(plan, PASS, outcome.id, outcome.rev));
        if (record != NULL) {
            OC_ASSERT_OK(oc_record_outcome(record, &outcome, NULL));
        }
        oc_outcome_free(&outcome);
    }
}

void oc_bundle_kit_record(const char *folder, const char *run_id)
{
    char ics_digest[65];
    char lab_digest[65];
    char plan_digest[65];
    oc_plan_lines plan = {0};
    oc_record *record = NULL;
    oc_diag diag = {0};
    digest_text(ics, ics_digest);
    digest_text(lab, lab_digest);
    put_cases(NULL, &plan);
    OC_ASSERT_OK(oc_plan_lines_digest(&plan, plan_digest));
    oc_run_info info = oc_sample_run_info();
    info.run_id = run_id;
    info.plan_digest = plan_digest;
    info.planned = (size_t)2 * OC_VERDICT_COUNT;
    info.declaration = (oc_run_document){ics, ics_digest};
    info.laboratory = (oc_run_document){lab, lab_digest};
    OC_ASSERT_OK(oc_record_open(&record, folder, &info, false, &diag));
    oc_pass_info pass = oc_sample_pass(PASS, "inproc");
    pass.terminal = "driver:/usr/lib/libSSCardDriver.so";
    pass.terminal_digest = DRIVER;
    OC_ASSERT_OK(oc_record_pass(record, &pass, &diag));
    put_cases(record, &plan);
    OC_ASSERT_OK(oc_record_finish(record, "2026-03-02T09:16:00+08:00", false, 1, &diag));
    oc_record_free(&record);
    oc_plan_lines_free(&plan);
    oc_bundle_kit_write(folder, "ics.xml", ics, strlen(ics));
    oc_bundle_kit_write(folder, "lab.xml", lab, strlen(lab));
}

static void make_authority(oc_bundle_kit *kit)
{
    char config[1024];
    oc_signer_make(&kit->authority, kit->folder, "stamps", OC_SIGNER_P256, "critical,timeStamping");
    int len = snprintf(config, sizeof config,
                       "[tsa]\ndefault_tsa = own\n[own]\nserial = %s/serial\ncrypto_device = builtin\n"
                       "signer_cert = %s\nsigner_key = %s\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\n"
                       "digests = sha256\naccuracy = secs:1\nordering = no\ntsa_name = yes\ness_cert_id_chain = no\n"
                       "ess_cert_id_alg = sha256\n",
                       kit->folder, kit->authority.certificate, kit->authority.key);
    oc_bundle_kit_write(kit->folder, "tsa.cnf", config, (size_t)len);
    snprintf(kit->tsa_command, sizeof kit->tsa_command,
             "cat > %s/request && openssl ts -reply -config %s/tsa.cnf -queryfile %s/request -out %s/response "
             "2>/dev/null && cat %s/response",
             kit->folder, kit->folder, kit->folder, kit->folder, kit->folder);
}

void oc_bundle_kit_make(oc_bundle_kit *kit)
{
    char result[160];
    snprintf(kit->folder, sizeof kit->folder, "/tmp/onecard-bundle-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(kit->folder));
    snprintf(kit->run, sizeof kit->run, "%s/run", kit->folder);
    snprintf(kit->bundle, sizeof kit->bundle, "%s/bundle", kit->folder);
    oc_signer_make(&kit->sm2, kit->folder, "sm2", OC_SIGNER_SM2, NULL);
    oc_signer_make(&kit->p256, kit->folder, "p256", OC_SIGNER_P256, NULL);
    make_authority(kit);
    oc_bundle_kit_record(kit->run, OC_KIT_RUN_ID);
    kit->signers[0] = (oc_signer){.certificate = kit->sm2.certificate, .key = kit->sm2.key};
    kit->signers[1] = (oc_signer){.certificate = kit->p256.certificate, .key = kit->p256.key};
    kit->roots[0] = kit->sm2.root;
    kit->roots[1] = kit->p256.root;
    kit->roots[2] = kit->authority.root;
    snprintf(result, sizeof result, "%s/result.xml", kit->run);
    const oc_bundle_order order = {.result_path = result,
                                   .out_folder = kit->bundle,
                                   .data_folder = ".",
                                   .signers = kit->signers,
                                   .signer_count = 2,
                                   .when = OC_KIT_SIGNED,
                                   .tsa_command = kit->tsa_command};
    oc_diag diag = {0};
    oc_result r = oc_bundle_make(&order, NULL, &diag);
    if (!oc_is_ok(r)) {
        fprintf(stderr, "%s: %s\n", diag.file, diag.reason);
    }
    OC_ASSERT_OK(r);
}

void oc_bundle_kit_free(oc_bundle_kit *kit)
{
    oc_bundle_remove(kit->folder);
}

oc_verify_order oc_bundle_kit_order(const oc_bundle_kit *kit, const char *bundle)
{
    return (oc_verify_order){.folder = bundle, .data_folder = ".", .ca_paths = kit->roots, .ca_count = 3};
}

void oc_bundle_kit_copy(const char *from, const char *to)
{
    char command[512];
    snprintf(command, sizeof command, "cp -r %s %s", from, to);
    CU_ASSERT_EQUAL_FATAL(system(command), 0);
}

char *oc_bundle_kit_read(const char *folder, const char *name, size_t *len)
{
    char path[512];
    oc_buf content = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    OC_ASSERT_OK(oc_bundle_read(&content, path, OC_BUF_MAX, NULL));
    char *text = malloc(content.len + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    memcpy(text, content.at, content.len);
    text[content.len] = '\0';
    *len = content.len;
    oc_buf_free(&content);
    return text;
}

void oc_bundle_kit_write(const char *folder, const char *name, const char *text, size_t len)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL_FATAL(fwrite(text, 1, len, file), len);
    CU_ASSERT_EQUAL_FATAL(fclose(file), 0);
}

static void forget(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)unlink(path);
}

void oc_bundle_kit_sign_again(const oc_bundle_kit *kit, const char *bundle)
{
    oc_manifest manifest = {0};
    oc_buf text = {0};
    oc_buf p7s = {0};
    forget(bundle, OC_MANIFEST_NAME);
    forget(bundle, OC_MANIFEST_SIGNATURE);
    forget(bundle, OC_MANIFEST_TIME_STAMP);
    OC_ASSERT_OK(oc_bundle_files(&manifest, bundle, NULL));
    OC_ASSERT_OK(oc_manifest_write(&manifest, &text));
    OC_ASSERT_OK(oc_cms_sign(&p7s, oc_buf_span(&text), kit->signers, 2, OC_KIT_SIGNED, NULL));
    oc_bundle_kit_write(bundle, OC_MANIFEST_NAME, (const char *)text.at, text.len);
    oc_bundle_kit_write(bundle, OC_MANIFEST_SIGNATURE, (const char *)p7s.at, p7s.len);
    oc_manifest_free(&manifest);
    oc_buf_free(&text);
    oc_buf_free(&p7s);
}
