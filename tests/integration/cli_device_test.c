/* SPDX-License-Identifier: Apache-2.0 */
/* Cards and peers that fail: the run ends by itself, says why, and its record is whole. */
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/link/transports.h"
#include "tests/integration/cli_kit.h"

static oc_cli_kit kit;

#define SELECTED "-k", "^CARD\\.PIN|^CARD\\.SELECT"

/* Every case once, from its opening sanity case to the closing one. */
static void expect_whole(const oc_results *results, const char *verdict, const char *reason)
{
    const oc_result_case *sanity = oc_results_find(results, NULL, "CARD.SANITY");
    CU_ASSERT_TRUE(oc_result_case_is(sanity, verdict));
    if (sanity != NULL && strstr(sanity->reason, reason) == NULL) {
        printf("\n    %s, where \"%s\" is expected\n", sanity->reason, reason);
        CU_FAIL("reason");
    }
    CU_ASSERT_PTR_NOT_NULL(oc_results_find(results, NULL, "CARD.SANITY.END"));
    CU_ASSERT_PTR_NOT_NULL(oc_results_find(results, NULL, "CARD.PIN.VERIFY"));
    for (size_t i = 0; i < results->count; i++) {
        CU_ASSERT_PTR_EQUAL(oc_results_find(results, NULL, results->at[i].id), &results->at[i]);
    }
}

/* A child that never was a card: its failure, and the rest is not run. */
static void children_that_are_no_card(void)
{
    static const struct {
        const char *card;
        const char *reason;
    } rows[] = {
        {"exec:true", "exited with status 0"},
        {"exec:exit 7", "exited with status 7"},
        {"exec:sleep 1000", "1000 ms"},
        {"exec:yes 'no hex'", "no hex"},
        {"exec:while read line; do echo '?'; done", "?"},
        {"exec:cat /dev/zero", "line"},
        {"exec:exec >&-; sleep 1000", ""},
        {"exec:kill -9 $$", "signal 9"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_program program;
        oc_results results;
        oc_kit_command(&program, &kit, "run",
                       OC_ARGS("--card", rows[i].card, "--profile", OC_CARD_3, "--timeout", "1", SELECTED));
        CU_ASSERT_EQUAL(program.code, 1);
        CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "1 failed"));
        oc_results_load(&results, kit.out);
        expect_whole(&results, "FAIL", rows[i].reason);
        CU_ASSERT_EQUAL(oc_results_count(&results, "FAIL"), 1);
        CU_ASSERT_EQUAL(oc_results_count(&results, "NOT_RUN"), results.count - 1);
        CU_ASSERT_EQUAL(results.exit_code, 1);
        CU_ASSERT_FALSE(results.interrupted);
        oc_results_free(&results);
        oc_program_free(&program);
    }
}

/* A slip of the pen is nobody's failure. */
static void program_that_is_not_there(void)
{
    oc_program program;
    oc_results results;
    oc_kit_command(&program, &kit, "run",
                   OC_ARGS("--card", "exec:/nonexistent/card", "--profile", OC_CARD_3, SELECTED));
    CU_ASSERT_EQUAL(program.code, 3);
    oc_results_load(&results, kit.out);
    expect_whole(&results, "ERROR", "cannot be run");
    CU_ASSERT_EQUAL(oc_results_count(&results, "FAIL"), 0);
    oc_results_free(&results);
    oc_program_free(&program);
}

/* A card that leaves after so many exchanges, and is a fresh one when it is called again. */
static void child_that_dies_in_mid_run(void)
{
    char card[3 * PATH_MAX];
    snprintf(card, sizeof card,
             "exec:n=0; while [ $n -lt 90 ] && read -r line; do echo \"$line\"; n=$((n+1)); done | '%s' card "
             "--profile " OC_CARD_3,
             oc_kit_onecard());
    oc_program program;
    oc_results results;
    oc_kit_command(&program, &kit, "run", OC_ARGS("--card", card, "--profile", OC_CARD_3, SELECTED));
    CU_ASSERT_EQUAL(program.code, 1);
    oc_results_load(&results, kit.out);
    expect_whole(&results, "PASS", "");
    CU_ASSERT(oc_results_count(&results, "FAIL") > 0);
    CU_ASSERT(oc_results_count(&results, "PASS") > 50); /* cases after the loss are judged on their own */
    for (size_t i = 0; i < results.count; i++) {
        bool failed = oc_result_case_is(&results.at[i], "FAIL");
        CU_ASSERT(!failed || strstr(results.at[i].reason, "child") != NULL ||
                  strstr(results.at[i].reason, "ended") != NULL || strstr(results.at[i].reason, "exited") != NULL);
    }
    oc_results_free(&results);
    oc_program_free(&program);
}

