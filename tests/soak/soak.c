/* SPDX-License-Identifier: Apache-2.0 */
/* A day and more of virtual use in one process: card sessions one after the other, each judged by its case, on one card
 * in-process or in the reader of a private pcscd, with the clock that each case sets. In between it is measured what the
 * process holds and takes, and judged at the end (judge.h).
 *     soak [--pcsc] [--sessions N] [--seed N] [-o FOLDER] [--spoil]
 * --spoil seeds a leak of memory, of descriptors and of threads, and work that grows: the soak then ends with 0 when each
 * is found, and with 1 when one is not. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "reports/latency/order.h"
#include "tests/soak/curve.h"
#include "tests/soak/mixture.h"

#define BLOCKS_LEAST 10
#define BLOCKS 40
/* Over PC/SC the card is connected to anew so often, in sessions: clients come and go. pcscd takes up to a second for it,
 * as it polls its readers. */
#define RECONNECT_EVERY 500
#define TIMEOUT_MS 10000
#define PROFILE "vectors/cards/ssc-3.0.xml"

/* Ends the soak after the block that runs; it is judged by what there was. */
static volatile sig_atomic_t stopped;

static void stop(int number)
{
    stopped = number;
}

struct options {
    bool is_pcsc;
    uint64_t sessions;
    uint64_t seed;
    const char *folder;
    bool is_spoilt;
};

struct soak {
    const struct options *options;
    mixture *mix;
    oc_profile *profile;
    oc_mask *mask;
    oc_card_os *card_os;
    oc_card_os *psam_os;
    oc_private_pcscd *pcscd;
    oc_spec specs[2];
    oc_world *world;
    pid_t daemon;
    gauge *blocks;
    size_t count;
    uint64_t done;
    uint64_t failed;
    uint64_t took[MIXTURE_BLOCK];
};

static uint64_t wall_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void *rest(void *context)
{
    (void)context;
    pause();
    return NULL;
}

/* Defects as real ones are: small, and in each session or block. */
static void spoil_session(void)
{
    static void *volatile lost;
    lost = malloc(16);
    (void)lost;
}

static void spoil_block(const struct soak *soak)
{
    pthread_t thread;
    (void)!dup(STDERR_FILENO);
    (void)!pthread_create(&thread, NULL, rest, NULL);
    /* As where a list is searched that grows with each block. */
    for (uint64_t i = 0; i < 24 * soak->done / soak->options->sessions; i++) {
        (void)gauge_yard();
    }
}

static void open_world(struct soak *soak)
{
    static const oc_keys_spec keys = {.kind = OC_KEYS_PROFILE};
    oc_diag diag = {0};
    soak->mix = mixture_new();
    soak_demand(oc_profile_load(&soak->profile, PROFILE, &diag), &diag);
    soak_demand(oc_mask_new(&soak->mask, soak->profile, false), &diag);
    soak_demand(oc_issuer_card_os(&soak->card_os), &diag);
    soak_demand(oc_issuer_psam_os(&soak->psam_os), &diag);
    soak_demand(oc_spec_parse(&soak->specs[0], "virtual", &diag), &diag);
    soak_demand(oc_spec_parse(&soak->specs[1], "virtual", &diag), &diag);
    if (soak->options->is_pcsc) {
        oc_result r = oc_private_pcscd_start(&soak->pcscd, &diag);
        if (r.code == OC_E_UNAVAILABLE) {
            printf("%s\n", diag.reason);
            exit(77);
        }
        soak_demand(r, &diag);
        soak->daemon = gauge_child("pcscd");
    }
    const oc_world_plan plan = {.profile = soak->profile,
                                .card_os = soak->card_os,
                                .psam_os = soak->psam_os,
                                .card = &soak->specs[0],
                                .psam = &soak->specs[1],
                                .pcscd = soak->pcscd,
                                .keys = &keys,
                                .vectors_folder = "vectors",
                                .timeout_ms = TIMEOUT_MS};
    soak_demand(oc_world_new(&soak->world, &plan, &diag), &diag);
}

