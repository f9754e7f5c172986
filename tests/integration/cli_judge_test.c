/* SPDX-License-Identifier: Apache-2.0 */
/* onecard judge and onecard trace as a user calls them. */
#include <stdio.h>
#include <string.h>

#include "sim/base/file.h"
#include "tests/integration/cli_kit.h"

static void path_in(const oc_cli_kit *kit, const char *name, char out[PATH_MAX])
{
    oc_temp_path(out, kit->folder, name);
}

static void write_file(const char *path, const char *text)
{
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_file_replace(path, oc_span_text(text), &diag));
}

/* Whether the file holds the text. */
static bool holds(const char *path, const char *part)
{
    oc_buf content = {0};
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_file_read(&content, path, (size_t)64 * 1024 * 1024, &diag));
    bool found = memmem(content.at, content.len, part, strlen(part)) != NULL;
    oc_buf_free(&content);
    return found;
}

static int command(const oc_cli_kit *kit, const char *name, const char *const *arguments)
{
    oc_program program;
    oc_kit_command(&program, kit, name, arguments);
    int code = program.code;
    oc_program_free(&program);
    return code;
}

/* A terminal that does as it should: nothing fails, and its cryptograms are what the profile's keys give. */
static void own_sessions_are_judged(void)
{
    oc_cli_kit kit;
    char result[PATH_MAX], journal[PATH_MAX], events[PATH_MAX], judged[PATH_MAX], report[PATH_MAX];
    oc_kit_open(&kit);
    path_in(&kit, "out/result.xml", result);
    path_in(&kit, "out/run.journal", journal);
    path_in(&kit, "events", events);
    path_in(&kit, "judged", judged);
    path_in(&kit, "judged/result.xml", report);
    CU_ASSERT_EQUAL(command(&kit, "run",
                            OC_ARGS("--via", "inproc", "--profile", OC_CARD_3, "--events", events, "-k",
                                    "FLOW.AUT-1.READ|FLOW.MED-1.TERMINAL", "vectors/flows")),
                    0);
    const char *const traces[] = {result, journal, events};
    for (size_t i = 0; i < 3; i++) {
        int code = command(&kit, "judge", OC_ARGS("--profile", OC_CARD_3, "-o", judged, traces[i]));
        CU_ASSERT(code == 0 || code == 6);
        CU_ASSERT(holds(report, "<count verdict=\"FAIL\" n=\"0\"/>"));
        CU_ASSERT(holds(report, "observed, not provoked / 仅观察，未激发"));
        CU_ASSERT(holds(report, "<case id=\"SESSION.PROOF.MAC1\""));
    }
    oc_kit_close(&kit);
}

#define MAP                                                                                                           \
    "<log-map xmlns=\"urn:onecard:log-map:1\"><line kind=\"exchange\" match=\"^([0-9A-F]+) ([0-9A-F]+)$\" "           \
    "command=\"1\" answer=\"2\"/></log-map>"

/* Two authentications with one challenge: ISO/IEC 7816-4 itself, so a FAIL; and its cryptogram cannot be recomputed. */
static void a_log_of_a_vendor_is_judged(void)
{
    oc_cli_kit kit;
    char map[PATH_MAX], trace[PATH_MAX], result[PATH_MAX], junit[PATH_MAX];
    oc_kit_open(&kit);
    path_in(&kit, "map.xml", map);
    path_in(&kit, "vendor.log", trace);
    path_in(&kit, "out/result.xml", result);
    path_in(&kit, "out/junit.xml", junit);
    write_file(map, MAP);
    write_file(trace, "0020000003123456 9000\n0084000008 01020304050607089000\n"
                      "0082000410A1A2A3A4A5A6A7A8B1B2B3B4B5B6B7B8 63C2\n"
                      "0082000410A1A2A3A4A5A6A7A8B1B2B3B4B5B6B7B8 9000\n");
    CU_ASSERT_EQUAL(command(&kit, "judge", OC_ARGS("-q", "-o", kit.out, "--map", map, trace)), 1);
    CU_ASSERT(holds(result, "SESSION.AUTH.CHALLENGE") && holds(result, "verdict=\"FAIL\""));
    CU_ASSERT(holds(result, "it cannot be recomputed"));
    CU_ASSERT_FALSE(holds(result, "0020000003123456"));
    CU_ASSERT(holds(result, "0020000003{3 bytes}"));
    CU_ASSERT(holds(junit, "SESSION.AUTH.CHALLENGE"));
    oc_kit_close(&kit);
}

