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

#define SSSE_AT(dir)                                                                                                  \
    {                                                                                                                 \
        OC_GUARD_SSSE, dir                                                                                            \
    }
#define PKI_AT(dir)                                                                                                   \
    {                                                                                                                 \
        OC_GUARD_PKI, dir                                                                                             \
    }

static void presentations_are_recognised(void)
{
    static const struct {
        oc_guard_place place;
        const char *command;
        const char *name; /* "" for none */
        const char *secret;
        const char *change;
    } rows[] = {
        {SSSE_AT(0), "0020000003123456", "PIN", "123456", ""},
        {SSSE_AT(4), "8020000003123456", "PIN", "123456", ""},
        {SSSE_AT(0), "002000000312345600", "PIN", "123456", ""},   /* with Le */
        {SSSE_AT(0), "00200000000003123456", "PIN", "123456", ""}, /* extended */
        {SSSE_AT(0), "002000000912345600", "PIN", "12345600", ""}, /* shorter than it says */
        {SSSE_AT(0), "805E010007123456FF654321", "PIN", "123456", "654321"},
        {SSSE_AT(0), "805E01000412345678", "PIN", "12345678", "12345678"},
        {SSSE_AT(0), "008200041000112233445566770011223344556677", "SSSE/04", "", ""},
        {SSSE_AT(1), "008200041000112233445566770011223344556677", "SSSE/04", "", ""},
        {SSSE_AT(1), "00820084110011223344556677001122334455667702", "DF01/84#2", "", ""},
        {SSSE_AT(1), "008200001000112233445566770011223344556677", "DF01/00", "", ""},
        {SSSE_AT(0), "8424000004AABBCCDD", "SSSE/STK", "", ""},
        {SSSE_AT(1), "8424000004AABBCCDD", "SSSE/STK", "", ""},
        {SSSE_AT(1), "841E000004AABBCCDD", "DF01/STK", "", ""},
        {SSSE_AT(1), "8418000004AABBCCDD", "DF01/STK", "", ""},
        {SSSE_AT(1), "8416000004AABBCCDD", "SSSE/05", "", ""},
        {SSSE_AT(1), "84FE000004AABBCCDD", "SSSE/00", "", ""},
        {SSSE_AT(0), "04D6850005AABBCCDDEE", "SSSE/STK", "", ""},
        {SSSE_AT(7), "04DC012D06AABBCCDDEEFF", "DF07/STK", "", ""},
        {SSSE_AT(7), "0CDC012D06AABBCCDDEEFF", "DF07/STK", "", ""},
        {PKI_AT(1), "0020018110112233445566778899AABBCCDDEEFF00", "PKI/PIN-81", "", ""},
        {PKI_AT(1), "845E018104AABBCCDD", "PKI/PIN-81", "", "AABBCCDD"},
        {PKI_AT(1), "845E008104AABBCCDD", "PKI/PIN-00", "", "AABBCCDD"},
        {PKI_AT(1), "0082000010112233445566778899AABBCCDDEEFF00", "PKI/00", "", ""},
        {PKI_AT(1), "84D4010004AABBCCDD", "PKI/00", "", ""},
        {SSSE_AT(0), "0020000000", "", "", ""},
        {SSSE_AT(0), "00A40000023F00", "", "", ""},
        {SSSE_AT(0), "00DC012D02AABB", "", "", ""},
        {SSSE_AT(4), "B02C01000FAABBCCDD", "", "", ""},
        {SSSE_AT(0), "00200000", "", "", ""},
        {SSSE_AT(0), "", "", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_presentation seen = oc_guard_presentation(rows[i].place, oc_test_hex(rows[i].command), true);
        char name[OC_GUARD_NAME_ROOM] = "";
        if (seen.reference != OC_GUARD_NONE) {
            oc_guard_name(seen.reference, name);
        }
        CU_ASSERT_STRING_EQUAL(name, rows[i].name);
        CU_ASSERT_TRUE(seen.wrong);
        OC_ASSERT_BYTES(seen.secret, rows[i].secret);
        OC_ASSERT_BYTES(seen.change, rows[i].change);
    }
}

static void directories_are_followed(void)
{
    static const struct {
        const char *command;
        unsigned sw;
        oc_guard_place place;
    } rows[] = {
        {"00A4000002DF04", 0x6118, SSSE_AT(4)},
        {"00A4000002EF05", 0x9000, SSSE_AT(4)},
        {"00A40000020012", 0x9000, SSSE_AT(4)},
        {"00A4000002DF05", 0x6A82, SSSE_AT(4)},
        {"00A4040006D15600000506", 0x6283, SSSE_AT(7)},
        {"00A4000002DDF1", 0x9000, SSSE_AT(0)},
        {"00A4040006D15600000500", 0x9000, SSSE_AT(1)},
        {"00A40000023F00", 0x9000, SSSE_AT(0)},
        {"00A4040004504B492E", 0x6118, PKI_AT(0)},
        {"00A4000002DF01", 0x9000, PKI_AT(1)},
        {"00A40000020018", 0x9000, PKI_AT(1)},
        {"00A404000853532E43455254 2E", 0x9000, PKI_AT(1)},
        {"00A4000002DDF2", 0x9000, PKI_AT(0)},
        {"00A4000002DF01", 0x9000, PKI_AT(1)},
        {"", 0, SSSE_AT(0)},
    };
    oc_guard_place place = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_guard_follow(&place, oc_test_hex(rows[i].command), oc_sw_of(rows[i].sw));
        CU_ASSERT_EQUAL(place.environment, rows[i].place.environment);
        CU_ASSERT_EQUAL(place.dir, rows[i].place.dir);
    }
}

