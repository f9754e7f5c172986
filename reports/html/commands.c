/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/commands.h"

#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=,@%+"
/* What stands for itself in a regular expression. */
#define LITERAL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

static void put(oc_pen *pen, oc_buf *out, const char *text, size_t len)
{
    pen->bad = pen->bad || !oc_is_ok(oc_buf_append(out, oc_span_of(text, len)));
}

static void put_text(oc_pen *pen, oc_buf *out, const char *text)
{
    put(pen, out, text, strlen(text));
}

/* A word of its own for a POSIX shell. */
static void put_word(oc_pen *pen, oc_buf *out, const char *text)
{
    put_text(pen, out, " ");
    if (text[0] != '\0' && text[strspn(text, PLAIN)] == '\0') {
        put_text(pen, out, text);
        return;
    }
    put_text(pen, out, "'");
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, "'");
        put(pen, out, at, len);
        at += len;
        if (*at == '\'') {
            put_text(pen, out, "'\\''");
            at++;
        }
    }
    put_text(pen, out, "'");
}

static void put_option(oc_pen *pen, oc_buf *out, const char *option, const xmlNode *pass, const char *name)
{
    const char *value = oc_xml_attr(pass, name);
    if (value != NULL && value[0] != '\0') {
        put_text(pen, out, option);
        put_word(pen, out, value);
    }
}

/* The id and nothing else, as a regular expression. */
static void put_filter(oc_pen *pen, oc_buf *out, const char *id)
{
    oc_buf pattern = {0};
    put_text(pen, &pattern, "^");
    for (const char *at = id; *at != '\0'; at++) {
        bool escape = strchr(LITERAL, *at) == NULL && (unsigned char)*at < 0x80;
        put(pen, &pattern, "\\", escape);
        put(pen, &pattern, at, 1);
    }
    put(pen, &pattern, "$", 2);
    put_text(pen, out, " -k");
    if (!pen->bad) {
        put_word(pen, out, (const char *)pattern.at);
    }
    oc_buf_free(&pattern);
}

static void put_pass(oc_pen *pen, oc_buf *out, const xmlNode *pass)
{
    const char *card = oc_xml_attr(pass, "card");
    const char *transport = oc_xml_attr(pass, "transport");
    if (card != NULL && strcmp(card, "virtual") != 0) {
        put_option(pen, out, " --card", pass, "card");
    }
    put_option(pen, out, " --terminal", pass, "terminal");
    put_option(pen, out, " --host", pass, "host");
    put_option(pen, out, " --profile", pass, "profile-path");
    if (transport != NULL && (strcmp(transport, "inproc") == 0 || strcmp(transport, "pcsc") == 0)) {
        put_option(pen, out, " --via", pass, "transport");
    }
}

static void add(oc_pen *pen, xmlNode *finding, const char *name, oc_buf *text)
{
    if (!pen->bad) {
        oc_pen_add_n(pen, finding, name, (const char *)text->at, text->len);
    }
    oc_buf_free(text);
}

void oc_commands_write(oc_pen *pen, xmlNode *finding, const xmlNode *head, const oc_result_case *one)
{
    oc_buf run = {0};
    oc_buf replay = {0};
    const xmlNode *pass = oc_xml_child(head, "pass");
    while (pass != NULL && strcmp(oc_xml_attr(pass, "id"), one->pass) != 0) {
        pass = oc_xml_next(pass, "pass");
    }
    put_text(pen, &run, "onecard run");
    if (pass != NULL) {
        put_pass(pen, &run, pass);
    }
    put_option(pen, &run, " --seed", head, "seed");
    put_filter(pen, &run, one->id);
    put_text(pen, &run, " vectors");
    add(pen, finding, "run", &run);
    put_text(pen, &replay, "onecard replay result.xml");
    if (pass != NULL && oc_xml_next(oc_xml_child(head, "pass"), "pass") != NULL) {
        put_option(pen, &replay, " --pass", pass, "id");
    }
    put_word(pen, &replay, one->id);
    add(pen, finding, "replay", &replay);
}
