/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/fragment.h"

#include <inttypes.h>
#include <stdio.h>

#include "conformance/record/xml_out.h"

typedef void fragment_body(oc_xml_out *out, const void *what);

/* No indentation is written, so every line feed belongs to a text, where its reference means the same. */
oc_result oc_fragment_on_one_line(oc_buf *out, const unsigned char *xml, size_t len)
{
    const uint8_t *at = xml;
    while (len > 0) {
        const uint8_t *feed = memchr(at, '\n', len);
        size_t part = feed == NULL ? len : (size_t)(feed - at);
        OC_TRY(oc_buf_append(out, oc_span_of(at, part)));
        if (feed == NULL) {
            break;
        }
        OC_TRY(oc_buf_append(out, oc_span_text("&#10;")));
        at += part + 1;
        len -= part + 1;
    }
    return oc_ok();
}

static oc_result write_fragment(oc_buf *out, fragment_body *body, const void *what, oc_chain *chain)
{
    oc_entry_out entry = {.to = out};
    oc_xml_out xml = {.entry = &entry, .chain = chain};
    body(&xml, what);
    return oc_out_end(&xml);
}

struct run_and_digest {
    const oc_run_info *info;
    const char *vectors_digest;
};

static void run_body(oc_xml_out *out, const void *what)
{
    const struct run_and_digest *run = what;
    oc_out_open(out, "run");
    oc_out_attribute(out, "suite-version", run->info->suite_version);
    oc_out_number(out, "seed", run->info->seed);
    oc_out_attribute(out, "started", run->info->started);
    oc_out_attribute(out, "vectors", run->vectors_digest);
    oc_out_attribute(out, "subject", run->info->subject);
    oc_out_attribute(out, "run-id", run->info->run_id);
    oc_out_attribute(out, "plan", run->info->plan_digest);
    oc_out_attribute(out, "declaration", run->info->declaration.digest);
    oc_out_attribute(out, "challenge", run->info->challenge.digest);
    oc_out_close(out);
}

oc_result oc_fragment_run(oc_buf *out, const oc_run_info *info, const char *vectors_digest)
{
    return write_fragment(out, run_body, &(struct run_and_digest){info, vectors_digest}, NULL);
}

/* Decimal nanoseconds separated by blanks: an xs:list. */
static void write_samples(oc_xml_out *out, const char *element, const uint64_t *ns, size_t count)
{
    if (count == 0) {
        return;
    }
    oc_out_open(out, element);
    for (size_t i = 0; i < count; i++) {
        char digits[24];
        int len = snprintf(digits, sizeof digits, i == 0 ? "%" PRIu64 : " %" PRIu64, ns[i]);
        oc_out_raw(out, digits, (size_t)len);
    }
    oc_out_close(out);
}

static void write_ledger(oc_xml_out *out, const oc_pass_info *pass)
{
    oc_out_open(out, "ledger");
    oc_out_number(out, "loads", pass->loads);
    oc_out_number(out, "debits", pass->debits);
    for (size_t i = 0; i < pass->tries_count; i++) {
        oc_out_open(out, "tries");
        oc_out_attribute(out, "of", pass->tries[i].of);
        if (pass->tries[i].left >= 0) {
            oc_out_number(out, "left", (uint64_t)pass->tries[i].left);
        }
        oc_out_number(out, "spent", pass->tries[i].spent);
        oc_out_close(out);
    }
    oc_out_close(out);
}

static void write_module(oc_xml_out *out, const oc_pass_module *module)
{
    oc_out_open(out, "module");
    oc_out_path_attribute(out, "path", module->path);
    oc_out_attribute(out, "place", module->place);
    if (module->sha256[0] != '\0') {
        oc_out_attribute(out, "sha256", module->sha256);
        oc_out_attribute(out, "sm3", module->sm3);
        oc_out_number(out, "size", module->size);
    }
    oc_out_close(out);
}

static void pass_body(oc_xml_out *out, const void *what)
{
    const oc_pass_info *pass = what;
    oc_out_open(out, "pass");
    oc_out_attribute(out, "id", pass->id);
    oc_out_attribute(out, "profile", pass->profile);
    oc_out_path_attribute(out, "profile-path", pass->profile_path);
    oc_out_path_attribute(out, "card", pass->card);
    oc_out_path_attribute(out, "terminal", pass->terminal);
    oc_out_attribute(out, "terminal-sha256", pass->terminal_digest);
    oc_out_path_attribute(out, "host", pass->host);
    oc_out_attribute(out, "transport", pass->transport);
    oc_out_attribute(out, "atr", pass->atr);
    oc_out_flag(out, "virtual", pass->is_virtual);
    oc_out_text_in(out, "title", "zh", pass->title_zh);
    oc_out_text_in(out, "title", "en", pass->title_en);
    write_samples(out, "empty-exchange-ns", pass->empty_ns, pass->empty_count);
    if (pass->tries_count > 0) {
        write_ledger(out, pass);
    }
    for (size_t i = 0; i < pass->module_count; i++) {
        write_module(out, &pass->modules[i]);
    }
    oc_out_close(out);
}

