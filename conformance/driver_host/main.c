/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/driver_host/session.h"
#ifndef _WIN32
#include "conformance/driver_host/os_posix.h"
#endif

static const char usage[] =
    "onecard-driver-host: calls the functions of a terminal's driver library for a test harness.\n"
    "\n"
    "  onecard-driver-host LIBRARY                          lines on standard input and output\n"
    "  onecard-driver-host --listen [ADDRESS:]PORT LIBRARY  serves harnesses over TCP, one after the other;\n"
    "                                                       without an address on this machine only\n"
    "  onecard-driver-host --connect ADDRESS:PORT LIBRARY   the same with a harness that waits there\n"
    "  onecard-driver-host --stderr LIBRARY                 what the driver prints goes to standard error\n"
#ifndef _WIN32
    "  onecard-driver-host --warden [--memory MB] -- COMMAND...\n"
    "                                                       runs a command and ends all that comes of it, watched\n"
    "                                                       from descriptor 3, telling its end on descriptor 4\n"
#endif
    "\n"
    "Whoever reaches the port can call every function of the library. The lines: conformance/dut/README.md.\n";

static int misused(void)
{
    fputs(usage, stderr);
    return OC_DH_EXIT_USAGE;
}

static int run_session(const char *library, bool to_stderr)
{
    oc_dh_stream *stream = NULL;
    if (!oc_dh_stream_standard(&stream, to_stderr)) {
        return 1;
    }
    return oc_dh_session_run(stream, library);
}

/* "ADDRESS:PORT" or "PORT"; the address may be one of IPv6 in brackets. */
static int run_network(char *program, bool listens, const char *place, char *library)
{
    char address[256] = "127.0.0.1";
    const char *colon = strrchr(place, ':');
    const char *begin = place[0] == '[' ? place + 1 : place;
    if (colon != NULL) {
        size_t len = (size_t)(colon - begin) - (place[0] == '[' ? 1u : 0u);
        if (len == 0 || len >= sizeof address) {
            return misused();
        }
        memcpy(address, begin, len);
        address[len] = '\0';
    }
    const char *port = colon == NULL ? place : colon + 1;
    char *arguments[] = {program, library, NULL};
    return listens ? oc_dh_listen(address, port, arguments) : oc_dh_connect(address, port, arguments);
}

#ifndef _WIN32
static int run_warden(int argc, char **argv)
{
    unsigned long memory = 0;
    int at = 2;
    if (at + 1 < argc && strcmp(argv[at], "--memory") == 0) {
        memory = strtoul(argv[at + 1], NULL, 10);
        at += 2;
    }
    if (at + 1 >= argc || strcmp(argv[at], "--") != 0) {
        return misused();
    }
    return oc_dh_warden(memory, argv + at + 1);
}
#endif

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
#ifndef _WIN32
    if (argc > 2 && strcmp(argv[1], "--warden") == 0) {
        return run_warden(argc, argv);
    }
#endif
    if (argc == 2 && argv[1][0] != '-') {
        return run_session(argv[1], false);
    }
    if (argc == 3 && strcmp(argv[1], "--stderr") == 0) {
        return run_session(argv[2], true);
    }
    if (argc == 4 && (strcmp(argv[1], "--listen") == 0 || strcmp(argv[1], "--connect") == 0)) {
        return run_network(argv[0], argv[1][2] == 'l', argv[2], argv[3]);
    }
    return misused();
}
