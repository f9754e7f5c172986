/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/dut/terminal_dut.h"
#include "conformance/run/slots.h"
#include "sim/base/clock.h"
#include "sim/base/file.h"
#include "tests/support/oc_program.h"
#include "tests/support/oc_test.h"

/* Long enough for any machine, where an answer is expected; short where silence is. */
#define ANSWER_MS 30000
#define SILENCE_MS 300
#define MARK "ONECARD_TEST_MARK"

static char mark[64];
static oc_slots *slots; /* the cards that drivers find; NULL: none */
#define VARIABLES_MAX 8

static oc_terminal_dut *open_path(const char *path, int timeout_ms)
{
    const char *environment[VARIABLES_MAX] = {mark};
    const char *const *cards = slots == NULL ? environment + 1 : oc_slots_environment(slots);
    for (size_t i = 0; cards[i] != NULL && i + 2 < VARIABLES_MAX; i++) {
        environment[i + 1] = cards[i];
    }
    const oc_terminal_setup setup = {
        .environment = environment, .timeout_ms = timeout_ms, .host_program = OC_DRIVER_HOST};
    oc_terminal_dut *dut = NULL;
    oc_terminal_spec spec;
    oc_diag diag = {0};
    char text[OC_TERMINAL_SPEC_ROOM];
    snprintf(text, sizeof text, "driver:%s", path);
    OC_ASSERT_OK(oc_terminal_spec_parse(&spec, text, NULL));
    oc_result r = oc_terminal_dut_open(&dut, &spec, &setup, &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s\n", diag.reason);
    }
    OC_ASSERT_OK(r);
    return dut;
}

static oc_terminal_dut *open_way(const char *way, int timeout_ms)
{
    char path[OC_TERMINAL_SPEC_ROOM];
    snprintf(path, sizeof path, OC_NASTY "/nasty_%s.so", way);
    return open_path(path, timeout_ms);
}

/* One case with one call; the first breach of the three. */
static oc_breach run_case(oc_terminal_dut *dut, const char *function, const char *type, oc_fields *answer)
{
    oc_fields args = {0};
    oc_breach first;
    oc_breach second = {0};
    oc_breach third;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_fields_set_text(&args, "type", type));
    OC_ASSERT_OK(oc_fields_set_text(&args, "pin", "286719"));
    OC_ASSERT_OK(oc_terminal_dut_begin(dut, &first, &diag));
    if (first.kind == OC_BREACH_NONE) {
        OC_ASSERT_OK(oc_terminal_dut_call(dut, function, &args, answer, &second, &diag));
    }
    OC_ASSERT_OK(oc_terminal_dut_end(dut, &third, &diag));
    oc_fields_free(&args);
    return first.kind != OC_BREACH_NONE ? first : second.kind != OC_BREACH_NONE ? second : third;
}

static void expect(const char *way, const oc_breach *breach, enum oc_breach_kind kind, const char *text)
{
    if (breach->kind != kind || strstr(breach->text, text) == NULL) {
        printf("\n    %s: %s \"%s\", not %s \"%s\"\n", way, oc_breach_name(breach->kind), breach->text,
               oc_breach_name(kind), text);
        CU_FAIL("breach");
    }
}

struct way {
    const char *name;
    enum oc_breach_kind kind;
    const char *text;
    bool is_silent;
};

