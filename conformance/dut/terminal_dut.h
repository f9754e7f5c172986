/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_TERMINAL_DUT_H
#define OC_CONFORMANCE_DUT_TERMINAL_DUT_H

#include "conformance/dut/modules.h"
#include "conformance/dut/terminal_spec.h"
#include "sim/base/fields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A terminal under test: a driver library, a program, a bridge, an operator, or the virtual terminal. Whatever it does
 * costs the case that it does it in one verdict: it is told as a breach, with one sentence of evidence. An error result
 * is the harness's own failure. One thread at a time. */
typedef struct oc_terminal_dut oc_terminal_dut;

/* X(name, what happened) */
#define OC_BREACHES(X)                                                                                                \
    X(NONE, "nothing")                                                                                                \
    X(LOAD, "the library or program cannot be started")                                                               \
    X(MISSING, "the function is not there")                                                                           \
    X(CRASH, "a signal ended it")                                                                                     \
    X(EXIT, "it ended by itself")                                                                                     \
    X(HANG, "no answer came in time")                                                                                 \
    X(GARBAGE, "what it answered is no answer")                                                                       \
    X(OVERRUN, "it wrote past the output buffer")                                                                     \
    X(UNTERMINATED, "its output has no end")                                                                          \
    X(ENCODING, "its output is no GB18030 text")                                                                      \
    X(DESCRIPTORS, "it closed what it does not own")                                                                  \
    X(FLOOD, "it printed without end")                                                                                \
    X(LEAK, "a PIN appeared where none belongs")                                                                      \
    X(LEFTOVER, "it left processes behind")                                                                           \
    X(OPERATOR, "the operator did not do his part")

enum oc_breach_kind {
#define OC_BREACH_ENUM(name, sentence) OC_BREACH_##name,
    OC_BREACHES(OC_BREACH_ENUM)
#undef OC_BREACH_ENUM
};

typedef struct oc_breach {
    enum oc_breach_kind kind;
    char text[256]; /* one UTF-8 sentence of evidence; "" with OC_BREACH_NONE. Holds no PIN */
} oc_breach;

/* "CRASH"; never NULL. */
const char *oc_breach_name(enum oc_breach_kind kind);
/* Notes the breach unless one is noted already: the first cause is kept. `breach` may be NULL. */
void oc_breach_note(oc_breach *breach, enum oc_breach_kind kind, const char *format, ...) OC_PRINTF(3, 4);

/* What the cards saw of the terminal since it was opened. */
typedef struct oc_card_sight {
    uint64_t count;   /* resets and exchanges of card and PSAM */
    uint64_t powered; /* resets of the card */
    uint64_t last_ns; /* when the last of them ended, on the clock of oc_clock_now_ns */
} oc_card_sight;

/* How to ask them, from any thread; `look` NULL: nobody can. */
typedef struct oc_card_watch {
    void *context;
    void (*look)(void *context, oc_card_sight *out);
} oc_card_watch;

/* What the terminal under test is started with. */
typedef struct oc_terminal_setup {
    /* "NAME=VALUE" texts, NULL at the end: added to the environment of children. NULL: none. Copied. This is how a
     * driver finds its cards: PCSCLITE_CSOCK_NAME, ONECARD_CARDS, LD_LIBRARY_PATH. */
    const char *const *environment;
    int timeout_ms;           /* of one call; at least 1. An operator has his own: oc_terminal_spec.seconds */
    oc_card_watch watch;      /* for an operator, who is not asked what the cards can tell */
    oc_module_log *modules;   /* notes what children consist of; or NULL. Borrowed */
    const char *host_program; /* onecard-driver-host; NULL: beside this program, or ONECARD_DRIVER_HOST. Copied */
} oc_terminal_setup;

/* Opens any kind but OC_TERMINAL_VIRTUAL (whose ops the runner has; oc_terminal_dut_new) and starts the terminal once,
 * so that oc_terminal_dut_has can be asked. A terminal that does not start is no error: oc_terminal_dut_unusable.
 * UNAVAILABLE when nobody serves where "tcp:", "http:" or "ws:" says: then there is nothing to judge. */
OC_MUST_USE oc_result oc_terminal_dut_open(oc_terminal_dut **out, const oc_terminal_spec *spec,
                                           const oc_terminal_setup *setup, oc_diag *diag);
/* Ends its processes. */
void oc_terminal_dut_free(oc_terminal_dut **dut);

/* Why no function of it can be called: it did not load, or does not speak the protocol. NULL when it can. */
const oc_breach *oc_terminal_dut_unusable(const oc_terminal_dut *dut);

