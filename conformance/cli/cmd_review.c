/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/rand.h>
#include <string.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/case_pcap.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/words.h"
#include "reports/review/review.h"

/* onecard review: what an examiner has to ask. */

#define SAMPLE_MAX 1000

struct arguments {
    oc_path_list bundles;
    oc_path_list ca;
    const char *challenge;
    const char *lang;
    bool any_signer, seed_given;
    uint64_t seed;
    size_t sample;
};

enum { KEY_CA = 0x100, KEY_ANY, KEY_CHALLENGE, KEY_SEED, KEY_SAMPLE };

static const struct argp_option options[] = {
    {"challenge", KEY_CHALLENGE, "FILE", 0, "the challenge that was handed out, instead of the bundles' own copies",
     1},
    {"ca", KEY_CA, "PEM", 0,
     "certificates that are trusted, of signers, time stamps and examiners; may be given several times", 1},
    {"any-signer", KEY_ANY, 0, 0, "whoever signed: only whether the signatures hold", 1},
    {"sample", KEY_SAMPLE, "N", 0, "cases of each that are drawn to be run again (default 10)", 2},
    {"seed", KEY_SEED, "N", 0, "for drawing the same ones again", 2},
    {"lang", 'l', "LANG", 0, "en or zh, instead of both", 2},
    {0, 0, 0, 0, 0, 0},
};

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case KEY_CHALLENGE:
        out->challenge = text;
        return 0;
    case KEY_CA:
        oc_take_path(&out->ca, text, state);
        return 0;
    case KEY_ANY:
        out->any_signer = true;
        return 0;
    case KEY_SAMPLE:
        out->sample = (size_t)oc_take_number(text, 0, SAMPLE_MAX, state);
        return 0;
    case KEY_SEED:
        out->seed = oc_take_number(text, 0, UINT64_MAX, state);
        out->seed_given = true;
        return 0;
    case 'l':
        out->lang = text;
        return 0;
    case ARGP_KEY_ARG:
        oc_take_path(&out->bundles, text, state);
        return 0;
    case ARGP_KEY_END:
        if (out->bundles.count == 0) {
            argp_error(state, _("which bundles?"));
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int print(const oc_review *review, const char *lang)
{
    size_t count = 0;
    const oc_review_page *pages = oc_review_pages(review, &count);
    oc_review_print(review, lang, stdout);
    for (size_t i = 0; i < count; i++) {
        if (pages[i].questions > 0) {
            return OC_EXIT_FAIL;
        }
    }
    return OC_EXIT_OK;
}

int oc_command_review(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        options,
        take,
        "BUNDLE...",
        "Print one page for each bundle with what an examiner has to ask: whether it verifies and answers the "
        "challenge, what was left out of the plan, deviations, waivers, clocks, what the item consisted of, what "
        "bundles have in common that they may not, and cases to run again.\vExit codes: 0 nothing to ask, 1 "
        "something, 2 usage. What only a run that is watched can exclude stands on each page.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {.sample = 10};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    if (!arguments.seed_given && RAND_bytes((uint8_t *)&arguments.seed, sizeof arguments.seed) != 1) {
        return OC_EXIT_INFRASTRUCTURE;
    }
    const oc_review_order order = {.folders = arguments.bundles.at,
                                   .count = arguments.bundles.count,
                                   .challenge_path = arguments.challenge,
                                   .data_folder = cli->data,
                                   .ca_paths = arguments.ca.at,
                                   .ca_count = arguments.ca.count,
                                   .any_signer = arguments.any_signer,
                                   .seed = arguments.seed,
                                   .sample = arguments.sample,
                                   .companion = oc_cli_case_pcap};
    oc_review *review = NULL;
    oc_diag diag = {0};
    oc_result r = oc_review_make(&review, &order, &diag);
    if (oc_is_ok(r)) {
        code = print(review, arguments.lang);
    } else {
        oc_cli_complain(r, &diag);
        code = r.code == OC_E_IO ? OC_EXIT_INFRASTRUCTURE : oc_cli_input_exit(r);
    }
    oc_review_free(&review);
    return code;
}
