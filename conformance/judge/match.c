/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/judge/match.h"

#include <stdlib.h>

#include "conformance/judge/fit.h"

struct matcher {
    const oc_observation *observation;
    const oc_session *session;
    oc_fitter fitter;
    uint8_t *fits;   /* enum oc_fit of pattern p and exchange e at p * session->count + e, without its place */
    uint8_t *placed; /* of one pattern: with its place */
    oc_observed *out;
    uint64_t visited; /* patterns whose exchanges are told */
    oc_visit *visit;
    void *context;
};

static uint8_t *row(const struct matcher *m, size_t pattern)
{
    return m->fits + pattern * m->session->count;
}

/* Whether the exchange fits any pattern of the set. */
static enum oc_fit fits_any(const struct matcher *m, uint64_t set, size_t at)
{
    enum oc_fit fit = OC_NO_FIT;
    for (size_t p = 0; set != 0 && fit != OC_FITS; p++, set >>= 1) {
        if ((set & 1) != 0) {
            fit = oc_fit_or(fit, (enum oc_fit)row(m, p)[at]);
        }
    }
    return fit;
}

static oc_taken_value *slot_of(struct matcher *m, const char *name)
{
    for (size_t i = 0; i < m->fitter.taken_count; i++) {
        if (strcmp(m->fitter.taken[i].name, name) == 0) {
            return &m->fitter.taken[i];
        }
    }
    return NULL;
}

static oc_result make_slots(struct matcher *m)
{
    const oc_observation *observation = m->observation;
    m->fitter.taken = calloc(observation->count * OC_TAKES_MAX + 1, sizeof *m->fitter.taken);
    if (m->fitter.taken == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t p = 0; p < observation->count; p++) {
        for (size_t t = 0; t < observation->patterns[p].take_count; t++) {
            const char *name = observation->patterns[p].takes[t].name;
            if (slot_of(m, name) == NULL) {
                m->fitter.taken[m->fitter.taken_count++].name = name;
            }
        }
    }
    return oc_ok();
}

/* False where the exchange has no such bytes. */
static bool taken_from(const oc_seen *seen, const oc_take *take, oc_seen_bytes *out)
{
    oc_seen_bytes whole = oc_seen_part(seen, take->part);
    size_t end = take->has_length ? take->offset + take->length : take->offset;
    *out = oc_seen_slice(whole, take->offset, take->has_length ? take->length : whole.bytes.len);
    return whole.bytes.len >= end && (take->has_length || !whole.cut);
}

static void take_all(struct matcher *m, const oc_pattern *pattern, const oc_seen *seen)
{
    for (size_t t = 0; t < pattern->take_count; t++) {
        oc_seen_bytes value;
        oc_taken_value *slot = slot_of(m, pattern->takes[t].name);
        if (slot != NULL && taken_from(seen, &pattern->takes[t], &value)) {
            slot->has = true;
            slot->value = value;
        }
    }
}

/* oc_scope.capture of a visit. */
static oc_result taken_capture(void *self, const char *name, oc_buf *out)
{
    struct matcher *m = self;
    const oc_taken_value *slot = slot_of(m, name);
    if (slot == NULL) {
        return m->fitter.scope->capture(m->fitter.scope->self, name, out);
    }
    bool known = slot->has && oc_seen_is_known(slot->value);
    return known ? oc_buf_append(out, slot->value.bytes) : oc_fail(OC_E_NOT_FOUND);
}

static oc_result taken_profile(void *self, const char *reference, oc_buf *out)
{
    const struct matcher *m = self;
    return m->fitter.scope->profile(m->fitter.scope->self, reference, out);
}

