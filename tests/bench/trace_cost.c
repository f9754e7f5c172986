/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/trace_cost.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "conformance/record/record.h"
#include "conformance/run/trace.h"
#include "sim/issuer/issuer.h"
#include "tests/bench/bench.h"
#include "tests/mutants/suite_run.h"

/* Time inside the functions that collect and write, the linker putting these in front of them. */
static uint64_t collecting_ns;
static uint64_t writing_ns;
static uint64_t calls;

static uint64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#define COUNTED(sum, call)                                                                                            \
    do {                                                                                                              \
        uint64_t begin = cpu_ns();                                                                                    \
        call;                                                                                                         \
        (sum) += cpu_ns() - begin;                                                                                    \
        calls++;                                                                                                      \
    } while (0)

void __real_oc_trace_card(void *context, const oc_exchange *exchange);
void __wrap_oc_trace_card(void *context, const oc_exchange *exchange);
void __wrap_oc_trace_card(void *context, const oc_exchange *exchange)
{
    COUNTED(collecting_ns, __real_oc_trace_card(context, exchange));
}

void __real_oc_trace_psam(void *context, const oc_exchange *exchange);
void __wrap_oc_trace_psam(void *context, const oc_exchange *exchange);
void __wrap_oc_trace_psam(void *context, const oc_exchange *exchange)
{
    COUNTED(collecting_ns, __real_oc_trace_psam(context, exchange));
}

void __real_oc_trace_step(oc_trace *trace, const oc_outcome_step *step);
void __wrap_oc_trace_step(oc_trace *trace, const oc_outcome_step *step);
void __wrap_oc_trace_step(oc_trace *trace, const oc_outcome_step *step)
{
    COUNTED(collecting_ns, __real_oc_trace_step(trace, step));
}

struct recording {
    oc_record *record;
    size_t cases;
};

static void seen(void *context, const oc_case *subject, const oc_outcome *outcome)
{
    struct recording *recording = context;
    (void)subject;
    oc_outcome one = *outcome;
    one.pass = "bench";
    recording->cases++;
    COUNTED(writing_ns, bench_require(oc_is_ok(oc_record_outcome(recording->record, &one, NULL)), "not recorded"));
}

void bench_trace_cost(const char *folder)
{
    static const char *const prefixes[] = {"CARD.", NULL};
    char path[128];
    struct recording recording = {0};
    const oc_run_info info = {.suite_version = "bench", .started = "", .command_line = "", .planned = 1};
    const oc_pass_info pass = {.id = "bench", .is_virtual = true};
    suite_run *suite = suite_run_new("vectors/cards/ssc-3.0.xml", true);
    oc_card_os *os = NULL;
    bench_require(suite != NULL && oc_is_ok(oc_issuer_card_os(&os)), "no suite");
    bench_require(oc_is_ok(oc_record_open(&recording.record, folder, &info, false, NULL)) &&
                      oc_is_ok(oc_record_pass(recording.record, &pass, NULL)),
                  "no record");
    uint64_t begin = cpu_ns();
    suite_run_virtual(suite, os, prefixes, seen, &recording);
    double whole = (double)(cpu_ns() - begin);
    uint64_t asked = cpu_ns();
    for (unsigned i = 0; i < 1000; i++) {
        (void)cpu_ns();
    }
    double clock = (double)(cpu_ns() - asked) / 1000 * 2 * (double)calls; /* asking is within what was measured */
    whole -= clock;
    double collecting = (double)collecting_ns > clock / 2 ? (double)collecting_ns - clock / 2 : 0;
    double added = (double)(collecting_ns + writing_ns) > clock / 2 ? (double)(collecting_ns + writing_ns) - clock / 2
                                                                    : 0;
    bench_require(calls > recording.cases, "the trace was not measured");
    printf("\nRecording, %zu cases in process, %.2f s of processor time\n  collecting the trace %6.2f %%\n  writing "
           "it down      %6.2f %%\n"
           "  together, on top of the run without it: ratio %.3f\n",
           recording.cases, whole / 1e9, 100 * collecting / whole, 100 * (double)writing_ns / whole,
           whole / (whole - added));
    oc_record_free(&recording.record);
    oc_card_os_free(&os);
    suite_run_free(suite);
    snprintf(path, sizeof path, "%s/run.journal", folder);
    unlink(path);
}
