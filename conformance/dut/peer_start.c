/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conformance/dut/peer_internal.h"
#include "conformance/dut/reach.h"
#include "sim/link/io.h"

extern char **environ;

/* The warden's ends: input, output, standard error, control, report. */
#define PIPES 5
#define ABOVE_THEM 10
#define ARGUMENTS_MAX 16

struct pipes {
    int ours[PIPES];
    int theirs[PIPES];
};

static void close_pipes(struct pipes *pipes)
{
    for (int i = 0; i < PIPES; i++) {
        for (int side = 0; side < 2; side++) {
            int *fd = side == 0 ? &pipes->ours[i] : &pipes->theirs[i];
            if (*fd >= 0) {
                close(*fd);
            }
            *fd = -1;
        }
    }
}

/* Descriptors above those that the child will have, whatever is closed in this process. */
static bool make_pipes(struct pipes *pipes)
{
    static const bool to_them[PIPES] = {true, false, false, true, false};
    bool good = true;
    for (int i = 0; i < PIPES; i++) {
        pipes->ours[i] = pipes->theirs[i] = -1;
    }
    for (int i = 0; i < PIPES && good; i++) {
        int low[2];
        good = pipe2(low, O_CLOEXEC) == 0;
        if (good) {
            pipes->ours[i] = fcntl(low[to_them[i] ? 1 : 0], F_DUPFD_CLOEXEC, ABOVE_THEM);
            pipes->theirs[i] = fcntl(low[to_them[i] ? 0 : 1], F_DUPFD_CLOEXEC, ABOVE_THEM);
            close(low[0]);
            close(low[1]);
            good = pipes->ours[i] >= 0 && pipes->theirs[i] >= 0 && fcntl(pipes->ours[i], F_SETFL, O_NONBLOCK) == 0;
        }
    }
    if (!good) {
        close_pipes(pipes);
    }
    return good;
}

static bool same_name(const char *a, const char *b)
{
    size_t len = strcspn(a, "=");
    return strncmp(a, b, len + 1) == 0;
}

/* Puts `text` where its name stands already, or behind all. */
static void put_variable(const char **list, size_t *count, const char *text)
{
    for (size_t i = 0; i < *count; i++) {
        if (same_name(list[i], text)) {
            list[i] = text;
            return;
        }
    }
    list[(*count)++] = text;
}

static size_t count_of(const char *const *list)
{
    size_t count = 0;
    while (list != NULL && list[count] != NULL) {
        count++;
    }
    return count;
}

/* The texts stay with their owners; only the list is made. */
static const char **make_environment(const oc_peer_command *command)
{
    const char *const *const lists[] = {(const char *const *)environ, command->environment, command->more};
    size_t room = 1;
    for (size_t i = 0; i < 3; i++) {
        room += count_of(lists[i]);
    }
    const char **out = calloc(room, sizeof *out);
    size_t count = 0;
    for (size_t i = 0; i < 3 && out != NULL; i++) {
        for (size_t k = 0; k < count_of(lists[i]); k++) {
            put_variable(out, &count, lists[i][k]);
        }
    }
    return out;
}

static int spawn(pid_t *pid, const oc_peer_command *command, const struct pipes *pipes, const char **environment)
{
    char memory[16];
    snprintf(memory, sizeof memory, "%u", command->memory_mb);
    const char *arguments[ARGUMENTS_MAX + 8] = {command->warden, "--warden", "--memory", memory, "--"};
    for (size_t i = 0; i < ARGUMENTS_MAX && command->arguments[i] != NULL; i++) {
        arguments[5 + i] = command->arguments[i];
    }
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    for (int i = 0; i < PIPES; i++) {
        posix_spawn_file_actions_adddup2(&actions, pipes->theirs[i], i);
    }
    /* posix_spawn's prototype lacks the const it honours. */
    int error = posix_spawn(pid, command->warden, &actions, &attributes, (char *const *)(uintptr_t)arguments,
                            (char *const *)(uintptr_t)environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

oc_result oc_peer_start(oc_peer **out, const oc_peer_command *command, oc_diag *diag)
{
    struct pipes pipes;
    OC_TRY(oc_peer_new(out));
    if (!make_pipes(&pipes)) {
        oc_peer_free(out);
        return oc_diag_fail(diag, OC_E_IO, "no pipes to a terminal could be made: %s", strerror(errno));
    }
    const char **environment = make_environment(command);
    int error = environment == NULL ? ENOMEM : spawn(&(*out)->warden, command, &pipes, environment);
    free(environment);
    if (error != 0) {
        (*out)->warden = 0;
        close_pipes(&pipes);
        oc_peer_free(out);
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "%s cannot be started: %s", command->warden, strerror(error));
    }
    oc_peer *peer = *out;
    peer->to = pipes.ours[0];
    peer->from = pipes.ours[1];
    peer->printed = pipes.ours[2];
    peer->control = pipes.ours[3];
    peer->report = pipes.ours[4];
    for (int i = 0; i < PIPES; i++) {
        close(pipes.theirs[i]);
    }
    return oc_ok();
}

oc_result oc_peer_connect(oc_peer **out, const char *host, unsigned port, int timeout_ms, oc_diag *diag)
{
    const int on = 1;
    int fd = -1;
    OC_TRY(oc_peer_new(out));
    oc_result r = oc_reach_open(&fd, host, port, timeout_ms, diag);
    if (!oc_is_ok(r)) {
        oc_peer_free(out);
        return r;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (*out)->to = (*out)->from = fd;
    (*out)->is_socket = true;
    return oc_ok();
}
