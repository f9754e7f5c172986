/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_SHOW_H
#define OC_CONFORMANCE_RUN_SHOW_H

#include <stdio.h>

#include "conformance/judge/capture.h"
#include "conformance/run/mask.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Exchanges for a reader at a terminal: direction, bytes as masked as their record has them, the command by its name,
 * the status word by its meaning, times. */
typedef struct oc_show {
    FILE *out;
    const char *lang;    /* of meanings: "en" or "zh" */
    const oc_mask *mask; /* for records that mask nothing */
    oc_arena arena;      /* scratch */
    size_t number;       /* of the exchange */
    uint64_t last_ns;    /* when the one before ended */
    char name[200];      /* of the session shown last */
} oc_show;

/* A headline where the session is another one than before. */
void oc_show_session(oc_show *show, const char *name);
void oc_show_exchange(oc_show *show, const oc_raw_exchange *raw);
/* All of a capture. */
void oc_show_capture(oc_show *show, const oc_capture *capture);
/* One line of a stream of events. What is no JSON object is shown as it is, without its control characters. */
void oc_show_event(oc_show *show, const char *line, size_t len);
void oc_show_free(oc_show *show);

#ifdef __cplusplus
}
#endif
#endif
