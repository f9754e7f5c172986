/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/pcsc_client.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "sim/link/watchdog.h"

/* The context's socket is the one that is there after SCardEstablishContext and was not before. When another
 * thread connects somewhere at the same moment, there are two; then it is tried again. When there is none, the client
 * library is not pcscd's and reaches its readers in another way: its calls cannot be ended from outside. */
#define TRIES 50
#define TRY_AGAIN_NS 2000000
#define SOCKETS_MAX 1024
/* Letting go of a context takes some microseconds; a daemon that has stopped must not hold us. */
#define RELEASE_MS 1000

struct oc_pcsc_client {
    SCARDCONTEXT context;
    oc_watchdog *watchdog;
    int socket; /* our own descriptor of the context's socket, or -1 while it is not known */
    bool established;
    pthread_t caller; /* who establishes it */
    /* Sockets there before the context, by inode: a descriptor's number may be used again. */
    ino_t before[SOCKETS_MAX];
    size_t before_count;
};

/* A connected local socket that has a server's name: not one of a socketpair. */
static bool is_client_socket(int fd, ino_t *inode)
{
    struct stat status;
    struct sockaddr_un peer;
    socklen_t len = sizeof peer;
    if (fstat(fd, &status) != 0 || !S_ISSOCK(status.st_mode) || getpeername(fd, (struct sockaddr *)&peer, &len) != 0 ||
        peer.sun_family != AF_UNIX || len <= offsetof(struct sockaddr_un, sun_path)) {
        return false;
    }
    *inode = status.st_ino;
    return true;
}

static bool was_before(const oc_pcsc_client *client, ino_t inode)
{
    for (size_t i = 0; i < client->before_count; i++) {
        if (client->before[i] == inode) {
            return true;
        }
    }
    return false;
}

/* Goes through this process's client sockets. With `remember` notes them as being there before; otherwise counts the
 * new ones and tells one of them. False when the descriptors cannot be listed or are too many. */
static bool scan(oc_pcsc_client *client, bool remember, unsigned *new_count, int *new_fd)
{
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) {
        return false;
    }
    bool fits = true;
    *new_count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL && fits; entry = readdir(folder)) {
        int fd = (int)strtol(entry->d_name, NULL, 10);
        ino_t inode;
        if (entry->d_name[0] == '.' || !is_client_socket(fd, &inode)) {
            continue;
        }
        if (remember) {
            fits = client->before_count < SOCKETS_MAX;
            client->before[fits ? client->before_count++ : 0] = inode;
        } else if (!was_before(client, inode)) {
            (*new_count)++;
            *new_fd = fd;
        }
    }
    closedir(folder);
    return fits;
}

/* A daemon that hangs lets a few callers in; the next waits in connect() for ever, before it has a socket that could be
 * shut, and holds the lock of the library. Only a signal ends that. This one is ignored by default (POSIX), so that a
 * handler that does nothing changes nothing else; a handler of the program's own does as well. */
#define INTERRUPTS SIGURG

static void do_nothing(int number)
{
    (void)number;
}

static void take_signal(void)
{
    struct sigaction action;
    if (sigaction(INTERRUPTS, NULL, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 &&
        (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN)) {
        action = (struct sigaction){.sa_handler = do_nothing}; /* without SA_RESTART */
        sigaction(INTERRUPTS, &action, NULL);
    }
}

static LONG establish(oc_pcsc_client *client)
{
    sigset_t signals;
    sigset_t before;
    sigemptyset(&signals);
    sigaddset(&signals, INTERRUPTS);
    take_signal();
    client->caller = pthread_self();
    pthread_sigmask(SIG_UNBLOCK, &signals, &before);
    LONG error = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &client->context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

/* Ends the wait of a call on the daemon. While the context is being established its socket is not known yet, and
 * looked for now. Later it is our own descriptor, so that it cannot have become somebody else's. */
static bool shut_socket(void *context)
{
    oc_pcsc_client *client = context;
    unsigned count;
    int fd = client->socket;
    if (fd < 0 && client->established) {
        return false;
    }
    if (fd < 0 && (!scan(client, false, &count, &fd) || count != 1)) {
        pthread_kill(client->caller, INTERRUPTS); /* and again, as long as it does not return */
        return false;
    }
    shutdown(fd, SHUT_RDWR);
    return true;
}

static void release(oc_pcsc_client *client)
{
    oc_pcsc_client_begin(client, RELEASE_MS);
    SCardReleaseContext(client->context);
    (void)oc_pcsc_client_end(client);
    client->context = 0;
}

enum attempt { DONE, AGAIN, FAILED };

static enum attempt try_establish(oc_pcsc_client *client, int timeout_ms, oc_result *result, oc_diag *diag)
{
    unsigned count;
    int fd;
    client->before_count = 0;
    if (!scan(client, true, &count, &fd)) {
        *result = oc_diag_fail(diag, OC_E_UNAVAILABLE, "the descriptors in /proc/self/fd cannot be listed");
        return FAILED;
    }
    oc_pcsc_client_begin(client, timeout_ms);
    LONG error = establish(client);
    bool late = oc_pcsc_client_end(client);
    if (late || error != SCARD_S_SUCCESS) {
        const char *path = getenv("PCSCLITE_CSOCK_NAME");
        client->context = error == SCARD_S_SUCCESS ? client->context : 0;
        *result = oc_diag_fail(diag, OC_E_UNAVAILABLE, "no pcscd answers%s%s (%s)", path != NULL ? " at " : "",
                               path != NULL ? path : "", late ? "no answer in time" : pcsc_stringify_error(error));
        return FAILED;
    }
    bool scanned = scan(client, false, &count, &fd);
    if (scanned && count == 1) {
        client->socket = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    }
    client->established = client->socket >= 0 || (scanned && count == 0);
    if (client->established) {
        return DONE;
    }
    release(client);
    return AGAIN;
}

oc_result oc_pcsc_client_new(oc_pcsc_client **out, int timeout_ms, oc_diag *diag)
{
    *out = NULL;
    oc_pcsc_client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    client->socket = -1;
    oc_result result = oc_watchdog_new(&client->watchdog, shut_socket, client);
    enum attempt attempt = oc_is_ok(result) ? AGAIN : FAILED;
    for (unsigned i = 0; i < TRIES && attempt == AGAIN; i++) {
        if (i > 0) {
            nanosleep(&(struct timespec){.tv_nsec = TRY_AGAIN_NS * (long)i}, NULL);
        }
        attempt = try_establish(client, timeout_ms, &result, diag);
    }
    if (attempt == AGAIN) {
        result = oc_diag_fail(diag, OC_E_UNAVAILABLE, "the socket of the PC/SC context cannot be told from others");
    }
    if (attempt != DONE) {
        oc_pcsc_client_free(&client);
        return result;
    }
    *out = client;
    return oc_ok();
}

void oc_pcsc_client_free(oc_pcsc_client **client)
{
    if (*client == NULL) {
        return;
    }
    if ((*client)->context != 0) {
        release(*client);
    }
    oc_watchdog_free(&(*client)->watchdog);
    if ((*client)->socket >= 0) {
        close((*client)->socket);
    }
    free(*client);
    *client = NULL;
}

SCARDCONTEXT oc_pcsc_client_context(const oc_pcsc_client *client)
{
    return client->context;
}

void oc_pcsc_client_begin(oc_pcsc_client *client, int timeout_ms)
{
    oc_watchdog_arm(client->watchdog, timeout_ms);
}

bool oc_pcsc_client_end(oc_pcsc_client *client)
{
    return oc_watchdog_disarm(client->watchdog);
}