static void lasting_changes_are_recognised(void)
{
    static const struct {
        const char *command;
        unsigned touches;
    } rows[] = {
        {"841E000004AABBCCDD", OC_TOUCH_LIFECYCLE},
        {"8418000004AABBCCDD", OC_TOUCH_LIFECYCLE},
        {"8416000004AABBCCDD", OC_TOUCH_LIFECYCLE},
        {"84FE000004AABBCCDD", OC_TOUCH_LIFECYCLE},
        {"00FE0000", OC_TOUCH_LIFECYCLE},
        {"80E00000", OC_TOUCH_LIFECYCLE},
        {"00E40000", OC_TOUCH_LIFECYCLE},
        {"8424000004AABBCCDD", OC_TOUCH_KEYS},
        {"805E010003AABBCC", OC_TOUCH_KEYS},
        {"845E018103AABBCC", OC_TOUCH_KEYS},
        {"84D4010003AABBCC", OC_TOUCH_KEYS},
        {"80C2400003AABBCC", OC_TOUCH_KEYS},
        {"80C9820003AABBCC", OC_TOUCH_KEYS},
        {"8040000003AABBCC", OC_TOUCH_KEYS},
        {"B02A000003AABBCC", OC_TOUCH_PURSE},
        {"B02C010003AABBCC", OC_TOUCH_PURSE},
        {"002A9E9A03AABBCC", 0},
        {"00C2000003AABBCC", 0},
        {"00E2002803AABBCC", OC_TOUCH_RECORDS},
        {"00DC012D03AABBCC", 0},
        {"04D6850003AABBCC", 0},
        {"0020000003AABBCC", 0},
        {"00B2012C00", 0},
        {"B028000103AABBCC", 0},
        {"00", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(oc_guard_changes(oc_test_hex(rows[i].command)), rows[i].touches);
    }
    CU_ASSERT_TRUE(oc_guard_is_chained(oc_test_hex("1020000003123456")));
    CU_ASSERT_TRUE(oc_guard_is_chained(oc_test_hex("9424000002AABB")));
    CU_ASSERT_FALSE(oc_guard_is_chained(oc_test_hex("B02C010003AABBCC")));
    CU_ASSERT_FALSE(oc_guard_is_chained(oc_test_hex("0020000003123456")));
}

#define RIGHT "123456"

static bool present(oc_guard *guard, const char *pin, bool wrong, unsigned sw)
{
    uint8_t command[8] = {0x00, 0x20, 0x00, 0x00, 0x03};
    memcpy(command + 5, oc_test_hex(pin).at, 3);
    oc_presentation seen = oc_guard_presentation(guard->place, oc_span_of(command, sizeof command), wrong);
    bool permitted = oc_guard_permits(guard, &seen, NULL);
    if (permitted) {
        oc_guard_learn(guard, &seen, NULL, sw != 0, oc_sw_of(sw));
    }
    return permitted;
}

static void first_presentation_is_the_right_one(void)
{
    oc_guard guard = {.spending = true};
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
        oc_guard guard = {.spending = true};
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
    oc_guard guard = {.spending = true};
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0));
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0));
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
    CU_ASSERT_TRUE(present(&guard, "000000", true, 0));
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
    /* one that was never accepted is another matter */
    guard = (oc_guard){.spending = true};
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0));
    CU_ASSERT_FALSE(present(&guard, RIGHT, false, 0));
}