oc_result oc_fragment_pass(oc_buf *out, const oc_pass_info *pass)
{
    return write_fragment(out, pass_body, pass, NULL);
}

static void write_evidence(oc_xml_out *out, const oc_outcome_evidence *evidence)
{
    oc_out_open(out, "evidence");
    oc_out_attribute(out, "step", evidence->step);
    oc_out_attribute(out, "what", evidence->what);
    if (evidence->first_difference >= 0) {
        oc_out_number(out, "first-difference", (uint64_t)evidence->first_difference);
    }
    oc_out_attribute(out, "requirement", evidence->requirement);
    oc_out_attribute(out, "confidence", evidence->confidence);
    oc_out_text(out, "expected", evidence->expected);
    oc_out_text(out, "received", evidence->received);
    oc_out_close(out);
}

/* Attributes by name, as the chain takes them. */
static void write_step(oc_xml_out *out, const oc_outcome_step *step)
{
    oc_out_open(out, "step");
    oc_out_attribute(out, "actor", step->actor != NULL && step->actor[0] != '\0' ? step->actor : NULL);
    if (step->budget_class != NULL) {
        oc_out_attribute(out, "budget-class", step->budget_class);
        oc_out_number(out, "budget-p99-ns", step->budget_p99_ns);
    }
    if (step->has_parts) {
        oc_out_number(out, "card-ns", step->card_ns);
    }
    oc_out_attribute(out, "class", step->latency_class);
    oc_out_number(out, "duration-ns", step->duration_ns);
    oc_out_attribute(out, "id", step->id);
    oc_out_attribute(out, "kind", step->kind);
    if (step->has_parts) {
        oc_out_number(out, "link-ns", step->link_ns);
    }
    oc_out_attribute(out, "phase", step->phase);
    oc_out_text(out, "note", step->note);
    for (size_t i = 0; i < step->answer_count; i++) {
        oc_out_open(out, "answer");
        oc_out_attribute(out, "name", step->answers[i].name);
        oc_out_attribute(out, "value", step->answers[i].value);
        oc_out_close(out);
    }
    for (size_t i = 0; i < step->exchange_count; i++) {
        const oc_outcome_exchange *exchange = &step->exchanges[i];
        oc_out_open(out, "exchange");
        oc_out_attribute(out, "actor", exchange->actor);
        oc_out_number(out, "begin-ns", exchange->begin_ns);
        oc_out_number(out, "duration-ns", exchange->duration_ns);
        oc_out_attribute(out, "fault", exchange->fault);
        oc_out_text(out, "command", exchange->command);
        oc_out_text(out, "response", exchange->response);
        oc_out_close(out);
    }
    oc_out_close(out);
}

struct one_case {
    const oc_outcome *outcome;
    unsigned repeat;
    size_t *chain_at; /* receives where the digits of the chain stand; or NULL */
};

/* The attribute stands before what it is computed from: its digits are put in when they are known. */
static const char chain_room[] = "0000000000000000000000000000000000000000000000000000000000000000";

static size_t reserve_chain(oc_xml_out *out)
{
    oc_chain *chain = out->chain;
    out->chain = NULL;
    oc_out_attribute(out, "chain", chain_room);
    out->chain = chain;
    return out->entry->to->len - sizeof chain_room; /* behind it a quotation mark */
}

/* In an attribute before it no quotation mark stands as it is, so the first match is the right one. */
oc_result oc_fragment_set_chain(oc_buf *entry, size_t from, const char *old, const char *digits)
{
    char room[OC_CHAIN_DIGITS + sizeof " chain=\"\""];
    int len = snprintf(room, sizeof room, " chain=\"%s\"", old);
    uint8_t *at = len < 0 || (size_t)len >= sizeof room
                      ? NULL
                      : memmem(entry->at + from, entry->len - from, room, (size_t)len);
    if (at == NULL) {
        return oc_fail(OC_E_INTERNAL);
    }
    memcpy(at + sizeof " chain=\"" - 1, digits, OC_CHAIN_DIGITS);
    return oc_ok();
}

