/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/link/card_server.h"
#include "tests/support/oc_test.h"

/* Long enough for any machine, where an answer is expected. */
#define ANSWER_MS 60000

/* A card that answers every command with it and 9000. INS FF fails, FE stays silent, FD is taken out within the command,
 * FC answers one byte, FB too much. */
struct echo {
    oc_card_server *server;
    unsigned cold;
    unsigned warm;
    bool is_mute;
};

static oc_result echo_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct echo *echo = self;
    *(kind == OC_RESET_COLD ? &echo->cold : &echo->warm) += 1;
    oc_wr_u16(atr, kind == OC_RESET_COLD ? 0x3B00 : 0x3B01);
    oc_wr_fill(atr, 0xFF, kind == OC_RESET_COLD ? 0 : 1);
    return echo->is_mute ? oc_fail(OC_E_TIMEOUT) : oc_ok();
}

static oc_result echo_exchange(void *self, oc_span command, oc_wr *response)
{
    struct echo *echo = self;
    switch (command.len > 1 ? command.at[1] : 0) {
    case 0xFF:
        return oc_fail(OC_E_CRYPTO);
    case 0xFE:
        return oc_fail(OC_E_TIMEOUT);
    case 0xFD:
        oc_card_server_present(echo->server, 0, false);
        break;
    case 0xFC:
        oc_wr_u8(response, 0x90);
        return oc_ok();
    case 0xFB:
        oc_wr_fill(response, 0xAA, OC_RESPONSE_MAX + 1);
        return oc_ok();
    case 0xFA:
        return oc_fail(OC_E_GONE);
    default:
        break;
    }
    oc_wr_bytes(response, command);
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

/* A server with a card in slot 0, one of T=1 in slot 1 and an empty slot 2. */
struct bench {
    struct echo echo;
    struct echo sam;
    oc_card_server *server;
};

static void start(struct bench *bench, const char *address)
{
    *bench = (struct bench){0};
    const oc_card_slot slots[] = {{"card", OC_CARDS_USER, {&bench->echo, echo_reset, echo_exchange}, true},
                                  {"PSAM", OC_CARDS_SAM, {&bench->sam, echo_reset, echo_exchange}, true},
                                  {"none", OC_CARDS_CONTACTLESS, {&bench->sam, echo_reset, echo_exchange}, false}};
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_card_server_start(&bench->server, slots, 3, address, &diag));
    bench->echo.server = bench->server;
}

