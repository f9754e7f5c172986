/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conformance/dut/terminal_kinds.h"
#include "sim/base/text.h"
#include "sim/link/io.h"

/* A person has to walk to the terminal and read its display (project choice). */
#define OPERATOR_SECONDS 300
#define OPERATOR_SECONDS_MAX 86400

struct manual {
    int in;
    int out;
    bool owns; /* the descriptors */
    bool gone; /* nobody is there any more: the rest is not waited for */
    int wait_ms;
    oc_lines lines;
    unsigned step;
};

/* What the functions are called on the displays of terminals. */
static const struct {
    const char *function;
    const char *zh;
    const char *en;
} names[] = {{"iReadCardBas", "读基本信息", "read the basic data"},
             {"iReadCard", "通用读卡", "read items"},
             {"iWriteCard", "通用写卡", "write items"},
             {"iVerifyPIN", "校验 PIN", "verify the PIN"},
             {"iChangePIN", "修改 PIN", "change the PIN"},
             {"iReloadPIN", "重置 PIN", "reload the PIN"},
             {"iUnblockPIN", "解锁 PIN", "unblock the PIN"},
             {"iDoDebit", "消费交易", "debit"},
             {"iReadDebitRecord", "读交易明细", "read the transaction records"},
             {"PKI_SignData", "数字签名", "sign data"},
             {"PKI_VerifySign", "验证签名", "verify a signature"}};

static const struct {
    const char *argument;
    const char *zh;
    const char *en;
} entries[] = {{"pin", "输入 PIN", "type the PIN"},
               {"old", "输入原 PIN", "type the old PIN"},
               {"new", "输入新 PIN", "type the new PIN"},
               {"again", "再次输入新 PIN", "type the new PIN again"},
               {"keypad", "不输入，而是", "type nothing, but"}};

static oc_result say(const struct manual *self, const char *text)
{
    return oc_write_all(self->out, oc_span_text(text), oc_deadline_in(self->wait_ms));
}

/* The longest name that the function begins with; the rest of its name is said as it is. */
static size_t name_of(const char *function)
{
    size_t best = sizeof names / sizeof names[0];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len = strlen(names[i].function);
        bool begins = strncmp(function, names[i].function, len) == 0 &&
                      (function[len] == '\0' || function[len] == '_');
        best = begins ? i : best;
    }
    return best;
}

static const char *entry_zh(const char *argument, const char **en)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        if (strcmp(entries[i].argument, argument) == 0) {
            *en = entries[i].en;
            return entries[i].zh;
        }
    }
    return NULL;
}

/* One argument or entry a line. GB18030 where it is text, else hex is of no use to a person: it is left out. */
static oc_result say_argument(const struct manual *self, const oc_field *field)
{
    oc_buf utf8 = {0};
    char line[1400];
    const char *en = NULL;
    const char *zh = entry_zh(field->name, &en);
    oc_result r = oc_text_from_card(&utf8, oc_buf_span(&field->value));
    if (!oc_is_ok(r)) {
        return r.code == OC_E_FORMAT ? oc_ok() : r;
    }
    int len = (int)(utf8.len < 1000 ? utf8.len : 1000);
    snprintf(line, sizeof line, "    %s%s%s = %.*s\n", zh != NULL ? zh : "", zh != NULL ? " / " : "",
             zh != NULL ? en : field->name, len, (const char *)utf8.at);
    r = say(self, line);
    oc_buf_free(&utf8);
    return r;
}

/* A line that the operator types. False, with a breach, when none comes. */
static oc_result ask(struct manual *self, const char *question, oc_span *line, bool *there, oc_breach *breach)
{
    *there = false;
    OC_TRY(say(self, question));
    oc_result r = oc_lines_next(&self->lines, oc_deadline_in(self->wait_ms), line);
    if (oc_is_ok(r)) {
        *there = true;
        return r;
    }
    self->gone = r.code != OC_E_TIMEOUT;
    oc_breach_note(breach, OC_BREACH_OPERATOR,
                   self->gone ? "the operator has left" : "the operator did nothing for %d s", self->wait_ms / 1000);
    return r.code == OC_E_TIMEOUT || r.code == OC_E_GONE || r.code == OC_E_LIMIT ? oc_ok() : r;
}

/* "s REASON": the step cannot be done. */
static bool is_skipped(oc_span line, oc_breach *breach)
{
    if (line.len == 0 || line.at[0] != 's' || (line.len > 1 && line.at[1] != ' ')) {
        return false;
    }
    int len = (int)(line.len > 2 ? line.len - 2 : 0);
    oc_breach_note(breach, OC_BREACH_OPERATOR, "the operator could not do it%s%.*s", len > 0 ? ": " : "",
                   len < 150 ? len : 150, len > 0 ? (const char *)line.at + 2 : "");
    return true;
}

static bool take_code(oc_span line, long long *code)
{
    char text[24] = "0";
    char *end = NULL;
    if (line.len >= sizeof text) {
        return false;
    }
    if (line.len > 0) {
        memcpy(text, line.at, line.len);
        text[line.len] = '\0';
    }
    *code = strtoll(text, &end, 10);
    return end != text && *end == '\0';
}

static oc_result ask_code(struct manual *self, long long *code, bool *there, oc_breach *breach)
{
    static const char question[] = "  返回码（直接回车为 0；无法完成输入 s 和原因）\n"
                                   "  return code (Enter: 0; \"s REASON\" if it cannot be done): ";
    oc_span line;
    do {
        OC_TRY(ask(self, question, &line, there, breach));
        if (*there && is_skipped(line, breach)) {
            *there = false;
        }
    } while (*there && !take_code(line, code));
    return oc_ok();
}