/* Begins a case: a fresh child unless the manifest keeps it. `breach` is emptied first, as in the two below. */
OC_MUST_USE oc_result oc_terminal_dut_begin(oc_terminal_dut *dut, oc_breach *breach, oc_diag *diag);
/* Calls a function. `args`: the named arguments and key pad entries of vectors/README.md, GB18030 where they are text.
 * `answer` (emptied first) then holds
 *   code   decimal text, as the standard's table has it (a manifest may have translated it)
 *   out    what pOutInfo holds up to its NUL
 *   1..n   its items, those closed by '|'
 *   text   when code is not 0: `out` in UTF-8
 * After a breach `answer` holds what there is, perhaps nothing. The function "describe" is answered here:
 * conformance/dut/README.md. */
OC_MUST_USE oc_result oc_terminal_dut_call(oc_terminal_dut *dut, const char *function, const oc_fields *args,
                                           oc_fields *answer, oc_breach *breach, oc_diag *diag);
/* One caller's call: its function, named arguments, and where its answer goes. */
typedef struct oc_terminal_order {
    const char *function;
    const oc_fields *args;
    oc_fields *answer;
} oc_terminal_order;

/* Where a second caller is: in another thread of the process that makes the first call, or in another process. */
enum oc_beside_place { OC_BESIDE_THREAD, OC_BESIDE_PROCESS };
#define OC_BESIDE_CALLERS 2

typedef struct oc_beside {
    enum oc_beside_place place;
    oc_terminal_order callers[OC_BESIDE_CALLERS];
} oc_beside;

/* Makes two calls at the same time. Where one caller alone is told that the reader is busy (-11, by the standard's table
 * or as the manifest translates it), it calls again when the other has returned, and that answer counts. The first
 * answer also has `busy`: how many were told so, 0 to 2. The key pad's entries are those of the first. */
OC_MUST_USE oc_result oc_terminal_dut_beside(oc_terminal_dut *dut, const oc_beside *beside, oc_breach *breach,
                                             oc_diag *diag);
bool oc_terminal_dut_can_beside(const oc_terminal_dut *dut, enum oc_beside_place place);

/* Ends a case: what is left of the child ends too. A breach is what became clear only now: processes left behind. */
OC_MUST_USE oc_result oc_terminal_dut_end(oc_terminal_dut *dut, oc_breach *breach, oc_diag *diag);

/* The function that the harness answers itself: what is known of the terminal, and how it departs from the standard. */
#define OC_TERMINAL_DESCRIBE "describe"

/* Whether the function is exported or offered. True for what nobody can know beforehand. */
bool oc_terminal_dut_has(const oc_terminal_dut *dut, const char *function);
/* Whether it may still use cards: false when its process has ended. True for what nobody can know. */
bool oc_terminal_dut_runs(const oc_terminal_dut *dut);
/* What it printed on its standard output and standard error since the case began, at most 64 KiB of it; borrowed until
 * the next call. May hold secrets. */
oc_span oc_terminal_dut_printed(const oc_terminal_dut *dut);

/* Sets "out", the items "1".."n" and, where `code` is not 0, "text" of an answer. For every kind of terminal. */
OC_MUST_USE oc_result oc_terminal_answer_set(oc_fields *answer, long long code, oc_span out);

/* What stands behind the interface. `has`, `describe`, `unusable`, `printed`, `beside`, `can_beside` and `runs` may be NULL. */
typedef struct oc_terminal_dut_ops {
    const char *kind; /* "virtual", "driver", ... */
    oc_result (*begin)(void *self, oc_breach *breach, oc_diag *diag);
    oc_result (*call)(void *self, const char *function, const oc_fields *args, oc_fields *answer, oc_breach *breach,
                      oc_diag *diag);
    oc_result (*end)(void *self, oc_breach *breach, oc_diag *diag);
    bool (*has)(const void *self, const char *function);
    oc_result (*describe)(void *self, oc_fields *answer);
    const oc_breach *(*unusable)(const void *self);
    oc_span (*printed)(const void *self);
    oc_result (*beside)(void *self, const oc_beside *beside, oc_breach *breach, oc_diag *diag);
    bool (*can_beside)(const void *self, enum oc_beside_place place);
    bool (*runs)(const void *self);
    void (*free)(void *self);
} oc_terminal_dut_ops;

/* `ops` lives for ever; `self` is freed by it, also when this fails. */
OC_MUST_USE oc_result oc_terminal_dut_new(oc_terminal_dut **out, const oc_terminal_dut_ops *ops, void *self);
/* "virtual", "driver", "exec", ... */
const char *oc_terminal_dut_kind(const oc_terminal_dut *dut);

#ifdef __cplusplus
}
#endif
#endif
