/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/specification/steps.h"

#include <string.h>

#include "conformance/run/latency_class.h"
#include "conformance/specification/pen.h"

struct words {
    const char *name, *zh, *en;
};

static void put_words(FILE *out, const struct words *words, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i].name, name) == 0) {
            oc_pen_both(out, words[i].zh, words[i].en);
            return;
        }
    }
    oc_pen_code(out, name);
}
#define PUT_WORDS(out, words, name) put_words(out, words, sizeof(words) / sizeof(words)[0], name)

/* The byte, where it is known when the vector is read; -1 else. */
static int known_byte(const oc_value *value)
{
    return value->count == 1 && value->tokens[0].kind == OC_TOKEN_BYTES && value->tokens[0].bytes.len == 1
               ? value->tokens[0].bytes.at[0]
               : -1;
}

/* What P1 and P2 ask for (ISO/IEC 7816-4, tables of SELECT, READ BINARY and READ RECORD). */
static void put_parameters(FILE *out, const char *name, int p1, int p2)
{
    char zh[128] = "";
    char en[128] = "";
    bool record = strcmp(name, "READ RECORD") == 0 || strcmp(name, "UPDATE RECORD") == 0;
    bool binary = strcmp(name, "READ BINARY") == 0 || strcmp(name, "UPDATE BINARY") == 0;
    if (strcmp(name, "SELECT") == 0 && (p1 == 0x04 || p1 == 0x00)) {
        snprintf(zh, sizeof zh, "%s", p1 == 0x04 ? "按名称" : "按文件标识符");
        snprintf(en, sizeof en, "%s", p1 == 0x04 ? "by name" : "by file identifier");
    } else if (binary && p1 >= 0x80 && p2 >= 0) {
        snprintf(zh, sizeof zh, "短文件标识符 %02X，偏移 %d", (unsigned)p1 & 0x1Fu, p2);
        snprintf(en, sizeof en, "short file identifier %02X, offset %d", (unsigned)p1 & 0x1Fu, p2);
    } else if (binary && p1 >= 0 && p2 >= 0) {
        snprintf(zh, sizeof zh, "当前文件，偏移 %d", p1 * 256 + p2);
        snprintf(en, sizeof en, "current file, offset %d", p1 * 256 + p2);
    } else if (record && p1 >= 0 && p2 >= 8) {
        snprintf(zh, sizeof zh, "短文件标识符 %02X，记录 %02X", (unsigned)p2 >> 3, (unsigned)p1);
        snprintf(en, sizeof en, "short file identifier %02X, record %02X", (unsigned)p2 >> 3, (unsigned)p1);
    } else if (record && p1 >= 0 && p2 >= 0) {
        snprintf(zh, sizeof zh, "当前文件，记录 %02X", (unsigned)p1);
        snprintf(en, sizeof en, "current file, record %02X", (unsigned)p1);
    }
    if (zh[0] != '\0') {
        fputs(" (", out);
        oc_pen_both(out, zh, en);
        fputc(')', out);
    }
}

static void put_field(FILE *out, const char *name, const oc_value *value)
{
    if (value->count > 0) {
        fprintf(out, " %s ", name);
        oc_pen_value(out, value);
    }
}

static void put_apdu(FILE *out, const oc_step *step)
{
    int cla = known_byte(&step->cla);
    int ins = known_byte(&step->ins);
    int p1 = known_byte(&step->p1);
    /* Bits 3 and 4 of CLA tell of secure messaging. */
    const char *name = cla < 0 || ins < 0
                           ? "other"
                           : oc_latency_class((uint8_t)(cla & 0xF3), (uint8_t)ins, p1 < 0 ? 0xFF : (uint8_t)p1);
    if (strcmp(name, "other") == 0 && cla >= 0 && ins >= 0) {
        name = oc_latency_class((uint8_t)cla, (uint8_t)ins, p1 < 0 ? 0xFF : (uint8_t)p1);
    }
    if (strcmp(name, "other") != 0) {
        fprintf(out, "<b>%s</b>", name);
        put_parameters(out, name, p1, known_byte(&step->p2));
        if ((cla & 0x0C) == 0x04 && (cla & 0xF0) != 0xB0) {
            fputs(", ", out);
            oc_pen_both(out, "安全报文", "secure messaging");
        }
        fputs(": ", out);
    } else {
        oc_pen_both(out, "命令", "command");
    }
    put_field(out, "CLA", &step->cla);
    put_field(out, "INS", &step->ins);
    put_field(out, "P1", &step->p1);
    put_field(out, "P2", &step->p2);
    if (step->data.count > 0) {
        fputs(", ", out);
        oc_pen_both(out, "数据", "data");
        fputc(' ', out);
        oc_pen_value(out, &step->data);
    }
    if (step->has_le) {
        put_field(out, ", Le", &step->le);
    }
}

