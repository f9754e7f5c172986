/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/card_service.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/clock.h"
#include "sim/link/card_slots.h"
#include "sim/link/io.h"

oc_result oc_card_service_new(oc_card_service **out, const oc_card_slot *slots, size_t count, oc_diag *diag)
{
    *out = NULL;
    if (count == 0 || count > OC_CARDS_SLOTS) {
        return oc_diag_fail(diag, OC_E_USAGE, "a card server has 1 to %d slots, not %zu", OC_CARDS_SLOTS, count);
    }
    oc_card_service *service = calloc(1, sizeof *service);
    if (service == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    service->count = count;
    for (size_t i = 0; i < count; i++) {
        struct oc_cards_slot *slot = &service->slots[i];
        int len = snprintf(slot->name, sizeof slot->name, "%s", slots[i].name);
        if (len <= 0 || (size_t)len >= sizeof slot->name) {
            free(service);
            return oc_diag_fail(diag, OC_E_USAGE, "the name of slot %zu has to have 1 to %d bytes", i,
                                OC_CARDS_NAME_MAX);
        }
        slot->kind = slots[i].kind;
        slot->endpoint = slots[i].endpoint;
        slot->present = slots[i].present;
        slot->tpdus = true;
    }
    *out = service;
    return oc_ok();
}

void oc_card_service_free(oc_card_service **service)
{
    if (*service == NULL) {
        return;
    }
    for (size_t i = 0; i < OC_CARD_CLIENTS; i++) {
        free((*service)->clients[i]);
    }
    oc_wipe(*service, sizeof **service);
    free(*service);
    *service = NULL;
}

oc_result oc_card_service_join(oc_card_service *service, oc_card_client **out)
{
    *out = NULL;
    for (size_t i = 0; i < OC_CARD_CLIENTS; i++) {
        if (service->clients[i] == NULL) {
            service->clients[i] = calloc(1, sizeof **out);
            *out = service->clients[i];
            return *out != NULL ? oc_ok() : oc_fail(OC_E_MEMORY);
        }
    }
    return oc_fail(OC_E_LIMIT);
}

void oc_card_service_leave(oc_card_service *service, oc_card_client **client)
{
    for (size_t i = 0; i < OC_CARDS_HANDLES; i++) {
        struct oc_cards_handle *handle = &(*client)->handles[i];
        struct oc_cards_slot *slot = handle->is_open ? &service->slots[handle->slot] : NULL;
        oc_cards_close(service, handle);
        if (slot != NULL && slot->handles == 0) {
            slot->powered = false;
        }
    }
    for (size_t i = 0; i < OC_CARD_CLIENTS; i++) {
        if (service->clients[i] == *client) {
            service->clients[i] = NULL;
        }
    }
    free(*client);
    *client = NULL;
}

void oc_card_service_present(oc_card_service *service, size_t slot, bool present)
{
    if (slot < service->count && service->slots[slot].present != present) {
        oc_cards_take_out(service, &service->slots[slot]);
        service->slots[slot].present = present;
    }
}

static void list(const oc_card_service *service, oc_wr *answer)
{
    oc_wr_u8(answer, OC_CARDS_OK);
    oc_wr_u8(answer, OC_CARDS_VERSION);
    oc_wr_u8(answer, (uint8_t)service->count);
    for (size_t i = 0; i < service->count; i++) {
        oc_span name = oc_span_text(service->slots[i].name);
        oc_wr_u8(answer, (uint8_t)service->slots[i].kind);
        oc_wr_u8(answer, (uint8_t)name.len);
        oc_wr_bytes(answer, name);
    }
}

static enum oc_card_reply begin_wait(const oc_card_service *service, oc_card_client *client, oc_rd *rd, oc_wr *answer)
{
    uint32_t known = oc_rd_u32(rd);
    uint32_t ms = oc_rd_u32(rd);
    if (!oc_rd_done(rd)) {
        return OC_CARD_REPLY_BAD;
    }
    client->waits = true;
    client->cancelled = false;
    client->known = known;
    client->deadline = ms == OC_CARDS_FOREVER ? OC_NO_DEADLINE : oc_clock_now_ns() + (uint64_t)ms * 1000000u;
    return oc_card_service_waited(service, client, answer) ? OC_CARD_REPLY_NOW : OC_CARD_REPLY_WAIT;
}

/* Whether the last field of an operation is one of its enumerated values. */
static bool fits(uint8_t operation, uint8_t option)
{
    switch (operation) {
    case OC_CARDS_STATUS:
        return option <= 1;
    case OC_CARDS_OPEN:
    case OC_CARDS_SHARE:
        return option <= OC_CARDS_OWNED;
    case OC_CARDS_POWER_ON:
        return option <= OC_CARDS_KEEP;
    default:
        return true;
    }
}

static bool has_option(uint8_t operation)
{
    return operation == OC_CARDS_STATUS || operation == OC_CARDS_OPEN || operation == OC_CARDS_SHARE ||
           operation == OC_CARDS_POWER_ON;
}

/* The operations whose first field is a slot or a handle. */
static enum oc_card_reply ask_on(oc_card_service *service, oc_card_client *client, uint8_t operation, oc_rd *rd,
                                 oc_wr *answer)
{
    uint8_t on = oc_rd_u8(rd);
    uint8_t option = has_option(operation) ? oc_rd_u8(rd) : 0;
    oc_span command = operation == OC_CARDS_TRANSMIT ? oc_rd_bytes(rd, rd->rest.len) : oc_span_empty();
    if (!oc_rd_done(rd) || !fits(operation, option)) {
        return OC_CARD_REPLY_BAD;
    }
    oc_wr begin = *answer;
    enum oc_cards_status result = OC_CARDS_NO_HANDLE;
    if (operation == OC_CARDS_STATUS) {
        result = oc_cards_tell(service, on, option != 0, answer);
    } else if (operation == OC_CARDS_OPEN) {
        result = oc_cards_open(service, client, on, option, answer);
    } else if (on < OC_CARDS_HANDLES && client->handles[on].is_open) {
        result = oc_cards_do(service, &client->handles[on], operation, option, command, answer);
    }
    if (result != OC_CARDS_OK || answer->len == begin.len) {
        *answer = begin;
        oc_wr_u8(answer, (uint8_t)result);
    }
    return OC_CARD_REPLY_NOW;
}

enum oc_card_reply oc_card_service_ask(oc_card_service *service, oc_card_client *client, oc_span question,
                                       oc_wr *answer)
{
    oc_rd rd = oc_rd_of(question);
    uint8_t operation = oc_rd_u8(&rd);
    if (operation == OC_CARDS_CANCEL) {
        client->cancelled = true;
        return rd.rest.len == 0 ? OC_CARD_REPLY_NONE : OC_CARD_REPLY_BAD;
    }
    if (client->waits || operation < OC_CARDS_LIST || operation > OC_CARDS_CHECK) {
        return OC_CARD_REPLY_BAD;
    }
    if (operation == OC_CARDS_WAIT) {
        return begin_wait(service, client, &rd, answer);
    }
    if (operation == OC_CARDS_LIST) {
        list(service, answer);
        return rd.rest.len == 0 ? OC_CARD_REPLY_NOW : OC_CARD_REPLY_BAD;
    }
    return ask_on(service, client, operation, &rd, answer);
}

bool oc_card_client_waits(const oc_card_client *client)
{
    return client->waits;
}

uint64_t oc_card_client_deadline(const oc_card_client *client)
{
    return client->deadline;
}

bool oc_card_service_waited(const oc_card_service *service, oc_card_client *client, oc_wr *answer)
{
    if (!client->waits) {
        return false;
    }
    enum oc_cards_status result;
    if (client->known != service->changes) {
        result = OC_CARDS_OK;
    } else if (client->cancelled) {
        result = OC_CARDS_CANCELLED;
    } else if (client->deadline != OC_NO_DEADLINE && oc_clock_now_ns() >= client->deadline) {
        result = OC_CARDS_TIMEOUT;
    } else {
        return false;
    }
    client->waits = false;
    client->cancelled = false;
    oc_wr_u8(answer, (uint8_t)result);
    oc_wr_u32(answer, service->changes);
    return true;
}