/* The simulated card behind vpcd or a reader, which goes away after a number of exchanges. */
struct leaving {
    unsigned left;
    unsigned sessions;
};

static oc_result leave_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    (void)kind;
    oc_wr_bytes(atr, oc_span_of("\x3B\x6D\x00\x00\x00\x99\x4F\x43\x33\x86\x99\x99\x01\x30\x00\x00\x01", 17));
    return oc_ok();
}

static oc_result leave_exchange(void *self, oc_span command, oc_wr *response)
{
    struct leaving *card = self;
    (void)command;
    if (card->left == 0) {
        return oc_fail(OC_E_CRYPTO); /* its connection is torn */
    }
    card->left--;
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

static unsigned free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CU_ASSERT_FATAL(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                    getsockname(fd, (struct sockaddr *)&address, &len) == 0);
    close(fd);
    return ntohs(address.sin_port);
}

struct peer {
    struct leaving card;
    unsigned port;
    int stop[2];
};

/* Connects again and again, as somebody who puts the card back each time it fell out. */
static void *serve_peer(void *context)
{
    struct peer *peer = context;
    for (;;) {
        char byte;
        fd_set set;
        FD_ZERO(&set);
        FD_SET(peer->stop[0], &set);
        struct timeval a_moment = {0, 2000};
        if (select(peer->stop[0] + 1, &set, NULL, NULL, &a_moment) > 0 && read(peer->stop[0], &byte, 1) == 0) {
            return NULL;
        }
        oc_diag diag = {0};
        oc_endpoint endpoint = {&peer->card, leave_reset, leave_exchange};
        peer->card.left = 25;
        oc_result r = oc_serve_vpcd(endpoint, peer->port, peer->stop[0], &diag);
        peer->card.sessions += r.code == OC_E_CRYPTO;
    }
}

static void vpcd_peer_that_disconnects(void)
{
    struct peer peer = {.port = free_port()};
    pthread_t thread;
    char card[32];
    CU_ASSERT_EQUAL_FATAL(pipe(peer.stop), 0);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, serve_peer, &peer), 0);
    snprintf(card, sizeof card, "vpcd:%u", peer.port);
    oc_program program;
    oc_results results;
    oc_kit_command(&program, &kit, "run", OC_ARGS("--card", card, "--profile", OC_CARD_3, SELECTED));
    close(peer.stop[1]);
    pthread_join(thread, NULL);
    close(peer.stop[0]);
    CU_ASSERT(peer.card.sessions > 1);
    CU_ASSERT_EQUAL(program.code, 1);
    oc_results_load(&results, kit.out);
    expect_whole(&results, "PASS", "");
    oc_results_free(&results);
    oc_program_free(&program);
}

/* A card that ends at its first command of weight: after five cases in a row the rest is not tried. */
static void run_stops_after_five_losses(void)
{
    static const char card[] = "exec:while read -r line; do case $line in R) echo 3B6D000000994F43338699990130000001;;"
                               " 00A404*) echo 9000;; *) exit 1;; esac; done";
    oc_program program;
    oc_results results;
    oc_kit_command(&program, &kit, "run",
                   OC_ARGS("--card", card, "--profile", OC_CARD_3, "-k", "^CARD\\.READ\\.SSSE|^CARD\\.PIN\\.VERIFY"));
    CU_ASSERT_EQUAL(program.code, 1);
    oc_results_load(&results, kit.out);
    expect_whole(&results, "PASS", "");
    /* a case that fails for another reason may lie between, and is counted apart */
    CU_ASSERT(oc_results_count(&results, "FAIL") >= 5);
    CU_ASSERT(oc_results_count(&results, "FAIL") <= 8);
    const oc_result_case *end = oc_results_find(&results, NULL, "CARD.SANITY.END");
    CU_ASSERT_TRUE(oc_result_case_is(end, "NOT_RUN"));
    CU_ASSERT_PTR_NOT_NULL(strstr(end->reason, "run stopped"));
    oc_results_free(&results);
    oc_program_free(&program);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"children that are no card", children_that_are_no_card},
        {"program that is not there", program_that_is_not_there},
        {"a child that dies in mid-run", child_that_dies_in_mid_run},
        {"a vpcd peer that disconnects", vpcd_peer_that_disconnects},
        {"a run stops after five losses", run_stops_after_five_losses},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("devices", rows);
    oc_kit_close(&kit);
    return code;
}
