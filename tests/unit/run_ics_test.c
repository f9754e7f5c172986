/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conformance/cli/official.h"
#include "conformance/run/ics.h"
#include "sim/base/file.h"
#include "tests/support/oc_test.h"

#define HEAD "<ics xmlns=\"urn:onecard:ics:1\" id=\"I-1\"><vendor name=\"v\"/>"
#define TERMINAL "<item kind=\"terminal\" model=\"m\"/>"
#define HAS(function, supported) "<declares term=\"terminal.has(" function ")\" supported=\"" supported "\"/>"

static enum oc_code load(oc_ics **out, const char *text)
{
    char path[] = "/tmp/onecard-ics-XXXXXX";
    oc_diag diag = {0};
    int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    CU_ASSERT_EQUAL_FATAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    oc_result r = oc_ics_load(out, path, "reports/ics.xsd", &diag);
    unlink(path);
    CU_ASSERT_EQUAL(oc_is_ok(r), diag.reason[0] == '\0');
    CU_ASSERT_EQUAL(oc_is_ok(r), *out != NULL);
    return r.code;
}

static void declarations_are_checked(void)
{
    static const char *const bad[] = {
        "",
        "<ics/>",
        HEAD "</ics>",
        HEAD "<item kind=\"clock\" model=\"m\"/></ics>",
        HEAD TERMINAL "<declares term=\"terminal.has(iReadCard)\"/></ics>",
        HEAD TERMINAL HAS("iReadCard", "perhaps") "</ics>",
        HEAD TERMINAL HAS("iReadCard", "true") HAS("iReadCard", "false") "</ics>",
        HEAD TERMINAL HAS("iFly", "true") "</ics>",
        HEAD TERMINAL "<declares term=\"card.df04\" supported=\"true\"/></ics>",
        HEAD "<item kind=\"card\" model=\"m\"/>" HAS("iReadCard", "true") "</ics>",
        "<!DOCTYPE ics [<!ENTITY a \"b\">]>" HEAD TERMINAL "</ics>",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        oc_ics *ics = NULL;
        CU_ASSERT_EQUAL(load(&ics, bad[i]), OC_E_FORMAT);
        oc_ics_free(&ics);
    }
    oc_ics *ics = NULL;
    CU_ASSERT_EQUAL_FATAL(load(&ics, HEAD TERMINAL HAS("iReadCard", "true") "</ics>"), OC_E_OK);
    CU_ASSERT_EQUAL(oc_ics_kind(ics), OC_ICS_TERMINAL);
    CU_ASSERT_EQUAL(strlen(oc_ics_digest(ics)), 64);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_ics_xml(ics), "<ics xmlns"));
    oc_ics_free(&ics);
}

/* Everything is there but what `context` names. */
static oc_result answer(void *context, const oc_term *term, bool *value)
{
    *value = context == NULL || strcmp(term->argument, context) != 0;
    return oc_ok();
}

static void what_is_not_declared_does_not_apply(void)
{
    static const struct {
        const char *condition;
        const char *function; /* called, or NULL */
        const char *reason;   /* NULL: not excluded */
    } rows[] = {
        {"terminal and terminal.has(iReadCard)", NULL, NULL},
        {"terminal and terminal.has(iWriteCard)", NULL, "ICS: terminal.has(iWriteCard) not declared"},
        {"terminal and terminal.has(iVerifyPIN)", NULL, "ICS: terminal.has(iVerifyPIN) not declared"},
        {"terminal and not terminal.has(iWriteCard)", NULL, NULL},
        {"terminal.has(iWriteCard) or terminal.has(iReadCard)", NULL, NULL},
        {"terminal", "iWriteCard", "ICS: terminal.has(iWriteCard) not declared"},
        {"terminal", "iReadCard", NULL},
        {"card.df04", NULL, NULL}, /* a terminal has no say in it */
    };
    oc_ics *ics = NULL;
    CU_ASSERT_EQUAL_FATAL(load(&ics, HEAD TERMINAL HAS("iReadCard", "true") HAS("iWriteCard", "false") "</ics>"),
                          OC_E_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char reason[OC_ICS_REASON_MAX] = "";
        oc_step steps[1] = {{.kind = rows[i].function == NULL ? OC_STEP_APDU : OC_STEP_CALL,
                             .name = rows[i].function == NULL ? "" : rows[i].function}};
        const oc_case subject = {.id = "T", .applicability = rows[i].condition, .steps = steps, .step_count = 1};
        bool excluded = oc_ics_excludes(ics, &subject, answer, NULL, reason);
        CU_ASSERT_EQUAL(excluded, rows[i].reason != NULL);
        CU_ASSERT_STRING_EQUAL(reason, rows[i].reason == NULL ? "" : rows[i].reason);
        CU_ASSERT_FALSE(oc_ics_excludes(NULL, &subject, answer, NULL, reason));
    }
    oc_ics_free(&ics);
}

