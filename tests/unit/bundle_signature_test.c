/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/bundle/files.h"
#include "reports/bundle/signature.h"
#include "sim/base/file.h"
#include "tests/support/oc_signers.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

#define WHEN 1772417700 /* 2026-03-02T02:15:00Z */

static char folder[64];
static oc_signer_files sm2, p256, rsa, other;
static const oc_span content = {(const uint8_t *)"0011  MANIFEST of a test\n", 25};

static oc_signer signer_of(const oc_signer_files *files)
{
    return (oc_signer){.certificate = files->certificate, .key = files->key};
}

static oc_trust *trust_in(const char *first, const char *second)
{
    const char *paths[] = {first, second};
    oc_trust *trust = NULL;
    OC_ASSERT_OK(oc_trust_new(&trust, paths, second == NULL ? 1 : 2, WHEN, NULL));
    return trust;
}

static enum oc_code verify_in(oc_span p7s, oc_span over, const char *root, oc_cms_signers *signers)
{
    oc_cms_signers ignored;
    oc_diag diag = {0};
    oc_trust *trust = root == NULL ? NULL : trust_in(root, NULL);
    oc_result r = oc_cms_verify(signers == NULL ? &ignored : signers, p7s, over, trust, &diag);
    CU_ASSERT(oc_is_ok(r) || diag.reason[0] != '\0');
    oc_trust_free(&trust);
    return r.code;
}

static void every_kind_of_key_signs(void)
{
    static const struct {
        const oc_signer_files *files;
        const char *algorithm;
    } kinds[] = {{&sm2, "SM2 with SM3"}, {&p256, "ECDSA with SHA-256"}, {&rsa, "RSA with SHA-256"}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        oc_buf p7s = {0};
        oc_cms_signers signers;
        oc_signer signer = signer_of(kinds[i].files);
        OC_ASSERT_OK(oc_cms_sign(&p7s, content, &signer, 1, WHEN, NULL));
        CU_ASSERT_EQUAL(verify_in(oc_buf_span(&p7s), content, kinds[i].files->root, &signers), OC_E_OK);
        CU_ASSERT_EQUAL(signers.count, 1);
        CU_ASSERT_STRING_EQUAL(signers.at[0].algorithm, kinds[i].algorithm);
        CU_ASSERT_STRING_EQUAL(signers.at[0].serial, "1234567890");
        CU_ASSERT_EQUAL(signers.at[0].signed_at, WHEN);
        CU_ASSERT_PTR_NOT_NULL(strstr(signers.at[0].issuer, "root"));
        CU_ASSERT_EQUAL(verify_in(oc_buf_span(&p7s), oc_span_slice(content, 1, 99), kinds[i].files->root, NULL),
                        OC_E_FORMAT);
        CU_ASSERT_EQUAL(verify_in(oc_buf_span(&p7s), content, other.root, NULL), OC_E_FORMAT);
        CU_ASSERT_EQUAL(verify_in(oc_buf_span(&p7s), content, NULL, NULL), OC_E_OK);
        oc_buf_free(&p7s);
    }
}

static void several_sign_one_after_the_other(void)
{
    oc_buf p7s = {0};
    oc_cms_signers signers;
    const oc_signer two[] = {signer_of(&sm2), signer_of(&p256)};
    const oc_signer third = signer_of(&rsa);
    OC_ASSERT_OK(oc_cms_sign(&p7s, content, two, 2, WHEN, NULL));
    OC_ASSERT_OK(oc_cms_sign(&p7s, content, &third, 1, WHEN + 60, NULL));
    const char *roots[] = {sm2.root, p256.root, rsa.root};
    oc_trust *trust = NULL;
    OC_ASSERT_OK(oc_trust_new(&trust, roots, 3, WHEN, NULL));
    OC_ASSERT_OK(oc_cms_verify(&signers, oc_buf_span(&p7s), content, trust, NULL));
    CU_ASSERT_EQUAL(signers.count, 3);
    oc_trust_free(&trust);
    trust = trust_in(sm2.root, p256.root); /* all must be trusted */
    OC_ASSERT_CODE(oc_cms_verify(&signers, oc_buf_span(&p7s), content, trust, NULL), OC_E_FORMAT);
    oc_trust_free(&trust);
    oc_buf_free(&p7s);
}

