/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/interlock.h"
#include "tests/support/oc_test.h"

static void lasting_changes_need_leave(void)
{
    static const struct {
        unsigned touches;
        size_t restore_count;
        unsigned allowed;
        bool runs;
    } rows[] = {
        {0, 0, 0, true},
        {OC_TOUCH_VOLATILE, 0, 0, true},
        {OC_TOUCH_COUNTERS, 0, 0, false},
        {OC_TOUCH_COUNTERS | OC_TOUCH_RECORDS, 1, 0, true},
        {OC_TOUCH_RECORDS, 0, OC_TOUCH_RECORDS, true},
        {OC_TOUCH_PURSE, 1, 0, false},
        {OC_TOUCH_PURSE, 0, OC_TOUCH_PURSE, true},
        {OC_TOUCH_PURSE | OC_TOUCH_KEYS, 1, OC_TOUCH_PURSE, false},
        {OC_TOUCH_LIFECYCLE, 1, OC_TOUCH_COUNTERS | OC_TOUCH_RECORDS | OC_TOUCH_PURSE | OC_TOUCH_KEYS, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_case subject = {.touches = rows[i].touches, .restore_count = rows[i].restore_count};
        const char *reason = NULL;
        CU_ASSERT_EQUAL(oc_interlock_allows(&subject, rows[i].allowed, &reason), rows[i].runs);
        CU_ASSERT_EQUAL(reason == NULL, rows[i].runs);
    }
}

static void expect(const char *command, int reference, const char *secret, const char *change)
{
    oc_span tpdu = oc_test_hex(command);
    oc_presentation seen = oc_guard_presentation(&(oc_guard){0}, tpdu, true);
    CU_ASSERT_EQUAL(seen.reference, reference);
    CU_ASSERT_TRUE(seen.wrong);
    OC_ASSERT_BYTES(seen.secret, secret);
    OC_ASSERT_BYTES(seen.change, change);
}

static void presentations_are_recognised(void)
{
    expect("0020000003123456", OC_GUARD_PIN, "123456", "");
    expect("8020000003123456", OC_GUARD_PIN, "123456", "");
    expect("805E010007123456FF654321", OC_GUARD_PIN, "123456", "654321");
    expect("805E01000412345678", OC_GUARD_PIN, "12345678", "12345678");
    expect("008200041000112233445566770011223344556677", 0x04, "", "");
    expect("0020000000", -1, "", "");
    expect("00A40000023F00", -1, "", "");
    expect("00200000", -1, "", "");
    expect("", -1, "", "");
}

#define RIGHT "123456"

static bool present(oc_guard *guard, const char *pin, bool wrong, unsigned sw)
{
    uint8_t command[8] = {0x00, 0x20, 0x00, 0x00, 0x03};
    memcpy(command + 5, oc_test_hex(pin).at, 3);
    oc_presentation seen = oc_guard_presentation(guard, oc_span_of(command, sizeof command), wrong);
    bool permitted = oc_guard_permits(guard, &seen);
    if (permitted) {
        oc_guard_learn(guard, &seen, sw != 0, oc_sw_of(sw));
    }
    return permitted;
}

static void first_presentation_is_the_right_one(void)
{
    oc_guard guard = {0};
    CU_ASSERT_FALSE(present(&guard, "000000", true, 0x63C5));
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
    CU_ASSERT_TRUE(present(&guard, "000000", true, 0x63C5));
    CU_ASSERT_TRUE(present(&guard, "000000", true, 0x63C4));
    CU_ASSERT_TRUE(present(&guard, "000000", true, 0x63C3));
    CU_ASSERT_TRUE(present(&guard, "000000", true, 0x63C2));
    CU_ASSERT_FALSE(present(&guard, "000000", true, 0x63C1));
    CU_ASSERT_FALSE(present(&guard, "111111", false, 0x63C1)); /* not what was accepted before */
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
    CU_ASSERT_TRUE(present(&guard, "000000", true, 0x63C5));
}

static void refusals_without_a_number_count(void)
{
    static const unsigned words[] = {0x6300, 0x6982, 0x9302, 0 /* no answer */};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        oc_guard guard = {0};
        CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
        CU_ASSERT_TRUE(present(&guard, "000000", true, words[i]));
        CU_ASSERT_FALSE(present(&guard, "000000", true, words[i]));
        CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
        CU_ASSERT_TRUE(present(&guard, "000000", true, words[i]));
    }
}

/* A reader that loses the card in mid-VERIFY does not cost the rest of the run its PIN. */
static void right_pin_without_answer_stays_right(void)
{
    oc_guard guard = {0};
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0));
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0));
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
    CU_ASSERT_TRUE(present(&guard, "000000", true, 0));
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
    /* one that was never accepted is another matter */
    guard = (oc_guard){0};
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0));
    CU_ASSERT_FALSE(present(&guard, RIGHT, false, 0));
}

static void profile_with_another_pin_stops_early(void)
{
    oc_guard guard = {0};
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x63C2));
    CU_ASSERT_FALSE(present(&guard, RIGHT, false, 0x63C1));
    guard = (oc_guard){0};
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x6983));
    CU_ASSERT_FALSE(present(&guard, RIGHT, false, 0x6983));
}

