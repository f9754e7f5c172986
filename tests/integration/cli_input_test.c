/* SPDX-License-Identifier: Apache-2.0 */
/* Bad input of every kind: one clear line with file and line, the documented exit code, earlier results untouched. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "tests/integration/cli_kit.h"

#define SKIPPED 77

static oc_cli_kit kit;
static oc_buf earlier; /* result.xml of a run before */

static void read_result(oc_buf *out)
{
    char path[PATH_MAX];
    oc_temp_path(path, kit.out, "result.xml");
    OC_ASSERT_OK(oc_file_read(out, path, OC_BUF_MAX, NULL));
}

static void make_earlier_results(void)
{
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--profile", OC_CARD_3, "-k", "CARD.PIN.VERIFY"), NULL), 0);
    read_result(&earlier);
    CU_ASSERT(earlier.len > 0);
}

static void expect_earlier_results(void)
{
    oc_buf now = {0};
    read_result(&now);
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&now), oc_buf_span(&earlier)));
    oc_buf_free(&now);
}

#define HEAD                                                                                                          \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<suite xmlns=\"urn:onecard:vectors:1\" area=\"card\">\n"             \
    "<title xml:lang=\"zh\">一</title><title xml:lang=\"en\">One</title>\n"
#define CASE                                                                                                          \
    "<case id=\"CARD.X\" rev=\"1\" touches=\"volatile\"><title xml:lang=\"zh\">一</title>"                           \
    "<title xml:lang=\"en\">One</title>\n"
#define REQ "<req>SSC.PIN.VERIFY</req>\n"
#define TAIL "</case></suite>\n"
#define APDU(rest) "<apdu id=\"a\" cla=\"00\" ins=\"84\" p1=\"00\" p2=\"00\"" rest

/* Lines: 1 declaration, 2 suite, 3 titles, 4 case, 5 req or if, 6 what follows. */
static const struct {
    const char *command;
    const char *name;
    const char *text;
    long line;
    const char *part;
} files[] = {
    {"run", "malformed.xml", HEAD CASE REQ "<steps></case></suite>", 6, "mismatch"},
    {"run", "schema.xml", HEAD CASE REQ "<steps><jump/></steps>" TAIL, 6, "jump"},
    {"run", "doctype.xml", "<!DOCTYPE suite>\n" HEAD "</suite>", 1, "DOCTYPE"},
    {"run", "laughs.xml",
     "<!DOCTYPE suite [\n<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\n"
     "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>\n"
     "<suite>&d;</suite>",
     1, "DOCTYPE"},
    {"run", "function.xml", HEAD CASE REQ "<steps><let id=\"x\" fn=\"system\"/></steps>" TAIL, 6, "system"},
    {"run", "routine.xml", HEAD CASE REQ "<steps><use routine=\"gone\"/></steps>" TAIL, 6, "gone"},
    {"run", "hex.xml", HEAD CASE REQ "<steps>" APDU(" data=\"001\"/></steps>") TAIL, 6, "001"},
    {"run", "import.xml", HEAD "<import routines=\"gone.xml\"/>\n" CASE REQ "<steps>" APDU("/></steps>") TAIL, 0,
     "gone.xml"},
    {"run", "edit.xml",
     HEAD CASE REQ "<steps>" APDU("/></steps>\n<negative id=\"CARD.X.N\" because=\"tac\"><edit drop=\"b\"/>"
                                  "<expect step=\"a\"><sw>6A82</sw></expect></negative>") TAIL,
     7, "step b"},
    {"run", "unknown.xml", HEAD CASE "<req>SSC.NOT.THERE</req>\n<steps>" APDU("/></steps>") TAIL, 4, "SSC.NOT.THERE"},
    {"run", "nowhere.xml", HEAD CASE REQ "<steps>" APDU(" data=\"$gone\"/></steps>") TAIL, 6, "$gone"},
    {"lint", "requirement.xml", HEAD CASE "<req>SSC.NOT.THERE</req>\n<steps>" APDU("/></steps>") TAIL, 4,
     "SSC.NOT.THERE"},
    {"lint", "capture.xml", HEAD CASE REQ "<steps>" APDU(" data=\"$gone\"/></steps>") TAIL, 6, "$gone"},
    {"lint", "term.xml", HEAD CASE REQ "<if>card.gone</if><steps>" APDU("/></steps>") TAIL, 4, "card.gone"},
    {"lint", "call.xml", HEAD CASE REQ "<if>terminal</if><steps><call fn=\"iGone\"/></steps>" TAIL, 6, "iGone"},
    {"lint", "tpdu.xml", HEAD CASE REQ "<steps><tpdu id=\"a\" bytes=\"00\"/></steps>" TAIL, 6, "link.raw-tpdu"},
};

