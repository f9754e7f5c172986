/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/driver_host/os.h"
#include "conformance/dut/terminal_program_internal.h"

/* Memory of a driver, and of a program, whose language may need more (project choice). Sanitizers reserve terabytes. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define DRIVER_MB 0
#define PROGRAM_MB 0
#else
#define DRIVER_MB 1024
#define PROGRAM_MB 4096
#endif

#define QUOTED 60

const char *oc_terminal_program_who(const struct oc_terminal_program *self)
{
    return self->spec.kind == OC_TERMINAL_DRIVER ? "the driver"
           : self->spec.kind == OC_TERMINAL_EXEC ? "the program"
                                                 : "the terminal";
}

static oc_result start_peer(struct oc_terminal_program *self, oc_diag *diag)
{
    const char *const library[] = {self->host, "--stderr", self->library, NULL};
    const char *const shell[] = {"/bin/sh", "-c", self->spec.target, NULL};
    bool is_driver = self->spec.kind == OC_TERMINAL_DRIVER;
    if (self->spec.kind == OC_TERMINAL_TCP) {
        return oc_peer_connect(&self->peer, self->spec.target, self->spec.port, self->timeout_ms, diag);
    }
    oc_peer_command command = {.warden = self->host,
                               .arguments = is_driver ? library : shell,
                               .environment = self->environment,
                               .more = oc_driver_manifest_environment(self->manifest),
                               .memory_mb = is_driver ? DRIVER_MB : PROGRAM_MB};
    return oc_peer_start(&self->peer, &command, diag);
}

/* What is known of the end of a peer that went. */
static void note_end(const struct oc_terminal_program *self, const char *what, oc_breach *breach)
{
    const oc_peer_end *end = oc_peer_ended(self->peer);
    const char *who = oc_terminal_program_who(self);
    if (!end->known) {
        oc_breach_note(breach, OC_BREACH_EXIT, "%s: %s hung up", what, who);
    } else if (end->by_signal) {
        oc_breach_note(breach, OC_BREACH_CRASH, "%s: %s was killed by signal %d (SIG%s)", what, who, end->number,
                       end->name);
    } else if (self->is_driver_host && end->number == OC_DH_EXIT_DESCRIPTORS) {
        oc_breach_note(breach, OC_BREACH_DESCRIPTORS, "%s: %s closed descriptors that are not its own", what, who);
    } else {
        oc_breach_note(breach, OC_BREACH_EXIT, "%s: %s ended its process with status %d", what, who, end->number);
    }
}

/* The beginning of what it said, printable; nothing that may hold an entry of the key pad is quoted elsewhere. */
static void quote(char out[QUOTED + 4], oc_span line)
{
    size_t len = line.len < QUOTED ? line.len : QUOTED;
    for (size_t i = 0; i < len; i++) {
        out[i] = line.at[i] >= 0x20 && line.at[i] < 0x7F ? (char)line.at[i] : '.';
    }
    snprintf(out + len, 4, "%s", line.len > QUOTED ? "..." : "");
}

static void note_silence(const struct oc_terminal_program *self, const char *what, oc_span line, oc_breach *breach)
{
    if (line.len > 0) {
        oc_breach_note(breach, OC_BREACH_HANG, "%s: %s did not end its line of %zu characters within %d ms", what,
                       oc_terminal_program_who(self), line.len, self->timeout_ms);
    } else {
        oc_breach_note(breach, OC_BREACH_HANG, "%s: %s gave no answer within %d ms", what,
                       oc_terminal_program_who(self), self->timeout_ms);
    }
}

static void note_line(const struct oc_terminal_program *self, const char *what, const oc_line_answer *answer,
                      oc_span line, oc_breach *breach)
{
    char seen[QUOTED + 4];
    const char *who = oc_terminal_program_who(self);
    if (answer->kind == OC_LINE_NONSENSE) {
        quote(seen, line);
        oc_breach_note(breach, OC_BREACH_GARBAGE, "%s: %s answered \"%s\"; %s", what, who, seen, answer->text);
    } else if (answer->kind == OC_LINE_OVERRUN) {
        oc_breach_note(breach, OC_BREACH_OVERRUN, "%s: %s wrote behind the %lu bytes of the output buffer", what, who,
                       answer->size);
    }
}

static oc_result keep_printed(struct oc_terminal_program *self)
{
    return oc_buf_set(&self->printed, oc_peer_printed(self->peer));
}

