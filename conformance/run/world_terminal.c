/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/wait.h"
#include "conformance/run/world_internal.h"
#include "sim/base/clock.h"
#include "sim/terminal/functions.h"

/* Long enough out for a program that looks at the reader twice a second (project choice). */
#define OUT_MS 600

/* The terminal under test and the harness take turns with the virtual card and PSAM. The terminal reaches them through
 * readers; the harness, for steps of its own, past them. A turn begins with a card that was just powered, as if it had
 * been in another reader meanwhile; between two calls without such a step nothing happens to it. */

static struct oc_victim *victim_of(oc_world *world, enum oc_slot slot)
{
    return slot == OC_SLOT_PSAM ? &world->psam_victim : &world->card_victim;
}

void oc_world_keep_out(oc_world *world, enum oc_slot slot, bool out)
{
    oc_vpcd_card *in_reader = slot == OC_SLOT_CARD   ? world->card_in_reader
                              : slot == OC_SLOT_PSAM ? world->psam_in_reader
                                                     : NULL;
    if (world->dut.slots != NULL && slot < OC_SLOT_COUNT) {
        (out ? oc_slots_lock : oc_slots_unlock)(world->dut.slots, slot);
    } else if (in_reader != NULL) {
        (out ? oc_vpcd_card_lock : oc_vpcd_card_unlock)(in_reader);
    }
}

static oc_result direct_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct oc_direct *direct = self;
    oc_endpoint card = oc_torn_endpoint(&victim_of(direct->world, direct->slot)->torn);
    oc_world_keep_out(direct->world, direct->slot, true);
    oc_result r = card.reset(card.self, direct->stale ? OC_RESET_COLD : kind, atr);
    oc_world_keep_out(direct->world, direct->slot, false);
    direct->stale = false;
    direct->used = true;
    return r;
}

static oc_result direct_exchange(void *self, oc_span command, oc_wr *response)
{
    struct oc_direct *direct = self;
    oc_endpoint card = oc_torn_endpoint(&victim_of(direct->world, direct->slot)->torn);
    if (direct->stale) {
        uint8_t room[OC_ATR_MAX];
        oc_wr atr = oc_wr_of(room, sizeof room);
        OC_TRY(direct_reset(direct, OC_RESET_COLD, &atr));
    }
    direct->used = true;
    oc_world_keep_out(direct->world, direct->slot, true);
    oc_result r = card.exchange(card.self, command, response);
    oc_world_keep_out(direct->world, direct->slot, false);
    return r;
}

oc_endpoint oc_world_direct(oc_world *world, enum oc_slot slot)
{
    return (oc_endpoint){&world->dut.direct[slot], direct_reset, direct_exchange};
}

static void fill_sides(oc_world *world)
{
    static const char *const actors[] = {[OC_SLOT_CARD] = "card", [OC_SLOT_PSAM] = "psam"};
    for (enum oc_slot slot = OC_SLOT_CARD; slot < OC_SLOT_COUNT; slot++) {
        world->dut.direct[slot] = (struct oc_direct){.world = world, .slot = slot};
        world->dut.sides[slot] = (oc_card_side){.actor = actors[slot],
                                                .card = oc_torn_endpoint(&victim_of(world, slot)->torn),
                                                .fault = oc_world_fault(world, actors[slot]),
                                                .log = world->dut.log};
    }
}

static void look_at_cards(void *context, oc_card_sight *out)
{
    oc_exchange_log_sight(context, out);
}

oc_result oc_world_open_terminal(oc_world *world, oc_diag *diag)
{
    struct oc_world_dut *dut = &world->dut;
    OC_TRY(oc_exchange_log_new(&dut->log));
    fill_sides(world);
    const oc_endpoint cards[OC_SLOT_COUNT] = {
        world->card == NULL ? (oc_endpoint){0} : oc_card_side_endpoint(&dut->sides[OC_SLOT_CARD]),
        world->psam == NULL ? (oc_endpoint){0} : oc_card_side_endpoint(&dut->sides[OC_SLOT_PSAM])};
    OC_TRY(oc_slots_start(&dut->slots, cards, world->plan.pcscd, world->plan.serve_cards,
                          world->plan.interface == OC_INTERFACE_CONTACTLESS, diag));
    const oc_terminal_setup setup = {.environment = oc_slots_environment(dut->slots),
                                     .timeout_ms = world->plan.timeout_ms,
                                     .modules = world->plan.modules,
                                     .watch = {dut->log, look_at_cards}};
    return oc_terminal_dut_open(&dut->terminal, world->plan.terminal, &setup, diag);
}

void oc_world_close_terminal(oc_world *world)
{
    struct oc_world_dut *dut = &world->dut;
    oc_terminal_dut_free(&dut->terminal);
    oc_slots_stop(&dut->slots);
    oc_exchange_log_free(&dut->log);
    oc_card_side_free(&dut->sides[OC_SLOT_CARD]);
    oc_card_side_free(&dut->sides[OC_SLOT_PSAM]);
}

/* What left an exchange without an answer has left its reader; it is put in again. */
oc_result oc_world_seat_cards(oc_world *world, oc_diag *diag)
{
    struct oc_world_dut *dut = &world->dut;
    for (enum oc_slot slot = OC_SLOT_CARD; slot < OC_SLOT_COUNT && dut->slots != NULL; slot++) {
        oc_card_side *side = &dut->sides[slot];
        if (side->is_lost && !side->fault->absent) {
            oc_slots_lost(dut->slots, slot);
            oc_buf_clear(&side->atr);
        }
        side->is_lost = false;
        OC_TRY(oc_slots_present(dut->slots, slot, !side->fault->absent, diag));
    }
    return oc_ok();
}

