/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card.h"

#include <stdlib.h>

#include "sim/card/card_internal.h"

#define CAPACITY_DEFAULT ((size_t)64 * 1024)
#define ATR_MIN 2

struct oc_card_image {
    oc_nvm nvm;
};

bool oc_card_issued(const oc_card *card)
{
    return oc_nvm_view(&card->nvm, OC_CHIP_LIFE, 1)[0] != 0;
}

void oc_card_power(oc_card *card, bool on)
{
    oc_wipe(&card->session, sizeof card->session);
    oc_wipe(card->states, oc_card_os_state_size(card->os));
    card->session.powered = on;
    card->session.dir = OC_FS_MF;
    card->session.environment = OC_FS_MF;
    card->session.ef = OC_FS_NONE;
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
    session->dir = dir;
    session->environment = environment;
    oc_card_tell_select(card);
}

static oc_result format_chip(oc_nvm *nvm, const oc_card_params *params)
{
    uint8_t head[OC_FS_MF] = {0};
    head[OC_CHIP_TRANSPORT_TRIES] = OC_CHIP_TRANSPORT_TRIES_MAX;
    head[OC_CHIP_TRANSPORT_ALG] = params->transport_alg;
    head[OC_CHIP_ATR_LEN] = (uint8_t)params->atr.len;
    memcpy(head + OC_CHIP_ATR, params->atr.at, params->atr.len);
    memcpy(head + OC_CHIP_TRANSPORT_KEY, params->transport_key.at, OC_KEY_SIZE);
    oc_result r = oc_nvm_write(nvm, 0, oc_span_of(head, sizeof head));
    oc_wipe(head, sizeof head);
    return oc_is_ok(r) ? oc_fs_format(nvm) : r;
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
    oc_nvm_close(&(*card)->nvm);
    oc_wipe(*card, sizeof **card + oc_card_os_state_size((*card)->os));
    free(*card);
    *card = NULL;
}

static oc_result reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)kind; /* cold and warm answer the same; the sheet knows one ATR */
    oc_card *card = self;
    oc_card_power(card, true);
    uint8_t len = oc_nvm_view(&card->nvm, OC_CHIP_ATR_LEN, 1)[0];
    oc_wr_bytes(atr, oc_span_of(oc_nvm_view(&card->nvm, OC_CHIP_ATR, OC_ATR_MAX), len));
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

oc_result oc_card_image_take(oc_card_image **out, const oc_card *card)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_nvm_share(&(*out)->nvm, &card->nvm);
    if (!oc_is_ok(r)) {
        oc_card_image_free(out);
    }
    return r;
}

oc_result oc_card_image_put(oc_card *card, const oc_card_image *image)
{
    OC_TRY(oc_nvm_share(&card->nvm, &image->nvm));
    oc_card_power(card, false);
    return oc_ok();
}

void oc_card_image_free(oc_card_image **image)
{
    if (image == NULL || *image == NULL) {
        return;
    }
    oc_nvm_close(&(*image)->nvm);
    free(*image);
    *image = NULL;
}

size_t oc_card_memory(const oc_card *card)
{
    return sizeof *card + oc_card_os_state_size(card->os) + oc_nvm_own(&card->nvm);
}
