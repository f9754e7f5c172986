/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tear/tear_endpoint.h"

#include <stdio.h>

#include "sim/card/card_internal.h"
#include "tests/support/oc_test.h"

/* Where cards are compared: everything that the operating system can reach. */
static const oc_nvm *cells(const oc_card *card)
{
    return &card->nvm;
}

/* One byte differs, in its low half, which is one lower than before: the tries left of a key or PIN. */
static bool one_try_paid(const oc_card *copy, const oc_card *before)
{
    unsigned differences = 0;
    bool lower = false;
    for (uint32_t at = 0; at < cells(before)->capacity && differences < 2; at += OC_NVM_PAGE) {
        const uint8_t *now = oc_nvm_view(cells(copy), at, OC_NVM_PAGE);
        const uint8_t *then = oc_nvm_view(cells(before), at, OC_NVM_PAGE);
        for (size_t i = 0; now != then && i < OC_NVM_PAGE; i++) {
            if (now[i] != then[i]) {
                differences++;
                lower = now[i] + 1 == then[i] && (then[i] & 0x0F) != 0;
            }
        }
    }
    return differences == 1 && lower;
}

struct states {
    const oc_card *before;
    const oc_card *after;
};

static void judge(oc_tear_endpoint *tear, const struct states *states, oc_span command, uint64_t bytes)
{
    const oc_nvm *now = cells(tear->copy);
    if (oc_nvm_equal(now, cells(states->before)) || oc_nvm_equal(now, cells(states->after))) {
        return;
    }
    if (one_try_paid(tear->copy, states->before)) {
        tear->paid++;
        return;
    }
    tear->violations++;
    printf("%02X %02X %02X %02X torn after %llu bytes: between before and after\n", command.at[0], command.at[1],
           command.at[2], command.at[3], (unsigned long long)bytes);
}

/* The copy stands where the card stood, and loses power in the command. */
static bool tear_command(oc_tear_endpoint *tear, const oc_card *before, oc_span command, uint64_t bytes)
{
    uint8_t room[OC_CARD_LONG_MAX + 2];
    oc_wr response = oc_wr_of(room, sizeof room);
    oc_endpoint end = oc_card_endpoint(tear->copy);
    if (!oc_is_ok(oc_card_copy(tear->copy, before))) {
        return false;
    }
    oc_card_tear_after(tear->copy, bytes);
    oc_result r = end.exchange(end.self, command, &response);
    return r.code == OC_E_GONE && response.len == 0;
}

static oc_result power_up(oc_tear_endpoint *tear)
{
    uint8_t room[OC_ATR_MAX];
    oc_wr atr = oc_wr_of(room, sizeof room);
    oc_endpoint end = oc_card_endpoint(tear->copy);
    return end.reset(end.self, OC_RESET_COLD, &atr);
}

static void fail(oc_tear_endpoint *tear, const char *what)
{
    tear->violations++;
    printf("%s\n", what);
}

/* Power fails in the command and again in the recovery, after each number of bytes that it writes. */
static void tear_recovery(oc_tear_endpoint *tear, const struct states *states, oc_span command, uint64_t bytes,
                          uint64_t recovery)
{
    for (uint64_t again = 0; again < recovery; again += tear->recovery_step) {
        if (!tear_command(tear, states->before, command, bytes)) {
            fail(tear, "the command was not torn a second time");
            return;
        }
        oc_card_tear_after(tear->copy, again);
        if (power_up(tear).code != OC_E_GONE) {
            fail(tear, "the recovery was not torn");
            return;
        }
        if (!oc_is_ok(power_up(tear))) {
            fail(tear, "no answer to reset after a torn recovery");
            return;
        }
        tear->recoveries++;
        judge(tear, states, command, bytes);
    }
}

static void grid(oc_tear_endpoint *tear, const struct states *states, oc_span command, uint64_t written)
{
    for (uint64_t bytes = 0; bytes < written; bytes++) {
        if (!tear_command(tear, states->before, command, bytes)) {
            fail(tear, "the command was not torn");
            return;
        }
        uint64_t from = oc_card_written(tear->copy);
        if (!oc_is_ok(power_up(tear))) {
            fail(tear, "no answer to reset after a tear");
            return;
        }
        tear->points++;
        judge(tear, states, command, bytes);
        tear_recovery(tear, states, command, bytes, oc_card_written(tear->copy) - from);
    }
}

static oc_result reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    oc_tear_endpoint *tear = self;
    oc_endpoint end = oc_card_endpoint(tear->card);
    return end.reset(end.self, kind, atr);
}

/* How much the copy writes for the command: less than the card, whose log may hold other bytes already. */
static uint64_t written_by_copy(oc_tear_endpoint *tear, const oc_card *before, oc_span command)
{
    uint8_t room[OC_CARD_LONG_MAX + 2];
    oc_wr response = oc_wr_of(room, sizeof room);
    oc_endpoint end = oc_card_endpoint(tear->copy);
    if (!oc_is_ok(oc_card_copy(tear->copy, before))) {
        return 0;
    }
    uint64_t from = oc_card_written(tear->copy);
    if (!oc_is_ok(end.exchange(end.self, command, &response)) || !oc_nvm_equal(cells(tear->copy), cells(tear->card))) {
        fail(tear, "the copy does something else than the card");
    }
    return oc_card_written(tear->copy) - from;
}

static oc_result with_before(oc_tear_endpoint *tear, oc_card *before, oc_span command, oc_wr *response)
{
    oc_endpoint end = oc_card_endpoint(tear->card);
    OC_TRY(end.exchange(end.self, command, response));
    uint64_t written = written_by_copy(tear, before, command);
    tear->commands++;
    tear->writing += written > 0;
    grid(tear, &(struct states){before, tear->card}, command, written);
    return oc_ok();
}

static oc_result exchange(void *self, oc_span command, oc_wr *response)
{
    oc_tear_endpoint *tear = self;
    oc_card *before = NULL;
    oc_card_params any = {.atr = oc_test_hex("3B00"),
                          .transport_key = oc_test_hex("404142434445464748494A4B4C4D4E4F")};
    OC_TRY(oc_card_new(&before, tear->card->os, tear->card->crypto, &any));
    oc_result r = oc_card_copy(before, tear->card);
    if (oc_is_ok(r)) {
        r = with_before(tear, before, command, response);
    }
    oc_card_free(&before);
    return r;
}

oc_endpoint oc_tear_endpoint_of(oc_tear_endpoint *tear)
{
    return (oc_endpoint){tear, reset, exchange};
}
