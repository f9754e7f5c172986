/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/runner.h"

#include <stdio.h>
#include <stdlib.h>

#include "conformance/dut/http_post.h"
#include "conformance/run/compare.h"
#include "conformance/run/pass.h"

#define PASSES_MAX (2 * OC_PROFILES_MAX)

struct run {
    const oc_run_options *options;
    oc_card_os *card_os;
    oc_card_os *psam_os;
    oc_private_pcscd *pcscd;
    oc_pass passes[PASSES_MAX];
    size_t pass_count;
    size_t done;
};

size_t oc_run_pass_count(const oc_run_options *options)
{
    size_t links = options->card->kind == OC_SPEC_VIRTUAL ? (size_t)options->via_inproc + (size_t)options->via_pcsc
                                                          : 1;
    return options->profile_count * links;
}

unsigned oc_run_repeat(const oc_run_options *options)
{
    return options->repeat > 1 ? options->repeat : 1;
}

bool oc_run_leaves_host(const oc_run_options *options, bool pcsc)
{
    return pcsc && options->card->kind == OC_SPEC_VIRTUAL && options->via_inproc && options->via_pcsc;
}

size_t oc_run_planned(const oc_run_options *options, const oc_plan *plan)
{
    size_t cases = oc_run_pass_count(options) * plan->case_count;
    cases -= oc_run_leaves_host(options, true) ? options->profile_count * plan->host_count : 0;
    return oc_run_repeat(options) * cases + oc_run_pass_count(options) * (plan->sanity != NULL ? 2 : 0);
}

static const char *link_name(const oc_spec *card, bool pcsc)
{
    switch (card->kind) {
    case OC_SPEC_PCSC:
        return "pcsc";
    case OC_SPEC_EXEC:
        return "exec";
    case OC_SPEC_VPCD:
        return "vpcd";
    case OC_SPEC_VIRTUAL:
    case OC_SPEC_NONE:
        break;
    }
    return pcsc ? "pcsc" : "inproc";
}

void oc_run_pass_id(const oc_run_options *options, const oc_profile *profile, bool pcsc, char out[OC_PASS_ID_MAX])
{
    if (options->pass_id != NULL) {
        snprintf(out, OC_PASS_ID_MAX, "%s", options->pass_id);
        return;
    }
    bool contactless = options->interface == OC_INTERFACE_CONTACTLESS;
    snprintf(out, OC_PASS_ID_MAX, "%s/%s%s", oc_profile_id(profile), link_name(options->card, pcsc),
             contactless          ? "/contactless"
             : options->prefer_t1 ? "/t1"
                                  : "");
}

static oc_result one_pass(struct run *run, const oc_profile *profile, bool pcsc, const oc_plan *plan,
                          const oc_catalogue *catalogue, oc_record *record, oc_diag *diag)
{
    const oc_run_options *options = run->options;
    oc_pass *pass = &run->passes[run->pass_count++];
    *pass = (oc_pass){.options = options,
                      .plan = plan,
                      .catalogue = catalogue,
                      .record = record,
                      .done = &run->done,
                      .planned = oc_run_planned(options, plan),
                      .leaves_host = oc_run_leaves_host(options, pcsc),
                      .diag = diag};
    pass->world_plan = (oc_world_plan){.profile = profile,
                                       .card_os = run->card_os,
                                       .psam_os = run->psam_os,
                                       .card = options->card,
                                       .psam = options->psam,
                                       .terminal = options->terminal,
                                       .serve_cards = options->serve_cards,
                                       .card_delay_us = options->card_delay_us,
                                       .lent = options->lent,
                                       .pcscd = pcsc ? run->pcscd : NULL,
                                       .keys = options->keys,
                                       .vectors_folder = options->vectors_folder,
                                       .host_url = options->host_url,
                                       .host_credentials = options->host_credentials,
                                       .interface = options->interface,
                                       .prefer_t1 = options->prefer_t1,
                                       .allowed = options->allowed,
                                       .expendable = options->expendable,
                                       .timeout_ms = options->timeout_ms};
    oc_run_pass_id(options, profile, pcsc, pass->id);
    return oc_pass_run(pass);
}

static oc_result run_passes(struct run *run, const oc_plan *plan, const oc_catalogue *catalogue, oc_record *record,
                            size_t *differences, oc_diag *diag)
{
    const oc_run_options *options = run->options;
    bool is_virtual = options->card->kind == OC_SPEC_VIRTUAL;
    for (size_t i = 0; i < options->profile_count; i++) {
        oc_pass *first = NULL;
        if (!is_virtual || options->via_inproc) {
            OC_TRY(one_pass(run, options->profiles[i], false, plan, catalogue, record, diag));
            first = &run->passes[run->pass_count - 1];
        }
        if (is_virtual && run->pcscd != NULL) {
            OC_TRY(one_pass(run, options->profiles[i], true, plan, catalogue, record, diag));
            oc_pass *second = &run->passes[run->pass_count - 1];
            if (first != NULL) {
                OC_TRY(oc_compare_passes(first, second, record, differences, diag));
            }
        }
    }
    return oc_ok();
}

