/* SPDX-License-Identifier: Apache-2.0 */
/* winsock2.h brings windows.h with it, and has to come first. */
#include <winsock2.h>
#include <ws2tcpip.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/driver_host/os.h"

#define BLOCK 65536
#define COMMAND_ROOM 4096

/* A child with the library, and the two ways between it and the socket. A job ends it with all that comes of it. */
struct served {
    SOCKET socket;
    HANDLE process;
    HANDLE job;
    HANDLE to_child;
    HANDLE from_child;
};

static SOCKET open_socket(const char *host, const char *port, bool listens)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = listens ? AI_PASSIVE : 0};
    struct addrinfo *found = NULL;
    SOCKET fd = INVALID_SOCKET;
    WSADATA data;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0 || getaddrinfo(host, port, &hints, &found) != 0) {
        fprintf(stderr, "%s:%s is no address\n", host, port);
        return INVALID_SOCKET;
    }
    for (const struct addrinfo *at = found; at != NULL && fd == INVALID_SOCKET; at = at->ai_next) {
        fd = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
        if (fd != INVALID_SOCKET && (listens ? bind(fd, at->ai_addr, (int)at->ai_addrlen) != 0 || listen(fd, 4) != 0
                                             : connect(fd, at->ai_addr, (int)at->ai_addrlen) != 0)) {
            closesocket(fd);
            fd = INVALID_SOCKET;
        }
    }
    freeaddrinfo(found);
    if (fd == INVALID_SOCKET) {
        fprintf(stderr, "%s:%s: error %d\n", host, port, WSAGetLastError());
    }
    return fd;
}

/* A port of 0 lets the system choose; whoever started us reads which. */
static void tell_port(SOCKET fd)
{
    struct sockaddr_storage address;
    int len = sizeof address;
    char port[32];
    if (getsockname(fd, (struct sockaddr *)&address, &len) == 0 &&
        getnameinfo((struct sockaddr *)&address, len, NULL, 0, port, sizeof port, NI_NUMERICSERV) == 0) {
        printf("listening on port %s\n", port);
        fflush(stdout);
    }
}

/* Ends the child when the harness goes. */
static DWORD WINAPI relay_to_child(void *context)
{
    struct served *served = context;
    char *block = malloc(BLOCK);
    int got;
    while (block != NULL && (got = recv(served->socket, block, BLOCK, 0)) > 0) {
        DWORD put;
        if (!WriteFile(served->to_child, block, (DWORD)got, &put, NULL)) {
            break;
        }
    }
    free(block);
    TerminateJobObject(served->job, 0);
    return 0;
}

static bool send_all(SOCKET fd, const char *at, int len)
{
    while (len > 0) {
        int put = send(fd, at, len, 0);
        if (put <= 0) {
            return false;
        }
        at += put;
        len -= put;
    }
    return true;
}

static void relay_from_child(const struct served *served)
{
    char *block = malloc(BLOCK);
    DWORD got;
    while (block != NULL && ReadFile(served->from_child, block, BLOCK, &got, NULL) && got > 0 &&
           send_all(served->socket, block, (int)got)) {
    }
    free(block);
}

/* Exceptions end a process with their own numbers as its status: C0000005 is an access violation. */
static void tell_end(const struct served *served)
{
    DWORD status = 0;
    char line[128];
    WaitForSingleObject(served->process, 5000);
    GetExitCodeProcess(served->process, &status);
    bool crashed = status >= 0xC0000000u;
    snprintf(line, sizeof line, "{\"ended\":\"%s\",\"number\":%lu,\"name\":\"%s\",\"left\":0}\n",
             crashed ? "signal" : "exit", crashed ? status & 0xFFFF : status,
             !crashed               ? ""
             : status == 0xC0000005 ? "ACCESS"
             : status == 0xC00000FD ? "STACK"
                                    : "EXCEPTION");
    send_all(served->socket, line, (int)strlen(line));
}

static bool make_pipe(HANDLE *ours, HANDLE *theirs, bool to_them)
{
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    HANDLE reading;
    HANDLE writing;
    if (!CreatePipe(&reading, &writing, &inherited, BLOCK)) {
        return false;
    }
    *ours = to_them ? writing : reading;
    *theirs = to_them ? reading : writing;
    return SetHandleInformation(*ours, HANDLE_FLAG_INHERIT, 0);
}

static bool start_child(struct served *served, char *const *arguments)
{
    char command[COMMAND_ROOM];
    HANDLE input;
    HANDLE output;
    PROCESS_INFORMATION info = {0};
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    snprintf(command, sizeof command, "\"%s\" \"%s\"", arguments[0], arguments[1]);
    served->job = CreateJobObjectA(NULL, NULL);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    SetInformationJobObject(served->job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    if (!make_pipe(&served->to_child, &input, true) || !make_pipe(&served->from_child, &output, false)) {
        return false;
    }
    startup.hStdInput = input;
    startup.hStdOutput = output;
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    bool good = CreateProcessA(NULL, command, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, &info);
    CloseHandle(input);
    CloseHandle(output);
    if (good) {
        AssignProcessToJobObject(served->job, info.hProcess);
        ResumeThread(info.hThread);
        CloseHandle(info.hThread);
        served->process = info.hProcess;
    }
    return good;
}

static int serve(SOCKET fd, char *const *arguments)
{
    struct served served = {.socket = fd};
    if (!start_child(&served, arguments)) {
        fprintf(stderr, "no process for the driver could be started: error %lu\n", GetLastError());
        closesocket(fd);
        return 1;
    }
    HANDLE thread = CreateThread(NULL, 0, relay_to_child, &served, 0, NULL);
    relay_from_child(&served);
    tell_end(&served);
    shutdown(fd, SD_BOTH);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(served.to_child);
    CloseHandle(served.from_child);
    CloseHandle(served.process);
    CloseHandle(served.job);
    closesocket(fd);
    return 0;
}

int oc_dh_listen(const char *address, const char *port, char *const *arguments)
{
    SOCKET listener = open_socket(address, port, true);
    if (listener == INVALID_SOCKET) {
        return 1;
    }
    tell_port(listener);
    for (;;) {
        SOCKET fd = accept(listener, NULL, NULL);
        if (fd == INVALID_SOCKET || serve(fd, arguments) != 0) {
            return 1;
        }
    }
}

int oc_dh_connect(const char *host, const char *port, char *const *arguments)
{
    SOCKET fd = open_socket(host, port, false);
    return fd == INVALID_SOCKET ? 1 : serve(fd, arguments);
}
