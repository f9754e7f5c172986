/* SPDX-License-Identifier: Apache-2.0 */
/* onecard mutate: what it says of mutants that are killed, survive, hang, crash or write nothing, by its exit code and its
 * record. The mutants are played by a script in front of the right program. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "tests/integration/cli_kit.h"

static oc_cli_kit kit;
static char catalogue[PATH_MAX];
static char script[PATH_MAX];

/* What the name of the mutant says. `started` gets a line for each run. */
static void write_script(void)
{
    char text[PATH_MAX * 3];
    snprintf(text, sizeof text,
             "#!/bin/sh\n"
             "m=${ONECARD_MUTANT:-none}; unset ONECARD_MUTANT\n"
             "echo \"$m\" >> %s/started\n"
             "case $m in\n"
             "*.hangs) exec sleep 60;;\n"
             "*.crashes) kill -SEGV $$;;\n"
             "*.silent) exit 0;;\n"
             "*.killed) export ONECARD_MUTANT=card.pin.any-accepted;;\n"
             "esac\n"
             "exec %s \"$@\"\n",
             kit.folder, OC_MUTANT);
    oc_temp_write(kit.folder, "program", text);
    oc_temp_path(script, kit.folder, "program");
    CU_ASSERT_EQUAL(chmod(script, 0755), 0);
}

#define SAME "<equivalent xml:lang=\"zh\">一样</equivalent><equivalent xml:lang=\"en\">the same</equivalent>"

/* The names of mutants, after each what its element holds beside its title; ended by NULL. */
static void write_catalogue(const char *program, const char *const *names)
{
    char text[PATH_MAX * 4];
    oc_wr wr = oc_wr_of(text, sizeof text - 1);
    int len = snprintf(text, sizeof text,
                       "<?xml version=\"1.0\"?>\n<mutants xmlns=\"urn:onecard:mutants:1\" actor=\"card\">"
                       "<run name=\"r\" seconds=\"12\"><program>%s</program><profile>ssc-3.0</profile>"
                       "<cases>card/pin.xml</cases></run>",
                       program);
    wr.len = (size_t)len;
    for (; names[0] != NULL; names += 2) {
        char one[1024];
        snprintf(one, sizeof one,
                 "\n<mutant id=\"card.test.%s\" violates=\"SSC.PIN.WRONG\" killed-by=\"CARD.PIN.VERIFY.WRONG\" "
                 "at=\"seam\"><title xml:lang=\"zh\">错</title><title xml:lang=\"en\">wrong</title>%s</mutant>",
                 names[0], names[1]);
        oc_wr_bytes(&wr, oc_span_text(one));
    }
    oc_wr_bytes(&wr, oc_span_text("</mutants>\n"));
    CU_ASSERT_FALSE(wr.bad);
    text[wr.len] = '\0';
    CU_ASSERT_TRUE(mkdir(catalogue, 0755) == 0 || access(catalogue, R_OK) == 0);
    oc_temp_write(catalogue, "card.xml", text);
}

/* The exit code; `part` has to stand in what it prints. */
static int mutate(const char *option, const char *part)
{
    oc_program program;
    oc_kit_command(&program, &kit, "mutate",
                   OC_ARGS("-q", "-j", "2", "--catalogue", catalogue, "-o", kit.out, "--quick", option));
    bool said = strstr(oc_program_out(&program), part) != NULL || strstr(oc_program_err(&program), part) != NULL;
    if (!said) {
        printf("\n%s%s\n", oc_program_out(&program), oc_program_err(&program));
    }
    CU_ASSERT_TRUE(said);
    int code = program.code;
    oc_program_free(&program);
    return code;
}

static bool record_has(const char *part)
{
    char path[PATH_MAX];
    oc_buf text = {0};
    oc_diag diag = {0};
    oc_temp_path(path, kit.out, "mutation.xml");
    OC_ASSERT_OK(oc_file_read(&text, path, (size_t)1024 * 1024, &diag));
    OC_ASSERT_OK(oc_buf_append(&text, oc_span_of("", 1)));
    bool has = strstr((const char *)text.at, part) != NULL;
    oc_buf_free(&text);
    return has;
}

