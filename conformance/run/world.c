/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/world.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/run/world_internal.h"
#include "sim/host/medical_proof.h"

void oc_world_end_case(oc_world *world)
{
    oc_terminal_free(&world->terminal);
    oc_host_close(&world->host);
    oc_settlement_clear(world->settlement);
    oc_world_unswap(world);
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
        OC_TRY(oc_world_open_psam(world, diag));
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
    if (world->plan.replays) {
        return false;
    }
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
        OC_TRY(oc_world_open_card(world, diag));
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
    oc_world_end_case(world);
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

oc_result oc_world_play(oc_world *world, oc_recorded *recorded, oc_diag *diag)
{
    oc_link_free(&world->card_link);
    oc_link_free(&world->psam_link);
    world->recorded = recorded;
    recorded->card_fault = &world->card_fault;
    recorded->psam_fault = &world->psam_fault;
    world->traits.transport = recorded->transport;
    OC_TRY(oc_world_open_card(world, diag));
    return oc_recorded_uses(recorded, "psam") ? oc_world_open_psam(world, diag) : oc_ok();
}

oc_recorded *oc_world_recorded(const oc_world *world)
{
    return world->recorded;
}

bool oc_world_card_is_virtual(const oc_world *world)
{
    return world->plan.card->kind == OC_SPEC_VIRTUAL;
}

bool oc_world_card_is_ours_to_judge(const oc_world *world)
{
    return world->plan.card->kind == OC_SPEC_EXEC || world->plan.card->kind == OC_SPEC_VPCD;
}

bool oc_world_is_under_test(const oc_world *world, const char *actor)
{
    const oc_world_plan *plan = &world->plan;
    const struct {
        const char *actor;
        bool is_foreign;
    } actors[] = {{"card", plan->card->kind != OC_SPEC_VIRTUAL},
                  {"psam", plan->psam->kind != OC_SPEC_VIRTUAL},
                  {"terminal", plan->terminal != NULL},
                  {"host", !oc_world_host_is_virtual(world)}};
    bool is_tested = false;
    bool is_anyone = false;
    for (size_t i = 0; i < sizeof actors / sizeof actors[0]; i++) {
        is_anyone = is_anyone || actors[i].is_foreign;
        is_tested = is_tested || (actors[i].is_foreign && strcmp(actors[i].actor, actor) == 0);
    }
    return is_tested || !is_anyone;
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
    if (world->card == NULL) {
        return;
    }
    oc_world_keep_out(world, OC_SLOT_CARD, true);
    oc_card_set_interface(world->card, interface);
    oc_world_keep_out(world, OC_SLOT_CARD, false);
}

oc_result oc_world_issue(oc_world *world, bool initial_pin, enum oc_issue_fault fault, oc_diag *diag)
{
    if (world->card == NULL && !world->plan.replays) {
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

bool oc_world_host_is_virtual(const oc_world *world)
{
    return world->plan.host_url == NULL;
}

/* oc_med_prove_card. A key that nobody has is an error here: the case is not run. */
static oc_result prove_card(void *context, const oc_med_card_proof *proof, enum oc_med_proven *out, oc_diag *diag)
{
    oc_host *host = NULL;
    OC_TRY(oc_world_host(context, &host, diag));
    return oc_medical_prove_card(host, proof, out, diag);
}

oc_result oc_world_settlement(oc_world *world, oc_settlement **out, oc_diag *diag)
{
    if (world->settlement == NULL) {
        const oc_settlement_parts parts = {.vectors_folder = world->plan.vectors_folder,
                                           .profile = world->plan.profile,
                                           .clock = &world->context.clock,
                                           .random = &world->terminal_random,
                                           .prove_card = prove_card,
                                           .prove_card_context = world,
                                           .url = world->plan.host_url,
                                           .credentials = world->plan.host_credentials,
                                           .timeout_ms = world->plan.timeout_ms};
        oc_result r = oc_settlement_new(&world->settlement, &parts);
        if (!oc_is_ok(r)) {
            return oc_diag_fail(diag, r.code, "the virtual hospital cannot start");
        }
    }
    *out = world->settlement;
    return oc_ok();
}
