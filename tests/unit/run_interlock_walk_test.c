/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is presented in whatever order to whatever card: no PIN and no key is left with fewer than two tries. */
#include "conformance/run/interlock.h"
#include "tests/support/oc_test.h"

/* A card for the property: a PIN and keys, each with a counter, and a manner of refusing. */
enum counter { THE_PIN, UK_1, UK_2, MK, DF01_MK, COUNTERS };
struct card {
    unsigned limit;
    unsigned left[COUNTERS];
    unsigned pin;             /* which of four */
    bool right[COUNTERS];     /* the profile's key is the card's */
    bool one_for_versions;    /* UK has one counter, whatever the version */
    bool one_for_directories; /* the master key is the environment's */
    bool torn;                /* power fails now and then */
    unsigned manner;          /* 0: 63Cx; 1: a word without number; 2: now and then no answer at all */
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
    if (card->torn && chance % 7 == 0) { /* after the try was taken */
        *answered = false;
        card->left[which] -= card->left[which] > 0;
        *sw = oc_sw_of(0);
        return;
    }
    if (right && card->left[which] > 0) {
        card->left[which] = card->limit;
        *sw = oc_sw_of(OC_SW_OK);
        return;
    }
    card->left[which] -= card->left[which] > 0;
    *sw = card->manner == 1 ? oc_sw_of(0x6988) : oc_sw_tries(card->left[which]);
}

/* As the link does, where the card tells its tries. */
static void ask_first(oc_guard *guard, const struct card *card)
{
    const oc_guard_entry *entry = oc_guard_find(guard, OC_GUARD_PIN);
    if (card->manner != 1 && (entry == NULL || !entry->counted)) {
        oc_guard_told(guard, OC_GUARD_PIN, card->left[THE_PIN]);
    }
}

static void verify(oc_guard *guard, struct card *card, uint64_t *state)
{
    unsigned pin = (unsigned)(next(state) % 4);
    uint8_t command[8] = {0x00, 0x20, 0x00, 0x00, 0x03, (uint8_t)pin, 0x34, 0x56};
    oc_presentation seen = oc_guard_presentation(guard->place, oc_span_of(command, sizeof command),
                                                 next(state) % 2 == 0);
    ask_first(guard, card);
    if (oc_guard_permits(guard, &seen, NULL)) {
        bool answered;
        oc_sw sw;
        attempt(card, 0, pin == card->pin, next(state), &answered, &sw);
        oc_guard_learn(guard, &seen, NULL, answered, sw);
    }
}

static void change(oc_guard *guard, struct card *card, uint64_t *state)
{
    unsigned from = (unsigned)(next(state) % 4);
    unsigned to = (unsigned)(next(state) % 4);
    uint8_t command[12] = {0x80, 0x5E, 0x01, 0x00, 0x07, (uint8_t)from, 0x34, 0x56, 0xFF, (uint8_t)to, 0x34, 0x56};
    ask_first(guard, card);
    oc_presentation seen = oc_guard_presentation(guard->place, oc_span_of(command, sizeof command),
                                                 next(state) % 2 == 0);
    if (oc_guard_permits(guard, &seen, NULL)) {
        bool answered;
        oc_sw sw;
        attempt(card, 0, from == card->pin, next(state), &answered, &sw);
        card->pin = oc_sw_ok(sw) ? to : card->pin;
        oc_guard_learn(guard, &seen, NULL, answered, sw);
    }
}

static void authenticate(oc_guard *guard, struct card *card, uint64_t *state)
{
    static const struct {
        uint8_t dir, id, version;
        enum counter counter;
    } keys[] = {{0, 0x04, 0, UK_1}, {0, 0x04, 1, UK_1}, {1, 0x04, 1, UK_1},    {0, 0x04, 2, UK_2},
                {0, 0x00, 0, MK},   {0, 0x00, 1, MK},   {1, 0x00, 0, DF01_MK}, {1, 0x00, 1, DF01_MK}};
    bool wrong = next(state) % 2 == 0;
    size_t k = (size_t)(next(state) % (sizeof keys / sizeof keys[0] + 1));
    bool terminates = k == sizeof keys / sizeof keys[0];
    enum counter key = terminates ? MK : keys[k].counter;
    uint8_t command[22] = {0x00, 0x82, 0x00, terminates ? 0 : keys[k].id, 0x10};
    command[21] = terminates ? 0 : keys[k].version;
    size_t len = command[21] == 0 ? 21 : 22;
    command[4] = (uint8_t)(len - 5);
    oc_span sent = terminates ? oc_test_hex("84FE000004AABBCCDD") : oc_span_of(command, len);
    guard->place.dir = terminates ? (uint8_t)(next(state) % 2) : keys[k].dir;
    oc_presentation seen = oc_guard_presentation(guard->place, sent, wrong);
    if (oc_guard_permits(guard, &seen, NULL)) {
        bool answered;
        oc_sw sw;
        enum counter counter = key == UK_2 && card->one_for_versions         ? UK_1
                               : key == DF01_MK && card->one_for_directories ? MK
                                                                             : key;
        attempt(card, counter, !wrong && card->right[key], next(state), &answered, &sw);
        oc_guard_learn(guard, &seen, NULL, answered, sw);
    }
}