static const struct way ways[] = {
    {"behave", OC_BREACH_NONE, "", false},
    {"crash", OC_BREACH_CRASH, "iReadCardBas: the driver was killed by signal 11 (SIGSEGV)", false},
    {"hang", OC_BREACH_HANG, "iReadCardBas: the driver gave no answer within 300 ms", true},
    {"ignore_and_hang", OC_BREACH_HANG, "no answer", true},
    {"overrun", OC_BREACH_OVERRUN, "wrote behind the 65536 bytes of the output buffer", false},
    {"underrun", OC_BREACH_OVERRUN, "wrote 1 bytes in front of the output buffer", false},
    {"leave_child", OC_BREACH_LEFTOVER, "the driver left 1 process running behind it", false},
    {"leave_daemon", OC_BREACH_LEFTOVER, "6 processes running behind it", false},
    {"close_all", OC_BREACH_DESCRIPTORS, "closed descriptors that are not its own", false},
    {"close_and_open", OC_BREACH_DESCRIPTORS, "closed descriptors that are not its own", false},
    {"flood", OC_BREACH_FLOOD, "printed or answered more than 1048576 bytes", false},
    {"flood_for_ever", OC_BREACH_FLOOD, "printed or answered more than", false},
    {"print_some", OC_BREACH_NONE, "", false},
    {"print_pin", OC_BREACH_LEAK, "printed the key pad entry \"pin\"", false},
    {"half_character", OC_BREACH_ENCODING, "no GB18030 text from byte 9 on (C8)", false},
    {"unterminated", OC_BREACH_UNTERMINATED, "no NUL within the 65536 bytes", false},
    {"leave", OC_BREACH_EXIT, "ended its process with status 0", false},
    {"leave_at_once", OC_BREACH_EXIT, "ended its process with status 7", false},
    {"leave_thread", OC_BREACH_EXIT, "ended its process with status", false},
    {"kill_self", OC_BREACH_CRASH, "signal 9 (SIGKILL)", false},
    {"kill_group", OC_BREACH_CRASH, "signal 15 (SIGTERM)", false},
    {"throw_stack", OC_BREACH_CRASH, "signal 11 (SIGSEGV)", false},
    {"jump", OC_BREACH_CRASH, "killed by signal", false},
    {"end_crash", OC_BREACH_CRASH, "was killed by signal 11 (SIGSEGV) when it was unloaded", false},
    {"begin_crash", OC_BREACH_LOAD, "starting: the driver was killed by signal 11", false},
    {"begin_hang", OC_BREACH_LOAD, "starting: the driver gave no answer within 300 ms", true},
    {"begin_leave", OC_BREACH_LOAD, "starting: the driver ended its process with status 0", false},
    {"nothing", OC_BREACH_LOAD, "exports none of the functions", false},
    {"needing", OC_BREACH_LOAD, "(missing-dependency): it needs libnasty_absent.so, which is not found", false},
#ifdef OC_NASTY_LOCKS
    {"lock_and_crash", OC_BREACH_CRASH, "signal 11 (SIGSEGV)", false},
    {"lock_and_hang", OC_BREACH_HANG, "no answer", true},
    {"lock_and_return", OC_BREACH_NONE, "", false},
#endif
#ifdef OC_NASTY_MEMORY
    {"take_memory", OC_BREACH_CRASH, "signal 11 (SIGSEGV)", false},
#endif
};
#define WAYS (sizeof ways / sizeof ways[0])

/* It takes a reader for itself before. */
static bool locks(const struct way *way)
{
    return strncmp(way->name, "lock_", 5) == 0;
}

static oc_breach run_way(const struct way *way)
{
    oc_fields answer = {0};
    oc_terminal_dut *dut = open_way(way->name, way->is_silent ? SILENCE_MS : ANSWER_MS);
    oc_breach breach = run_case(dut, "iReadCardBas", "1", &answer);
    CU_ASSERT_FALSE(oc_terminal_dut_runs(dut));
    OC_ASSERT_OK(oc_slots_wait_free(slots, NULL));
    oc_terminal_dut_free(&dut);
    oc_fields_free(&answer);
    return breach;
}

/* Somebody else takes the reader for himself, begins a transaction, and gives both back. */
static void reader_is_free(const char *after)
{
    oc_fields answer = {0};
    oc_terminal_dut *dut = open_way("lock_and_give_back", ANSWER_MS);
    oc_breach breach = run_case(dut, "iReadCardBas", "1", &answer);
    expect(after, &breach, OC_BREACH_NONE, "");
    if (!oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text("0"))) {
        printf("\n    a reader is locked after %s\n", after);
        CU_FAIL("lock");
    }
    oc_terminal_dut_free(&dut);
    oc_fields_free(&answer);
}

static void each_way_is_one_breach(void)
{
    for (size_t i = 0; i < WAYS; i++) {
        oc_breach breach = run_way(&ways[i]);
        expect(ways[i].name, &breach, ways[i].kind, ways[i].text);
        if (locks(&ways[i])) {
            reader_is_free(ways[i].name);
        }
    }
}