static void what_does_not_fit_is_refused(void)
{
    oc_signer_files weak;
    oc_buf p7s = {0};
    const oc_signer mixed = {.certificate = sm2.certificate, .key = p256.key};
    const oc_signer nothing = {.certificate = sm2.key, .key = sm2.key};
    OC_ASSERT_CODE(oc_cms_sign(&p7s, content, &mixed, 1, WHEN, NULL), OC_E_USAGE);
    OC_ASSERT_CODE(oc_cms_sign(&p7s, content, &nothing, 1, WHEN, NULL), OC_E_USAGE);
    oc_signer_make(&weak, folder, "weak", OC_SIGNER_P192, NULL);
    const oc_signer short_key = signer_of(&weak);
    OC_ASSERT_CODE(oc_cms_sign(&p7s, content, &short_key, 1, WHEN, NULL), OC_E_USAGE);
    CU_ASSERT_EQUAL(p7s.len, 0);
    oc_trust *trust = NULL;
    const char *paths[] = {sm2.key};
    OC_ASSERT_CODE(oc_trust_new(&trust, paths, 1, 0, NULL), OC_E_USAGE);
    CU_ASSERT_PTR_NULL(trust);
}

/* Each byte of each signature altered, and each signature cut at each place. */
static void no_byte_may_change(void)
{
    const oc_signer_files *const kinds[] = {&sm2, &p256, &rsa};
    unsigned tried = 0;
    for (size_t k = 0; k < 3; k++) {
        oc_buf p7s = {0};
        oc_cms_signers signers;
        oc_signer signer = signer_of(kinds[k]);
        oc_trust *trust = trust_in(kinds[k]->root, NULL);
        OC_ASSERT_OK(oc_cms_sign(&p7s, content, &signer, 1, WHEN, NULL));
        for (size_t i = 0; i < p7s.len; i++, tried += 2) {
            uint8_t was = p7s.at[i];
            p7s.at[i] = (uint8_t)(was ^ (1u << (i % 8)));
            oc_result r = oc_cms_verify(&signers, oc_buf_span(&p7s), content, trust, NULL);
            if (oc_is_ok(r)) {
                fprintf(stderr, "kind %zu: byte %zu of %zu may change\n", k, i, p7s.len);
            }
            CU_ASSERT_FALSE(oc_is_ok(r));
            p7s.at[i] = was;
            CU_ASSERT_FALSE(oc_is_ok(oc_cms_verify(&signers, oc_span_of(p7s.at, i), content, trust, NULL)));
        }
        OC_ASSERT_OK(oc_cms_verify(&signers, oc_buf_span(&p7s), content, trust, NULL));
        OC_ASSERT_OK(oc_buf_append_byte(&p7s, 0));
        OC_ASSERT_CODE(oc_cms_verify(&signers, oc_buf_span(&p7s), content, trust, NULL), OC_E_FORMAT);
        oc_trust_free(&trust);
        oc_buf_free(&p7s);
    }
    printf("%u altered signatures, all noticed ... ", tried);
}

