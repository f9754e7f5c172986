/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_TERMINAL_PROGRAM_INTERNAL_H
#define OC_CONFORMANCE_DUT_TERMINAL_PROGRAM_INTERNAL_H

#include <limits.h>

#include "conformance/dut/driver_manifest.h"
#include "conformance/dut/line_message.h"
#include "conformance/dut/peer.h"
#include "conformance/dut/terminal_kinds.h"
#include "sim/base/arena.h"

/* Private to the sources named terminal_program*.c. */

struct oc_terminal_program {
    oc_terminal_spec spec;
    oc_arena arena;
    const char *const *environment; /* in the arena */
    int timeout_ms;
    char host[PATH_MAX];    /* onecard-driver-host */
    char library[PATH_MAX]; /* "driver:" */
    oc_driver_manifest *manifest;
    oc_module_log *modules; /* or NULL */
    oc_peer *peer;          /* NULL: none runs */
    bool is_greeted;        /* it runs and no case has used it */
    bool is_initialised;    /* the manifest's calls behind loading were made */
    bool was_lost;          /* it ended in this case */
    bool is_driver_host;    /* it makes C calls */
    bool width_is_wrong;    /* a result of 32 bits came where long has 64 */
    bool convention_is_wrong;
    int id;
    oc_line_answer hello; /* of the first start */
    oc_breach unusable;
    oc_buf printed; /* of the peer that is gone */
    oc_buf question;
    struct oc_terminal_program *beside; /* a second program of the running case; NULL: none */
};

/* One caller's call, and what came of it. */
struct oc_terminal_caller {
    const char *function;
    const oc_driver_call *c; /* NULL: a named call */
    const oc_fields *args;
    oc_line_answer answer;
    long long code; /* what the answer's code means by the manifest; of OC_LINE_CODE alone */
};

/* "the driver", "the program", "the terminal". */
const char *oc_terminal_program_who(const struct oc_terminal_program *self);

/* Starts the peer and asks who it is. What goes wrong is a breach LOAD; UNAVAILABLE when nobody serves over TCP. */
OC_MUST_USE oc_result oc_terminal_program_start(struct oc_terminal_program *self, oc_breach *breach, oc_diag *diag);
/* One question, self->question, and its answer, with that of a second caller in it (else NULL); `what` names it in
 * breaches. With an empty question one that was put before. After a breach the peer is gone. */
OC_MUST_USE oc_result oc_terminal_program_ask(struct oc_terminal_program *self, const char *what,
                                              oc_line_answer *answer, oc_line_answer *beside, oc_breach *breach,
                                              oc_diag *diag);
/* Ends the peer, at once or as it likes to. */
OC_MUST_USE oc_result oc_terminal_program_stop(struct oc_terminal_program *self, bool at_once, oc_breach *breach);
/* One C call or named call, or with `beside` (else NULL) two at the same time in one process. The answers are the
 * caller's to free. */
OC_MUST_USE oc_result oc_terminal_program_call(struct oc_terminal_program *self, struct oc_terminal_caller *caller,
                                               struct oc_terminal_caller *beside, oc_breach *breach, oc_diag *diag);
/* The same in two steps, so that another program can be asked in between. */
OC_MUST_USE oc_result oc_terminal_program_put(struct oc_terminal_program *self,
                                              const struct oc_terminal_caller *caller, oc_diag *diag);
OC_MUST_USE oc_result oc_terminal_program_get(struct oc_terminal_program *self, struct oc_terminal_caller *caller,
                                              oc_breach *breach, oc_diag *diag);
/* How a function is called here: NULL for a named call. */
const oc_driver_call *oc_terminal_program_c(const struct oc_terminal_program *self, const char *function);
/* The manifest's calls behind loading, unless they were made. */
OC_MUST_USE oc_result oc_terminal_program_initialise(struct oc_terminal_program *self, oc_breach *breach,
                                                     oc_diag *diag);

/* Makes a caller of an order, with what the manifest has to be called before it. */
OC_MUST_USE oc_result oc_terminal_program_order(struct oc_terminal_program *self, const oc_terminal_order *order,
                                                struct oc_terminal_caller *caller, oc_breach *breach, oc_diag *diag);
OC_MUST_USE oc_result oc_terminal_caller_answer(const struct oc_terminal_caller *caller, oc_fields *answer);
/* Ends the program as a case does: by the manifest's calls, then as it likes to. */
OC_MUST_USE oc_result oc_terminal_program_close(struct oc_terminal_program *self, oc_breach *breach, oc_diag *diag);

bool oc_terminal_program_can_beside(const void *context, enum oc_beside_place place);
OC_MUST_USE oc_result oc_terminal_program_beside(void *context, const oc_beside *beside, oc_breach *breach,
                                                 oc_diag *diag);
/* Ends the second program of a case, if there is one. */
OC_MUST_USE oc_result oc_terminal_program_leave(struct oc_terminal_program *self, oc_breach *breach, oc_diag *diag);
void oc_terminal_program_drop(struct oc_terminal_program **beside);
OC_MUST_USE oc_result oc_terminal_program_describe(void *context, oc_fields *answer);
bool oc_terminal_program_exports(const struct oc_terminal_program *self, const char *symbol);

#endif
