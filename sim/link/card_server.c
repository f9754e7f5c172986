/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/card_server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/link/card_listener.h"
#include "sim/link/card_service.h"
#include "sim/link/io.h"

#define FRAME_MAX (OC_CARDS_LENGTH_LEN + OC_CARDS_BODY_MAX)

struct connection {
    int fd;
    oc_card_client *client;
    size_t in_len;
    size_t out_len;
    size_t out_sent;
    uint8_t in[FRAME_MAX];
    uint8_t out[FRAME_MAX];
};

struct oc_card_server {
    oc_card_listener listener;
    oc_card_service *service;
    pthread_t thread;
    pthread_mutex_t mutex; /* of the service; the connections are the thread's own */
    int wake_fd;
    bool stopping; /* under the mutex */
    struct connection *connections[OC_CARD_CLIENTS];
};

void oc_card_server_lock(oc_card_server *server)
{
    pthread_mutex_lock(&server->mutex);
}

void oc_card_server_unlock(oc_card_server *server)
{
    pthread_mutex_unlock(&server->mutex);
}

const char *oc_card_server_address(const oc_card_server *server)
{
    return server->listener.address;
}

/* The thread looks at everything again. A counter that is full wakes it as well. */
static void wake(const oc_card_server *server)
{
    const uint64_t one = 1;
    ssize_t written = write(server->wake_fd, &one, sizeof one);
    (void)written;
}

void oc_card_server_present(oc_card_server *server, size_t slot, bool present)
{
    oc_card_server_lock(server);
    oc_card_service_present(server->service, slot, present);
    oc_card_server_unlock(server);
    wake(server);
}

static void hang_up(oc_card_server *server, size_t index)
{
    struct connection *connection = server->connections[index];
    oc_card_service_leave(server->service, &connection->client);
    close(connection->fd);
    oc_wipe(connection, sizeof *connection);
    free(connection);
    server->connections[index] = NULL;
}

/* Where the next answer is written, behind its length. */
static oc_wr answer_room(struct connection *connection)
{
    return oc_wr_of(connection->out + OC_CARDS_LENGTH_LEN, OC_CARDS_BODY_MAX);
}

static void queue(struct connection *connection, const oc_wr *answer)
{
    oc_wr length = oc_wr_of(connection->out, OC_CARDS_LENGTH_LEN);
    oc_wr_u32(&length, (uint32_t)answer->len);
    connection->out_len = OC_CARDS_LENGTH_LEN + answer->len;
    connection->out_sent = 0;
}

/* False when the client is gone. */
static bool flush(struct connection *connection)
{
    while (connection->out_sent < connection->out_len) {
        ssize_t sent = send(connection->fd, connection->out + connection->out_sent,
                            connection->out_len - connection->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) {
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        }
        connection->out_sent += (size_t)sent;
    }
    connection->out_len = 0;
    connection->out_sent = 0;
    return true;
}

/* Answers what is received as a whole, one question after the other, as long as the answers are taken. False when the
 * client broke the protocol or is gone. */
static bool answer_all(oc_card_server *server, struct connection *connection)
{
    while (connection->out_len == 0) {
        oc_rd rd = oc_rd_of(oc_span_of(connection->in, connection->in_len));
        uint32_t len = oc_rd_u32(&rd);
        if (rd.bad) {
            return true;
        }
        if (len == 0 || len > OC_CARDS_BODY_MAX) {
            return false;
        }
        if (rd.rest.len < len) {
            return true;
        }
        oc_wr answer = answer_room(connection);
        enum oc_card_reply reply = oc_card_service_ask(server->service, connection->client, oc_rd_bytes(&rd, len),
                                                       &answer);
        connection->in_len = rd.rest.len;
        if (rd.rest.len > 0) {
            memmove(connection->in, rd.rest.at, rd.rest.len);
        }
        if (reply == OC_CARD_REPLY_BAD) {
            return false;
        }
        if (reply == OC_CARD_REPLY_NOW) {
            queue(connection, &answer);
            if (!flush(connection)) {
                return false;
            }
        }
    }
    return true;
}

static bool receive(struct connection *connection)
{
    ssize_t got = recv(connection->fd, connection->in + connection->in_len, sizeof connection->in - connection->in_len,
                       MSG_DONTWAIT);
    if (got > 0) {
        connection->in_len += (size_t)got;
        return true;
    }
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

/* A whole question may lie behind an answer that was not taken until now. */
static bool serve(oc_card_server *server, struct connection *connection, short events)
{
    if ((events & POLLOUT) != 0 && !flush(connection)) {
        return false;
    }
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !receive(connection)) {
        return false;
    }
    return answer_all(server, connection);
}

/* Gives every wait that is over its answer. */
static bool end_wait(oc_card_server *server, struct connection *connection)
{
    oc_wr answer = answer_room(connection);
    if (!oc_card_service_waited(server->service, connection->client, &answer)) {
        return true;
    }
    queue(connection, &answer);
    return flush(connection) && answer_all(server, connection);
}

