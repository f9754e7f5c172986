/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/card_slots.h"

#include "sim/base/atr.h"
#include "sim/link/io.h"
#include "sim/link/t0.h"

void oc_cards_close(oc_card_service *service, struct oc_cards_handle *handle)
{
    struct oc_cards_slot *slot = &service->slots[handle->slot];
    if (!handle->is_open) {
        return;
    }
    slot->holder = slot->holder == handle ? NULL : slot->holder;
    slot->locker = slot->locker == handle ? NULL : slot->locker;
    slot->handles--;
    service->changes++;
    *handle = (struct oc_cards_handle){0};
}

void oc_cards_take_out(oc_card_service *service, struct oc_cards_slot *slot)
{
    slot->present = false;
    slot->powered = false;
    slot->atr_len = 0;
    slot->comings++;
    service->changes++;
}

/* What the endpoint's own failure means to a terminal. */
static enum oc_cards_status failed(oc_card_service *service, struct oc_cards_slot *slot, oc_result result)
{
    if (result.code == OC_E_GONE) {
        if (slot->present) {
            oc_cards_take_out(service, slot);
        }
        return OC_CARDS_REMOVED;
    }
    return result.code == OC_E_TIMEOUT ? OC_CARDS_MUTE : OC_CARDS_FAILED;
}

static enum oc_cards_status reset(oc_card_service *service, struct oc_cards_slot *slot, enum oc_reset kind)
{
    uint32_t comings = slot->comings;
    oc_wr atr = oc_wr_of(slot->atr, sizeof slot->atr);
    slot->powered = false;
    slot->atr_len = 0;
    oc_result result = slot->endpoint.reset(slot->endpoint.self, kind, &atr);
    if (!oc_is_ok(result)) {
        return failed(service, slot, result);
    }
    if (comings != slot->comings) {
        return OC_CARDS_REMOVED;
    }
    if (atr.bad || atr.len == 0) {
        return OC_CARDS_MUTE;
    }
    slot->atr_len = atr.len;
    slot->powered = true;
    slot->resets++;
    slot->tpdus = !oc_atr_offers(oc_wr_span(&atr), 1);
    return OC_CARDS_OK;
}

enum oc_cards_status oc_cards_tell(oc_card_service *service, size_t index, bool ask, oc_wr *answer)
{
    if (index >= service->count) {
        return OC_CARDS_NO_SLOT;
    }
    struct oc_cards_slot *slot = &service->slots[index];
    /* As a reader does that has just seen a card. One that stays silent is present all the same. */
    if (ask && slot->present && slot->atr_len == 0) {
        (void)reset(service, slot, OC_RESET_COLD);
    }
    oc_wr_u8(answer, OC_CARDS_OK);
    oc_wr_u8(answer, (uint8_t)((slot->present ? OC_CARDS_PRESENT : 0) | (slot->powered ? OC_CARDS_POWERED : 0) |
                               (slot->holder != NULL ? OC_CARDS_HELD : 0)));
    oc_wr_u8(answer, slot->handles);
    oc_wr_u32(answer, slot->comings);
    oc_wr_u32(answer, slot->resets);
    oc_wr_bytes(answer, oc_span_of(slot->atr, slot->atr_len));
    return OC_CARDS_OK;
}

static bool is_exclusive(enum oc_cards_share share)
{
    return share == OC_CARDS_EXCLUSIVE || share == OC_CARDS_OWNED;
}

/* Whether a handle that is `mine` (or NULL: a new one) may have the slot in this way. */
static enum oc_cards_status may_share(const struct oc_cards_slot *slot, const struct oc_cards_handle *mine,
                                      enum oc_cards_share share)
{
    unsigned others = slot->handles - (mine != NULL ? 1u : 0u);
    if ((slot->holder != NULL && slot->holder != mine) || (is_exclusive(share) && others > 0)) {
        return OC_CARDS_SHARING;
    }
    return slot->present || share == OC_CARDS_DIRECT || share == OC_CARDS_OWNED ? OC_CARDS_OK : OC_CARDS_NO_CARD;
}

static void set_share(oc_card_service *service, struct oc_cards_handle *handle, enum oc_cards_share share)
{
    struct oc_cards_slot *slot = &service->slots[handle->slot];
    handle->share = share;
    slot->holder = is_exclusive(share) ? handle : (slot->holder == handle ? NULL : slot->holder);
    service->changes++;
}

enum oc_cards_status oc_cards_open(oc_card_service *service, oc_card_client *client, uint8_t index,
                                   enum oc_cards_share share, oc_wr *answer)
{
    if (index >= service->count) {
        return OC_CARDS_NO_SLOT;
    }
    struct oc_cards_slot *slot = &service->slots[index];
    enum oc_cards_status result = may_share(slot, NULL, share);
    if (result != OC_CARDS_OK) {
        return result;
    }
    for (uint8_t i = 0; i < OC_CARDS_HANDLES && slot->handles < UINT8_MAX; i++) {
        struct oc_cards_handle *handle = &client->handles[i];
        if (!handle->is_open) {
            *handle = (struct oc_cards_handle){
                .is_open = true, .slot = index, .comings = slot->comings, .resets = slot->resets};
            slot->handles++;
            set_share(service, handle, share);
            oc_wr_u8(answer, OC_CARDS_OK);
            oc_wr_u8(answer, i);
            return OC_CARDS_OK;
        }
    }
    return OC_CARDS_FULL;
}

