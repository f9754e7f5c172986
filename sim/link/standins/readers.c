/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/standins/readers.h"

#include <stdlib.h>

#include "sim/link/standins/os.h"

#define LOCKED_AGAIN_MS 5

struct reader {
    enum oc_cards_kind kind;
    char name[OC_CARDS_NAME_MAX + 1];
};

struct oc_readers {
    oc_os_stream stream;
    oc_os_mutex asking;  /* one question and its answer */
    oc_os_mutex sending; /* CANCEL comes while an answer is waited for */
    bool lost;
    size_t count;
    struct reader readers[OC_CARDS_SLOTS];
    uint8_t out[OC_CARDS_LENGTH_LEN + OC_CARDS_BODY_MAX];
    uint8_t in[OC_CARDS_BODY_MAX];
};

static bool send_question(oc_readers *readers, uint8_t *frame, size_t len)
{
    oc_wr length = oc_wr_of(frame, OC_CARDS_LENGTH_LEN);
    oc_wr_u32(&length, (uint32_t)(len - OC_CARDS_LENGTH_LEN));
    oc_os_lock(&readers->sending);
    bool sent = oc_os_send(readers->stream, frame, len);
    oc_os_unlock(&readers->sending);
    return sent;
}

static bool receive_answer(oc_readers *readers, oc_rd *answer)
{
    uint8_t length[OC_CARDS_LENGTH_LEN];
    if (!oc_os_receive(readers->stream, length, sizeof length)) {
        return false;
    }
    oc_rd rd = oc_rd_of(oc_span_of(length, sizeof length));
    uint32_t len = oc_rd_u32(&rd);
    *answer = oc_rd_of(oc_span_of(readers->in, len));
    return len > 0 && len <= sizeof readers->in && oc_os_receive(readers->stream, readers->in, len);
}

/* The fields behind the length are written already. With the mutex held. */
static enum oc_cards_status ask(oc_readers *readers, const oc_wr *question, oc_rd *answer)
{
    if (readers->lost || question->bad || !send_question(readers, readers->out, question->len) ||
        !receive_answer(readers, answer)) {
        readers->lost = true;
        return OC_CARDS_LOST;
    }
    return (enum oc_cards_status)oc_rd_u8(answer);
}

static oc_wr begin(oc_readers *readers, enum oc_cards_operation operation)
{
    oc_os_lock(&readers->asking);
    oc_wr question = oc_wr_of(readers->out, sizeof readers->out);
    oc_wr_u32(&question, 0);
    oc_wr_u8(&question, (uint8_t)operation);
    return question;
}

static enum oc_cards_status end(oc_readers *readers, enum oc_cards_status status)
{
    oc_os_unlock(&readers->asking);
    return status;
}

static bool list(oc_readers *readers)
{
    oc_rd answer;
    oc_wr question = begin(readers, OC_CARDS_LIST);
    bool good = ask(readers, &question, &answer) == OC_CARDS_OK && oc_rd_u8(&answer) == OC_CARDS_VERSION;
    readers->count = good ? oc_rd_u8(&answer) : 0;
    good = good && readers->count <= OC_CARDS_SLOTS;
    for (size_t i = 0; good && i < readers->count; i++) {
        readers->readers[i].kind = (enum oc_cards_kind)oc_rd_u8(&answer);
        uint8_t len = oc_rd_u8(&answer);
        good = len <= OC_CARDS_NAME_MAX;
        oc_rd_copy(&answer, readers->readers[i].name, good ? len : 0);
    }
    good = good && oc_rd_done(&answer);
    end(readers, OC_CARDS_OK);
    return good;
}

oc_readers *oc_readers_new(void)
{
    char address[OC_OS_ADDRESS_ROOM];
    if (!oc_os_address(address)) {
        return NULL;
    }
    oc_readers *readers = calloc(1, sizeof *readers);
    if (readers == NULL) {
        return NULL;
    }
    oc_os_mutex_init(&readers->asking);
    oc_os_mutex_init(&readers->sending);
    readers->stream = oc_os_connect(address);
    if (readers->stream == OC_OS_NO_STREAM || !list(readers)) {
        oc_readers_free(readers);
        return NULL;
    }
    return readers;
}

void oc_readers_free(oc_readers *readers)
{
    if (readers == NULL) {
        return;
    }
    if (readers->stream != OC_OS_NO_STREAM) {
        oc_os_close(readers->stream);
    }
    oc_wipe(readers, sizeof *readers);
    free(readers);
}

void oc_readers_shut(oc_readers *readers)
{
    oc_os_shut(readers->stream);
}

size_t oc_readers_count(const oc_readers *readers)
{
    return readers->count;
}

const char *oc_readers_name(const oc_readers *readers, size_t slot)
{
    return readers->readers[slot].name;
}

enum oc_cards_kind oc_readers_kind(const oc_readers *readers, size_t slot)
{
    return readers->readers[slot].kind;
}

