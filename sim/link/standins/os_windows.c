/* SPDX-License-Identifier: Apache-2.0 */
#include <winsock2.h>
#include <ws2tcpip.h>

#include <limits.h>
#include <string.h>

#include "sim/link/standins/os.h"
#include "sim/link/standins/os_tcp.h"

void oc_os_mutex_init(oc_os_mutex *mutex)
{
    InitializeSRWLock(mutex);
}

void oc_os_lock(oc_os_mutex *mutex)
{
    AcquireSRWLockExclusive(mutex);
}

void oc_os_unlock(oc_os_mutex *mutex)
{
    ReleaseSRWLockExclusive(mutex);
}

/* The process's own variables, not the C library's copy: the program that loads us may have another C library. */
bool oc_os_address(char out[OC_OS_ADDRESS_ROOM])
{
    DWORD len = GetEnvironmentVariableA("ONECARD_CARDS", out, OC_OS_ADDRESS_ROOM);
    return len > 0 && len < OC_OS_ADDRESS_ROOM;
}

static oc_os_stream connect_to(const struct sockaddr_in *at)
{
    SOCKET fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (fd == INVALID_SOCKET) {
        return OC_OS_NO_STREAM;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, (const char *)&on, sizeof on);
    if (connect(fd, (const struct sockaddr *)at, sizeof *at) != 0) {
        closesocket(fd);
        return OC_OS_NO_STREAM;
    }
    return (oc_os_stream)fd;
}

/* Sockets are started once for each connection and never ended: the count ends with the process. */
oc_os_stream oc_os_connect(const char *address)
{
    struct sockaddr_in tcp = {.sin_family = AF_INET};
    char host[OC_OS_HOST_ROOM];
    unsigned short port;
    WSADATA data;
    if (strncmp(address, "tcp:", 4) != 0 || !oc_os_host_port(address + 4, host, &port) ||
        WSAStartup(MAKEWORD(2, 2), &data) != 0) {
        return OC_OS_NO_STREAM;
    }
    tcp.sin_port = htons(port);
    tcp.sin_addr.s_addr = inet_addr(host);
    return tcp.sin_addr.s_addr != INADDR_NONE ? connect_to(&tcp) : OC_OS_NO_STREAM;
}

bool oc_os_send(oc_os_stream stream, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        int sent = send((SOCKET)stream, at, len < INT_MAX ? (int)len : INT_MAX, 0);
        if (sent <= 0) {
            return false;
        }
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}

bool oc_os_receive(oc_os_stream stream, void *bytes, size_t len)
{
    char *at = bytes;
    while (len > 0) {
        int got = recv((SOCKET)stream, at, len < INT_MAX ? (int)len : INT_MAX, 0);
        if (got <= 0) {
            return false;
        }
        at += got;
        len -= (size_t)got;
    }
    return true;
}

void oc_os_shut(oc_os_stream stream)
{
    shutdown((SOCKET)stream, SD_BOTH);
}

void oc_os_close(oc_os_stream stream)
{
    closesocket((SOCKET)stream);
}

void oc_os_sleep(unsigned ms)
{
    Sleep(ms);
}

uint64_t oc_os_now(void)
{
    return GetTickCount64();
}
