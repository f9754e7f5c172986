/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "conformance/run/pass.h"
#include "sim/base/clock.h"
#include "sim/link/card_server.h"

#define WARM_UP 20

static oc_result null_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    (void)kind;
    static const uint8_t bytes[] = {0x3B, 0x00};
    oc_wr_bytes(atr, oc_span_of(bytes, sizeof bytes));
    return oc_ok();
}

static oc_result null_exchange(void *self, oc_span command, oc_wr *response)
{
    (void)self;
    (void)command;
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

static int ascending(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return *left < *right ? -1 : *left > *right ? 1 : 0;
}

static oc_result measure(oc_link *link, uint64_t *samples, size_t room, size_t *count, oc_diag *diag)
{
    static const uint8_t command[] = {0x00, 0x84, 0x00, 0x00, 0x00};
    oc_buf response = {0};
    oc_result r = oc_link_reset(link, OC_RESET_COLD, &response, diag);
    for (size_t i = 0; i < room + WARM_UP && oc_is_ok(r); i++) {
        uint64_t begin = oc_clock_now_ns();
        r = oc_link_transmit(link, oc_span_of(command, sizeof command), &response, diag);
        if (i >= WARM_UP) {
            samples[(*count)++] = oc_clock_now_ns() - begin;
        }
    }
    oc_buf_free(&response);
    qsort(samples, *count, sizeof *samples, ascending);
    return r;
}

/* The questions and answers of sim/link/card_protocol.h, as a stand-in reader library has them. */
struct client {
    int fd;
    uint8_t handle;
    uint8_t frame[64];
};

static bool ask(struct client *client, const uint8_t *question, size_t len)
{
    uint8_t *frame = client->frame;
    oc_wr wr = oc_wr_of(frame, sizeof client->frame);
    oc_wr_u32(&wr, (uint32_t)len);
    oc_wr_bytes(&wr, oc_span_of(question, len));
    if (send(client->fd, frame, wr.len, MSG_NOSIGNAL) != (ssize_t)wr.len ||
        recv(client->fd, frame, OC_CARDS_LENGTH_LEN, MSG_WAITALL) != OC_CARDS_LENGTH_LEN) {
        return false;
    }
    oc_rd rd = oc_rd_of(oc_span_of(frame, OC_CARDS_LENGTH_LEN));
    size_t answer = oc_rd_u32(&rd);
    return answer >= 1 && answer <= sizeof client->frame &&
           recv(client->fd, frame, answer, MSG_WAITALL) == (ssize_t)answer && frame[0] == OC_CARDS_OK;
}

static bool connect_to(struct client *client, const char *address)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const char *path = strchr(address, ':') + 1;
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    if (client->fd < 0 || connect(client->fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        !ask(client, (const uint8_t[]){OC_CARDS_OPEN, 0, OC_CARDS_SHARED}, 3)) {
        return false;
    }
    client->handle = client->frame[1];
    return ask(client, (const uint8_t[]){OC_CARDS_POWER_ON, client->handle, OC_CARDS_COLD}, 3);
}

static oc_result measure_server(oc_endpoint endpoint, uint64_t *samples, size_t room, size_t *count, oc_diag *diag)
{
    const oc_card_slot slot = {"Calibration 00 00", OC_CARDS_USER, endpoint, true};
    oc_card_server *server = NULL;
    OC_TRY(oc_card_server_start(&server, &slot, 1, "unix:", diag));
    struct client client = {.fd = -1};
    bool fits = connect_to(&client, oc_card_server_address(server));
    for (size_t i = 0; i < room + WARM_UP && fits; i++) {
        const uint8_t question[] = {OC_CARDS_TRANSMIT, client.handle, 0x00, 0x84, 0x00, 0x00, 0x00};
        uint64_t begin = oc_clock_now_ns();
        fits = ask(&client, question, sizeof question);
        if (i >= WARM_UP) {
            samples[(*count)++] = oc_clock_now_ns() - begin;
        }
    }
    if (client.fd >= 0) {
        close(client.fd);
    }
    oc_card_server_stop(&server);
    qsort(samples, *count, sizeof *samples, ascending);
    return fits ? oc_ok() : oc_diag_fail(diag, OC_E_IO, "the card server does not answer");
}

oc_result oc_calibrate(const oc_world_plan *plan, uint64_t *samples, size_t room, size_t *count, oc_diag *diag)
{
    *count = 0;
    if (plan->card->kind != OC_SPEC_VIRTUAL) {
        return oc_ok();
    }
    oc_endpoint endpoint = {NULL, null_reset, null_exchange};
    if (plan->terminal != NULL && plan->pcscd == NULL) {
        return measure_server(endpoint, samples, room, count, diag);
    }
    oc_vpcd_card *in_reader = NULL;
    oc_link *link = NULL;
    oc_result r;
    if (plan->pcscd == NULL) {
        r = oc_link_inproc(&link, endpoint);
    } else {
        r = oc_vpcd_card_start(&in_reader, endpoint, oc_private_pcscd_port(plan->pcscd, 0), diag);
        if (oc_is_ok(r)) {
            r = oc_link_pcsc(&link, oc_private_pcscd_reader(plan->pcscd, 0), diag);
        }
    }
    if (oc_is_ok(r)) {
        r = measure(link, samples, room, count, diag);
    }
    oc_link_free(&link);
    oc_vpcd_card_stop(&in_reader);
    return r;
}
