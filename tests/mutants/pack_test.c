/* SPDX-License-Identifier: Apache-2.0 */
/* Requirement packs and waivers: a clause makes a requirement firm, what is not signed or does not fit is refused, and a
 * waiver lets a run pass without changing a verdict. */
#include <stdio.h>
#include <sys/stat.h>

#include "tests/integration/cli_kit.h"
#include "tests/support/oc_signers.h"

static oc_cli_kit kit;
static char pack[PATH_MAX];
static char certificate[PATH_MAX];
static char key[PATH_MAX];
static char root[PATH_MAX];
static char other_root[PATH_MAX];
static char card[2 * PATH_MAX];

#define PACK_HEAD                                                                                                     \
    "<pack xmlns=\"urn:onecard:pack:1\" id=\"synthetic\" version=\"1\" holder=\"Example laboratory\">"                \
    "<clause doc=\"Example 1\" number=\"7.1\"><text xml:lang=\"en\">The card keeps the order of its answers.</text>"
#define PACK_TAIL                                                                                                     \
    "</clause><clause doc=\"Example 1\" number=\"7.2\" assessable=\"false\">"                                         \
    "<text xml:lang=\"en\">The card is bent a thousand times.</text></clause></pack>"

static void write_pack(const char *inside)
{
    char text[2000];
    snprintf(text, sizeof text, PACK_HEAD "%s" PACK_TAIL, inside);
    oc_temp_write(pack, "pack.xml", text);
}

static void sign(int code, const char *part)
{
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "pack", OC_ARGS(pack, "--sign-cert", certificate, "--sign-key", key), part),
                    code);
}

static void make_signers(void)
{
    oc_signer_files files;
    oc_temp_path(pack, kit.folder, "pack");
    CU_ASSERT_EQUAL_FATAL(mkdir(pack, 0755), 0);
    oc_signer_make(&files, kit.folder, "holder", OC_SIGNER_SM2, NULL);
    snprintf(certificate, sizeof certificate, "%s", files.certificate);
    snprintf(key, sizeof key, "%s", files.key);
    snprintf(root, sizeof root, "%s", files.root);
    oc_signer_make(&files, kit.folder, "other", OC_SIGNER_SM2, NULL);
    snprintf(other_root, sizeof other_root, "%s", files.root);
}

/* Runs the defective card over one file; `option` and `value` NULL: without them. */
static int run(const char *option, const char *value, oc_results *results)
{
    oc_program program;
    oc_kit_command(&program, &kit, "run",
                   OC_ARGS("--card", card, "--profile", OC_CARD_3, "--expendable", "--allow",
                           "counters,records,purse,keys,lifecycle", "vectors/card/pin.xml", option, value));
    int code = program.code;
    oc_results_load(results, kit.out);
    oc_program_free(&program);
    return code;
}

static const char *verdict_of(const oc_results *results, const char *id)
{
    const oc_result_case *one = oc_results_find(results, NULL, id);
    return one == NULL ? "" : one->verdict;
}

/* Which case breaks a requirement of what confidence is the vectors' matter; here it is looked up. */
static char weak_case[64];
static char weak_requirement[64];
static char firm_case[64];

static void what_the_card_does_without(void)
{
    oc_results results = {0};
    CU_ASSERT_EQUAL(run(NULL, NULL, &results), 1);
    for (size_t i = 0; i < results.count; i++) {
        if (oc_result_case_is(&results.at[i], "DEVIATION") && weak_case[0] == '\0') {
            snprintf(weak_case, sizeof weak_case, "%s", results.at[i].id);
            snprintf(weak_requirement, sizeof weak_requirement, "%s", results.at[i].deciding);
        }
        if (oc_result_case_is(&results.at[i], "FAIL") && firm_case[0] == '\0') {
            snprintf(firm_case, sizeof firm_case, "%s", results.at[i].id);
        }
    }
    CU_ASSERT_TRUE_FATAL(weak_case[0] != '\0' && firm_case[0] != '\0');
    oc_results_free(&results);
}

