/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/environment.h"

#include <libxml/parser.h>
#include <openssl/crypto.h>
#include <pcsclite.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

/* The first line of a file, or "unknown". */
static void first_line(char *out, size_t room, const char *path)
{
    snprintf(out, room, "unknown");
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return;
    }
    if (fgets(out, (int)room, file) != NULL) {
        out[strcspn(out, "\n")] = '\0';
    }
    fclose(file);
}

/* "model name" of x86, absent on some others. */
static void cpu_model(char *out, size_t room)
{
    snprintf(out, room, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "re");
    char line[512];
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *value = strncmp(line, "model name", 10) == 0 ? strchr(line, ':') : NULL;
        if (value != NULL) {
            snprintf(out, room, "%.*s", (int)strcspn(value + 1, "\n"), value + 1);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

void oc_environment_write(oc_xml_out *out)
{
    struct utsname system;
    char text[512];
    oc_out_open(out, "environment");
    if (uname(&system) == 0) {
        snprintf(text, sizeof text, "%s %s %s", system.sysname, system.release, system.machine);
        oc_out_attribute(out, "kernel", text);
    }
    cpu_model(text, sizeof text);
    oc_out_attribute(out, "cpu", text + strspn(text, " "));
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    oc_out_number(out, "processors", processors > 0 ? (uint64_t)processors : 1);
    oc_out_attribute(out, "compiler", COMPILER);
    oc_out_attribute(out, "openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
    oc_out_attribute(out, "libxml2", LIBXML_DOTTED_VERSION);
    oc_out_attribute(out, "pcsclite", PCSCLITE_VERSION_NUMBER);
    oc_out_attribute(out, "clock", "CLOCK_MONOTONIC_RAW");
    first_line(text, sizeof text, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    oc_out_attribute(out, "clock-source", text);
    first_line(text, sizeof text, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    oc_out_attribute(out, "governor", text);
    oc_out_close(out);
}
