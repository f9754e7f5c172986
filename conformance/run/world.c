/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/world.h"

#include <limits.h>
#include <stdio.h>
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

static oc_result open_card_link(oc_world *world, oc_diag *diag)
{
    const oc_world_plan *plan = &world->plan;
    oc_result r;
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

static oc_result open_psam_link(oc_world *world, oc_diag *diag)
{
    const oc_world_plan *plan = &world->plan;
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
    OC_TRY(open_card_link(world, diag));
    return open_psam_link(world, diag);
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

static void end_case(oc_world *world)
{
    oc_terminal_free(&world->terminal);
    oc_host_close(&world->host);
    oc_settlement_clear(world->settlement);
    oc_world_unswap(world);
}

void oc_world_free(oc_world **world)
{
    oc_world *w = *world;
    if (w == NULL) {
        return;
    }
    end_case(w);
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

/* The state that a virtual card has at the beginning of each case; from outside, as no command could do it. */
static oc_result put_back(oc_world *world, oc_card *card, const oc_card_image *image, enum oc_slot slot,
                          const char *actor)
{
    if (card == NULL) {
        return oc_ok();
    }
    const oc_run_context *context = &world->context;
    char label[sizeof context->case_id + 16];
    snprintf(label, sizeof label, "%s/%s", context->case_id, actor);
    oc_world_keep_out(world, slot, true);
    oc_result r = oc_card_image_put(card, image);
    oc_card_reseed(card, context->seed, label);
    oc_world_keep_out(world, slot, false);
    return r;
}

static oc_result reset_psam(oc_world *world, oc_diag *diag)
{
    if (world->psam_dead) {
        oc_link_free(&world->psam_link);
        OC_TRY(open_psam_link(world, diag));
    }
    if (world->psam_link == NULL) {
        return oc_ok();
    }
    oc_buf atr = {0};
    oc_result r = oc_link_reset(world->psam_link, OC_RESET_COLD, &atr, diag);
    oc_buf_free(&atr);
    return r;
}

/* A card in a reader may have been here before. A child process or soft card is taken for a new one each time, unless
 * somebody names a folder for ledgers: what lies behind it may last, too. */
static bool has_past(const oc_world *world)
{
    const char *told = getenv("ONECARD_LEDGER");
    enum oc_spec_kind kind = world->plan.card->kind;
    return kind == OC_SPEC_PCSC || (kind != OC_SPEC_VIRTUAL && told != NULL && told[0] != '\0');
}

static oc_result open_ledger(oc_world *world, oc_diag *diag)
{
    if (world->ledger != NULL || !has_past(world) || world->plan.expendable) {
        return oc_ok();
    }
    OC_TRY(oc_sample_ledger_open(&world->ledger, oc_buf_span(&world->atr), &world->watch.guard, diag));
    world->watch.ledger = world->ledger;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s.unrestored", oc_sample_ledger_path(world->ledger));
    return oc_unrestored_open(&world->unrestored, path, diag);
}

static oc_result reset_card(oc_world *world, oc_diag *diag)
{
    OC_TRY(oc_link_reset(world->card_link, OC_RESET_COLD, &world->atr, diag));
    world->protocol = oc_link_protocol(world->card_link);
    return oc_ok();
}

void oc_world_meet(oc_world *world)
{
    if (world->atr.len == 0 && !world->card_dead) {
        (void)reset_card(world, NULL).code; /* a card that is silent now is found so when its first case begins */
    }
}

oc_result oc_world_recover(oc_world *world, oc_diag *diag)
{
    if (world->card_dead) {
        oc_link_free(&world->card_link);
        OC_TRY(open_card_link(world, diag));
    }
    OC_TRY(reset_card(world, diag));
    if (world->psam_fault.unpowered) {
        OC_TRY(reset_psam(world, diag));
    }
    OC_TRY(open_ledger(world, diag));
    return oc_world_learn_card(world, diag);
}

oc_result oc_world_begin(oc_world *world, const oc_run_context *context, oc_diag *diag)
{
    end_case(world);
    oc_fault_clear(&world->card_fault);
    oc_fault_clear(&world->psam_fault);
    world->context = *context;
    oc_run_context_random(context, "terminal", &world->terminal_random);
    OC_TRY(oc_world_seat_cards(world, diag));
    OC_TRY(put_back(world, world->card, world->issued, OC_SLOT_CARD, "card"));
    OC_TRY(put_back(world, world->psam, world->psam_image, OC_SLOT_PSAM, "psam"));
    OC_TRY(put_back(world, world->keys_psam, world->keys_image, OC_SLOT_COUNT, "keys"));
    oc_result r = reset_psam(world, diag);
    if (!oc_is_ok(r)) {
        world->psam_dead = true;
        return r;
    }
    OC_TRY(oc_world_recover(world, diag));
    return oc_world_begin_terminal(world, diag);
}

bool oc_world_card_is_virtual(const oc_world *world)
{
    return world->plan.card->kind == OC_SPEC_VIRTUAL;
}

bool oc_world_card_is_ours_to_judge(const oc_world *world)
{
    return world->plan.card->kind == OC_SPEC_EXEC || world->plan.card->kind == OC_SPEC_VPCD;
}

oc_run_context *oc_world_context(oc_world *world)
{
    return &world->context;
}

oc_link *oc_world_card(oc_world *world)
{
    return world->card_link;
}

oc_link *oc_world_psam(oc_world *world)
{
    return world->psam_link;
}

const char *oc_world_transport(const oc_world *world)
{
    return world->traits.transport;
}

oc_span oc_world_atr(const oc_world *world)
{
    return oc_buf_span(&world->atr);
}

const oc_key_provider *oc_world_keys(const oc_world *world)
{
    return &world->keys;
}

oc_crypto *oc_world_crypto(oc_world *world)
{
    return world->terminal_crypto;
}

const oc_profile *oc_world_profile(const oc_world *world)
{
    return world->plan.profile;
}

void oc_world_card_failed(oc_world *world)
{
    world->card_dead = true;
}

void oc_world_psam_failed(oc_world *world)
{
    world->psam_dead = true;
}

bool oc_world_psam_is_dead(const oc_world *world)
{
    return world->psam_dead;
}

oc_fault *oc_world_fault(oc_world *world, const char *actor)
{
    return strcmp(actor, "psam") == 0 ? &world->psam_fault : &world->card_fault;
}

oc_unrestored *oc_world_unrestored(oc_world *world)
{
    return world->unrestored;
}

oc_watch *oc_world_watch(oc_world *world)
{
    return &world->watch;
}

void oc_world_observe(oc_world *world, oc_link_observer *card, oc_link_observer *psam, void *context)
{
    world->card_observer = card;
    world->psam_observer = psam;
    world->observer_context = context;
    if (world->card_link != NULL) {
        oc_link_observe(world->card_link, card, context);
    }
    if (world->psam_link != NULL) {
        oc_link_observe(world->psam_link, psam, context);
    }
}

oc_result oc_world_terminal(oc_world *world, oc_terminal **out, oc_diag *diag)
{
    if (world->terminal == NULL) {
        oc_terminal_parts parts = {.card = world->card_link,
                                   .psam = world->psam_link,
                                   .clock = &world->context.clock,
                                   .random = &world->terminal_random,
                                   .load_keys = world->keys};
        oc_result r = oc_terminal_new(&world->terminal, &parts);
        if (!oc_is_ok(r)) {
            return oc_diag_fail(diag, r.code, "the virtual terminal cannot start");
        }
    }
    *out = world->terminal;
    return oc_ok();
}

oc_result oc_world_host(oc_world *world, oc_host **out, oc_diag *diag)
{
    if (world->host == NULL) {
        oc_host_parts parts = {
            .store = ":memory:",
            .clock = &world->context.clock,
            .keys = world->keys,
            .mac1_zero = strcmp(oc_profile_setting(world->plan.profile, "purchase-mac1"), "zero") == 0,
        };
        const oc_profile_pki *pki = oc_profile_pki_of(world->plan.profile);
        if (pki != NULL) {
            parts.root = pki->root;
        }
        OC_TRY(oc_host_open(&world->host, &parts, diag));
    }
    *out = world->host;
    return oc_ok();
}

static void set_interface(oc_world *world, enum oc_card_interface interface)
{
    oc_world_keep_out(world, OC_SLOT_CARD, true);
    oc_card_set_interface(world->card, interface);
    oc_world_keep_out(world, OC_SLOT_CARD, false);
}

oc_result oc_world_issue(oc_world *world, bool initial_pin, enum oc_issue_fault fault, oc_diag *diag)
{
    if (world->card == NULL) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "only a virtual card can be replaced by a blank one");
    }
    OC_TRY(put_back(world, world->card, world->blank, OC_SLOT_CARD, "card"));
    /* Cards are made over their contacts (project choice). */
    set_interface(world, OC_INTERFACE_CONTACT);
    oc_issue_order order = {.profile = world->plan.profile, .initial_pin = initial_pin, .fault = fault};
    oc_result r = oc_issuer_issue(world->card_link, world->terminal_crypto, &order, diag);
    set_interface(world, world->plan.interface);
    OC_TRY(r);
    return reset_card(world, diag);
}

oc_result oc_world_settlement(oc_world *world, oc_settlement **out, oc_diag *diag)
{
    if (world->settlement == NULL) {
        const oc_settlement_parts parts = {.vectors_folder = world->plan.vectors_folder,
                                           .profile = world->plan.profile,
                                           .clock = &world->context.clock,
                                           .random = &world->terminal_random};
        oc_result r = oc_settlement_new(&world->settlement, &parts);
        if (!oc_is_ok(r)) {
            return oc_diag_fail(diag, r.code, "the virtual hospital cannot start");
        }
    }
    *out = world->settlement;
    return oc_ok();
}