static void put_arguments(FILE *out, const oc_step *step)
{
    for (size_t i = 0; i < step->argument_count; i++) {
        fputs(i == 0 ? ": " : ", ", out);
        oc_pen_text(out, step->arguments[i].name);
        fputs(" = ", out);
        oc_pen_value(out, &step->arguments[i].value);
    }
}

static void put_fault(FILE *out, const oc_step *step)
{
    static const struct words kinds[] = {
        {"tear", "写入若干字节后断电", "power fails after some bytes were written"},
        {"remove", "命令到达卡之前断电", "power goes before the command reaches the card"},
        {"mute", "卡已收到命令，应答丢失", "the card gets the command, its answer is lost"},
        {"delay", "应答推迟", "the answer is late"},
        {"sw", "以别的状态字代替应答", "another status word in place of the answer"},
        {"garble", "应答中一个字节被取反", "one byte of the answer is inverted"},
        {"data", "卡的状态字前换成别的数据", "other data before the card's status word"},
        {"cut", "应答被截短", "the answer is cut"},
        {"answer", "以别的字节代替整个应答", "other bytes in place of the whole answer"},
        {"pieces", "应答分块取出", "the answer comes in pieces"},
        {"take-out", "卡被取出", "the card is taken out"},
        {"put-in", "卡被重新插入", "the card is put in again"},
        {"swap", "换成另一张卡", "another card is in its place"},
    };
    oc_pen_both(out, "故障：", "fault: ");
    PUT_WORDS(out, kinds, step->name == NULL ? "" : step->name);
    put_arguments(out, step);
}

static void put_observation(FILE *out, const oc_step *step)
{
    static const char *const zh[] = {"必须出现", "可以出现", "不得出现"};
    static const char *const en[] = {"has to appear", "may appear", "must not appear"};
    const oc_observation *observation = step->observation;
    oc_pen_both(out, "查看终端所引起的交换", "look at the exchanges that the terminal caused");
    if (observation == NULL) {
        return;
    }
    if (observation->fixed) {
        fputs(", ", out);
        oc_pen_both(out, "按此次序", "in this order");
    }
    fputs("<ul>", out);
    for (size_t i = 0; i < observation->count; i++) {
        const oc_pattern *pattern = &observation->patterns[i];
        fputs("<li>", out);
        oc_pen_both(out, zh[pattern->kind], en[pattern->kind]);
        fputs(": ", out);
        oc_pen_code(out, pattern->text == NULL ? "" : pattern->text);
        fputs("</li>", out);
    }
    fputs("</ul>", out);
}

static void put_call(FILE *out, const oc_step *step)
{
    oc_pen_both(out, "终端功能", "terminal function");
    fputc(' ', out);
    oc_pen_code(out, step->name);
    if (step->times > 1) {
        fprintf(out, " × %u", step->times);
    }
    put_arguments(out, step);
    if (step->beside != NULL) {
        fputs(", ", out);
        oc_pen_both(out, "同时由另一调用者调用", "at the same time a second caller calls");
        fputc(' ', out);
        oc_pen_code(out, step->second == NULL ? step->name : step->second);
    }
}

