/* SPDX-License-Identifier: Apache-2.0 */
/* What faults do to the exchanges of a link, and what the card behind it sees of them. */
#include "conformance/run/fault_link.h"

#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* A card that counts. Its memory takes four bytes for each command; power may fail among them. */
struct card {
    unsigned resets;
    unsigned cold;
    unsigned commands;
    uint64_t written;
    uint64_t left; /* bytes until power fails */
    bool powered;
};

#define NEVER UINT64_MAX
#define INS_CASE_4 0xA4
#define INS_GET_RESPONSE 0xC0
#define INS_READ 0xB2
#define BYTES_A_COMMAND 4u

static oc_result reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct card *card = self;
    card->resets++;
    card->cold += kind == OC_RESET_COLD;
    card->powered = true;
    oc_wr_u16(atr, 0x3B00);
    return oc_ok();
}

static oc_result exchange(void *self, oc_span command, oc_wr *response)
{
    struct card *card = self;
    card->commands++;
    uint64_t bytes = card->left < BYTES_A_COMMAND ? card->left : BYTES_A_COMMAND;
    card->written += bytes;
    if (bytes < BYTES_A_COMMAND || !card->powered) {
        card->powered = false;
        return oc_fail(OC_E_GONE);
    }
    uint8_t ins = command.len > 1 ? command.at[1] : 0;
    if (ins == INS_CASE_4) { /* its four bytes wait for GET RESPONSE */
        oc_wr_u16(response, 0x6104);
    } else if (ins == INS_GET_RESPONSE && command.at[4] == 4) {
        oc_wr_u32(response, 0x0A0B0C0D);
        oc_wr_u16(response, 0x9000);
    } else if (ins == INS_READ && command.at[4] != 2) {
        oc_wr_u16(response, 0x6C02);
    } else {
        oc_wr_u16(response, 0x0102);
        oc_wr_u16(response, 0x9000);
    }
    return oc_ok();
}

struct world {
    struct card card;
    oc_torn_card torn;
    oc_fault fault;
    oc_link *link;
    oc_buf answer;
    oc_diag diag;
};

static uint64_t arm(void *self, uint32_t bytes)
{
    struct world *world = self;
    world->torn.armed = true;
    world->torn.torn = false;
    world->card.left = bytes;
    return world->card.written;
}

static uint64_t disarm(void *self, bool *torn)
{
    struct world *world = self;
    world->torn.armed = false;
    *torn = world->torn.torn;
    world->card.left = NEVER;
    return world->card.written;
}

static void begin(struct world *world)
{
    *world = (struct world){.card = {.left = NEVER}};
    world->torn.card = (oc_endpoint){&world->card, reset, exchange};
    world->fault.tearing = (oc_tearing){world, arm, disarm};
    oc_link *inner = NULL;
    OC_ASSERT_OK(oc_link_inproc(&inner, oc_torn_endpoint(&world->torn)));
    OC_ASSERT_OK(oc_fault_link(&world->link, inner, &world->fault));
    OC_ASSERT_OK(oc_link_reset(world->link, OC_RESET_COLD, &world->answer, &world->diag));
}

static void end(struct world *world)
{
    oc_link_free(&world->link);
    oc_fault_free(&world->fault);
    oc_buf_free(&world->answer);
}

static void order(struct world *world, enum oc_fault_kind kind, uint32_t value, uint32_t skip)
{
    OC_ASSERT_OK(
        oc_fault_arm(&world->fault, &(oc_fault_order){.kind = kind, .value = value, .skip = skip}, oc_span_empty()));
}

/* For commands of that instruction only. */
static void order_at(struct world *world, enum oc_fault_kind kind, uint32_t value, uint8_t ins, uint32_t times,
                     const char *data)
{
    const oc_fault_order at = {
        .kind = kind, .value = value, .times = times, .at = {0x00, ins}, .at_mask = {0xFF, 0xFF}, .at_len = 2};
    OC_ASSERT_OK(oc_fault_arm(&world->fault, &at, oc_span_text(data)));
}

static oc_result send_ins(struct world *world, uint8_t ins, uint8_t p3)
{
    const uint8_t command[] = {0x00, ins, 0x00, 0x00, p3};
    return oc_link_transmit(world->link, oc_span_of(command, sizeof command), &world->answer, &world->diag);
}

static oc_result send(struct world *world)
{
    return send_ins(world, 0x84, 2);
}

static void expect(struct world *world, uint8_t ins, uint8_t p3, const char *hex)
{
    OC_ASSERT_OK(send_ins(world, ins, p3));
    OC_ASSERT_BYTES(oc_buf_span(&world->answer), hex);
}