/* What is not there anyway is no matter of the declaration. */
static void what_is_not_there_is_not_undeclared(void)
{
    oc_ics *ics = NULL;
    char reason[OC_ICS_REASON_MAX] = "";
    const oc_case subject = {.id = "T", .applicability = "terminal.has(iWriteCard)"};
    CU_ASSERT_EQUAL_FATAL(load(&ics, HEAD TERMINAL "</ics>"), OC_E_OK);
    CU_ASSERT_FALSE(oc_ics_excludes(ics, &subject, answer, (void *)(uintptr_t) "iWriteCard", reason));
    oc_ics_free(&ics);
}

static void what_is_declared_must_be_there(void)
{
    oc_ics *ics = NULL;
    oc_diag diag = {0};
    CU_ASSERT_EQUAL_FATAL(load(&ics, HEAD TERMINAL HAS("iReadCard", "true") HAS("iWriteCard", "false") "</ics>"),
                          OC_E_OK);
    OC_ASSERT_OK(oc_ics_check(ics, answer, NULL, &diag));
    OC_ASSERT_OK(oc_ics_check(ics, answer, (void *)(uintptr_t) "iWriteCard", &diag));
    OC_ASSERT_CODE(oc_ics_check(ics, answer, (void *)(uintptr_t) "iReadCard", &diag), OC_E_USAGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "terminal.has(iReadCard) is declared"));
    oc_ics_free(&ics);
}

static void every_term_is_known(void)
{
    char term[OC_ICS_TERM_MAX];
    char *terms = NULL;
    oc_buf text = {0};
    OC_ASSERT_OK(oc_file_read(&text, "vectors/terms.xml", OC_BUF_MAX, NULL));
    OC_ASSERT_OK(oc_buf_append_byte(&text, 0));
    terms = (char *)text.at;
    size_t count = 0;
    for (unsigned kind = OC_ICS_CARD; kind <= OC_ICS_HOST; kind++) {
        for (size_t i = 0; oc_ics_term((enum oc_ics_kind)kind, i, term); i++, count++) {
            char key[200];
            size_t name = strcspn(term, "(");
            snprintf(key, sizeof key, "<term name=\"%.*s%s\"", (int)name, term, term[name] == '(' ? "(FUNCTION)" : "");
            CU_ASSERT_PTR_NOT_NULL(strstr(terms, key));
        }
    }
    CU_ASSERT(count > 30);
    oc_buf_free(&text);
}

/* A run that may be one of record, and each of the things that make it none. */
static void a_run_of_record_has_rules(void)
{
    oc_ics *ics = NULL;
    oc_ics *card = NULL;
    CU_ASSERT_EQUAL_FATAL(load(&ics, HEAD TERMINAL "</ics>"), OC_E_OK);
    CU_ASSERT_EQUAL_FATAL(load(&card, HEAD "<item kind=\"card\" model=\"m\"/></ics>"), OC_E_OK);
    const oc_official_facts good = {
        .build = "0123456789ab", .clock_source = "tsc", .ics = ics, .tests_terminal = true, .seed_given = true};
    CU_ASSERT_PTR_NULL(oc_official_objection(&good));
    struct {
        oc_official_facts facts;
        const char *part;
    } rows[14];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rows[i].facts = good;
    }
    rows[0].facts.build = "unknown";
    rows[0].part = "clean checkout";
    rows[1].facts.build = "0123456789ab+";
    rows[1].part = "clean checkout";
    rows[2].facts.build = "";
    rows[2].part = "clean checkout";
    rows[3].facts.clock_source = "hpet";
    rows[3].part = "clock source";
    rows[4].facts.ics = NULL;
    rows[4].part = "--ics";
    rows[5].facts.ics = card;
    rows[5].part = "another kind of item";
    rows[6].facts.tests_terminal = false;
    rows[6].part = "nothing is under test";
    rows[7].facts.selects = true;
    rows[7].part = "--filter";
    rows[8].facts.own_paths = true;
    rows[8].part = "PATH";
    rows[9].facts.is_shard = true;
    rows[9].part = "--shard";
    rows[10].facts.resumes = true;
    rows[10].part = "--resume";
    rows[11].facts.reveals = true;
    rows[11].part = "--reveal";
    rows[12].facts.repeats = true;
    rows[12].part = "--repeat";
    rows[13].facts.seed_given = false;
    rows[13].part = "--seed";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *why = oc_official_objection(&rows[i].facts);
        CU_ASSERT_PTR_NOT_NULL_FATAL(why);
        CU_ASSERT_PTR_NOT_NULL(strstr(why, rows[i].part));
    }
    oc_ics_free(&ics);
    oc_ics_free(&card);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"declarations are checked", declarations_are_checked},
        {"what is not declared does not apply", what_is_not_declared_does_not_apply},
        {"what is not there is not undeclared", what_is_not_there_is_not_undeclared},
        {"what is declared must be there", what_is_declared_must_be_there},
        {"every term is known", every_term_is_known},
        {"a run of record has rules", a_run_of_record_has_rules},
        {NULL, NULL},
    };
    return oc_test_main("run: declarations and runs of record", rows);
}
