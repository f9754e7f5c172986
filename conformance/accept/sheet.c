/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/sheet.h"

#include "conformance/record/xml_out.h"
#include "sim/base/file.h"

#define NAMESPACE "urn:onecard:batch:1"

static void number(oc_xml_out *out, const char *name, size_t value)
{
    oc_out_number(out, name, (uint64_t)value);
}

static void write_plan(oc_xml_out *out, const oc_sampling *plan)
{
    const char code[] = {plan->code, '\0'};
    const char plan_code[] = {plan->plan_code, '\0'};
    oc_out_open(out, "plan");
    oc_out_attribute(out, "by", plan->by_table ? "table" : plan->size == plan->lot ? "all" : "number");
    number(out, "lot", plan->lot);
    number(out, "size", plan->size);
    number(out, "accept", plan->accept);
    number(out, "reject", plan->reject);
    if (plan->by_table) {
        oc_out_attribute(out, "code", code);
        oc_out_attribute(out, "plan-code", plan_code);
        oc_out_attribute(out, "limit", plan->limit);
    }
    oc_out_close(out);
}

static void write_item(oc_xml_out *out, const oc_batch *batch, unsigned at)
{
    const oc_submission_item *item = oc_submission_item_at(at);
    size_t counts[OC_VERDICT_COUNT] = {0};
    size_t open = 0;
    for (size_t i = 0; i < batch->card_count; i++) {
        const oc_batch_item *one = &batch->cards[i]->items[at];
        open += !one->assessed;
        counts[one->verdict] += one->assessed;
    }
    oc_out_open(out, "item");
    number(out, "number", item->number);
    number(out, "passed", counts[OC_VERDICT_PASS]);
    number(out, "failed", counts[OC_VERDICT_FAIL]);
    number(out, "deviating", counts[OC_VERDICT_DEVIATION]);
    number(out, "open", open);
    oc_out_text_in(out, "title", "zh", item->zh);
    oc_out_text_in(out, "title", "en", item->en);
    if (item->left_en != NULL) {
        oc_out_text_in(out, "left", "zh", item->left_zh);
        oc_out_text_in(out, "left", "en", item->left_en);
    }
    oc_out_close(out);
}

static oc_result write_lines(oc_xml_out *out, const oc_batch *batch, const oc_batch_options *options)
{
    oc_crypto *crypto = NULL;
    OC_TRY(oc_crypto_new(&crypto));
    oc_result r = oc_ok();
    for (size_t i = 0; i < oc_order_count(options->order) && oc_is_ok(r); i++) {
        if (!options->drawn[i]) {
            continue;
        }
        const oc_order_line *line = oc_order_line_at(options->order, i);
        char label[OC_LABEL_MAX];
        r = oc_label_make(label, crypto, options->label_key, line->identity, options->reveal);
        oc_out_open(out, "drawn");
        number(out, "line", (size_t)line->line);
        oc_out_attribute(out, "label", label);
        oc_out_flag(out, "seen", batch->seen != NULL && batch->seen[i]);
        oc_out_close(out);
    }
    oc_crypto_free(&crypto);
    return r;
}

static void write_note(oc_xml_out *out, const oc_batch_note *note)
{
    oc_out_open(out, "finding");
    oc_out_attribute(out, "id", note->id);
    oc_out_attribute(out, "verdict", oc_verdict_name(note->verdict));
    oc_out_text_in(out, "title", "zh", note->title_zh);
    oc_out_text_in(out, "title", "en", note->title_en);
    oc_out_text(out, "reason", note->reason);
    oc_out_text(out, "expected", note->expected);
    oc_out_text(out, "received", note->received);
    oc_out_close(out);
}

static void write_card(oc_xml_out *out, const oc_batch_card *card, const oc_order *order)
{
    oc_out_open(out, "card");
    number(out, "number", card->number);
    oc_out_attribute(out, "label", card->label);
    if (card->line >= 0) {
        number(out, "line", (size_t)oc_order_line_at(order, (size_t)card->line)->line);
    }
    oc_out_flag(out, "drawn", card->drawn);
    oc_out_flag(out, "nonconforming", card->nonconforming);
    oc_out_attribute(out, "verdict", oc_verdict_name(card->worst));
    number(out, "passed", card->counts[OC_VERDICT_PASS]);
    number(out, "failed", card->counts[OC_VERDICT_FAIL]);
    number(out, "deviating", card->counts[OC_VERDICT_DEVIATION]);
    number(out, "undecided", card->counts[OC_VERDICT_INCONCLUSIVE] + card->counts[OC_VERDICT_ERROR]);
    number(out, "left", card->counts[OC_VERDICT_NOT_RUN]);
    for (size_t i = 0; i < card->note_count; i++) {
        write_note(out, &card->notes[i]);
    }
    oc_out_close(out);
}

static oc_result write_body(oc_xml_out *out, const oc_batch *batch, const oc_batch_options *options,
                            const oc_sheet_facts *facts)
{
    static const char *const lots[] = {"accepted", "rejected", "undecided"};
    oc_out_attribute(out, "xmlns", NAMESPACE);
    oc_out_attribute(out, "suite-version", OC_VERSION);
    oc_out_attribute(out, "name", options->map->batch);
    oc_out_path_attribute(out, "order", oc_order_path(options->order));
    oc_out_attribute(out, "order-sha256", facts->order_sha256);
    oc_out_attribute(out, "profile", oc_profile_id(options->profile));
    oc_out_attribute(out, "started", facts->started);
    oc_out_attribute(out, "ended", facts->ended);
    oc_out_number(out, "seed", options->seed);
    oc_out_flag(out, "strict", options->strict);
    oc_out_flag(out, "interrupted", facts->interrupted);
    oc_out_attribute(out, "labels", facts->own_label_key ? "key" : "order");
    oc_out_attribute(out, "lot", lots[batch->lot]);
    number(out, "cards", batch->card_count);
    number(out, "sample-seen", batch->sample_seen);
    number(out, "nonconforming", batch->nonconforming);
    number(out, "foreign", batch->foreign);
    write_plan(out, options->sampling);
    for (unsigned i = 0; i < OC_SUBMISSION_ITEMS; i++) {
        write_item(out, batch, i);
    }
    OC_TRY(write_lines(out, batch, options));
    for (size_t i = 0; i < batch->card_count; i++) {
        write_card(out, batch->cards[i], options->order);
    }
    return oc_ok();
}

oc_result oc_sheet_write(const char *path, const oc_batch *batch, const oc_batch_options *options,
                         const oc_sheet_facts *facts, oc_diag *diag)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    oc_xml_out out = {.writer = buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0)};
    oc_result r = out.writer == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    if (oc_is_ok(r)) {
        xmlTextWriterSetIndent(out.writer, 1);
        out.bad = xmlTextWriterStartDocument(out.writer, "1.0", "UTF-8", NULL) < 0;
        oc_out_open(&out, "batch");
        r = write_body(&out, batch, options, facts);
        oc_out_close(&out);
        out.bad = out.bad || xmlTextWriterEndDocument(out.writer) < 0;
        oc_result end = oc_out_end(&out);
        r = oc_is_ok(r) ? end : r;
    }
    if (oc_is_ok(r)) {
        r = oc_file_replace(path, oc_span_of(xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer)), diag);
    }
    if (buffer != NULL) {
        xmlBufferFree(buffer);
    }
    return r;
}
