/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/pass.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/base/hex.h"

#define EMPTY_EXCHANGES 1000
/* A driver library that is bigger is not read for its digest. */
#define LIBRARY_MAX ((size_t)64 * 1024 * 1024)
/* After so many cases in a row that found no card, the rest is not worth waiting for. */
#define LINK_FAILURES_MAX 5

static void note_tally(oc_pass *pass, const oc_case *subject, const oc_outcome *outcome)
{
    oc_tally *tally = &pass->tallies[pass->tally_count++];
    tally->id = subject->id;
    tally->verdict = outcome->verdict;
    snprintf(tally->why, sizeof tally->why, "%s", outcome->reason == NULL ? "" : outcome->reason);
}

/* The simulator alone: its cases take some microseconds and cost nothing to run again, so a kill may lose a few. */
static bool writes_behind(const oc_pass *pass)
{
    const oc_world_plan *world = &pass->world_plan;
    return world->card->kind == OC_SPEC_VIRTUAL && world->pcscd == NULL && world->terminal == NULL &&
           world->host_url == NULL;
}

/* `outcome` may be handed over: no more than its verdict is asked for afterwards. */
static void keep_outcome(oc_pass *pass, const oc_case *subject, oc_outcome *outcome)
{
    bool behind = writes_behind(pass);
    pthread_mutex_lock(&pass->lock);
    if (oc_is_ok(pass->error) && !behind) {
        pass->error = oc_record_outcome(pass->record, outcome, pass->diag);
    }
    note_tally(pass, subject, outcome);
    if (outcome->link_failed) {
        pass->link_failures++;
    } else if (outcome->step_count > 0) {
        pass->link_failures = 0; /* a case that was not run, as a negative without its twin, shows nothing */
    }
    if (pass->link_failures >= LINK_FAILURES_MAX && pass->stopped == NULL) {
        pass->stopped = "run stopped: the card did not answer in several cases in a row";
    }
    (*pass->done)++;
    oc_events_verdict(pass->options->events, outcome, *pass->done, pass->planned);
    if (pass->options->progress != NULL) {
        pass->options->progress(pass->options->progress_context, outcome, *pass->done, pass->planned);
    }
    if (oc_is_ok(pass->error) && behind) {
        pass->error = oc_record_hand_over(pass->record, outcome, pass->diag);
    }
    pthread_mutex_unlock(&pass->lock);
}

/* Takes the verdict from the journal of the run that is resumed; false when that has none. */
static bool take_known(oc_pass *pass, const oc_case *subject, enum oc_verdict *verdict)
{
    oc_outcome known = {.id = subject->id};
    if (!pass->options->resume || !oc_record_has(pass->record, pass->id, subject->id, &known.verdict, &known.reason)) {
        return false;
    }
    pthread_mutex_lock(&pass->lock);
    note_tally(pass, subject, &known);
    (*pass->done)++;
    pthread_mutex_unlock(&pass->lock);
    *verdict = known.verdict;
    return true;
}

/* Without the operator nothing more can be done; the run is one that was interrupted. */
static void look_for_operator(oc_pass *pass, const oc_world *world)
{
    const oc_terminal_dut *dut = oc_world_dut(world);
    const oc_breach *unusable = dut == NULL ? NULL : oc_terminal_dut_unusable(dut);
    if (unusable == NULL || unusable->kind != OC_BREACH_OPERATOR) {
        return;
    }
    pthread_mutex_lock(&pass->lock);
    pass->stopped = "run stopped: the operator has left";
    pthread_mutex_unlock(&pass->lock);
    if (pass->options->left != NULL) {
        *pass->options->left = true;
    }
}

static const oc_case *find_case(const oc_plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->unit_count; i++) {
        const oc_case *unit = plan->units[i];
        if (strcmp(unit->id, id) == 0) {
            return unit;
        }
        for (size_t k = 0; k < unit->negative_count; k++) {
            if (strcmp(unit->negatives[k].id, id) == 0) {
                return &unit->negatives[k];
            }
        }
    }
    return NULL;
}

