/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "reports/formats/format.h"
#include "sim/base/file_out.h"

static const oc_format *const formats[] = {
    &oc_format_junit, &oc_format_junit_extended, &oc_format_tap, &oc_format_ctrf, &oc_format_json,
};

const oc_format *oc_format_find(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i]->name, name) == 0) {
            return formats[i];
        }
    }
    return NULL;
}

/* One file on the way. */
struct output {
    const oc_format *format;
    const char *path;
    oc_file_out *file;
    void *state;
};

struct writing {
    struct output *at;
    size_t count;
    oc_format_run run;
    oc_arena run_texts;
};

/* A full disk ends the reading at once, with its reason. */
static oc_result written(const struct output *out, oc_result r, oc_diag *diag)
{
    if (ferror(oc_file_out_stream(out->file)) != 0) {
        return oc_diag_fail_at(diag, OC_E_IO, out->path, 0, "cannot write: %s", strerror(errno));
    }
    return r;
}

static oc_result take_head(void *self, const xmlNode *result, oc_diag *diag)
{
    struct writing *writing = self;
    OC_TRY(oc_format_run_take(&writing->run, &writing->run_texts, result));
    for (size_t i = 0; i < writing->count; i++) {
        struct output *out = &writing->at[i];
        OC_TRY(written(out, out->format->head(out->state, oc_file_out_stream(out->file), &writing->run), diag));
    }
    return oc_ok();
}

static oc_result take_case(void *self, const xmlNode *node, oc_diag *diag)
{
    struct writing *writing = self;
    oc_arena texts = {0};
    oc_format_case one;
    oc_result r = oc_format_case_take(&one, &texts, &writing->run, node);
    for (size_t i = 0; oc_is_ok(r) && i < writing->count; i++) {
        struct output *out = &writing->at[i];
        r = written(out, out->format->one(out->state, oc_file_out_stream(out->file), &writing->run, &one), diag);
    }
    oc_arena_free(&texts);
    return r;
}

static oc_result take_end(void *self, const oc_record_end *end, oc_diag *diag)
{
    struct writing *writing = self;
    writing->run.end = *end;
    for (size_t i = 0; i < writing->count; i++) {
        struct output *out = &writing->at[i];
        OC_TRY(written(out, out->format->end(out->state, oc_file_out_stream(out->file), &writing->run), diag));
    }
    return oc_ok();
}

/* A report must not take the place of its record. */
static oc_result refuse_record(const char *path, const char *result_path, oc_diag *diag)
{
    struct stat report;
    struct stat record;
    return stat(path, &report) == 0 && stat(result_path, &record) == 0 && report.st_dev == record.st_dev &&
                   report.st_ino == record.st_ino
               ? oc_diag_fail_at(diag, OC_E_USAGE, path, 0, "this is the record itself: name another file")
               : oc_ok();
}

static oc_result begin(struct writing *writing, const oc_format_request *requests, size_t count,
                       const char *result_path, oc_diag *diag)
{
    writing->at = calloc(count + 1, sizeof *writing->at);
    if (writing->at == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        struct output *out = &writing->at[i];
        bool standard = strcmp(requests[i].path, "-") == 0;
        OC_TRY(standard ? oc_ok() : refuse_record(requests[i].path, result_path, diag));
        OC_TRY(oc_file_out_open(&out->file, standard ? NULL : requests[i].path, diag));
        out->format = requests[i].format;
        out->path = standard ? "standard output" : requests[i].path;
        writing->count++;
        out->state = calloc(1, out->format->state_size);
        if (out->state == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
    }
    return oc_ok();
}

static void release(struct writing *writing)
{
    for (size_t i = 0; i < writing->count; i++) {
        struct output *out = &writing->at[i];
        if (out->state != NULL) {
            out->format->release(out->state);
        }
        free(out->state);
        oc_file_out_abandon(&out->file);
    }
    free(writing->at);
    oc_arena_free(&writing->run_texts);
}

oc_result oc_formats_write(const oc_format_request *requests, size_t count, const char *result_path, oc_diag *diag)
{
    struct writing writing = {0};
    const oc_record_visitor visitor = {.self = &writing, .head = take_head, .one = take_case, .end = take_end};
    oc_result r = begin(&writing, requests, count, result_path, diag);
    if (oc_is_ok(r)) {
        r = oc_record_read(result_path, &visitor, diag);
    }
    for (size_t i = 0; oc_is_ok(r) && i < writing.count; i++) {
        r = oc_file_out_commit(&writing.at[i].file, diag);
    }
    release(&writing);
    return r;
}
