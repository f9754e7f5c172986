/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/record/state.h"
#include "sim/base/file.h"
#include "sim/base/file_out.h"
#include "sim/base/xml_output.h"

#define NAMESPACE "urn:onecard:result:1"

struct ending {
    const char *ended;
    bool interrupted;
    int exit_code;
};

/* Line breaks between the children of <result> only, so that a person can read and diff the file. */
static void new_line(oc_xml_out *out)
{
    oc_out_raw(out, "\n", 1);
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static void write_amendment(const oc_record *record, oc_xml_out *out)
{
    if (record->info.amends != NULL) {
        oc_out_open(out, "amends");
        oc_out_attribute(out, "run-id", record->info.amends);
        oc_out_text(out, "reason", or_empty(record->info.amendment));
        oc_out_close(out);
        new_line(out);
    }
}

static void write_document_copy(const char *element, const oc_run_document *document, oc_xml_out *out)
{
    if (document->xml != NULL) {
        oc_out_open(out, element);
        oc_out_attribute(out, "sha256", document->digest);
        oc_out_raw(out, document->xml, strlen(document->xml));
        oc_out_close(out);
        new_line(out);
    }
}

/* Of a record that was put together: the first part's, and those of all. */
static void write_environment(const oc_record *record, oc_xml_out *out)
{
    if (record->info.environment == NULL) {
        oc_environment_write(out, &record->clock);
    } else {
        oc_out_raw(out, record->info.environment, strlen(record->info.environment));
    }
    if (record->info.parts != NULL) {
        new_line(out);
        oc_out_raw(out, record->info.parts, strlen(record->info.parts));
    }
}

static void write_head(const oc_record *record, const struct ending *ending, oc_xml_out *out)
{
    oc_out_attribute(out, "xmlns", NAMESPACE);
    oc_out_attribute(out, "suite-version", or_empty(record->info.suite_version));
    oc_out_number(out, "seed", record->info.seed);
    oc_out_flag(out, "strict", record->info.strict);
    oc_out_attribute(out, "started", or_empty(record->info.started));
    oc_out_attribute(out, "ended", or_empty(ending->ended));
    oc_out_flag(out, "interrupted", ending->interrupted);
    oc_out_number(out, "resumes", record->resumes);
    oc_out_number(out, "exit-code", ending->exit_code < 0 ? 255 : (uint64_t)ending->exit_code);
    oc_out_number(out, "planned", record->info.planned);
    oc_out_attribute(out, "run-id", record->info.run_id);
    oc_out_attribute(out, "plan-sha256", record->info.plan_digest);
    if (record->info.official) {
        oc_out_flag(out, "official", true);
    }
    if (record->info.shards > 0) {
        char shard[24];
        snprintf(shard, sizeof shard, "%u/%u", record->info.shard, record->info.shards);
        oc_out_attribute(out, "shard", shard);
        oc_out_attribute(out, "node", record->info.node);
    }
    new_line(out);
    oc_out_path_text(out, "command-line", record->info.command_line);
    new_line(out);
    write_environment(record, out);
    new_line(out);
    write_amendment(record, out);
    write_document_copy("ics", &record->info.declaration, out);
    write_document_copy("lab", &record->info.laboratory, out);
    if (record->info.challenge.xml != NULL) {
        oc_out_raw(out, record->info.challenge.xml, strlen(record->info.challenge.xml));
        new_line(out);
    }
    oc_out_open(out, "vectors");
    oc_out_attribute(out, "sha256", record->vectors_digest);
    for (size_t i = 0; i < record->info.vector_count; i++) {
        new_line(out);
        oc_out_open(out, "file");
        oc_out_path_attribute(out, "path", record->info.vectors[i].path);
        oc_out_attribute(out, "sha256", record->info.vectors[i].sha256);
        oc_out_close(out);
    }
    oc_out_close(out);
    new_line(out);
    oc_out_open(out, "counts");
    for (unsigned i = 0; i < OC_VERDICT_COUNT; i++) {
        oc_out_open(out, "count");
        oc_out_attribute(out, "verdict", oc_verdict_name((enum oc_verdict)i));
        oc_out_number(out, "n", record->counts[i]);
        oc_out_close(out);
    }
    oc_out_close(out);
    new_line(out);
    const char *const given[] = {record->info.packs, record->info.waivers};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (given[i] != NULL) {
            oc_out_raw(out, given[i], strlen(given[i]));
            new_line(out);
        }
    }
    if (record->info.limits != NULL) {
        oc_out_raw(out, record->info.limits, strlen(record->info.limits));
        new_line(out);
    }
}

static int compare_notes(const void *a, const void *b)
{
    const struct oc_record_note *left = a;
    const struct oc_record_note *right = b;
    if (left->is_difference != right->is_difference) {
        return left->is_difference ? -1 : 1;
    }
    return strcmp(left->key, right->key);
}