static void expect_answer(struct world *world, const char *hex)
{
    OC_ASSERT_OK(send(world));
    OC_ASSERT_BYTES(oc_buf_span(&world->answer), hex);
    CU_ASSERT_FALSE(world->fault.silent);
}

/* Silence, and nothing but a reset brings the card back; a warm one is cold then. */
static void expect_silence(struct world *world, enum oc_code code, unsigned commands, const char *text)
{
    OC_ASSERT_CODE(send(world), code);
    CU_ASSERT_TRUE(world->fault.silent);
    CU_ASSERT_STRING_EQUAL(world->fault.text, text);
    CU_ASSERT_EQUAL(world->card.commands, commands);
    OC_ASSERT_CODE(send(world), OC_E_GONE);
    CU_ASSERT_STRING_EQUAL(world->fault.text, "no power");
    CU_ASSERT_EQUAL(world->card.commands, commands);
    unsigned cold = world->card.cold;
    OC_ASSERT_OK(oc_link_reset(world->link, OC_RESET_WARM, &world->answer, &world->diag));
    CU_ASSERT_EQUAL(world->card.cold, cold + 1);
    expect_answer(world, "01029000");
    CU_ASSERT_STRING_EQUAL(world->fault.text, "");
    OC_ASSERT_OK(oc_link_reset(world->link, OC_RESET_WARM, &world->answer, &world->diag));
    CU_ASSERT_EQUAL(world->card.cold, cold + 1);
}

static void power_is_lost(void)
{
    struct world world;
    begin(&world);
    order(&world, OC_FAULT_REMOVE, 0, 0);
    expect_silence(&world, OC_E_GONE, 0, "remove");
    order(&world, OC_FAULT_MUTE, 0, 0);
    expect_silence(&world, OC_E_TIMEOUT, 2, "mute");
    end(&world);
}

static void memory_is_torn(void)
{
    struct world world;
    begin(&world);
    order(&world, OC_FAULT_TEAR, 3, 0);
    expect_silence(&world, OC_E_GONE, 1, "tear-after-bytes 3: 3 bytes written");
    /* the command writes no more than that: it is done, and the fault is spent */
    order(&world, OC_FAULT_TEAR, 4, 0);
    expect_answer(&world, "01029000");
    CU_ASSERT_STRING_EQUAL(world.fault.text, "tear-after-bytes 4: 4 bytes written");
    expect_answer(&world, "01029000");
    /* power that fails by itself is no fault */
    world.card.left = 0;
    OC_ASSERT_CODE(send(&world), OC_E_GONE);
    CU_ASSERT_FALSE(world.fault.silent);
    world.fault.tearing.arm = NULL;
    order(&world, OC_FAULT_TEAR, 4, 0);
    OC_ASSERT_CODE(send(&world), OC_E_UNAVAILABLE);
    end(&world);
}

static void answers_are_spoilt(void)
{
    struct world world;
    begin(&world);
    order(&world, OC_FAULT_SW, 0x6F00, 0);
    expect_answer(&world, "6F00");
    CU_ASSERT_STRING_EQUAL(world.fault.text, "sw 6F00");
    CU_ASSERT_EQUAL(world.card.commands, 1);
    order(&world, OC_FAULT_GARBLE, 1, 0);
    expect_answer(&world, "01FD9000");
    order(&world, OC_FAULT_GARBLE, 99, 0);
    expect_answer(&world, "010290FF");
    CU_ASSERT_STRING_EQUAL(world.fault.text, "garble 3");
    order(&world, OC_FAULT_DELAY, 1, 0);
    expect_answer(&world, "01029000");
    CU_ASSERT_STRING_EQUAL(world.fault.text, "delay-ms 1");
    oc_link_set_timeout(world.link, 1);
    order(&world, OC_FAULT_DELAY, 60000, 0);
    OC_ASSERT_CODE(send(&world), OC_E_TIMEOUT);
    CU_ASSERT_TRUE(world.fault.silent);
    expect_answer(&world, "01029000"); /* late, not dead */
    end(&world);
}

static void strikes_once_where_it_was_told(void)
{
    struct world world;
    begin(&world);
    order(&world, OC_FAULT_SW, 0x6F00, 2);
    expect_answer(&world, "01029000");
    OC_ASSERT_OK(oc_link_reset(world.link, OC_RESET_COLD, &world.answer, &world.diag)); /* passes by, uncounted */
    expect_answer(&world, "01029000");
    expect_answer(&world, "6F00");
    expect_answer(&world, "01029000");
    order(&world, OC_FAULT_GARBLE, 0, 0);
    OC_ASSERT_OK(oc_link_reset(world.link, OC_RESET_COLD, &world.answer, &world.diag));
    OC_ASSERT_BYTES(oc_buf_span(&world.answer), "C400");
    order(&world, OC_FAULT_REMOVE, 0, 0);
    oc_fault_clear(&world.fault);
    expect_answer(&world, "01029000");
    end(&world);
}

