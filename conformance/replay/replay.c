/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/replay/replay.h"

#include <libxml/hash.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/replay/read_case.h"
#include "conformance/run/execute.h"
#include "conformance/run/plan.h"
#include "reports/record_reader.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/base/xml.h"
#include "sim/crypto/crypto.h"

#define PASSES_MAX 64
#define VECTOR_FILE_MAX ((size_t)4 * 1024 * 1024)

/* One pass of the record and the world that its cases are played in. */
struct pass {
    const char *id;
    const oc_profile *profile;
    oc_spec card, psam;
    oc_terminal_spec terminal;
    const char *host;
    const char *transport;
    enum oc_protocol protocol;
    oc_mask *mask;
    oc_world *world;
    bool tried;    /* to make it */
    char why[512]; /* it could not be made */
};

struct replay {
    const oc_replay_options *options;
    oc_arena arena;
    oc_keys_spec keys;
    uint64_t seed;
    bool is_varied; /* it answers a challenge */
    struct pass passes[PASSES_MAX];
    size_t pass_count;
    xmlHashTablePtr cases;   /* id to oc_case */
    xmlHashTablePtr digests; /* of the vector files then, and ... */
    xmlHashTablePtr changed; /* paths of those that are others now; the values are of no matter */
    oc_case closing[2];
};

static const char *keep(struct replay *replay, const char *text)
{
    return text == NULL ? NULL : oc_arena_text(&replay->arena, text);
}

static void add_case(struct replay *replay, const oc_case *subject)
{
    (void)xmlHashAddEntry(replay->cases, (const xmlChar *)subject->id, (void *)(uintptr_t)subject);
}

static void index_cases(struct replay *replay, const oc_vectors *vectors)
{
    static const char *const sanity[] = {OC_SANITY_ID, OC_TERMINAL_SANITY_ID};
    static const char *const ends[] = {OC_SANITY_ID ".END", OC_TERMINAL_SANITY_ID ".END"};
    for (size_t i = 0; i < oc_vectors_count(vectors); i++) {
        const oc_case *subject = oc_vectors_case(vectors, i);
        add_case(replay, subject);
        for (size_t k = 0; k < subject->negative_count; k++) {
            add_case(replay, &subject->negatives[k]);
        }
        for (size_t k = 0; k < 2; k++) {
            if (strcmp(subject->id, sanity[k]) == 0) {
                replay->closing[k] = *subject;
                replay->closing[k].id = ends[k];
                add_case(replay, &replay->closing[k]);
            }
        }
    }
}

/* A file may have changed since. Paths are cut in the record, so it is known by its digest. */
static oc_result compare_file(struct replay *replay, const char *path, oc_crypto *crypto, oc_diag *diag)
{
    oc_buf content = {0};
    uint8_t digest[32];
    char hex[65];
    oc_result r = oc_file_read(&content, path, VECTOR_FILE_MAX, diag);
    if (oc_is_ok(r)) {
        r = oc_sha256(crypto, oc_buf_span(&content), digest);
    }
    if (oc_is_ok(r)) {
        oc_hex_encode(hex, sizeof hex, oc_span_of(digest, sizeof digest));
        if (xmlHashLookup(replay->digests, (const xmlChar *)hex) == NULL) {
            (void)xmlHashAddEntry(replay->changed, (const xmlChar *)path, replay);
        }
    }
    oc_buf_free(&content);
    return r;
}

static oc_result compare_files(struct replay *replay, oc_diag *diag)
{
    oc_crypto *crypto = NULL;
    OC_TRY(oc_crypto_new(&crypto));
    oc_result r = oc_ok();
    for (size_t v = 0; v < replay->options->vectors_count; v++) {
        const oc_vectors *vectors = replay->options->vectors[v];
        for (size_t i = 0; i < oc_vectors_file_count(vectors) && oc_is_ok(r); i++) {
            r = compare_file(replay, oc_vectors_file(vectors, i), crypto, diag);
        }
    }
    oc_crypto_free(&crypto);
    return r;
}

static void take_digests(struct replay *replay, const xmlNode *result)
{
    const xmlNode *vectors = oc_xml_child(result, "vectors");
    for (const xmlNode *file = vectors == NULL ? NULL : oc_xml_child(vectors, "file"); file != NULL;
         file = oc_xml_next(file, "file")) {
        oc_buf digest = {0};
        char hex[65];
        const char *text = oc_xml_attr(file, "sha256");
        if (text != NULL && oc_is_ok(oc_hex_decode(&digest, text, strlen(text))) && digest.len == 32) {
            oc_hex_encode(hex, sizeof hex, oc_buf_span(&digest)); /* in one case of letters */
            (void)xmlHashAddEntry(replay->digests, (const xmlChar *)hex, replay);
        }
        oc_buf_free(&digest);
    }
}