static void write_notes(const oc_record *record, oc_xml_out *out)
{
    if (record->note_count > 1) {
        qsort(record->notes, record->note_count, sizeof *record->notes, compare_notes);
    }
    for (size_t i = 0; i < record->note_count; i++) {
        oc_out_raw(out, record->notes[i].xml, strlen(record->notes[i].xml));
        new_line(out);
    }
}

static void write_latency(const oc_record *record, oc_xml_out *out)
{
    oc_out_open(out, "latency");
    new_line(out);
    for (size_t i = 0; i < record->pass_count; i++) {
        const struct oc_record_pass *pass = &record->passes[i];
        oc_latency_write_series(out, pass->id, "empty", "empty exchange", pass->empty_ns, pass->empty_count);
        oc_latency_write(record->latency, pass->id, out);
        new_line(out);
    }
    oc_out_close(out);
    new_line(out);
}

/* Vector order within a pass, whatever order the workers finished in. */
static int compare_cases(const void *a, const void *b)
{
    const struct oc_record_case *left = *(struct oc_record_case *const *)a;
    const struct oc_record_case *right = *(struct oc_record_case *const *)b;
    int file = strcmp(left->file, right->file);
    if (file != 0) {
        return file;
    }
    if (left->line != right->line) {
        return left->line < right->line ? -1 : 1;
    }
    int id = strcmp(left->id, right->id);
    if (id != 0) {
        return id;
    }
    return left->repeat < right->repeat ? -1 : left->repeat > right->repeat;
}

static oc_result write_cases(const oc_record *record, oc_xml_out *out, oc_diag *diag)
{
    if (record->case_count > 1) {
        qsort(record->cases, record->case_count, sizeof *record->cases, compare_cases);
    }
    oc_buf xml = {0};
    oc_result r = oc_ok();
    for (size_t p = 0; p < record->pass_count; p++) {
        for (size_t i = 0; oc_is_ok(r) && i < record->case_count; i++) {
            const struct oc_record_case *one = record->cases[i];
            if (one->superseded || one->pass != record->passes[p].id) {
                continue;
            }
            r = oc_journal_read(record->journal, one->at, one->len, &xml, diag);
            if (oc_is_ok(r)) {
                oc_out_raw(out, (const char *)xml.at, xml.len);
                new_line(out);
            }
        }
    }
    oc_buf_free(&xml);
    return r;
}

static oc_result write_passes(const oc_record *record, oc_xml_out *out, oc_diag *diag)
{
    oc_buf xml = {0};
    oc_result r = oc_ok();
    for (size_t i = 0; oc_is_ok(r) && i < record->pass_count; i++) {
        r = oc_journal_read(record->journal, record->passes[i].at, record->passes[i].len, &xml, diag);
        if (oc_is_ok(r)) {
            oc_out_raw(out, (const char *)xml.at, xml.len);
            new_line(out);
        }
    }
    oc_buf_free(&xml);
    return r;
}

static oc_result write_document(const oc_record *record, const struct ending *ending, oc_xml_out *out, oc_diag *diag)
{
    if (xmlTextWriterStartDocument(out->writer, "1.0", "UTF-8", NULL) < 0) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_out_open(out, "result");
    write_head(record, ending, out);
    OC_TRY(write_passes(record, out, diag));
    write_notes(record, out);
    write_latency(record, out);
    OC_TRY(write_cases(record, out, diag));
    return xmlTextWriterEndDocument(out->writer) < 0 ? oc_fail(OC_E_IO) : oc_ok();
}

/* Streams: a record may be larger than what one would hold in memory. */
static oc_result write_to(const oc_record *record, const struct ending *ending, FILE *stream, oc_diag *diag)
{
    xmlOutputBufferPtr buffer = oc_xml_output(stream);
    oc_xml_out out = {.writer = buffer == NULL ? NULL : xmlNewTextWriter(buffer)};
    if (out.writer == NULL) {
        if (buffer != NULL) {
            xmlOutputBufferClose(buffer);
        }
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = write_document(record, ending, &out, diag);
    oc_result end = oc_out_end(&out);
    return oc_is_ok(r) && !oc_is_ok(end) && ferror(stream) == 0 ? end : r;
}

oc_result oc_record_write_result(oc_record *record, const char *ended, bool interrupted, int exit_code, oc_diag *diag)
{
    char path[4096];
    oc_file_out *out = NULL;
    const struct ending ending = {ended, interrupted, exit_code};
    OC_TRY(oc_file_join(path, sizeof path, record->folder, "result.xml"));
    OC_TRY(oc_file_out_open(&out, path, diag));
    oc_result r = write_to(record, &ending, oc_file_out_stream(out), diag);
    if (!oc_is_ok(r)) {
        oc_file_out_abandon(&out);
        oc_diag_place(diag, path, 0);
        return r;
    }
    return oc_file_out_commit(&out, diag);
}
