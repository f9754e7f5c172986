/* SPDX-License-Identifier: Apache-2.0 */
/* Terminals that are none, over the line protocol (conformance/dut/README.md):
 *     null_terminal code N | echo | fixed | random SEED | likely SEED | silent
 * They never look at a card. Whatever a vector accepts from one of them it would accept from a broken terminal. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum mode { CODE, ECHO, FIXED, RANDOM, LIKELY, SILENT };

struct null_terminal {
    enum mode mode;
    long long code;
    uint64_t state; /* of xorshift64, Marsaglia 2003 */
};

/* The basic data of a card that is nobody's. */
static const char basic_data[] =
    "990000|990000200001010011|A00000000|99000020000101001100000000000000|样本|"
    "4F432868999901200000|2.00|20200101|20300101|000000000000|00000000000000000000000000000000|";

static uint64_t next(struct null_terminal *terminal)
{
    terminal->state ^= terminal->state << 13;
    terminal->state ^= terminal->state >> 7;
    terminal->state ^= terminal->state << 17;
    return terminal->state;
}

/* An answer depends on the seed and on what was asked since the case began, so that a case has the same luck whatever
 * ran before it. */
static void stir(struct null_terminal *terminal, const char *text)
{
    for (; *text != '\0'; text++) {
        terminal->state ^= (uint8_t)*text;
        terminal->state *= 0x100000001B3; /* FNV-1a */
    }
    terminal->state |= 1;
    for (int i = 0; i < 8; i++) {
        (void)next(terminal);
    }
}

/* All that was sent, each argument closed by a bar. */
static void answer_by_echo(json_t *answer, const json_t *question)
{
    char out[4096] = "";
    size_t len = 0;
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(question, "args"), name, value)
    {
        const char *text = json_string_value(value);
        size_t more = text == NULL ? 0 : strlen(text);
        if (len + more + 2 <= sizeof out) {
            memcpy(out + len, text, more);
            len += more;
            out[len++] = '|';
        }
    }
    out[len] = '\0';
    json_object_set_new(answer, "code", json_integer(0));
    json_object_set_new(answer, "out", json_string(out));
}

/* Any number, and any characters that a JSON text may hold. */
static void answer_at_random(struct null_terminal *terminal, json_t *answer, const json_t *question)
{
    char out[64];
    stir(terminal, json_string_value(json_object_get(question, "call")));
    size_t len = next(terminal) % sizeof out;
    for (size_t i = 0; i < len; i++) {
        out[i] = (char)(' ' + next(terminal) % ('~' - ' ' + 1));
    }
    json_object_set_new(answer, "code", json_integer((int32_t)next(terminal)));
    json_object_set_new(answer, "out", json_stringn(out, len));
}

/* A code of the standard's table or of a status word, and with success some output. */
static void answer_by_chance(struct null_terminal *terminal, json_t *answer, const json_t *question)
{
    static const int codes[] = {0,   0,   0,   0,   0,   -1,  -2,  -4,  -11,   -12,   -14,   -22,    -23,
                                -31, -32, -33, -34, -41, -42, -51, -52, -2201, -2203, -2204, -25537, -27010};
    static const char *const outs[] = {"", basic_data, "SSSEEF05|$", "01|", "SSSEEF06|样本|$"};
    stir(terminal, json_string_value(json_object_get(question, "call")));
    int code = codes[next(terminal) % (sizeof codes / sizeof codes[0])];
    const char *out = code != 0 ? "失败" : outs[next(terminal) % (sizeof outs / sizeof outs[0])];
    json_object_set_new(answer, "code", json_integer(code));
    json_object_set_new(answer, "out", json_string(out));
}

static void answer_call(struct null_terminal *terminal, json_t *answer, const json_t *question)
{
    switch (terminal->mode) {
    case CODE:
        json_object_set_new(answer, "code", json_integer(terminal->code));
        json_object_set_new(answer, "out", json_string(""));
        break;
    case ECHO:
        answer_by_echo(answer, question);
        break;
    case FIXED:
        json_object_set_new(answer, "code", json_integer(0));
        json_object_set_new(answer, "out", json_string(basic_data));
        break;
    case RANDOM:
        answer_at_random(terminal, answer, question);
        break;
    case LIKELY:
        answer_by_chance(terminal, answer, question);
        break;
    case SILENT:
        for (;;) {
            pause();
        }
    }
}

/* It says that it has every function. */
static void answer_hello(json_t *answer, const json_t *question)
{
    json_object_set_new(answer, "hello", json_string("null_terminal"));
    json_object_set(answer, "exports", json_object_get(question, "functions"));
}

static int serve(struct null_terminal *terminal)
{
    json_error_t error;
    json_t *question;
    while ((question = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &error)) != NULL) {
        json_t *answer = json_object();
        json_object_set(answer, "id", json_object_get(question, "id"));
        if (json_object_get(question, "call") == NULL) {
            answer_hello(answer, question);
        } else {
            answer_call(terminal, answer, question);
        }
        int failed = json_dumpf(answer, stdout, JSON_COMPACT);
        failed |= fputc('\n', stdout) == EOF || fflush(stdout) != 0;
        json_decref(answer);
        json_decref(question);
        if (failed) {
            return 1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const char *const names[] = {[CODE] = "code",     [ECHO] = "echo",     [FIXED] = "fixed",
                                        [RANDOM] = "random", [LIKELY] = "likely", [SILENT] = "silent"};
    struct null_terminal terminal = {.code = argc > 2 ? strtoll(argv[2], NULL, 10) : 0, .state = 1};
    for (size_t i = 0; argc > 1 && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(argv[1], names[i]) == 0) {
            terminal.mode = (enum mode)i;
            stir(&terminal, argc > 2 ? argv[2] : "");
            return serve(&terminal);
        }
    }
    fprintf(stderr, "usage: null_terminal code N|echo|fixed|random SEED|likely SEED|silent\n");
    return 2;
}