static void bad_vectors(void)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[PATH_MAX];
        char place[PATH_MAX + 32];
        oc_temp_write(kit.folder, files[i].name, files[i].text);
        oc_temp_path(path, kit.folder, files[i].name);
        oc_program program;
        oc_kit_command(&program, &kit, files[i].command, OC_ARGS(path));
        snprintf(place, sizeof place, files[i].line > 0 ? "%s:%ld: " : "%s", files[i].name, files[i].line);
        const char *err = oc_program_err(&program);
        const char *at = files[i].line > 0 ? strstr(err, place) : err;
        bool as_wanted = program.code == 2 && oc_program_err_lines(&program) == 1 && at != NULL &&
                         strstr(at, files[i].part) != NULL;
        if (!as_wanted) {
            printf("\n    %s: exit code %d: %s", files[i].name, program.code, err);
        }
        CU_ASSERT_TRUE(as_wanted);
        oc_program_free(&program);
    }
    expect_earlier_results();
}

static void oversized_vectors(void)
{
    oc_buf text = {0};
    OC_ASSERT_OK(oc_buf_append(&text, oc_span_text(HEAD "<!-- ")));
    OC_ASSERT_OK(oc_buf_reserve(&text, text.len + (4u << 20) + 100));
    memset(text.at + text.len, 'x', 4u << 20);
    text.len += 4u << 20;
    OC_ASSERT_OK(oc_buf_append(&text, oc_span_of(" --></suite>", 13)));
    oc_temp_write(kit.folder, "large.xml", (const char *)text.at);
    char path[PATH_MAX];
    oc_temp_path(path, kit.folder, "large.xml");
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS(path), "large.xml: "), 2);
    oc_buf_free(&text);
    expect_earlier_results();
}

/* The shipped profile with one text replaced by another, beside the files that it refers to. */
static void break_profile(const char *name, const char *was, const char *is)
{
    oc_buf text = {0};
    char path[PATH_MAX];
    oc_temp_path(path, "vectors/cards", name);
    OC_ASSERT_OK(oc_file_read(&text, path, 4u << 20, NULL));
    OC_ASSERT_OK(oc_buf_append_byte(&text, 0));
    char *at = strstr((char *)text.at, was);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    oc_buf changed = {0};
    OC_ASSERT_OK(oc_buf_append(&changed, oc_span_of(text.at, (size_t)(at - (char *)text.at))));
    OC_ASSERT_OK(oc_buf_append(&changed, oc_span_text(is)));
    OC_ASSERT_OK(oc_buf_append(&changed, oc_span_of(at + strlen(was), strlen(at + strlen(was)) + 1)));
    oc_temp_write(kit.folder, name, (const char *)changed.at);
    oc_buf_free(&changed);
    oc_buf_free(&text);
}

static void bad_profiles(void)
{
    static const struct {
        const char *was;
        const char *is;
    } rows[] = {
        {"<pin value=\"286719\"", "<pin value=\"28671X\""},
        {"<pin value=\"286719\"", "<pin value=\"2867191234567\""},
        {"<pin value", "<pim value"},
    };
    static const char *const beside[] = {"structure-3.0.xml", "test-keys.xml", "pki-3.0.xml"};
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        break_profile(beside[i], "", "");
    }
    char path[PATH_MAX];
    oc_temp_path(path, kit.folder, "ssc-3.0.xml");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        break_profile("ssc-3.0.xml", rows[i].was, rows[i].is);
        CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--profile", path), "ssc-3.0.xml:11: "), 2);
    }
    expect_earlier_results();
}

static void misuse(void)
{
    static const struct {
        const char *arguments[4];
        const char *part;
        int code;
    } rows[] = {
        {{"-k", "no-such-case", NULL}, "nothing selected", 4},
        {{"-t", "terminal and flow", NULL}, "nothing selected", 4},
        {{"-k", "(", NULL}, "regular expression", 2},
        {{"-t", "colour", NULL}, "colour", 2},
        {{"--card", "frobnicator", NULL}, "frobnicator is no device", 2},
        {{"--psam", "frobnicator", NULL}, "frobnicator is no device", 2},
        {{"--card", "none", NULL}, "a card", 2},
        {{"--card", "exec:true", NULL}, "--profile", 2},
        {{"--profile", "vectors/cards/describe-only.xml", NULL}, "only describes", 2},
        {{"--profile", "vectors/cards/test-keys.xml", NULL}, "test-keys.xml:", 2},
        {{"--profile", "vectors/cards/gone.xml", NULL}, "gone.xml", 2},
        {{"vectors/gone", NULL}, "vectors/gone: no such file", 2},
        {{"--resume", "--repeat", "2", NULL}, "--resume does not go with --repeat", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", rows[i].arguments, rows[i].part), rows[i].code);
    }
    /* argp adds a line that names --help */
    static const char *const options[] = {
        "--frob",      "--via=air",      "--shard=3/2", "--shard=0/2",    "-j0",          "--seed=-1", "--timeout=0",
        "--allow=all", "--format=pdf=x", "--keys=all",  "--format=html=", "--repeat=none"};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        oc_program program;
        oc_kit_command(&program, &kit, "run", OC_ARGS(options[i]));
        CU_ASSERT_EQUAL(program.code, 2);
        CU_ASSERT_EQUAL(oc_program_err_lines(&program), 2);
        CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_err(&program), "--help"));
        oc_program_free(&program);
    }
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "frob", OC_ARGS("x"), "no command is called frob"), 2);
    expect_earlier_results();
}

