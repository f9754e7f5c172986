/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/events.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/record/visible.h"
#include "sim/base/clock.h"

struct oc_events {
    FILE *file;
    pthread_mutex_t lock;
    uint64_t origin_ns;
};

oc_result oc_events_open(oc_events **out, const char *path, oc_diag *diag)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    (*out)->file = fopen(path, "we");
    if ((*out)->file == NULL) {
        free(*out);
        *out = NULL;
        return oc_diag_fail_at(diag, OC_E_IO, path, 0, "the events cannot be written: %s", strerror(errno));
    }
    pthread_mutex_init(&(*out)->lock, NULL);
    (*out)->origin_ns = oc_clock_now_ns();
    return oc_ok();
}

void oc_events_close(oc_events **events)
{
    if (*events == NULL) {
        return;
    }
    fclose((*events)->file);
    pthread_mutex_destroy(&(*events)->lock);
    free(*events);
    *events = NULL;
}

/* NULL stays out. */
static void put_text(json_t *line, const char *name, const char *text)
{
    oc_buf visible = {0};
    if (text != NULL && oc_is_ok(oc_visible_text(&visible, text))) {
        json_object_set_new(line, name, json_stringn((const char *)visible.at, visible.len));
    }
    oc_buf_free(&visible);
}

static void put_number(json_t *line, const char *name, uint64_t number)
{
    json_object_set_new(line, name, json_integer((json_int_t)number));
}

static json_t *begin(const oc_events *events, const char *event, const oc_outcome *head)
{
    json_t *line = events == NULL ? NULL : json_object();
    if (line == NULL) {
        return NULL;
    }
    put_text(line, "event", event);
    put_number(line, "at-ns", oc_clock_now_ns() - events->origin_ns);
    if (head != NULL) {
        put_text(line, "pass", head->pass);
        put_text(line, "case", head->id);
    }
    return line;
}

static void end(oc_events *events, json_t *line)
{
    pthread_mutex_lock(&events->lock);
    if (json_dumpf(line, events->file, JSON_COMPACT) == 0) {
        fputc('\n', events->file);
    }
    fflush(events->file);
    pthread_mutex_unlock(&events->lock);
    json_decref(line);
}

void oc_events_run_started(oc_events *events, const oc_run_info *info)
{
    json_t *line = begin(events, "run-started", NULL);
    if (line == NULL) {
        return;
    }
    put_number(line, "form", 1);
    put_text(line, "suite-version", info->suite_version);
    put_number(line, "seed", info->seed);
    put_text(line, "started", info->started);
    put_number(line, "planned", info->planned);
    end(events, line);
}

void oc_events_case_started(oc_events *events, const oc_outcome *head)
{
    json_t *line = begin(events, "case-started", head);
    if (line == NULL) {
        return;
    }
    put_text(line, "area", head->area);
    put_text(line, "twin", head->twin);
    put_text(line, "title-en", head->title_en);
    put_text(line, "title-zh", head->title_zh);
    end(events, line);
}

void oc_events_exchange(oc_events *events, const oc_outcome *head, const char *step,
                        const oc_outcome_exchange *exchange)
{
    json_t *line = begin(events, "apdu", head);
    if (line == NULL) {
        return;
    }
    put_text(line, "step", step);
    put_text(line, "actor", exchange->actor);
    put_text(line, "command", exchange->command);
    put_text(line, "response", exchange->response);
    put_text(line, "fault", exchange->fault);
    put_number(line, "begin-ns", exchange->begin_ns);
    put_number(line, "duration-ns", exchange->duration_ns);
    end(events, line);
}

void oc_events_step(oc_events *events, const oc_outcome *head, const oc_outcome_step *step)
{
    json_t *line = begin(events, "step", head);
    if (line == NULL) {
        return;
    }
    put_text(line, "step", step->id);
    put_text(line, "kind", step->kind);
    put_text(line, "actor", step->actor);
    put_text(line, "phase", step->phase);
    put_number(line, "duration-ns", step->duration_ns);
    if (step->has_parts) {
        put_number(line, "card-ns", step->card_ns);
        put_number(line, "link-ns", step->link_ns);
    }
    put_text(line, "note", step->note);
    end(events, line);
}

void oc_events_verdict(oc_events *events, const oc_outcome *outcome, size_t done, size_t planned)
{
    json_t *line = begin(events, "verdict", outcome);
    if (line == NULL) {
        return;
    }
    put_text(line, "verdict", oc_verdict_name(outcome->verdict));
    put_text(line, "reason", outcome->reason);
    if (outcome->has_evidence) {
        put_text(line, "step", outcome->evidence.step);
        put_text(line, "expected", outcome->evidence.expected);
        put_text(line, "received", outcome->evidence.received);
        put_text(line, "requirement", outcome->evidence.requirement);
    }
    put_number(line, "done", done);
    put_number(line, "planned", planned);
    end(events, line);
}

void oc_events_run_ended(oc_events *events, int exit_code, bool interrupted)
{
    json_t *line = begin(events, "run-ended", NULL);
    if (line == NULL) {
        return;
    }
    put_number(line, "exit-code", (uint64_t)exit_code);
    json_object_set_new(line, "interrupted", json_boolean(interrupted));
    end(events, line);
}
