/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/observe.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/hex.h"

#define LISTED_MAX 24 /* commands, where none of them was the one looked for */

static const char *actor_name(enum oc_pattern_actor actor)
{
    return actor == OC_PATTERN_PSAM ? "PSAM" : "card";
}

/* "exchange 7, to the card: 0020000003{@pin}, answered 63C2": the first and the last of those that were joined. */
static const char *exchange_text(const oc_mask *mask, oc_arena *arena, const oc_session *session,
                                 const oc_raw_exchange *raw, size_t at)
{
    const oc_seen *seen = &session->at[at];
    const oc_raw_exchange *first = &raw[seen->first];
    const oc_raw_exchange *last = &raw[seen->last];
    char place[40] = "";
    if (first->place != 0) {
        snprintf(place, sizeof place, " (record %zu)", first->place);
    }
    const char *command = seen->is_reset                ? "reset"
                          : first->command_text != NULL ? first->command_text
                                                        : oc_mask_command(mask, arena, first->command.bytes);
    const char *answer = !seen->answered ? "nothing"
                         : last->response_text != NULL
                             ? last->response_text
                             : oc_mask_response(mask, arena, first->command.bytes, last->response.bytes);
    const char *text = oc_arena_format(arena, "exchange %zu%s, to the %s: %s, answered %s", at + 1, place,
                                       actor_name(seen->actor), command == NULL ? "" : command,
                                       answer == NULL ? "" : answer);
    return text == NULL ? "" : text;
}

/* The commands that came instead, by class and instruction. */
static const char *list_commands(oc_arena *arena, const oc_session *session, enum oc_pattern_actor actor)
{
    char text[LISTED_MAX * 5 + 8] = "";
    size_t used = 0;
    size_t listed = 0;
    for (size_t e = 0; e < session->count && listed <= LISTED_MAX; e++) {
        const oc_seen *seen = &session->at[e];
        bool mine = actor == OC_PATTERN_ANYBODY || actor == seen->actor;
        if (!mine || seen->is_reset || !seen->has_header) {
            continue;
        }
        if (listed++ == LISTED_MAX) {
            snprintf(text + used, sizeof text - used, " ...");
            break;
        }
        used += (size_t)snprintf(text + used, sizeof text - used, " %02X%02X", seen->header.bytes.at[0],
                                 seen->header.bytes.at[1]);
    }
    return listed == 0 ? "no command was seen" : oc_arena_format(arena, "commands were%s", text);
}

oc_outcome_evidence oc_observed_evidence(const oc_mask *mask, oc_arena *arena, const oc_observed *observed,
                                         const oc_session *session, const oc_raw_exchange *raw)
{
    const oc_pattern *pattern = observed->pattern;
    const char *received = oc_breach_text(observed->breach);
    if (observed->breach == OC_PATTERN_TOO_FEW || observed->breach == OC_PATTERN_TOO_MANY) {
        received = oc_arena_format(arena, "%s (%zu times)", received, observed->times);
    }
    if (observed->take != NULL) {
        received = oc_arena_format(arena, "%s (%s)", received, observed->take->name);
    }
    if (observed->at != SIZE_MAX) {
        received = oc_arena_format(arena, "%s: %s", received == NULL ? "" : received,
                                   exchange_text(mask, arena, session, raw, observed->at));
    } else if (pattern != NULL) {
        received = oc_arena_format(arena, "%s: %s", received == NULL ? "" : received,
                                   list_commands(arena, session, pattern->actor));
    }
    if (observed->other != SIZE_MAX) {
        received = oc_arena_format(arena, "%s; before: %s", received == NULL ? "" : received,
                                   exchange_text(mask, arena, session, raw, observed->other));
    }
    return (oc_outcome_evidence){.what = "exchanges",
                                 .expected = pattern == NULL ? "no command that nothing names" : pattern->text,
                                 .received = received == NULL ? "" : received,
                                 .first_difference = -1,
                                 .requirement = pattern == NULL ? NULL : pattern->requirement};
}

static bool is_of(const oc_case_run *run, size_t step)
{
    const oc_observation *observation = run->step->observation;
    for (size_t i = 0; i < observation->of_count && step < run->subject->step_count; i++) {
        if (strcmp(run->subject->steps[step].id, observation->of[i]) == 0) {
            return true;
        }
    }
    return observation->of_count == 0;
}

/* The exchanges in question, one behind the other. */
static oc_result select_exchanges(const oc_case_run *run, oc_raw_exchange **out, size_t *count)
{
    size_t all;
    const oc_raw_exchange *noted = oc_witness_exchanges(run->trace->witness, &all);
    *count = 0;
    *out = calloc(all + 1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < all; i++) {
        if (is_of(run, noted[i].step)) {
            (*out)[(*count)++] = noted[i];
        }
    }
    return oc_ok();
}

static oc_result take(void *context, const char *name, oc_span value)
{
    oc_case_run *run = context;
    return oc_fields_set(&run->captures, name, value);
}

/* What was seen stays seen, however much came behind it. */
static bool decides_in_a_flood(enum oc_breach_of_pattern breach)
{
    return breach == OC_PATTERN_FORBIDDEN || breach == OC_PATTERN_TOO_MANY || breach == OC_PATTERN_REPEATED ||
           breach == OC_PATTERN_DIFFERS || breach == OC_PATTERN_UNNAMED;
}

static oc_result judge(oc_case_run *run, const oc_raw_exchange *raw, const oc_session *session, bool *fits,
                       oc_outcome_evidence *evidence, oc_diag *diag)
{
    oc_observed observed;
    OC_TRY(oc_observe(run->step->observation, session, &run->scope, take, run, &observed, diag));
    if (oc_witness_is_cut(run->trace->witness) && !decides_in_a_flood(observed.breach)) {
        return oc_diag_fail(diag, OC_E_LIMIT, "the terminal caused more exchanges than are kept of a case (%d)",
                            OC_WITNESS_EXCHANGES_MAX);
    }
    *fits = observed.holding == OC_HOLDS;
    if (!*fits) {
        *evidence = oc_observed_evidence(run->executor->mask, &run->outcome->arena, &observed, session, raw);
    }
    run->note = oc_arena_format(&run->outcome->arena, "%zu exchanges, %zu patterns", session->count,
                                run->step->observation->count);
    return oc_ok();
}

oc_result oc_observe_run(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    oc_raw_exchange *raw = NULL;
    size_t count = 0;
    oc_session session = {0};
    oc_result r = select_exchanges(run, &raw, &count);
    if (oc_is_ok(r)) {
        r = oc_session_build(&session, raw, count, run->step->observation->raw);
    }
    if (oc_is_ok(r)) {
        r = judge(run, raw, &session, fits, evidence, diag);
    }
    oc_session_free(&session);
    free(raw);
    return r;
}