/* A run that was killed, or lost its card, may have left the card changed: that is put right before anything else. */
static oc_result settle_past(const oc_pass *pass, oc_executor *executor, oc_diag *diag)
{
    oc_unrestored *unrestored = oc_world_unrestored(executor->world);
    const oc_fields *captures;
    const char *id;
    while (unrestored != NULL && (id = oc_unrestored_case(unrestored, &captures)) != NULL) {
        const oc_case *subject = find_case(pass->plan, id);
        if (subject == NULL) {
            return oc_diag_fail(diag, OC_E_USAGE,
                                "an earlier run ended within %s and left the card changed: run that case first", id);
        }
        oc_outcome outcome;
        oc_execute_restore(executor, subject, captures, &outcome);
        bool done = outcome.verdict == OC_VERDICT_PASS;
        if (!done && !outcome.link_failed &&
            (subject->touches & ~(unsigned)(OC_TOUCH_VOLATILE | OC_TOUCH_COUNTERS)) == 0) {
            /* Tries that cannot be given back now stand in the ledger. */
            oc_outcome_free(&outcome);
            OC_TRY(oc_unrestored_done(unrestored, subject->id, diag));
            continue;
        }
        bool refused = outcome.has_evidence && !outcome.link_failed; /* by the card */
        oc_result r = done ? oc_ok()
                           : oc_diag_fail(diag, refused ? OC_E_GARBAGE : OC_E_IO,
                                          "what was left of %s is not put right: %s", id,
                                          outcome.reason == NULL ? "no reason" : outcome.reason);
        oc_outcome_free(&outcome);
        OC_TRY(r);
    }
    return oc_ok();
}

/* A case that lost its card within, and could not restore it then, would make those after it fail. False while the card is
 * not reached: nothing can be said of it. A card that refuses to be put right is tested as it is. */
static bool put_right(const oc_pass *pass, oc_executor *executor, const oc_case *subject, oc_outcome *outcome)
{
    oc_diag diag = {0};
    oc_result r = settle_past(pass, executor, &diag);
    if (oc_is_ok(r) || r.code == OC_E_GARBAGE) {
        return true;
    }
    oc_execute_skip(executor, subject, OC_VERDICT_ERROR, diag.reason, outcome);
    outcome->link_failed = true;
    return false;
}

/* Runs one case, or skips it because the run stopped. */
static enum oc_verdict run_case(oc_pass *pass, oc_executor *executor, const oc_case *subject,
                                enum oc_verdict twin_verdict)
{
    oc_outcome outcome;
    bool interrupted = pass->options->stop != NULL && *pass->options->stop != 0;
    pthread_mutex_lock(&pass->lock);
    const char *stopped = interrupted ? "run stopped: interrupted" : pass->stopped;
    pthread_mutex_unlock(&pass->lock);
    if (stopped != NULL) {
        oc_execute_skip(executor, subject, OC_VERDICT_NOT_RUN, stopped, &outcome);
    } else if (put_right(pass, executor, subject, &outcome)) {
        oc_execute(executor, subject, twin_verdict, &outcome);
    }
    keep_outcome(pass, subject, &outcome);
    look_for_operator(pass, executor->world);
    enum oc_verdict verdict = outcome.verdict;
    oc_execute_done(executor, &outcome);
    return verdict;
}

static const oc_case *next_unit(oc_pass *pass)
{
    pthread_mutex_lock(&pass->lock);
    const oc_case *unit = NULL;
    while (unit == NULL && pass->next_unit < pass->plan->unit_count) {
        const oc_case *next = pass->plan->units[pass->next_unit++];
        unit = pass->leaves_host && oc_plan_is_of_host(next) ? NULL : next;
    }
    pthread_mutex_unlock(&pass->lock);
    return unit;
}

static void run_unit(oc_pass *pass, oc_executor *executor, const oc_case *unit)
{
    enum oc_verdict verdict;
    if (!take_known(pass, unit, &verdict)) {
        verdict = run_case(pass, executor, unit, OC_VERDICT_PASS);
    }
    for (size_t i = 0; i < unit->negative_count; i++) {
        enum oc_verdict ignored;
        if (!take_known(pass, &unit->negatives[i], &ignored)) {
            (void)run_case(pass, executor, &unit->negatives[i], verdict);
        }
    }
}

static void run_units(oc_pass *pass, oc_executor *executor)
{
    const oc_case *unit;
    while ((unit = next_unit(pass)) != NULL) {
        for (unsigned again = 0; again < oc_run_repeat(pass->options); again++) {
            run_unit(pass, executor, unit);
        }
    }
}

static oc_executor executor_of(const oc_pass *pass, oc_world *world)
{
    return (oc_executor){.world = world,
                         .catalogue = pass->catalogue,
                         .mask = pass->mask,
                         .pass = pass->id,
                         .seed = pass->options->seed,
                         .events = pass->options->events,
                         .ics = pass->options->ics,
                         .waivers = pass->options->waivers,
                         .allowed = pass->options->allowed};
}

/* Before the world goes in which the outcomes came about. */
static void settle(oc_pass *pass)
{
    oc_diag diag = {0};
    oc_result r = oc_record_settle(pass->record, &diag);
    pthread_mutex_lock(&pass->lock);
    if (oc_is_ok(pass->error) && !oc_is_ok(r)) {
        pass->error = r;
        if (pass->diag != NULL) {
            *pass->diag = diag;
        }
    }
    pthread_mutex_unlock(&pass->lock);
}

