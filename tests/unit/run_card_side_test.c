/* SPDX-License-Identifier: Apache-2.0 */
/* A card as a terminal under test finds it: what is noted of its exchanges, and whose turn it is. */
#include "conformance/run/card_side.h"

#include "sim/base/clock.h"
#include "tests/support/oc_test.h"

struct card {
    unsigned resets;
    unsigned commands;
};

static oc_result reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct card *card = self;
    (void)kind;
    card->resets++;
    oc_wr_u16(atr, 0x3B00);
    return oc_ok();
}

static oc_result exchange(void *self, oc_span command, oc_wr *response)
{
    struct card *card = self;
    card->commands++;
    oc_wr_u8(response, command.at[1]);
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

struct world {
    struct card card;
    oc_fault fault;
    oc_card_side side;
    oc_endpoint terminal; /* what a reader calls */
    uint8_t room[OC_RESPONSE_MAX];
    oc_wr answer;
};

static void begin(struct world *world)
{
    *world = (struct world){.card = {0}};
    world->side = (oc_card_side){.actor = "card", .card = {&world->card, reset, exchange}, .fault = &world->fault};
    OC_ASSERT_OK(oc_exchange_log_new(&world->side.log));
    world->terminal = oc_card_side_endpoint(&world->side);
}

static void end(struct world *world)
{
    oc_exchange_log_free(&world->side.log);
    oc_card_side_free(&world->side);
    oc_fault_free(&world->fault);
}

static oc_result power(struct world *world)
{
    world->answer = oc_wr_of(world->room, sizeof world->room);
    return world->terminal.reset(world->terminal.self, OC_RESET_COLD, &world->answer);
}

static oc_result send(struct world *world, uint8_t ins)
{
    const uint8_t command[] = {0x00, ins, 0x00, 0x00, 0x01};
    world->answer = oc_wr_of(world->room, sizeof world->room);
    return world->terminal.exchange(world->terminal.self, oc_span_of(command, sizeof command), &world->answer);
}

static void order(struct world *world, enum oc_fault_kind kind, uint32_t value, uint8_t ins)
{
    const oc_fault_order order = {
        .kind = kind, .value = value, .at = {0x00, ins}, .at_mask = {0xFF, 0xFF}, .at_len = 2};
    OC_ASSERT_OK(oc_fault_arm(&world->fault, &order, oc_span_empty()));
}

struct seen {
    unsigned count, faults, failed, resets;
    uint64_t last_ns;
    char text[64];
    uint8_t ins;
};

static void look(void *context, const oc_logged_exchange *one)
{
    struct seen *seen = context;
    seen->count++;
    seen->resets += one->exchange.is_reset;
    seen->failed += one->exchange.failed;
    seen->faults += one->fault[0] != '\0';
    CU_ASSERT_TRUE(one->exchange.end_ns >= one->exchange.begin_ns && one->exchange.begin_ns >= seen->last_ns);
    CU_ASSERT_EQUAL(one->silent, one->exchange.failed);
    seen->last_ns = one->exchange.end_ns;
    if (one->fault[0] != '\0') {
        strcpy(seen->text, one->fault);
    }
    if (!one->exchange.is_reset && !one->exchange.failed) {
        seen->ins = one->exchange.command.at[1];
        CU_ASSERT_TRUE(one->exchange.response.len >= 2);
    }
}

static void exchanges_are_noted(void)
{
    struct world world;
    begin(&world);
    OC_ASSERT_OK(oc_card_side_lend(&world.side, true));
    OC_ASSERT_OK(power(&world));
    OC_ASSERT_OK(send(&world, 0x84));
    order(&world, OC_FAULT_SW, 0x6982, 0x20);
    OC_ASSERT_OK(send(&world, 0x20));
    OC_ASSERT_BYTES(oc_wr_span(&world.answer), "6982");
    order(&world, OC_FAULT_REMOVE, 0, 0xB2);
    OC_ASSERT_OK(send(&world, 0x84));
    OC_ASSERT_CODE(send(&world, 0xB2), OC_E_GONE);
    CU_ASSERT_TRUE(world.side.is_lost);
    CU_ASSERT_EQUAL(world.card.commands, 3);
    struct seen seen = {0};
    oc_exchange_log_take(world.side.log, look, &seen);
    CU_ASSERT_EQUAL(seen.count, 5);
    CU_ASSERT_EQUAL(seen.resets, 1);
    CU_ASSERT_EQUAL(seen.faults, 2);
    CU_ASSERT_EQUAL(seen.failed, 1);
    CU_ASSERT_STRING_EQUAL(seen.text, "remove");
    CU_ASSERT_EQUAL(seen.ins, 0x84);
    struct seen none = {0};
    oc_exchange_log_take(world.side.log, look, &none);
    CU_ASSERT_EQUAL(none.count, 0);
    end(&world);
}

/* A reader must not wait for ever: it is told after a second. */
static void a_mute_card_is_given_up(void)
{
    struct world world;
    begin(&world);
    OC_ASSERT_OK(oc_card_side_lend(&world.side, true));
    order(&world, OC_FAULT_MUTE, 0, 0x20);
    uint64_t begin_ns = oc_clock_now_ns();
    OC_ASSERT_CODE(send(&world, 0x20), OC_E_TIMEOUT);
    CU_ASSERT_TRUE(oc_clock_now_ns() - begin_ns >= (uint64_t)OC_CARD_SIDE_MUTE_MS * 1000000u);
    CU_ASSERT_EQUAL(world.card.commands, 1);
    end(&world);
}

/* Between two calls the harness has the card: what a reader does then must not disturb it. */
static void resets_wait_for_their_turn(void)
{
    struct world world;
    begin(&world);
    OC_ASSERT_OK(power(&world)); /* before it has an ATR to tell */
    OC_ASSERT_OK(oc_card_side_lend(&world.side, false));
    CU_ASSERT_EQUAL(world.card.resets, 1);
    oc_card_side_take_back(&world.side);
    OC_ASSERT_OK(power(&world));
    OC_ASSERT_BYTES(oc_wr_span(&world.answer), "3B00");
    CU_ASSERT_EQUAL(world.card.resets, 1);
    OC_ASSERT_OK(oc_card_side_lend(&world.side, false));
    CU_ASSERT_EQUAL(world.card.resets, 2);
    OC_ASSERT_OK(power(&world));
    CU_ASSERT_EQUAL(world.card.resets, 3);
    oc_card_side_take_back(&world.side);
    OC_ASSERT_OK(oc_card_side_lend(&world.side, false));
    CU_ASSERT_EQUAL(world.card.resets, 3);
    OC_ASSERT_OK(oc_card_side_lend(&world.side, true));
    CU_ASSERT_EQUAL(world.card.resets, 4);
    end(&world);
}

/* A reader that was given another ATR asks for the right one when the card is put in again. */
static void an_altered_atr_is_not_kept(void)
{
    struct world world;
    begin(&world);
    OC_ASSERT_OK(oc_card_side_lend(&world.side, true));
    OC_ASSERT_OK(oc_fault_arm(&world.fault, &(oc_fault_order){.kind = OC_FAULT_GARBLE}, oc_span_empty()));
    OC_ASSERT_OK(power(&world));
    OC_ASSERT_BYTES(oc_wr_span(&world.answer), "C400");
    CU_ASSERT_TRUE(world.side.is_lost);
    oc_card_side_take_back(&world.side);
    OC_ASSERT_OK(power(&world));
    OC_ASSERT_BYTES(oc_wr_span(&world.answer), "3B00");
    end(&world);
}

static void a_flood_is_cut(void)
{
    struct world world;
    begin(&world);
    OC_ASSERT_OK(oc_card_side_lend(&world.side, true));
    for (unsigned i = 0; i < 5000; i++) {
        OC_ASSERT_OK(send(&world, 0x84));
    }
    struct seen seen = {0};
    oc_exchange_log_take(world.side.log, look, &seen);
    CU_ASSERT_EQUAL(seen.count, 4096);
    OC_ASSERT_OK(send(&world, 0x84));
    struct seen next = {0};
    oc_exchange_log_take(world.side.log, look, &next);
    CU_ASSERT_EQUAL(next.count, 1);
    end(&world);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"exchanges are noted", exchanges_are_noted},
        {"a mute card is given up", a_mute_card_is_given_up},
        {"resets wait for their turn", resets_wait_for_their_turn},
        {"an altered ATR is not kept", an_altered_atr_is_not_kept},
        {"a flood is cut", a_flood_is_cut},
        {NULL, NULL},
    };
    return oc_test_main("the card's side of a terminal under test", rows);
}
