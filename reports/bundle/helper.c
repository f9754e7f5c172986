/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct helper {
    pid_t pid;
    int in;  /* we write */
    int out; /* we read */
};

static oc_result start(struct helper *helper, const char *command, oc_diag *diag)
{
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "%s: %s", command, strerror(errno));
    }
    if (pipe2(out, O_CLOEXEC) != 0) {
        close(in[0]);
        close(in[1]);
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "%s: %s", command, strerror(errno));
    }
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    char *const arguments[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)command, NULL};
    int failed = posix_spawnp(&helper->pid, "sh", &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(in[0]);
    close(out[1]);
    helper->in = in[1];
    helper->out = out[0];
    if (failed != 0) {
        close(helper->in);
        close(helper->out);
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "%s: %s", command, strerror(failed));
    }
    return oc_ok();
}

/* A helper that does not read what it is given is none of ours to judge: it may know enough. */
static void feed(struct helper *helper, oc_span *input)
{
    ssize_t n = write(helper->in, input->at, input->len);
    if (n > 0) {
        *input = oc_span_slice(*input, (size_t)n, input->len);
    }
    if (input->len == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
        close(helper->in);
        helper->in = -1;
    }
}

static oc_result converse(struct helper *helper, oc_span input, oc_buf *out, size_t limit, int timeout_ms,
                          oc_diag *diag)
{
    uint8_t piece[4096];
    fcntl(helper->in, F_SETFL, O_NONBLOCK);
    for (;;) {
        struct pollfd ways[2] = {{.fd = helper->out, .events = POLLIN}, {.fd = helper->in, .events = POLLOUT}};
        int ready = poll(ways, 2, timeout_ms);
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready <= 0) {
            return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the helper command did not answer in time");
        }
        if (helper->in >= 0 && ways[1].revents != 0) {
            feed(helper, &input);
        }
        if (ways[0].revents == 0) {
            continue;
        }
        ssize_t n = read(helper->out, piece, sizeof piece);
        if (n == 0) {
            return oc_ok();
        }
        if (n > 0) {
            OC_TRY(oc_buf_append(out, oc_span_of(piece, (size_t)n)));
        } else if (errno != EINTR) {
            return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the helper command cannot be heard: %s", strerror(errno));
        }
        if (out->len > limit) {
            return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the helper command prints more than %zu bytes", limit);
        }
    }
}

oc_result oc_helper_run(oc_buf *out, const char *command, oc_span input, size_t limit, int timeout_ms, oc_diag *diag)
{
    struct helper helper;
    int status = 0;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    OC_TRY(start(&helper, command, diag));
    sigaction(SIGPIPE, &ignore, &before);
    oc_buf_clear(out);
    oc_result r = converse(&helper, input, out, limit, timeout_ms, diag);
    sigaction(SIGPIPE, &before, NULL);
    if (helper.in >= 0) {
        close(helper.in);
    }
    close(helper.out);
    if (!oc_is_ok(r)) {
        kill(-helper.pid, SIGKILL);
    }
    while (waitpid(helper.pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (oc_is_ok(r) && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the helper command ended with the status %d",
                            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
    return r;
}
