/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* Long enough for any machine, where something is expected; short where silence is. */
#define ANSWER_MS 60000
#define SILENCE_MS 100

/* A card that counts its resets and answers every command with it and 9000. INS FF fails, INS FE answers nothing,
 * INS FD answers too much. */
struct echo {
    unsigned cold;
    unsigned warm;
};

static oc_result echo_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct echo *echo = self;
    *(kind == OC_RESET_COLD ? &echo->cold : &echo->warm) += 1;
    oc_wr_u16(atr, kind == OC_RESET_COLD ? 0x3B00 : 0x3B01);
    oc_wr_fill(atr, 0xFF, kind == OC_RESET_COLD ? 0 : 1);
    return oc_ok();
}

static oc_result echo_exchange(void *self, oc_span command, oc_wr *response)
{
    (void)self;
    uint8_t ins = command.len > 1 ? command.at[1] : 0;
    if (ins == 0xFF) {
        return oc_fail(OC_E_CRYPTO);
    }
    if (ins == 0xFD) {
        oc_wr_fill(response, 0xAA, 65534);
    } else if (ins != 0xFE) {
        oc_wr_bytes(response, command);
    }
    if (ins != 0xFE) {
        oc_wr_u16(response, 0x9000);
    }
    return oc_ok();
}

/* A listening socket on a free port. */
static int listen_somewhere(unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CU_ASSERT_EQUAL_FATAL(bind(fd, (struct sockaddr *)&address, len), 0);
    CU_ASSERT_EQUAL_FATAL(listen(fd, 1), 0);
    CU_ASSERT_EQUAL_FATAL(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static unsigned free_port(void)
{
    unsigned port;
    close(listen_somewhere(&port));
    return port;
}

static void send_hex(int fd, const char *hex)
{
    oc_span bytes = oc_test_hex(hex);
    CU_ASSERT_EQUAL(send(fd, bytes.at, bytes.len, MSG_NOSIGNAL), (ssize_t)bytes.len);
}

static void expect_hex(int fd, const char *hex)
{
    oc_span expected = oc_test_hex(hex);
    uint8_t got[256] = {0};
    ssize_t len = recv(fd, got, expected.len, MSG_WAITALL);
    CU_ASSERT_EQUAL(len, (ssize_t)expected.len);
    CU_ASSERT_EQUAL(memcmp(got, expected.at, expected.len), 0);
}

static void expect_end(int fd)
{
    uint8_t byte;
    CU_ASSERT_TRUE(recv(fd, &byte, 1, 0) <= 0);
}

/* Our card in a reader that this test plays byte by byte. */
struct bench {
    struct echo echo;
    oc_vpcd_card *card;
    int reader;
};

static void insert(struct bench *bench)
{
    unsigned port;
    int listener = listen_somewhere(&port);
    oc_endpoint endpoint = {&bench->echo, echo_reset, echo_exchange};
    OC_ASSERT_OK(oc_vpcd_card_start(&bench->card, endpoint, port, NULL));
    bench->reader = accept(listener, NULL, NULL);
    CU_ASSERT_TRUE_FATAL(bench->reader >= 0);
    close(listener);
}

static void take_out(struct bench *bench)
{
    oc_vpcd_card_stop(&bench->card);
    CU_ASSERT_PTR_NULL(bench->card);
    close(bench->reader);
}

static void driver_sequence(void)
{
    struct bench bench = {0};
    insert(&bench);
    send_hex(bench.reader, "000104");
    expect_hex(bench.reader, "00023B00");
    send_hex(bench.reader, "000104 000101 000104");
    expect_hex(bench.reader, "00023B00 00023B00");
    send_hex(bench.reader, "000102 000104");
    expect_hex(bench.reader, "00033B01FF");
    send_hex(bench.reader, "000100 000104");
    expect_hex(bench.reader, "00033B01FF");
    oc_vpcd_card_lock(bench.card);
    CU_ASSERT_EQUAL(bench.echo.cold, 2);
    CU_ASSERT_EQUAL(bench.echo.warm, 1);
    oc_vpcd_card_unlock(bench.card);
    take_out(&bench);
}

static void frames_are_cut_from_a_stream(void)
{
    struct bench bench = {0};
    insert(&bench);
    const char *const bytes[] = {"00", "05", "00", "84", "00", "00", "08"};
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        send_hex(bench.reader, bytes[i]);
        sched_yield();
    }
    expect_hex(bench.reader, "0007 0084000008 9000");
    send_hex(bench.reader, "0005 0084000008 0005 0084000007 000104 0005 008400");
    expect_hex(bench.reader, "0007 0084000008 9000 0007 0084000007 9000 0002 3B00");
    send_hex(bench.reader, "0006");
    expect_hex(bench.reader, "0007 0084000006 9000");
    take_out(&bench);
}

static void le_of_case_4_is_stripped(void)
{
    struct bench bench = {0};
    insert(&bench);
    send_hex(bench.reader, "0008 00A40000023F0000");
    expect_hex(bench.reader, "0009 00A40000023F00 9000");
    take_out(&bench);
}

static void odd_frames_are_commands(void)
{
    struct bench bench = {0};
    insert(&bench);
    send_hex(bench.reader, "0000");
    expect_hex(bench.reader, "00029000");
    send_hex(bench.reader, "000103");
    expect_hex(bench.reader, "0003039000");
    send_hex(bench.reader, "0003 00A400");
    expect_hex(bench.reader, "0005 00A4009000");
    take_out(&bench);
}

static void answers_that_do_not_fit(void)
{
    struct bench bench = {0};
    insert(&bench);
    send_hex(bench.reader, "0004 00FD0000");
    expect_hex(bench.reader, "00026700");
    send_hex(bench.reader, "0004 00FE0000");
    expect_end(bench.reader);
    take_out(&bench);
}

static void failing_card_leaves_its_reader(void)
{
    struct bench bench = {0};
    insert(&bench);
    send_hex(bench.reader, "0004 00FF0000");
    expect_end(bench.reader);
    take_out(&bench);
}

static void stop_is_seen_by_the_reader(void)
{
    struct bench bench = {0};
    insert(&bench);
    oc_vpcd_card_stop(&bench.card);
    expect_end(bench.reader);
    take_out(&bench);
}

static void nobody_listens(void)
{
    struct echo echo = {0};
    oc_endpoint endpoint = {&echo, echo_reset, echo_exchange};
    oc_vpcd_card *card = NULL;
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_vpcd_card_start(&card, endpoint, free_port(), &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NULL(card);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "no vpcd reader"));
    OC_ASSERT_CODE(oc_vpcd_card_start(&card, endpoint, 0, NULL), OC_E_USAGE);
    OC_ASSERT_CODE(oc_serve_vpcd(endpoint, 65536, -1, NULL), OC_E_USAGE);
}

