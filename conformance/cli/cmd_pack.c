/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/signer_options.h"
#include "conformance/cli/words.h"
#include "conformance/pack/pack.h"

/* onecard pack: a requirement pack is signed by its holder, and checked by who uses it. */

struct arguments {
    const char *folder;
    oc_path_list ca;
    oc_signer_list signers;
};

enum { KEY_CERT = 0x100, KEY_KEY, KEY_COMMAND, KEY_CA };

static const struct argp_option options[] = {
    {"sign-cert", KEY_CERT, "PEM", 0, "sign with this certificate; may be given several times", 0},
    {"sign-key", KEY_KEY, "PEM", 0, "key of the last --sign-cert: SM2, P-256 or better, RSA", 0},
    {"sign-cmd", KEY_COMMAND, "CMD", 0, "instead of a key: a command that gets the bytes and prints the signature", 0},
    {"ca", KEY_CA, "PEM", 0, "certificates that are trusted to sign packs", 0},
    {0, 0, 0, 0, 0, 0},
};

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case KEY_CERT:
        oc_take_signer(&out->signers, text, state);
        return 0;
    case KEY_KEY:
        oc_take_signer_key(&out->signers, text, NULL, state);
        return 0;
    case KEY_COMMAND:
        oc_take_signer_key(&out->signers, NULL, text, state);
        return 0;
    case KEY_CA:
        oc_take_path(&out->ca, text, state);
        return 0;
    case ARGP_KEY_ARG:
        if (out->folder != NULL) {
            argp_error(state, _("one pack at a time"));
        }
        out->folder = text;
        return 0;
    case ARGP_KEY_END:
        if (out->folder == NULL) {
            argp_error(state, _("which folder?"));
        }
        if (oc_signers_objection(&out->signers) != NULL) {
            argp_error(state, "%s", oc_signers_objection(&out->signers));
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void print_finding(void *context, const char *file, long line, const char *reason)
{
    (void)context;
    fprintf(stderr, "%s:%ld: %s\n", file, line, reason);
}

static void print_pack(const oc_pack *pack, size_t findings)
{
    const oc_cms_signers *signers = oc_pack_signers(pack);
    printf(_("%s: %zu clauses, %zu findings\n"), oc_pack_id(pack), oc_pack_clause_count(pack), findings);
    for (size_t i = 0; i < signers->count; i++) {
        printf(_("signed by %s, %s\n"), signers->at[i].subject, signers->at[i].algorithm);
    }
}

static oc_result check(const oc_cli *cli, const struct arguments *arguments, size_t *findings, oc_diag *diag)
{
    char schema[PATH_MAX];
    char vectors[PATH_MAX];
    oc_trust *trust = NULL;
    oc_catalogue *catalogue = NULL;
    oc_pack *pack = NULL;
    OC_TRY(oc_cli_data_path(cli, schema, "vectors/schema/pack.xsd"));
    OC_TRY(oc_cli_data_path(cli, vectors, "vectors"));
    if (arguments->ca.count > 0) {
        OC_TRY(oc_trust_new(&trust, arguments->ca.at, arguments->ca.count, 0, diag));
    }
    oc_result r = oc_catalogue_load(&catalogue, vectors, diag);
    if (oc_is_ok(r)) {
        r = oc_pack_load(&pack, arguments->folder, schema, trust, diag);
    }
    if (oc_is_ok(r)) {
        *findings = oc_pack_lint(pack, catalogue, print_finding, NULL);
        print_pack(pack, *findings);
    }
    oc_pack_free(&pack);
    oc_catalogue_free(&catalogue);
    oc_trust_free(&trust);
    return r;
}

int oc_command_pack(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        options,
        take,
        "DIR",
        "Sign a requirement pack, or check one: its files, its signature, and whether the "
        "requirements and settings that it names exist.\v"
        "Exit code: 0 clean, 2 not signed, altered, or with findings.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {0};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    oc_diag diag = {0};
    size_t findings = 0;
    oc_result r = arguments.signers.count == 0 ? oc_ok()
                                               : oc_pack_sign(arguments.folder, arguments.signers.at,
                                                              arguments.signers.count, oc_signing_time(), &diag);
    if (oc_is_ok(r)) {
        r = check(cli, &arguments, &findings, &diag);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        return oc_cli_input_exit(r);
    }
    return findings == 0 ? OC_EXIT_OK : OC_EXIT_USAGE;
}
