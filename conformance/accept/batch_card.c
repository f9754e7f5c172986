/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/accept/batch_look.h"
#include "conformance/accept/expected.h"
#include "conformance/accept/session.h"
#include "conformance/run/trace.h"
#include "sim/base/hex.h"

static oc_result begin_pass(oc_look_card *look)
{
    char atr[2 * OC_ATR_MAX + 1];
    oc_hex_encode(atr, sizeof atr, look->reading.atr);
    const oc_profile *profile = look->state->options->profile;
    oc_pass_info info = {.id = look->pass,
                         .profile = oc_profile_id(profile),
                         .profile_path = oc_profile_path(profile),
                         .title_en = look->title_en,
                         .title_zh = look->title_zh,
                         .card = look->spec->text,
                         .transport = oc_link_traits_of(look->link).transport,
                         .atr = atr[0] == '\0' ? NULL : atr};
    return oc_record_pass(look->state->record, &info, look->state->diag);
}

/* A session with its exchanges, as a case of its own: the evidence behind the findings, and where the link may fail. */
typedef oc_result session_part(oc_look_card *look, oc_diag *diag);

static void end_outcome(oc_look_card *look, oc_outcome *outcome, oc_result r, const oc_diag *why)
{
    if (!oc_is_ok(r)) {
        /* As in a run: what a child breaks is its own failure, what a reader breaks is the link's. */
        bool own = look->spec->kind == OC_SPEC_EXEC || look->spec->kind == OC_SPEC_VPCD;
        outcome->verdict = own && r.code != OC_E_UNAVAILABLE ? OC_VERDICT_FAIL : OC_VERDICT_ERROR;
        outcome->reason = oc_arena_text(&outcome->arena,
                                        why->reason[0] == '\0' ? oc_code_sentence(r.code) : why->reason);
        look->link_lost = true;
    }
    oc_batch_note note = {.id = outcome->id,
                          .title_en = outcome->title_en,
                          .title_zh = outcome->title_zh,
                          .verdict = outcome->verdict,
                          .reason = outcome->reason};
    oc_batch_card_note(look->state->batch, look->card, &note, 0);
}

static bool is_of_the_link(oc_result r)
{
    return r.code == OC_E_GONE || r.code == OC_E_TIMEOUT || r.code == OC_E_GARBAGE || r.code == OC_E_IO ||
           r.code == OC_E_UNAVAILABLE || r.code == OC_E_LIMIT;
}

/* Runs the part and keeps its trace in *outcome, which is recorded by the caller once the pass has begun. */
static oc_result traced(oc_look_card *look, session_part *part, oc_outcome *outcome)
{
    oc_trace trace;
    oc_diag why = {0};
    const oc_fault none = {0};
    oc_trace_begin(&trace, &outcome->arena, 1, look->state->mask, &none, &none);
    oc_link_observe(look->link, oc_trace_card, &trace);
    oc_result r = part(look, &why);
    oc_link_observe(look->link, NULL, NULL);
    oc_outcome_step step = {.id = "session", .kind = "apdu", .actor = "card", .phase = "steps"};
    oc_trace_step(&trace, &step);
    if (!oc_trace_end(&trace, outcome)) {
        r = oc_fail(OC_E_MEMORY);
    }
    if (!oc_is_ok(r) && !is_of_the_link(r)) {
        *look->state->diag = why;
        return r;
    }
    end_outcome(look, outcome, r, &why);
    return oc_ok();
}

static oc_outcome session_outcome(oc_look_card *look, const char *id, const char *en, const char *zh)
{
    return (oc_outcome){.id = id,
                        .pass = look->pass,
                        .area = "accept",
                        .file = oc_order_path(look->state->options->order),
                        .line = look->checked.line == NULL ? 0 : look->checked.line->line,
                        .rev = 1,
                        .title_en = en,
                        .title_zh = zh,
                        .touches = "none",
                        .verdict = OC_VERDICT_PASS};
}

static oc_result record_session(oc_look_card *look, oc_outcome *outcome)
{
    look->state->batch->planned++;
    oc_result r = oc_record_outcome(look->state->record, outcome, look->state->diag);
    oc_outcome_free(outcome);
    return r;
}

static oc_result read_card(oc_look_card *look, oc_diag *diag)
{
    return oc_reading_take(&look->reading, look->link, look->state->options->profile, diag);
}

/* Which places are as ordered, before anything else is known: the findings of this look are thrown away. */
static void compare_first(oc_look_card *look)
{
    oc_findings kept = look->findings;
    look->findings = (oc_findings){.arena = kept.arena, .catalogue = kept.catalogue};
    oc_check_order_data(&look->checked);
    bool bad = look->findings.bad;
    oc_findings_free(&look->findings);
    look->findings = kept;
    look->findings.bad = look->findings.bad || bad;
}