static void output_that_cannot_be_written(void)
{
    oc_cli_kit other = kit;
    oc_temp_write(kit.folder, "file", "in the way");
    oc_temp_path(other.out, kit.folder, "file");
    CU_ASSERT_EQUAL(oc_kit_said(&other, "run", OC_ARGS("--profile", OC_CARD_3), "not a folder"), 3);
    oc_temp_path(other.out, kit.folder, "file/below");
    CU_ASSERT_EQUAL(oc_kit_said(&other, "run", OC_ARGS("--profile", OC_CARD_3), "file"), 3);
    strcpy(other.out, "/proc/onecard-test");
    CU_ASSERT_EQUAL(oc_kit_said(&other, "run", OC_ARGS("--profile", OC_CARD_3), "/proc/onecard-test: "), 3);
    char report[PATH_MAX];
    oc_temp_path(report, kit.folder, "file/junit.xml");
    char format[PATH_MAX + 16];
    snprintf(format, sizeof format, "junit=%s", report);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run",
                                OC_ARGS("--profile", OC_CARD_3, "-k", "CARD.PIN.VERIFY", "--format", format),
                                "junit.xml"),
                    3);
}

/* As a user without rights: by setpriv when this is root. */
static void output_without_rights(void)
{
    char folder[PATH_MAX];
    oc_temp_path(folder, kit.folder, "locked");
    CU_ASSERT_EQUAL_FATAL(mkdir(folder, 0555), 0);
    CU_ASSERT_EQUAL_FATAL(chmod(kit.folder, 0755), 0);
    char out[PATH_MAX];
    oc_temp_path(out, folder, "out");
    const char *as_nobody[] = {"setpriv",
                               "--reuid=65534",
                               "--regid=65534",
                               "--clear-groups",
                               OC_ONECARD,
                               "run",
                               "-q",
                               "-o",
                               out,
                               "--profile",
                               OC_CARD_3,
                               NULL};
    /* A checkout in a folder that is root's alone cannot be read by anyone else. */
    const char *probe[] = {"setpriv",  "--reuid=65534", "--regid=65534",          "--clear-groups",
                           OC_ONECARD, "list",          "vectors/card/reset.xml", NULL};
    bool root = geteuid() == 0;
    oc_program program;
    oc_program_run(&program, root ? probe : probe + 4);
    bool possible = program.code == 0;
    oc_program_free(&program);
    if (!possible) {
        printf("\n    skipped: another user cannot run the program here");
        return;
    }
    oc_program_run(&program, root ? as_nobody : as_nobody + 4);
    CU_ASSERT_EQUAL(program.code, 3);
    CU_ASSERT_EQUAL(oc_program_err_lines(&program), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_err(&program), "locked/out: "));
    oc_program_free(&program);
}

/* A file system of 96 KiB, where this process may mount one. */
static void full_disk(void)
{
    char folder[PATH_MAX];
    oc_temp_path(folder, kit.folder, "small");
    CU_ASSERT_EQUAL_FATAL(mkdir(folder, 0755), 0);
    char script[3 * PATH_MAX];
    snprintf(script, sizeof script,
             "mount -t tmpfs -o size=96k none '%s' 2>&- || exit 77; '%s' run -q -o '%s/out' --profile " OC_CARD_3,
             folder, OC_ONECARD, folder);
    const char *argv[] = {"unshare", "-m", "sh", "-c", script, NULL};
    oc_program program;
    oc_program_run(&program, argv);
    if (program.code == SKIPPED || strstr(oc_program_err(&program), "unshare") != NULL) {
        printf("\n    skipped: no file system can be mounted here");
    } else {
        CU_ASSERT_EQUAL(program.code, 3);
        /* the journal, and the result that was to be made from it */
        CU_ASSERT(oc_program_err_lines(&program) <= 2);
        CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_err(&program), "run.journal: cannot write: No space left on device"));
    }
    oc_program_free(&program);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"earlier results", make_earlier_results},
        {"bad vectors", bad_vectors},
        {"oversized vectors", oversized_vectors},
        {"bad profiles", bad_profiles},
        {"misuse", misuse},
        {"output that cannot be written", output_that_cannot_be_written},
        {"output without rights", output_without_rights},
        {"a full disk", full_disk},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("bad input", rows);
    oc_kit_close(&kit);
    oc_buf_free(&earlier);
    return code;
}
