/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/atr.h"
#include "sim/link/standins/pcsc.h"

#define PROTOCOLS ((DWORD)(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1))

static enum oc_cards_share share_of(DWORD share)
{
    return share == SCARD_SHARE_EXCLUSIVE ? OC_CARDS_EXCLUSIVE
           : share == SCARD_SHARE_DIRECT  ? OC_CARDS_DIRECT
                                          : OC_CARDS_SHARED;
}

static LONG check_wish(DWORD share, DWORD protocols)
{
    if (share != SCARD_SHARE_EXCLUSIVE && share != SCARD_SHARE_SHARED && share != SCARD_SHARE_DIRECT) {
        return SCARD_E_INVALID_VALUE;
    }
    return share == SCARD_SHARE_DIRECT || (protocols & (PROTOCOLS | OC_PCSC_RAW)) != 0 ? SCARD_S_SUCCESS
                                                                                       : SCARD_E_PROTO_MISMATCH;
}

/* As pcscd does by PPS: T=1 first where both sides can. */
static LONG agree(DWORD wanted, oc_span atr, DWORD *protocol)
{
    if ((wanted & SCARD_PROTOCOL_T1) != 0 && (oc_atr_offers(atr, 1) || oc_atr_is_contactless(atr))) {
        *protocol = SCARD_PROTOCOL_T1;
    } else if ((wanted & SCARD_PROTOCOL_T0) != 0 && oc_atr_offers(atr, 0)) {
        *protocol = SCARD_PROTOCOL_T0;
    } else if ((wanted & OC_PCSC_RAW) != 0) {
        *protocol = OC_PCSC_RAW;
    } else {
        return SCARD_E_PROTO_MISMATCH;
    }
    return SCARD_S_SUCCESS;
}

/* Powers the card up, if it is not, and settles how commands travel. A direct handle needs neither. */
static LONG begin(struct oc_pcsc_card *card, DWORD share, DWORD protocols, enum oc_cards_reset reset)
{
    uint8_t atr[OC_CARDS_ATR_MAX];
    size_t len;
    card->share = share;
    card->protocol = SCARD_PROTOCOL_UNDEFINED;
    if (share == SCARD_SHARE_DIRECT && reset == OC_CARDS_KEEP) {
        return SCARD_S_SUCCESS;
    }
    enum oc_cards_status status;
    while ((status = oc_readers_power_on(card->context->readers, card->handle, reset, atr, &len)) == OC_CARDS_LOCKED) {
        oc_os_sleep(5);
    }
    if (status == OC_CARDS_MUTE || status == OC_CARDS_FAILED) {
        return SCARD_W_UNRESPONSIVE_CARD;
    }
    if (status != OC_CARDS_OK) {
        return oc_pcsc_error(status);
    }
    return share == SCARD_SHARE_DIRECT ? SCARD_S_SUCCESS : agree(protocols, oc_span_of(atr, len), &card->protocol);
}

static LONG open_card(struct oc_pcsc_card *card, const char *name, DWORD share, DWORD protocols)
{
    oc_readers *readers = card->context->readers;
    size_t slot = oc_pcsc_slot(card->context, name);
    if (slot == oc_readers_count(readers)) {
        return SCARD_E_UNKNOWN_READER;
    }
    card->slot = (uint8_t)slot;
    enum oc_cards_status status = oc_readers_open(readers, slot, share_of(share), &card->handle);
    if (status != OC_CARDS_OK) {
        return oc_pcsc_error(status);
    }
    LONG error = begin(card, share, protocols, OC_CARDS_KEEP);
    if (error != SCARD_S_SUCCESS) {
        (void)oc_readers_do(readers, OC_CARDS_CLOSE, card->handle);
    }
    return error;
}