/* One thread serves, or plays a soft card, while the test goes on. */
struct peer {
    pthread_t thread;
    unsigned port;
    int stop_fd;
    oc_span await;  /* to receive once connected */
    oc_span say;    /* to send then */
    bool was_asked; /* `await` came */
    struct echo echo;
    oc_result result;
};

static void *serve_until_stopped(void *argument)
{
    struct peer *peer = argument;
    peer->result = oc_serve_vpcd((oc_endpoint){&peer->echo, echo_reset, echo_exchange}, peer->port, peer->stop_fd,
                                 NULL);
    return NULL;
}

static void stop_descriptor_ends_the_service(void)
{
    int ends[2];
    struct peer peer = {0};
    int listener = listen_somewhere(&peer.port);
    CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
    peer.stop_fd = ends[0];
    CU_ASSERT_EQUAL_FATAL(pthread_create(&peer.thread, NULL, serve_until_stopped, &peer), 0);
    int reader = accept(listener, NULL, NULL);
    send_hex(reader, "000104");
    expect_hex(reader, "00023B00");
    close(ends[1]);
    pthread_join(peer.thread, NULL);
    OC_ASSERT_CODE(peer.result, OC_E_OK);
    expect_end(reader);
    close(reader);
    close(ends[0]);
    close(listener);
}

static int connect_when_open(unsigned port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
            return fd;
        }
        close(fd);
        sched_yield();
    }
}

/* A soft card that waits for `await`, says `say` and stays until the other side closes (or leaves when it says
 * nothing). */
static void *play_card(void *argument)
{
    struct peer *peer = argument;
    oc_span await = peer->await;
    oc_span say = peer->say;
    uint8_t got[64];
    int fd = connect_when_open(peer->port);
    peer->was_asked = recv(fd, got, await.len, MSG_WAITALL) == (ssize_t)await.len &&
                      oc_span_equal(await, oc_span_of(got, await.len));
    if (say.len > 0 && send(fd, say.at, say.len, MSG_NOSIGNAL) == (ssize_t)say.len) {
        while (recv(fd, got, sizeof got, 0) > 0) {
        }
    }
    close(fd);
    return NULL;
}

static void *serve_when_open(void *argument)
{
    struct peer *peer = argument;
    do {
        sched_yield();
        serve_until_stopped(peer);
    } while (peer->result.code == OC_E_UNAVAILABLE);
    return NULL;
}

static oc_link *open_link(struct peer *peer, void *(*run)(void *))
{
    oc_link *link = NULL;
    peer->port = free_port();
    peer->stop_fd = -1;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&peer->thread, NULL, run, peer), 0);
    OC_ASSERT_OK(oc_link_vpcd(&link, peer->port, ANSWER_MS, NULL));
    oc_link_set_timeout(link, ANSWER_MS);
    return link;
}