static void the_next_case_is_not_touched(void)
{
    for (size_t i = 0; i < WAYS; i++) {
        oc_fields answer = {0};
        bool loads = ways[i].kind != OC_BREACH_LOAD && strcmp(ways[i].name, "end_crash") != 0;
        oc_terminal_dut *dut = open_way(ways[i].name, ways[i].is_silent ? SILENCE_MS : ANSWER_MS);
        CU_ASSERT_EQUAL(oc_terminal_dut_unusable(dut) == NULL, ways[i].kind != OC_BREACH_LOAD);
        if (loads) {
            (void)run_case(dut, "iReadCardBas", "1", &answer);
            oc_breach breach = run_case(dut, "iReadDebitRecord", "1", &answer);
            expect(ways[i].name, &breach, OC_BREACH_NONE, "");
            CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "1"), oc_span_text("330100")));
        }
        oc_fields_free(&answer);
        oc_terminal_dut_free(&dut);
    }
}

static void what_is_printed_is_kept(void)
{
    oc_fields answer = {0};
    oc_terminal_dut *dut = open_way("print_some", ANSWER_MS);
    oc_breach breach = run_case(dut, "iReadCardBas", "1", &answer);
    expect("print_some", &breach, OC_BREACH_NONE, "");
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text("0")));
    CU_ASSERT_TRUE(oc_span_equal(oc_terminal_dut_printed(dut), oc_span_text("{\"id\":2,\"code\":0}\n")));
    oc_fields_free(&answer);
    oc_terminal_dut_free(&dut);
}

static void functions_that_are_missing_are_named(void)
{
    oc_fields answer = {0};
    oc_terminal_dut *dut = open_way("behave", ANSWER_MS);
    CU_ASSERT_TRUE(oc_terminal_dut_has(dut, "iReadCardBas"));
    CU_ASSERT_FALSE(oc_terminal_dut_has(dut, "iReloadPIN"));
    oc_breach breach = run_case(dut, "iReloadPIN", "1", &answer);
    expect("behave", &breach, OC_BREACH_MISSING, "the driver does not have the function iReloadPIN");
    breach = run_case(dut, "describe", "1", &answer);
    expect("behave", &breach, OC_BREACH_NONE, "");
    oc_span missing = oc_fields_span(&answer, "missing");
    CU_ASSERT_TRUE(missing.len > 0 && memmem(missing.at, missing.len, "iReloadPIN", 10) != NULL);
    CU_ASSERT_TRUE(memmem(missing.at, missing.len, "iReadCardBas,", 13) == NULL);
    oc_fields_free(&answer);
    oc_terminal_dut_free(&dut);
}

static void results_are_as_wide_as_long(void)
{
    oc_fields answer = {0};
    oc_terminal_dut *dut = open_way("behave", ANSWER_MS);
    (void)run_case(dut, "iReadCardBas", "9", &answer);
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text("-14")));
    oc_terminal_dut_free(&dut);
    dut = open_way("narrow", ANSWER_MS);
    (void)run_case(dut, "iReadCardBas", "1", &answer);
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text("4294967282")));
    (void)run_case(dut, "describe", "1", &answer);
    CU_ASSERT_TRUE(oc_fields_span(&answer, "abi-long").len > 0);
    oc_fields_free(&answer);
    oc_terminal_dut_free(&dut);
}

static void expect_file(const char *path, const char *text)
{
    oc_fields answer = {0};
    oc_terminal_dut *dut = open_path(path, ANSWER_MS);
    CU_ASSERT_PTR_NOT_NULL_FATAL(oc_terminal_dut_unusable(dut));
    expect(path, oc_terminal_dut_unusable(dut), OC_BREACH_LOAD, text);
    oc_breach breach = run_case(dut, "iReadCardBas", "1", &answer);
    expect(path, &breach, OC_BREACH_LOAD, text);
    CU_ASSERT_FALSE(oc_terminal_dut_has(dut, "iReadCardBas"));
    oc_breach described;
    oc_fields none = {0};
    OC_ASSERT_OK(oc_terminal_dut_call(dut, "describe", &none, &answer, &described, NULL));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text("-5")));
    oc_fields_free(&answer);
    oc_terminal_dut_free(&dut);
}

