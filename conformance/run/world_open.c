/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "conformance/dut/open.h"
#include "conformance/run/lent_link.h"
#include "conformance/run/world_internal.h"

static oc_result make_virtual_card(oc_world *world, oc_diag *diag)
{
    const oc_world_plan *plan = &world->plan;
    if (!oc_profile_can_issue(plan->profile)) {
        return oc_diag_fail(diag, OC_E_USAGE,
                            "profile %s only describes a card; give --card, or a profile that can issue one",
                            oc_profile_id(plan->profile));
    }
    OC_TRY(oc_issuer_make_blank(&world->card, plan->card_os, world->crypto, plan->profile, diag));
    oc_card_set_interface(world->card, plan->interface);
    OC_TRY(oc_card_image_take(&world->blank, world->card));
    oc_card *issued = NULL;
    OC_TRY(oc_issuer_make_card(&issued, plan->card_os, world->crypto, plan->profile, diag));
    oc_result r = oc_card_image_take(&world->issued, issued);
    oc_card_free(&issued);
    OC_TRY(r);
    return oc_card_image_put(world->card, world->issued);
}

static oc_result make_virtual_psam(oc_world *world, oc_diag *diag)
{
    OC_TRY(oc_issuer_make_psam(&world->psam, world->plan.psam_os, world->crypto, world->plan.profile, diag));
    return oc_card_image_take(&world->psam_image, world->psam);
}

/* Faults strike nearest to the terminal: what guards a foreign card sees the commands that reach it. A terminal under
 * test meets them on its own way to the card. */
static oc_result harm(const oc_world *world, oc_link **link, oc_fault *fault)
{
    if (world->plan.terminal != NULL) {
        return oc_ok();
    }
    oc_link *inner = *link;
    *link = NULL;
    return oc_fault_link(link, inner, fault);
}

static oc_result open_recorded(oc_world *world, oc_link **link, const char *actor)
{
    OC_TRY(oc_recorded_link(link, &world->recorded, actor));
    bool card = strcmp(actor, "card") == 0;
    oc_link_observe(*link, card ? world->card_observer : world->psam_observer, world->observer_context);
    return oc_ok();
}

oc_result oc_world_open_card(oc_world *world, oc_diag *diag)
{
    const oc_world_plan *plan = &world->plan;
    oc_result r;
    if (plan->replays) {
        world->card_dead = false;
        return open_recorded(world, &world->card_link, "card");
    }
    if (plan->lent != NULL) {
        r = oc_lent_link(&world->card_link, plan->lent);
    } else if (plan->card->kind != OC_SPEC_VIRTUAL) {
        r = oc_spec_open(&world->card_link, plan->card, diag);
    } else if (plan->terminal != NULL) {
        r = oc_link_inproc(&world->card_link, oc_world_direct(world, OC_SLOT_CARD));
    } else {
        r = plan->pcscd == NULL ? oc_link_inproc(&world->card_link, oc_torn_endpoint(&world->card_victim.torn))
                                : oc_link_pcsc(&world->card_link, oc_private_pcscd_reader(plan->pcscd, 0), diag);
    }
    OC_TRY(r);
    if (plan->prefer_t1) {
        oc_link_prefer_t1(world->card_link);
    }
    if (plan->card->kind != OC_SPEC_VIRTUAL && !plan->expendable) {
        oc_link *inner = world->card_link;
        world->card_link = NULL;
        OC_TRY(oc_guarded_link(&world->card_link, inner, &world->watch));
    }
    OC_TRY(harm(world, &world->card_link, &world->card_fault));
    world->traits = oc_link_traits_of(world->card_link);
    oc_link_set_timeout(world->card_link, plan->timeout_ms);
    oc_link_observe(world->card_link, world->card_observer, world->observer_context);
    world->card_dead = false;
    return oc_ok();
}

oc_result oc_world_open_psam(oc_world *world, oc_diag *diag)
{
    const oc_world_plan *plan = &world->plan;
    if (plan->replays) {
        world->psam_dead = false;
        return open_recorded(world, &world->psam_link, "psam");
    }
    if (plan->psam->kind == OC_SPEC_PCSC) {
        OC_TRY(oc_link_pcsc(&world->psam_link, plan->psam->detail, diag));
    } else if (world->psam != NULL && plan->terminal != NULL) {
        OC_TRY(oc_link_inproc(&world->psam_link, oc_world_direct(world, OC_SLOT_PSAM)));
    } else if (world->psam != NULL && plan->pcscd != NULL) {
        OC_TRY(oc_link_pcsc(&world->psam_link, oc_private_pcscd_reader(plan->pcscd, 1), diag));
    } else if (world->psam != NULL) {
        OC_TRY(oc_link_inproc(&world->psam_link, oc_torn_endpoint(&world->psam_victim.torn)));
    } else {
        return oc_ok();
    }
    OC_TRY(harm(world, &world->psam_link, &world->psam_fault));
    oc_link_set_timeout(world->psam_link, plan->timeout_ms);
    oc_link_observe(world->psam_link, world->psam_observer, world->observer_context);
    world->psam_dead = false;
    return oc_ok();
}

