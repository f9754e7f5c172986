/* SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

#include "sim/host/http_server.h"
#include "tests/support/oc_http_client.h"
#include "tests/support/oc_test.h"

#define CLIENTS 20
#define ENOUGH_MS 10000
#define A_LITTLE_MS 50

/* A store of sorts: what is handled counts when the batch has ended. Its lock makes the test the one that decides when. */
struct subject {
    oc_http_server *server;
    sem_t begun;  /* a batch was begun */
    sem_t may_go; /* and may be handled */
    bool free;    /* batches go on by themselves */
    bool fail_begin;
    bool fail_end;
    bool open;
    size_t handled;
    size_t batches;
    size_t most; /* in one batch */
    size_t here; /* in this one */
};

static oc_result begin(void *context, oc_diag *diag)
{
    struct subject *subject = context;
    if (!subject->free) {
        sem_post(&subject->begun);
        sem_wait(&subject->may_go);
    }
    subject->batches++;
    subject->here = 0;
    subject->open = !subject->fail_begin;
    return subject->fail_begin ? oc_diag_fail(diag, OC_E_IO, "no begin") : oc_ok();
}

static oc_result end(void *context, oc_diag *diag)
{
    struct subject *subject = context;
    subject->open = false;
    subject->most = subject->here > subject->most ? subject->here : subject->most;
    return subject->fail_end ? oc_diag_fail(diag, OC_E_IO, "no end") : oc_ok();
}

static oc_result echo(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    struct subject *subject = context;
    CU_ASSERT_TRUE(subject->open);
    subject->handled++;
    subject->here++;
    const char *tag = oc_http_header(request, "Content-Type");
    CU_ASSERT_STRING_EQUAL(tag, "application/json");
    if (request->body.len == 4) {
        return oc_diag_fail(diag, OC_E_IO, "four");
    }
    return oc_buf_append(&response->body, request->body);
}

static void start(struct subject *subject, size_t most)
{
    static oc_http_route routes[1];
    *subject = (struct subject){0};
    sem_init(&subject->begun, 0, 0);
    sem_init(&subject->may_go, 0, 0);
    routes[0] = (oc_http_route){"POST", "/", echo, subject};
    oc_http_options options = oc_http_defaults();
    options.routes = routes;
    options.route_count = 1;
    options.timeout_ms = ENOUGH_MS;
    options.batch = (oc_http_batch){begin, end, subject, most};
    OC_ASSERT_OK(oc_http_server_start(&subject->server, &options, NULL));
}

static void stop(struct subject *subject)
{
    oc_http_server_stop(&subject->server);
    sem_destroy(&subject->begun);
    sem_destroy(&subject->may_go);
}

static int dial(const struct subject *subject)
{
    int fd = oc_client_dial(oc_http_server_address(subject->server));
    CU_ASSERT_TRUE_FATAL(fd >= 0);
    return fd;
}

static void expect(int fd, unsigned status, const char *part)
{
    oc_buf body = {0};
    CU_ASSERT_EQUAL(oc_client_hear(fd, &body, ENOUGH_MS), status);
    OC_ASSERT_OK(oc_buf_append_byte(&body, 0));
    CU_ASSERT_PTR_NOT_NULL(strstr((const char *)body.at, part));
    oc_buf_free(&body);
}

static bool is_silent(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return poll(&ready, 1, A_LITTLE_MS) == 0;
}

/* One is held in the first batch, the others gather for the next ones. */
static void gather(struct subject *subject, int fds[CLIENTS])
{
    for (size_t i = 0; i < CLIENTS; i++) {
        char body[16];
        fds[i] = dial(subject);
        snprintf(body, sizeof body, "body%02zu", i);
        CU_ASSERT_TRUE(oc_client_post(fds[i], "/", oc_span_text(body)));
        if (i == 0) {
            sem_wait(&subject->begun);
        }
    }
    usleep(A_LITTLE_MS * 1000); /* all are there: nothing says so */
}