static void write_case_attributes(oc_xml_out *out, const oc_outcome *outcome, unsigned repeat)
{
    oc_out_attribute(out, "id", outcome->id);
    oc_out_attribute(out, "pass", outcome->pass);
    oc_out_attribute(out, "verdict", oc_verdict_name(outcome->verdict));
    oc_out_attribute(out, "waiver", outcome->waiver);
    if (repeat > 1) {
        oc_out_number(out, "repeat", repeat);
    }
    oc_out_attribute(out, "area", outcome->area);
    oc_out_path_attribute(out, "file", outcome->file);
    oc_out_number(out, "line", outcome->line > 0 ? (uint64_t)outcome->line : 0);
    oc_out_number(out, "rev", outcome->rev);
    oc_out_attribute(out, "official", outcome->official);
    oc_out_attribute(out, "twin", outcome->twin);
    oc_out_attribute(out, "because", outcome->because);
    oc_out_attribute(out, "dut", outcome->dut);
    oc_out_attribute(out, "condition", outcome->condition);
    oc_out_attribute(out, "touches", outcome->touches);
    oc_out_flag(out, "flow", outcome->is_flow);
    if (outcome->budget_p99_ns > 0) {
        oc_out_number(out, "budget-p99-ns", outcome->budget_p99_ns);
    }
    oc_out_number(out, "duration-ns", outcome->duration_ns);
}

static void case_body(oc_xml_out *out, const void *what)
{
    const struct one_case *one = what;
    const oc_outcome *outcome = one->outcome;
    oc_out_open(out, "case");
    write_case_attributes(out, outcome, one->repeat);
    if (one->chain_at != NULL) {
        *one->chain_at = reserve_chain(out);
    }
    oc_out_text_in(out, "title", "zh", outcome->title_zh);
    oc_out_text_in(out, "title", "en", outcome->title_en);
    for (size_t i = 0; i < outcome->requirement_count; i++) {
        oc_out_text(out, "req", outcome->requirements[i]);
    }
    oc_out_text(out, "reason", outcome->reason);
    if (outcome->has_evidence) {
        write_evidence(out, &outcome->evidence);
    }
    for (size_t i = 0; i < outcome->step_count; i++) {
        write_step(out, &outcome->steps[i]);
    }
    oc_out_close(out);
}

oc_result oc_fragment_case(oc_buf *out, const oc_outcome *outcome, unsigned repeat, oc_chain *chain,
                           const oc_chain_seed *seed)
{
    char digits[OC_CHAIN_DIGITS + 1];
    size_t chain_at = 0;
    const struct one_case one = {outcome, repeat, chain == NULL ? NULL : &chain_at};
    if (chain == NULL) {
        return write_fragment(out, case_body, &one, NULL);
    }
    oc_chain_begin(chain, seed);
    OC_TRY(write_fragment(out, case_body, &one, chain));
    OC_TRY(oc_chain_end(chain, digits));
    memcpy(out->at + chain_at, digits, OC_CHAIN_DIGITS);
    return oc_ok();
}

struct difference {
    const char *id;
    const char *pass[2];
    enum oc_verdict verdict[2];
};

static void difference_body(oc_xml_out *out, const void *what)
{
    const struct difference *difference = what;
    oc_out_open(out, "difference");
    oc_out_attribute(out, "id", difference->id);
    oc_out_attribute(out, "pass-a", difference->pass[0]);
    oc_out_attribute(out, "verdict-a", oc_verdict_name(difference->verdict[0]));
    oc_out_attribute(out, "pass-b", difference->pass[1]);
    oc_out_attribute(out, "verdict-b", oc_verdict_name(difference->verdict[1]));
    oc_out_close(out);
}

oc_result oc_fragment_difference(oc_buf *out, const char *id, const char *pass_a, enum oc_verdict verdict_a,
                                 const char *pass_b, enum oc_verdict verdict_b)
{
    return write_fragment(out, difference_body, &(struct difference){id, {pass_a, pass_b}, {verdict_a, verdict_b}},
                          NULL);
}

static void one_link_body(oc_xml_out *out, const void *what)
{
    const char *const *texts = what;
    oc_out_open(out, "one-link");
    oc_out_attribute(out, "id", texts[0]);
    oc_out_attribute(out, "pass", texts[1]);
    oc_out_text(out, "reason", texts[2]);
    oc_out_close(out);
}

oc_result oc_fragment_one_link(oc_buf *out, const char *id, const char *pass, const char *why)
{
    return write_fragment(out, one_link_body, (const char *const[]){id, pass, why == NULL ? "" : why}, NULL);
}