OC_PCSC_API OC_PCSC(SCardConnect)(SCARDCONTEXT id, LPCSTR name, DWORD share, DWORD protocols, LPSCARDHANDLE out,
                                  LPDWORD protocol)
{
    if (out == NULL || protocol == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    *out = 0;
    if (name == NULL) {
        return SCARD_E_UNKNOWN_READER;
    }
    LONG error = check_wish(share, protocols);
    if (error != SCARD_S_SUCCESS) {
        return error;
    }
    struct oc_pcsc_context *context = oc_pcsc_enter(id);
    if (context == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    struct oc_pcsc_card *card = oc_pcsc_add_card(context);
    error = card != NULL ? open_card(card, name, share, protocols) : SCARD_E_NO_MEMORY;
    if (error == SCARD_S_SUCCESS) {
        *out = card->id;
        *protocol = card->protocol;
    } else if (card != NULL) {
        oc_pcsc_drop_card(card);
    }
    oc_pcsc_leave(context);
    return error;
}

static LONG reconnect(struct oc_pcsc_card *card, DWORD share, DWORD protocols, DWORD what)
{
    enum oc_cards_status status = oc_readers_share(card->context->readers, card->handle, share_of(share));
    if (status != OC_CARDS_OK) {
        return oc_pcsc_error(status);
    }
    return begin(card, share, protocols,
                 what == SCARD_LEAVE_CARD   ? OC_CARDS_KEEP
                 : what == SCARD_RESET_CARD ? OC_CARDS_WARM
                                            : OC_CARDS_COLD);
}

OC_PCSC_API SCardReconnect(SCARDHANDLE id, DWORD share, DWORD protocols, DWORD what, LPDWORD protocol)
{
    if (protocol == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    LONG error = what <= SCARD_UNPOWER_CARD ? check_wish(share, protocols) : SCARD_E_INVALID_VALUE;
    if (error != SCARD_S_SUCCESS) {
        return error;
    }
    struct oc_pcsc_card *card = oc_pcsc_enter_card(id);
    if (card == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    error = reconnect(card, share, protocols, what);
    *protocol = card->protocol;
    oc_pcsc_leave_card(card);
    return error;
}

/* What becomes of the card at the end of a connection or transaction. That it cannot be done is no error. */
static void dispose(struct oc_pcsc_card *card, DWORD what)
{
    uint8_t atr[OC_CARDS_ATR_MAX];
    size_t len;
    if (what == SCARD_RESET_CARD) {
        (void)oc_readers_power_on(card->context->readers, card->handle, OC_CARDS_WARM, atr, &len);
    } else if (what != SCARD_LEAVE_CARD) {
        (void)oc_readers_do(card->context->readers, OC_CARDS_POWER_OFF, card->handle);
    }
}

OC_PCSC_API SCardDisconnect(SCARDHANDLE id, DWORD what)
{
    if (what > SCARD_EJECT_CARD) {
        return SCARD_E_INVALID_VALUE;
    }
    struct oc_pcsc_card *card = oc_pcsc_enter_card(id);
    if (card == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    struct oc_pcsc_context *context = card->context;
    dispose(card, what);
    (void)oc_readers_do(context->readers, OC_CARDS_CLOSE, card->handle);
    oc_pcsc_drop_card(card);
    oc_pcsc_leave(context);
    return SCARD_S_SUCCESS;
}

OC_PCSC_API SCardBeginTransaction(SCARDHANDLE id)
{
    struct oc_pcsc_card *card = oc_pcsc_enter_card(id);
    if (card == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    LONG error = oc_pcsc_error(oc_readers_await(card->context->readers, OC_CARDS_LOCK, card->handle));
    oc_pcsc_leave_card(card);
    return error;
}

OC_PCSC_API SCardEndTransaction(SCARDHANDLE id, DWORD what)
{
    if (what > SCARD_EJECT_CARD) {
        return SCARD_E_INVALID_VALUE;
    }
    struct oc_pcsc_card *card = oc_pcsc_enter_card(id);
    if (card == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    enum oc_cards_status status = oc_readers_do(card->context->readers, OC_CARDS_UNLOCK, card->handle);
    if (status == OC_CARDS_OK) {
        dispose(card, what);
    }
    oc_pcsc_leave_card(card);
    return oc_pcsc_error(status);
}
