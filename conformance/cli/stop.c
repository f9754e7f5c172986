/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/stop.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "conformance/cli/words.h"

/* The only state outside a call: a signal handler has nothing else. */
static volatile sig_atomic_t stop_requested;
static volatile sig_atomic_t card_may_last;
static volatile sig_atomic_t on_terminal; /* where a progress line may stand unfinished */

/* In the user's language; a handler may not ask for it. */
static const char *to_stop, *to_restore, *still_restores;

static void say(const char *text)
{
    ssize_t ignored = on_terminal ? write(STDERR_FILENO, "\n", 1) : 0;
    ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

static void let_die(void)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

static void on_signal(int number)
{
    (void)number;
    int before = errno;
    if (stop_requested < 2) {
        stop_requested++;
    }
    if (!card_may_last) {
        say(to_stop);
        let_die();
    } else if (stop_requested == 1) {
        say(to_restore);
    } else {
        say(still_restores);
        let_die();
    }
    errno = before;
}

const volatile sig_atomic_t *oc_stop_watch(bool card_lasts)
{
    card_may_last = card_lasts;
    on_terminal = isatty(STDERR_FILENO);
    to_stop = _("onecard: stopping after the case that runs; once more kills\n");
    to_restore = _("onecard: stopping after the case that runs, which restores the card; do not take the card out\n");
    still_restores = _(
        "onecard: the case that runs still restores the card; once more kills and leaves the card changed\n");
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGTERM);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    return &stop_requested;
}
