/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical_http.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/host/json.h"
#include "tests/unit/medical_kit.h"

#define ROOM 65536
#define ENOUGH_MS 10000

struct subject {
    struct med_kit kit;
    oc_medical_http *http;
    oc_http_route routes[OC_MEDICAL_HTTP_ROUTES];
    oc_http_server *server;
};

static void start(struct subject *subject)
{
    *subject = (struct subject){0};
    med_kit_open(&subject->kit, "national", "H31010000001");
    OC_ASSERT_OK(oc_medical_http_new(&subject->http, subject->kit.medical, subject->kit.region, NULL, NULL));
    oc_medical_http_routes(subject->routes, subject->http);
    oc_http_options options = oc_http_defaults();
    options.routes = subject->routes;
    options.route_count = OC_MEDICAL_HTTP_ROUTES;
    options.error = oc_medical_http_error;
    options.error_context = subject->http;
    OC_ASSERT_OK(oc_http_server_start(&subject->server, &options, NULL));
}

static void stop(struct subject *subject)
{
    oc_http_server_stop(&subject->server);
    oc_medical_http_free(&subject->http);
    med_kit_close(&subject->kit);
}

static int dial(const struct subject *subject)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    to.sin_port = htons((uint16_t)strtoul(strrchr(oc_http_server_address(subject->server), ':') + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void say(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, text, len, MSG_NOSIGNAL);
        CU_ASSERT_TRUE_FATAL(sent > 0);
        text += sent;
        len -= (size_t)sent;
    }
}

/* The whole response to one request; the connection stays. */
static void hear(int fd, char room[ROOM])
{
    size_t len = 0;
    const char *body = NULL;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    room[0] = '\0';
    while (poll(&ready, 1, ENOUGH_MS) == 1 && len + 1 < ROOM) {
        ssize_t n = recv(fd, room + len, ROOM - len - 1, 0);
        len += n > 0 ? (size_t)n : 0;
        room[len] = '\0';
        body = strstr(room, "\r\n\r\n");
        const char *length = strstr(room, "Content-Length:");
        if (n <= 0 ||
            (body != NULL && length != NULL && len >= (size_t)(body + 4 - room) + strtoul(length + 15, NULL, 10))) {
            return;
        }
    }
}

static void ask(int fd, const char *head, const char *body, size_t len, char room[ROOM])
{
    char lines[512];
    int n = snprintf(lines, sizeof lines,
                     "%s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", head,
                     len);
    say(fd, lines, (size_t)n);
    say(fd, body, len);
    hear(fd, room);
}

/* The body is an answer by the tables, a refusal that says `part`. */
static void refuses(const struct subject *subject, const char *room, const char *status, const char *part)
{
    oc_med_findings findings = {0};
    json_t *answer = NULL;
    const char *body = strstr(room, "\r\n\r\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(body);
    CU_ASSERT_EQUAL(strncmp(room + 9, status, 3), 0);
    OC_ASSERT_OK(oc_json_parse(&answer, oc_span_text(body + 4), NULL));
    oc_med_check_envelope(subject->kit.region, false, answer, &findings);
    CU_ASSERT_PTR_NULL(oc_med_first_fault(&findings));
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(answer, "infcode")), "-1");
    const char *said = json_string_value(json_object_get(answer, "err_msg"));
    if (strstr(said, part) == NULL) {
        printf("\n\"%s\" instead of \"%s\"\n", said, part);
    }
    CU_ASSERT_PTR_NOT_NULL(strstr(said, part));
    json_decref(answer);
}

#define ANY "POST /fsi/api"

static void test_bad_bodies(void)
{
    static const struct {
        const char *body;
        const char *part;
    } rows[] = {
        {"", "[JSON]"},
        {"{", "[JSON]"},
        {"[]", "[JSON]"},
        {"7", "[JSON]"},
        {"null", "[JSON]"},
        {"{}", "[missing infno]"},
        {"{\"infno\":\"2207\",\"infno\":\"2208\"}", "[JSON]"},
        {"{\"infno\":\"\xFF\xFE\"}", "[JSON]"},
        {"{\"opter_name\":\"\xCA\xBE\xC0\xFD\"}", "[JSON]"},
        {"{\"infno\":\"0000\"}", "[missing msgid]"},
        {"{\"infno\":2207}", "infno]"},
        {"{\"infno\":\"2207\",\"input\":[]}", "["},
    };
    struct subject subject;
    char *room = malloc(ROOM);
    start(&subject);
    int fd = dial(&subject); /* all on one connection */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ask(fd, ANY, rows[i].body, strlen(rows[i].body), room);
        refuses(&subject, room, "200", rows[i].part);
    }
    close(fd);
    stop(&subject);
    free(room);
}

