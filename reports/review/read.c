/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "reports/bundle/chain.h"
#include "reports/record_reader.h"
#include "reports/review/internal.h"
#include "sim/base/file.h"
#include "sim/base/xml.h"

#define PATH_ROOM 4096

struct reading {
    struct oc_submission *out;
    oc_chain *chain;
    bool bad; /* memory */
};

static const char *keep(struct reading *reading, const xmlNode *node, const char *name)
{
    const char *value = node == NULL ? NULL : oc_xml_attr(node, name);
    const char *kept = oc_arena_text(&reading->out->arena, value == NULL ? "" : value);
    reading->bad = reading->bad || kept == NULL;
    return kept == NULL ? "" : kept;
}

static bool is_true(const char *text)
{
    return text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

static void add(struct reading *reading, struct oc_review_texts *list, const char *text)
{
    const char *kept = text == NULL ? NULL : oc_arena_text(&reading->out->arena, text);
    reading->bad = reading->bad || kept == NULL || !oc_is_ok(oc_review_add_text(list, kept));
}

static void take_declaration(struct reading *reading, const xmlNode *ics)
{
    struct oc_submission *out = reading->out;
    const xmlNode *root = ics == NULL ? NULL : oc_xml_child(ics, NULL);
    const xmlNode *item = root == NULL ? NULL : oc_xml_child(root, "item");
    out->ics_id = keep(reading, root, "id");
    out->vendor = keep(reading, root == NULL ? NULL : oc_xml_child(root, "vendor"), "name");
    out->model = keep(reading, item, "model");
    out->serial = keep(reading, item, "serial");
    out->library = keep(reading, item, "library-sha256");
}

static void take_module(struct reading *reading, const xmlNode *pass, const xmlNode *module)
{
    struct oc_submission *out = reading->out;
    if (out->module_count == out->module_room) {
        size_t room = out->module_room == 0 ? 64 : 2 * out->module_room;
        struct oc_review_module *grown = realloc(out->modules, room * sizeof *grown);
        if (grown == NULL) {
            reading->bad = true;
            return;
        }
        out->modules = grown;
        out->module_room = room;
    }
    out->modules[out->module_count++] = (struct oc_review_module){
        keep(reading, pass, "id"), keep(reading, module, "path"), keep(reading, module, "place"),
        keep(reading, module, "sha256")};
}

static void take_passes(struct reading *reading, const xmlNode *result)
{
    for (const xmlNode *pass = oc_xml_child(result, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        if (oc_xml_attr(pass, "terminal-sha256") != NULL) {
            add(reading, &reading->out->drivers, oc_xml_attr(pass, "terminal-sha256"));
        }
        for (const xmlNode *module = oc_xml_child(pass, "module"); module != NULL;
             module = oc_xml_next(module, "module")) {
            take_module(reading, pass, module);
        }
    }
}

static void take_waivers(struct reading *reading, const xmlNode *result)
{
    struct oc_submission *out = reading->out;
    for (const xmlNode *waiver = oc_xml_child(result, "waiver"); waiver != NULL;
         waiver = oc_xml_next(waiver, "waiver")) {
        oc_buf reason = {0};
        const xmlNode *text = oc_xml_child(waiver, "reason");
        bool good = oc_is_ok(oc_xml_text(&reason, text)) && oc_is_ok(oc_buf_append_byte(&reason, 0));
        add(reading, &out->waivers,
            good ? oc_arena_format(&out->arena, "%s: %s, until %s%s, by %s: %s", oc_xml_attr(waiver, "id"),
                                   oc_xml_attr(waiver, "case"), oc_xml_attr(waiver, "until"),
                                   is_true(oc_xml_attr(waiver, "holds")) ? "" : " (EXPIRED / 已过期)",
                                   oc_xml_attr(waiver, "by"), (const char *)reason.at)
                 : NULL);
        oc_buf_free(&reason);
    }
}

static oc_result take_head(void *self, const xmlNode *result, oc_diag *diag)
{
    struct reading *reading = self;
    struct oc_submission *out = reading->out;
    const xmlNode *environment = oc_xml_child(result, "environment");
    const xmlNode *challenge = oc_xml_child(result, "challenge");
    const xmlNode *line = oc_xml_child(result, "command-line");
    oc_buf text = {0};
    (void)diag;
    out->started = keep(reading, result, "started");
    out->ended = keep(reading, result, "ended");
    out->exit_code = keep(reading, result, "exit-code");
    out->seed = strtoull(oc_xml_attr(result, "seed"), NULL, 10);
    out->resumes = (unsigned)strtoul(oc_xml_attr(result, "resumes"), NULL, 10);
    out->interrupted = is_true(oc_xml_attr(result, "interrupted"));
    out->strict = is_true(oc_xml_attr(result, "strict"));
    out->build = keep(reading, environment, "build");
    out->clock_source = keep(reading, environment, "clock-source");
    out->clock_ppm = keep(reading, environment, "clock-ppm");
    out->clock_gap_ns = keep(reading, environment, "clock-gap-ns");
    out->clock_ns = keep(reading, environment, "clock-monotonic-ns");
    out->amends = keep(reading, oc_xml_child(result, "amends"), "run-id");
    out->nonce = keep(reading, challenge, "nonce");
    out->challenge_digest = keep(reading, challenge, "sha256");
    out->issued = keep(reading, challenge, "issued");
    out->expires = keep(reading, challenge, "expires");
    out->examiner = keep(reading, challenge, "examiner");
    out->challenge_trusted = challenge != NULL && is_true(oc_xml_attr(challenge, "trusted"));
    if (line != NULL) {
        reading->bad = reading->bad || !oc_is_ok(oc_xml_text(&text, line));
    }
    reading->bad = reading->bad || !oc_is_ok(oc_buf_append_byte(&text, 0));
    out->command_line = reading->bad ? "" : oc_arena_text(&out->arena, (const char *)text.at);
    oc_buf_free(&text);
    take_declaration(reading, oc_xml_child(result, "ics"));
    take_passes(reading, result);
    take_waivers(reading, result);
    return reading->bad || out->command_line == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static struct oc_review_texts *list_of(struct oc_submission *out, const char *verdict, const char *reason)
{
    if (strcmp(verdict, "NOT_APPLICABLE") == 0) {
        return strncmp(reason, "ICS:", 4) == 0 ? &out->excluded : NULL;
    }
    return strcmp(verdict, "FAIL") == 0 || strcmp(verdict, "ERROR") == 0 ? &out->failures
           : strcmp(verdict, "DEVIATION") == 0                           ? &out->deviations
           : strcmp(verdict, "INCONCLUSIVE") == 0                        ? &out->undecided
           : strcmp(verdict, "NOT_RUN") == 0                             ? &out->not_run
                                                                         : NULL;
}

/* Times and bytes of one case: two runs never have the same. */
static oc_result take_content(struct reading *reading, const xmlNode *one)
{
    static const oc_chain_seed nobody = {0};
    char link[OC_CHAIN_DIGITS + 1];
    if (oc_xml_child(one, "step") == NULL) {
        return oc_ok();
    }
    OC_TRY(oc_chain_case(reading->chain, &nobody, one, NULL, NULL, link));
    char *id = oc_arena_text(&reading->out->arena, oc_xml_attr(one, "id"));
    if (id == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    reading->out->content_count += xmlHashAddEntry(reading->out->contents, (const xmlChar *)link, id) == 0;
    return oc_ok();
}

static oc_result take_case(void *self, const xmlNode *one, oc_diag *diag)
{
    struct reading *reading = self;
    struct oc_submission *out = reading->out;
    oc_buf text = {0};
    const xmlNode *node = oc_xml_child(one, "reason");
    (void)diag;
    bool good = (node == NULL || oc_is_ok(oc_xml_text(&text, node))) && oc_is_ok(oc_buf_append_byte(&text, 0));
    const char *reason = good ? (const char *)text.at : "";
    const char *id = oc_xml_attr(one, "id");
    const char *pass = oc_xml_attr(one, "pass");
    const char *waiver = oc_xml_attr(one, "waiver");
    struct oc_review_texts *list = list_of(out, oc_xml_attr(one, "verdict"), reason);
    if (list != NULL && good) {
        add(reading, list, oc_arena_format(&out->arena, "%s [%s]: %s", id, pass, reason));
    }
    if (waiver != NULL) {
        add(reading, &out->waived, oc_arena_format(&out->arena, "%s [%s]: %s", id, pass, waiver));
    }
    oc_buf_free(&text);
    return !good || reading->bad ? oc_fail(OC_E_MEMORY) : take_content(reading, one);
}

static oc_result read_record(struct oc_submission *out, oc_diag *diag)
{
    char path[PATH_ROOM];
    struct reading reading = {.out = out};
    const oc_record_visitor visitor = {.self = &reading, .head = take_head, .one = take_case};
    OC_TRY(oc_file_join(path, sizeof path, out->page.folder, "result.xml"));
    out->contents = xmlHashCreate(4096);
    OC_TRY(out->contents == NULL ? oc_fail(OC_E_MEMORY) : oc_chain_new(&reading.chain));
    oc_result r = oc_record_read(path, &visitor, diag);
    oc_chain_free(&reading.chain);
    return r;
}

oc_result oc_submission_read(struct oc_submission *out, const oc_review_order *order, oc_diag *diag)
{
    const oc_verify_order verify = {.folder = out->page.folder,
                                    .data_folder = order->data_folder,
                                    .ca_paths = order->ca_paths,
                                    .ca_count = order->ca_count,
                                    .any_signer = order->any_signer,
                                    .companion = order->companion};
    oc_diag ignored = {0};
    out->page.run_id = "";
    OC_TRY(oc_bundle_verify(&out->verification, &verify, diag));
    /* What does not verify may be no record at all. */
    oc_result r = read_record(out, &ignored);
    out->has_record = oc_is_ok(r);
    if (out->has_record && out->verification.evidence.run_id != NULL) {
        out->page.run_id = out->verification.evidence.run_id;
    }
    return r.code == OC_E_MEMORY ? r : oc_ok();
}