static int run(const char *format, ...) OC_PRINTF(1, 2);
static int run(const char *format, ...)
{
    char command[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    return system(command);
}

static void put(const char *name, oc_span bytes)
{
    char path[128];
    oc_sample_path(path, sizeof path, folder, name);
    OC_ASSERT_OK(oc_file_replace(path, bytes, NULL));
}

/* What this program signs, openssl cms accepts; SM2 with a user id it does not, so there only its parser looks at it. */
static void openssl_reads_what_is_signed(void)
{
    const oc_signer_files *const kinds[] = {&p256, &rsa};
    put("content", content);
    for (size_t i = 0; i < 2; i++) {
        oc_buf p7s = {0};
        oc_signer signer = signer_of(kinds[i]);
        OC_ASSERT_OK(oc_cms_sign(&p7s, content, &signer, 1, WHEN, NULL));
        put("p7s", oc_buf_span(&p7s));
        CU_ASSERT_EQUAL(run("openssl cms -verify -cades -inform DER -in %s/p7s -content %s/content -binary -CAfile %s "
                            "-purpose any -out /dev/null 2>/dev/null",
                            folder, folder, kinds[i]->root),
                        0);
        CU_ASSERT_NOT_EQUAL(run("openssl cms -verify -cades -inform DER -in %s/p7s -content %s/p7s -binary -CAfile %s "
                                "-purpose any -out /dev/null 2>/dev/null",
                                folder, folder, kinds[i]->root),
                            0);
        oc_buf_free(&p7s);
    }
    oc_buf p7s = {0};
    oc_signer signer = signer_of(&sm2);
    OC_ASSERT_OK(oc_cms_sign(&p7s, content, &signer, 1, WHEN, NULL));
    put("p7s", oc_buf_span(&p7s));
    CU_ASSERT_EQUAL(run("openssl cms -cmsout -print -inform DER -in %s/p7s | grep -q 'SM2-with-SM3'", folder), 0);
    oc_buf_free(&p7s);
}

static void what_openssl_signs_is_accepted(void)
{
    const oc_signer_files *const kinds[] = {&p256, &rsa};
    put("content", content);
    for (size_t i = 0; i < 2; i++) {
        oc_buf p7s = {0};
        char path[128];
        CU_ASSERT_EQUAL(
            run("openssl cms -sign -cades -md sha256 -binary -nosmimecap -outform DER -signer %s -inkey %s "
                "-in %s/content -out %s/p7s",
                kinds[i]->certificate, kinds[i]->key, folder, folder),
            0);
        oc_sample_path(path, sizeof path, folder, "p7s");
        OC_ASSERT_OK(oc_bundle_read(&p7s, path, OC_CMS_BYTES_MAX, NULL));
        CU_ASSERT_EQUAL(verify_in(oc_buf_span(&p7s), content, kinds[i]->root, NULL), OC_E_OK);
        /* SHA-1 is not. */
        CU_ASSERT_EQUAL(run("openssl cms -sign -cades -md sha1 -binary -nosmimecap -outform DER -signer %s -inkey %s "
                            "-in %s/content -out %s/p7s",
                            kinds[i]->certificate, kinds[i]->key, folder, folder),
                        0);
        OC_ASSERT_OK(oc_bundle_read(&p7s, path, OC_CMS_BYTES_MAX, NULL));
        CU_ASSERT_EQUAL(verify_in(oc_buf_span(&p7s), content, kinds[i]->root, NULL), OC_E_FORMAT);
        oc_buf_free(&p7s);
    }
}

static void a_command_signs_too(void)
{
    char command[512];
    oc_buf p7s = {0};
    oc_signer signer = {.certificate = p256.certificate, .command = command};
    snprintf(command, sizeof command, "openssl dgst -sha256 -sign %s", p256.key);
    OC_ASSERT_OK(oc_cms_sign(&p7s, content, &signer, 1, WHEN, NULL));
    CU_ASSERT_EQUAL(verify_in(oc_buf_span(&p7s), content, p256.root, NULL), OC_E_OK);

    oc_buf_clear(&p7s);
    signer.certificate = sm2.certificate;
    snprintf(command, sizeof command,
             "cat > %s/tbs && openssl pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678 -inkey %s "
             "-in %s/tbs",
             folder, sm2.key, folder);
    OC_ASSERT_OK(oc_cms_sign(&p7s, content, &signer, 1, WHEN, NULL));
    CU_ASSERT_EQUAL(verify_in(oc_buf_span(&p7s), content, sm2.root, NULL), OC_E_OK);

    static const char *const bad[] = {"exit 3", "echo nonsense", "head -c 100000 /dev/zero", "/nonexistent/program",
                                      "cat"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        oc_buf none = {0};
        oc_diag diag = {0};
        signer.command = bad[i];
        OC_ASSERT_CODE(oc_cms_sign(&none, content, &signer, 1, WHEN, &diag), OC_E_UNAVAILABLE);
        CU_ASSERT_NOT_EQUAL(diag.reason[0], '\0');
        CU_ASSERT_EQUAL(none.len, 0);
        oc_buf_free(&none);
    }
    oc_buf_free(&p7s);
}

/* First: assertions work within a test only. */
static void signers_are_made(void)
{
    oc_signer_make(&sm2, folder, "sm2", OC_SIGNER_SM2, NULL);
    oc_signer_make(&p256, folder, "p256", OC_SIGNER_P256, NULL);
    oc_signer_make(&rsa, folder, "rsa", OC_SIGNER_RSA, NULL);
    oc_signer_make(&other, folder, "other", OC_SIGNER_P256, NULL);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"signers are made", signers_are_made},
        {"every kind of key signs", every_kind_of_key_signs},
        {"several sign one after the other", several_sign_one_after_the_other},
        {"what does not fit is refused", what_does_not_fit_is_refused},
        {"no byte may change", no_byte_may_change},
        {"openssl reads what is signed", openssl_reads_what_is_signed},
        {"what openssl signs is accepted", what_openssl_signs_is_accepted},
        {"a command signs too", a_command_signs_too},
        {NULL, NULL},
    };
    snprintf(folder, sizeof folder, "/tmp/onecard-signature-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    int code = oc_test_main("bundle: signatures", rows);
    oc_bundle_remove(folder);
    return code;
}
