/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/oc_http_client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE 8192

int oc_client_dial(const char *address)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    to.sin_port = htons((uint16_t)strtoul(strrchr(address, ':') + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return -1;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    return fd;
}

bool oc_client_say(int fd, oc_span bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes = oc_span_of(bytes.at + sent, bytes.len - (size_t)sent);
    }
    return true;
}

bool oc_client_post(int fd, const char *path, oc_span body)
{
    char head[256];
    oc_buf all = {0};
    snprintf(head, sizeof head,
             "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", path,
             body.len);
    bool said = oc_is_ok(oc_buf_set(&all, oc_span_text(head))) && oc_is_ok(oc_buf_append(&all, body)) &&
                oc_client_say(fd, oc_buf_span(&all));
    oc_buf_free(&all);
    return said;
}

/* Where the body begins and how long it is; false before the head is whole. */
static bool look_at_head(oc_buf *text, size_t *head, size_t *length)
{
    if (!oc_is_ok(oc_buf_append_byte(text, 0))) {
        return false;
    }
    text->len--;
    const char *start = (const char *)text->at;
    const char *end = strstr(start, "\r\n\r\n");
    const char *announced = strcasestr(start, "\r\nContent-Length:");
    *head = end == NULL ? 0 : (size_t)(end + 4 - start);
    *length = announced == NULL ? 0 : strtoul(announced + 17, NULL, 10);
    return end != NULL;
}

unsigned oc_client_hear(int fd, oc_buf *body, int timeout_ms)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    size_t head = 0;
    size_t length = 0;
    oc_buf_clear(body);
    while (head == 0 || body->len < head + length) {
        if (!oc_is_ok(oc_buf_reserve(body, body->len + PIECE)) || poll(&ready, 1, timeout_ms) != 1) {
            return 0;
        }
        ssize_t got = recv(fd, body->at + body->len, PIECE, 0);
        if (got <= 0) {
            return 0;
        }
        body->len += (size_t)got;
        if (head == 0) {
            (void)look_at_head(body, &head, &length);
        }
    }
    unsigned status = body->len > 12 ? (unsigned)strtoul((const char *)body->at + 9, NULL, 10) : 0;
    memmove(body->at, body->at + head, body->len - head);
    body->len -= head;
    return status;
}
