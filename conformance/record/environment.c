/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/environment.h"

#include <libxml/parser.h>
#include <openssl/crypto.h>
#include <pcsclite.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/clock.h"

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

static uint64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* One clock is read between two readings of the other, so that a pause between readings shows; the closest of a few
 * tries counts. */
oc_environment_anchor oc_environment_clock(void)
{
    oc_environment_anchor best = {0};
    uint64_t closest = UINT64_MAX;
    for (unsigned i = 0; i < 16; i++) {
        uint64_t before = oc_clock_now_ns();
        uint64_t between = monotonic_ns();
        uint64_t apart = oc_clock_now_ns() - before;
        if (apart < closest) {
            closest = apart;
            best = (oc_environment_anchor){.raw_ns = before + apart / 2, .monotonic_ns = between};
        }
    }
    return best;
}

static int compare_gaps(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

#define READINGS 2001

oc_environment_calibration oc_environment_calibrate(const oc_environment_anchor *began)
{
    oc_environment_anchor now = oc_environment_clock();
    uint64_t gaps[READINGS];
    uint64_t last = oc_clock_now_ns();
    for (size_t i = 0; i < READINGS; i++) {
        uint64_t read = oc_clock_now_ns();
        gaps[i] = read - last;
        last = read;
    }
    qsort(gaps, READINGS, sizeof *gaps, compare_gaps);
    return (oc_environment_calibration){.raw_ns = now.raw_ns - began->raw_ns,
                                        .monotonic_ns = now.monotonic_ns - began->monotonic_ns,
                                        .read_ns = gaps[READINGS / 2],
                                        .gap_ns = gaps[READINGS - 1]};
}

static void write_calibration(oc_xml_out *out, const oc_environment_calibration *clock)
{
    if (clock->monotonic_ns == 0) {
        return;
    }
    char ppm[40];
    double apart = (double)clock->raw_ns - (double)clock->monotonic_ns;
    snprintf(ppm, sizeof ppm, "%.3f", apart / (double)clock->monotonic_ns * 1e6);
    oc_out_number(out, "clock-raw-ns", clock->raw_ns);
    oc_out_number(out, "clock-monotonic-ns", clock->monotonic_ns);
    oc_out_attribute(out, "clock-ppm", ppm);
    oc_out_number(out, "clock-read-ns", clock->read_ns);
    oc_out_number(out, "clock-gap-ns", clock->gap_ns);
}

const char *oc_environment_build(void)
{
    return OC_BUILD;
}

void oc_environment_clock_source(char *out, size_t room)
{
    first_line(out, room, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
}

void oc_environment_write(oc_xml_out *out, const oc_environment_calibration *clock)
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
    oc_out_attribute(out, "build", OC_BUILD);
    oc_out_attribute(out, "compiler", COMPILER);
    oc_out_attribute(out, "openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
    oc_out_attribute(out, "libxml2", LIBXML_DOTTED_VERSION);
    oc_out_attribute(out, "pcsclite", PCSCLITE_VERSION_NUMBER);
    oc_out_attribute(out, "clock", "CLOCK_MONOTONIC_RAW");
    oc_environment_clock_source(text, sizeof text);
    oc_out_attribute(out, "clock-source", text);
    first_line(text, sizeof text, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    oc_out_attribute(out, "governor", text);
    write_calibration(out, clock);
    oc_out_close(out);
}
