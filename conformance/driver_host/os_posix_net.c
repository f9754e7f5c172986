/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conformance/driver_host/os.h"
#include "conformance/driver_host/os_posix.h"

/* A socket that listens at the address or is connected with it; -1 after telling why not. */
static int open_socket(const char *host, const char *port, bool listens)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = listens ? AI_PASSIVE : 0};
    struct addrinfo *found = NULL;
    int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        fprintf(stderr, "%s:%s: %s\n", host, port, gai_strerror(error));
        return -1;
    }
    int fd = -1;
    for (const struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
        const int on = 1;
        if (fd >= 0 && listens) {
            setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        }
        if (fd >= 0 && (listens ? bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, 4) != 0
                                : connect(fd, at->ai_addr, at->ai_addrlen) != 0)) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd < 0) {
        fprintf(stderr, "%s:%s: %s\n", host, port, strerror(errno));
    }
    return fd;
}

/* A port of 0 lets the system choose; whoever started us reads which. */
static void tell_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    char port[NI_MAXSERV];
    if (getsockname(fd, (struct sockaddr *)&address, &len) == 0 &&
        getnameinfo((struct sockaddr *)&address, len, NULL, 0, port, sizeof port, NI_NUMERICSERV) == 0) {
        printf("listening on port %s\n", port);
        fflush(stdout);
    }
}

static int serve(int fd, char *const *arguments)
{
    oc_dh_kept kept;
    char line[128];
    const int descriptors[3] = {fd, fd, STDERR_FILENO};
    if (!oc_dh_keep_start(&kept, descriptors, arguments, 0)) {
        fprintf(stderr, "no process for the driver could be started: %s\n", strerror(errno));
        close(fd);
        return 1;
    }
    oc_dh_keep_wait(&kept, fd);
    size_t len = oc_dh_keep_describe(&kept, line, sizeof line);
    (void)!send(fd, line, len, MSG_NOSIGNAL);
    close(fd);
    return 0;
}

int oc_dh_listen(const char *address, const char *port, char *const *arguments)
{
    int listener = open_socket(address, port, true);
    if (listener < 0) {
        return 1;
    }
    tell_port(listener);
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0 && serve(fd, arguments) != 0) {
            return 1;
        }
        if (fd < 0 && errno != EINTR && errno != ECONNABORTED) {
            fprintf(stderr, "port %s: %s\n", port, strerror(errno));
            return 1;
        }
    }
}

int oc_dh_connect(const char *host, const char *port, char *const *arguments)
{
    int fd = open_socket(host, port, false);
    return fd < 0 ? 1 : serve(fd, arguments);
}