static unsigned item_of_case(const char *id, unsigned at)
{
    const oc_submission_item *item = oc_submission_item_at(at);
    for (size_t i = 0; i < OC_SUBMISSION_CASES && item->cases[i] != NULL; i++) {
        if (strncmp(id, item->cases[i], strlen(item->cases[i])) == 0) {
            return item->number;
        }
    }
    return 0;
}

/* Each case of the vectors: counted once, and for every item that it is about. */
static void take_outcome(void *context, const oc_outcome *outcome, size_t done, size_t planned)
{
    (void)done;
    (void)planned;
    oc_look_card *look = context;
    oc_batch_note note = {.id = outcome->id,
                          .title_en = outcome->title_en,
                          .title_zh = outcome->title_zh,
                          .verdict = outcome->verdict,
                          .reason = outcome->reason};
    if (outcome->has_evidence) {
        note.expected = outcome->evidence.expected;
        note.received = outcome->evidence.received;
    }
    oc_batch_card_note(look->state->batch, look->card, &note, 0);
    bool judged = outcome->verdict == OC_VERDICT_PASS || outcome->verdict == OC_VERDICT_DEVIATION ||
                  outcome->verdict == OC_VERDICT_FAIL;
    for (unsigned i = 0; judged && i < OC_SUBMISSION_ITEMS; i++) {
        if (item_of_case(outcome->id, i) != 0) {
            oc_batch_item *item = &look->card->items[i];
            item->assessed = true;
            item->verdict = oc_verdict_worse(item->verdict, outcome->verdict);
        }
    }
}

static oc_result run_vectors(oc_look_card *look)
{
    const oc_batch_options *options = look->state->options;
    oc_run_options run = {.profiles = {look->expected},
                          .profile_count = 1,
                          .card = look->spec,
                          .psam = look->no_psam,
                          .keys = options->keys,
                          .lent = look->link,
                          .pass_id = look->pass,
                          .reveal = options->reveal,
                          .strict = options->strict,
                          .jobs = 1,
                          .seed = options->seed,
                          .timeout_ms = options->timeout_ms,
                          .stop = options->presenter->stop,
                          .progress = take_outcome,
                          .progress_context = look};
    size_t differences = 0;
    look->state->batch->planned += oc_run_planned(&run, options->plan);
    return oc_run(&run, options->plan, options->catalogue, look->state->record, &differences, look->state->diag);
}

static oc_result probe(oc_look_card *look, oc_diag *diag)
{
    return oc_session_probes(&look->checked, look->link, look->state->options->probes, diag);
}

/* A world for what presents keys and PIN: it guards the tries and asks the key provider. */
static oc_result in_world(oc_look_card *look, oc_diag *diag,
                          oc_result (*part)(oc_look_card *look, oc_world *world, oc_diag *diag))
{
    const oc_batch_options *options = look->state->options;
    const oc_world_plan plan = {.profile = look->expected,
                                .card = look->spec,
                                .psam = look->no_psam,
                                .lent = look->link,
                                .keys = options->keys,
                                .timeout_ms = options->timeout_ms};
    oc_run_context context = oc_run_context_of(options->seed, "accept");
    oc_world *world = NULL;
    OC_TRY(oc_world_new(&world, &plan, diag));
    oc_result r = oc_world_begin(world, &context, diag);
    if (oc_is_ok(r)) {
        r = part(look, world, diag);
    }
    oc_world_free(&world);
    return r;
}

static oc_result keys_part(oc_look_card *look, oc_world *world, oc_diag *diag)
{
    return oc_session_keys(&look->checked, world, look->state->options->map, look->state->options->seed, diag);
}

static oc_result pin_part(oc_look_card *look, oc_world *world, oc_diag *diag)
{
    return oc_session_pin(&look->checked, &look->reading, world, diag);
}

static oc_result keys(oc_look_card *look, oc_diag *diag)
{
    return in_world(look, diag, keys_part);
}

static oc_result pin(oc_look_card *look, oc_diag *diag)
{
    return in_world(look, diag, pin_part);
}