oc_result oc_world_begin_terminal(oc_world *world, oc_diag *diag)
{
    struct oc_world_dut *dut = &world->dut;
    if (dut->terminal == NULL) {
        return oc_ok();
    }
    oc_exchange_log_take(dut->log, NULL, NULL);
    dut->breach = (oc_breach){0};
    OC_TRY(oc_terminal_dut_begin(dut->terminal, &dut->breach, diag));
    dut->begun = true;
    const oc_breach *unusable = oc_terminal_dut_unusable(dut->terminal);
    if (dut->breach.kind == OC_BREACH_NONE && unusable != NULL) {
        dut->breach = *unusable;
    }
    return oc_ok();
}

static bool is_by_hand(const oc_world *world)
{
    return world->plan.terminal != NULL && world->plan.terminal->kind == OC_TERMINAL_MANUAL;
}

/* A terminal that a person works begins when a card is put in: the next case's is, when it begins. */
static oc_result take_card_out(oc_world *world, oc_diag *diag)
{
    OC_TRY(oc_slots_present(world->dut.slots, OC_SLOT_CARD, false, diag));
    oc_wait_ms(OUT_MS);
    return oc_ok();
}

oc_result oc_world_end_terminal(oc_world *world, oc_breach *breach, oc_diag *diag)
{
    *breach = world->recorded == NULL ? (oc_breach){0} : world->recorded->end_breach;
    if (!world->dut.begun) {
        return oc_ok();
    }
    world->dut.begun = false;
    if (is_by_hand(world)) {
        OC_TRY(take_card_out(world, diag));
    }
    OC_TRY(oc_terminal_dut_end(world->dut.terminal, breach, diag));
    return oc_terminal_dut_runs(world->dut.terminal) ? oc_ok() : oc_slots_wait_free(world->dut.slots, diag);
}

static oc_result lend_cards(oc_world *world)
{
    struct oc_world_dut *dut = &world->dut;
    oc_result r = oc_ok();
    for (enum oc_slot slot = OC_SLOT_CARD; slot < OC_SLOT_COUNT && oc_is_ok(r); slot++) {
        oc_world_keep_out(world, slot, true);
        if (slot == OC_SLOT_CARD ? world->card != NULL : world->psam != NULL) {
            r = oc_card_side_lend(&dut->sides[slot], dut->direct[slot].used);
        }
        oc_world_keep_out(world, slot, false);
        dut->direct[slot].used = false;
        dut->direct[slot].stale = true;
    }
    return r;
}

static void take_cards_back(oc_world *world)
{
    for (enum oc_slot slot = OC_SLOT_CARD; slot < OC_SLOT_COUNT; slot++) {
        oc_world_keep_out(world, slot, true);
        oc_card_side_take_back(&world->dut.sides[slot]);
        oc_world_keep_out(world, slot, false);
    }
}

struct reading {
    oc_call_times *times;
    uint64_t begin_ns; /* of the first exchange, and the end of the last; 0: there was none */
    uint64_t end_ns;
    oc_exchange_log_reader *read;
    void *context;
};

static void count_exchange(void *context, const oc_logged_exchange *one)
{
    struct reading *reading = context;
    reading->begin_ns = reading->begin_ns == 0 ? one->exchange.begin_ns : reading->begin_ns;
    reading->end_ns = one->exchange.end_ns;
    reading->times->card_ns += one->exchange.end_ns - one->exchange.begin_ns;
    reading->times->exchanges++;
    reading->read(reading->context, one);
}

oc_result oc_world_call(oc_world *world, const oc_terminal_order *order, const oc_beside *beside, oc_breach *breach,
                        oc_call_times *times, oc_exchange_log_reader *read, void *context, oc_diag *diag)
{
    struct oc_world_dut *dut = &world->dut;
    *times = (oc_call_times){0};
    *breach = dut->breach;
    if (breach->kind != OC_BREACH_NONE) {
        return oc_ok();
    }
    OC_TRY(oc_world_seat_cards(world, diag));
    OC_TRY(lend_cards(world));
    uint64_t begin_ns = oc_clock_now_ns();
    oc_result r = beside != NULL
                      ? oc_terminal_dut_beside(dut->terminal, beside, breach, diag)
                      : oc_terminal_dut_call(dut->terminal, order->function, order->args, order->answer, breach, diag);
    times->whole_ns = oc_clock_now_ns() - begin_ns;
    take_cards_back(world);
    struct reading reading = {.times = times, .read = read, .context = context};
    oc_exchange_log_take(dut->log, count_exchange, &reading);
    times->by_hand = is_by_hand(world);
    if (times->by_hand) {
        times->whole_ns = reading.end_ns - reading.begin_ns;
    }
    times->link_ns = times->exchanges * world->plan.empty_ns;
    return r;
}

oc_terminal_dut *oc_world_dut(const oc_world *world)
{
    return world->dut.terminal;
}

bool oc_world_terminal_is_foreign(const oc_world *world)
{
    return world->plan.terminal != NULL;
}

bool oc_world_terminal_offers(const oc_world *world, const char *function)
{
    const oc_terminal_dut *dut = world->dut.terminal;
    const oc_function *standard = oc_function_named(function);
    if (dut == NULL) {
        return oc_terminal_has(function);
    }
    return oc_terminal_dut_unusable(dut) != NULL ? standard != NULL && oc_function_is_standard(standard)
                                                 : oc_terminal_dut_has(dut, function);
}

const char *oc_world_via(const oc_world *world)
{
    return world->dut.slots == NULL ? oc_world_transport(world) : oc_slots_via(world->dut.slots);
}