static void take_client(oc_card_server *server)
{
    int fd = accept4(server->listener.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        return;
    }
    for (size_t i = 0; i < OC_CARD_CLIENTS; i++) {
        if (server->connections[i] != NULL) {
            continue;
        }
        struct connection *connection = calloc(1, sizeof *connection);
        if (connection == NULL || !oc_is_ok(oc_card_service_join(server->service, &connection->client))) {
            free(connection);
            break;
        }
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connection->fd = fd;
        server->connections[i] = connection;
        return;
    }
    close(fd);
}

/* While an answer is not taken, nothing more is read. */
static short wanted(const struct connection *connection)
{
    return connection->out_len > 0 ? POLLOUT : POLLIN;
}

static uint64_t next_deadline(const oc_card_server *server)
{
    uint64_t next = OC_NO_DEADLINE;
    for (size_t i = 0; i < OC_CARD_CLIENTS; i++) {
        const struct connection *connection = server->connections[i];
        if (connection != NULL && oc_card_client_waits(connection->client)) {
            uint64_t deadline = oc_card_client_deadline(connection->client);
            next = deadline < next ? deadline : next;
        }
    }
    return next;
}

enum { WAKE, LISTEN, FIRST_CLIENT };

/* One look at all descriptors; called with the mutex held, gives it up while it waits. */
static bool turn(oc_card_server *server)
{
    struct pollfd fds[FIRST_CLIENT + OC_CARD_CLIENTS] = {{.fd = server->wake_fd, .events = POLLIN},
                                                         {.fd = server->listener.fd, .events = POLLIN}};
    for (size_t i = 0; i < OC_CARD_CLIENTS; i++) {
        const struct connection *connection = server->connections[i];
        fds[FIRST_CLIENT + i].fd = connection != NULL ? connection->fd : -1;
        fds[FIRST_CLIENT + i].events = connection != NULL ? wanted(connection) : 0;
    }
    int left = oc_deadline_left(next_deadline(server));
    oc_card_server_unlock(server);
    int ready = poll(fds, FIRST_CLIENT + OC_CARD_CLIENTS, left);
    oc_card_server_lock(server);
    if (ready < 0 && errno != EINTR) {
        return false;
    }
    if (fds[WAKE].revents != 0) {
        uint64_t count;
        ssize_t got = read(server->wake_fd, &count, sizeof count);
        (void)got;
    }
    for (size_t i = 0; i < OC_CARD_CLIENTS; i++) {
        short events = ready > 0 ? fds[FIRST_CLIENT + i].revents : 0;
        if (events != 0 && !serve(server, server->connections[i], events)) {
            hang_up(server, i);
        }
    }
    for (size_t i = 0; i < OC_CARD_CLIENTS; i++) {
        if (server->connections[i] != NULL && !end_wait(server, server->connections[i])) {
            hang_up(server, i);
        }
    }
    if (ready > 0 && fds[LISTEN].revents != 0) {
        take_client(server);
    }
    return !server->stopping;
}

static void *run(void *argument)
{
    oc_card_server *server = argument;
    oc_card_server_lock(server);
    while (turn(server)) {
    }
    for (size_t i = 0; i < OC_CARD_CLIENTS; i++) {
        if (server->connections[i] != NULL) {
            hang_up(server, i);
        }
    }
    oc_card_server_unlock(server);
    return NULL;
}

static void server_free(oc_card_server **server)
{
    oc_card_listener_close(&(*server)->listener);
    oc_card_service_free(&(*server)->service);
    if ((*server)->wake_fd >= 0) {
        close((*server)->wake_fd);
    }
    pthread_mutex_destroy(&(*server)->mutex);
    free(*server);
    *server = NULL;
}

static void init_mutex(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

/* Signals are for the owner's threads. */
static oc_result start_thread(oc_card_server *server, oc_diag *diag)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&server->thread, NULL, run, server);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error == 0 ? oc_ok()
                      : oc_diag_fail(diag, OC_E_IO, "no thread could be started for the cards: %s", strerror(error));
}

oc_result oc_card_server_start(oc_card_server **out, const oc_card_slot *slots, size_t count, const char *address,
                               oc_diag *diag)
{
    *out = NULL;
    oc_card_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    init_mutex(&server->mutex);
    server->listener.fd = -1;
    server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    oc_result result = server->wake_fd >= 0 ? oc_card_service_new(&server->service, slots, count, diag)
                                            : oc_diag_fail(diag, OC_E_IO, "no descriptor is left");
    if (oc_is_ok(result)) {
        result = oc_card_listener_open(&server->listener, address, diag);
    }
    if (oc_is_ok(result)) {
        result = start_thread(server, diag);
    }
    if (!oc_is_ok(result)) {
        server_free(&server);
        return result;
    }
    *out = server;
    return oc_ok();
}

void oc_card_server_stop(oc_card_server **server)
{
    if (server == NULL || *server == NULL) {
        return;
    }
    oc_card_server_lock(*server);
    (*server)->stopping = true;
    oc_card_server_unlock(*server);
    wake(*server);
    pthread_join((*server)->thread, NULL);
    server_free(server);
}
