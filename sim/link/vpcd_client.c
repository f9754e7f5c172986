/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/base/atr.h"
#include "sim/link/frame.h"
#include "sim/link/io.h"
#include "sim/link/t0.h"
#include "sim/link/transports.h"

/* A listening reader on this machine accepts at once (project choice). */
#define CONNECT_MS 5000

struct oc_vpcd_card {
    oc_endpoint endpoint;
    oc_frames *frames;
    pthread_mutex_t lock;
    pthread_t thread;
    uint8_t atr[OC_ATR_MAX];
    size_t atr_len;
    bool has_atr;
    bool tpdus; /* it knows T=0 alone, and a reader makes TPDUs for it */
};

static oc_result connect_to(int *out, unsigned port, int stop_fd)
{
    *out = -1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return oc_fail(OC_E_IO);
    }
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    oc_result result = oc_ok();
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        result = errno == EINPROGRESS || errno == EINTR ? oc_wait_fd(fd, POLLOUT, stop_fd, oc_deadline_in(CONNECT_MS))
                                                        : oc_fail(OC_E_UNAVAILABLE);
        int error = 0;
        socklen_t len = sizeof error;
        if (oc_is_ok(result) && (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 || error != 0)) {
            result = oc_fail(OC_E_UNAVAILABLE);
        }
    }
    if (!oc_is_ok(result) || fcntl(fd, F_SETFL, 0) != 0) {
        close(fd);
        return oc_is_ok(result) ? oc_fail(OC_E_IO) : result;
    }
    *out = fd;
    return oc_ok();
}

/* Takes the connected socket over, also on failure. */
static oc_result card_new(oc_vpcd_card **out, oc_endpoint endpoint, int fd)
{
    *out = NULL;
    oc_vpcd_card *card = calloc(1, sizeof *card);
    if (card == NULL) {
        close(fd);
        return oc_fail(OC_E_MEMORY);
    }
    card->endpoint = endpoint;
    card->tpdus = true;
    oc_result result = oc_frames_new(&card->frames, fd);
    if (!oc_is_ok(result)) {
        free(card);
        return result;
    }
    pthread_mutex_init(&card->lock, NULL);
    *out = card;
    return oc_ok();
}

static oc_result card_at(oc_vpcd_card **out, oc_endpoint endpoint, unsigned port, int stop_fd, oc_diag *diag)
{
    *out = NULL;
    if (port == 0 || port > UINT16_MAX) {
        return oc_diag_fail(diag, OC_E_USAGE, "%u is not a TCP port", port);
    }
    int fd;
    oc_result result = connect_to(&fd, port, stop_fd);
    if (!oc_is_ok(result)) {
        return oc_diag_fail(diag, result.code, "no vpcd reader could be reached at 127.0.0.1:%u", port);
    }
    return card_new(out, endpoint, fd);
}

static void card_free(oc_vpcd_card *card)
{
    pthread_mutex_destroy(&card->lock);
    oc_frames_free(&card->frames);
    oc_wipe(card, sizeof *card);
    free(card);
}

static oc_result card_failed(oc_diag *diag, oc_result result)
{
    return oc_diag_fail(diag, result.code, "the card failed: %s", oc_code_sentence(result.code));
}

static oc_result reset_card(oc_vpcd_card *card, enum oc_reset kind, oc_diag *diag)
{
    oc_wr atr = oc_wr_of(card->atr, sizeof card->atr);
    oc_vpcd_card_lock(card);
    oc_result result = card->endpoint.reset(card->endpoint.self, kind, &atr);
    oc_vpcd_card_unlock(card);
    if (!oc_is_ok(result) || atr.bad) {
        return card_failed(diag, atr.bad ? oc_fail(OC_E_INTERNAL) : result);
    }
    card->atr_len = atr.len;
    card->has_atr = true;
    card->tpdus = !oc_atr_offers(oc_wr_span(&atr), 1);
    return oc_ok();
}

/* The driver asks for the ATR again and again to see whether a card is there, so it is remembered; asked for
 * before the first power-on, it takes a reset. */
static oc_result send_atr(oc_vpcd_card *card, oc_diag *diag)
{
    if (!card->has_atr) {
        OC_TRY(reset_card(card, OC_RESET_COLD, diag));
    }
    oc_wr body = oc_frames_body(card->frames);
    oc_wr_bytes(&body, oc_span_of(card->atr, card->atr_len));
    return oc_frames_send(card->frames, body.len, OC_NO_DEADLINE);
}

