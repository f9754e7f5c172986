/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/card_listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 16
#define SOCKET_MODE 0600

static oc_result cannot(const char *address, int cause, oc_diag *diag)
{
    return oc_diag_fail(diag, OC_E_UNAVAILABLE, "cards cannot be served at \"%s\": %s", address, strerror(cause));
}

/* A socket whose server was killed stays behind; nobody answers at it. */
static void remove_dead(const struct sockaddr_un *at)
{
    struct stat status;
    if (lstat(at->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        return;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)at, sizeof *at) != 0 && errno == ECONNREFUSED) {
        unlink(at->sun_path);
    }
    close(fd);
}

/* Binds and listens. The mode of a local socket's file is that of the socket before it is bound (Linux), so that it is
 * never wider. */
static oc_result listen_at(oc_card_listener *listener, const struct sockaddr *at, socklen_t len, oc_diag *diag)
{
    int on = 1;
    listener->fd = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener->fd < 0) {
        return cannot(listener->address, errno, diag);
    }
    if (listener->is_tcp) {
        setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    if ((!listener->is_tcp && fchmod(listener->fd, SOCKET_MODE) != 0) || bind(listener->fd, at, len) != 0 ||
        listen(listener->fd, BACKLOG) != 0) {
        int cause = errno;
        close(listener->fd);
        listener->fd = -1;
        return cannot(listener->address, cause, diag);
    }
    return oc_ok();
}

/* A folder that only we can enter, where the socket is called "cards". */
static oc_result make_folder(oc_card_listener *listener, oc_diag *diag)
{
    const char *above = getenv("TMPDIR");
    int len = snprintf(listener->folder, sizeof listener->folder, "%s/onecard-XXXXXX",
                       above != NULL && above[0] != '\0' ? above : "/tmp");
    if (len < 0 || (size_t)len >= sizeof listener->folder || mkdtemp(listener->folder) == NULL) {
        listener->folder[0] = '\0';
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "no private folder can be made for the card server");
    }
    snprintf(listener->address, sizeof listener->address, "unix:%.150s/cards", listener->folder);
    return oc_ok();
}

static oc_result open_local(oc_card_listener *listener, const char *path, oc_diag *diag)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (path[0] == '\0') {
        OC_TRY(make_folder(listener, diag));
        path = listener->address + strlen("unix:");
    }
    if (strlen(path) >= sizeof at.sun_path) {
        return oc_diag_fail(diag, OC_E_USAGE, "the path of a socket has at most %zu bytes: \"%s\"",
                            sizeof at.sun_path - 1, path);
    }
    memcpy(at.sun_path, path, strlen(path));
    remove_dead(&at);
    return listen_at(listener, (const struct sockaddr *)&at, sizeof at, diag);
}

static oc_result open_tcp(oc_card_listener *listener, const char *host_port, oc_diag *diag)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof at;
    const char *colon = strrchr(host_port, ':');
    char host[INET_ADDRSTRLEN] = "";
    char *end = NULL;
    unsigned long port = colon != NULL ? strtoul(colon + 1, &end, 10) : ULONG_MAX;
    if (colon != NULL && (size_t)(colon - host_port) < sizeof host) {
        memcpy(host, host_port, (size_t)(colon - host_port));
    }
    if (inet_pton(AF_INET, host, &at.sin_addr) != 1 || colon[1] < '0' || colon[1] > '9' || *end != '\0' ||
        port > UINT16_MAX) {
        return oc_diag_fail(diag, OC_E_USAGE, "\"tcp:%s\" is no tcp:IPV4:PORT", host_port);
    }
    at.sin_port = htons((uint16_t)port);
    listener->is_tcp = true;
    OC_TRY(listen_at(listener, (const struct sockaddr *)&at, sizeof at, diag));
    getsockname(listener->fd, (struct sockaddr *)&at, &len);
    snprintf(listener->address, sizeof listener->address, "tcp:%s:%u", host, ntohs(at.sin_port));
    return oc_ok();
}

oc_result oc_card_listener_open(oc_card_listener *out, const char *address, oc_diag *diag)
{
    *out = (oc_card_listener){.fd = -1};
    if (strlen(address) >= sizeof out->address) {
        return oc_diag_fail(diag, OC_E_USAGE, "the address of a card server is too long");
    }
    snprintf(out->address, sizeof out->address, "%s", address);
    oc_result result;
    if (strncmp(address, "unix:", 5) == 0) {
        result = open_local(out, address + 5, diag);
    } else if (strncmp(address, "tcp:", 4) == 0) {
        result = open_tcp(out, address + 4, diag);
    } else {
        result = oc_diag_fail(diag, OC_E_USAGE, "\"%s\" is neither unix:PATH nor tcp:IPV4:PORT", address);
    }
    if (!oc_is_ok(result)) {
        oc_card_listener_close(out);
    }
    return result;
}

void oc_card_listener_close(oc_card_listener *listener)
{
    if (listener->fd >= 0) {
        close(listener->fd);
        if (!listener->is_tcp) {
            unlink(listener->address + strlen("unix:"));
        }
    }
    if (listener->folder[0] != '\0') {
        rmdir(listener->folder);
    }
    *listener = (oc_card_listener){.fd = -1};
}
