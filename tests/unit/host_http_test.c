/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/host/http_server.h"
#include "tests/support/oc_test.h"

#define BODY_MAX 1000
#define PATIENCE_MS 400
#define ENOUGH_MS 10000

struct subject {
    oc_http_server *server;
    sem_t entered;
    sem_t leave;
};

static oc_result echo(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    (void)context;
    (void)diag;
    const char *tag = oc_http_header(request, "x-tag");
    if (tag != NULL) {
        OC_TRY(oc_fields_set_text(&response->headers, "X-Tag-Back", tag));
    }
    response->media_type = "text/plain";
    return oc_buf_append(&response->body, request->body);
}

static oc_result fail(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    (void)context;
    (void)request;
    OC_TRY(oc_buf_append(&response->body, oc_span_text("half")));
    return oc_diag_fail(diag, OC_E_IO, "the \"disk\" is full");
}

static oc_result linger(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    (void)request;
    (void)diag;
    struct subject *subject = context;
    sem_post(&subject->entered);
    sem_wait(&subject->leave);
    return oc_buf_append(&response->body, oc_span_text("done"));
}

static void start(struct subject *subject, const oc_http_options *bounds)
{
    static oc_http_route routes[5];
    routes[0] = (oc_http_route){"POST", "/echo", echo, NULL};
    routes[1] = (oc_http_route){"GET", "/echo", echo, NULL};
    routes[2] = (oc_http_route){"POST", "/fail", fail, NULL};
    routes[3] = (oc_http_route){"POST", "/linger", linger, subject};
    routes[4] = (oc_http_route){"POST", "/below/", echo, NULL};
    oc_http_options options = *bounds;
    options.routes = routes;
    options.route_count = sizeof routes / sizeof routes[0];
    sem_init(&subject->entered, 0, 0);
    sem_init(&subject->leave, 0, 0);
    OC_ASSERT_OK(oc_http_server_start(&subject->server, &options, NULL));
}

static void start_small(struct subject *subject)
{
    oc_http_options options = oc_http_defaults();
    options.body_max = BODY_MAX;
    options.timeout_ms = ENOUGH_MS;
    start(subject, &options);
}

static void stop(struct subject *subject)
{
    oc_http_server_stop(&subject->server);
    sem_destroy(&subject->entered);
    sem_destroy(&subject->leave);
}

