/* SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/kept_card.h"
#include "conformance/cli/words.h"
#include "conformance/dut/open.h"
#include "sim/base/clock.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/issuer/issuer.h"
#include "sim/link/card_server.h"
#include "sim/link/io.h"
#include "sim/link/transports.h"

/* onecard card, onecard reader and onecard issue: one virtual card, served or made. */

#define VPCD_PORT 35963
/* The PSAM's slot takes the next one. */
#define VPCD_PORT_MAX 65534

struct arguments {
    const char *profile;
    const char *card;
    const char *image;
    const char *standin; /* address of a card server, instead of a reader of pcscd */
    bool stdio, blank, psam, initial_pin, allow_lifecycle;
    bool instead; /* the PSAM is served instead of the card, not beside it */
    unsigned port;
    enum oc_card_interface interface;
};

struct chips {
    oc_crypto *crypto;
    oc_crypto *psam_crypto;
    oc_profile *profile;
    oc_card_os *os;
    oc_card_os *psam_os;
    oc_card *card;
    oc_card *psam;
    oc_kept_card kept; /* with --image: the card that is served */
    oc_diag served;    /* of the server */
};

enum {
    KEY_PROFILE = 0x100,
    KEY_STDIO,
    KEY_BLANK,
    KEY_PSAM,
    KEY_INTERFACE,
    KEY_PORT,
    KEY_CARD,
    KEY_INITIAL_PIN,
    KEY_ALLOW,
    KEY_IMAGE,
    KEY_STANDIN
};

static void take_allow(struct arguments *out, const char *text, const struct argp_state *state)
{
    out->allow_lifecycle = strcmp(text, "lifecycle") == 0;
    if (!out->allow_lifecycle) {
        argp_error(state, _("--allow takes lifecycle, not %s"), text);
    }
}

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    const oc_text_option texts[] = {
        {KEY_PROFILE, &out->profile}, {KEY_CARD, &out->card}, {KEY_IMAGE, &out->image}, {KEY_STANDIN, &out->standin}};
    switch (key) {
    case KEY_STDIO:
        out->stdio = true;
        return 0;
    case KEY_BLANK:
        out->blank = true;
        return 0;
    case KEY_PSAM:
        out->psam = true;
        return 0;
    case KEY_INITIAL_PIN:
        out->initial_pin = true;
        return 0;
    case KEY_INTERFACE:
        out->interface = oc_take_interface(text, state);
        return 0;
    case KEY_ALLOW:
        take_allow(out, text, state);
        return 0;
    case KEY_PORT:
        out->port = (unsigned)oc_take_number(text, 1, VPCD_PORT_MAX, state);
        return 0;
    default:
        return oc_take_text(texts, sizeof texts / sizeof texts[0], key, text, state);
    }
}

/* What is served on standard output, or in the reader's first slot. */
static oc_card *first_chip(const struct arguments *arguments, const struct chips *chips)
{
    return arguments->psam && arguments->instead ? chips->psam : chips->card;
}

static oc_endpoint first_endpoint(const struct arguments *arguments, struct chips *chips)
{
    return arguments->image == NULL ? oc_card_endpoint(first_chip(arguments, chips))
                                    : oc_kept_card_endpoint(&chips->kept);
}

static oc_result make_chips(const oc_cli *cli, const struct arguments *arguments, struct chips *out, oc_diag *diag)
{
    OC_TRY(oc_cli_load_profile(cli, arguments->profile, &out->profile, diag));
    if (!oc_profile_can_issue(out->profile)) {
        return oc_diag_fail_at(diag, OC_E_USAGE, oc_profile_path(out->profile), 0,
                               "this profile only describes a card, it cannot issue one");
    }
    OC_TRY(oc_crypto_new(&out->crypto));
    OC_TRY(oc_crypto_new(&out->psam_crypto));
    OC_TRY(oc_issuer_card_os(&out->os));
    OC_TRY(arguments->blank ? oc_issuer_make_blank(&out->card, out->os, out->crypto, out->profile, diag)
                            : oc_issuer_make_card(&out->card, out->os, out->crypto, out->profile, diag));
    oc_card_set_interface(out->card, arguments->interface);
    if (arguments->psam) {
        OC_TRY(oc_issuer_psam_os(&out->psam_os));
        OC_TRY(oc_issuer_make_psam(&out->psam, out->psam_os, out->psam_crypto, out->profile, diag));
    }
    return arguments->image == NULL
               ? oc_ok()
               : oc_kept_card_open(&out->kept, first_chip(arguments, out), arguments->image, diag);
}