static void *worker(void *context)
{
    oc_pass *pass = context;
    oc_world *world = NULL;
    oc_diag diag = {0};
    oc_result r = oc_world_new(&world, &pass->world_plan, &diag);
    if (oc_is_ok(r)) {
        oc_executor executor = executor_of(pass, world);
        run_units(pass, &executor);
        settle(pass);
        oc_arena_free(&executor.spare);
        oc_world_free(&world);
    } /* otherwise the first worker, which has its world, does this one's share too */
    return NULL;
}

static void run_workers(oc_pass *pass, oc_executor *first)
{
    pthread_t threads[64];
    size_t started = 0;
    bool several = pass->world_plan.card->kind == OC_SPEC_VIRTUAL && pass->world_plan.pcscd == NULL;
    size_t more = several && pass->options->jobs > 1 ? pass->options->jobs - 1 : 0;
    more = more > 64 ? 64 : more;
    while (started < more && pthread_create(&threads[started], NULL, worker, pass) == 0) {
        started++;
    }
    run_units(pass, first);
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* Which library it was, whatever its name. */
static const char *driver_digest(const oc_pass *pass, oc_world *world, char out[65])
{
    const oc_terminal_spec *spec = pass->world_plan.terminal;
    oc_buf library = {0};
    uint8_t digest[32];
    if (spec == NULL || spec->kind != OC_TERMINAL_DRIVER) {
        return NULL;
    }
    bool known = oc_is_ok(oc_file_read(&library, spec->target, LIBRARY_MAX, NULL)) &&
                 oc_is_ok(oc_sha256(oc_world_crypto(world), oc_buf_span(&library), digest));
    oc_buf_free(&library);
    oc_hex_encode(out, 65, oc_span_of(digest, known ? sizeof digest : 0));
    return known ? out : NULL;
}

/* What is known only when the pass ends: what it cost a foreign card, and what a terminal under test consisted of. */
struct closing {
    oc_pass_tries *tries;
    oc_pass_module *modules;
    size_t module_count;
};

static oc_result note_pass(oc_pass *pass, oc_world *world, const uint64_t *empty, size_t empty_count,
                           const struct closing *closing)
{
    const oc_guard *guard = &oc_world_watch(world)->guard;
    char atr[2 * OC_ATR_MAX + 1];
    char digest[65];
    oc_hex_encode(atr, sizeof atr, oc_world_atr(world));
    const oc_terminal_spec *terminal = pass->world_plan.terminal;
    const oc_profile *profile = pass->world_plan.profile;
    oc_pass_info info = {.id = pass->id,
                         .profile = oc_profile_id(profile),
                         .profile_path = oc_profile_path(profile),
                         .title_en = oc_profile_title(profile, "en"),
                         .title_zh = oc_profile_title(profile, "zh"),
                         .card = pass->world_plan.card->text,
                         .terminal = terminal == NULL ? NULL : terminal->text,
                         .terminal_digest = driver_digest(pass, world, digest),
                         .host = pass->world_plan.host_url,
                         .transport = oc_world_transport(world),
                         .atr = atr[0] == '\0' ? NULL : atr,
                         .is_virtual = oc_world_card_is_virtual(world),
                         .empty_ns = empty,
                         .empty_count = empty_count,
                         .tries = closing == NULL ? NULL : closing->tries,
                         .tries_count = closing == NULL || closing->tries == NULL ? 0 : guard->count,
                         .modules = closing == NULL ? NULL : closing->modules,
                         .module_count = closing == NULL ? 0 : closing->module_count,
                         .loads = guard->loads,
                         .debits = guard->debits};
    return oc_record_pass(pass->record, &info, pass->diag);
}

static oc_result take_tries(const oc_guard *guard, oc_pass_tries **out)
{
    oc_pass_tries *tries = calloc(guard->count + 1, sizeof *tries);
    if (tries == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < guard->count; i++) {
        const oc_guard_entry *entry = &guard->at[i];
        oc_guard_name(entry->reference, tries[i].of);
        tries[i].left = entry->known ? entry->left : -1;
        tries[i].spent = entry->spent;
    }
    *out = tries;
    return oc_ok();
}

static oc_result take_modules(oc_module_log *log, struct closing *closing)
{
    const oc_module *all = oc_module_log_all(log, &closing->module_count);
    closing->modules = calloc(closing->module_count + 1, sizeof *closing->modules);
    if (closing->modules == NULL) {
        closing->module_count = 0;
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < closing->module_count; i++) {
        closing->modules[i] = (oc_pass_module){all[i].path, all[i].place, all[i].size, all[i].sha256, all[i].sm3};
    }
    return oc_ok();
}

/* Notes the pass again. */
static oc_result note_closing(oc_pass *pass, oc_world *world, const uint64_t *empty, size_t empty_count)
{
    const oc_guard *guard = &oc_world_watch(world)->guard;
    struct closing closing = {0};
    oc_result r = guard->count == 0 ? oc_ok() : take_tries(guard, &closing.tries);
    if (oc_is_ok(r)) {
        r = take_modules(pass->world_plan.modules, &closing);
    }
    if (oc_is_ok(r) && (closing.tries != NULL || closing.module_count > 0)) {
        r = note_pass(pass, world, empty, empty_count, &closing);
    }
    free(closing.tries);
    free(closing.modules);
    return r;
}

static oc_case closing_of(const oc_plan *plan)
{
    oc_case closing = *plan->sanity;
    closing.id = oc_plan_closing_id(plan);
    closing.negatives = NULL;
    closing.negative_count = 0;
    return closing;
}

static oc_result run_in_world(oc_pass *pass, oc_world *world, const uint64_t *empty, size_t empty_count)
{
    oc_executor executor = executor_of(pass, world);
    oc_run_context context = oc_run_context_of(pass->options->seed, "open");
    oc_diag ignored = {0};
    /* Only to learn the ATR; whether the card works is the sanity case's to say. */
    if (!oc_is_ok(oc_world_begin(world, &context, &ignored))) {
        oc_world_card_failed(world);
    }
    OC_TRY(note_pass(pass, world, empty, empty_count, NULL));
    OC_TRY(settle_past(pass, &executor, pass->diag));
    if (pass->options->ics != NULL) {
        OC_TRY(oc_ics_check(pass->options->ics, oc_world_term, world, pass->diag));
    }
    const oc_case *sanity = pass->plan->sanity;
    oc_case closing; /* lives until the record is settled: outcomes that wait for it borrow from their cases */
    /* Opening and closing case are of the session, not of the journal: they tell that the card works now. */
    if (sanity != NULL) {
        enum oc_verdict verdict = run_case(pass, &executor, sanity, OC_VERDICT_PASS);
        if (verdict == OC_VERDICT_FAIL || verdict == OC_VERDICT_ERROR || verdict == OC_VERDICT_INCONCLUSIVE) {
            pass->stopped = "run stopped: the opening sanity case did not pass";
        }
    }
    run_workers(pass, &executor);
    if (sanity != NULL) {
        closing = closing_of(pass->plan);
        (void)run_case(pass, &executor, &closing, OC_VERDICT_PASS);
        /* Static, as the tally needs it. */
        pass->tallies[pass->tally_count - 1].id = closing.id;
    }
    settle(pass);
    oc_arena_free(&executor.spare);
    return oc_is_ok(pass->error) ? note_closing(pass, world, empty, empty_count) : pass->error;
}

oc_result oc_pass_run(oc_pass *pass)
{
    pass->error = oc_ok();
    pthread_mutex_init(&pass->lock, NULL);
    pass->tallies = calloc(oc_run_repeat(pass->options) * pass->plan->case_count + 2, sizeof *pass->tallies);
    uint64_t *empty = calloc(EMPTY_EXCHANGES, sizeof *empty);
    size_t empty_count = 0;
    oc_world *world = NULL;
    oc_result r = pass->tallies == NULL || empty == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    if (oc_is_ok(r) && pass->world_plan.terminal != NULL) {
        r = oc_module_log_new(&pass->world_plan.modules);
    }
    if (oc_is_ok(r)) {
        r = oc_mask_new(&pass->mask, pass->world_plan.profile, pass->options->reveal);
    }
    if (oc_is_ok(r)) {
        r = oc_calibrate(&pass->world_plan, empty, EMPTY_EXCHANGES, &empty_count, pass->diag);
    }
    if (oc_is_ok(r)) {
        pass->world_plan.empty_ns = empty_count == 0 ? 0 : empty[empty_count / 2];
        r = oc_world_new(&world, &pass->world_plan, pass->diag);
    }
    if (oc_is_ok(r) && writes_behind(pass)) {
        r = oc_record_write_behind(pass->record);
    }
    if (oc_is_ok(r)) {
        r = run_in_world(pass, world, empty, empty_count);
    }
    oc_world_free(&world);
    oc_module_log_free(&pass->world_plan.modules);
    free(empty);
    pthread_mutex_destroy(&pass->lock);
    return r;
}

void oc_pass_free(oc_pass *pass)
{
    oc_mask_free(&pass->mask);
    free(pass->tallies);
    pass->tallies = NULL;
}
