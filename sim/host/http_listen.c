/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/host/http_internal.h"

#define PORT_MAX 65535
#define WAITING_TO_BE_ACCEPTED 1024

/* Cuts "ADDRESS:PORT" or "[ADDRESS]:PORT". */
static bool cut(const char *where, char *address, size_t room, const char **port)
{
    const char *colon = strrchr(where, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - where);
    if (len == 0 || len >= room) {
        return false;
    }
    bool bracketed = where[0] == '[';
    if (bracketed ? where[len - 1] != ']' || len < 3 : memchr(where, ':', len) != NULL) {
        return false;
    }
    memcpy(address, where + bracketed, len - 2u * bracketed);
    address[len - 2u * bracketed] = '\0';
    char *end;
    unsigned long number = strtoul(colon + 1, &end, 10);
    *port = colon + 1;
    return colon[1] >= '0' && colon[1] <= '9' && *end == '\0' && number <= PORT_MAX;
}

static bool listen_at(int fd, const struct addrinfo *place)
{
    /* A service that was ended can be started again at once. */
    static const int yes = 1;
    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
           bind(fd, place->ai_addr, place->ai_addrlen) == 0 && listen(fd, WAITING_TO_BE_ACCEPTED) == 0;
}

static bool tell_address(int fd, char address[OC_HTTP_ADDRESS_ROOM])
{
    struct sockaddr_storage name = {0};
    socklen_t len = sizeof name;
    char host[48];
    char port[8];
    if (getsockname(fd, (struct sockaddr *)&name, &len) != 0 ||
        getnameinfo((struct sockaddr *)&name, len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return false;
    }
    snprintf(address, OC_HTTP_ADDRESS_ROOM, strchr(host, ':') != NULL ? "[%s]:%s" : "%s:%s", host, port);
    return true;
}

oc_result oc_http_listen(int *fd, char address[OC_HTTP_ADDRESS_ROOM], const char *where, oc_diag *diag)
{
    char host[OC_HTTP_ADDRESS_ROOM];
    const char *port;
    if (!cut(where, host, sizeof host, &port)) {
        return oc_diag_fail(diag, OC_E_USAGE, "'%.80s' is no address to listen at: write 127.0.0.1:8090 or [::1]:0",
                            where);
    }
    /* Names would be looked up in the network; this one never is. */
    bool local = strcmp(host, "localhost") == 0;
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *place = NULL;
    if (getaddrinfo(local ? "127.0.0.1" : host, port, &hints, &place) != 0) {
        return oc_diag_fail(diag, OC_E_USAGE, "'%.80s' is no numeric address to listen at", host);
    }
    *fd = socket(place->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool there = *fd >= 0 && listen_at(*fd, place) && tell_address(*fd, address);
    freeaddrinfo(place);
    if (!there) {
        oc_result r = oc_diag_fail(diag, OC_E_UNAVAILABLE, "cannot listen at %.80s: %s", where, strerror(errno));
        if (*fd >= 0) {
            close(*fd);
        }
        *fd = -1;
        return r;
    }
    return oc_ok();
}
