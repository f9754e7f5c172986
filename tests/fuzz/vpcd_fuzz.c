/* SPDX-License-Identifier: Apache-2.0 */
/* The vpcd stream. An input that begins with C is what a reader sends to a card that is served; one that begins with R
 * is what a card answers to a reader: a row of answers, each a byte and that many bytes more. */
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/link/frame.h"
#include "sim/link/io.h"
#include "sim/link/transports.h"
#include "tests/fuzz/echo_card.h"
#include "tests/fuzz/fuzz.h"

#define INPUT_MAX 60000 /* a socket holds as much without a reader */
#define ANSWERS_MAX 16
#define SILENCE_MS 1

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

/* The reader takes the answers: whole frames, none of them empty. */
static void *take_answers(void *argument)
{
    oc_frames *frames = argument;
    oc_span body;
    while (oc_is_ok(oc_frames_next(frames, -1, OC_NO_DEADLINE, &body))) {
        FUZZ_DEMAND(body.len > 0);
    }
    FUZZ_DEMAND(!oc_frames_pending(frames));
    return NULL;
}

static void serve_card(int card_fd, int reader_fd, oc_span input)
{
    const oc_endpoint card = {NULL, echo_reset, echo_exchange};
    oc_frames *reader = NULL;
    pthread_t thread;
    FUZZ_DEMAND(input.len == 0 || send(reader_fd, input.at, input.len, MSG_NOSIGNAL) == (ssize_t)input.len);
    FUZZ_DEMAND(shutdown(reader_fd, SHUT_WR) == 0);
    FUZZ_DEMAND(oc_is_ok(oc_frames_new(&reader, reader_fd)));
    FUZZ_DEMAND(pthread_create(&thread, NULL, take_answers, reader) == 0);
    oc_diag diag = {0};
    oc_result result = oc_serve_vpcd_socket(card, card_fd, &diag);
    FUZZ_DEMAND(oc_is_ok(result) || diag.reason[0] != '\0');
    pthread_join(thread, NULL);
    oc_frames_free(&reader);
}

static bool asks(oc_link *link, bool reset, oc_buf *answer)
{
    const uint8_t command[] = {0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00};
    oc_diag diag = {0};
    oc_result result = reset ? oc_link_reset(link, OC_RESET_COLD, answer, &diag)
                             : oc_link_transmit(link, oc_span_of(command, sizeof command), answer, &diag);
    FUZZ_DEMAND(oc_is_ok(result) || diag.reason[0] != '\0');
    return oc_is_ok(result);
}

static void ask_card(int reader_fd, int card_fd, oc_span input)
{
    oc_link *link = NULL;
    oc_buf answer = {0};
    oc_rd rd = oc_rd_of(input);
    FUZZ_DEMAND(oc_is_ok(oc_link_vpcd_socket(&link, reader_fd)));
    oc_link_set_timeout(link, SILENCE_MS);
    for (unsigned i = 0; i < ANSWERS_MAX && rd.rest.len > 0; i++) {
        size_t len = oc_rd_u8(&rd);
        oc_span part = oc_rd_bytes(&rd, len <= rd.rest.len ? len : rd.rest.len);
        FUZZ_DEMAND(part.len == 0 || send(card_fd, part.at, part.len, MSG_NOSIGNAL) == (ssize_t)part.len);
        if (rd.rest.len == 0) {
            shutdown(card_fd, SHUT_WR);
        }
        if (!asks(link, i % 4 == 0, &answer)) {
            FUZZ_DEMAND(!asks(link, true, &answer)); /* it is given up for good */
            break;
        }
    }
    oc_link_free(&link);
    oc_buf_free(&answer);
    close(card_fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fds[2];
    if (size == 0 || size > INPUT_MAX) {
        return 0;
    }
    FUZZ_DEMAND(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
    oc_span input = oc_span_of(data + 1, size - 1);
    if (data[0] == 'C') {
        serve_card(fds[0], fds[1], input);
    } else {
        ask_card(fds[0], fds[1], input);
    }
    return 0;
}
