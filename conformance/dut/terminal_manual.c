/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conformance/dut/terminal_kinds.h"
#include "sim/base/text.h"

struct manual {
    oc_desk desk;
    char *cards; /* what he is told of them first */
    bool greeted;
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
    r = oc_desk_say(&self->desk, line);
    oc_buf_free(&utf8);
    return r;
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
    errno = 0;
    *code = strtoll(text, &end, 10);
    return end != text && *end == '\0' && errno == 0;
}

/* What answers a question, or why it does not. */
typedef oc_result take_line(oc_span line, void *out, bool *fits);

static oc_result take_code_line(oc_span line, void *out, bool *fits)
{
    *fits = take_code(line, out);
    return oc_ok();
}

static oc_result take_output_line(oc_span line, void *out, bool *fits)
{
    oc_result r = oc_text_to_card(out, line);
    *fits = oc_is_ok(r);
    return r.code == OC_E_FORMAT ? oc_ok() : r;
}

/* Asks until an answer fits. *there is false, with a breach, when none does. */
static oc_result ask(struct manual *self, const char *question, const char *after_use, take_line *take, void *out,
                     bool *there, oc_breach *breach)
{
    enum oc_desk_event event = OC_DESK_LINE;
    oc_span line;
    *there = false;
    for (unsigned tries = 0; tries < OC_OPERATOR_WRONG_MAX; tries++) {
        OC_TRY(oc_desk_ask(&self->desk, question, after_use, false, &event, &line, breach));
        if (event == OC_DESK_NOTHING || is_skipped(line, breach)) {
            return oc_ok();
        }
        OC_TRY(take(line, out, there));
        if (*there) {
            return oc_ok();
        }
    }
    oc_breach_note(breach, OC_BREACH_OPERATOR, "the operator typed no answer %d times", OC_OPERATOR_WRONG_MAX);
    return oc_ok();
}

static oc_result ask_answer(struct manual *self, oc_fields *answer, oc_breach *breach)
{
    static const char code_question[] = "  返回码（直接回车为 0；无法完成输入 s 和原因）\n"
                                        "  return code (Enter: 0; \"s REASON\" if it cannot be done): ";
    static const char after_use[] = "\n  卡片已不再使用，请输入终端给出的返回码\n"
                                    "  The cards are no longer used: which return code does the terminal give? ";
    static const char output_question[] = "  终端显示的内容（pOutInfo，没有则直接回车）\n"
                                          "  what it shows (pOutInfo; Enter: nothing): ";
    long long code = 0;
    bool there = false;
    oc_buf out = {0};
    oc_result r = ask(self, code_question, after_use, take_code_line, &code, &there, breach);
    if (oc_is_ok(r) && there) {
        r = ask(self, output_question, NULL, take_output_line, &out, &there, breach);
    }
    if (oc_is_ok(r) && there) {
        r = oc_terminal_answer_set(answer, code, oc_buf_span(&out));
    }
    oc_buf_free(&out);
    return r;
}

/* A step that the operator does with cards: waits until he says that it is done, or a card does. */
static oc_result prompt(struct manual *self, const oc_fields *args, oc_breach *breach)
{
    char text[1400];
    oc_span line;
    enum oc_desk_event event;
    oc_span zh = oc_fields_span(args, "zh");
    oc_span en = oc_fields_span(args, "en");
    bool powered = oc_span_equal(oc_fields_span(args, "until"), oc_span_text("powered"));
    const char *done = powered ? "卡片上电即继续，也可回车 / goes on when the card is powered, or at Enter: "
                               : "完成后回车 / Enter when it is done: ";
    snprintf(text, sizeof text, "\n%u. %.*s\n   %.*s\n  %s", ++self->step, (int)(zh.len < 500 ? zh.len : 500),
             (const char *)zh.at, (int)(en.len < 500 ? en.len : 500), (const char *)en.at, done);
    OC_TRY(oc_desk_ask(&self->desk, text, NULL, powered, &event, &line, breach));
    if (event == OC_DESK_LINE) {
        (void)is_skipped(line, breach);
    }
    return event == OC_DESK_POWERED ? oc_desk_say(&self->desk, "\n") : oc_ok();
}