static void test_one_commit(void)
{
    struct subject subject;
    int fds[CLIENTS];
    start(&subject, 100);
    gather(&subject, fds);
    CU_ASSERT_TRUE(is_silent(fds[0]));
    CU_ASSERT_EQUAL(subject.handled, 0);
    subject.free = true;
    sem_post(&subject.may_go);
    for (size_t i = 0; i < CLIENTS; i++) {
        char body[16];
        snprintf(body, sizeof body, "body%02zu", i);
        expect(fds[i], 200, body);
    }
    CU_ASSERT_EQUAL(subject.handled, CLIENTS);
    CU_ASSERT_TRUE(subject.most > 1);
    CU_ASSERT_TRUE(subject.batches < CLIENTS);
    for (size_t i = 0; i < CLIENTS; i++) { /* the connections serve on */
        CU_ASSERT_TRUE(oc_client_post(fds[i], "/", oc_span_text("again")));
        expect(fds[i], 200, "again");
        close(fds[i]);
    }
    stop(&subject);
}

static void test_bound(void)
{
    struct subject subject;
    int fds[CLIENTS];
    start(&subject, 3);
    gather(&subject, fds);
    subject.free = true;
    sem_post(&subject.may_go);
    for (size_t i = 0; i < CLIENTS; i++) {
        expect(fds[i], 200, "body");
        close(fds[i]);
    }
    CU_ASSERT_EQUAL(subject.most, 3);
    stop(&subject);
}

static void test_failures(void)
{
    struct subject subject;
    start(&subject, 100);
    int fd = dial(&subject);
    subject.free = true;
    CU_ASSERT_TRUE(oc_client_post(fd, "/", oc_span_text("four")));
    expect(fd, 500, "\"message\":\"four\""); /* of one request alone */
    subject.fail_end = true;
    CU_ASSERT_TRUE(oc_client_post(fd, "/", oc_span_text("hello")));
    expect(fd, 500, "\"message\":\"no end\"");
    size_t before = subject.handled;
    subject.fail_begin = true;
    CU_ASSERT_TRUE(oc_client_post(fd, "/", oc_span_text("hello")));
    expect(fd, 500, "\"message\":\"no begin\"");
    CU_ASSERT_EQUAL(subject.handled, before);
    subject.fail_begin = false;
    subject.fail_end = false;
    CU_ASSERT_TRUE(oc_client_post(fd, "/", oc_span_text("hello")));
    expect(fd, 200, "hello");
    close(fd);
    stop(&subject);
}

static void *stop_it(void *context)
{
    struct subject *subject = context;
    oc_http_server_stop(&subject->server);
    return NULL;
}

/* What was asked before is answered; nobody is left hanging. Some have hung up meanwhile. */
static void test_stop(void)
{
    struct subject subject;
    int fds[CLIENTS];
    pthread_t stopper;
    start(&subject, 100);
    gather(&subject, fds);
    for (size_t i = CLIENTS / 2; i < CLIENTS; i++) {
        close(fds[i]);
    }
    CU_ASSERT_EQUAL_FATAL(pthread_create(&stopper, NULL, stop_it, &subject), 0);
    CU_ASSERT_TRUE(is_silent(fds[0]));
    subject.free = true;
    sem_post(&subject.may_go);
    for (size_t i = 0; i < CLIENTS / 2; i++) {
        expect(fds[i], 200, "body");
        close(fds[i]);
    }
    pthread_join(stopper, NULL);
    CU_ASSERT_EQUAL(subject.handled, CLIENTS);
    stop(&subject);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"answers leave when the batch has ended", test_one_commit},
        {"a batch is bounded", test_bound},
        {"what fails is answered", test_failures},
        {"stopping answers what waits", test_stop},
        {NULL, NULL},
    };
    return oc_test_main("batches of the HTTP server", rows);
}