static void free_chips(struct chips *chips)
{
    oc_card_free(&chips->card);
    oc_card_free(&chips->psam);
    oc_card_os_free(&chips->os);
    oc_card_os_free(&chips->psam_os);
    oc_profile_free(&chips->profile);
    oc_crypto_free(&chips->crypto);
    oc_crypto_free(&chips->psam_crypto);
}

typedef oc_result use_chips(const struct arguments *arguments, struct chips *chips, oc_diag *diag);

/* What the three commands have in common: options, chips, use, exit code. A failure before the chips are made is the
 * user's input, one after it the world's. */
static int with_chips(const oc_cli *cli, const struct argp *argp, int argc, char **argv, struct arguments *arguments,
                      use_chips *use)
{
    int code = oc_cli_parse(argp, argc, argv, arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    signal(SIGPIPE, SIG_IGN);
    struct chips chips = {0};
    oc_diag diag = {0};
    oc_result r = make_chips(cli, arguments, &chips, &diag);
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        code = oc_cli_input_exit(r);
    } else if (r = use(arguments, &chips, &diag), !oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        code = oc_cli_world_exit(r);
    }
    free_chips(&chips);
    return code;
}

/* Why serving ended: that the state could not be saved comes first. */
static oc_result tell_of_image(oc_result r, const struct chips *chips, oc_diag *diag)
{
    *diag = chips->kept.diag.reason[0] != '\0' ? chips->kept.diag : chips->served;
    return r;
}

static oc_result serve_stdio(const struct arguments *arguments, struct chips *chips, oc_diag *diag)
{
    oc_result r = oc_serve_stdio(first_endpoint(arguments, chips), STDIN_FILENO, STDOUT_FILENO, &chips->served);
    return tell_of_image(r, chips, diag);
}

int oc_command_card(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"stdio", KEY_STDIO, 0, 0, "serve on standard input and output (the only way so far, and the default)", 0},
        {"profile", KEY_PROFILE, "FILE", 0, "card profile (default: the shipped third-generation card)", 0},
        {"blank", KEY_BLANK, 0, 0, "a blank chip instead of an issued card", 0},
        {"psam", KEY_PSAM, 0, 0, "the PSAM that matches the profile instead of the card", 0},
        {"image", KEY_IMAGE, "FILE", 0, "keep the card's state in FILE between runs; made where there is none", 0},
        {"interface", KEY_INTERFACE, "NAME", 0, "contact (default) or contactless", 0},
        {0, 0, 0, 0, 0, 0},
    };
    static const struct argp argp = {options,
                                     take,
                                     NULL,
                                     "Be a virtual card. R answers the ATR after a cold reset, W after a warm one, a "
                                     "line of hex is a command and answered by a line of hex.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct arguments arguments = {.instead = true};
    return with_chips(cli, &argp, argc, argv, &arguments, serve_stdio);
}

/* Becomes readable when the user ends the program. */
static int open_stop_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

/* For programs with a stand-in reader library, until the user ends it. */
static oc_result serve_standins(const struct arguments *arguments, struct chips *chips, oc_diag *diag)
{
    int stop = open_stop_signals();
    oc_card_server *server = NULL;
    const oc_card_slot slots[] = {
        {"onecard stand-in 00 00",
         arguments->interface == OC_INTERFACE_CONTACTLESS ? OC_CARDS_CONTACTLESS : OC_CARDS_USER,
         first_endpoint(arguments, chips), true},
        {"onecard stand-in 00 01", OC_CARDS_SAM,
         arguments->psam ? oc_card_endpoint(chips->psam) : (oc_endpoint){NULL, NULL, NULL}, arguments->psam}};
    oc_result r = oc_card_server_start(&server, slots, 2, arguments->standin, diag);
    if (oc_is_ok(r)) {
        printf(_("%s%s for stand-in reader libraries with ONECARD_CARDS=%s; Ctrl-C takes the card out\n"),
               oc_profile_id(chips->profile), arguments->psam ? " and its PSAM" : "", oc_card_server_address(server));
        fflush(stdout);
        r = oc_wait_fd(stop, POLLIN, -1, OC_NO_DEADLINE);
    }
    oc_card_server_stop(&server);
    close(stop);
    return chips->kept.diag.reason[0] != '\0' ? tell_of_image(oc_fail(OC_E_IO), chips, diag) : r;
}