static void files_that_are_no_driver_are_told_apart(void)
{
    char folder[PATH_MAX];
    char path[PATH_MAX];
    oc_buf library = {0};
    oc_temp_make(folder);
    oc_temp_path(path, folder, "driver.so");
    expect_file(path, "(missing-file)");
    expect_file(folder, "(not-a-library)");
    oc_temp_write(folder, "driver.so", "#!/bin/sh\necho a driver\n");
    expect_file(path, "(not-a-library)");
    oc_temp_write(folder, "driver.so", "MZ, a library of another system");
    expect_file(path, "but one of Windows");
    oc_temp_write(folder, "driver.so", "");
    expect_file(path, "(not-a-library)");
    OC_ASSERT_OK(oc_file_read(&library, OC_NASTY "/nasty_behave.so", 1 << 24, NULL));
    library.at[18] = 8; /* e_machine: MIPS */
    library.at[19] = 0;
    OC_ASSERT_OK(oc_file_replace(path, oc_buf_span(&library), NULL));
    expect_file(path, "(other-architecture)");
    /* Cut in the middle: the loader of the system has the word. */
    library.at[18] = 62;
    library.len = 200;
    OC_ASSERT_OK(oc_file_replace(path, oc_buf_span(&library), NULL));
    oc_terminal_dut *dut = open_path(path, ANSWER_MS);
    CU_ASSERT_PTR_NOT_NULL(oc_terminal_dut_unusable(dut));
    oc_terminal_dut_free(&dut);
    oc_buf_free(&library);
    oc_temp_remove(folder);
}

/* Processes that were started with this test's mark and still run. */
static unsigned marked_processes(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc");
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char path[300];
        char room[65536];
        snprintf(path, sizeof path, "/proc/%s/environ", entry->d_name);
        int fd = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        ssize_t len = fd < 0 ? 0 : read(fd, room, sizeof room);
        if (fd >= 0) {
            close(fd);
        }
        count += len > 0 && memmem(room, (size_t)len, mark, strlen(mark)) != NULL;
    }
    closedir(folder);
    return count;
}

