/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/case_pcap.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/words.h"
#include "conformance/record/visible.h"
#include "reports/bundle/verify.h"

/* onecard verify: whether a bundle is what it claims to be. */

#define CAS_MAX 32

struct arguments {
    const char *bundle;
    const char *lang;
    const char *cas[CAS_MAX];
    size_t ca_count;
    bool any_signer, is_unsigned, without_reports, quiet;
};

enum { KEY_CA = 0x100, KEY_ANY, KEY_UNSIGNED, KEY_WITHOUT };

static const struct argp_option verify_options[] = {
    {"ca", KEY_CA, "PEM", 0,
     "certificates that are trusted, of signers and of time stamps; may be given several times", 1},
    {"any-signer", KEY_ANY, 0, 0, "whoever signed: only whether the signatures hold", 1},
    {"unsigned", KEY_UNSIGNED, 0, 0, "a bundle that nobody signed will do", 1},
    {"without-reports", KEY_WITHOUT, 0, 0, "do not make the reports again: of bundles that another version made", 1},
    {"quiet", 'q', 0, 0, "say only what is wrong", 2},
    {"lang", 'l', "LANG", 0, "en or zh, instead of both", 2},
    {0, 0, 0, 0, 0, 0},
};

static void take_ca(struct arguments *out, const char *text, const struct argp_state *state)
{
    if (out->ca_count == CAS_MAX) {
        argp_error(state, _("more than %d files of certificates"), CAS_MAX);
        return;
    }
    out->cas[out->ca_count++] = text;
}

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case KEY_CA:
        take_ca(out, text, state);
        return 0;
    case KEY_ANY:
        out->any_signer = true;
        return 0;
    case KEY_UNSIGNED:
        out->is_unsigned = true;
        return 0;
    case KEY_WITHOUT:
        out->without_reports = true;
        return 0;
    case 'q':
        out->quiet = true;
        return 0;
    case 'l':
        out->lang = text;
        return 0;
    case ARGP_KEY_ARG:
        if (out->bundle != NULL) {
            argp_error(state, _("one bundle at a time"));
        }
        out->bundle = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* What a bundle says must not move the cursor or hide a part of the line. */
static void print_visible(const char *text)
{
    oc_buf visible = {0};
    if (oc_is_ok(oc_visible_text(&visible, text))) {
        fputs((const char *)visible.at, stdout);
    }
    oc_buf_free(&visible);
}

static void print_in(const struct arguments *arguments, const char *en, const char *zh)
{
    if (arguments->lang == NULL) {
        printf("%s / %s", en, zh);
    } else {
        fputs(strcmp(arguments->lang, "zh") == 0 ? zh : en, stdout);
    }
}

static void print_check(const struct arguments *arguments, enum oc_check check, const oc_check_result *result)
{
    if (arguments->quiet && result->state != OC_CHECK_BAD) {
        return;
    }
    printf("%-11s ", oc_check_name(check));
    print_in(arguments, oc_check_state_words(result->state, "en"), oc_check_state_words(result->state, "zh"));
    fputs(": ", stdout);
    print_in(arguments, oc_check_words(check, "en"), oc_check_words(check, "zh"));
    if (result->reason[0] != '\0') {
        fputs("\n            ", stdout);
        print_visible(result->file);
        if (result->line > 0) {
            printf(":%ld", result->line);
        }
        fputs(result->file[0] == '\0' ? "" : ": ", stdout);
        print_visible(result->reason);
    }
    putchar('\n');
}

static void print_time(const struct arguments *arguments, const char *en, const char *zh, int64_t when)
{
    char text[40];
    struct tm utc;
    time_t seconds = (time_t)when;
    if (gmtime_r(&seconds, &utc) != NULL && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0) {
        fputs("            ", stdout);
        print_in(arguments, en, zh);
        printf(": %s  ", text);
    }
}

static void print_facts(const struct arguments *arguments, const oc_verification *verification)
{
    for (size_t i = 0; i < verification->signers.count; i++) {
        const oc_cms_signer *signer = &verification->signers.at[i];
        print_time(arguments, "signed", "签名时间", signer->signed_at);
        print_visible(signer->subject);
        fputs(" (", stdout);
        print_visible(signer->issuer);
        printf(", %s), %s\n", signer->serial, signer->algorithm);
    }
    if (verification->stamped_at != 0) {
        print_time(arguments, "stamped", "时间戳", verification->stamped_at);
        print_visible(verification->stamped_by);
        putchar('\n');
    }
    if (verification->evidence.run_id != NULL) {
        fputs("            ", stdout);
        print_visible(verification->evidence.run_id);
        printf(", %zu ", verification->evidence.cases);
        print_in(arguments, verification->evidence.official ? "cases, run of record" : "cases, not a run of record",
                 verification->evidence.official ? "个用例，正式测试" : "个用例，非正式测试");
        putchar('\n');
    }
}

static void print_all(const struct arguments *arguments, const oc_verification *verification)
{
    for (unsigned i = 0; i < OC_CHECK_COUNT; i++) {
        print_check(arguments, (enum oc_check)i, &verification->checks[i]);
    }
    if (!arguments->quiet) {
        print_facts(arguments, verification);
    }
    print_in(arguments, verification->verified ? "verified" : "NOT VERIFIED",
             verification->verified ? "核验通过" : "核验不通过");
    putchar('\n');
}

int oc_command_verify(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        verify_options,
        take,
        "BUNDLE",
        "Check that an evidence bundle is what it claims to be: files, manifest, digests, signatures, time stamp, the "
        "record with the chain of every case, the plan, and that everything else is what the record makes, byte for "
        "byte.\vExit codes: 0 verified, 1 not, 2 usage. No bundle can show that the run was made with the item that "
        "it "
        "names, or that no other run was made before it: that takes a run that is watched.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {0};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    if (arguments.bundle == NULL) {
        fprintf(stderr, _("onecard verify: which bundle?\n"));
        return OC_EXIT_USAGE;
    }
    const oc_verify_order order = {.folder = arguments.bundle,
                                   .data_folder = cli->data,
                                   .ca_paths = arguments.cas,
                                   .ca_count = arguments.ca_count,
                                   .any_signer = arguments.any_signer,
                                   .may_be_unsigned = arguments.is_unsigned,
                                   .without_reports = arguments.without_reports,
                                   .companion = oc_cli_case_pcap};
    oc_verification verification;
    oc_diag diag = {0};
    oc_result r = oc_bundle_verify(&verification, &order, &diag);
    if (oc_is_ok(r)) {
        print_all(&arguments, &verification);
        code = verification.verified ? OC_EXIT_OK : OC_EXIT_FAIL;
    } else {
        oc_cli_complain(r, &diag);
        code = r.code == OC_E_IO ? OC_EXIT_INFRASTRUCTURE : oc_cli_input_exit(r);
    }
    oc_verification_free(&verification);
    return code;
}
