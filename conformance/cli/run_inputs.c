/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/run_inputs.h"

#include <stdlib.h>

#include "conformance/cli/run_subject.h"
#include "conformance/cli/words.h"
#include "conformance/dialect/lint.h"
#include "sim/base/clock.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/crypto/crypto.h"

#define VECTOR_FILE_MAX ((size_t)4 * 1024 * 1024)

static oc_result load_profiles(const oc_cli *cli, const oc_run_arguments *arguments, oc_run_inputs *inputs,
                               oc_diag *diag)
{
    /* A card of each generation; 2.01 and the cards with other settings are run by name. */
    static const char *const shipped[] = {"vectors/cards/ssc-1.0.xml", "vectors/cards/ssc-2.0.xml",
                                          "vectors/cards/ssc-3.0.xml"};
    if (arguments->profile_count == 0 && inputs->card.kind != OC_SPEC_VIRTUAL) {
        return oc_diag_fail(diag, OC_E_USAGE,
                            _("a card that is not ours needs --profile: a description of what is known of it"));
    }
    size_t count = arguments->profile_count > 0 ? arguments->profile_count : sizeof shipped / sizeof shipped[0];
    for (size_t i = 0; i < count; i++) {
        char path[PATH_MAX];
        if (arguments->profile_count > 0) {
            OC_TRY(oc_file_join(path, sizeof path, "", arguments->profiles[i]));
        } else {
            OC_TRY(oc_cli_data_path(cli, path, shipped[i]));
        }
        OC_TRY(oc_profile_load(&inputs->profiles[i], path, diag));
        inputs->profile_count++;
        if (arguments->challenge != NULL && inputs->card.kind == OC_SPEC_VIRTUAL) {
            OC_TRY(oc_profile_vary(inputs->profiles[i], arguments->seed));
        }
    }
    return oc_ok();
}

/* Opens and closes each pass whatever is selected: without it nobody knows whether a card was there at all. */
static oc_result load_sanity(oc_run_inputs *inputs, const oc_cli *cli, const oc_selection *selection,
                             const char *schema, oc_diag *diag)
{
    char path[PATH_MAX];
    const char *id = oc_plan_sanity_id(selection);
    OC_TRY(oc_cli_data_path(cli, path,
                            selection->for_terminal ? "vectors/terminal/sanity.xml" : "vectors/card/sanity.xml"));
    const char *paths[] = {path};
    OC_TRY(oc_vectors_load(&inputs->sanity_vectors, paths, 1, schema, diag));
    for (size_t i = 0; i < oc_vectors_count(inputs->sanity_vectors); i++) {
        const oc_case *subject = oc_vectors_case(inputs->sanity_vectors, i);
        if (strcmp(subject->id, id) == 0) {
            inputs->plan.sanity = subject;
        }
    }
    return inputs->plan.sanity != NULL ? oc_ok() : oc_diag_fail_at(diag, OC_E_FORMAT, path, 0, "no case %s", id);
}

/* oc_lint_report: the first finding goes into the diagnosis. */
static void take_finding(void *diag, const char *file, long line, const char *reason)
{
    oc_result r = oc_diag_fail_at(diag, OC_E_FORMAT, file, line, "%s (onecard lint tells all)", reason);
    (void)r;
}

/* A misspelt requirement or capture would only show in the verdict of a case, or not at all. */
static oc_result check_vectors(const oc_run_inputs *inputs, oc_diag *diag)
{
    bool clean = oc_lint(inputs->vectors, inputs->catalogue, take_finding, diag) == 0;
    return clean ? oc_ok() : oc_fail(OC_E_FORMAT);
}

static oc_result load_vectors(const oc_cli *cli, const oc_run_arguments *arguments, oc_run_inputs *inputs,
                              oc_diag *diag)
{
    char folder[PATH_MAX];
    char schema[PATH_MAX];
    OC_TRY(oc_cli_data_path(cli, folder, "vectors"));
    OC_TRY(oc_cli_data_path(cli, schema, "vectors/schema/vectors.xsd"));
    const char *all[] = {folder};
    OC_TRY(arguments->paths.count > 0
               ? oc_vectors_load(&inputs->vectors, arguments->paths.at, arguments->paths.count, schema, diag)
               : oc_vectors_load(&inputs->vectors, all, 1, schema, diag));
    OC_TRY(oc_catalogue_load(&inputs->catalogue, folder, diag));
    OC_TRY(check_vectors(inputs, diag));
    OC_TRY(oc_plan_make(&inputs->plan, inputs->vectors, &arguments->selection, diag));
    return inputs->plan.sanity != NULL ? oc_ok() : load_sanity(inputs, cli, &arguments->selection, schema, diag);
}

static oc_result digest_file(oc_file_digest *out, const char *path, oc_crypto *crypto, oc_diag *diag)
{
    oc_buf content = {0};
    uint8_t digest[32];
    oc_result r = oc_file_read(&content, path, VECTOR_FILE_MAX, diag);
    if (oc_is_ok(r)) {
        r = oc_sha256(crypto, oc_buf_span(&content), digest);
    }
    if (oc_is_ok(r)) {
        out->path = path;
        oc_hex_encode(out->sha256, sizeof out->sha256, oc_span_of(digest, sizeof digest));
    }
    oc_buf_free(&content);
    return r;
}