/* Who was who in it. A terminal or back-end of somebody else answers from the record, whoever it was. */
static oc_result take_pass(struct replay *replay, const xmlNode *node, oc_diag *diag)
{
    const oc_replay_options *options = replay->options;
    if (replay->pass_count == PASSES_MAX) {
        return oc_diag_fail(diag, OC_E_LIMIT, "the record has more than %d passes", PASSES_MAX);
    }
    struct pass *pass = &replay->passes[replay->pass_count++];
    const char *card = oc_xml_attr(node, "card");
    const char *terminal = oc_xml_attr(node, "terminal");
    oc_diag why = {0};
    pass->id = keep(replay, oc_xml_attr(node, "id"));
    pass->host = keep(replay, oc_xml_attr(node, "host"));
    pass->transport = keep(replay, oc_xml_attr(node, "transport"));
    if (pass->id == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    const char *t1 = strstr(pass->id, "/t1");
    pass->protocol = t1 != NULL && t1[3] == '\0' ? OC_PROTOCOL_T1 : OC_PROTOCOL_T0;
    oc_result r = oc_spec_parse(&pass->card, card == NULL ? "virtual" : card, &why);
    if (oc_is_ok(r)) {
        r = oc_spec_parse(&pass->psam, "virtual", &why);
    }
    if (oc_is_ok(r)) {
        r = oc_terminal_spec_parse(&pass->terminal, terminal == NULL ? "virtual" : terminal, &why);
    }
    if (oc_is_ok(r)) {
        r = options->profile(options->context, oc_xml_attr(node, "profile"), oc_xml_attr(node, "profile-path"),
                             replay->is_varied && pass->card.kind == OC_SPEC_VIRTUAL ? &replay->seed : NULL,
                             &pass->profile, &why);
    }
    if (!oc_is_ok(r)) {
        pass->tried = true;
        snprintf(pass->why, sizeof pass->why, "%s", why.reason[0] == '\0' ? oc_code_sentence(r.code) : why.reason);
    }
    return oc_ok();
}

static oc_result take_head(void *self, const xmlNode *result, oc_diag *diag)
{
    struct replay *replay = self;
    const char *seed = oc_xml_attr(result, "seed");
    replay->seed = seed == NULL ? 0 : strtoull(seed, NULL, 10);
    replay->is_varied = oc_xml_child(result, "challenge") != NULL;
    take_digests(replay, result);
    for (const xmlNode *pass = oc_xml_child(result, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        OC_TRY(take_pass(replay, pass, diag));
    }
    return compare_files(replay, diag);
}

static oc_result make_world(struct replay *replay, struct pass *pass, oc_diag *diag)
{
    OC_TRY(oc_mask_new(&pass->mask, pass->profile, false));
    const oc_world_plan plan = {.profile = pass->profile,
                                .card = &pass->card,
                                .psam = &pass->psam,
                                .keys = &replay->keys,
                                .vectors_folder = replay->options->vectors_folder,
                                .host_url = pass->host,
                                .expendable = true,
                                .timeout_ms = 10000,
                                .terminal = pass->terminal.kind == OC_TERMINAL_VIRTUAL ? NULL : &pass->terminal,
                                .replays = true};
    return oc_world_new(&pass->world, &plan, diag);
}

static struct pass *pass_of(struct replay *replay, const char *id)
{
    for (size_t i = 0; i < replay->pass_count; i++) {
        struct pass *pass = &replay->passes[i];
        if (id == NULL || strcmp(pass->id, id) != 0) {
            continue;
        }
        if (!pass->tried) {
            oc_diag diag = {0};
            pass->tried = true;
            oc_result r = make_world(replay, pass, &diag);
            if (!oc_is_ok(r)) {
                snprintf(pass->why, sizeof pass->why, "%s",
                         diag.reason[0] == '\0' ? oc_code_sentence(r.code) : diag.reason);
            }
        }
        return pass;
    }
    return NULL;
}

static bool is_wanted(const oc_replay_options *options, const xmlNode *one)
{
    const char *id = oc_xml_attr(one, "id");
    const char *pass = oc_xml_attr(one, "pass");
    if (id == NULL || pass == NULL || (options->pass != NULL && strcmp(options->pass, pass) != 0)) {
        return false;
    }
    for (size_t i = 0; i < options->id_count; i++) {
        if (strcmp(options->ids[i], id) == 0) {
            return true;
        }
    }
    return options->id_count == 0;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/* The check that decided is the same one; its bytes are, where the verdict was about bytes. */
static bool same_evidence(const xmlNode *one, const oc_outcome *now)
{
    const xmlNode *then = oc_xml_child(one, "evidence");
    if (then == NULL || !now->has_evidence) {
        return then == NULL && !now->has_evidence;
    }
    return same_text(oc_xml_attr(then, "step"), now->evidence.step) &&
           same_text(oc_xml_attr(then, "what"), now->evidence.what) &&
           same_text(oc_xml_attr(then, "requirement"), now->evidence.requirement);
}

/* Another verdict over bytes that the record does not tell says nothing. */
static void conclude(oc_replay_finding *finding, const oc_recorded *recorded, bool same)
{
    finding->outcome = same                                                             ? OC_REPLAY_SAME
                       : recorded->unanswered[0] != '\0' || recorded->unknown_bytes > 0 ? OC_REPLAY_UNANSWERED
                                                                                        : OC_REPLAY_DIFFERS;
    if (!same && recorded->unanswered[0] != '\0') {
        finding->why = recorded->unanswered;
    }
}

static void judge_again(struct replay *replay, struct pass *pass, const oc_case *subject, const xmlNode *one,
                        oc_replay_finding *finding)
{
    oc_recorded recorded;
    oc_diag diag = {0};
    oc_outcome outcome = {0};
    oc_result r = oc_replay_read_case(&recorded, one, pass->profile, &diag);
    recorded.transport = pass->transport == NULL ? "" : pass->transport;
    recorded.protocol = pass->protocol;
    recorded.mask = pass->mask;
    finding->unknown_bytes = recorded.unknown_bytes;
    if (oc_is_ok(r)) {
        r = oc_world_play(pass->world, &recorded, &diag);
    }
    if (oc_is_ok(r)) {
        oc_executor executor = {.world = pass->world,
                                .catalogue = replay->options->catalogue,
                                .mask = pass->mask,
                                .pass = pass->id,
                                .seed = replay->seed};
        oc_execute_recorded(&executor, subject, &outcome);
        finding->now = outcome.verdict;
        finding->why = outcome.reason;
        conclude(finding, &recorded, outcome.verdict == finding->then && same_evidence(one, &outcome));
    } else {
        finding->outcome = OC_REPLAY_UNANSWERED;
        finding->why = diag.reason[0] == '\0' ? oc_code_sentence(r.code) : diag.reason;
    }
    replay->options->tell(replay->options->context, finding);
    oc_outcome_free(&outcome);
    oc_recorded_free(&recorded);
}

static oc_result take_case(void *self, const xmlNode *one, oc_diag *diag)
{
    struct replay *replay = self;
    const oc_replay_options *options = replay->options;
    if (!is_wanted(options, one)) {
        return oc_ok();
    }
    oc_replay_finding finding = {
        .outcome = OC_REPLAY_UNANSWERED, .id = oc_xml_attr(one, "id"), .pass = oc_xml_attr(one, "pass")};
    if (!oc_verdict_parse(oc_xml_attr(one, "verdict"), &finding.then)) {
        return oc_diag_fail(diag, OC_E_FORMAT, "%s has no verdict", finding.id);
    }
    finding.now = finding.then;
    struct pass *pass = pass_of(replay, finding.pass);
    const oc_case *subject = xmlHashLookup(replay->cases, (const xmlChar *)finding.id);
    if (oc_xml_child(one, "step") == NULL) {
        finding.outcome = OC_REPLAY_NOT_JUDGED;
    } else if (subject == NULL) {
        finding.why = "the vectors at hand have no such case";
    } else if (pass == NULL || pass->world == NULL) {
        finding.why = pass == NULL ? "the record has no such pass" : pass->why;
    } else if (!options->any_vectors && xmlHashLookup(replay->changed, (const xmlChar *)subject->file) != NULL) {
        return oc_diag_fail(diag, OC_E_USAGE, "%s is not the file of the run: its digest is another one",
                            subject->file);
    } else {
        judge_again(replay, pass, subject, one, &finding);
        return oc_ok();
    }
    options->tell(options->context, &finding);
    return oc_ok();
}

static oc_result open(struct replay *replay, oc_diag *diag)
{
    replay->cases = xmlHashCreate(16384);
    replay->digests = xmlHashCreate(256);
    replay->changed = xmlHashCreate(16);
    if (replay->cases == NULL || replay->digests == NULL || replay->changed == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < replay->options->vectors_count; i++) {
        index_cases(replay, replay->options->vectors[i]);
    }
    return oc_keys_spec_parse(&replay->keys, "profile", diag);
}

static void shut(struct replay *replay)
{
    for (size_t i = 0; i < replay->pass_count; i++) {
        oc_world_free(&replay->passes[i].world);
        oc_mask_free(&replay->passes[i].mask);
    }
    xmlHashTablePtr const tables[] = {replay->cases, replay->digests, replay->changed};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (tables[i] != NULL) {
            xmlHashFree(tables[i], NULL);
        }
    }
    oc_arena_free(&replay->arena);
}

oc_result oc_replay(const oc_replay_options *options, oc_diag *diag)
{
    struct replay *replay = calloc(1, sizeof *replay);
    if (replay == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    replay->options = options;
    oc_result r = open(replay, diag);
    if (oc_is_ok(r)) {
        const oc_record_visitor visitor = {.self = replay, .head = take_head, .one = take_case};
        r = oc_record_read(options->record_path, &visitor, diag);
    }
    shut(replay);
    free(replay);
    return r;
}