static void wipe_leaves_no_pin(void)
{
    oc_guard guard = {0};
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
    OC_ASSERT_BYTES(oc_span_of(guard.pin, guard.pin_len), RIGHT);
    oc_guard_wipe(&guard);
    static const oc_guard empty;
    CU_ASSERT_EQUAL(memcmp(&guard, &empty, sizeof guard), 0);
}

/* A card for the property: a PIN and a key, each with a counter, and a manner of refusing. */
struct card {
    unsigned limit;
    unsigned left[2]; /* PIN, key 04 */
    unsigned pin;     /* which of four */
    bool key_right;   /* the profile's key is the card's */
    unsigned manner;  /* 0: 63Cx; 1: a word without number; 2: now and then no answer at all */
};

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void attempt(struct card *card, unsigned which, bool right, uint64_t chance, bool *answered, oc_sw *sw)
{
    *answered = card->manner != 2 || chance % 5 != 0;
    if (right && card->left[which] > 0) {
        card->left[which] = card->limit;
        *sw = oc_sw_of(OC_SW_OK);
        return;
    }
    card->left[which] -= card->left[which] > 0;
    *sw = card->manner == 1 ? oc_sw_of(0x6988) : oc_sw_tries(card->left[which]);
}

static void verify(oc_guard *guard, struct card *card, uint64_t *state)
{
    unsigned pin = (unsigned)(next(state) % 4);
    uint8_t command[8] = {0x00, 0x20, 0x00, 0x00, 0x03, (uint8_t)pin, 0x34, 0x56};
    oc_presentation seen = oc_guard_presentation(guard, oc_span_of(command, sizeof command), next(state) % 2 == 0);
    if (oc_guard_permits(guard, &seen)) {
        bool answered;
        oc_sw sw;
        attempt(card, 0, pin == card->pin, next(state), &answered, &sw);
        oc_guard_learn(guard, &seen, answered, sw);
    }
}

static void change(oc_guard *guard, struct card *card, uint64_t *state)
{
    unsigned from = (unsigned)(next(state) % 4);
    unsigned to = (unsigned)(next(state) % 4);
    uint8_t command[12] = {0x80, 0x5E, 0x01, 0x00, 0x07, (uint8_t)from, 0x34, 0x56, 0xFF, (uint8_t)to, 0x34, 0x56};
    oc_presentation seen = oc_guard_presentation(guard, oc_span_of(command, sizeof command), next(state) % 2 == 0);
    if (oc_guard_permits(guard, &seen)) {
        bool answered;
        oc_sw sw;
        attempt(card, 0, from == card->pin, next(state), &answered, &sw);
        card->pin = oc_sw_ok(sw) ? to : card->pin;
        oc_guard_learn(guard, &seen, answered, sw);
    }
}

static void authenticate(oc_guard *guard, struct card *card, uint64_t *state)
{
    bool wrong = next(state) % 2 == 0;
    uint8_t command[21] = {0x00, 0x82, 0x00, 0x04, 0x10};
    oc_presentation seen = oc_guard_presentation(guard, oc_span_of(command, sizeof command), wrong);
    if (oc_guard_permits(guard, &seen)) {
        bool answered;
        oc_sw sw;
        attempt(card, 1, !wrong && card->key_right, next(state), &answered, &sw);
        oc_guard_learn(guard, &seen, answered, sw);
    }
}

/* Whatever a vector presents, in whatever order, and whatever the card answers: two tries are left. */
static void no_sequence_leaves_fewer_than_two(void)
{
    uint64_t state = 20260302;
    unsigned lowest = 16;
    for (unsigned run = 0; run < 20000; run++) {
        oc_guard guard = {0};
        unsigned limit = 3 + (unsigned)(next(&state) % 4);
        struct card card = {
            limit, {limit, limit}, (unsigned)(next(&state) % 4), next(&state) % 4 != 0, (unsigned)(next(&state) % 3)};
        for (unsigned step = 0; step < 40; step++) {
            static void (*const ways[])(oc_guard *, struct card *, uint64_t *) = {verify, change, authenticate};
            ways[next(&state) % 3](&guard, &card, &state);
            for (unsigned i = 0; i < 2; i++) {
                lowest = card.left[i] < lowest ? card.left[i] : lowest;
            }
        }
    }
    CU_ASSERT_EQUAL(lowest, 2); /* and the guard is not so strict that nothing is ever tried */
}

int main(void)
{
    const oc_test_row rows[] = {
        {"lasting changes need leave", lasting_changes_need_leave},
        {"presentations are recognised", presentations_are_recognised},
        {"the first presentation is the right one", first_presentation_is_the_right_one},
        {"refusals without a number count", refusals_without_a_number_count},
        {"a right PIN without answer stays right", right_pin_without_answer_stays_right},
        {"a profile with another PIN stops early", profile_with_another_pin_stops_early},
        {"wiping leaves no PIN", wipe_leaves_no_pin},
        {"no sequence leaves fewer than two tries", no_sequence_leaves_fewer_than_two},
        {NULL, NULL},
    };
    return oc_test_main("interlock", rows);
}