/* Whatever a vector presents, in whatever order, and whatever the card answers: two tries are left. */
static void expect_two(bool spending)
{
    uint64_t state = 20260302;
    unsigned lowest = 16;
    for (unsigned run = 0; run < 20000; run++) {
        oc_guard guard = {.spending = spending};
        unsigned limit = 3 + (unsigned)(next(&state) % 4);
        struct card card = {.limit = limit,
                            .left = {limit, limit, limit, limit, limit},
                            .pin = (unsigned)(next(&state) % 4),
                            .one_for_versions = next(&state) % 2 == 0,
                            .one_for_directories = next(&state) % 2 == 0,
                            .torn = !spending,
                            .manner = (unsigned)(next(&state) % 3)};
        for (unsigned i = 0; i < COUNTERS; i++) {
            card.right[i] = next(&state) % 2 == 0;
        }
        if (card.manner != 1) { /* it tells its tries, so somebody else may have used some up */
            card.left[THE_PIN] = 2 + (unsigned)(next(&state) % (limit - 1));
        }
        for (unsigned step = 0; step < 40; step++) {
            static void (*const ways[])(oc_guard *, struct card *, uint64_t *) = {verify, change, authenticate};
            ways[next(&state) % 3](&guard, &card, &state);
            for (unsigned i = 0; i < COUNTERS; i++) {
                lowest = card.left[i] < lowest ? card.left[i] : lowest;
            }
        }
    }
    CU_ASSERT_EQUAL(lowest, 2); /* and the guard is not so strict that nothing is ever tried */
}

static void no_sequence_leaves_fewer_than_two(void)
{
    expect_two(true); /* as long as power does not fail */
    expect_two(false);
}

/* A full counter of three: what is right only, and once more when it was not heard; of six: wrong ones, too. */
static void sparing_keeps_one_for_power(void)
{
    oc_guard guard = {0};
    oc_span command = oc_test_hex("008200041000112233445566770011223344556677");
    oc_presentation right = oc_guard_presentation(guard.place, command, false);
    oc_presentation wrong = oc_guard_presentation(guard.place, command, true);
    oc_guard_learn(&guard, &right, NULL, true, oc_sw_of(0x9000));
    CU_ASSERT_FALSE(oc_guard_permits(&guard, &wrong, NULL));
    CU_ASSERT_TRUE(oc_guard_permits(&guard, &right, NULL));
    oc_guard_learn(&guard, &right, NULL, false, oc_sw_of(0));
    CU_ASSERT_FALSE(oc_guard_permits(&guard, &right, NULL));
    guard = (oc_guard){0};
    right.limit = wrong.limit = 6;
    CU_ASSERT_FALSE(oc_guard_permits(&guard, &wrong, NULL));
    oc_guard_learn(&guard, &right, NULL, true, oc_sw_of(0x9000));
    for (unsigned left = 6; left >= 4; left--) {
        CU_ASSERT_TRUE(oc_guard_permits(&guard, &wrong, NULL));
        oc_guard_learn(&guard, &wrong, NULL, true, oc_sw_tries(left - 1));
    }
    CU_ASSERT_FALSE(oc_guard_permits(&guard, &wrong, NULL));
    CU_ASSERT_TRUE(oc_guard_permits(&guard, &right, NULL));
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"sparing keeps one for power", sparing_keeps_one_for_power},
        {"no sequence leaves fewer than two tries", no_sequence_leaves_fewer_than_two},
        {NULL, NULL},
    };
    return oc_test_main("interlock_walk", rows);
}
