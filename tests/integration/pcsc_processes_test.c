/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* Each process here has a private pcscd of its own, as a process's PC/SC library reaches only one. */
#define AT_ONCE 3
#define SKIPPED 77
/* The traditional user and group "nobody"; a test must not depend on their names. */
#define NOBODY 65534

enum outcome { FINE, WRONG, NOT_INSTALLED, FORBIDDEN };

static oc_result card_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    (void)kind;
    oc_wr_u16(atr, 0x3B00);
    return oc_ok();
}

/* Answers with the card's own number, so that a command that reaches another process's card is seen. */
static oc_result card_exchange(void *self, oc_span command, oc_wr *response)
{
    (void)command;
    const uint32_t *number = self;
    oc_wr_u32(response, *number);
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

static bool exchange_often(oc_link *link, uint32_t number)
{
    static const uint8_t command[] = {0x00, 0x84, 0x00, 0x00, 0x04};
    oc_buf response = {0};
    bool is_fine = oc_is_ok(oc_link_reset(link, OC_RESET_COLD, &response, NULL));
    for (unsigned i = 0; i < 200 && is_fine; i++) {
        is_fine = oc_is_ok(oc_link_transmit(link, oc_span_of(command, sizeof command), &response, NULL));
        oc_rd rd = oc_rd_of(oc_buf_span(&response));
        is_fine = is_fine && oc_rd_u32(&rd) == number && oc_rd_u16(&rd) == 0x9000 && oc_rd_done(&rd);
    }
    oc_buf_free(&response);
    return is_fine;
}

/* Tells the parent that this process is ready and waits until all are. */
static bool meet(int ready_fd, int go_fd)
{
    char byte = 'r';
    return write(ready_fd, &byte, 1) == 1 && read(go_fd, &byte, 1) == 0;
}

static enum outcome use_reader(oc_private_pcscd *pcscd, int ready_fd, int go_fd)
{
    uint32_t number = (uint32_t)getpid();
    oc_endpoint endpoint = {&number, card_reset, card_exchange};
    oc_vpcd_card *card = NULL;
    oc_link *link = NULL;
    oc_diag diag = {0};
    bool is_fine = oc_is_ok(oc_vpcd_card_start(&card, endpoint, oc_private_pcscd_port(pcscd, 0), &diag)) &&
                   oc_is_ok(oc_link_pcsc(&link, oc_private_pcscd_reader(pcscd, 0), &diag)) && meet(ready_fd, go_fd) &&
                   exchange_often(link, number);
    if (!is_fine) {
        printf("    process %ld: %s\n", (long)getpid(), diag.reason);
    }
    oc_link_free(&link);
    oc_vpcd_card_stop(&card);
    return is_fine ? FINE : WRONG;
}

static enum outcome whole_life(int ready_fd, int go_fd)
{
    oc_private_pcscd *pcscd = NULL;
    oc_diag diag = {0};
    oc_result result = oc_private_pcscd_start(&pcscd, &diag);
    if (!oc_is_ok(result)) {
        bool is_installed = strstr(diag.reason, "not installed") == NULL;
        bool is_forbidden = result.code == OC_E_UNAVAILABLE && strstr(diag.reason, "no mount namespace") != NULL;
        printf("    process %ld: %s\n", (long)getpid(), diag.reason);
        return !is_installed ? NOT_INSTALLED : is_forbidden ? FORBIDDEN : WRONG;
    }
    enum outcome outcome = use_reader(pcscd, ready_fd, go_fd);
    const char *path = getenv("PCSCLITE_CSOCK_NAME");
    oc_private_pcscd_stop(&pcscd);
    if (path == NULL || access(path, F_OK) == 0) {
        printf("    the socket of a stopped pcscd is still there\n");
        return WRONG;
    }
    return outcome;
}

static bool become_ordinary(void)
{
    return geteuid() != 0 ||
           (setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
            setresuid(NOBODY, NOBODY, NOBODY) == 0 && setenv("TMPDIR", "/tmp", 1) == 0 &&
            /* Lost with the change of user; without it /proc/self stays root's, as it does for no real user. */
            prctl(PR_SET_DUMPABLE, 1) == 0);
}

static pid_t start_process(bool is_ordinary, int ready[2], int go[2])
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid != 0) {
        return pid;
    }
    close(ready[0]);
    close(go[1]);
    bool may_go = !is_ordinary || become_ordinary();
    enum outcome outcome = may_go ? whole_life(ready[1], go[0]) : WRONG;
    fflush(stdout);
    _exit((int)outcome);
}

static enum outcome outcome_of(pid_t pid)
{
    int status = 0;
    CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? (enum outcome)WEXITSTATUS(status) : WRONG;
}

