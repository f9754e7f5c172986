/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_TERMINAL_SPEC_H
#define OC_CONFORMANCE_DUT_TERMINAL_SPEC_H

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which implementation plays the terminal: the SPEC of --terminal. */
enum oc_terminal_kind {
    OC_TERMINAL_VIRTUAL, /* "virtual": the simulator's own, in this process */
    OC_TERMINAL_DRIVER,  /* "driver:PATH": a driver library, loaded by onecard-driver-host in a process of its own */
    OC_TERMINAL_EXEC,    /* "exec:CMD": a program that speaks the line protocol (conformance/dut/README.md) */
    OC_TERMINAL_TCP,     /* "tcp:HOST:PORT": such a program, or a driver host, on another machine */
    OC_TERMINAL_WS,      /* "ws:URL": a browser bridge over a WebSocket */
    OC_TERMINAL_HTTP,    /* "http:URL": a browser bridge over HTTP */
    OC_TERMINAL_MANUAL,  /* "manual": an operator who does what he is asked */
};

#define OC_TERMINAL_SPEC_ROOM 1024

/* Texts without what they do not name are "". */
typedef struct oc_terminal_spec {
    enum oc_terminal_kind kind;
    char text[OC_TERMINAL_SPEC_ROOM];     /* as given */
    char target[OC_TERMINAL_SPEC_ROOM];   /* path, command, host or URL; a URL with its scheme: "ws://localhost:1/" */
    char manifest[OC_TERMINAL_SPEC_ROOM]; /* "driver:PATH,manifest=FILE", "tcp:HOST:PORT,manifest=FILE" */
    char dialect[OC_TERMINAL_SPEC_ROOM];  /* "ws:URL,dialect=FILE", "http:URL,dialect=FILE" */
    unsigned port;                        /* of "tcp:" */
    unsigned seconds; /* of "manual,seconds=N": 1 to 86400 that an operator has for an answer; 0: not said */
} oc_terminal_spec;

/* USAGE with the forms that exist. A command after "exec:" is taken whole, with its commas. */
OC_MUST_USE oc_result oc_terminal_spec_parse(oc_terminal_spec *out, const char *text, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