static oc_result say_call(struct manual *self, const char *function, const oc_fields *args)
{
    char line[300];
    size_t at = name_of(function);
    bool known = at < sizeof names / sizeof names[0];
    snprintf(line, sizeof line, "\n%u. 请在终端上执行：%s（%s）\n   Do on the terminal: %s (%s)\n", ++self->step,
             known ? names[at].zh : function, function, known ? names[at].en : function, function);
    OC_TRY(oc_desk_say(&self->desk, line));
    for (size_t i = 0; i < args->count; i++) {
        OC_TRY(say_argument(self, &args->at[i]));
    }
    return oc_ok();
}

static oc_result greet(struct manual *self)
{
    if (self->greeted || self->cards == NULL) {
        return oc_ok();
    }
    self->greeted = true;
    OC_TRY(oc_desk_say(&self->desk,
                       "终端在此找到虚拟卡和虚拟 PSAM / where the terminal finds the virtual card and PSAM:\n"));
    return oc_desk_say(&self->desk, self->cards);
}

static oc_result manual_call(void *context, const char *function, const oc_fields *args, oc_fields *answer,
                             oc_breach *breach, oc_diag *diag)
{
    struct manual *self = context;
    bool there = false;
    (void)diag;
    if (self->desk.gone) {
        oc_breach_note(breach, OC_BREACH_OPERATOR, "the operator has left");
        return oc_ok();
    }
    OC_TRY(greet(self));
    OC_TRY(oc_desk_wake(&self->desk, &there, breach));
    if (!there) {
        return oc_ok();
    }
    if (strcmp(function, "prompt") == 0) {
        OC_TRY(prompt(self, args, breach));
        return oc_terminal_answer_set(answer, 0, oc_span_empty());
    }
    OC_TRY(say_call(self, function, args));
    return ask_answer(self, answer, breach);
}

static oc_result manual_begin(void *context, oc_breach *breach, oc_diag *diag)
{
    (void)context, (void)breach, (void)diag;
    return oc_ok();
}

static const oc_breach *manual_unusable(const void *context)
{
    static const oc_breach left = {OC_BREACH_OPERATOR, "the operator has left"};
    return ((const struct manual *)context)->desk.gone ? &left : NULL;
}

static void manual_free(void *context)
{
    struct manual *self = context;
    oc_desk_free(&self->desk);
    free(self->cards);
    free(self);
}

static oc_result take_cards(struct manual *self, const char *const *environment)
{
    oc_buf text = {0};
    oc_result r = oc_ok();
    for (size_t i = 0; environment != NULL && environment[i] != NULL && oc_is_ok(r); i++) {
        r = oc_buf_append(&text, oc_span_text("    "));
        r = oc_is_ok(r) ? oc_buf_append(&text, oc_span_text(environment[i])) : r;
        r = oc_is_ok(r) ? oc_buf_append(&text, oc_span_text("\n")) : r;
    }
    if (oc_is_ok(r) && text.len > 0) {
        self->cards = strndup((const char *)text.at, text.len);
        r = self->cards == NULL ? oc_fail(OC_E_MEMORY) : r;
    }
    oc_buf_free(&text);
    return r;
}

oc_result oc_terminal_manual_new(oc_terminal_dut **out, const oc_desk *desk, const char *const *environment)
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
    self->desk = *desk;
    oc_result r = oc_desk_init(&self->desk);
    r = oc_is_ok(r) ? take_cards(self, environment) : r;
    if (!oc_is_ok(r)) {
        manual_free(self);
        return r;
    }
    return oc_terminal_dut_new(out, &ops, self);
}

oc_result oc_terminal_manual_open(oc_terminal_dut **out, const oc_terminal_spec *spec, const oc_terminal_setup *setup)
{
    unsigned seconds = spec->seconds == 0 ? OC_OPERATOR_SECONDS : spec->seconds;
    oc_desk desk = {.wait_ms = (int)seconds * 1000, .quiet_ms = OC_OPERATOR_QUIET_MS, .watch = setup->watch};
    /* The operator's screen, also where the output of the run goes into a file. */
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    desk.owns = fd >= 0;
    desk.in = fd >= 0 ? fd : STDIN_FILENO;
    desk.out = fd >= 0 ? fd : STDERR_FILENO;
    return oc_terminal_manual_new(out, &desk, setup->environment);
}
