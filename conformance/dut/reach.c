/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/reach.h"

#include <curl/curl.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/link/io.h"

#define HOST_ROOM 256

static bool connect_in_time(int fd, const struct addrinfo *at, int timeout_ms)
{
    int error = 0;
    socklen_t len = sizeof error;
    if (connect(fd, at->ai_addr, at->ai_addrlen) == 0) {
        return true;
    }
    return errno == EINPROGRESS && oc_is_ok(oc_wait_fd(fd, POLLOUT, -1, oc_deadline_in(timeout_ms))) &&
           getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0;
}

static int open_socket(const char *host, unsigned port, int timeout_ms)
{
    char service[8];
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    snprintf(service, sizeof service, "%u", port);
    int fd = -1;
    if (getaddrinfo(host, service, &hints, &found) != 0) {
        return -1;
    }
    for (const struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
        if (fd >= 0 && !connect_in_time(fd, at, timeout_ms)) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

oc_result oc_reach_open(int *fd, const char *host, unsigned port, int timeout_ms, oc_diag *diag)
{
    *fd = open_socket(host, port, timeout_ms);
    return *fd >= 0 ? oc_ok() : oc_diag_fail(diag, OC_E_UNAVAILABLE, "nobody serves at %s port %u", host, port);
}

/* An address of IPv6 without its brackets. */
static void copy_host(char out[HOST_ROOM], const char *host)
{
    size_t len = strlen(host);
    bool bracketed = len > 2 && host[0] == '[' && host[len - 1] == ']';
    snprintf(out, HOST_ROOM, "%.*s", (int)(bracketed ? len - 2 : len), host + (bracketed ? 1 : 0));
}

/* libcurl knows the ports of http and https alone. */
static const char *usual_port(const char *scheme)
{
    return strcmp(scheme, "https") == 0 || strcmp(scheme, "wss") == 0 ? "443"
           : strcmp(scheme, "http") == 0 || strcmp(scheme, "ws") == 0 ? "80"
                                                                      : NULL;
}

static bool take_apart(const char *url, char host[HOST_ROOM], unsigned *port)
{
    CURLU *parts = curl_url();
    char *scheme = NULL;
    char *name = NULL;
    char *number = NULL;
    const char *usual = NULL;
    bool good = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_HOST, &name, 0) == CURLUE_OK && (usual = usual_port(scheme)) != NULL &&
                strlen(name) < HOST_ROOM;
    if (good) {
        bool has_port = curl_url_get(parts, CURLUPART_PORT, &number, 0) == CURLUE_OK;
        *port = (unsigned)strtoul(has_port ? number : usual, NULL, 10);
        copy_host(host, name);
    }
    curl_free(scheme);
    curl_free(name);
    curl_free(number);
    curl_url_cleanup(parts);
    return good;
}

oc_result oc_reach_url(const char *url, const char *who, int timeout_ms, oc_diag *diag)
{
    char host[HOST_ROOM];
    unsigned port = 0;
    oc_diag reason = {0};
    int fd = -1;
    if (!take_apart(url, host, &port)) {
        return oc_diag_fail(diag, OC_E_USAGE, "%s is no URL", url);
    }
    oc_result r = oc_reach_open(&fd, host, port, timeout_ms, &reason);
    if (!oc_is_ok(r)) {
        return oc_diag_fail(diag, r.code, "%s cannot be reached: %s", who, reason.reason);
    }
    close(fd);
    return r;
}
