/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_DIALOGUE_H
#define OC_LINK_DIALOGUE_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Question and answer, one line each, with a child process: a card program or a key program. Whatever the child does
 * is answered in time by a result that says what it did. One thread at a time. */
typedef struct oc_dialogue oc_dialogue;

/* Who answers, for the reasons in diags. */
typedef struct oc_dialogue_peer {
    const char *name; /* "card program"; lives for ever */
    bool is_secret;   /* nothing that it said is quoted */
} oc_dialogue_peer;

/* `command` is run by /bin/sh -c in a process group of its own, killed with the dialogue. */
OC_MUST_USE oc_result oc_dialogue_open(oc_dialogue **out, oc_dialogue_peer peer, const char *command, oc_diag *diag);
void oc_dialogue_free(oc_dialogue **dialogue);

/* Puts a question, a line with its LF, and waits for the answer, a line without its end, valid until the next call.
 * GONE when the child ended, also when it was given up before; TIMEOUT when it is silent, GARBAGE when it wrote without
 * being asked, more than one line, or a line of more than OC_LINE_MAX bytes; UNAVAILABLE when there is no such program.
 */
OC_MUST_USE oc_result oc_dialogue_ask(oc_dialogue *dialogue, oc_span question, int timeout_ms, oc_span *answer,
                                      oc_diag *diag);
/* GARBAGE with the answer in its reason, unless the peer is secret: "the card program did not answer in hex: ..." */
OC_MUST_USE oc_result oc_dialogue_garbage(const oc_dialogue *dialogue, const char *what, oc_span answer,
                                          oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