static size_t take_atr(oc_rd *answer, uint8_t atr[OC_CARDS_ATR_MAX])
{
    size_t len = answer->rest.len < OC_CARDS_ATR_MAX ? answer->rest.len : OC_CARDS_ATR_MAX;
    oc_rd_copy(answer, atr, len);
    return len;
}

enum oc_cards_status oc_readers_state(oc_readers *readers, size_t slot, oc_reader_state *out)
{
    oc_rd answer;
    oc_wr question = begin(readers, OC_CARDS_STATUS);
    oc_wr_u8(&question, (uint8_t)slot);
    oc_wr_u8(&question, 1);
    enum oc_cards_status status = ask(readers, &question, &answer);
    *out = (oc_reader_state){0};
    if (status == OC_CARDS_OK) {
        out->flags = oc_rd_u8(&answer);
        out->handles = oc_rd_u8(&answer);
        out->comings = oc_rd_u32(&answer);
        out->resets = oc_rd_u32(&answer);
        out->atr_len = take_atr(&answer, out->atr);
    }
    return end(readers, status);
}

enum oc_cards_status oc_readers_open(oc_readers *readers, size_t slot, enum oc_cards_share share, uint8_t *handle)
{
    oc_rd answer;
    oc_wr question = begin(readers, OC_CARDS_OPEN);
    oc_wr_u8(&question, (uint8_t)slot);
    oc_wr_u8(&question, (uint8_t)share);
    enum oc_cards_status status = ask(readers, &question, &answer);
    *handle = status == OC_CARDS_OK ? oc_rd_u8(&answer) : 0;
    return end(readers, status);
}

enum oc_cards_status oc_readers_share(oc_readers *readers, uint8_t handle, enum oc_cards_share share)
{
    oc_rd answer;
    oc_wr question = begin(readers, OC_CARDS_SHARE);
    oc_wr_u8(&question, handle);
    oc_wr_u8(&question, (uint8_t)share);
    return end(readers, ask(readers, &question, &answer));
}

enum oc_cards_status oc_readers_power_on(oc_readers *readers, uint8_t handle, enum oc_cards_reset reset,
                                         uint8_t atr[OC_CARDS_ATR_MAX], size_t *atr_len)
{
    oc_rd answer;
    oc_wr question = begin(readers, OC_CARDS_POWER_ON);
    oc_wr_u8(&question, handle);
    oc_wr_u8(&question, (uint8_t)reset);
    enum oc_cards_status status = ask(readers, &question, &answer);
    *atr_len = status == OC_CARDS_OK ? take_atr(&answer, atr) : 0;
    return end(readers, status);
}

enum oc_cards_status oc_readers_do(oc_readers *readers, enum oc_cards_operation operation, uint8_t handle)
{
    oc_rd answer;
    oc_wr question = begin(readers, operation);
    oc_wr_u8(&question, handle);
    return end(readers, ask(readers, &question, &answer));
}

enum oc_cards_status oc_readers_await(oc_readers *readers, enum oc_cards_operation operation, uint8_t handle)
{
    enum oc_cards_status status;
    while ((status = oc_readers_do(readers, operation, handle)) == OC_CARDS_LOCKED) {
        oc_os_sleep(LOCKED_AGAIN_MS);
    }
    return status;
}

static enum oc_cards_status transmit(oc_readers *readers, uint8_t handle, oc_span command, uint8_t *response,
                                     size_t *len)
{
    oc_rd answer;
    oc_wr question = begin(readers, OC_CARDS_TRANSMIT);
    oc_wr_u8(&question, handle);
    oc_wr_bytes(&question, command);
    enum oc_cards_status status = ask(readers, &question, &answer);
    if (status == OC_CARDS_OK) {
        size_t room = *len;
        *len = answer.rest.len;
        oc_rd_copy(&answer, response, *len <= room ? *len : 0);
    }
    return end(readers, status);
}

enum oc_cards_status oc_readers_transmit(oc_readers *readers, uint8_t handle, oc_span command, uint8_t *response,
                                         size_t *len)
{
    enum oc_cards_status status;
    if (command.len > OC_CARDS_BODY_MAX - 2) {
        return OC_CARDS_NO_HANDLE;
    }
    while ((status = transmit(readers, handle, command, response, len)) == OC_CARDS_LOCKED) {
        oc_os_sleep(LOCKED_AGAIN_MS);
    }
    return status;
}

enum oc_cards_status oc_readers_wait(oc_readers *readers, uint32_t *changes, uint32_t timeout_ms)
{
    oc_rd answer;
    oc_wr question = begin(readers, OC_CARDS_WAIT);
    oc_wr_u32(&question, *changes);
    oc_wr_u32(&question, timeout_ms);
    enum oc_cards_status status = ask(readers, &question, &answer);
    if (status != OC_CARDS_LOST) {
        *changes = oc_rd_u32(&answer);
    }
    return end(readers, status);
}

void oc_readers_cancel(oc_readers *readers)
{
    uint8_t frame[OC_CARDS_LENGTH_LEN + 1] = {0, 0, 0, 0, OC_CARDS_CANCEL};
    (void)send_question(readers, frame, sizeof frame);
}