static oc_result check_reader(const oc_spec *spec, oc_diag *diag)
{
    oc_link *link = NULL;
    oc_result r = spec->kind == OC_SPEC_PCSC ? oc_link_pcsc(&link, spec->detail, diag) : oc_ok();
    oc_link_free(&link);
    return r;
}

/* A program that does not start or a PIN that is refused ends the run here, tried once. */
static oc_result check_keys(const oc_run_options *options, oc_diag *diag)
{
    if (options->keys->kind == OC_KEYS_PSAM_VIRTUAL) {
        return oc_ok();
    }
    oc_crypto *crypto = NULL;
    oc_key_provider keys = {0};
    OC_TRY(oc_crypto_new(&crypto));
    const oc_keys_parts parts = {.profile = options->profiles[0], .crypto = crypto, .timeout_ms = options->timeout_ms};
    oc_result r = oc_keys_spec_open(&keys, options->keys, &parts, diag);
    oc_key_provider_close(&keys);
    oc_crypto_free(&crypto);
    return r;
}

/* A pass is known by its profile's id, so two of one id would run into each other. */
static oc_result check_profile_ids(const oc_run_options *options, oc_diag *diag)
{
    for (size_t i = 0; i < options->profile_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(oc_profile_id(options->profiles[i]), oc_profile_id(options->profiles[k])) == 0) {
                return oc_diag_fail_at(diag, OC_E_USAGE, oc_profile_path(options->profiles[i]), 0,
                                       "the id %s is that of another profile of this run",
                                       oc_profile_id(options->profiles[i]));
            }
        }
    }
    return oc_ok();
}

/* A back-end that is not there is no device that fails. */
static oc_result check_host(const oc_run_options *options, oc_diag *diag)
{
    oc_http_post *post = NULL;
    if (options->host_url == NULL) {
        return oc_ok();
    }
    OC_TRY(oc_http_post_new(&post, options->host_url, &options->host_credentials, "the back-end", diag));
    oc_result r = oc_http_post_reach(post, options->timeout_ms, diag);
    oc_http_post_free(&post);
    return r;
}

oc_result oc_run_check(const oc_run_options *options, oc_diag *diag)
{
    for (size_t i = 0; i < options->profile_count && options->card->kind == OC_SPEC_VIRTUAL; i++) {
        if (!oc_profile_can_issue(options->profiles[i])) {
            return oc_diag_fail(diag, OC_E_USAGE,
                                "profile %s only describes a card; give --card, or a profile that can issue one",
                                oc_profile_id(options->profiles[i]));
        }
    }
    if (options->card->kind == OC_SPEC_NONE) {
        return oc_diag_fail(diag, OC_E_USAGE, "a run needs a card");
    }
    OC_TRY(check_profile_ids(options, diag));
    OC_TRY(check_reader(options->card, diag));
    OC_TRY(check_keys(options, diag));
    OC_TRY(check_host(options, diag));
    return check_reader(options->psam, diag);
}

oc_result oc_run(const oc_run_options *options, const oc_plan *plan, const oc_catalogue *catalogue, oc_record *record,
                 size_t *differences, oc_diag *diag)
{
    *differences = 0;
    struct run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    run->options = options;
    oc_result r = oc_issuer_card_os(&run->card_os);
    if (oc_is_ok(r)) {
        r = oc_issuer_psam_os(&run->psam_os);
    }
    /* Without a pcscd the in-process part still runs; what is missing is said at the end. */
    oc_result daemon = oc_ok();
    if (oc_is_ok(r) && options->card->kind == OC_SPEC_VIRTUAL && options->via_pcsc) {
        daemon = oc_private_pcscd_start(&run->pcscd, diag);
    }
    if (oc_is_ok(r)) {
        r = run_passes(run, plan, catalogue, record, differences, diag);
    }
    if (oc_is_ok(r)) {
        r = daemon;
    }
    for (size_t i = 0; i < run->pass_count; i++) {
        oc_pass_free(&run->passes[i]);
    }
    oc_private_pcscd_stop(&run->pcscd);
    oc_card_os_free(&run->card_os);
    oc_card_os_free(&run->psam_os);
    free(run);
    return r;
}

int oc_run_exit_code(const size_t counts[OC_VERDICT_COUNT], size_t differences, bool strict, bool interrupted)
{
    if (interrupted) {
        return 130;
    }
    if (counts[OC_VERDICT_FAIL] > 0 || (strict && counts[OC_VERDICT_DEVIATION] > 0)) {
        return 1;
    }
    if (counts[OC_VERDICT_ERROR] > 0 || differences > 0) {
        return 3;
    }
    if (counts[OC_VERDICT_INCONCLUSIVE] > 0) {
        return 6;
    }
    return counts[OC_VERDICT_PASS] + counts[OC_VERDICT_DEVIATION] > 0 ? 0 : 4;
}
