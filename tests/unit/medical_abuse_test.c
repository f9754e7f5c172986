/* SPDX-License-Identifier: Apache-2.0 */
/* The back-end over HTTP among clients that mean no good: thousands of them, slow ones, messages that are cut off, clocks
 * that are wrong, numbers that are another's. Whoever does right is served meanwhile, and nothing is half booked. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/base/text.h"
#include "sim/host/json.h"
#include "sim/host/medical_http.h"
#include "tests/support/oc_http_client.h"
#include "tests/support/oc_test.h"
#include "tests/support/oc_visit.h"

#define ANY "/fsi/api"
#define CROWD 2000
#define PATIENCE_MS 1000
#define ENOUGH_MS 20000
/* What a crowd may cost the process, its own sockets included; sanitizers keep more about each block. */
#ifdef WITH_SANITIZER
#define MEMORY_MAX ((size_t)1024 * 1024 * 1024)
#else
#define MEMORY_MAX ((size_t)64 * 1024 * 1024)
#endif

struct subject {
    oc_region *region;
    oc_clock clock;
    oc_clock hospital_clock;
    oc_medical *medical;
    oc_medical_http *http;
    oc_http_route routes[OC_MEDICAL_HTTP_ROUTES];
    oc_http_server *server;
    oc_visit visits[2];
    int fd; /* of who does right */
    oc_buf answer;
};

static bool exchange(struct subject *subject, oc_visit *visit, const char *infno)
{
    CU_ASSERT_TRUE(oc_client_post(subject->fd, ANY, oc_buf_span(&visit->request)));
    CU_ASSERT_EQUAL(oc_client_hear(subject->fd, &subject->answer, ENOUGH_MS), 200);
    return oc_visit_read(visit, infno, oc_buf_span(&subject->answer));
}

static void start(struct subject *subject)
{
    *subject = (struct subject){.clock = oc_clock_default(), .hospital_clock = oc_clock_default()};
    OC_ASSERT_OK(oc_region_load(&subject->region, "vectors/regions/national.xml", "vectors/schema", NULL));
    const oc_medical_parts parts = {.region = subject->region, .store = ":memory:", .clock = &subject->clock};
    OC_ASSERT_OK(oc_medical_open(&subject->medical, &parts, NULL));
    OC_ASSERT_OK(oc_medical_http_new(&subject->http, subject->medical, subject->region, NULL, NULL));
    oc_medical_http_routes(subject->routes, subject->http);
    oc_http_options options = oc_http_defaults();
    options.routes = subject->routes;
    options.route_count = OC_MEDICAL_HTTP_ROUTES;
    options.connections = CROWD + 100;
    options.timeout_ms = PATIENCE_MS;
    options.batch = oc_medical_http_batch(subject->http);
    options.error = oc_medical_http_error;
    options.error_context = subject->http;
    OC_ASSERT_OK(oc_http_server_start(&subject->server, &options, NULL));
    subject->fd = oc_client_dial(oc_http_server_address(subject->server));
    for (size_t i = 0; i < 2; i++) {
        OC_ASSERT_OK(oc_visit_open(&subject->visits[i], subject->region, &subject->hospital_clock, i, 2, NULL));
        OC_ASSERT_OK(oc_visit_sign_in(&subject->visits[i]));
        CU_ASSERT_TRUE(exchange(subject, &subject->visits[i], "9001"));
        oc_visit_next(&subject->visits[i]);
    }
}

static void stop(struct subject *subject)
{
    close(subject->fd);
    oc_http_server_stop(&subject->server);
    oc_medical_http_free(&subject->http);
    oc_medical_close(&subject->medical);
    oc_visit_close(&subject->visits[0]);
    oc_visit_close(&subject->visits[1]);
    oc_region_free(&subject->region);
    oc_buf_free(&subject->answer);
}

static void expect_settlements(const struct subject *subject, int64_t count)
{
    oc_med_totals totals;
    OC_ASSERT_OK(oc_medical_totals(subject->medical, &totals, NULL));
    CU_ASSERT_EQUAL(totals.settlements, count);
    CU_ASSERT_EQUAL(totals.account, totals.accounts_paid);
}

static void settle(struct subject *subject, oc_visit *visit, unsigned steps)
{
    while (visit->step < steps) {
        OC_ASSERT_OK(oc_visit_make(visit));
        const char *infno = oc_visit_infno(visit);
        CU_ASSERT_TRUE_FATAL(exchange(subject, visit, infno));
        CU_ASSERT_TRUE(oc_visit_take(visit, oc_buf_span(&subject->answer)));
    }
}

/* The last answer is a refusal by the tables that says `part`. */
static void refused(struct subject *subject, const char *part)
{
    oc_med_findings findings = {0};
    json_t *answer = NULL;
    OC_ASSERT_OK(oc_json_parse(&answer, oc_buf_span(&subject->answer), NULL));
    oc_med_check_envelope(subject->region, false, answer, &findings);
    CU_ASSERT_PTR_NULL(oc_med_first_fault(&findings));
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(answer, "infcode")), "-1");
    const char *said = json_string_value(json_object_get(answer, "err_msg"));
    if (strstr(said, part) == NULL) {
        printf("\n\"%s\" instead of \"%s\"\n", said, part);
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(said, part));
    json_decref(answer);
}