static void put_step(FILE *out, const oc_step *step)
{
    switch (step->kind) {
    case OC_STEP_APDU:
        put_apdu(out, step);
        break;
    case OC_STEP_TPDU:
        oc_pen_both(out, "按原样发送字节", "send these bytes as they are");
        put_field(out, "", &step->data);
        break;
    case OC_STEP_RESET:
        oc_pen_both(out, strcmp(step->name, "warm") == 0 ? "热复位" : "冷复位",
                    strcmp(step->name, "warm") == 0 ? "warm reset" : "cold reset");
        break;
    case OC_STEP_LET:
        oc_pen_both(out, "计算", "compute");
        fputc(' ', out);
        oc_pen_code(out, step->own_id);
        fputs(" = ", out);
        oc_pen_code(out, step->name);
        put_arguments(out, step);
        break;
    case OC_STEP_CALL:
        put_call(out, step);
        break;
    case OC_STEP_MESSAGE:
        oc_pen_both(out, "向后台发送报文", "send the back-end the message");
        fputc(' ', out);
        oc_pen_code(out, step->name);
        put_arguments(out, step);
        break;
    case OC_STEP_ISSUE:
        oc_pen_both(out, "发卡", "issue the card");
        put_arguments(out, step);
        break;
    case OC_STEP_ADVANCE:
        oc_pen_both(out, "时钟前进（秒）", "let the clock go on, seconds:");
        fprintf(out, " %ld", step->seconds);
        break;
    case OC_STEP_FAULT:
        put_fault(out, step);
        break;
    case OC_STEP_OBSERVE:
        put_observation(out, step);
        break;
    case OC_STEP_PROMPT:
        oc_pen_both(out, "请操作员：", "ask the operator: ");
        oc_pen_both(out, step->name_zh == NULL ? "" : step->name_zh, step->name == NULL ? "" : step->name);
        break;
    }
}

static bool is_silent(const oc_step *step)
{
    return step->kind != OC_STEP_APDU && step->kind != OC_STEP_TPDU && step->kind != OC_STEP_CALL &&
           step->kind != OC_STEP_MESSAGE && step->kind != OC_STEP_RESET;
}

static void put_actor(FILE *out, const oc_step *step)
{
    static const struct words actors[] = {
        {"psam", "PSAM：", "PSAM: "},
        {"host", "后台：", "back-end: "},
        {"issuer", "发卡方：", "issuer: "},
    };
    if (step->actor != NULL && strcmp(step->actor, "card") != 0 && strcmp(step->actor, "terminal") != 0 &&
        step->actor[0] != '\0' && step->kind != OC_STEP_MESSAGE) {
        PUT_WORDS(out, actors, step->actor);
    }
}

void oc_spec_step(FILE *out, const oc_step *step)
{
    put_actor(out, step);
    put_step(out, step);
}

/* What prepares a case: a failure there decides nothing, so that only what is done is told. */
static size_t put_routine(FILE *out, const oc_step *steps, size_t count)
{
    size_t len = 1;
    while (len < count && steps[len].routine != NULL && strcmp(steps[len].routine, steps[0].routine) == 0) {
        len++;
    }
    fputs("<li class=\"routine\">", out);
    oc_pen_both(out, "例程", "routine");
    fputc(' ', out);
    oc_pen_code(out, steps[0].routine);
    fputs("<ul>", out);
    for (size_t i = 0; i < len; i++) {
        fputs("<li>", out);
        oc_spec_step(out, &steps[i]);
        fputs("</li>", out);
    }
    fputs("</ul></li>\n", out);
    return len;
}

void oc_spec_steps(FILE *out, const oc_step *steps, size_t count, const char *zh, const char *en)
{
    if (count == 0) {
        return;
    }
    fputs("<p class=\"part\">", out);
    oc_pen_both(out, zh, en);
    fputs("</p>\n<ol class=\"steps\">\n", out);
    for (size_t i = 0; i < count;) {
        if (steps[i].routine != NULL) {
            i += put_routine(out, &steps[i], count - i);
            continue;
        }
        fputs("<li>", out);
        oc_pen_code(out, steps[i].id);
        fputc(' ', out);
        oc_spec_step(out, &steps[i]);
        if (!is_silent(&steps[i])) {
            oc_spec_expect(out, &steps[i]);
        }
        fputs("</li>\n", out);
        i++;
    }
    fputs("</ol>\n", out);
}