static void commands_are_named(void)
{
    struct world world;
    begin(&world);
    order_at(&world, OC_FAULT_SW, 0x6982, INS_READ, 0, "");
    expect(&world, 0x84, 2, "01029000");
    OC_ASSERT_OK(oc_link_reset(world.link, OC_RESET_COLD, &world.answer, &world.diag));
    CU_ASSERT_PTR_NOT_NULL(oc_fault_unmet(&world.fault));
    expect(&world, INS_READ, 0, "6C02"); /* no answer yet */
    expect(&world, INS_READ, 2, "6982");
    CU_ASSERT_PTR_NULL(oc_fault_unmet(&world.fault));
    expect(&world, INS_READ, 2, "01029000");
    order_at(&world, OC_FAULT_SW, 0x6982, INS_READ, 2, "");
    expect(&world, INS_READ, 2, "6982");
    CU_ASSERT_PTR_NULL(oc_fault_unmet(&world.fault));
    expect(&world, INS_READ, 2, "6982");
    expect(&world, INS_READ, 2, "01029000");
    end(&world);
}

static void whole_answers_are_changed(void)
{
    struct world world;
    begin(&world);
    order_at(&world, OC_FAULT_DATA, 0, INS_CASE_4, 0, "seven!!");
    expect(&world, INS_CASE_4, 0, "6107");
    expect(&world, INS_GET_RESPONSE, 9, "6C07");
    expect(&world, INS_GET_RESPONSE, 7, "736576656E21219000");
    expect(&world, INS_GET_RESPONSE, 4, "0A0B0C0D9000"); /* the card's own again */
    order_at(&world, OC_FAULT_GARBLE, 0, INS_CASE_4, 0, "");
    expect(&world, INS_CASE_4, 0, "6104");
    expect(&world, INS_GET_RESPONSE, 0, "F50B0C0D9000");
    order_at(&world, OC_FAULT_CUT, 1, INS_CASE_4, 0, "");
    expect(&world, INS_CASE_4, 0, "6101");
    expect(&world, 0x84, 2, "01029000"); /* another command drops what waits */
    expect(&world, INS_GET_RESPONSE, 4, "0A0B0C0D9000");
    order_at(&world, OC_FAULT_ANSWER, 0, INS_CASE_4, 0, "?");
    OC_ASSERT_CODE(send_ins(&world, INS_CASE_4, 0), OC_E_GARBAGE); /* no status word in one byte */
    end(&world);
}

static void answers_come_in_pieces(void)
{
    struct world world;
    begin(&world);
    order(&world, OC_FAULT_PIECES, 3, 0);
    expect(&world, INS_READ, 2, "01029000"); /* does not wait */
    CU_ASSERT_PTR_NOT_NULL(oc_fault_unmet(&world.fault));
    for (int again = 0; again < 2; again++) {
        expect(&world, INS_CASE_4, 0, "6103");
        CU_ASSERT_PTR_NULL(oc_fault_unmet(&world.fault));
        expect(&world, INS_GET_RESPONSE, 3, "0A0B0C6101");
        expect(&world, INS_GET_RESPONSE, 1, "0D9000");
    }
    end(&world);
}

static void cards_come_and_go(void)
{
    struct world world;
    begin(&world);
    order(&world, OC_FAULT_TAKE_OUT, 0, 0);
    OC_ASSERT_CODE(send(&world), OC_E_GONE);
    OC_ASSERT_CODE(oc_link_reset(world.link, OC_RESET_COLD, &world.answer, &world.diag), OC_E_GONE);
    CU_ASSERT_TRUE(world.fault.silent);
    CU_ASSERT_STRING_EQUAL(world.fault.text, "no card");
    order(&world, OC_FAULT_PUT_IN, 0, 0);
    OC_ASSERT_CODE(send(&world), OC_E_GONE); /* no power yet */
    OC_ASSERT_OK(oc_link_reset(world.link, OC_RESET_WARM, &world.answer, &world.diag));
    CU_ASSERT_EQUAL(world.card.cold, 2);
    expect_answer(&world, "01029000");
    CU_ASSERT_PTR_NULL(oc_fault_unmet(&world.fault));
    end(&world);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"power is lost", power_is_lost},
        {"memory is torn", memory_is_torn},
        {"answers are spoilt", answers_are_spoilt},
        {"a fault strikes once, where it was told", strikes_once_where_it_was_told},
        {"commands are named", commands_are_named},
        {"whole answers are changed", whole_answers_are_changed},
        {"answers come in pieces", answers_come_in_pieces},
        {"cards come and go", cards_come_and_go},
        {NULL, NULL},
    };
    return oc_test_main("faults", rows);
}
