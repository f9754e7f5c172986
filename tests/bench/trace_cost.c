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

#define ROUNDS 15

/* The same cases three ways, in turns: what is measured is whole runs, without a clock inside them. What else the machine
 * does meets neighbours alike, so each run is compared with the bare one of its round. */
enum way { BARE, COLLECTED, RECORDED, WAYS };

static const char *const way_names[WAYS] = {"without recording", "trace collected", "collected and written down"};

struct cost {
    double own_s; /* processor time of the thread that runs the cases */
    double cpu_s; /* of all threads */
    double elapsed_s;
};

/* The linker puts these in front of what collects. */
static bool collects;

static void note_state_only(oc_trace *trace, const char *actor, const oc_exchange *exchange, const oc_fault *fault,
                            bool *failed)
{
    oc_witness_note(trace->witness, actor, exchange); /* what is judged later is no recording */
    trace->card_failed = false;
    trace->psam_failed = false;
    *failed = exchange->failed && !fault->silent;
    trace->faulted = trace->faulted || fault->text[0] != '\0';
    trace->exchange_ns += exchange->end_ns - exchange->begin_ns;
    trace->end_ns = exchange->end_ns;
}

void __real_oc_trace_card(void *context, const oc_exchange *exchange);
void __wrap_oc_trace_card(void *context, const oc_exchange *exchange);
void __wrap_oc_trace_card(void *context, const oc_exchange *exchange)
{
    oc_trace *trace = context;
    if (collects) {
        __real_oc_trace_card(context, exchange);
    } else {
        note_state_only(trace, "card", exchange, trace->card_fault, &trace->card_failed);
    }
}

void __real_oc_trace_psam(void *context, const oc_exchange *exchange);
void __wrap_oc_trace_psam(void *context, const oc_exchange *exchange);
void __wrap_oc_trace_psam(void *context, const oc_exchange *exchange)
{
    oc_trace *trace = context;
    if (collects) {
        __real_oc_trace_psam(context, exchange);
    } else {
        note_state_only(trace, "psam", exchange, trace->psam_fault, &trace->psam_failed);
    }
}

void __real_oc_trace_step(oc_trace *trace, const oc_outcome_step *step);
void __wrap_oc_trace_step(oc_trace *trace, const oc_outcome_step *step);
void __wrap_oc_trace_step(oc_trace *trace, const oc_outcome_step *step)
{
    if (collects) {
        __real_oc_trace_step(trace, step);
    } else {
        oc_trace_pass_by(trace, step);
    }
}

struct recording {
    oc_record *record; /* or NULL */
    size_t counts[OC_VERDICT_COUNT];
};

