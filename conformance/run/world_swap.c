/* SPDX-License-Identifier: Apache-2.0 */
#include <libgen.h>
#include <limits.h>
#include <stdio.h>

#include "conformance/run/world_internal.h"
#include "sim/base/file.h"

#define RENEWED "renewed"

/* A card of a profile in the same folder: the profile's own, or one in the place of the card that is run. */
static oc_result make_of_profile(oc_world *world, const char *name, bool renewed, oc_diag *diag)
{
    const oc_world_plan *plan = &world->plan;
    char own[PATH_MAX];
    char path[PATH_MAX];
    snprintf(own, sizeof own, "%s", oc_profile_path(plan->profile));
    OC_TRY(oc_file_join(path, sizeof path, dirname(own), name));
    oc_profile *profile = NULL;
    OC_TRY(oc_profile_load(&profile, path, diag));
    oc_result r = renewed ? oc_issuer_make_renewed_card(&world->other, plan->card_os, world->crypto, profile,
                                                        plan->profile, diag)
                          : oc_issuer_make_card(&world->other, plan->card_os, world->crypto, profile, diag);
    oc_profile_free(&profile);
    return r;
}

/* A card that lies ready beside the one under the terminal: of the same profile and another holder, the same holder's
 * next card, or of a profile in the same folder. */
static oc_result make_other(oc_world *world, const char *name, oc_diag *diag)
{
    const oc_world_plan *plan = &world->plan;
    if (name == NULL || strcmp(name, "other") == 0) {
        return oc_issuer_make_other_card(&world->other, plan->card_os, world->crypto, plan->profile, diag);
    }
    if (strcmp(name, RENEWED) == 0) {
        return oc_issuer_make_renewed_card(&world->other, plan->card_os, world->crypto, plan->profile, plan->profile,
                                           diag);
    }
    bool renewed = strncmp(name, RENEWED ":", sizeof RENEWED) == 0;
    return make_of_profile(world, name + (renewed ? sizeof RENEWED : 0), renewed, diag);
}

static oc_result seat(oc_world *world, enum oc_slot slot, bool present, oc_diag *diag)
{
    if (world->dut.slots == NULL) {
        return oc_ok();
    }
    oc_result r = oc_slots_present(world->dut.slots, slot, present, diag);
    if (!present) {
        oc_buf_clear(&world->dut.sides[slot].atr); /* what is put in next answers for itself */
    }
    return r;
}

/* The reader's thread is kept out by the caller, or the card is out of its reader. */
static void put_in_place(oc_world *world, enum oc_slot slot, oc_card *card)
{
    struct oc_victim *victim = slot == OC_SLOT_PSAM ? &world->psam_victim : &world->card_victim;
    victim->card = card;
    victim->torn.card = oc_card_endpoint(card);
}

static oc_result make_for(oc_world *world, enum oc_slot slot, const char *name, oc_diag *diag)
{
    const oc_world_plan *plan = &world->plan;
    if (slot == OC_SLOT_CARD) {
        OC_TRY(make_other(world, name, diag));
        oc_card_set_interface(world->other, plan->interface);
        oc_card_reseed(world->other, world->context.seed, world->context.case_id);
        return oc_ok();
    }
    if (name == NULL) {
        return oc_diag_fail(diag, OC_E_FORMAT, "a swap of the PSAM says by card what the other one lacks");
    }
    OC_TRY(
        oc_issuer_make_lesser_psam(&world->other_psam, plan->psam_os, world->psam_crypto, plan->profile, name, diag));
    char label[sizeof world->context.case_id + 16];
    snprintf(label, sizeof label, "%s/psam", world->context.case_id);
    oc_card_reseed(world->other_psam, world->context.seed, label);
    return oc_ok();
}

static oc_card **other_of(oc_world *world, enum oc_slot slot)
{
    return slot == OC_SLOT_PSAM ? &world->other_psam : &world->other;
}

static void unswap(oc_world *world, enum oc_slot slot)
{
    oc_card **other = other_of(world, slot);
    if (*other == NULL) {
        return;
    }
    (void)seat(world, slot, false, NULL).code; /* whether a client sees it go is of no matter now */
    oc_world_keep_out(world, slot, true);
    put_in_place(world, slot, slot == OC_SLOT_PSAM ? world->psam : world->card);
    oc_world_keep_out(world, slot, false);
    oc_card_free(other);
}

static oc_result swap(oc_world *world, enum oc_slot slot, const oc_fault_order *order, oc_diag *diag)
{
    if ((slot == OC_SLOT_PSAM ? world->psam : world->card) == NULL) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "only a virtual card or PSAM can be swapped");
    }
    unswap(world, slot);
    if (order->card != NULL && strcmp(order->card, "own") == 0) {
        return oc_ok();
    }
    OC_TRY(make_for(world, slot, order->card, diag));
    oc_world_keep_out(world, slot, true);
    put_in_place(world, slot, *other_of(world, slot));
    oc_world_keep_out(world, slot, false);
    return oc_ok();
}

void oc_world_unswap(oc_world *world)
{
    for (enum oc_slot slot = OC_SLOT_CARD; slot < OC_SLOT_COUNT; slot++) {
        unswap(world, slot);
    }
}

oc_result oc_world_arm(oc_world *world, const char *actor, const oc_fault_order *order, oc_span data, oc_diag *diag)
{
    enum oc_slot slot = strcmp(actor, "psam") == 0 ? OC_SLOT_PSAM : OC_SLOT_CARD;
    if (order->kind == OC_FAULT_TAKE_OUT || order->kind == OC_FAULT_SWAP) {
        OC_TRY(seat(world, slot, false, diag));
    }
    if (order->kind == OC_FAULT_SWAP && !world->plan.replays) {
        OC_TRY(swap(world, slot, order, diag));
    }
    oc_world_keep_out(world, slot, true);
    oc_result r = oc_fault_arm(oc_world_fault(world, actor), order, data);
    oc_world_keep_out(world, slot, false);
    OC_TRY(r);
    return order->kind == OC_FAULT_PUT_IN || order->kind == OC_FAULT_SWAP ? seat(world, slot, true, diag) : oc_ok();
}
