/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_FORMATS_FACTS_H
#define OC_REPORTS_FORMATS_FACTS_H

#include "reports/record_reader.h"
#include "sim/base/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What every format says of a run and of a case, worked out once. All texts are visible (sim/base/visible.h): what would
 * deceive a reader's eye stands as \uHHHH, whoever wrote the record. */

typedef struct oc_format_pass {
    const char *id;
    const char *slug; /* letters, digits, '-' and '_', unique in the run */
} oc_format_pass;

typedef struct oc_format_run {
    const xmlNode *result; /* with the head of the record */
    bool strict;
    bool interrupted;
    unsigned long exit_code;
    uint64_t planned;
    const oc_format_pass *passes;
    size_t pass_count;
    size_t differences;
    oc_record_end end; /* zeros before the end */
} oc_format_run;

/* A verdict as test frameworks know them. */
enum oc_format_outcome {
    OC_FORMAT_PASSED,
    OC_FORMAT_WARNED,  /* passed; a deviation that does not fail the run */
    OC_FORMAT_FAILED,  /* the device under test was wrong */
    OC_FORMAT_ERRORED, /* nothing was found out: inconclusive, or the means failed */
    OC_FORMAT_SKIPPED
};

typedef struct oc_format_case {
    const xmlNode *node;
    const char *id;
    const oc_format_pass *pass;
    enum oc_report_verdict verdict;
    enum oc_format_outcome outcome;
    const char
        *type; /* "conformance", "deviation", "inconclusive", "infra", "not-applicable", "not-run", "waived"; or "" */
    const char *classname; /* onecard.PASS.AREA.GROUP, ASCII */
    const char *name;      /* id, title and, from the second, "[rep=N]"; with classname unique in the run */
    const char *message;   /* one line: why it did not pass; "" of a pass */
    const char *file;      /* of the vectors, relative and never leading out of their folder; or "" */
    const char *line;
    uint64_t duration_ns;
} oc_format_case;

/* Of a run, the head read; texts live in the arena. */
OC_MUST_USE oc_result oc_format_run_take(oc_format_run *out, oc_arena *arena, const xmlNode *result);
/* Of a case; texts live in the arena, or in the node. */
OC_MUST_USE oc_result oc_format_case_take(oc_format_case *out, oc_arena *arena, const oc_format_run *run,
                                          const xmlNode *node);

/* Planned verdicts that the record does not hold; the end must have been read. */
uint64_t oc_format_missing(const oc_format_run *run);
/* Why the passes differ on a case. */
OC_MUST_USE oc_result oc_format_difference_text(oc_buf *out, const xmlNode *difference);

/* The element's text or "", visible. Appends; a closing NUL is not counted. */
OC_MUST_USE oc_result oc_format_child_text(oc_buf *out, const xmlNode *parent, const char *name);

/* Appends "step: ID\n", "check: ..", "expected: ..", and so on: the evidence of a case and where its vector stands. */
OC_MUST_USE oc_result oc_format_finding(oc_buf *out, const oc_format_case *one);

/* Appends what happened step by step: notes, commands, responses. At most OC_FORMAT_TRACE_MAX bytes, then a line that
 * says so. */
#define OC_FORMAT_TRACE_MAX ((size_t)64000)
OC_MUST_USE oc_result oc_format_trace(oc_buf *out, const oc_format_case *one);

/* Whether the step is the one whose check decided. */
bool oc_format_step_decided(const oc_format_case *one, const xmlNode *step);

/* Nanoseconds as plain decimal seconds with 1 to 9 digits behind the point, cut, never with an exponent. */
void oc_format_seconds(char out[32], uint64_t ns, unsigned digits);

/* "2026-03-02T09:15:00+08:00" as milliseconds since 1970 in UTC; 0 where it is not of that form. */
int64_t oc_format_milliseconds(const char *time);

#ifdef __cplusplus
}
#endif
#endif
