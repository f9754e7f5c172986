/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "sim/link/standins/os.h"
#include "sim/link/standins/os_tcp.h"

void oc_os_mutex_init(oc_os_mutex *mutex)
{
    pthread_mutex_init(mutex, NULL);
}

void oc_os_lock(oc_os_mutex *mutex)
{
    pthread_mutex_lock(mutex);
}

void oc_os_unlock(oc_os_mutex *mutex)
{
    pthread_mutex_unlock(mutex);
}

bool oc_os_address(char out[OC_OS_ADDRESS_ROOM])
{
    const char *value = getenv("ONECARD_CARDS");
    return value != NULL && snprintf(out, OC_OS_ADDRESS_ROOM, "%s", value) < OC_OS_ADDRESS_ROOM;
}

static oc_os_stream connect_to(const struct sockaddr *at, socklen_t len)
{
    int fd = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return OC_OS_NO_STREAM;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, at, len) != 0) {
        close(fd);
        return OC_OS_NO_STREAM;
    }
    return fd;
}

oc_os_stream oc_os_connect(const char *address)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in tcp = {.sin_family = AF_INET};
    char host[OC_OS_HOST_ROOM];
    unsigned short port;
    if (strncmp(address, "unix:", 5) == 0 && strlen(address + 5) < sizeof local.sun_path) {
        memcpy(local.sun_path, address + 5, strlen(address + 5));
        return connect_to((const struct sockaddr *)&local, sizeof local);
    }
    if (strncmp(address, "tcp:", 4) == 0 && oc_os_host_port(address + 4, host, &port) &&
        inet_pton(AF_INET, host, &tcp.sin_addr) == 1) {
        tcp.sin_port = htons(port);
        return connect_to((const struct sockaddr *)&tcp, sizeof tcp);
    }
    return OC_OS_NO_STREAM;
}

bool oc_os_send(oc_os_stream stream, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t sent = send((int)stream, at, len, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return false;
        }
        size_t done = sent > 0 ? (size_t)sent : 0;
        at += done;
        len -= done;
    }
    return true;
}

bool oc_os_receive(oc_os_stream stream, void *bytes, size_t len)
{
    char *at = bytes;
    while (len > 0) {
        ssize_t got = recv((int)stream, at, len, 0);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        size_t done = got > 0 ? (size_t)got : 0;
        at += done;
        len -= done;
    }
    return true;
}

void oc_os_shut(oc_os_stream stream)
{
    shutdown((int)stream, SHUT_RDWR);
}

void oc_os_close(oc_os_stream stream)
{
    close((int)stream);
}

void oc_os_sleep(unsigned ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000}, NULL);
}

uint64_t oc_os_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