static int connect_to(const struct bench *bench)
{
    const char *address = oc_card_server_address(bench->server);
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in tcp = {.sin_family = AF_INET};
    bool is_tcp = strncmp(address, "tcp:", 4) == 0;
    int fd = socket(is_tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (is_tcp) {
        tcp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        tcp.sin_port = htons((uint16_t)atoi(strrchr(address, ':') + 1));
        CU_ASSERT_EQUAL_FATAL(connect(fd, (const struct sockaddr *)&tcp, sizeof tcp), 0);
    } else {
        snprintf(local.sun_path, sizeof local.sun_path, "%s", address + 5);
        CU_ASSERT_EQUAL_FATAL(connect(fd, (const struct sockaddr *)&local, sizeof local), 0);
    }
    return fd;
}

static void say(int fd, const char *hex)
{
    oc_span body = oc_test_hex(hex);
    uint8_t frame[64];
    oc_wr wr = oc_wr_of(frame, sizeof frame);
    oc_wr_u32(&wr, (uint32_t)body.len);
    oc_wr_bytes(&wr, body);
    CU_ASSERT_EQUAL_FATAL(send(fd, frame, wr.len, MSG_NOSIGNAL), (ssize_t)wr.len);
}

static bool read_all(int fd, void *at, size_t len)
{
    return recv(fd, at, len, MSG_WAITALL) == (ssize_t)len;
}

static void expect(int fd, const char *hex)
{
    oc_span want = oc_test_hex(hex);
    uint8_t length[4];
    uint8_t body[256];
    CU_ASSERT_TRUE_FATAL(read_all(fd, length, sizeof length));
    oc_rd rd = oc_rd_of(oc_span_of(length, sizeof length));
    uint32_t len = oc_rd_u32(&rd);
    CU_ASSERT_TRUE_FATAL(len <= sizeof body && read_all(fd, body, len));
    if (!oc_span_equal(oc_span_of(body, len), want)) {
        printf("\n    %02X (%u bytes) instead of %s", body[0], len, hex);
        CU_FAIL("another answer");
    }
}

static void ask(int fd, const char *question, const char *answer)
{
    say(fd, question);
    expect(fd, answer);
}

static void expect_end(int fd)
{
    uint8_t byte;
    CU_ASSERT_TRUE(recv(fd, &byte, 1, 0) <= 0);
}

static void one_terminal(const char *address)
{
    struct bench bench;
    start(&bench, address);
    int fd = connect_to(&bench);
    ask(fd, "01", "00 01 03 00 04 63617264 02 04 5053414D 01 04 6E6F6E65");
    ask(fd, "02 00 00", "00 01 00 00000000 00000000");
    ask(fd, "02 00 01", "00 03 00 00000000 00000001 3B00");
    ask(fd, "02 02 01", "00 00 00 00000000 00000000");
    ask(fd, "02 03 01", "01");
    ask(fd, "03 00 00", "00 00");
    ask(fd, "08 00 00A4000000", "00 00A4000000 9000");
    ask(fd, "06 00 02", "00 3B00");
    ask(fd, "06 00 01", "00 3B01FF");
    ask(fd, "06 00 00", "00 3B00");
    ask(fd, "08 00 00A40000023F0000", "00 00A40000023F00 9000");
    ask(fd, "08 00", "00 9000");
    ask(fd, "0D 00", "00");
    ask(fd, "07 00", "00");
    ask(fd, "08 00 0084000008", "06");
    ask(fd, "07 00", "00");
    ask(fd, "05 00", "00");
    ask(fd, "05 00", "02");
    ask(fd, "08 0F 00", "02");
    ask(fd, "08 10 00", "02");
    ask(fd, "03 02 00", "03");
    ask(fd, "03 02 02", "00 00");
    ask(fd, "04 00 03", "00");
    ask(fd, "03 02 02", "09");
    ask(fd, "04 00 02", "00");
    ask(fd, "06 00 00", "03");
    ask(fd, "08 00 00", "03");
    close(fd);
    CU_ASSERT_EQUAL(bench.echo.cold, 2);
    CU_ASSERT_EQUAL(bench.echo.warm, 1);
    oc_card_server_stop(&bench.server);
    CU_ASSERT_PTR_NULL(bench.server);
}

static void both_sockets(void)
{
    one_terminal("unix:");
    one_terminal("tcp:127.0.0.1:0");
}

static void socket_is_private(void)
{
    struct bench bench;
    struct stat status;
    char path[256];
    start(&bench, "unix:");
    snprintf(path, sizeof path, "%s", oc_card_server_address(bench.server) + 5);
    CU_ASSERT_EQUAL(stat(path, &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777u, 0600);
    *strrchr(path, '/') = '\0';
    CU_ASSERT_EQUAL(stat(path, &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777u, 0700);
    oc_card_server_stop(&bench.server);
    CU_ASSERT_NOT_EQUAL(stat(path, &status), 0);
}

static void bad_cards(void)
{
    struct bench bench;
    start(&bench, "unix:");
    int fd = connect_to(&bench);
    ask(fd, "03 00 00", "00 00");
    ask(fd, "06 00 00", "00 3B00");
    ask(fd, "08 00 00FF0000", "08");
    ask(fd, "08 00 00FE0000", "07");
    ask(fd, "08 00 00FC0000", "08");
    ask(fd, "08 00 00FB0000", "08");
    ask(fd, "08 00 00840000", "00 00840000 9000");
    oc_card_server_lock(bench.server);
    bench.echo.is_mute = true;
    oc_card_server_unlock(bench.server);
    ask(fd, "06 00 00", "07");
    ask(fd, "08 00 00840000", "06");
    ask(fd, "02 00 01", "00 01 01 00000000 00000001");
    oc_card_server_lock(bench.server);
    bench.echo.is_mute = false;
    oc_card_server_unlock(bench.server);
    ask(fd, "06 00 00", "00 3B00");
    ask(fd, "08 00 00FD0000", "04");
    ask(fd, "08 00 00840000", "04");
    ask(fd, "06 00 00", "03");
    oc_card_server_present(bench.server, 0, true);
    ask(fd, "08 00 00840000", "04");
    ask(fd, "06 00 00", "00 3B00");
    ask(fd, "08 00 00FA0000", "04");
    ask(fd, "02 00 01", "00 00 01 00000003 00000003");
    close(fd);
    oc_card_server_stop(&bench.server);
}

static void two_terminals(void)
{
    struct bench bench;
    start(&bench, "unix:");
    int one = connect_to(&bench);
    int two = connect_to(&bench);
    ask(one, "03 00 00", "00 00");
    ask(two, "03 00 01", "09");
    ask(two, "03 00 00", "00 00");
    ask(one, "04 00 01", "09");
    ask(one, "06 00 02", "00 3B00");
    ask(two, "08 00 0084000008", "05");
    ask(two, "0D 00", "05");
    ask(two, "06 00 02", "00 3B00");
    ask(one, "08 00 0084000008", "00 0084000008 9000");
    ask(two, "08 00 0084000007", "00 0084000007 9000");
    ask(two, "09 00", "00");
    ask(two, "09 00", "00");
    ask(one, "08 00 0084000008", "0A");
    ask(one, "09 00", "0A");
    ask(one, "06 00 00", "0A");
    ask(one, "07 00", "0A");
    ask(two, "0A 00", "00");
    ask(one, "08 00 0084000008", "0A");
    ask(two, "0A 00", "00");
    ask(two, "0A 00", "0B");
    ask(one, "08 00 0084000008", "00 0084000008 9000");
    ask(two, "09 00", "00");
    ask(two, "06 00 01", "00 3B01FF");
    close(two); /* without a word: lock and handle go with it */
    for (unsigned i = 0; i < 1000; i++) {
        say(one, "09 00");
        uint8_t got[5];
        CU_ASSERT_TRUE_FATAL(read_all(one, got, sizeof got));
        if (got[4] != OC_CARDS_LOCKED) {
            CU_ASSERT_EQUAL(got[4], OC_CARDS_WAS_RESET);
            break;
        }
        poll(NULL, 0, 1);
    }
    ask(one, "04 00 01", "00");
    two = connect_to(&bench);
    ask(two, "03 00 02", "09");
    ask(two, "03 01 01", "00 00");
    ask(two, "02 00 00", "00 07 01 00000000 00000002 3B01FF");
    close(one);
    close(two);
    oc_card_server_stop(&bench.server);
}

static void last_one_unpowers(void)
{
    struct bench bench;
    start(&bench, "unix:");
    int one = connect_to(&bench);
    ask(one, "03 00 00", "00 00");
    ask(one, "06 00 00", "00 3B00");
    close(one);
    int two = connect_to(&bench);
    uint8_t flags = OC_CARDS_POWERED;
    for (unsigned i = 0; i < 1000 && (flags & OC_CARDS_POWERED) != 0; i++) {
        uint8_t got[4 + 1 + 2 + 8 + 2];
        say(two, "02 00 00");
        CU_ASSERT_TRUE_FATAL(read_all(two, got, sizeof got));
        flags = got[5];
        poll(NULL, 0, 1);
    }
    CU_ASSERT_EQUAL(flags, OC_CARDS_PRESENT);
    close(two);
    oc_card_server_stop(&bench.server);
}

static void waiting(void)
{
    struct bench bench;
    start(&bench, "unix:");
    int fd = connect_to(&bench);
    ask(fd, "0B 00000000 00000000", "0D 00000000");
    ask(fd, "0B 00000001 FFFFFFFF", "00 00000000");
    ask(fd, "0B 00000000 00000005", "0D 00000000");
    say(fd, "0B 00000000 FFFFFFFF");
    oc_card_server_present(bench.server, 2, true);
    expect(fd, "00 00000001");
    oc_card_server_present(bench.server, 2, true);
    ask(fd, "0B 00000001 00000000", "0D 00000001");
    say(fd, "0B 00000001 0000EA60");
    say(fd, "0C");
    expect(fd, "0E 00000001");
    say(fd, "0C");
    ask(fd, "0B 00000001 00000001", "0D 00000001");
    int other = connect_to(&bench);
    say(fd, "0B 00000001 FFFFFFFF");
    ask(other, "03 00 00", "00 00");
    expect(fd, "00 00000002");
    close(fd);
    close(other);
    oc_card_server_stop(&bench.server);
}

static void hostile_terminals(void)
{
    static const char *const bad[] = {"",         "00",      "0E",       "FF",          "01 00",       "02 00",
                                      "02 00 02", "03 00",   "03 00 04", "06 00 03",    "06 00 00 00", "05",
                                      "05 00 00", "0C 00",   "0B 00",    "0B 00000000", "08",          "09",
                                      "0A 00 00", "04 00 04"};
    struct bench bench;
    start(&bench, "tcp:127.0.0.1:0");
    int waiter = connect_to(&bench);
    say(waiter, "0B 00000000 FFFFFFFF");
    say(waiter, "01");
    expect_end(waiter);
    close(waiter);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int fd = connect_to(&bench);
        say(fd, bad[i]);
        expect_end(fd);
        close(fd);
    }
    int half = connect_to(&bench);
    CU_ASSERT_EQUAL(send(half, "\x00\x01\x00\x11", 4, 0), 4);
    expect_end(half);
    close(half);
    half = connect_to(&bench);
    CU_ASSERT_EQUAL(send(half, "\x00\x00", 2, 0), 2);
    int good = connect_to(&bench);
    ask(good, "03 00 00", "00 00");
    close(half);
    ask(good, "06 00 00", "00 3B00");
    close(good);
    oc_card_server_stop(&bench.server);
}

/* Many questions in one go, whose answers are not read for a while. */
static void slow_reader(void)
{
    enum { COMMANDS = 200, LEN = 60000 };
    struct bench bench;
    start(&bench, "unix:");
    int fd = connect_to(&bench);
    ask(fd, "03 01 00", "00 00");
    ask(fd, "06 00 00", "00 3B00");
    uint8_t *frame = calloc(1, 6 + LEN);
    CU_ASSERT_PTR_NOT_NULL_FATAL(frame);
    oc_wr wr = oc_wr_of(frame, 6 + LEN);
    oc_wr_u32(&wr, LEN + 2);
    oc_wr_u8(&wr, OC_CARDS_TRANSMIT);
    unsigned sent = 0;
    size_t part = 0;
    while (sent < COMMANDS) {
        ssize_t n = send(fd, frame + part, 6 + LEN - part, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0) {
            break; /* the server has stopped reading */
        }
        part += (size_t)n;
        sent += part == 6 + LEN ? 1 : 0;
        part %= 6 + LEN;
    }
    CU_ASSERT_TRUE(sent > 0 && sent < COMMANDS);
    int other = connect_to(&bench);
    ask(other, "03 00 00", "00 00");
    uint8_t answer[4 + 1 + LEN + 2];
    for (unsigned i = 0; i < sent; i++) {
        CU_ASSERT_TRUE_FATAL(read_all(fd, answer, sizeof answer));
        CU_ASSERT_EQUAL(answer[4], OC_CARDS_OK);
    }
    free(frame);
    close(fd);
    close(other);
    oc_card_server_stop(&bench.server);
}

static void limits(void)
{
    struct bench bench;
    int fds[40];
    start(&bench, "unix:");
    fds[0] = connect_to(&bench);
    for (unsigned i = 0; i < OC_CARDS_HANDLES; i++) {
        char answer[8];
        snprintf(answer, sizeof answer, "00 %02X", i);
        ask(fds[0], "03 00 00", answer);
    }
    ask(fds[0], "03 00 00", "0C");
    for (unsigned i = 1; i < 32; i++) {
        fds[i] = connect_to(&bench);
        ask(fds[i], "0B 00000000 00000000", "00 00000010");
    }
    fds[32] = connect_to(&bench);
    expect_end(fds[32]);
    for (unsigned i = 0; i <= 32; i++) {
        close(fds[i]);
    }
    oc_card_server_stop(&bench.server);
}

static void bad_addresses(void)
{
    static const char *const bad[] = {"",
                                      "unix",
                                      "tcp:",
                                      "tcp:127.0.0.1",
                                      "tcp:127.0.0.1:",
                                      "tcp:x:1",
                                      "tcp:127.0.0.1:x",
                                      "tcp:1.2.3.4:1x",
                                      "tcp:127.0.0.1:65536",
                                      "udp:1.2.3.4:1"};
    struct echo echo = {0};
    oc_card_slot slot = {"card", OC_CARDS_USER, {&echo, echo_reset, echo_exchange}, true};
    oc_card_server *server = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        oc_diag diag = {0};
        OC_ASSERT_CODE(oc_card_server_start(&server, &slot, 1, bad[i], &diag), OC_E_USAGE);
        CU_ASSERT_PTR_NULL(server);
        CU_ASSERT_TRUE(diag.reason[0] != '\0');
    }
    OC_ASSERT_CODE(oc_card_server_start(&server, &slot, 1, "unix:/nonexistent/cards", NULL), OC_E_UNAVAILABLE);
    OC_ASSERT_CODE(oc_card_server_start(&server, &slot, 0, "unix:", NULL), OC_E_USAGE);
    OC_ASSERT_CODE(oc_card_server_start(&server, &slot, 17, "unix:", NULL), OC_E_USAGE);
    slot.name = "";
    OC_ASSERT_CODE(oc_card_server_start(&server, &slot, 1, "unix:", NULL), OC_E_USAGE);
}

/* A socket that is served is left alone; one whose server was killed is replaced. */
static void socket_that_is_there(void)
{
    struct bench bench;
    start(&bench, "unix:");
    char address[256];
    char path[256];
    oc_card_slot slot = {"card", OC_CARDS_USER, {&bench.echo, echo_reset, echo_exchange}, true};
    oc_card_server *server = NULL;
    snprintf(address, sizeof address, "%s", oc_card_server_address(bench.server));
    OC_ASSERT_CODE(oc_card_server_start(&server, &slot, 1, address, NULL), OC_E_UNAVAILABLE);
    snprintf(path, sizeof path, "%s-dead", address + 5);
    struct sockaddr_un dead = {.sun_family = AF_UNIX};
    snprintf(dead.sun_path, sizeof dead.sun_path, "%.100s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    CU_ASSERT_EQUAL(bind(fd, (const struct sockaddr *)&dead, sizeof dead), 0);
    close(fd);
    snprintf(address, sizeof address, "unix:%.200s", path);
    OC_ASSERT_OK(oc_card_server_start(&server, &slot, 1, address, NULL));
    oc_card_server_stop(&server);
    oc_card_server_stop(&bench.server);
}

int main(void)
{
    static const oc_test_row rows[] = {{"one terminal", both_sockets},
                                       {"private socket", socket_is_private},
                                       {"bad cards", bad_cards},
                                       {"two terminals", two_terminals},
                                       {"the last one unpowers", last_one_unpowers},
                                       {"waiting", waiting},
                                       {"hostile terminals", hostile_terminals},
                                       {"slow reader", slow_reader},
                                       {"limits", limits},
                                       {"bad addresses", bad_addresses},
                                       {"socket that is there", socket_that_is_there},
                                       {NULL, NULL}};
    return oc_test_main("link_card_server", rows);
}