static size_t started(void)
{
    char path[PATH_MAX];
    oc_buf text = {0};
    oc_diag diag = {0};
    size_t lines = 0;
    oc_temp_path(path, kit.folder, "started");
    OC_ASSERT_OK(oc_file_read(&text, path, 65536, &diag));
    for (size_t i = 0; i < text.len; i++) {
        lines += text.at[i] == '\n';
    }
    oc_buf_free(&text);
    return lines;
}

static void one_that_is_killed(void)
{
    write_catalogue(script, OC_ARGS("killed", ""));
    CU_ASSERT_EQUAL(mutate("-q", "100.00 %"), 0);
    CU_ASSERT_TRUE(record_has("status=\"killed\" by-requirement=\"true\" by-check=\"true\" by-case=\"true\""));
    CU_ASSERT_TRUE(record_has("case=\"CARD.PIN.VERIFY.WRONG\""));
    size_t before = started();
    CU_ASSERT_EQUAL(mutate("--resume", "100.00 %"), 0);
    CU_ASSERT_EQUAL(started(), before + 1); /* the right one only */
}

/* A mutant that does nothing survives; runs that come to no end, or leave no record, kill nothing. */
static void others_in_one_campaign(void)
{
    static const char *const wanted[] = {
        "card.test.nothing\" actor=\"card\" violates=\"SSC.PIN.WRONG\" killed-by=\"CARD.PIN.VERIFY.WRONG\" "
        "at=\"seam\" "
        "status=\"survived\"",
        "status=\"equivalent\"",
        "status=\"contradicted\"",
        "signal 11",
        "did not end within 12 s",
        "result.xml",
        "mutants=\"7\" killed=\"1\" survived=\"1\" equivalent=\"1\" contradicted=\"1\" error=\"3\""};
    write_catalogue(script, OC_ARGS("killed", "", "nothing", "", "crashes", "", "silent", "", "hangs", "",
                                    "same.nothing", SAME, "same.killed", SAME));
    CU_ASSERT_EQUAL(mutate("-q", "Survivors:\n  card.test.nothing"), 1);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        CU_ASSERT_TRUE(record_has(wanted[i]));
    }
}

static void nothing_can_be_said(void)
{
    write_catalogue(script, OC_ARGS("killed", "", "silent", ""));
    CU_ASSERT_EQUAL(mutate("-q", "Nothing can be said of:\n  card.test.silent"), 3);
}

static void the_right_one_has_to_pass(void)
{
    char wrong[PATH_MAX];
    oc_temp_write(kit.folder, "wrong", "#!/bin/sh\nONECARD_MUTANT=card.pin.any-accepted exec " OC_MUTANT " \"$@\"\n");
    oc_temp_path(wrong, kit.folder, "wrong");
    CU_ASSERT_EQUAL(chmod(wrong, 0755), 0);
    write_catalogue(wrong, OC_ARGS("killed", ""));
    CU_ASSERT_EQUAL(mutate("-q", "not clean without a mutant"), 3);
}

static void what_cannot_be_run_is_refused(void)
{
    write_catalogue(script, OC_ARGS("killed", ""));
    CU_ASSERT_EQUAL(mutate("-knever", "never"), 4);
    CU_ASSERT_EQUAL(mutate("-k(", "regular expression"), 2);
    write_catalogue(script, OC_ARGS("killed", "<nonsense/>"));
    CU_ASSERT_EQUAL(mutate("-q", "card.xml:3: "), 2);
    CU_ASSERT_EQUAL(mutate("--jobs=0", "not a number"), 2);
}

int main(void)
{
    const oc_test_row rows[] = {{"script", write_script},
                                {"one that is killed, and --resume", one_that_is_killed},
                                {"others in one campaign", others_in_one_campaign},
                                {"nothing can be said", nothing_can_be_said},
                                {"the right one has to pass", the_right_one_has_to_pass},
                                {"what cannot be run is refused", what_cannot_be_run_is_refused},
                                {NULL, NULL}};
    oc_kit_open(&kit);
    oc_temp_path(catalogue, kit.folder, "catalogue");
    int code = oc_test_main("onecard mutate", rows);
    oc_kit_close(&kit);
    return code;
}