/* Each exchange against each pattern. What is taken from an exchange serves those behind it. */
static oc_result sweep(struct matcher *m)
{
    const oc_observation *observation = m->observation;
    for (size_t e = 0; e < m->session->count; e++) {
        enum oc_fit own[OC_PATTERNS_MAX];
        for (size_t p = 0; p < observation->count; p++) {
            OC_TRY(oc_fit_pattern(&m->fitter, &observation->patterns[p], &m->session->at[e], &own[p]));
        }
        for (size_t p = 0; p < observation->count; p++) {
            enum oc_fit except = OC_NO_FIT;
            for (size_t x = 0; x < observation->count; x++) {
                bool named = (observation->patterns[p].except >> x & 1) != 0;
                except = named ? oc_fit_or(except, own[x]) : except;
            }
            row(m, p)[e] = (uint8_t)oc_fit_and(own[p], oc_fit_not(except));
        }
        for (size_t p = 0; p < observation->count; p++) {
            if (row(m, p)[e] == OC_FITS) {
                take_all(m, &observation->patterns[p], &m->session->at[e]);
            }
        }
        if (m->visited != 0 && fits_any(m, m->visited, e) == OC_FITS) {
            OC_TRY(m->visit(m->context, e, &(const oc_scope){m, taken_capture, taken_profile}));
        }
    }
    return oc_ok();
}

/* Whether an exchange before each fits the set, with none of `until` between: of all before it, or of the one directly
 * before it. Makes `placed` what it was and that, or what it was and not that. */
static void look_back(struct matcher *m, const oc_pattern *pattern, uint64_t set, bool negated)
{
    enum oc_fit so_far = OC_NO_FIT;
    for (size_t e = 0; e < m->session->count && set != 0; e++) {
        size_t previous = m->session->at[e].previous;
        enum oc_fit seen = so_far;
        if (pattern->directly) {
            seen = previous == SIZE_MAX ? OC_NO_FIT : fits_any(m, set, previous);
        }
        m->placed[e] = (uint8_t)oc_fit_and((enum oc_fit)m->placed[e], negated ? oc_fit_not(seen) : seen);
        so_far = oc_fit_and(so_far, oc_fit_not(fits_any(m, pattern->until, e)));
        so_far = oc_fit_or(so_far, fits_any(m, set, e));
    }
}

static void look_ahead(struct matcher *m, const oc_pattern *pattern)
{
    enum oc_fit so_far = OC_NO_FIT;
    for (size_t e = m->session->count; e-- > 0 && pattern->before != 0;) {
        size_t next = m->session->at[e].next;
        enum oc_fit seen = so_far;
        if (pattern->directly) {
            seen = next == SIZE_MAX ? OC_NO_FIT : fits_any(m, pattern->before, next);
        }
        m->placed[e] = (uint8_t)oc_fit_and((enum oc_fit)m->placed[e], seen);
        so_far = oc_fit_and(so_far, oc_fit_not(fits_any(m, pattern->until, e)));
        so_far = oc_fit_or(so_far, fits_any(m, pattern->before, e));
    }
}

static void place(struct matcher *m, size_t p)
{
    const oc_pattern *pattern = &m->observation->patterns[p];
    if (m->session->count > 0) {
        memcpy(m->placed, row(m, p), m->session->count);
    }
    look_back(m, pattern, pattern->after, false);
    look_back(m, pattern, pattern->unless, true);
    look_ahead(m, pattern);
}

/* The first finding in the order written stays, unless a later one is certain and it was not. */
static void find(struct matcher *m, enum oc_holding holding, oc_observed found)
{
    if (m->out->holding < holding) {
        found.holding = holding;
        found.met = m->out->met;
        *m->out = found;
    }
}

struct count {
    size_t certain, possible; /* possible ones beside the certain */
    size_t first, last;       /* certain ones */
    size_t first_possible;
    size_t beyond; /* the first certain one past `most` */
};