static oc_result ask_output(struct manual *self, long long code, oc_fields *answer, oc_breach *breach)
{
    oc_span line;
    bool there = false;
    oc_buf out = {0};
    OC_TRY(ask(self, "  终端显示的内容（pOutInfo，没有则直接回车）\n  what it shows (pOutInfo; Enter: nothing): ",
               &line, &there, breach));
    if (!there) {
        return oc_ok();
    }
    oc_result r = oc_text_to_card(&out, line);
    if (r.code == OC_E_FORMAT) {
        oc_breach_note(breach, OC_BREACH_OPERATOR, "what the operator typed is no UTF-8");
        r = oc_ok();
    }
    r = oc_is_ok(r) ? oc_terminal_answer_set(answer, code, oc_buf_span(&out)) : r;
    oc_buf_free(&out);
    return r;
}

/* A step that the operator does with cards: waits until he says that it is done. */
static oc_result prompt(struct manual *self, const oc_fields *args, oc_breach *breach)
{
    char text[1200];
    oc_span line;
    bool there = false;
    oc_span zh = oc_fields_span(args, "zh");
    oc_span en = oc_fields_span(args, "en");
    snprintf(text, sizeof text, "\n%u. %.*s\n   %.*s\n  完成后回车 / Enter when it is done: ", ++self->step,
             (int)(zh.len < 500 ? zh.len : 500), (const char *)zh.at, (int)(en.len < 500 ? en.len : 500),
             (const char *)en.at);
    OC_TRY(ask(self, text, &line, &there, breach));
    if (there) {
        (void)is_skipped(line, breach);
    }
    return oc_ok();
}

static oc_result say_call(struct manual *self, const char *function, const oc_fields *args)
{
    char line[300];
    size_t at = name_of(function);
    bool known = at < sizeof names / sizeof names[0];
    snprintf(line, sizeof line, "\n%u. 请在终端上执行：%s（%s）\n   Do on the terminal: %s (%s)\n", ++self->step,
             known ? names[at].zh : function, function, known ? names[at].en : function, function);
    OC_TRY(say(self, line));
    for (size_t i = 0; i < args->count; i++) {
        OC_TRY(say_argument(self, &args->at[i]));
    }
    return oc_ok();
}

static oc_result manual_call(void *context, const char *function, const oc_fields *args, oc_fields *answer,
                             oc_breach *breach, oc_diag *diag)
{
    struct manual *self = context;
    long long code = 0;
    bool there = false;
    (void)diag;
    if (self->gone) {
        oc_breach_note(breach, OC_BREACH_OPERATOR, "the operator has left");
        return oc_ok();
    }
    if (strcmp(function, "prompt") == 0) {
        OC_TRY(prompt(self, args, breach));
        return oc_terminal_answer_set(answer, 0, oc_span_empty());
    }
    OC_TRY(say_call(self, function, args));
    OC_TRY(ask_code(self, &code, &there, breach));
    return there ? ask_output(self, code, answer, breach) : oc_ok();
}

static oc_result manual_begin(void *context, oc_breach *breach, oc_diag *diag)
{
    (void)context, (void)breach, (void)diag;
    return oc_ok();
}

static const oc_breach *manual_unusable(const void *context)
{
    static const oc_breach left = {OC_BREACH_OPERATOR, "the operator has left"};
    return ((const struct manual *)context)->gone ? &left : NULL;
}

static void manual_free(void *context)
{
    struct manual *self = context;
    oc_lines_free(&self->lines);
    if (self->owns) {
        close(self->in);
        if (self->out != self->in) {
            close(self->out);
        }
    }
    free(self);
}

oc_result oc_terminal_manual_new(oc_terminal_dut **out, int in, int to, bool owns, int wait_ms)
{
    static const oc_terminal_dut_ops ops = {.kind = "manual",
                                            .begin = manual_begin,
                                            .call = manual_call,
                                            .end = manual_begin,
                                            .unusable = manual_unusable,
                                            .free = manual_free};
    struct manual *self = calloc(1, sizeof *self);
    *out = NULL;
    if (self == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    *self = (struct manual){.in = in, .out = to, .owns = owns, .wait_ms = wait_ms};
    oc_result r = oc_lines_init(&self->lines, in);
    if (!oc_is_ok(r)) {
        manual_free(self);
        return r;
    }
    return oc_terminal_dut_new(out, &ops, self);
}

oc_result oc_terminal_manual_open(oc_terminal_dut **out, oc_diag *diag)
{
    const char *said = getenv("ONECARD_OPERATOR_SECONDS");
    char *end = NULL;
    long seconds = said == NULL ? OPERATOR_SECONDS : strtol(said, &end, 10);
    if (seconds < 1 || seconds > OPERATOR_SECONDS_MAX || (said != NULL && *end != '\0')) {
        return oc_diag_fail(diag, OC_E_USAGE, "ONECARD_OPERATOR_SECONDS is no number of 1 to %d",
                            OPERATOR_SECONDS_MAX);
    }
    /* The operator's screen, also where the output of the run goes into a file. */
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    return fd >= 0 ? oc_terminal_manual_new(out, fd, fd, true, (int)seconds * 1000)
                   : oc_terminal_manual_new(out, STDIN_FILENO, STDERR_FILENO, false, (int)seconds * 1000);
}