static void profile_with_another_pin_stops_early(void)
{
    oc_guard guard = {0};
    oc_guard_told(&guard, OC_GUARD_PIN, 3);
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x63C2));
    CU_ASSERT_FALSE(present(&guard, RIGHT, false, 0x63C1));
    guard = (oc_guard){0};
    CU_ASSERT_FALSE(present(&guard, RIGHT, false, 0x9000)); /* nobody has told how many are left */
    oc_guard_told(&guard, OC_GUARD_PIN, 2);
    CU_ASSERT_FALSE(present(&guard, RIGHT, false, 0x9000));
    oc_guard_told(&guard, OC_GUARD_PIN, 3);
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x6983));
    CU_ASSERT_FALSE(present(&guard, RIGHT, false, 0x6983));
}

static void wipe_leaves_no_pin(void)
{
    oc_guard guard = {.spending = true};
    CU_ASSERT_TRUE(present(&guard, RIGHT, false, 0x9000));
    OC_ASSERT_BYTES(oc_span_of(guard.pin, guard.pin_len), RIGHT);
    oc_guard_wipe(&guard);
    static const oc_guard empty;
    CU_ASSERT_EQUAL(memcmp(&guard, &empty, sizeof guard), 0);
}

static oc_presentation shown(const oc_guard *guard, const char *command, bool wrong)
{
    return oc_guard_presentation(guard->place, oc_test_hex(command), wrong);
}

#define AUTH "00112233445566770011223344556677"

/* One id with and without its version, or in two directories: counters that may be one. */
static void relatives_share_a_counter(void)
{
    static const char *const right[] = {"0082000410" AUTH, "0082000411" AUTH "01", "0082000411" AUTH "02"};
    oc_guard guard = {.spending = true};
    for (size_t i = 0; i < 3; i++) {
        oc_presentation seen = shown(&guard, right[i], false);
        CU_ASSERT_TRUE(oc_guard_permits(&guard, &seen, NULL));
        oc_guard_learn(&guard, &seen, NULL, true, oc_sw_of(0x9000));
    }
    oc_presentation seen = shown(&guard, right[0], true);
    CU_ASSERT_TRUE(oc_guard_permits(&guard, &seen, NULL));
    oc_guard_learn(&guard, &seen, NULL, true, oc_sw_of(0x6A80));
    seen = shown(&guard, right[1], true);
    CU_ASSERT_FALSE(oc_guard_permits(&guard, &seen, NULL));
    seen = shown(&guard, right[1], false);
    CU_ASSERT_TRUE(oc_guard_permits(&guard, &seen, NULL));
    oc_guard_learn(&guard, &seen, NULL, true, oc_sw_of(0x9000));
    seen = shown(&guard, right[1], true);
    CU_ASSERT_FALSE(oc_guard_permits(&guard, &seen, NULL)); /* until the one without a version is right again */
    seen = shown(&guard, right[0], false);
    CU_ASSERT_TRUE(oc_guard_permits(&guard, &seen, NULL));
    oc_guard_learn(&guard, &seen, NULL, true, oc_sw_of(0x9000));
    seen = shown(&guard, right[1], true);
    CU_ASSERT_TRUE(oc_guard_permits(&guard, &seen, NULL));
    seen = shown(&guard, right[2], true);
    CU_ASSERT_FALSE(oc_guard_permits(&guard, &seen, NULL));
}

