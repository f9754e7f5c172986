/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/cli/cli.h"
#include "conformance/cli/words.h"
#include "conformance/run/ics.h"
#include "sim/base/file.h"
#include "sim/base/xml.h"

/* onecard ics: asks for the declaration of an item, on a terminal or from a pipe. */

#define ANSWER_MAX 500

struct asking {
    oc_xml_doc *terms;
    xmlTextWriterPtr writer;
    bool bad;   /* the writer */
    bool ended; /* no more answers */
    enum oc_ics_kind kind;
};

/* Questions whose answer becomes an attribute. */
struct question {
    const char *attribute;
    const char *en;
    const char *zh;
    bool needed;
};

static const struct question about_ics[] = {
    {"id", "number of this declaration", "声明编号", true},
    {"date", "its date, YYYY-MM-DD", "声明日期", false},
    {NULL, NULL, NULL, false},
};
static const struct question about_vendor[] = {
    {"name", "supplier of the item", "供应单位", true},
    {"address", "address", "地址", false},
    {"contact", "contact", "联系人", false},
    {NULL, NULL, NULL, false},
};
static const struct question about_item[] = {
    {"model", "model", "型号", true},
    {"hardware-version", "hardware version", "硬件版本", false},
    {"software-version", "software version", "软件版本", false},
    {"serial", "serial number", "序列号", false},
    {"interface", "interface (contact, contactless, USB, ...)", "接口", false},
    {NULL, NULL, NULL, false},
};

/* One line without its end and the blanks around it; at the end of the input *ended. */
static void read_answer(struct asking *asking, char out[ANSWER_MAX + 1])
{
    char line[ANSWER_MAX + 2];
    out[0] = '\0';
    if (asking->ended || fgets(line, sizeof line, stdin) == NULL) {
        asking->ended = true;
        return;
    }
    size_t len = strcspn(line, "\r\n");
    bool whole = strchr(line, '\n') != NULL;
    while (len > 0 && line[len - 1] == ' ') {
        len--;
    }
    line[len] = '\0';
    snprintf(out, ANSWER_MAX + 1, "%s", line + strspn(line, " "));
    for (int c = whole ? '\n' : ' '; c != '\n' && c != EOF;) {
        c = getchar(); /* the rest of a line that is too long */
    }
}

static bool is_text(const char *answer)
{
    for (const char *c = answer; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7F) {
            return false;
        }
    }
    return xmlCheckUTF8((const xmlChar *)answer) == 1;
}

static void ask(struct asking *asking, const struct question *question)
{
    char answer[ANSWER_MAX + 1];
    do {
        fprintf(stderr, "%s / %s%s: ", question->zh, question->en, question->needed ? " *" : "");
        read_answer(asking, answer);
    } while (!asking->ended && (!is_text(answer) || (question->needed && answer[0] == '\0')));
    if (answer[0] != '\0') {
        asking->bad = asking->bad || xmlTextWriterWriteAttribute(asking->writer, (const xmlChar *)question->attribute,
                                                                 (const xmlChar *)answer) < 0;
    }
}

static void ask_all(struct asking *asking, const struct question *questions)
{
    for (const struct question *question = questions; question->attribute != NULL && !asking->ended; question++) {
        ask(asking, question);
    }
}

static bool open_element(struct asking *asking, const char *name)
{
    asking->bad = asking->bad || xmlTextWriterStartElement(asking->writer, (const xmlChar *)name) < 0;
    return !asking->bad;
}

static void close_element(struct asking *asking)
{
    asking->bad = asking->bad || xmlTextWriterEndElement(asking->writer) < 0;
}

static bool is_one_of(const char *answer, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcmp(answer, *words) == 0) {
            return true;
        }
    }
    return false;
}

static void ask_kind(struct asking *asking)
{
    static const char *const words[][4] = {
        [OC_ICS_CARD] = {"card", "c", "卡", NULL},
        [OC_ICS_TERMINAL] = {"terminal", "t", "终端", NULL},
        [OC_ICS_HOST] = {"host", "h", "后台", NULL},
    };
    char answer[ANSWER_MAX + 1];
    while (!asking->ended) {
        fputs("被测件种类：卡、终端、后台 / kind of item: card, terminal, host *: ", stderr);
        read_answer(asking, answer);
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (is_one_of(answer, words[i])) {
                asking->kind = (enum oc_ics_kind)i;
                asking->bad = asking->bad || xmlTextWriterWriteAttribute(asking->writer, (const xmlChar *)"kind",
                                                                         (const xmlChar *)words[i][0]) < 0;
                return;
            }
        }
    }
}

/* What vectors/terms.xml says of it; that of terminal.has(FUNCTION) for all functions. */
static const xmlNode *meaning_of(const struct asking *asking, const char *term, const char *lang)
{
    size_t name = strcspn(term, "(");
    for (const xmlNode *node = oc_xml_child(oc_xml_root(asking->terms), "term"); node != NULL;
         node = oc_xml_next(node, "term")) {
        const char *known = oc_xml_attr(node, "name");
        if (known == NULL || strcspn(known, "(") != name || strncmp(known, term, name) != 0) {
            continue;
        }
        for (const xmlNode *meaning = oc_xml_child(node, "meaning"); meaning != NULL;
             meaning = oc_xml_next(meaning, "meaning")) {
            const char *its = oc_xml_attr(meaning, "xml:lang");
            if (its != NULL && strcmp(its, lang) == 0) {
                return meaning;
            }
        }
    }
    return NULL;
}