/* The vectors and the sessions, while the link holds. */
static oc_result sessions(oc_look_card *look)
{
    static const struct {
        session_part *part;
        const char *id;
        const char *en;
        const char *zh;
    } parts[] = {
        {probe, "ACCEPT.SESSION.PROTECTED", "Writing back without a key: the exchanges", "无密钥原样写回：交互记录"},
        {keys, "ACCEPT.SESSION.KEYS", "Authentications: the exchanges", "认证：交互记录"},
        {pin, "ACCEPT.SESSION.PIN", "PIN and the files that it opens: the exchanges", "PIN及其开放的文件：交互记录"},
    };
    const oc_batch_options *options = look->state->options;
    OC_TRY(oc_expected_profile(&look->expected, options->base, &look->checked, look->card->number, look->title_en,
                               look->title_zh, look->state->diag));
    OC_TRY(run_vectors(look));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && !look->link_lost; i++) {
        oc_outcome outcome = session_outcome(look, parts[i].id, parts[i].en, parts[i].zh);
        OC_TRY(traced(look, parts[i].part, &outcome));
        OC_TRY(record_session(look, &outcome));
    }
    return oc_ok();
}

static oc_result record_findings(oc_look_card *look)
{
    for (size_t i = 0; i < look->findings.count; i++) {
        const oc_finding *finding = &look->findings.at[i];
        oc_batch_note note = {finding->id,     finding->title_en, finding->title_zh, finding->verdict,
                              finding->reason, finding->expected, finding->received};
        oc_batch_card_note(look->state->batch, look->card, &note, finding->item);
        OC_TRY(oc_batch_record(look->state, look->pass, look->checked.line == NULL ? 0 : look->checked.line->line,
                               finding));
    }
    return look->findings.bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

/* What the reading shows; once more after the PIN opened further files. */
static void check_reading(oc_look_card *look)
{
    oc_check_order_data(&look->checked);
    oc_check_numbers(&look->checked);
    oc_check_structure(&look->checked);
    oc_check_records(&look->checked);
}

static oc_result look_at(oc_look_card *look)
{
    oc_outcome reading = session_outcome(look, "ACCEPT.READ", "Reading without any right: the exchanges",
                                         "不经认证的读取：交互记录");
    oc_result r = traced(look, read_card, &reading);
    if (oc_is_ok(r)) {
        r = oc_look_identify(look);
    }
    if (oc_is_ok(r)) {
        r = begin_pass(look);
    }
    reading.pass = look->pass;
    reading.line = look->checked.line == NULL ? 0 : look->checked.line->line;
    if (!oc_is_ok(r)) {
        oc_outcome_free(&reading);
        return r;
    }
    OC_TRY(record_session(look, &reading));
    if (look->link_lost) {
        return oc_ok();
    }
    oc_look_ordered(look);
    OC_TRY(oc_look_once(look));
    if (look->checked.line != NULL) {
        compare_first(look);
        OC_TRY(sessions(look));
    }
    check_reading(look);
    OC_TRY(record_findings(look));
    return oc_ok();
}

/* A look that broke off says nothing good about the card. */
static void conclude(oc_look_card *look, oc_result looked)
{
    const oc_batch_options *options = look->state->options;
    oc_batch_card *card = look->card;
    if (!oc_is_ok(looked)) {
        card->counts[OC_VERDICT_ERROR]++;
        card->worst = oc_verdict_worse(card->worst, OC_VERDICT_ERROR);
    }
    card->nonconforming = card->counts[OC_VERDICT_FAIL] > 0 ||
                          (options->strict && card->counts[OC_VERDICT_DEVIATION] > 0);
    if (options->told != NULL) {
        options->told(options->context, card->number, card->label, card->worst);
    }
}

oc_result oc_batch_look_at(oc_batch_run_state *state, oc_link *link, const oc_spec *spec)
{
    const oc_batch_options *options = state->options;
    oc_spec no_psam;
    OC_TRY(oc_spec_parse(&no_psam, "none", state->diag));
    oc_look_card look = {.state = state, .link = link, .spec = spec, .no_psam = &no_psam};
    look.card = oc_batch_card_add(state->batch);
    look.checked = (oc_checked_card){.reading = &look.reading,
                                     .profile = options->profile,
                                     .order = options->order,
                                     .findings = &look.findings,
                                     .reveal = options->reveal,
                                     .equal = calloc(oc_order_places(options->order) + 1, sizeof(bool))};
    if (look.card == NULL || look.checked.equal == NULL) {
        free(look.checked.equal);
        return oc_fail(OC_E_MEMORY);
    }
    oc_arena arena = {0};
    look.findings = (oc_findings){.arena = &arena, .catalogue = options->catalogue};
    oc_result r = look_at(&look);
    conclude(&look, r);
    oc_findings_free(&look.findings);
    oc_reading_free(&look.reading);
    oc_profile_free(&look.expected);
    free(look.checked.equal);
    oc_arena_free(&arena);
    return r;
}