#define PURCHASE(version)                                                                                             \
    "B02801011302000000000000000100000002A1B2C3D4E5F6 6116\n00C0000016 "                                              \
    "00000000000000000000000000000000" version                                                                        \
    "03C467B55B9000\nB02C01000F0000000020260302091500D62DE2AA 6108\n00C0000008 615EDA2F7EBC93B99000\n"

/* A purchase of the profile's card under the second version of its key: the answer to INITIALIZE says which. */
static void the_version_of_a_key_is_the_observed_one(void)
{
    static const struct {
        const char *log, *verdict;
    } rows[] = {{PURCHASE("02"), "PASS"}, {PURCHASE("01"), "DEVIATION"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_cli_kit kit;
        char map[PATH_MAX], trace[PATH_MAX], result[PATH_MAX], wanted[120];
        oc_kit_open(&kit);
        path_in(&kit, "map.xml", map);
        path_in(&kit, "vendor.log", trace);
        path_in(&kit, "out/result.xml", result);
        write_file(map, MAP);
        write_file(trace, rows[i].log);
        (void)command(&kit, "judge", OC_ARGS("-q", "--profile", OC_CARD_3, "-o", kit.out, "--map", map, trace));
        snprintf(wanted, sizeof wanted, "<case id=\"SESSION.PROOF.MAC1\" pass=\"vendor.log\" verdict=\"%s\"",
                 rows[i].verdict);
        CU_ASSERT(holds(result, wanted));
        oc_kit_close(&kit);
    }
}

static void bad_input_is_told(void)
{
    oc_cli_kit kit;
    char trace[PATH_MAX];
    oc_kit_open(&kit);
    path_in(&kit, "trace", trace);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "judge", OC_ARGS("-o", kit.out), "which trace?"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "judge", OC_ARGS("-o", kit.out, "no-such-file"), "no-such-file"), 2);
    write_file(trace, "7F@>|10|5|SCardTransmit\nbroken\n");
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "judge", OC_ARGS("-o", kit.out, trace), "trace:2: a line without THREAD@"), 2);
    write_file(trace, "\x7F"
                      "ELF");
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "judge", OC_ARGS("-o", kit.out, trace), "needs --map"), 2);
    CU_ASSERT_EQUAL(
        oc_kit_said(&kit, "judge", OC_ARGS("-o", kit.out, "--rules", "vectors/terms.xml", trace), "no file of rules"),
        2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "trace", OC_ARGS(trace), "needs --map"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "trace", OC_ARGS("--follow", "--pcap", "x", trace), "--follow shows"), 2);
    oc_kit_close(&kit);
}

static void events_are_followed(void)
{
    oc_cli_kit kit;
    char events[PATH_MAX];
    oc_program program;
    oc_kit_open(&kit);
    path_in(&kit, "events", events);
    write_file(
        events,
        "{\"event\":\"apdu\",\"pass\":\"p\",\"case\":\"TERM.A\",\"actor\":\"card\",\"command\":"
        "\"0020000003{@pin}\",\"response\":\"63C2\",\"begin-ns\":1,\"duration-ns\":2000000}\n"
        "{\"event\":\"verdict\",\"pass\":\"p\",\"case\":\"TERM.A\",\"verdict\":\"FAIL\",\"reason\":\"\\u001b[31m\"}\n"
        "nonsense\n{\"event\":\"run-ended\",\"exit-code\":1}\n");
    oc_kit_command(&program, &kit, "trace", OC_ARGS("--follow", "--lang", "en", events));
    CU_ASSERT_EQUAL(program.code, 0);
    const char *const parts[] = {"== TERM.A",  "card -> 0020000003{@pin}  VERIFY", "card <- 63C2", "FAIL", "nonsense",
                                 "exit code 1"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), parts[i]));
    }
    CU_ASSERT_PTR_NULL(strchr(oc_program_out(&program), 0x1B));
    oc_program_free(&program);
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {{"own sessions are judged", own_sessions_are_judged},
                                       {"a log of a vendor is judged", a_log_of_a_vendor_is_judged},
                                       {"versions of keys", the_version_of_a_key_is_the_observed_one},
                                       {"bad input is told", bad_input_is_told},
                                       {"events are followed", events_are_followed},
                                       {NULL, NULL}};
    return oc_test_main("onecard judge and trace", rows);
}
