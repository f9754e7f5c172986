/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of the driver library: every element, and files that are none. */
#include <stdlib.h>

#include "sim/terminal/driver/driver.h"
#include "sim/terminal/driver/settings.h"
#include "tests/support/oc_program.h"
#include "tests/support/oc_test.h"

#define HEAD "<settings xmlns=\"urn:onecard:driver-settings:1\">"
#define END "</settings>"

static oc_result load(const char *text, oc_driver_settings *out, oc_diag *diag)
{
    char folder[PATH_MAX];
    char path[PATH_MAX];
    oc_temp_make(folder);
    oc_temp_write(folder, "SSCardDriver.xml", text);
    oc_temp_path(path, folder, "SSCardDriver.xml");
    oc_result r = oc_driver_settings_load(out, path, diag);
    oc_temp_remove(folder);
    return r;
}

static void empty_is_default(void)
{
    oc_driver_settings settings;
    const oc_driver_settings expected = oc_driver_settings_default();
    OC_ASSERT_OK(load(HEAD END, &settings, NULL));
    CU_ASSERT_EQUAL(settings.wait_ms, expected.wait_ms);
    CU_ASSERT_EQUAL(settings.keypad, OC_DRIVER_KEYPAD_ENVIRONMENT);
    CU_ASSERT_EQUAL(settings.keypad_ms, 15000);
    CU_ASSERT_EQUAL(settings.long_room, OC_DRIVER_LONG_ROOM);
    CU_ASSERT_EQUAL(settings.terminal.items, 11);
    CU_ASSERT_STRING_EQUAL(settings.card, "");
}

static void every_element(void)
{
    oc_driver_settings s;
    OC_ASSERT_OK(load(HEAD
                      "<readers card='A 00 00' contactless='B' psam='C' wait='50'/>"
                      "<keypad><program command='ask it' timeout='700'/></keypad>"
                      "<terminal items='9' version='short' without-psam='part' algorithm='name' step2-bar='not-sm4'"
                      " records='oldest-first' file-3f00='refused' write='first-file' status-word='check-error'"
                      " device='stays-open' type='strict' reload-to-initial='refused' device-number='X1'"
                      " initial-pin='888888'/>"
                      "<output room='1024'/><log file='a.log'/>" END,
                      &s, NULL));
    CU_ASSERT_STRING_EQUAL(s.card, "A 00 00");
    CU_ASSERT_STRING_EQUAL(s.contactless, "B");
    CU_ASSERT_STRING_EQUAL(s.psam, "C");
    CU_ASSERT_EQUAL(s.wait_ms, 50);
    CU_ASSERT_EQUAL(s.keypad, OC_DRIVER_KEYPAD_PROGRAM);
    CU_ASSERT_STRING_EQUAL(s.program, "ask it");
    CU_ASSERT_EQUAL(s.keypad_ms, 700);
    CU_ASSERT_EQUAL(s.terminal.items, 9);
    CU_ASSERT_EQUAL(s.terminal.version_text, OC_VERSION_SHORT);
    CU_ASSERT_EQUAL(s.terminal.without_psam, OC_WITHOUT_PSAM_PART);
    CU_ASSERT_EQUAL(s.terminal.algorithm_text, OC_ALGORITHM_NAME);
    CU_ASSERT_EQUAL(s.terminal.step2_bar, OC_STEP2_BAR_NOT_SM4);
    CU_ASSERT_TRUE(s.terminal.records_oldest_first && s.terminal.refuses_3f00 && s.terminal.writes_first_file);
    CU_ASSERT_TRUE(s.terminal.status_is_check_error && s.terminal.keep_open && s.terminal.type_is_strict);
    CU_ASSERT_TRUE(s.terminal.reload_refuses_initial);
    CU_ASSERT_STRING_EQUAL(s.terminal.device_number, "X1");
    CU_ASSERT_STRING_EQUAL(s.terminal.initial_pin, "888888");
    CU_ASSERT_EQUAL(s.long_room, 1024);
    CU_ASSERT_STRING_EQUAL(s.log, "a.log");
}

static void entries(void)
{
    oc_driver_settings s;
    OC_ASSERT_OK(load(HEAD "<keypad><entries pin='111111' old='1' new='timeout'/></keypad>" END, &s, NULL));
    CU_ASSERT_EQUAL(s.keypad, OC_DRIVER_KEYPAD_ENTRIES);
    CU_ASSERT_STRING_EQUAL(s.entries[0], "111111");
    CU_ASSERT_STRING_EQUAL(s.entries[1], "1");
    CU_ASSERT_STRING_EQUAL(s.entries[2], "timeout");
    CU_ASSERT_STRING_EQUAL(s.entries[3], "");
}

static void wrong_files(void)
{
    static const char *const wrong[] = {
        "",
        "<settings>",
        "<settings/>",
        HEAD "<unknown/>" END,
        HEAD "<readers wait='-1'/>" END,
        HEAD "<readers card=''/>" END,
        HEAD "<keypad><environment/><program command='x'/></keypad>" END,
        HEAD "<keypad/>" END,
        HEAD "<keypad><program/></keypad>" END,
        HEAD "<terminal items='10'/>" END,
        HEAD "<terminal device-number='a|b'/>" END,
        HEAD "<terminal initial-pin='12'/>" END,
        HEAD "<output room='10'/>" END,
        HEAD "<output room='65537'/>" END,
        HEAD "<log/>" END,
        HEAD "<log file='a'/><log file='b'/>" END,
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        oc_driver_settings s;
        oc_diag diag = {0};
        OC_ASSERT_CODE(load(wrong[i], &s, &diag), OC_E_FORMAT);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.file, "SSCardDriver.xml"));
        CU_ASSERT_NOT_EQUAL(diag.reason[0], '\0');
    }
}

static void named_by_the_environment(void)
{
    char path[PATH_MAX];
    setenv("SSCARD_DRIVER_CONFIG", "elsewhere.xml", 1);
    CU_ASSERT_TRUE(oc_driver_settings_find(path));
    CU_ASSERT_STRING_EQUAL(path, "elsewhere.xml");
    unsetenv("SSCARD_DRIVER_CONFIG");
}

int main(void)
{
    const oc_test_row rows[] = {{"an empty file changes nothing", empty_is_default},
                                {"every element", every_element},
                                {"entries of the key pad", entries},
                                {"wrong files are refused with their place", wrong_files},
                                {"the environment names the file", named_by_the_environment},
                                {NULL, NULL}};
    return oc_test_main("settings of the driver library", rows);
}
