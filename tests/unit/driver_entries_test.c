/* SPDX-License-Identifier: Apache-2.0 */
/* The driver library's key pad: environment, fixed entries, a program. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/terminal/driver/entries.h"
#include "tests/support/oc_test.h"

static enum oc_keypad_outcome ask(const oc_driver_settings *settings, const char *entry, char typed[33])
{
    oc_diag diag = {0};
    oc_wr wr = oc_wr_of(typed, 32);
    enum oc_keypad_outcome outcome = oc_driver_ask(settings, entry, &wr, &diag);
    typed[wr.len] = '\0';
    CU_ASSERT_EQUAL(outcome == OC_KEYPAD_FAILED, diag.reason[0] != '\0');
    return outcome;
}

static void from_environment(void)
{
    oc_driver_settings settings = oc_driver_settings_default();
    char typed[33];
    CU_ASSERT_EQUAL(ask(&settings, "pin", typed), OC_KEYPAD_CANCELLED);
    setenv("ONECARD_KEYPAD_PIN", "123456", 1);
    setenv("ONECARD_KEYPAD_NEW", "654321", 1);
    CU_ASSERT_EQUAL(ask(&settings, "pin", typed), OC_KEYPAD_ENTERED);
    CU_ASSERT_STRING_EQUAL(typed, "123456");
    CU_ASSERT_EQUAL(ask(&settings, "again", typed), OC_KEYPAD_ENTERED);
    CU_ASSERT_STRING_EQUAL(typed, "654321");
    CU_ASSERT_EQUAL(ask(&settings, "old", typed), OC_KEYPAD_CANCELLED);
    setenv("ONECARD_KEYPAD_ACTION", "timeout", 1);
    CU_ASSERT_EQUAL(ask(&settings, "pin", typed), OC_KEYPAD_TIMED_OUT);
    CU_ASSERT_STRING_EQUAL(typed, "");
    unsetenv("ONECARD_KEYPAD_ACTION");
    unsetenv("ONECARD_KEYPAD_PIN");
    unsetenv("ONECARD_KEYPAD_NEW");
}

static void from_entries(void)
{
    oc_driver_settings settings = oc_driver_settings_default();
    char typed[33];
    settings.keypad = OC_DRIVER_KEYPAD_ENTRIES;
    snprintf(settings.entries[0], OC_DRIVER_ENTRY_ROOM, "1111");
    snprintf(settings.entries[1], OC_DRIVER_ENTRY_ROOM, "cancel");
    snprintf(settings.entries[2], OC_DRIVER_ENTRY_ROOM, "2222");
    snprintf(settings.entries[3], OC_DRIVER_ENTRY_ROOM, "3333");
    setenv("ONECARD_KEYPAD_ACTION", "cancel", 1); /* of the other way */
    CU_ASSERT_EQUAL(ask(&settings, "pin", typed), OC_KEYPAD_ENTERED);
    CU_ASSERT_STRING_EQUAL(typed, "1111");
    CU_ASSERT_EQUAL(ask(&settings, "old", typed), OC_KEYPAD_CANCELLED);
    CU_ASSERT_EQUAL(ask(&settings, "again", typed), OC_KEYPAD_ENTERED);
    CU_ASSERT_STRING_EQUAL(typed, "3333");
    unsetenv("ONECARD_KEYPAD_ACTION");
}

static void from_program(void)
{
    static const struct {
        const char *command;
        enum oc_keypad_outcome outcome;
        const char *typed;
    } rows[] = {
        {"echo 123456", OC_KEYPAD_ENTERED, "123456"},
        {"printf '12\\r\\n34'", OC_KEYPAD_ENTERED, "12"},
        {"echo $ONECARD_ENTRY", OC_KEYPAD_ENTERED, "again"},
        {"true", OC_KEYPAD_ENTERED, ""},
        {"echo 123456; exit 1", OC_KEYPAD_CANCELLED, ""},
        {"exit 2", OC_KEYPAD_TIMED_OUT, ""},
        {"exit 3", OC_KEYPAD_FAILED, ""},
        {"kill -9 $$", OC_KEYPAD_FAILED, ""},
        {"exec nothing-of-that-name 2>&1", OC_KEYPAD_FAILED, ""},
        {"printf %065d 1", OC_KEYPAD_FAILED, ""},
        {"sleep 30", OC_KEYPAD_TIMED_OUT, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_driver_settings settings = oc_driver_settings_default();
        char typed[33];
        settings.keypad = OC_DRIVER_KEYPAD_PROGRAM;
        settings.keypad_ms = strncmp(rows[i].command, "sleep", 5) == 0 ? 100 : 10000;
        snprintf(settings.program, sizeof settings.program, "%s", rows[i].command);
        CU_ASSERT_EQUAL(ask(&settings, "again", typed), rows[i].outcome);
        CU_ASSERT_STRING_EQUAL(typed, rows[i].typed);
    }
}

int main(void)
{
    const oc_test_row rows[] = {{"from the environment", from_environment},
                                {"from the settings", from_entries},
                                {"from a program", from_program},
                                {NULL, NULL}};
    return oc_test_main("key pad of the driver library", rows);
}
