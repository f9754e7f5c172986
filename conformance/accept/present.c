/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/present.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#define LOOK_MS 300

static bool stopped(const oc_presenter *presenter)
{
    return presenter->stop != NULL && *presenter->stop != 0;
}

/* Waits a moment; true when the user pressed Enter meanwhile. Only a terminal can say that. */
static bool enter_pressed(void)
{
    struct pollfd input = {.fd = isatty(STDIN_FILENO) ? STDIN_FILENO : -1, .events = POLLIN};
    char line[256];
    return poll(&input, 1, LOOK_MS) > 0 && read(STDIN_FILENO, line, sizeof line) >= 0;
}

/* Until the reader holds a card, or none. *ended: the user will not go on. */
static oc_result await(const oc_presenter *presenter, const oc_spec *spec, bool wanted, const char *prompt,
                       bool *ended, oc_diag *diag)
{
    bool told = false;
    for (;;) {
        bool present = false;
        OC_TRY(oc_pcsc_presence(spec->detail, &present, diag));
        if (present == wanted) {
            return oc_ok();
        }
        if (!told) {
            fprintf(stderr, "%s: %s%s\n", spec->detail, prompt, wanted && isatty(STDIN_FILENO) ? " (Enter ends)" : "");
            told = true;
        }
        *ended = stopped(presenter) || (enter_pressed() && wanted) || stopped(presenter);
        if (*ended) {
            return oc_ok();
        }
    }
}

static oc_result next_in_reader(oc_presenter *presenter, const oc_spec *spec, bool *ended, oc_diag *diag)
{
    char prompt[80];
    if (presenter->taken > 0) {
        OC_TRY(await(presenter, spec, false, "take the card out", ended, diag));
    }
    if (!*ended) {
        snprintf(prompt, sizeof prompt, "put card %zu in", presenter->taken + 1);
        OC_TRY(await(presenter, spec, true, prompt, ended, diag));
    }
    return oc_ok();
}

static oc_result open_spec(const oc_presenter *presenter, const oc_spec *spec, oc_link **link, oc_diag *diag)
{
    OC_TRY(oc_spec_open(link, spec, diag));
    oc_link_set_timeout(*link, presenter->timeout_ms);
    return oc_ok();
}

oc_result oc_present_next(oc_presenter *presenter, bool enough, oc_link **link, const oc_spec **spec, oc_diag *diag)
{
    *link = NULL;
    while (presenter->at < presenter->count && !stopped(presenter)) {
        *spec = &presenter->specs[presenter->at];
        if ((*spec)->kind != OC_SPEC_PCSC) {
            presenter->at++;
            return open_spec(presenter, *spec, link, diag);
        }
        bool ended = enough;
        oc_result r = ended ? oc_ok() : next_in_reader(presenter, *spec, &ended, diag);
        if (!oc_is_ok(r) || ended) {
            presenter->at++;
            presenter->taken = 0;
            OC_TRY(r);
            continue;
        }
        presenter->taken++;
        return open_spec(presenter, *spec, link, diag);
    }
    return oc_ok();
}