oc_result oc_terminal_program_stop(struct oc_terminal_program *self, bool at_once, oc_breach *breach)
{
    if (self->peer == NULL) {
        return oc_ok();
    }
    oc_peer_stop(self->peer, at_once);
    const oc_peer_end *end = oc_peer_ended(self->peer);
    oc_result r = keep_printed(self);
    if (!at_once && end->known && end->by_signal && strcmp(end->name, "KILL") != 0) {
        oc_breach_note(breach, OC_BREACH_CRASH, "%s was killed by signal %d (SIG%s) when it was unloaded",
                       oc_terminal_program_who(self), end->number, end->name);
    }
    if (end->left > 0) {
        oc_breach_note(breach, OC_BREACH_LEFTOVER, "%s left %u process%s running behind it",
                       oc_terminal_program_who(self), end->left, end->left == 1 ? "" : "es");
    }
    oc_peer_free(&self->peer);
    self->is_greeted = self->is_initialised = false;
    return r;
}

/* Breaches after which question and answer no longer pair up, or the process cannot be trusted. */
static oc_result lose(struct oc_terminal_program *self)
{
    self->was_lost = true;
    return oc_terminal_program_stop(self, true, NULL);
}

oc_result oc_terminal_program_ask(struct oc_terminal_program *self, const char *what, oc_line_answer *answer,
                                  oc_line_answer *beside, oc_breach *breach, oc_diag *diag)
{
    enum oc_peer_said said = OC_PEER_GONE;
    oc_span line;
    *answer = (oc_line_answer){0};
    OC_TRY(oc_peer_ask(self->peer, oc_buf_span(&self->question), self->timeout_ms, &said, &line, diag));
    switch (said) {
    case OC_PEER_LINE:
        OC_TRY(oc_line_read(answer, beside, line, self->id));
        OC_TRY(oc_peer_note_printed(self->peer, oc_buf_span(&answer->printed)));
        note_line(self, what, answer, line, breach);
        break;
    case OC_PEER_SILENT:
        note_silence(self, what, line, breach);
        break;
    case OC_PEER_GONE:
        note_end(self, what, breach);
        break;
    case OC_PEER_FLOOD:
        oc_breach_note(breach, OC_BREACH_FLOOD, "%s: %s printed or answered more than %llu bytes", what,
                       oc_terminal_program_who(self), OC_PEER_PRINTED_MAX);
        break;
    }
    bool pairs_up = said == OC_PEER_LINE && answer->kind != OC_LINE_NONSENSE && answer->kind != OC_LINE_OVERRUN;
    return pairs_up ? keep_printed(self) : lose(self);
}

/* Everything that goes wrong before the first call is a matter of loading. */
static void note_load(const struct oc_terminal_program *self, const oc_line_answer *hello, const oc_breach *cause,
                      oc_breach *breach)
{
    if (cause->kind == OC_BREACH_FLOOD) {
        oc_breach_note(breach, OC_BREACH_FLOOD, "%s", cause->text);
    } else if (cause->kind != OC_BREACH_NONE) {
        oc_breach_note(breach, OC_BREACH_LOAD, "%s", cause->text);
    } else if (hello->error[0] != '\0' && hello->kind == OC_LINE_HELLO) {
        oc_breach_note(breach, OC_BREACH_LOAD, "the library cannot be loaded (%s): %s", hello->error, hello->text);
    } else if (self->spec.kind == OC_TERMINAL_DRIVER && hello->export_count == 0) {
        oc_breach_note(breach, OC_BREACH_LOAD, "the library exports none of the functions of LD/T 33");
    }
}

oc_result oc_terminal_program_start(struct oc_terminal_program *self, oc_breach *breach, oc_diag *diag)
{
    oc_line_answer hello = {0};
    oc_breach cause = {0};
    oc_diag reason = {0};
    self->was_lost = false;
    self->is_driver_host = self->spec.kind == OC_TERMINAL_DRIVER;
    oc_buf_clear(&self->printed);
    oc_buf_clear(&self->question);
    oc_result r = start_peer(self, &reason);
    if (!oc_is_ok(r)) {
        bool is_away = self->spec.kind == OC_TERMINAL_TCP && r.code == OC_E_UNAVAILABLE;
        return oc_diag_fail(diag, r.code, "%s%s", is_away ? "the terminal cannot be reached: " : "", reason.reason);
    }
    OC_TRY(oc_line_hello(&self->question, ++self->id, self->manifest));
    r = oc_terminal_program_ask(self, "starting", &hello, NULL, &cause, diag);
    note_load(self, &hello, &cause, breach);
    self->is_driver_host = hello.pointer_bits != 0;
    oc_line_answer_free(&self->hello);
    self->hello = hello;
    self->is_greeted = oc_is_ok(r) && self->peer != NULL;
    return r;
}