/* Puts the virtual cards into the two readers of the private pcscd. */
static oc_result insert_cards(oc_world *world, oc_diag *diag)
{
    const oc_private_pcscd *pcscd = world->plan.pcscd;
    if (world->plan.terminal != NULL) {
        return oc_world_open_terminal(world, diag);
    }
    if (pcscd == NULL) {
        return oc_ok();
    }
    if (world->card != NULL) {
        OC_TRY(oc_vpcd_card_start(&world->card_in_reader, oc_torn_endpoint(&world->card_victim.torn),
                                  oc_private_pcscd_port(pcscd, 0), diag));
    }
    if (world->psam != NULL) {
        OC_TRY(oc_vpcd_card_start(&world->psam_in_reader, oc_torn_endpoint(&world->psam_victim.torn),
                                  oc_private_pcscd_port(pcscd, 1), diag));
    }
    return oc_ok();
}

static oc_result make_parts(oc_world *world, oc_diag *diag)
{
    const oc_world_plan *plan = &world->plan;
    OC_TRY(oc_crypto_new(&world->crypto));
    /* The cards have their own: they may be called from a reader's thread. */
    OC_TRY(oc_crypto_new(&world->terminal_crypto));
    OC_TRY(oc_world_open_keys(world, diag));
    if (plan->replays) {
        return oc_ok(); /* the rest is opened for each case */
    }
    if (plan->card->kind == OC_SPEC_VIRTUAL) {
        OC_TRY(make_virtual_card(world, diag));
    }
    if (plan->psam->kind == OC_SPEC_VIRTUAL && oc_profile_can_issue(plan->profile)) {
        OC_TRY(oc_crypto_new(&world->psam_crypto));
        oc_crypto *card_crypto = world->crypto;
        world->crypto = world->psam_crypto;
        oc_result r = make_virtual_psam(world, diag);
        world->crypto = card_crypto;
        OC_TRY(r);
    }
    oc_world_expose(&world->card_victim, world->card, &world->card_in_reader, &world->card_fault);
    oc_world_expose(&world->psam_victim, world->psam, &world->psam_in_reader, &world->psam_fault);
    world->card_victim.torn.delay_us = plan->card_delay_us;
    world->psam_victim.torn.delay_us = plan->card_delay_us;
    OC_TRY(insert_cards(world, diag));
    OC_TRY(oc_world_open_card(world, diag));
    return oc_world_open_psam(world, diag);
}

oc_result oc_world_new(oc_world **out, const oc_world_plan *plan, oc_diag *diag)
{
    *out = NULL;
    oc_world *world = calloc(1, sizeof *world);
    if (world == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    world->plan = *plan;
    world->watch.allowed = plan->allowed;
    world->watch.prove = oc_world_prove;
    world->watch.limit = oc_world_limit;
    world->watch.context = world;
    oc_result r = make_parts(world, diag);
    if (!oc_is_ok(r)) {
        oc_world_free(&world);
        return r;
    }
    *out = world;
    return oc_ok();
}

void oc_world_free(oc_world **world)
{
    oc_world *w = *world;
    if (w == NULL) {
        return;
    }
    oc_world_end_case(w);
    oc_settlement_free(&w->settlement);
    oc_link_free(&w->card_link);
    oc_link_free(&w->psam_link);
    oc_world_close_terminal(w);
    oc_fault_free(&w->card_fault);
    oc_fault_free(&w->psam_fault);
    oc_vpcd_card_stop(&w->card_in_reader);
    oc_vpcd_card_stop(&w->psam_in_reader);
    oc_card_image_free(&w->blank);
    oc_card_image_free(&w->issued);
    oc_card_image_free(&w->psam_image);
    oc_card_free(&w->card);
    oc_card_free(&w->psam);
    oc_key_provider_close(&w->keys);
    oc_card_image_free(&w->keys_image);
    oc_card_free(&w->keys_psam);
    oc_crypto_free(&w->keys_crypto);
    oc_crypto_free(&w->crypto);
    oc_crypto_free(&w->psam_crypto);
    oc_crypto_free(&w->terminal_crypto);
    oc_buf_free(&w->atr);
    oc_unrestored_free(&w->unrestored);
    oc_sample_ledger_free(&w->ledger);
    oc_guard_wipe(&w->watch.guard);
    free(w);
    *world = NULL;
}