static size_t resident(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fscanf(file, "%*u %lu", &pages), 1);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Silent, amid the head, amid the body: in turn. */
static void begin_something(int fd, size_t turn, const oc_visit *visit)
{
    char head[200];
    oc_span request = oc_buf_span(&visit->request);
    int len = snprintf(head, sizeof head,
                       "POST " ANY
                       " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                       request.len);
    if (turn % 3 == 1) {
        (void)oc_client_say(fd, oc_span_of(head, (size_t)len / 2));
    } else if (turn % 3 == 2) {
        (void)(oc_client_say(fd, oc_span_of(head, (size_t)len)) &&
               oc_client_say(fd, oc_span_slice(request, 0, request.len / 2)));
    }
}

/* The service hangs up in time, whether bytes drip or not. */
static void await_end(const int *fds, size_t count, bool drip)
{
    uint64_t begin = oc_clock_now_ns();
    size_t open = count;
    bool *gone = calloc(count, sizeof *gone);
    while (open > 0 && oc_clock_now_ns() - begin < (uint64_t)ENOUGH_MS * 1000000) {
        for (size_t i = 0; i < count; i++) {
            char bytes[4096];
            struct pollfd ready = {.fd = fds[i], .events = POLLIN};
            if (!gone[i] && poll(&ready, 1, 0) == 1 && recv(fds[i], bytes, sizeof bytes, MSG_DONTWAIT) <= 0) {
                gone[i] = true;
                open--;
            } else if (!gone[i] && drip) {
                (void)send(fds[i], "a", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
            }
        }
        usleep(20000);
    }
    CU_ASSERT_EQUAL(open, 0);
    free(gone);
}

/* As many as there may be files, if the machine allows less. */
static size_t crowd_possible(void)
{
    struct rlimit files = {0};
    CU_ASSERT_EQUAL(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &files), 0);
    size_t possible = files.rlim_max > 2 * CROWD + 300 ? CROWD : (size_t)(files.rlim_max - 300) / 2;
    if (possible < CROWD) {
        printf("only %zu connections: the machine allows no more files\n", possible);
    }
    return possible;
}

/* Who was silent for as long as the others was hung up on, too. */
static void dial_again(struct subject *subject)
{
    close(subject->fd);
    subject->fd = oc_client_dial(oc_http_server_address(subject->server));
}

static void test_crowd(void)
{
    struct subject subject;
    static int fds[CROWD];
    size_t crowd = crowd_possible();
    start(&subject);
    settle(&subject, &subject.visits[0], OC_VISIT_STEPS - 1);
    OC_ASSERT_OK(oc_visit_make(&subject.visits[0])); /* the settlement: nobody sends it whole */
    size_t before = resident();
    for (size_t i = 0; i < crowd; i++) {
        fds[i] = oc_client_dial(oc_http_server_address(subject.server));
        CU_ASSERT_TRUE_FATAL(fds[i] >= 0);
        begin_something(fds[i], i, &subject.visits[0]);
    }
    dial_again(&subject);
    settle(&subject, &subject.visits[1], OC_VISIT_STEPS);
    CU_ASSERT_TRUE(resident() - before < MEMORY_MAX);
    await_end(fds, crowd, false);
    for (size_t i = 0; i < crowd; i++) {
        close(fds[i]);
    }
    dial_again(&subject);
    expect_settlements(&subject, 1);
    CU_ASSERT_TRUE(exchange(&subject, &subject.visits[0], "2207"));
    expect_settlements(&subject, 2);
    stop(&subject);
}

/* A byte now and then does not keep a connection. */
static void test_slow(void)
{
    struct subject subject;
    int fds[60];
    start(&subject);
    OC_ASSERT_OK(oc_visit_make(&subject.visits[0]));
    for (size_t i = 0; i < 60; i++) {
        fds[i] = oc_client_dial(oc_http_server_address(subject.server));
        begin_something(fds[i], i, &subject.visits[0]);
    }
    settle(&subject, &subject.visits[1], OC_VISIT_STEPS);
    await_end(fds, 60, true);
    for (size_t i = 0; i < 60; i++) {
        close(fds[i]);
    }
    stop(&subject);
}

/* Cut off at any tenth byte: an object that does not end is no message, a connection that ends is no request. */
static void test_truncated(void)
{
    struct subject subject;
    start(&subject);
    settle(&subject, &subject.visits[0], OC_VISIT_STEPS - 1);
    OC_ASSERT_OK(oc_visit_make(&subject.visits[0]));
    oc_span request = oc_buf_span(&subject.visits[0].request);
    for (size_t len = 0; len < request.len; len += 10) {
        CU_ASSERT_TRUE(oc_client_post(subject.fd, ANY, oc_span_slice(request, 0, len)));
        CU_ASSERT_EQUAL(oc_client_hear(subject.fd, &subject.answer, ENOUGH_MS), 200);
        refused(&subject, "[JSON]");
    }
    for (size_t i = 0; i < 9; i++) {
        int fd = oc_client_dial(oc_http_server_address(subject.server));
        begin_something(fd, i, &subject.visits[0]);
        close(fd);
    }
    expect_settlements(&subject, 0);
    CU_ASSERT_TRUE(exchange(&subject, &subject.visits[0], "2207"));
    expect_settlements(&subject, 1);
    stop(&subject);
}

/* What is no UTF-8 is no message, whatever it is announced as. */
static void test_charsets(void)
{
    static const char utf16[] = "\xFF\xFE{\0\"\0i\0n\0f\0n\0o\0\"\0:\0";
    struct subject subject;
    oc_buf text = {0};
    start(&subject);
    OC_ASSERT_OK(oc_visit_make(&subject.visits[0])); /* with Chinese names in it */
    OC_ASSERT_OK(oc_text_to_card(&text, oc_buf_span(&subject.visits[0].request)));
    CU_ASSERT_TRUE(text.len < subject.visits[0].request.len);
    const oc_span bodies[] = {oc_buf_span(&text), oc_span_of(utf16, sizeof utf16 - 1)};
    for (size_t i = 0; i < 2; i++) {
        CU_ASSERT_TRUE(oc_client_post(subject.fd, ANY, bodies[i]));
        CU_ASSERT_EQUAL(oc_client_hear(subject.fd, &subject.answer, ENOUGH_MS), 200);
        refused(&subject, "[JSON]");
    }
    char head[200];
    snprintf(head, sizeof head,
             "POST " ANY " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json; charset=GBK\r\n"
             "Content-Length: %zu\r\n\r\n",
             text.len);
    CU_ASSERT_TRUE(oc_client_say(subject.fd, oc_span_text(head)) && oc_client_say(subject.fd, oc_buf_span(&text)));
    CU_ASSERT_EQUAL(oc_client_hear(subject.fd, &subject.answer, ENOUGH_MS), 200);
    refused(&subject, "[JSON]");
    CU_ASSERT_TRUE(exchange(&subject, &subject.visits[0], "1101"));
    oc_buf_free(&text);
    stop(&subject);
}

static void send_at(struct subject *subject, int64_t off, const char *part)
{
    oc_visit *visit = &subject->visits[0];
    subject->hospital_clock.seconds += off;
    OC_ASSERT_OK(oc_visit_make(visit));
    subject->hospital_clock.seconds -= off;
    bool taken = exchange(subject, visit, oc_visit_infno(visit));
    CU_ASSERT_EQUAL(taken, part == NULL);
    if (part != NULL) {
        refused(subject, part);
    }
}

/* Ten minutes are allowed (settlement-backend sheet 2; a rule of the region). */
static void test_clocks(void)
{
    struct subject subject;
    start(&subject);
    send_at(&subject, 600, NULL);
    send_at(&subject, -600, NULL);
    send_at(&subject, 601, "[TIME inf_time]");
    send_at(&subject, -601, "[TIME inf_time]");
    send_at(&subject, 86400 * 400, "[TIME inf_time]");
    stop(&subject);
}

/* A number that another used: it gets neither that one's answer nor its place. */
static void test_numbers(void)
{
    struct subject subject;
    char msgid[31];
    start(&subject);
    oc_visit *first = &subject.visits[0];
    oc_visit *second = &subject.visits[1];
    settle(&subject, first, OC_VISIT_STEPS - 1);
    settle(&subject, second, OC_VISIT_STEPS - 1);
    OC_ASSERT_OK(oc_visit_make(first));
    CU_ASSERT_TRUE(exchange(&subject, first, "2207"));
    snprintf(msgid, sizeof msgid, "%s", oc_hospital_msgid(first->hospital));
    const char *const again[] = {"env.msgid",
                                 msgid,
                                 "data.psn_no",
                                 second->psn_no,
                                 "data.mdtrt_id",
                                 second->mdtrt_id,
                                 "data.mdtrt_cert_no",
                                 second->person.card_number,
                                 "data.medfee_sumamt",
                                 "25.00",
                                 "data.insutype",
                                 second->person.insutype,
                                 "env.insuplc_admdvs",
                                 second->person.admdvs,
                                 NULL};
    OC_ASSERT_OK(oc_visit_message(second, "2207", again)); /* another institution's number */
    CU_ASSERT_FALSE(exchange(&subject, second, "2207"));
    refused(&subject, "[MSGID msgid]");
    OC_ASSERT_OK(oc_visit_message(first, "2207", again)); /* its own, for another visit */
    CU_ASSERT_FALSE(exchange(&subject, first, "2207"));
    refused(&subject, "[MSGID msgid]");
    expect_settlements(&subject, 1);
    stop(&subject);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"two thousand connections", test_crowd},
        {"slow clients", test_slow},
        {"messages that are cut off", test_truncated},
        {"other charsets", test_charsets},
        {"clocks that are wrong", test_clocks},
        {"numbers of other messages", test_numbers},
        {NULL, NULL},
    };
    signal(SIGPIPE, SIG_IGN);
    return oc_test_main("settlement among clients that mean no good", rows);
}
