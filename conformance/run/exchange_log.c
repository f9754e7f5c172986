/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/exchange_log.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/clock.h"

#define ENTRIES_MAX 4096
#define BYTES_MAX ((size_t)4 * 1024 * 1024)

struct entry {
    oc_logged_exchange one; /* its spans are filled in when it is read */
    size_t command_at, command_len;
    size_t response_at, response_len;
    char fault[64];
};

struct entries {
    struct entry *at;
    size_t count;
    size_t room;
    oc_buf bytes;
};

struct oc_exchange_log {
    pthread_mutex_t lock;
    struct entries now;
    struct entries taken; /* kept for its room */
    oc_card_sight sight;
};

oc_result oc_exchange_log_new(oc_exchange_log **out)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    pthread_mutex_init(&(*out)->lock, NULL);
    return oc_ok();
}

void oc_exchange_log_free(oc_exchange_log **log)
{
    if (*log == NULL) {
        return;
    }
    pthread_mutex_destroy(&(*log)->lock);
    free((*log)->now.at);
    free((*log)->taken.at);
    oc_buf_free(&(*log)->now.bytes);
    oc_buf_free(&(*log)->taken.bytes);
    free(*log);
    *log = NULL;
}

static bool make_room(struct entries *entries)
{
    if (entries->count < entries->room) {
        return true;
    }
    size_t room = entries->room == 0 ? 64 : entries->room * 2;
    struct entry *grown = entries->count == ENTRIES_MAX ? NULL : realloc(entries->at, room * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    entries->at = grown;
    entries->room = room;
    return true;
}

static void keep(struct entries *entries, const oc_logged_exchange *one)
{
    oc_span command = one->exchange.command;
    oc_span response = one->exchange.response;
    if (entries->bytes.len + command.len + response.len > BYTES_MAX || !make_room(entries)) {
        return;
    }
    struct entry *entry = &entries->at[entries->count];
    *entry = (struct entry){.one = *one,
                            .command_at = entries->bytes.len,
                            .command_len = command.len,
                            .response_at = entries->bytes.len + command.len,
                            .response_len = response.len};
    snprintf(entry->fault, sizeof entry->fault, "%s", one->fault);
    if (oc_is_ok(oc_buf_append(&entries->bytes, command)) && oc_is_ok(oc_buf_append(&entries->bytes, response))) {
        entries->count++;
    } else {
        entries->bytes.len = entry->command_at;
    }
}

static void see(oc_exchange_log *log, const char *actor, bool is_reset)
{
    log->sight.count++;
    log->sight.powered += is_reset && strcmp(actor, "card") == 0 ? 1 : 0;
    log->sight.last_ns = oc_clock_now_ns();
}

void oc_exchange_log_note(oc_exchange_log *log, const oc_logged_exchange *one)
{
    pthread_mutex_lock(&log->lock);
    keep(&log->now, one);
    see(log, one->actor, one->exchange.is_reset);
    pthread_mutex_unlock(&log->lock);
}

void oc_exchange_log_powered(oc_exchange_log *log, const char *actor)
{
    pthread_mutex_lock(&log->lock);
    see(log, actor, true);
    pthread_mutex_unlock(&log->lock);
}

void oc_exchange_log_sight(oc_exchange_log *log, oc_card_sight *out)
{
    pthread_mutex_lock(&log->lock);
    *out = log->sight;
    pthread_mutex_unlock(&log->lock);
}

void oc_exchange_log_take(oc_exchange_log *log, oc_exchange_log_reader *read, void *context)
{
    pthread_mutex_lock(&log->lock);
    struct entries taken = log->now;
    log->now = log->taken;
    log->taken = taken;
    pthread_mutex_unlock(&log->lock);
    oc_span bytes = oc_buf_span(&taken.bytes);
    for (size_t i = 0; i < taken.count && read != NULL; i++) {
        struct entry *entry = &taken.at[i];
        entry->one.exchange.command = oc_span_slice(bytes, entry->command_at, entry->command_len);
        entry->one.exchange.response = oc_span_slice(bytes, entry->response_at, entry->response_len);
        entry->one.fault = entry->fault;
        read(context, &entry->one);
    }
    oc_wipe(log->taken.bytes.at, log->taken.bytes.len);
    oc_buf_clear(&log->taken.bytes);
    log->taken.count = 0;
}
