/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_PEER_H
#define OC_CONFORMANCE_DUT_PEER_H

#include <sys/types.h>

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Question and answer, one line each, with a terminal under test that may do anything: a child under a warden
 * (onecard-driver-host --warden), which ends it and all that came of it, or somebody at the other end of a TCP
 * connection. What it does is told as data; an error result is the harness's own failure. One thread at a time. */
typedef struct oc_peer oc_peer;

/* Longest line; more of it is a flood. */
#define OC_PEER_LINE_MAX ((size_t)1024 * 1024)
/* Bytes printed beside the protocol that are kept, and past which it is a flood (project choice). */
#define OC_PEER_PRINTED_KEPT ((size_t)64 * 1024)
#define OC_PEER_PRINTED_MAX ((unsigned long long)1024 * 1024)

enum oc_peer_said {
    OC_PEER_LINE,   /* a line came */
    OC_PEER_SILENT, /* none in time */
    OC_PEER_GONE,   /* it ended or hung up: oc_peer_end */
    OC_PEER_FLOOD   /* it printed or answered without end */
};

/* How a child ended. */
typedef struct oc_peer_end {
    bool known;     /* false: nobody told, as when a connection broke */
    bool by_signal; /* else by itself */
    int number;     /* signal or exit status */
    char name[16];  /* of the signal: "SEGV" */
    unsigned left;  /* processes of its that outlived it and were killed */
} oc_peer_end;

typedef struct oc_peer_command {
    const char *warden;             /* path of onecard-driver-host */
    const char *const *arguments;   /* of the command, its name first, NULL at the end */
    const char *const *environment; /* "NAME=VALUE", NULL at the end: replace or add to ours; may be NULL */
    const char *const *more;        /* the same, once more */
    unsigned memory_mb;             /* data that it may have; 0: no bound */
} oc_peer_command;

OC_MUST_USE oc_result oc_peer_start(oc_peer **out, const oc_peer_command *command, oc_diag *diag);
/* UNAVAILABLE when nobody answers there. */
OC_MUST_USE oc_result oc_peer_connect(oc_peer **out, const char *host, unsigned port, int timeout_ms, oc_diag *diag);
/* Ends it: end of file on its input, a moment to leave, then the warden. */
void oc_peer_free(oc_peer **peer);

/* Puts a question without waiting for its answer, which oc_peer_ask then gets for an empty question. */
OC_MUST_USE oc_result oc_peer_tell(oc_peer *peer, oc_span question, int timeout_ms, oc_diag *diag);
/* Puts a question, a line with its LF, and waits for a line. `line` is without its end, borrowed until the next call. */
OC_MUST_USE oc_result oc_peer_ask(oc_peer *peer, oc_span question, int timeout_ms, enum oc_peer_said *said,
                                  oc_span *line, oc_diag *diag);
/* Ends it as oc_peer_free does, or without a moment to leave, but keeps what it printed and how it ended. */
void oc_peer_stop(oc_peer *peer, bool at_once);
const oc_peer_end *oc_peer_ended(const oc_peer *peer);
/* The process above all of a child's; 0: it is no child, or has ended. */
pid_t oc_peer_process(const oc_peer *peer);
/* What it printed so far, at most OC_PEER_PRINTED_KEPT bytes. */
oc_span oc_peer_printed(const oc_peer *peer);
/* Adds to that: what a driver host on another machine tells of. */
OC_MUST_USE oc_result oc_peer_note_printed(oc_peer *peer, oc_span bytes);

#ifdef __cplusplus
}
#endif
#endif