static void print_meaning(const struct asking *asking, const char *term, const char *lang)
{
    const xmlNode *meaning = meaning_of(asking, term, lang);
    oc_buf text = {0};
    if (meaning != NULL && oc_is_ok(oc_xml_text(&text, meaning))) {
        fprintf(stderr, "%.*s ", (int)text.len, (const char *)text.at);
    }
    oc_buf_free(&text);
}

static void ask_term(struct asking *asking, const char *term)
{
    static const char *const yes[] = {"y", "yes", "是", "有", NULL};
    static const char *const no[] = {"n", "no", "否", "无", "", NULL};
    char answer[ANSWER_MAX + 1];
    bool supported = false;
    do {
        fprintf(stderr, "%s  ", term);
        print_meaning(asking, term, "zh");
        print_meaning(asking, term, "en");
        fputs("[y/N]: ", stderr);
        read_answer(asking, answer);
        supported = is_one_of(answer, yes);
    } while (!asking->ended && !supported && !is_one_of(answer, no));
    if (!asking->ended && open_element(asking, "declares")) {
        asking->bad = xmlTextWriterWriteAttribute(asking->writer, (const xmlChar *)"term", (const xmlChar *)term) <
                          0 ||
                      xmlTextWriterWriteAttribute(asking->writer, (const xmlChar *)"supported",
                                                  (const xmlChar *)(supported ? "true" : "false")) < 0;
        close_element(asking);
    }
}

static void ask_everything(struct asking *asking)
{
    char term[OC_ICS_TERM_MAX];
    asking->bad = xmlTextWriterStartDocument(asking->writer, "1.0", "UTF-8", NULL) < 0 ||
                  xmlTextWriterSetIndent(asking->writer, 1) < 0;
    open_element(asking, "ics");
    asking->bad = asking->bad || xmlTextWriterWriteAttribute(asking->writer, (const xmlChar *)"xmlns",
                                                             (const xmlChar *)"urn:onecard:ics:1") < 0;
    ask_all(asking, about_ics);
    open_element(asking, "vendor");
    ask_all(asking, about_vendor);
    close_element(asking);
    open_element(asking, "item");
    ask_kind(asking);
    ask_all(asking, about_item);
    close_element(asking);
    for (size_t i = 0; !asking->ended && oc_ics_term(asking->kind, i, term); i++) {
        ask_term(asking, term);
    }
    close_element(asking);
    asking->bad = asking->bad || xmlTextWriterEndDocument(asking->writer) < 0;
}

/* Loaded once more, so that no file is left that a run would not take. */
static oc_result write_checked(const oc_cli *cli, const char *path, oc_span text, oc_diag *diag)
{
    char schema[PATH_MAX];
    char draft[PATH_MAX];
    oc_ics *ics = NULL;
    OC_TRY(oc_cli_data_path(cli, schema, "reports/ics.xsd"));
    int len = snprintf(draft, sizeof draft, "%s.draft", path);
    if (len < 0 || (size_t)len >= sizeof draft) {
        return oc_fail(OC_E_LIMIT);
    }
    OC_TRY(oc_file_replace(draft, text, diag));
    oc_result r = oc_ics_load(&ics, draft, schema, diag);
    oc_ics_free(&ics);
    if (oc_is_ok(r)) {
        r = oc_file_replace(path, text, diag);
    }
    (void)remove(draft);
    return r;
}

static oc_result ask_and_write(const oc_cli *cli, const char *path, oc_diag *diag)
{
    char terms[PATH_MAX];
    struct asking asking = {.bad = false};
    xmlBufferPtr buffer = xmlBufferCreate();
    asking.writer = buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0);
    oc_result r = asking.writer == NULL ? oc_fail(OC_E_MEMORY) : oc_cli_data_path(cli, terms, "vectors/terms.xml");
    if (oc_is_ok(r)) {
        r = oc_xml_load(&asking.terms, terms, NULL, diag);
    }
    if (oc_is_ok(r)) {
        ask_everything(&asking);
        fputc('\n', stderr);
        r = asking.ended
                ? oc_diag_fail(diag, OC_E_USAGE, _("the answers ended before the questions; nothing was written"))
            : asking.bad ? oc_fail(OC_E_MEMORY)
                         : oc_ok();
    }
    if (asking.writer != NULL) {
        xmlFreeTextWriter(asking.writer);
    }
    if (oc_is_ok(r)) {
        r = write_checked(cli, path, oc_span_of(xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer)), diag);
    }
    xmlBufferFree(buffer);
    oc_xml_free(&asking.terms);
    return r;
}

static error_t take(int key, char *text, struct argp_state *state)
{
    const char **output = state->input;
    if (key != 'o') {
        return ARGP_ERR_UNKNOWN;
    }
    *output = text;
    return 0;
}

int oc_command_ics(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"output", 'o', "FILE", 0, "the declaration (default ics.xml)", 0},
        {0, 0, 0, 0, 0, 0},
    };
    static const struct argp argp = {
        options,
        take,
        "",
        "Ask for the declaration of an item under test, in Chinese and English, and write "
        "it. Answers may come from a pipe, one a line; an empty line is no answer, and no."
        "\vonecard run --ics FILE tests what is declared.",
        NULL,
        NULL,
        NULL};
    const char *output = "ics.xml";
    int code = oc_cli_parse(&argp, argc, argv, &output);
    if (code != OC_EXIT_OK) {
        return code;
    }
    oc_diag diag = {0};
    oc_result r = ask_and_write(cli, output, &diag);
    if (oc_is_ok(r)) {
        printf("%s\n", output);
        return OC_EXIT_OK;
    }
    oc_cli_complain(r, &diag);
    return r.code == OC_E_IO ? OC_EXIT_INFRASTRUCTURE : oc_cli_input_exit(r);
}