static void a_clause_makes_a_requirement_firm(void)
{
    char inside[200];
    oc_results results = {0};
    snprintf(inside, sizeof inside, "<requirement id=\"%s\"/>", weak_requirement);
    write_pack(inside);
    sign(0, NULL);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "pack", OC_ARGS(pack, "--ca", root), NULL), 0);
    CU_ASSERT_EQUAL(run("--pack", pack, &results), 1);
    CU_ASSERT_STRING_EQUAL(verdict_of(&results, weak_case), "FAIL");
    oc_results_free(&results);
}

static void what_is_not_clean_is_refused(void)
{
    static const struct {
        const char *inside;
        const char *part;
    } rows[] = {
        {"<requirement id=\"SSC.NO.SUCH\"/>", "no requirement is called SSC.NO.SUCH"},
        {"<requirement id=\"SSC.PIN.WRONG\"/><requirement id=\"SSC.PIN.WRONG\"/>", "names SSC.PIN.WRONG twice"},
        {"<setting name=\"no-such\" value=\"1\"/>", "no setting no-such"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_pack(rows[i].inside);
        sign(2, rows[i].part);
        CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--pack", pack, "vectors/card/pin.xml"), rows[i].part), 2);
    }
    write_pack("<setting name=\"purchase-mac1\" value=\"elsewhere\"/>");
    sign(0, NULL);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--pack", pack, "vectors/card/pin.xml"), "states the setting"),
                    2);
}

static void what_was_not_signed_is_refused(void)
{
    char path[PATH_MAX];
    write_pack("<requirement id=\"SSC.PIN.WRONG\"/>");
    sign(0, NULL);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "pack", OC_ARGS(pack, "--ca", other_root), ""), 2);
    write_pack("<requirement id=\"SSC.PIN.COUNTER\"/>");
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "pack", OC_ARGS(pack), "is not the file that was signed"), 2);
    sign(0, NULL);
    oc_temp_write(pack, "more.xml", "<more/>");
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "pack", OC_ARGS(pack), "more.xml was not signed"), 2);
    oc_temp_path(path, pack, "more.xml");
    CU_ASSERT_EQUAL(remove(path), 0);
    oc_temp_path(path, pack, "MANIFEST.p7s");
    CU_ASSERT_EQUAL(remove(path), 0);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "pack", OC_ARGS(pack), "this pack is not signed"), 2);
}

static void write_waiver(const char *covered, const char *until)
{
    char text[600];
    snprintf(text, sizeof text,
             "<waivers xmlns=\"urn:onecard:waivers:1\"><waiver id=\"W-1\" case=\"%s\" until=\"%s\" by=\"Example\">"
             "<reason xml:lang=\"en\">known, mended in the next mask</reason></waiver></waivers>",
             covered, until);
    oc_temp_write(kit.folder, "waivers.xml", text);
}

static void a_waiver_changes_no_verdict(void)
{
    char path[PATH_MAX];
    oc_results results = {0};
    oc_temp_path(path, kit.folder, "waivers.xml");
    write_waiver("CARD.*", "9999-12-31");
    int code = run("--waivers", path, &results);
    CU_ASSERT(code == 0 || code == 6); /* what is undecided stays so */
    CU_ASSERT_STRING_EQUAL(verdict_of(&results, firm_case), "FAIL");
    oc_results_free(&results);
    write_waiver("CARD.*", "2020-01-01"); /* past */
    CU_ASSERT_EQUAL(run("--waivers", path, &results), 1);
    oc_results_free(&results);
    write_waiver("CARD.NO-SUCH", "9999-12-31");
    CU_ASSERT_EQUAL(run("--waivers", path, &results), 1);
    oc_results_free(&results);
    write_waiver("CARD.*", "soon");
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--waivers", path, "vectors/card/pin.xml"), "waivers.xml:1"), 2);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"signers", make_signers},
        {"what the card does without", what_the_card_does_without},
        {"a clause makes a requirement firm", a_clause_makes_a_requirement_firm},
        {"what is not clean is refused", what_is_not_clean_is_refused},
        {"what was not signed is refused", what_was_not_signed_is_refused},
        {"a waiver changes no verdict", a_waiver_changes_no_verdict},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    snprintf(card, sizeof card, "exec:ONECARD_MUTANT=card.pin.any-accepted exec %s card --stdio --profile %s",
             OC_MUTANT, OC_CARD_3);
    int code = oc_test_main("packs and waivers", rows);
    oc_kit_close(&kit);
    return code;
}