static oc_result digest_vectors(oc_run_inputs *inputs, oc_diag *diag)
{
    const oc_vectors *const sources[] = {inputs->vectors, inputs->sanity_vectors};
    size_t room = 1;
    for (size_t s = 0; s < 2 && sources[s] != NULL; s++) {
        room += oc_vectors_file_count(sources[s]);
    }
    inputs->digests = calloc(room, sizeof *inputs->digests);
    oc_crypto *crypto = NULL;
    oc_result r = inputs->digests == NULL ? oc_fail(OC_E_MEMORY) : oc_crypto_new(&crypto);
    for (size_t s = 0; s < 2 && sources[s] != NULL; s++) {
        for (size_t i = 0; i < oc_vectors_file_count(sources[s]) && oc_is_ok(r); i++) {
            r = digest_file(&inputs->digests[inputs->digest_count++], oc_vectors_file(sources[s], i), crypto, diag);
        }
    }
    oc_crypto_free(&crypto);
    return r;
}

static oc_result load_pack(const oc_cli *cli, oc_run_inputs *inputs, const char *folder, const oc_trust *trust,
                           oc_diag *diag)
{
    char schema[PATH_MAX];
    oc_pack *pack = NULL;
    OC_TRY(oc_cli_data_path(cli, schema, "vectors/schema/pack.xsd"));
    OC_TRY(oc_pack_load(&pack, folder, schema, trust, diag));
    inputs->packs[inputs->pack_count++] = pack;
    OC_TRY(oc_pack_apply(pack, inputs->catalogue, diag));
    for (size_t i = 0; i < inputs->profile_count; i++) {
        OC_TRY(oc_pack_check_profile(pack, inputs->profiles[i], diag));
    }
    return oc_pack_describe(pack, &inputs->packs_text);
}

static oc_result load_packs(const oc_cli *cli, const oc_run_arguments *arguments, oc_run_inputs *inputs, oc_diag *diag)
{
    oc_trust *trust = NULL;
    if (arguments->pack_count == 0) {
        return oc_ok();
    }
    if (arguments->pack_ca.count > 0) {
        OC_TRY(oc_trust_new(&trust, arguments->pack_ca.at, arguments->pack_ca.count, 0, diag));
    }
    oc_result r = oc_ok();
    for (size_t i = 0; i < arguments->pack_count && oc_is_ok(r); i++) {
        r = load_pack(cli, inputs, arguments->packs[i], trust, diag);
    }
    oc_trust_free(&trust);
    return oc_is_ok(r) ? oc_buf_append_byte(&inputs->packs_text, 0) : r;
}

static oc_result load_waivers(const oc_cli *cli, const oc_run_arguments *arguments, oc_run_inputs *inputs,
                              oc_diag *diag)
{
    char schema[PATH_MAX];
    if (arguments->waivers == NULL) {
        return oc_ok();
    }
    const oc_clock now = oc_clock_wall();
    OC_TRY(oc_cli_data_path(cli, schema, "vectors/schema/waivers.xsd"));
    OC_TRY(oc_waivers_load(&inputs->waivers, arguments->waivers, schema, &now, diag));
    OC_TRY(oc_waivers_describe(inputs->waivers, &inputs->waivers_text));
    return oc_buf_append_byte(&inputs->waivers_text, 0);
}

static oc_result make_subject(const oc_cli *cli, const oc_run_arguments *arguments, oc_run_inputs *inputs,
                              oc_diag *diag)
{
    char folder[PATH_MAX];
    OC_TRY(oc_cli_data_path(cli, folder, "vectors"));
    OC_TRY(oc_run_subject(&inputs->subject, arguments, (const oc_profile *const *)inputs->profiles,
                          inputs->profile_count, folder, diag));
    /* What a pack and a waiver say is part of what is run. */
    for (size_t i = 0; i < inputs->pack_count; i++) {
        OC_TRY(oc_buf_append(&inputs->subject, oc_span_text(" --pack=")));
        OC_TRY(oc_buf_append(&inputs->subject, oc_span_text(oc_pack_digest(inputs->packs[i]))));
    }
    OC_TRY(oc_buf_append_byte(&inputs->subject, 0));
    inputs->subject.len--;
    return oc_ok();
}

oc_result oc_run_inputs_load(oc_run_inputs *out, const oc_cli *cli, const oc_run_arguments *arguments, oc_diag *diag)
{
    *out = (oc_run_inputs){0};
    OC_TRY(oc_spec_parse(&out->card, arguments->card, diag));
    OC_TRY(oc_spec_parse(&out->psam, arguments->psam, diag));
    OC_TRY(oc_terminal_spec_parse(&out->terminal, arguments->terminal, diag));
    OC_TRY(load_profiles(cli, arguments, out, diag));
    OC_TRY(load_vectors(cli, arguments, out, diag));
    OC_TRY(load_packs(cli, arguments, out, diag));
    OC_TRY(load_waivers(cli, arguments, out, diag));
    OC_TRY(digest_vectors(out, diag));
    return make_subject(cli, arguments, out, diag);
}

void oc_run_inputs_free(oc_run_inputs *inputs)
{
    oc_plan_free(&inputs->plan);
    oc_vectors_free(&inputs->vectors);
    oc_vectors_free(&inputs->sanity_vectors);
    oc_catalogue_free(&inputs->catalogue);
    for (size_t i = 0; i < inputs->profile_count; i++) {
        oc_profile_free(&inputs->profiles[i]);
    }
    for (size_t i = 0; i < inputs->pack_count; i++) {
        oc_pack_free(&inputs->packs[i]);
    }
    oc_waivers_free(&inputs->waivers);
    oc_buf_free(&inputs->packs_text);
    oc_buf_free(&inputs->waivers_text);
    free(inputs->digests);
    oc_buf_free(&inputs->subject);
}
