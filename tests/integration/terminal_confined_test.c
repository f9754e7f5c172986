/* SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conformance/dut/terminal_dut.h"
#include "sim/link/child.h"
#include "tests/support/oc_test.h"

#define ANSWER_MS 30000

static int own_filters(void)
{
    char line[256];
    int filters = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        sscanf(line, "Seccomp_filters: %d", &filters);
    }
    if (status != NULL) {
        fclose(status);
    }
    return filters;
}

/* The items of nasty_driver.c's trespass: ptrace, process_vm_readv and mount refused, no new privileges, filters, and
 * the limits of core images and descriptors. */
enum { TRACE, LOOK, MOUNT, PRIVILEGES, FILTERS, CORE, FILES, TRESPASS_ITEMS };

static void trespass(unsigned long items[TRESPASS_ITEMS])
{
    oc_fields answer = {0};
    oc_fields args = {0};
    oc_terminal_spec spec;
    oc_terminal_dut *dut = NULL;
    oc_breach breach;
    const oc_terminal_setup setup = {.timeout_ms = ANSWER_MS, .host_program = OC_DRIVER_HOST};
    OC_ASSERT_OK(oc_terminal_spec_parse(&spec, "driver:" OC_NASTY "/nasty_trespass.so", NULL));
    OC_ASSERT_OK(oc_terminal_dut_open(&dut, &spec, &setup, NULL));
    OC_ASSERT_OK(oc_fields_set_text(&args, "type", "1"));
    OC_ASSERT_OK(oc_terminal_dut_begin(dut, &breach, NULL));
    OC_ASSERT_OK(oc_terminal_dut_call(dut, "iReadCardBas", &args, &answer, &breach, NULL));
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    for (int i = 0; i < TRESPASS_ITEMS; i++) {
        char name[8];
        char text[32];
        snprintf(name, sizeof name, "%d", i + 1);
        oc_span item = oc_fields_span(&answer, name);
        snprintf(text, sizeof text, "%.*s", (int)item.len, item.at == NULL ? "" : (const char *)item.at);
        CU_ASSERT_TRUE(item.len > 0);
        items[i] = strtoul(text, NULL, 10);
    }
    oc_terminal_dut_free(&dut);
    oc_fields_free(&args);
    oc_fields_free(&answer);
}

static void drivers_are_confined(void)
{
    unsigned long items[TRESPASS_ITEMS];
    unsigned long filters = (unsigned long)own_filters();
    trespass(items);
    CU_ASSERT_TRUE(items[TRACE] == 1 && items[LOOK] == 1 && items[MOUNT] == 1);
    CU_ASSERT_EQUAL(items[PRIVILEGES], 1);
    CU_ASSERT_EQUAL(items[FILTERS], filters + 1);
    CU_ASSERT_EQUAL(items[CORE], 0);
    CU_ASSERT_TRUE(items[FILES] <= 1024);
}

static void confinement_can_be_turned_off(void)
{
    unsigned long items[TRESPASS_ITEMS];
    CU_ASSERT_EQUAL_FATAL(setenv("ONECARD_DUT_UNCONFINED", "1", 1), 0);
    trespass(items);
    unsetenv("ONECARD_DUT_UNCONFINED");
    CU_ASSERT_EQUAL(items[LOOK], 0);
    CU_ASSERT_EQUAL(items[FILTERS], (unsigned long)own_filters());
    CU_ASSERT_EQUAL(items[CORE], 0);
}

/* The number of filters that a command under test or a key provider sees. */
static int filters_of_command(void)
{
    oc_child child;
    char text[16] = "";
    size_t len = 0;
    OC_ASSERT_OK(oc_child_start_confined(&child, "sed -n 's/^Seccomp_filters:[^0-9]*//p' /proc/self/status", NULL));
    for (ssize_t got = 1; got != 0 && len < sizeof text - 1;) {
        struct pollfd polled = {.fd = child.out_fd, .events = POLLIN};
        (void)poll(&polled, 1, ANSWER_MS);
        got = read(child.out_fd, text + len, sizeof text - 1 - len);
        len += got > 0 ? (size_t)got : 0;
    }
    oc_child_stop(&child);
    CU_ASSERT_TRUE(len > 0);
    return (int)strtol(text, NULL, 10);
}

static void commands_are_confined(void)
{
    CU_ASSERT_EQUAL(filters_of_command(), own_filters() + 1);
    CU_ASSERT_EQUAL_FATAL(setenv("ONECARD_DUT_UNCONFINED", "1", 1), 0);
    CU_ASSERT_EQUAL(filters_of_command(), own_filters());
    unsetenv("ONECARD_DUT_UNCONFINED");
}

int main(void)
{
    static const oc_test_row rows[] = {{"drivers", drivers_are_confined},
                                       {"turned off", confinement_can_be_turned_off},
                                       {"commands", commands_are_confined},
                                       {NULL, NULL}};
#ifndef OC_CONFINED
    puts("skipped: built without libseccomp, or for a sanitizer, which traces its own process");
    return 77;
#endif
    return oc_test_main("terminal_confined", rows);
}