static void close_world(struct soak *soak)
{
    oc_world_free(&soak->world);
    oc_private_pcscd_stop(&soak->pcscd);
    oc_mask_free(&soak->mask);
    oc_card_os_free(&soak->card_os);
    oc_card_os_free(&soak->psam_os);
    oc_profile_free(&soak->profile);
    mixture_free(soak->mix);
    free(soak->blocks);
}

static void run_session(struct soak *soak, const oc_case *subject)
{
    oc_outcome outcome;
    oc_executor executor = {.world = soak->world,
                            .catalogue = mixture_catalogue(soak->mix),
                            .mask = soak->mask,
                            .pass = "soak",
                            .seed = soak->options->seed + soak->done,
                            .allowed = ~0U};
    if (soak->options->is_pcsc && soak->done % RECONNECT_EVERY == 0) {
        oc_world_card_failed(soak->world);
    }
    oc_execute(&executor, subject, OC_VERDICT_PASS, &outcome);
    if (outcome.verdict != OC_VERDICT_PASS) {
        soak->failed++;
        printf("session %" PRIu64 ": %s is %s: %s\n", soak->done, subject->id, oc_verdict_name(outcome.verdict),
               outcome.reason == NULL ? "" : outcome.reason);
    }
    oc_outcome_free(&outcome);
    soak->done++;
    if (soak->options->is_spoilt) {
        spoil_session();
    }
}

/* Between two sessions: nothing of the last one is held. */
static void idle(struct soak *soak)
{
    oc_diag diag = {0};
    const oc_run_context context = oc_run_context_of(soak->options->seed, "idle");
    soak_demand(oc_world_begin(soak->world, &context, &diag), &diag);
}

static void run_block(struct soak *soak)
{
    gauge *block = &soak->blocks[soak->count];
    uint64_t yard = gauge_yard();
    uint64_t cpu = gauge_cpu_now();
    uint64_t begin = wall_now();
    uint64_t last = begin;
    for (size_t i = 0; i < MIXTURE_BLOCK; i++) {
        run_session(soak, mixture_session(soak->mix, soak->count, i));
        uint64_t now = wall_now();
        soak->took[i] = now - last;
        last = now;
    }
    if (soak->options->is_spoilt) {
        spoil_block(soak);
    }
    block->cpu_ns = gauge_cpu_now() - cpu;
    block->wall_ns = last - begin;
    block->yard_ns = (yard + gauge_yard()) / 2;
    oc_order_sort(soak->took, MIXTURE_BLOCK);
    block->p50_ns = soak->took[oc_order_rank(MIXTURE_BLOCK, 0.5) - 1];
    block->p99_ns = soak->took[oc_order_rank(MIXTURE_BLOCK, 0.99) - 1];
    block->most_ns = soak->took[MIXTURE_BLOCK - 1];
    idle(soak);
    gauge_read(block, soak->daemon);
    soak->count++;
}

static void print(const curve *end)
{
    const judgement *v = &end->verdict;
    const gauge *last = &end->blocks[end->count - 1];
    printf("%s: %" PRIu64 " sessions in %.1f s (%.1f s of CPU), %" PRIu64 " failed\n", end->link, end->sessions,
           end->seconds, end->cpu_seconds, end->failed);
    printf("heap in use %.1f MiB, spread %.4f %%, growth %.4f bytes a session; resident %.1f MiB, growth %.0f bytes\n",
           (double)last->heap / 1048576, v->heap_spread * 100, v->bytes_a_session, (double)last->resident / 1048576,
           v->resident_growth);
    printf("%" PRIu64 " descriptors, %" PRIu64 " threads", last->descriptors, last->threads);
    if (last->daemon_resident > 0) {
        printf("; pcscd: resident %.1f MiB, growth %.0f bytes, %" PRIu64 " descriptors",
               (double)last->daemon_resident / 1048576, v->daemon_growth, last->daemon_descriptors);
    }
    printf(
        "\nCPU time of a block in yardsticks: first third %.2f to %.2f, last third %.2f to %.2f, ratio %.4f; median "
        "session %.1f and %.1f us\n",
        v->first_low, v->first_high, v->last_low, v->last_high, v->drift, v->first_wall_ns / 1e3,
        v->last_wall_ns / 1e3);
    for (size_t i = 0; i < RULES; i++) {
        if (v->broken[i]) {
            printf("rule broken: %s\n", rule_names[i]);
        }
    }
}