static oc_result exchange(oc_vpcd_card *card, oc_span frame, oc_diag *diag)
{
    size_t len = card->tpdus ? oc_t0_strip_le(frame) : frame.len;
    oc_span command = oc_span_slice(frame, 0, len);
    oc_wr response = oc_frames_body(card->frames);
    oc_vpcd_card_lock(card);
    oc_result result = card->endpoint.exchange(card->endpoint.self, command, &response);
    oc_vpcd_card_unlock(card);
    if (!oc_is_ok(result)) {
        return card_failed(diag, result);
    }
    if (response.bad) {
        /* 65,534 bytes and more do not fit a frame with their status word; a wrong Le (ISO/IEC 7816-4 5.6) tells
         * the terminal to ask for fewer. */
        response = oc_frames_body(card->frames);
        oc_wr_u16(&response, 0x6700);
    }
    if (response.len == 0) {
        /* An empty answer would block the reader for ever. */
        return card_failed(diag, oc_fail(OC_E_INTERNAL));
    }
    return oc_frames_send(card->frames, response.len, OC_NO_DEADLINE);
}

static oc_result handle(oc_vpcd_card *card, oc_span frame, oc_diag *diag)
{
    if (frame.len == 1) {
        switch (frame.at[0]) {
        case OC_VPCD_OFF:
            return oc_ok();
        case OC_VPCD_ON:
            return reset_card(card, OC_RESET_COLD, diag);
        case OC_VPCD_RESET:
            return reset_card(card, OC_RESET_WARM, diag);
        case OC_VPCD_ATR:
            return send_atr(card, diag);
        default:
            break;
        }
    }
    return exchange(card, frame, diag);
}

static oc_result serve(oc_vpcd_card *card, int stop_fd, oc_diag *diag)
{
    for (;;) {
        oc_span frame;
        oc_result result = oc_frames_next(card->frames, stop_fd, OC_NO_DEADLINE, &frame);
        if (oc_is_ok(result)) {
            result = handle(card, frame, diag);
        }
        if (result.code == OC_E_GONE) {
            return oc_ok();
        }
        OC_TRY(result);
    }
}

oc_result oc_serve_vpcd(oc_endpoint endpoint, unsigned port, int stop_fd, oc_diag *diag)
{
    oc_vpcd_card *card;
    OC_TRY(card_at(&card, endpoint, port, stop_fd, diag));
    oc_result result = serve(card, stop_fd, diag);
    card_free(card);
    return result;
}

oc_result oc_serve_vpcd_socket(oc_endpoint endpoint, int fd, oc_diag *diag)
{
    oc_vpcd_card *card;
    OC_TRY(card_new(&card, endpoint, fd));
    oc_result result = serve(card, -1, diag);
    card_free(card);
    return result;
}

static void *card_thread(void *argument)
{
    oc_vpcd_card *card = argument;
    /* Whatever ended the service, the terminal sees a card that was taken out. */
    (void)!oc_is_ok(serve(card, -1, NULL));
    oc_frames_shut(card->frames);
    return NULL;
}

oc_result oc_vpcd_card_start(oc_vpcd_card **out, oc_endpoint endpoint, unsigned port, oc_diag *diag)
{
    OC_TRY(card_at(out, endpoint, port, -1, diag));
    /* Signals are for the owner's threads. */
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&(*out)->thread, NULL, card_thread, *out);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error != 0) {
        card_free(*out);
        *out = NULL;
        return oc_diag_fail(diag, OC_E_IO, "no thread could be started for the card: %s", strerror(error));
    }
    return oc_ok();
}

void oc_vpcd_card_lock(oc_vpcd_card *card)
{
    pthread_mutex_lock(&card->lock);
}

void oc_vpcd_card_unlock(oc_vpcd_card *card)
{
    pthread_mutex_unlock(&card->lock);
}

void oc_vpcd_card_stop(oc_vpcd_card **card)
{
    if (card == NULL || *card == NULL) {
        return;
    }
    oc_frames_shut((*card)->frames);
    pthread_join((*card)->thread, NULL);
    card_free(*card);
    *card = NULL;
}