/* Runs processes that exchange at the same time; `outcomes` tells how each went. */
static void run(size_t count, bool is_ordinary, enum outcome *outcomes)
{
    int ready[2];
    int go[2];
    pid_t pids[AT_ONCE];
    CU_ASSERT_EQUAL_FATAL(pipe(ready), 0);
    CU_ASSERT_EQUAL_FATAL(pipe(go), 0);
    for (size_t i = 0; i < count; i++) {
        pids[i] = start_process(is_ordinary, ready, go);
    }
    close(ready[1]);
    close(go[0]);
    char byte;
    size_t met = 0;
    /* A process that fails ends, and with it its end of the pipe. */
    while (met < count && read(ready[0], &byte, 1) == 1) {
        met++;
    }
    close(go[1]);
    close(ready[0]);
    for (size_t i = 0; i < count; i++) {
        outcomes[i] = outcome_of(pids[i]);
    }
}

static void several_at_once(void)
{
    enum outcome outcomes[AT_ONCE];
    run(AT_ONCE, false, outcomes);
    for (size_t i = 0; i < AT_ONCE; i++) {
        CU_ASSERT_EQUAL(outcomes[i], FINE);
    }
}

/* Where user namespaces are forbidden, the reason has to say so. */
static void as_an_ordinary_user(void)
{
    enum outcome outcome = WRONG;
    run(1, true, &outcome);
    CU_ASSERT_TRUE(outcome == FINE || outcome == FORBIDDEN);
}

static bool is_listening(unsigned port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return connected;
}

struct left_over {
    unsigned port;
    char socket[256];
};

static void start_and_die(int fd)
{
    oc_private_pcscd *pcscd = NULL;
    struct left_over left_over = {0};
    if (oc_is_ok(oc_private_pcscd_start(&pcscd, NULL))) {
        left_over.port = oc_private_pcscd_port(pcscd, 0);
        snprintf(left_over.socket, sizeof left_over.socket, "%s", getenv("PCSCLITE_CSOCK_NAME"));
    }
    _exit(write(fd, &left_over, sizeof left_over) == (ssize_t)sizeof left_over ? 0 : 1);
}

static void remove_left_over(const char *socket_path)
{
    static const char *const names[] = {"run/pcscd.comm", "run/pcscd.pid", "run",       "conf/vpcd", "conf",
                                        "empty",          "driver.so",     "pcscd.log", ""};
    size_t folder_len = strlen(socket_path) - strlen("run/pcscd.comm");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[300];
        snprintf(path, sizeof path, "%.*s%s", (int)folder_len, socket_path, names[i]);
        (void)remove(path);
    }
    char folder[300];
    snprintf(folder, sizeof folder, "%.*s", (int)folder_len, socket_path);
    CU_ASSERT_NOT_EQUAL(access(folder, F_OK), 0);
}

static void the_daemon_ends_with_its_process(void)
{
    int report[2];
    struct left_over left_over = {0};
    CU_ASSERT_EQUAL_FATAL(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    CU_ASSERT_EQUAL_FATAL(pipe(report), 0);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        start_and_die(report[1]);
    }
    close(report[1]);
    CU_ASSERT_EQUAL_FATAL(read(report[0], &left_over, sizeof left_over), (ssize_t)sizeof left_over);
    close(report[0]);
    CU_ASSERT_EQUAL(outcome_of(pid), FINE);
    CU_ASSERT_NOT_EQUAL_FATAL(left_over.port, 0);
    /* The orphan is this process's child now; one that lived on would end this test by its time limit. */
    while (wait(NULL) > 0) {
    }
    CU_ASSERT_FALSE(is_listening(left_over.port));
    remove_left_over(left_over.socket);
}

/* Asked in a process of its own, which leaves this one's PC/SC library untouched. */
static bool is_installed(void)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        oc_private_pcscd *pcscd = NULL;
        oc_diag diag = {0};
        bool is_missing = !oc_is_ok(oc_private_pcscd_start(&pcscd, &diag)) && strstr(diag.reason, "not installed");
        oc_private_pcscd_stop(&pcscd);
        _exit(is_missing ? NOT_INSTALLED : FINE);
    }
    return waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != NOT_INSTALLED;
}

int main(void)
{
    static const oc_test_row rows[] = {{"several at once", several_at_once},
                                       {"ordinary user", as_an_ordinary_user},
                                       {"end of the process", the_daemon_ends_with_its_process},
                                       {NULL, NULL}};
    return is_installed() ? oc_test_main("pcsc_processes", rows) : SKIPPED;
}
