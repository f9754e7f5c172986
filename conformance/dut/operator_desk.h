/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_OPERATOR_DESK_H
#define OC_CONFORMANCE_DUT_OPERATOR_DESK_H

#include "conformance/dut/terminal_dut.h"
#include "sim/link/io.h"

/* Where an operator reads what he has to do and types what came of it. All numbers are project choices. */

/* A person has to walk to the terminal and read its display. */
#define OC_OPERATOR_SECONDS 300
#define OC_OPERATOR_SECONDS_MAX 86400
/* Cards that were used and then left alone for so long: the terminal is done. */
#define OC_OPERATOR_QUIET_MS 2000
/* After so many questions in a row without an answer nobody is there any more. */
#define OC_OPERATOR_SILENT_MAX 5
/* So many lines that answer no question: it is given up. */
#define OC_OPERATOR_WRONG_MAX 20

typedef struct oc_desk {
    int in;
    int out;
    bool owns;    /* the descriptors */
    int wait_ms;  /* for one answer, from the question or from the last sign of the card, whichever is later */
    int quiet_ms; /* OC_OPERATOR_QUIET_MS */
    oc_card_watch watch;
    oc_lines lines;
    unsigned silent; /* questions in a row that got no answer */
    bool gone;       /* the end of his input, or OC_OPERATOR_SILENT_MAX */
} oc_desk;

/* What ends the wait beside a line. */
enum oc_desk_event {
    OC_DESK_LINE,
    OC_DESK_POWERED, /* a reader powered the card since the question */
    OC_DESK_NOTHING  /* no line: the breach says why */
};

OC_MUST_USE oc_result oc_desk_init(oc_desk *desk);
void oc_desk_free(oc_desk *desk);

OC_MUST_USE oc_result oc_desk_say(const oc_desk *desk, const char *text);

/* Shows `question` and waits for a line, and, where `until_powered`, for the card to be powered. `after_use`, or NULL,
 * is shown once when the cards have been used since the question and are quiet again. *line is valid until the next
 * question. */
OC_MUST_USE oc_result oc_desk_ask(oc_desk *desk, const char *question, const char *after_use, bool until_powered,
                                  enum oc_desk_event *event, oc_span *line, oc_breach *breach);

/* After a question without an answer, what he types late belongs to it, not to the next one: waits until he types "ok".
 * *there is false, with a breach, when he does not. */
OC_MUST_USE oc_result oc_desk_wake(oc_desk *desk, bool *there, oc_breach *breach);

#endif
