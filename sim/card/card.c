/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card.h"

#include <stdlib.h>

#include "sim/base/atr.h"
#include "sim/card/card_internal.h"

#define CAPACITY_DEFAULT ((size_t)64 * 1024)
#define ATR_MIN 2

enum oc_chip_life oc_card_life(const oc_card *card)
{
    uint8_t life = *oc_nvm_view(&card->nvm, OC_CHIP_LIFE, 1);
    return life <= OC_CHIP_TERMINATED ? (enum oc_chip_life)life : OC_CHIP_TERMINATED;
}

oc_result oc_card_set_life(oc_card *card, enum oc_chip_life life)
{
    uint8_t byte = (uint8_t)life;
    return oc_nvm_write(&card->nvm, OC_CHIP_LIFE, oc_span_of(&byte, 1));
}

bool oc_card_issued(const oc_card *card)
{
    return oc_card_life(card) >= OC_CHIP_ISSUED;
}

bool oc_card_has(const oc_card *card, unsigned feature)
{
    return (*oc_nvm_view(&card->nvm, OC_CHIP_FEATURES, 1) & feature) != 0;
}

void oc_card_power(oc_card *card, bool on)
{
    card->session = (oc_session){
        .dir = OC_FS_MF, .environment = OC_FS_MF, .ef = OC_FS_NONE, .app = OC_APP_NONE, .powered = on};
    oc_wipe(card->states, oc_card_os_state_size(card->os));
    oc_card_drop_chain(card);
}

/* A blocked environment blocks what is in it. */
static uint8_t blocked(const oc_nvm *nvm, uint32_t dir, uint32_t environment)
{
    uint8_t own = oc_fs_blocked(nvm, dir);
    uint8_t above = oc_fs_blocked(nvm, environment);
    return own > above ? own : above;
}

void oc_card_note_blocked(oc_card *card)
{
    card->session.blocked = blocked(&card->nvm, card->session.dir, card->session.environment);
}

void oc_card_enter(oc_card *card, uint32_t dir)
{
    oc_session *session = &card->session;
    session->ef = OC_FS_NONE;
    if (dir == session->dir) {
        return;
    }
    uint32_t environment = oc_fs_environment(&card->nvm, dir);
    if (environment != session->environment) {
        session->pin_verified = false;
        memset(session->keys, 0, sizeof session->keys);
        session->challenge_len = 0;
    }
    memset(session->keys + sizeof session->keys / 2, 0, sizeof session->keys / 2);
    oc_card_set_key_passed(card, OC_KEY_MASTER_ID, false);
    session->dir = dir;
    session->environment = environment;
    session->app = oc_card_os_owner(card->os, &card->nvm, dir);
    oc_card_note_blocked(card);
    oc_card_tell_select(card);
}

static oc_result format_chip(oc_nvm *nvm, const oc_card_params *params)
{
    uint8_t head[OC_FS_MF] = {0};
    head[OC_CHIP_TRANSPORT_TRIES] = OC_CHIP_TRANSPORT_TRIES_MAX;
    head[OC_CHIP_TRANSPORT_ALG] = params->transport_alg;
    head[OC_CHIP_ATR_LEN] = (uint8_t)params->atr.len;
    memcpy(head + OC_CHIP_ATR, params->atr.at, params->atr.len);
    head[OC_CHIP_FEATURES] = (uint8_t)params->features;
    memcpy(head + OC_CHIP_TRANSPORT_KEY, params->transport_key.at, OC_KEY_SIZE);
    oc_result r = oc_nvm_write(nvm, 0, oc_span_of(head, sizeof head));
    oc_wipe(head, sizeof head);
    OC_TRY(r);
    OC_TRY(oc_fs_format(nvm));
    return oc_nvm_commit(nvm);
}

oc_result oc_card_new(oc_card **out, const oc_card_os *os, oc_crypto *crypto, const oc_card_params *params)
{
    *out = NULL;
    if (params->atr.len < ATR_MIN || params->atr.len > OC_ATR_MAX || params->transport_key.len != OC_KEY_SIZE ||
        !oc_alg_known(params->transport_alg)) {
        return oc_fail(OC_E_USAGE);
    }
    oc_card *card = calloc(1, sizeof *card + oc_card_os_state_size(os));
    if (card == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    card->os = os;
    card->crypto = crypto;
    oc_result r = oc_nvm_init(&card->nvm, params->capacity == 0 ? CAPACITY_DEFAULT : params->capacity);
    if (oc_is_ok(r)) {
        r = format_chip(&card->nvm, params);
    }
    if (!oc_is_ok(r)) {
        oc_card_free(&card);
        return r;
    }
    oc_random_init(&card->random, params->seed, "card");
    oc_card_power(card, false);
    *out = card;
    return oc_ok();
}

void oc_card_free(oc_card **card)
{
    if (card == NULL || *card == NULL) {
        return;
    }
    oc_card_drop_chain(*card);
    free((*card)->chain);
    oc_nvm_close(&(*card)->nvm);
    oc_wipe(*card, sizeof **card + oc_card_os_state_size((*card)->os));
    free(*card);
    *card = NULL;
}

/* Cold and warm answer the same; the sheet knows one ATR. */
static oc_result reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)kind;
    oc_card *card = self;
    oc_card_power(card, false);
    bool contactless = card->interface == OC_INTERFACE_CONTACTLESS;
    if (contactless && !oc_card_has(card, OC_FEATURE_CONTACTLESS)) {
        return oc_fail(OC_E_GONE);
    }
    OC_TRY(oc_nvm_power_up(&card->nvm));
    oc_card_power(card, true);
    uint8_t len = *oc_nvm_view(&card->nvm, OC_CHIP_ATR_LEN, 1);
    oc_span contact = oc_span_of(oc_nvm_view(&card->nvm, OC_CHIP_ATR, OC_ATR_MAX), len);
    if (contactless) {
        oc_atr_write_contactless(contact, atr);
    } else {
        oc_wr_bytes(atr, contact);
    }
    return atr->bad ? oc_fail(OC_E_LIMIT) : oc_ok();
}

static oc_result exchange(void *self, oc_span command, oc_wr *response)
{
    oc_card *card = self;
    if (!card->session.powered) {
        return oc_fail(OC_E_GONE);
    }
    OC_TRY(oc_card_dispatch(card, command, response));
    return response->bad ? oc_fail(OC_E_LIMIT) : oc_ok();
}

void oc_card_set_interface(oc_card *card, enum oc_card_interface interface)
{
    card->interface = interface;
}

void oc_card_tear_after(oc_card *card, uint64_t bytes)
{
    oc_nvm_tear_after(&card->nvm, bytes);
}

void oc_card_hold(oc_card *card)
{
    oc_nvm_tear_after(&card->nvm, OC_NVM_NO_TEAR);
}

uint64_t oc_card_written(const oc_card *card)
{
    return card->nvm.written;
}

oc_endpoint oc_card_endpoint(oc_card *card)
{
    return (oc_endpoint){card, reset, exchange};
}

void oc_card_reseed(oc_card *card, uint64_t seed, const char *label)
{
    oc_random_init(&card->random, seed, label);
}

oc_result oc_card_random(oc_card *card, uint8_t *out, size_t len)
{
    return oc_random_bytes(&card->random, out, len);
}

size_t oc_card_memory(const oc_card *card)
{
    return sizeof *card + oc_card_os_state_size(card->os) + oc_nvm_own(&card->nvm);
}