static enum oc_cards_status power_on(oc_card_service *service, struct oc_cards_handle *handle, uint8_t kind,
                                     oc_wr *answer)
{
    struct oc_cards_slot *slot = &service->slots[handle->slot];
    if (!slot->present) {
        return OC_CARDS_NO_CARD;
    }
    if (kind != OC_CARDS_KEEP || !slot->powered) {
        if (slot->locker != NULL && slot->locker != handle) {
            return OC_CARDS_LOCKED;
        }
        enum oc_cards_status result = reset(service, slot, kind == OC_CARDS_WARM ? OC_RESET_WARM : OC_RESET_COLD);
        if (result != OC_CARDS_OK) {
            return result;
        }
    }
    handle->comings = slot->comings;
    handle->resets = slot->resets;
    oc_wr_u8(answer, OC_CARDS_OK);
    oc_wr_bytes(answer, oc_span_of(slot->atr, slot->atr_len));
    return OC_CARDS_OK;
}

/* Whether the handle still has the card that it knows, in the state that it knows. */
static enum oc_cards_status check_card(const struct oc_cards_slot *slot, const struct oc_cards_handle *handle)
{
    if (handle->comings != slot->comings) {
        return OC_CARDS_REMOVED;
    }
    if (!slot->present) {
        return OC_CARDS_NO_CARD;
    }
    if (slot->locker != NULL && slot->locker != handle) {
        return OC_CARDS_LOCKED;
    }
    if (handle->resets != slot->resets) {
        return OC_CARDS_WAS_RESET;
    }
    return slot->powered ? OC_CARDS_OK : OC_CARDS_UNPOWERED;
}

static enum oc_cards_status transmit(oc_card_service *service, const struct oc_cards_handle *handle, oc_span command,
                                     oc_wr *answer)
{
    struct oc_cards_slot *slot = &service->slots[handle->slot];
    enum oc_cards_status result = command.len <= OC_COMMAND_MAX ? check_card(slot, handle) : OC_CARDS_NO_HANDLE;
    if (result != OC_CARDS_OK) {
        return result;
    }
    size_t len = slot->tpdus ? oc_t0_strip_le(command) : command.len;
    oc_wr_u8(answer, OC_CARDS_OK);
    oc_wr response = oc_wr_of(answer->at + answer->len, answer->room - answer->len);
    oc_result r = slot->endpoint.exchange(slot->endpoint.self, oc_span_slice(command, 0, len), &response);
    if (!oc_is_ok(r)) {
        return failed(service, slot, r);
    }
    if (handle->comings != slot->comings) {
        return OC_CARDS_REMOVED;
    }
    if (response.bad || response.len < 2 || response.len > OC_RESPONSE_MAX) {
        return OC_CARDS_FAILED;
    }
    answer->len += response.len;
    return OC_CARDS_OK;
}

static enum oc_cards_status lock(struct oc_cards_slot *slot, struct oc_cards_handle *handle)
{
    enum oc_cards_status result = check_card(slot, handle);
    if (result == OC_CARDS_OK) {
        slot->locker = handle;
        handle->locks++;
    }
    return result;
}

static enum oc_cards_status unlock(struct oc_cards_slot *slot, struct oc_cards_handle *handle)
{
    if (handle->locks == 0) {
        return OC_CARDS_NOT_LOCKED;
    }
    handle->locks--;
    if (handle->locks == 0) {
        slot->locker = NULL;
    }
    return OC_CARDS_OK;
}

static enum oc_cards_status power_off(struct oc_cards_slot *slot, const struct oc_cards_handle *handle)
{
    enum oc_cards_status result = check_card(slot, handle);
    if (result == OC_CARDS_OK) {
        slot->powered = false;
    }
    return result == OC_CARDS_UNPOWERED ? OC_CARDS_OK : result;
}

static enum oc_cards_status change_share(oc_card_service *service, struct oc_cards_handle *handle,
                                         enum oc_cards_share share)
{
    enum oc_cards_status result = may_share(&service->slots[handle->slot], handle, share);
    if (result == OC_CARDS_OK) {
        set_share(service, handle, share);
    }
    return result;
}

enum oc_cards_status oc_cards_do(oc_card_service *service, struct oc_cards_handle *handle, uint8_t operation,
                                 uint8_t option, oc_span command, oc_wr *answer)
{
    struct oc_cards_slot *slot = &service->slots[handle->slot];
    switch (operation) {
    case OC_CARDS_SHARE:
        return change_share(service, handle, option);
    case OC_CARDS_CLOSE:
        oc_cards_close(service, handle);
        return OC_CARDS_OK;
    case OC_CARDS_POWER_ON:
        return power_on(service, handle, option, answer);
    case OC_CARDS_POWER_OFF:
        return power_off(slot, handle);
    case OC_CARDS_LOCK:
        return lock(slot, handle);
    case OC_CARDS_UNLOCK:
        return unlock(slot, handle);
    case OC_CARDS_CHECK:
        return check_card(slot, handle);
    default:
        return transmit(service, handle, command, answer);
    }
}