static int conclude(const struct soak *soak, const curve *end)
{
    bool clean = end->failed == 0;
    for (size_t i = 0; i < RULES; i++) {
        clean = clean && !end->verdict.broken[i];
    }
    if (soak->options->is_spoilt) {
        static const enum rule seeded[] = {RULE_HEAP, RULE_DESCRIPTORS, RULE_THREADS, RULE_DRIFT};
        bool found = true;
        for (size_t i = 0; i < sizeof seeded / sizeof seeded[0]; i++) {
            found = found && end->verdict.broken[seeded[i]];
        }
        printf("the seeded defects are %s\n", found ? "found" : "not all found");
        return found ? 0 : 1;
    }
    if (soak->options->folder != NULL && !curve_write(end, soak->options->folder)) {
        return 3;
    }
    return clean ? 0 : 1;
}

static int parse_option(int key, char *argument, struct argp_state *state)
{
    struct options *options = state->input;
    char *end = NULL;
    switch (key) {
    case 'p':
        options->is_pcsc = true;
        return 0;
    case 'n':
    case 's':
        *(key == 'n' ? &options->sessions : &options->seed) = strtoull(argument, &end, 10);
        if (*argument == '\0' || *end != '\0') {
            argp_error(state, "%s is not a number", argument);
        }
        return 0;
    case 'o':
        options->folder = argument;
        return 0;
    case 'x':
        options->is_spoilt = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void take_options(int argc, char **argv, struct options *options)
{
    static const struct argp_option known[] = {{"pcsc", 'p', NULL, 0, "cards in the readers of a private pcscd", 0},
                                               {"sessions", 'n', "N", 0, "how many (default 4000)", 0},
                                               {"seed", 's', "N", 0, "of the first session (default 1)", 0},
                                               {"output", 'o', "FOLDER", 0, "folder for JSON, CSV and SVG", 0},
                                               {"spoil", 'x', NULL, 0, "seed defects, which must be found", 0},
                                               {0}};
    static const struct argp argp = {.options = known, .parser = parse_option};
    argp_parse(&argp, argc, argv, 0, NULL, options);
    options->sessions = (options->sessions + MIXTURE_BLOCK - 1) / MIXTURE_BLOCK * MIXTURE_BLOCK;
    if (options->sessions < (uint64_t)BLOCKS_LEAST * MIXTURE_BLOCK || options->sessions > UINT32_MAX) {
        options->sessions = (uint64_t)BLOCKS_LEAST * MIXTURE_BLOCK;
    }
}

int main(int argc, char **argv)
{
    struct options options = {.sessions = (uint64_t)BLOCKS * MIXTURE_BLOCK, .seed = 1};
    take_options(argc, argv, &options);
    struct soak soak = {.options = &options};
    setvbuf(stdout, NULL, _IOLBF, 0);
    open_world(&soak);
    size_t blocks = (size_t)(options.sessions / MIXTURE_BLOCK);
    soak.blocks = calloc(blocks, sizeof *soak.blocks);
    if (soak.blocks == NULL) {
        fputs("soak: memory ran out\n", stderr);
        return 3;
    }
    uint64_t begin = wall_now();
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    while (soak.count < blocks && (stopped == 0 || soak.count < BLOCKS_LEAST)) {
        run_block(&soak);
        if (soak.count % (blocks / 10) == 0) {
            printf("%" PRIu64 " sessions, %" PRIu64 " failed\n", soak.done, soak.failed);
        }
    }
    const curve end = {.link = options.is_pcsc ? "pcsc" : "inproc",
                       .seed = options.seed,
                       .sessions = soak.done,
                       .failed = soak.failed,
                       .seconds = (double)(wall_now() - begin) / 1e9,
                       .cpu_seconds = (double)gauge_cpu_now() / 1e9,
                       .blocks = soak.blocks,
                       .count = soak.count,
                       .sessions_a_block = MIXTURE_BLOCK,
                       .verdict = judge(soak.blocks, soak.count, MIXTURE_BLOCK)};
    print(&end);
    int code = conclude(&soak, &end);
    close_world(&soak);
    return code;
}