static unsigned own_descriptors(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder != NULL && readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

/* Files in a folder; what is hidden counts, too. */
static unsigned files_in(const char *path)
{
    unsigned count = 0;
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(folder);
    return count;
}

/* The card server runs in this process, and hangs up a moment after its client has gone. */
static bool descriptors_become(unsigned wanted)
{
    unsigned now = own_descriptors();
    for (int i = 0; i < 200 && now != wanted; i++) {
        usleep(10000);
        now = own_descriptors();
    }
    return now == wanted;
}

static void fifty_leave_nothing_behind(void)
{
    char folder[PATH_MAX];
    oc_temp_make(folder);
    CU_ASSERT_EQUAL_FATAL(setenv("TMPDIR", folder, 1), 0);
    unsigned before = own_descriptors();
    unsigned here = files_in(".");
    unsigned counted[32] = {0};
    unsigned expected[32] = {0};
    unsigned total = 0;
    for (size_t i = 0; i < 50; i++) {
        const struct way *way = &ways[(i * 7) % WAYS];
        oc_breach breach = run_way(way);
        counted[breach.kind]++;
        expected[way->kind]++;
        total++;
        if (locks(way)) {
            reader_is_free(way->name);
        }
    }
    CU_ASSERT_EQUAL(total, 50);
    for (size_t i = 0; i < 32; i++) {
        CU_ASSERT_EQUAL(counted[i], expected[i]);
    }
    CU_ASSERT_EQUAL(marked_processes(), 0);
    CU_ASSERT_TRUE(descriptors_become(before));
    CU_ASSERT_TRUE(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
    CU_ASSERT_EQUAL(files_in(folder), 0);
    CU_ASSERT_EQUAL(files_in("."), here); /* no core image */
    unsetenv("TMPDIR");
    oc_temp_remove(folder);
}

/* The check above sees what it looks for. */
static void processes_are_found_by_their_mark(void)
{
    oc_terminal_dut *dut = open_way("behave", ANSWER_MS);
    CU_ASSERT_EQUAL(marked_processes(), 2); /* warden and host */
    oc_terminal_dut_free(&dut);
    CU_ASSERT_EQUAL(marked_processes(), 0);
}

static oc_result reset_card(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self, (void)kind;
    oc_wr_bytes(atr, oc_test_hex("3B00"));
    return oc_ok();
}

static oc_result ask_card(void *self, oc_span command, oc_wr *response)
{
    (void)self, (void)command;
    oc_wr_bytes(response, oc_test_hex("9000"));
    return oc_ok();
}

static void start_slots(const oc_private_pcscd *pcscd)
{
    const oc_endpoint cards[OC_SLOT_COUNT] = {{NULL, reset_card, ask_card}};
    oc_diag diag = {0};
    oc_result r = oc_slots_start(&slots, cards, pcscd, NULL, false, &diag);
    r = oc_is_ok(r) ? oc_slots_present(slots, OC_SLOT_CARD, true, &diag) : r;
    if (!oc_is_ok(r)) {
        fprintf(stderr, "%s\n", diag.reason);
        abort();
    }
}

#ifdef OC_NASTY_LOCKS
/* Each way twice, and every second time the next case of the same driver before anybody else. */
static void no_reader_of_a_daemon_stays_locked(void)
{
    oc_private_pcscd *pcscd = NULL;
    oc_slots_stop(&slots);
    OC_ASSERT_OK(oc_private_pcscd_start(&pcscd, NULL));
    start_slots(pcscd);
    reader_is_free("nothing");
    for (size_t i = 0; i < WAYS; i++) {
        if (locks(&ways[i])) {
            oc_breach breach = run_way(&ways[i]);
            expect(ways[i].name, &breach, ways[i].kind, ways[i].text);
            breach = run_way(&ways[i]);
            expect(ways[i].name, &breach, ways[i].kind, ways[i].text);
            reader_is_free(ways[i].name);
        }
    }
    CU_ASSERT_EQUAL(marked_processes(), 0);
    oc_slots_stop(&slots);
    oc_private_pcscd_stop(&pcscd);
    start_slots(NULL);
}

/* The check above sees what it looks for. */
static void a_reader_that_is_locked_is_told(void)
{
    oc_fields args = {0};
    oc_fields answer = {0};
    oc_breach breach;
    oc_terminal_dut *holder = open_way("lock_and_return", ANSWER_MS);
    oc_terminal_dut *other = open_way("lock_and_give_back", ANSWER_MS);
    OC_ASSERT_OK(oc_fields_set_text(&args, "type", "1"));
    OC_ASSERT_OK(oc_terminal_dut_begin(holder, &breach, NULL));
    OC_ASSERT_OK(oc_terminal_dut_call(holder, "iReadCardBas", &args, &answer, &breach, NULL));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text("0")));
    (void)run_case(other, "iReadCardBas", "1", &answer);
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text("-11")));
    oc_terminal_dut_free(&other);
    oc_terminal_dut_free(&holder);
    oc_fields_free(&answer);
    oc_fields_free(&args);
    reader_is_free("its holder has gone");
}
#endif

int main(void)
{
    static const oc_test_row rows[] = {{"each way", each_way_is_one_breach},
                                       {"next case", the_next_case_is_not_touched},
                                       {"printed", what_is_printed_is_kept},
                                       {"missing", functions_that_are_missing_are_named},
                                       {"width", results_are_as_wide_as_long},
                                       {"files", files_that_are_no_driver_are_told_apart},
                                       {"mark", processes_are_found_by_their_mark},
                                       {"fifty", fifty_leave_nothing_behind},
#ifdef OC_NASTY_LOCKS
                                       {"locked", a_reader_that_is_locked_is_told},
                                       {"locks of a daemon", no_reader_of_a_daemon_stays_locked},
#endif
                                       {NULL, NULL}};
    snprintf(mark, sizeof mark, MARK "=%ld", (long)getpid());
    start_slots(NULL);
    int code = oc_test_main("terminal_driver_abuse", rows);
    oc_slots_stop(&slots);
    return code;
}