static void both_sides_together(void)
{
    struct peer peer = {0};
    oc_link *link = open_link(&peer, serve_when_open);
    oc_buf out = {0};
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_COLD, &out, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&out), "3B00");
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_WARM, &out, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&out), "3B01FF");
    for (unsigned i = 0; i < 1000; i++) {
        OC_ASSERT_OK(oc_link_transmit(link, oc_test_hex("0084000008"), &out, NULL));
        OC_ASSERT_BYTES(oc_buf_span(&out), "00840000089000");
    }
    oc_link_free(&link);
    pthread_join(peer.thread, NULL);
    OC_ASSERT_CODE(peer.result, OC_E_OK);
    CU_ASSERT_EQUAL(peer.echo.cold, 1);
    CU_ASSERT_EQUAL(peer.echo.warm, 1);
    oc_buf_free(&out);
}

static void longest_frames(void)
{
    struct peer peer = {0};
    oc_link *link = open_link(&peer, serve_when_open);
    oc_buf command = {0};
    oc_buf out = {0};
    OC_ASSERT_OK(oc_buf_reserve(&command, 65536));
    memset(command.at, 0, 65536);
    command.len = 65533;
    OC_ASSERT_OK(oc_link_transmit(link, oc_buf_span(&command), &out, NULL));
    CU_ASSERT_EQUAL(out.len, 65535);
    command.len = 65535;
    OC_ASSERT_OK(oc_link_transmit(link, oc_buf_span(&command), &out, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&out), "6700");
    command.len = 65536;
    OC_ASSERT_CODE(oc_link_transmit(link, oc_buf_span(&command), &out, NULL), OC_E_LIMIT);
    OC_ASSERT_CODE(oc_link_transmit(link, oc_test_hex("04"), &out, NULL), OC_E_LIMIT);
    oc_link_free(&link);
    pthread_join(peer.thread, NULL);
    oc_buf_free(&command);
    oc_buf_free(&out);
}

/* Two commands to a card that answers the first with `say`, and their outcomes. */
static void against(const char *say, int timeout_ms, enum oc_code first, enum oc_code second)
{
    struct peer peer = {.await = oc_test_hex("0005 0084000008"), .say = oc_test_hex(say)};
    oc_link *link = open_link(&peer, play_card);
    oc_buf out = {0};
    oc_link_set_timeout(link, timeout_ms);
    OC_ASSERT_CODE(oc_link_transmit(link, oc_test_hex("0084000008"), &out, NULL), first);
    OC_ASSERT_CODE(oc_link_transmit(link, oc_test_hex("0084000008"), &out, NULL), second);
    oc_link_free(&link);
    pthread_join(peer.thread, NULL);
    CU_ASSERT_TRUE(peer.was_asked);
    oc_buf_free(&out);
}

static void bad_cards(void)
{
    against("", ANSWER_MS, OC_E_GONE, OC_E_GONE);
    against("0004 9000", SILENCE_MS, OC_E_TIMEOUT, OC_E_GONE);
    against("00", SILENCE_MS, OC_E_TIMEOUT, OC_E_GONE);
    against("0001 90 0002 9000", ANSWER_MS, OC_E_GARBAGE, OC_E_GARBAGE);
    against("0000 0002 9000", ANSWER_MS, OC_E_GARBAGE, OC_E_GARBAGE);
}

static void bad_answers_to_reset(void)
{
    struct peer peer = {.await = oc_test_hex("000100 000101 000104"), .say = oc_test_hex("0000")};
    oc_link *link = open_link(&peer, play_card);
    oc_buf atr = {0};
    OC_ASSERT_CODE(oc_link_reset(link, OC_RESET_COLD, &atr, NULL), OC_E_GARBAGE);
    oc_link_free(&link);
    pthread_join(peer.thread, NULL);
    CU_ASSERT_TRUE(peer.was_asked);
    oc_buf_free(&atr);
}

static void nobody_comes(void)
{
    oc_link *link = NULL;
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_link_vpcd(&link, free_port(), SILENCE_MS, &diag), OC_E_TIMEOUT);
    CU_ASSERT_PTR_NULL(link);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "no card connected"));
    unsigned port;
    int other = listen_somewhere(&port);
    OC_ASSERT_CODE(oc_link_vpcd(&link, port, SILENCE_MS, NULL), OC_E_UNAVAILABLE);
    OC_ASSERT_CODE(oc_link_vpcd(&link, 0, SILENCE_MS, NULL), OC_E_USAGE);
    close(other);
}

int main(void)
{
    static const oc_test_row rows[] = {{"driver's sequence", driver_sequence},
                                       {"stream", frames_are_cut_from_a_stream},
                                       {"Le", le_of_case_4_is_stripped},
                                       {"odd frames", odd_frames_are_commands},
                                       {"answers that do not fit", answers_that_do_not_fit},
                                       {"failing card", failing_card_leaves_its_reader},
                                       {"stop", stop_is_seen_by_the_reader},
                                       {"nobody listens", nobody_listens},
                                       {"stop descriptor", stop_descriptor_ends_the_service},
                                       {"both sides", both_sides_together},
                                       {"longest frames", longest_frames},
                                       {"bad cards", bad_cards},
                                       {"bad answers to reset", bad_answers_to_reset},
                                       {"nobody comes", nobody_comes},
                                       {NULL, NULL}};
    return oc_test_main("link_vpcd", rows);
}