static void seen(void *context, const oc_case *subject, const oc_outcome *outcome)
{
    struct recording *recording = context;
    (void)subject;
    recording->counts[outcome->verdict]++;
    if (recording->record != NULL) {
        oc_outcome *given = (oc_outcome *)(uintptr_t)outcome; /* the suite only frees it after this */
        given->pass = "bench";
        bench_require(oc_is_ok(oc_record_hand_over(recording->record, given, NULL)), "not recorded");
    }
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What is run: the vectors of cards alone, whose cases take some microseconds each, and all of them. */
struct selection {
    const char *name;
    bool for_card;
    const char *prefixes[2];
};

static const struct selection selections[] = {
    {"the cases of a card", true, {"CARD.", NULL}},
    {"all cases, with terminal, PSAM, issuer and back-end", false, {"", NULL}}};

static struct cost measure(suite_run *suite, const oc_card_os *os, const struct selection *selection, enum way way,
                           const char *folder, size_t counts[OC_VERDICT_COUNT])
{
    const oc_run_info info = {.suite_version = "bench",
                              .started = "",
                              .command_line = "",
                              .planned = 1,
                              .run_id = "R-20260302T091500Z-00000001"};
    const oc_pass_info pass = {.id = "bench", .is_virtual = true};
    struct recording recording = {0};
    if (way == RECORDED) {
        bench_require(oc_is_ok(oc_record_open(&recording.record, folder, &info, false, NULL)) &&
                          oc_is_ok(oc_record_pass(recording.record, &pass, NULL)) &&
                          oc_is_ok(oc_record_write_behind(recording.record)),
                      "no record");
    }
    collects = way != BARE;
    double own = seconds(CLOCK_THREAD_CPUTIME_ID);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    double elapsed = seconds(CLOCK_MONOTONIC);
    suite_run_virtual(suite, os, selection->prefixes, seen, &recording);
    bench_require(recording.record == NULL || oc_is_ok(oc_record_settle(recording.record, NULL)), "not recorded");
    const struct cost cost = {seconds(CLOCK_THREAD_CPUTIME_ID) - own, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
                              seconds(CLOCK_MONOTONIC) - elapsed};
    oc_record_free(&recording.record);
    memcpy(counts, recording.counts, sizeof recording.counts);
    return cost;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static double part_of(const struct cost *cost, size_t part)
{
    return part == 0 ? cost->own_s : part == 1 ? cost->cpu_s : cost->elapsed_s;
}

/* The median time a case, and the median of the ratios with the quarters that lie below and above. */
static void print_column(struct cost costs[WAYS][ROUNDS], unsigned way, size_t part, size_t cases)
{
    double seconds_of[ROUNDS];
    double ratios[ROUNDS];
    for (unsigned round = 0; round < ROUNDS; round++) {
        seconds_of[round] = part_of(&costs[way][round], part);
        ratios[round] = seconds_of[round] / part_of(&costs[BARE][round], part);
    }
    qsort(seconds_of, ROUNDS, sizeof seconds_of[0], compare);
    qsort(ratios, ROUNDS, sizeof ratios[0], compare);
    printf(" %8.2f us %6.3f (%.3f-%.3f)", seconds_of[ROUNDS / 2] * 1e6 / (double)cases, ratios[ROUNDS / 2],
           ratios[ROUNDS / 4], ratios[ROUNDS - 1 - ROUNDS / 4]);
}

static void compare_ways(const struct selection *selection, const oc_card_os *os, const char *folder)
{
    static struct cost costs[WAYS][ROUNDS];
    size_t counts[WAYS][OC_VERDICT_COUNT];
    size_t cases = 0;
    suite_run *suite = suite_run_new("vectors/cards/ssc-3.0.xml", selection->for_card);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned way = 0; way < WAYS; way++) {
            costs[way][round] = measure(suite, os, selection, (enum way)way, folder, counts[way]);
            bench_require(memcmp(counts[way], counts[0], sizeof counts[0]) == 0, "the verdicts differ");
        }
    }
    for (size_t i = 0; i < OC_VERDICT_COUNT; i++) {
        cases += counts[0][i];
    }
    bench_require(cases > 0, "no cases");
    printf("\n%s: %zu cases\n%28s %34s %34s %34s\n", selection->name, cases, "", "processor, own thread",
           "processor, all threads", "elapsed");
    for (unsigned way = 0; way < WAYS; way++) {
        printf("  %-26s", way_names[way]);
        for (size_t part = 0; part < 3; part++) {
            print_column(costs, way, part, cases);
        }
        printf("\n");
    }
    suite_run_free(suite);
}

void bench_trace_cost(const char *folder)
{
    char path[128];
    oc_card_os *os = NULL;
    bench_require(oc_is_ok(oc_issuer_card_os(&os)), "no card");
    printf(
        "\nRecording of cases in process, medians of %d runs: time a case, ratio (half of the ratios lie between)\n",
        ROUNDS);
    for (size_t i = 0; i < sizeof selections / sizeof selections[0]; i++) {
        compare_ways(&selections[i], os, folder);
    }
    oc_card_os_free(&os);
    snprintf(path, sizeof path, "%s/run.journal", folder);
    unlink(path);
}