static void test_large(void)
{
    struct subject subject;
    size_t len = 2 * OC_MED_BODY_MAX;
    char *body = malloc(len);
    char *room = malloc(ROOM);
    memset(body, '[', len);
    start(&subject);
    int fd = dial(&subject);
    ask(fd, ANY, body, 100000, room); /* nested */
    refuses(&subject, room, "200", "[JSON]");
    ask(fd, ANY, body, len, room);
    refuses(&subject, room, "413", "[HTTP]");
    close(fd);
    stop(&subject);
    free(body);
    free(room);
}

static void test_paths(void)
{
    static const struct {
        const char *head;
        const char *status;
        const char *part;
    } rows[] = {
        {"GET /fsi/api", "405", "[HTTP]"},
        {"PUT /fsi/api/fsiPsnInfoService/queryPsnInfo", "405", "[HTTP]"},
        {"POST /fsi/api/fsiPsnInfoService/other", "404", "[HTTP]"},
        {"POST /fsi/api/fsiPsnInfoService/queryPsnInfo/", "404", "[HTTP]"},
        {"POST /fsi/api/rsfComIfsService/callService", "200", "[missing infno]"},
        {"POST /fsi/api/", "200", "[missing infno]"},
    };
    struct subject subject;
    char *room = malloc(ROOM);
    start(&subject);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int fd = dial(&subject);
        ask(fd, rows[i].head, "{}", 2, room);
        refuses(&subject, room, rows[i].status, rows[i].part);
        close(fd);
    }
    int fd = dial(&subject);
    const char *untyped = ANY " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";
    say(fd, untyped, strlen(untyped));
    hear(fd, room);
    refuses(&subject, room, "415", "application/json");
    close(fd);
    stop(&subject);
    free(room);
}

/* A message goes to its own service, or to the one for all. */
static void test_service(void)
{
    struct subject subject;
    oc_fields none = {0};
    oc_fields headers = {0};
    oc_buf message = {0};
    char *room = malloc(ROOM);
    start(&subject);
    OC_ASSERT_OK(oc_hospital_message(subject.kit.hospital, "9001", &none, &message, &headers, NULL));
    int fd = dial(&subject);
    ask(fd, "POST /fsi/api/fsiPsnInfoService/queryPsnInfo", (const char *)message.at, message.len, room);
    refuses(&subject, room, "200", "[rule infno]");
    ask(fd, ANY, (const char *)message.at, message.len, room);
    CU_ASSERT_PTR_NOT_NULL(strstr(room, "\"infcode\":\"0\""));
    OC_ASSERT_OK(oc_buf_append_byte(&message, 0));
    memcpy(strstr((char *)message.at, "9001"), "9999", 4); /* infno comes first */
    ask(fd, ANY, (const char *)message.at, message.len - 1, room);
    refuses(&subject, room, "200", "[dictionary infno]");
    close(fd);
    stop(&subject);
    oc_buf_free(&message);
    oc_fields_free(&headers);
    free(room);
}

static oc_result spoil(void *context, oc_span request, const oc_med_judgement *judgement, oc_http_response *response,
                       oc_diag *diag)
{
    (void)request;
    (void)diag;
    snprintf(context, 8, "%.7s", judgement->infno);
    response->status = 201;
    return oc_ok();
}

static void test_watch(void)
{
    struct subject subject;
    char seen[8] = "";
    char *room = malloc(ROOM);
    start(&subject);
    oc_medical_http_free(&subject.http);
    OC_ASSERT_OK(oc_medical_http_new(&subject.http, subject.kit.medical, subject.kit.region, spoil, seen));
    oc_medical_http_routes(subject.routes, subject.http);
    int fd = dial(&subject);
    ask(fd, ANY, "{\"infno\":\"2207\"}", 16, room);
    CU_ASSERT_STRING_EQUAL(seen, "2207");
    CU_ASSERT_EQUAL(strncmp(room + 9, "201", 3), 0);
    close(fd);
    stop(&subject);
    free(room);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"what is no message is refused in form", test_bad_bodies},
        {"large and nested bodies are refused in form", test_large},
        {"other paths and methods are refused in form", test_paths},
        {"a message goes to its own service", test_service},
        {"a watcher sees messages and may change answers", test_watch},
        {NULL, NULL},
    };
    return oc_test_main("settlement over HTTP", rows);
}