static struct count count_placed(const struct matcher *m, size_t most)
{
    struct count count = {0, 0, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    for (size_t e = 0; e < m->session->count; e++) {
        if (m->placed[e] == OC_MAY_FIT) {
            count.first_possible = count.possible++ == 0 ? e : count.first_possible;
        } else if (m->placed[e] == OC_FITS) {
            count.beyond = count.certain == most ? e : count.beyond;
            count.first = count.certain++ == 0 ? e : count.first;
            count.last = e;
        }
    }
    return count;
}

/* Whether anything asks for the must at all. */
static enum oc_fit is_due(const struct matcher *m, const oc_pattern *pattern)
{
    enum oc_fit due = pattern->when == 0 ? OC_FITS : OC_NO_FIT;
    for (size_t e = 0; e < m->session->count && due != OC_FITS; e++) {
        due = oc_fit_or(due, fits_any(m, pattern->when, e));
    }
    return due;
}

static void check_times(struct matcher *m, const oc_pattern *pattern, const struct count *count)
{
    oc_observed found = {.pattern = pattern, .at = SIZE_MAX, .other = SIZE_MAX, .times = count->certain};
    enum oc_fit due = is_due(m, pattern);
    if (count->certain < pattern->least && due != OC_NO_FIT) {
        bool certain = count->certain + count->possible < pattern->least && due == OC_FITS;
        found.breach = count->certain == 0 ? OC_PATTERN_MISSING : OC_PATTERN_TOO_FEW;
        found.at = certain ? count->last : count->first_possible;
        find(m, certain ? OC_BROKEN : OC_HOLDS_UNKNOWN, found);
    }
    if (pattern->most != SIZE_MAX && count->certain + count->possible > pattern->most) {
        bool certain = count->certain > pattern->most;
        found.breach = OC_PATTERN_TOO_MANY;
        found.at = certain ? count->beyond : count->first_possible;
        find(m, certain ? OC_BROKEN : OC_HOLDS_UNKNOWN, found);
    }
}

static void check_forbidden(struct matcher *m, const oc_pattern *pattern, const struct count *count)
{
    if (count->certain + count->possible > 0) {
        bool certain = count->certain > 0;
        find(m, certain ? OC_BROKEN : OC_HOLDS_UNKNOWN,
             (oc_observed){.breach = OC_PATTERN_FORBIDDEN,
                           .pattern = pattern,
                           .at = certain ? count->first : count->first_possible,
                           .other = SIZE_MAX,
                           .times = count->certain});
    }
}

struct sample {
    oc_seen_bytes value;
    size_t at;
};

static int by_value(const void *a, const void *b)
{
    const struct sample *left = a;
    const struct sample *right = b;
    oc_span x = left->value.bytes;
    oc_span y = right->value.bytes;
    if (x.len != y.len) {
        return x.len < y.len ? -1 : 1;
    }
    int order = x.len == 0 ? 0 : memcmp(x.at, y.at, x.len);
    return order != 0 ? order : left->at < right->at ? -1 : 1;
}

static void check_pair(struct matcher *m, const oc_pattern *pattern, const oc_take *take, const struct sample *earlier,
                       const struct sample *later)
{
    bool equal = oc_span_equal(earlier->value.bytes, later->value.bytes);
    if (equal == take->fresh) {
        find(m, OC_BROKEN,
             (oc_observed){.breach = take->fresh ? OC_PATTERN_REPEATED : OC_PATTERN_DIFFERS,
                           .pattern = pattern,
                           .at = later->at,
                           .other = earlier->at,
                           .take = take});
    }
}

static oc_result check_take(struct matcher *m, const oc_pattern *pattern, const oc_take *take, size_t certain)
{
    if ((!take->fresh && !take->same) || certain < 2) {
        return oc_ok();
    }
    struct sample *samples = calloc(certain, sizeof *samples);
    if (samples == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    size_t count = 0;
    size_t masked = SIZE_MAX;
    for (size_t e = 0; e < m->session->count; e++) {
        oc_seen_bytes value;
        if (m->placed[e] != OC_FITS || !taken_from(&m->session->at[e], take, &value)) {
            continue;
        }
        if (oc_seen_is_known(value)) {
            samples[count++] = (struct sample){value, e};
        } else {
            masked = e;
        }
    }
    if (take->fresh && count > 0) {
        qsort(samples, count, sizeof *samples, by_value); /* equal ones become neighbours */
    }
    for (size_t i = 1; i < count; i++) {
        check_pair(m, pattern, take, &samples[i - 1], &samples[i]);
    }
    free(samples);
    if (masked != SIZE_MAX) {
        find(m, OC_HOLDS_UNKNOWN,
             (oc_observed){.breach = take->fresh ? OC_PATTERN_REPEATED : OC_PATTERN_DIFFERS,
                           .pattern = pattern,
                           .at = masked,
                           .other = SIZE_MAX,
                           .take = take});
    }
    return oc_ok();
}

/* The first exchange behind `from` that the placed pattern fits as often as it has to; `hopeful` counts what may. */
static size_t next_placed(const struct matcher *m, size_t from, size_t times, bool hopeful)
{
    size_t found = from;
    for (size_t e = from == SIZE_MAX ? 0 : from + 1; e < m->session->count && times > 0; e++) {
        if (m->placed[e] == OC_FITS || (hopeful && m->placed[e] == OC_MAY_FIT)) {
            found = e;
            times--;
        }
    }
    return times > 0 ? SIZE_MAX - 1 : found;
}

/* Each must behind the one written before it. `positions`: where the last one was, as far as is certain and hoped. */
static void check_order(struct matcher *m, const oc_pattern *pattern, const struct count *count, size_t positions[2])
{
    if (pattern->least == 0 || is_due(m, pattern) != OC_FITS || count->certain + count->possible < pattern->least) {
        return;
    }
    size_t certain = next_placed(m, positions[0], pattern->least, false);
    size_t hoped = next_placed(m, positions[1], pattern->least, true);
    if (certain == SIZE_MAX - 1) {
        find(m, hoped == SIZE_MAX - 1 ? OC_BROKEN : OC_HOLDS_UNKNOWN,
             (oc_observed){.breach = OC_PATTERN_ORDER,
                           .pattern = pattern,
                           .at = count->certain > 0 ? count->last : count->first_possible,
                           .other = positions[0],
                           .times = count->certain});
    }
    positions[0] = certain == SIZE_MAX - 1 ? positions[0] : certain;
    positions[1] = hoped == SIZE_MAX - 1 ? positions[1] : hoped;
}

/* rest="none": commands that nothing names. */
static void check_rest(struct matcher *m)
{
    const oc_observation *observation = m->observation;
    uint64_t named = 0;
    for (size_t p = 0; p < observation->count; p++) {
        named |= observation->patterns[p].kind == OC_PATTERN_MUST_NOT ? 0 : UINT64_C(1) << p;
    }
    for (size_t e = 0; e < m->session->count && observation->rest_none; e++) {
        const oc_seen *seen = &m->session->at[e];
        bool mine = observation->actor == OC_PATTERN_ANYBODY || observation->actor == seen->actor;
        enum oc_fit fit = seen->is_reset || !mine ? OC_FITS : fits_any(m, named, e);
        if (fit != OC_FITS) {
            find(m, fit == OC_NO_FIT ? OC_BROKEN : OC_HOLDS_UNKNOWN,
                 (oc_observed){.breach = OC_PATTERN_UNNAMED, .at = e, .other = SIZE_MAX});
        }
    }
}

static oc_result check_pattern(struct matcher *m, size_t p, size_t positions[2])
{
    const oc_pattern *pattern = &m->observation->patterns[p];
    place(m, p);
    struct count count = count_placed(m, pattern->most);
    if (pattern->kind == OC_PATTERN_MUST_NOT) {
        check_forbidden(m, pattern, &count);
    } else {
        check_times(m, pattern, &count);
    }
    if (pattern->kind == OC_PATTERN_MUST && m->observation->fixed) {
        check_order(m, pattern, &count, positions);
    }
    for (size_t t = 0; t < pattern->take_count; t++) {
        OC_TRY(check_take(m, pattern, &pattern->takes[t], count.certain));
    }
    return oc_ok();
}

static oc_result hand_over(const struct matcher *m, oc_taken *taken, void *context)
{
    for (size_t i = 0; i < m->fitter.taken_count && taken != NULL; i++) {
        const oc_taken_value *slot = &m->fitter.taken[i];
        if (slot->has && oc_seen_is_known(slot->value)) {
            OC_TRY(taken(context, slot->name, slot->value.bytes));
        }
    }
    return oc_ok();
}

static bool is_met(const struct matcher *m)
{
    uint64_t commands = 0;
    for (size_t p = 0; p < m->observation->count; p++) {
        commands |= m->observation->patterns[p].event == OC_PATTERN_COMMAND ? UINT64_C(1) << p : 0;
    }
    for (size_t e = 0; e < m->session->count; e++) {
        if (fits_any(m, commands, e) != OC_NO_FIT) {
            return true;
        }
    }
    return false;
}

static oc_result run(struct matcher *m, oc_taken *taken, void *context)
{
    size_t positions[2] = {SIZE_MAX, SIZE_MAX};
    OC_TRY(make_slots(m));
    OC_TRY(sweep(m));
    m->out->met = is_met(m);
    for (size_t p = 0; p < m->observation->count; p++) {
        OC_TRY(check_pattern(m, p, positions));
    }
    check_rest(m);
    return hand_over(m, taken, context);
}

oc_result oc_observe(const oc_observation *observation, const oc_session *session, const oc_scope *scope,
                     oc_taken *taken, void *context, oc_observed *out, oc_diag *diag)
{
    *out = (oc_observed){.at = SIZE_MAX, .other = SIZE_MAX};
    struct matcher m = {.observation = observation,
                        .session = session,
                        .fitter = {.scope = scope, .diag = diag},
                        .fits = calloc(observation->count + 1, session->count + 1),
                        .placed = calloc(1, session->count + 1),
                        .out = out};
    oc_result r = m.fits == NULL || m.placed == NULL ? oc_fail(OC_E_MEMORY) : run(&m, taken, context);
    oc_fitter_free(&m.fitter);
    free(m.fits);
    free(m.placed);
    return r;
}

oc_result oc_observe_each(const oc_observation *observation, uint64_t set, const oc_session *session,
                          const oc_scope *scope, oc_visit *visit, void *context, oc_diag *diag)
{
    struct matcher m = {.observation = observation,
                        .session = session,
                        .fitter = {.scope = scope, .diag = diag},
                        .fits = calloc(observation->count + 1, session->count + 1),
                        .visited = set,
                        .visit = visit,
                        .context = context};
    oc_result r = m.fits == NULL ? oc_fail(OC_E_MEMORY) : make_slots(&m);
    if (oc_is_ok(r)) {
        r = sweep(&m);
    }
    oc_fitter_free(&m.fitter);
    free(m.fits);
    return r;
}

const char *oc_breach_text(enum oc_breach_of_pattern breach)
{
    static const char *const texts[] = {
        [OC_PATTERN_NO_BREACH] = "nothing is amiss",
        [OC_PATTERN_MISSING] = "it was never seen",
        [OC_PATTERN_TOO_FEW] = "it was not seen often enough",
        [OC_PATTERN_TOO_MANY] = "it was seen too often",
        [OC_PATTERN_FORBIDDEN] = "it was seen",
        [OC_PATTERN_REPEATED] = "the same bytes were seen again",
        [OC_PATTERN_DIFFERS] = "other bytes were seen",
        [OC_PATTERN_ORDER] = "it was seen, but not where the order has it",
        [OC_PATTERN_UNNAMED] = "a command was seen that nothing names",
    };
    return texts[breach];
}