/* What an earlier run saw accepted may be shown again, however few tries are left; another secret may not. */
static void proof_outlives_a_run(void)
{
    static const uint8_t proof[OC_GUARD_PROOF] = {1};
    static const uint8_t other[OC_GUARD_PROOF] = {2};
    oc_guard guard = {.spending = true};
    oc_presentation seen = shown(&guard, "0082000410" AUTH, false);
    oc_guard_learn(&guard, &seen, proof, true, oc_sw_of(0x9000));
    seen.wrong = true;
    oc_guard_learn(&guard, &seen, NULL, true, oc_sw_of(0x63C2));
    guard.at[0].proved = guard.at[0].restored = false; /* the next run */
    seen.wrong = false;
    CU_ASSERT_FALSE(oc_guard_permits(&guard, &seen, NULL));
    CU_ASSERT_FALSE(oc_guard_permits(&guard, &seen, other));
    CU_ASSERT_TRUE(oc_guard_permits(&guard, &seen, proof));
    oc_guard_learn(&guard, &seen, proof, false, oc_sw_of(0)); /* unheard */
    CU_ASSERT_EQUAL(guard.at[0].left, 1);                     /* if power failed before the try was given back */
    CU_ASSERT_EQUAL(guard.at[0].spent, 2);
    CU_ASSERT_TRUE(oc_guard_permits(&guard, &seen, proof));
    oc_guard_learn(&guard, &seen, proof, true, oc_sw_of(0x63C1)); /* not so right */
    CU_ASSERT_FALSE(guard.at[0].has_proof);
    CU_ASSERT_FALSE(oc_guard_permits(&guard, &seen, proof));
}

static void a_full_table_refuses(void)
{
    oc_guard guard = {0};
    for (unsigned i = 0; i < 2 * OC_GUARD_MAX; i++) {
        oc_presentation seen = {.reference = OC_GUARD_REFERENCE(OC_GUARD_KIND_EXTERNAL, 0, i / 256, i % 256, 0)};
        CU_ASSERT_EQUAL(oc_guard_permits(&guard, &seen, NULL), i < OC_GUARD_MAX);
        oc_guard_learn(&guard, &seen, NULL, true, oc_sw_of(0x9000));
    }
    CU_ASSERT_EQUAL(guard.count, OC_GUARD_MAX);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"lasting changes need leave", lasting_changes_need_leave},
        {"presentations are recognised", presentations_are_recognised},
        {"directories are followed", directories_are_followed},
        {"lasting changes are recognised", lasting_changes_are_recognised},
        {"relatives share a counter", relatives_share_a_counter},
        {"proof outlives a run", proof_outlives_a_run},
        {"a full table refuses", a_full_table_refuses},
        {"the first presentation is the right one", first_presentation_is_the_right_one},
        {"refusals without a number count", refusals_without_a_number_count},
        {"a right PIN without answer stays right", right_pin_without_answer_stays_right},
        {"a profile with another PIN stops early", profile_with_another_pin_stops_early},
        {"wiping leaves no PIN", wipe_leaves_no_pin},
        {NULL, NULL},
    };
    return oc_test_main("interlock", rows);
}