static oc_result serve_reader(const struct arguments *arguments, struct chips *chips, oc_diag *diag)
{
    if (arguments->standin != NULL) {
        return serve_standins(arguments, chips, diag);
    }
    int stop = open_stop_signals();
    oc_vpcd_card *psam = NULL;
    oc_result r = oc_ok();
    if (arguments->psam) {
        r = oc_vpcd_card_start(&psam, oc_card_endpoint(chips->psam), arguments->port + 1, diag);
    }
    if (oc_is_ok(r)) {
        printf(_("%s in the vpcd reader at port %u%s; Ctrl-C takes the card out\n"), oc_profile_id(chips->profile),
               arguments->port, arguments->psam ? ", its PSAM in the next" : "");
        fflush(stdout);
        r = tell_of_image(oc_serve_vpcd(first_endpoint(arguments, chips), arguments->port, stop, &chips->served),
                          chips, diag);
    }
    oc_vpcd_card_stop(&psam);
    close(stop);
    return r;
}

int oc_command_reader(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"profile", KEY_PROFILE, "FILE", 0, "card profile (default: the shipped third-generation card)", 0},
        {"port", KEY_PORT, "N", 0, "TCP port of the vpcd reader (default 35963)", 0},
        {"blank", KEY_BLANK, 0, 0, "a blank chip instead of an issued card", 0},
        {"psam", KEY_PSAM, 0, 0, "put the matching PSAM into the reader's second slot (port + 1)", 0},
        {"standin", KEY_STANDIN, "ADDRESS", 0,
         "no pcscd: serve stand-in reader libraries at unix:PATH or tcp:IPV4:PORT (ONECARD_CARDS)", 0},
        {"image", KEY_IMAGE, "FILE", 0,
         "keep the card's state (not the PSAM's) in FILE between runs; made where there is none", 0},
        {"interface", KEY_INTERFACE, "NAME", 0, "contact (default) or contactless", 0},
        {0, 0, 0, 0, 0, 0},
    };
    static const struct argp argp = {options,
                                     take,
                                     NULL,
                                     "Put an issued virtual card into a virtual reader of a running pcscd, for any "
                                     "PC/SC program, or serve it to programs with a stand-in reader library.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct arguments arguments = {.port = VPCD_PORT};
    return with_chips(cli, &argp, argc, argv, &arguments, serve_reader);
}

struct count {
    size_t exchanges;
};

static void count_exchange(void *context, const oc_exchange *exchange)
{
    struct count *count = context;
    count->exchanges += exchange->is_reset ? 0 : 1;
}

static oc_result open_blank(const struct arguments *arguments, const struct chips *chips, oc_link **link,
                            oc_diag *diag)
{
    oc_spec spec;
    OC_TRY(oc_spec_parse(&spec, arguments->card, diag));
    if (spec.kind == OC_SPEC_VIRTUAL) {
        return oc_link_inproc(link, oc_card_endpoint(chips->card));
    }
    if (!arguments->allow_lifecycle) {
        return oc_diag_fail(diag, OC_E_USAGE,
                            _("issuing cannot be undone: add --allow lifecycle for a chip that is not simulated"));
    }
    return oc_spec_open(link, &spec, diag);
}

static oc_result issue(const struct arguments *arguments, struct chips *chips, oc_diag *diag)
{
    oc_link *link = NULL;
    struct count count = {0};
    OC_TRY(open_blank(arguments, chips, &link, diag));
    oc_link_observe(link, count_exchange, &count);
    oc_issue_order order = {.profile = chips->profile, .initial_pin = arguments->initial_pin};
    uint64_t begin = oc_clock_now_ns();
    oc_result r = oc_issuer_issue(link, chips->crypto, &order, diag);
    double milliseconds = (double)(oc_clock_now_ns() - begin) / 1e6;
    if (oc_is_ok(r)) {
        char atr[2 * OC_ATR_MAX + 1];
        oc_hex_encode(atr, sizeof atr, oc_profile_atr(chips->profile));
        printf(_("issued %s\nATR %s\n%zu exchanges, %.1f ms\n"), oc_profile_id(chips->profile), atr, count.exchanges,
               milliseconds);
    }
    oc_link_free(&link);
    return r;
}

int oc_command_issue(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"profile", KEY_PROFILE, "FILE", 0, "card profile (default: the shipped third-generation card)", 0},
        {"card", KEY_CARD, "SPEC", 0, "the blank chip: virtual (default), pcsc:READER, exec:COMMAND, vpcd:PORT", 0},
        {"initial-pin", KEY_INITIAL_PIN, 0, 0, "load the initial PIN, as at the counter", 0},
        {"allow", KEY_ALLOW, "lifecycle", 0, "needed for a chip that is not simulated", 0},
        {0, 0, 0, 0, 0, 0},
    };
    static const struct argp argp = {
        options,
        take,
        NULL,
        "Personalise a blank chip from a card profile with test keys. The commands are this project's own "
        "(sim/base/perso_format.h): other makers' blank chips will refuse them.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {.card = "virtual", .blank = true};
    return with_chips(cli, &argp, argc, argv, &arguments, issue);
}
