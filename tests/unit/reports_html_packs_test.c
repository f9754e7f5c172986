/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "reports/reports.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

#define PASS_ID "ssc-3.0/inproc"
#define DIGEST "AA00000000000000000000000000000000000000000000000000000000000001"

static const char packs[] =
    "<pack id=\"P\" version=\"1\" holder=\"&lt;b&gt;Holder\" sha256=\"" DIGEST "\" trusted=\"false\">"
    "<clause doc=\"D\" number=\"5.1\" assessable=\"false\"><text lang=\"en\">a look at the card</text></clause>"
    "<clause doc=\"D\" number=\"5.2\" assessable=\"true\"><text lang=\"en\">nothing was tried</text>"
    "<req>SSC.NOWHERE</req></clause></pack>";
static const char challenge[] =
    "<challenge nonce=\"" DIGEST "\" sha256=\"" DIGEST "\" issued=\"2026-03-01T00:00:00Z\" "
    "expires=\"2026-04-01T00:00:00Z\" examiner=\"Examiner 考官\" signer=\"CN=E\" trusted=\"true\"/>";

static void write_record(const char *folder)
{
    static const oc_pass_module modules[] = {{"lib/libSSCardDriver.so", "item", 10, DIGEST, DIGEST},
                                             {"lib/libhelp.so", "other", 0, "", ""}};
    oc_record *record = NULL;
    oc_diag diag = {0};
    oc_run_info info = oc_sample_run_info();
    info.packs = packs;
    info.challenge = (oc_run_document){challenge, DIGEST};
    OC_ASSERT_OK(oc_record_open(&record, folder, &info, false, &diag));
    oc_pass_info pass = oc_sample_pass(PASS_ID, "inproc");
    pass.modules = modules;
    pass.module_count = 2;
    OC_ASSERT_OK(oc_record_pass(record, &pass, &diag));
    OC_ASSERT_OK(oc_record_finish(record, "2026-03-02T09:16:00+08:00", false, 0, &diag));
    oc_record_free(&record);
}

static void a_page_shows_packs_challenge_and_modules(void)
{
    static const char *const wanted[] = {"&lt;b&gt;Holder", "a look at the card", "no software can tell",
                                         "not assessed",    "Examiner 考官",      "libhelp.so",
                                         "nobody checked",  "the item under test"};
    char folder[64];
    char result[128];
    char html[128];
    oc_diag diag = {0};
    oc_sample_folder(folder);
    write_record(folder);
    oc_sample_path(result, sizeof result, folder, "result.xml");
    oc_sample_path(html, sizeof html, folder, "report.html");
    OC_ASSERT_OK(oc_report_write("html", &(oc_report_inputs){.result_path = result, .data_folder = "."}, html, &diag));
    char *page = oc_sample_read(folder, "report.html");
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (strstr(page, wanted[i]) == NULL) {
            printf("\n    missing: %s", wanted[i]);
            CU_FAIL("the page does not show it");
        }
    }
    CU_ASSERT_PTR_NULL(strstr(page, "<b>Holder"));
    free(page);
    oc_sample_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a page shows packs, challenge and modules", a_page_shows_packs_challenge_and_modules},
        {NULL, NULL},
    };
    return oc_test_main("reports html packs", rows);
}
