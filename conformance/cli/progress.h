/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_PROGRESS_H
#define OC_CONFORMANCE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Private to the command line: how far a run is and how long it will take, on standard error. */

enum oc_progress_form {
    OC_PROGRESS_NONE,
    OC_PROGRESS_LINE, /* one line, drawn again and again: a terminal that can */
    OC_PROGRESS_LINES /* a line at each tenth, or each half minute: logs, CI, TERM=dumb */
};

typedef struct oc_progress {
    FILE *out;
    enum oc_progress_form form;
    bool utf8;  /* marks and ids beyond ASCII may be written */
    bool color; /* unless NO_COLOR is set */
    uint64_t began_ns, drawn_ns, sampled_ns;
    bool begun;
    size_t before;      /* done when it began: by the run that this one resumes */
    size_t sampled;     /* done at sampled_ns */
    double ns_per_case; /* of late; 0: not known yet */
    size_t tenth;       /* of LINES: the last one that was told */
    size_t bad;
    bool drawn; /* a line stands unfinished */
} oc_progress;

/* The form for standard error `out` and the environment: CI and TERM=dumb make LINES. */
enum oc_progress_form oc_progress_form_for(FILE *out);

void oc_progress_begin(oc_progress *progress, FILE *out, enum oc_progress_form form, uint64_t now_ns);
/* One more of `planned` is done; `id` names it, `bad` when it failed. */
void oc_progress_note(oc_progress *progress, const char *id, bool bad, size_t done, size_t planned, uint64_t now_ns);
/* Takes the line away. */
void oc_progress_end(oc_progress *progress);

#endif