static int dial(const struct subject *subject)
{
    const char *address = oc_http_server_address(subject->server);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    to.sin_port = htons((uint16_t)strtoul(strrchr(address, ':') + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    CU_ASSERT_EQUAL(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* Reads until `end` has come, the connection ends or nothing comes; what was read, NUL-terminated. */
static const char *hear(int fd, const char *end, char *room, size_t size)
{
    size_t len = 0;
    room[0] = '\0';
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    while (len + 1 < size && (end == NULL || strstr(room, end) == NULL) && poll(&ready, 1, ENOUGH_MS) == 1) {
        ssize_t n = recv(fd, room + len, size - len - 1, 0);
        if (n <= 0) {
            break;
        }
        len += (size_t)n;
        room[len] = '\0';
    }
    return room;
}

/* One request on a connection of its own. */
static void expect(const struct subject *subject, const char *request, const char *status, const char *part)
{
    char room[4096];
    int fd = dial(subject);
    say(fd, request);
    const char *answer = hear(fd, part, room, sizeof room);
    CU_ASSERT_EQUAL(strncmp(answer, "HTTP/1.1 ", 9), 0);
    CU_ASSERT_EQUAL(strncmp(answer + 9, status, 3), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(answer, part));
    close(fd);
}

#define HOST "Host: a\r\n"

static void test_routes(void)
{
    struct subject subject;
    start_small(&subject);
    expect(&subject, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhallo", "200", "\r\n\r\nhallo");
    expect(&subject, "POST /echo HTTP/1.1\r\n" HOST "X-Tag: 7\r\nContent-Length: 1\r\n\r\n.", "200", "X-Tag-Back: 7");
    expect(&subject, "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
           "200", "\r\n\r\nabc");
    expect(&subject, "GET /echo?x=1 HTTP/1.1\r\n" HOST "\r\n", "200", "Content-Length: 0");
    expect(&subject, "POST /below/1/2 HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx", "200", "\r\n\r\nx");
    expect(&subject, "POST /echo/ HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "404", "{\"error\":\"not-found\"");
    expect(&subject, "POST /ech%6F HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n.", "200", "\r\n\r\n.");
    expect(&subject, "POST /echo%00 HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "404", "not-found");
    expect(&subject, "POST /echo%00x%00 HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "404", "not-found");
    expect(&subject, "PUT /echo HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "405", "{\"error\":\"method\"");
    expect(&subject, "POST /fail HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", "500",
           "\r\n\r\n{\"error\":\"internal\",\"message\":\"the \\\"disk\\\" is full\"}");
    expect(&subject, "POST /echo HTTP/1.1\r\n\r\n", "400", "\r\n"); /* without Host */
    stop(&subject);
}

static void test_keep_alive(void)
{
    struct subject subject;
    start_small(&subject);
    char room[4096];
    int fd = dial(&subject);
    for (int i = 0; i < 20; i++) {
        say(fd, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nmore");
        CU_ASSERT_PTR_NOT_NULL(strstr(hear(fd, "\r\n\r\nmore", room, sizeof room), "200 OK"));
    }
    close(fd);
    stop(&subject);
}

static void test_long_bodies(void)
{
    struct subject subject;
    start_small(&subject);
    char body[BODY_MAX + 256];
    int head = snprintf(body, sizeof body, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n", BODY_MAX);
    memset(body + head, 'x', BODY_MAX);
    body[head + BODY_MAX] = '\0';
    expect(&subject, body, "200", "xxxxx");
    head = snprintf(body, sizeof body, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n", BODY_MAX + 1);
    memset(body + head, 'x', BODY_MAX + 1);
    body[head + BODY_MAX + 1] = '\0';
    expect(&subject, body, "413", "{\"error\":\"too-large\"");
    /* announced, not sent */
    expect(&subject, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 99999999999\r\n\r\n", "413", "too-large");
    stop(&subject);
}

static void test_endless_body(void)
{
    struct subject subject;
    start_small(&subject);
    int fd = dial(&subject);
    say(fd, "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    int sent = 0;
    while (sent < 100000 && send(fd, "8\r\nxxxxxxxx\r\n", 13, MSG_NOSIGNAL) == 13) {
        sent++;
    }
    CU_ASSERT_TRUE(sent < 100000);
    close(fd);
    stop(&subject);
}

static void test_bodies_together(void)
{
    struct subject subject;
    oc_http_options options = oc_http_defaults();
    options.body_max = BODY_MAX;
    options.waiting_max = BODY_MAX;
    options.timeout_ms = ENOUGH_MS;
    start(&subject, &options);
    char half[600 + 256];
    int head = snprintf(half, sizeof half, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 601\r\n\r\n");
    memset(half + head, 'x', 600);
    half[head + 600] = '\0';
    int fd = dial(&subject);
    say(fd, half);
    char whole[600 + 256];
    head = snprintf(whole, sizeof whole, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 600\r\n\r\n");
    memset(whole + head, 'y', 600);
    whole[head + 600] = '\0';
    usleep(100000); /* the first half has to be there first; were it not, the other request would pass */
    expect(&subject, whole, "503", "{\"error\":\"busy\"");
    char room[2048];
    say(fd, "z");
    CU_ASSERT_PTR_NOT_NULL(strstr(hear(fd, "xz", room, sizeof room), "200 OK"));
    expect(&subject, whole, "200", "yyyy");
    close(fd);
    stop(&subject);
}

/* However many bytes come meanwhile. */
static void test_slow_clients(void)
{
    struct subject subject;
    oc_http_options options = oc_http_defaults();
    options.timeout_ms = PATIENCE_MS;
    start(&subject, &options);
    static const char *const beginnings[] = {"", "POST /echo HT", "POST /echo HTTP/1.1\r\n" HOST "X-Long: ",
                                             "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 900\r\n\r\n"};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        int fd = dial(&subject);
        say(fd, beginnings[i]);
        uint64_t begin = oc_clock_now_ns();
        char byte;
        ssize_t n = 1;
        while (oc_clock_now_ns() - begin < (uint64_t)ENOUGH_MS * 1000000) {
            struct pollfd ready = {.fd = fd, .events = POLLIN};
            if (poll(&ready, 1, PATIENCE_MS / 8) == 1) {
                n = recv(fd, &byte, 1, 0);
                break;
            }
            if (i > 0) {
                (void)send(fd, "a", 1, MSG_NOSIGNAL);
            }
        }
        CU_ASSERT_TRUE(n <= 0);
        close(fd);
    }
    expect(&subject, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nok", "200", "\r\n\r\nok");
    stop(&subject);
}

/* A handler may take longer than a client; stopping lets it end. */
static void *stop_it(void *context)
{
    struct subject *subject = context;
    oc_http_server_stop(&subject->server);
    return NULL;
}

static void test_stop_in_mid_request(void)
{
    struct subject subject;
    oc_http_options options = oc_http_defaults();
    options.timeout_ms = PATIENCE_MS;
    start(&subject, &options);
    char room[1024];
    int fd = dial(&subject);
    int idle = dial(&subject);
    say(fd, "POST /linger HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
    sem_wait(&subject.entered);
    usleep(2 * PATIENCE_MS * 1000);
    pthread_t stopper;
    pthread_create(&stopper, NULL, stop_it, &subject);
    sem_post(&subject.leave);
    CU_ASSERT_PTR_NOT_NULL(strstr(hear(fd, "\r\n\r\ndone", room, sizeof room), "\r\n\r\ndone"));
    pthread_join(stopper, NULL);
    CU_ASSERT_PTR_NULL(subject.server);
    CU_ASSERT_TRUE(recv(idle, room, 1, 0) <= 0);
    close(fd);
    close(idle);
    stop(&subject);
}

static void test_many_connections(void)
{
    struct subject subject;
    oc_http_options options = oc_http_defaults();
    options.connections = 8;
    options.timeout_ms = ENOUGH_MS;
    start(&subject, &options);
    int fds[40];
    for (size_t i = 0; i < 40; i++) {
        fds[i] = dial(&subject); /* more than are served wait in the queue */
    }
    char room[1024];
    for (size_t i = 0; i < 40; i++) {
        say(fds[i], "POST /echo HTTP/1.1\r\n" HOST "Connection: close\r\nContent-Length: 2\r\n\r\nok");
        CU_ASSERT_PTR_NOT_NULL(strstr(hear(fds[i], "\r\n\r\nok", room, sizeof room), "200 OK"));
        close(fds[i]);
    }
    stop(&subject);
}

static void test_pool(void)
{
    struct subject subject;
    oc_http_options options = oc_http_defaults();
    options.threads = 4;
    options.timeout_ms = ENOUGH_MS;
    start(&subject, &options);
    int fds[4];
    char room[1024];
    /* A thread that a handler holds accepts nobody: each next connection is another thread's. */
    for (size_t i = 0; i < 4; i++) {
        fds[i] = dial(&subject);
        say(fds[i], "POST /linger HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
        sem_wait(&subject.entered);
    }
    for (size_t i = 0; i < 4; i++) {
        sem_post(&subject.leave);
    }
    for (size_t i = 0; i < 4; i++) {
        CU_ASSERT_PTR_NOT_NULL(strstr(hear(fds[i], "done", room, sizeof room), "200 OK"));
        close(fds[i]);
    }
    stop(&subject);
}

static void test_addresses(void)
{
    static const char *const bad[] = {"",        "8090",        ":8090",           "127.0.0.1",    "127.0.0.1:",
                                      "a.b:80",  "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:-1", "::1:80",
                                      "[::1:80", "[]:80",       "1.2.3.4.5:80"};
    oc_http_options options = oc_http_defaults();
    oc_http_server *server = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        options.listen = bad[i];
        oc_diag diag = {0};
        OC_ASSERT_CODE(oc_http_server_start(&server, &options, &diag), OC_E_USAGE);
        CU_ASSERT_TRUE(diag.reason[0] != '\0');
        CU_ASSERT_PTR_NULL(server);
    }
    options.listen = "localhost:0";
    OC_ASSERT_OK(oc_http_server_start(&server, &options, NULL));
    char address[80];
    snprintf(address, sizeof address, "%s", oc_http_server_address(server));
    CU_ASSERT_EQUAL(strncmp(address, "127.0.0.1:", 10), 0);
    CU_ASSERT_STRING_NOT_EQUAL(address, "127.0.0.1:0");
    oc_http_server *second = NULL;
    options.listen = address;
    OC_ASSERT_CODE(oc_http_server_start(&second, &options, NULL), OC_E_UNAVAILABLE);
    oc_http_server_stop(&server);
    OC_ASSERT_OK(oc_http_server_start(&server, &options, NULL)); /* again at once */
    oc_http_server_stop(&server);
    options.threads = 0;
    OC_ASSERT_CODE(oc_http_server_start(&server, &options, NULL), OC_E_USAGE);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"handlers by method and path", test_routes},
        {"a connection serves many requests", test_keep_alive},
        {"long bodies are refused", test_long_bodies},
        {"an endless body is cut off", test_endless_body},
        {"all bodies together are bounded", test_bodies_together},
        {"slow clients are cut off", test_slow_clients},
        {"stopping lets a handler end", test_stop_in_mid_request},
        {"more connections than are served wait", test_many_connections},
        {"a pool handles requests side by side", test_pool},
        {"addresses", test_addresses},
        {NULL, NULL},
    };
    return oc_test_main("HTTP server", rows);
}
