/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_EXCHANGE_LOG_H
#define OC_CONFORMANCE_RUN_EXCHANGE_LOG_H

#include "conformance/dut/terminal_dut.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Exchanges that a terminal under test has with its cards. They come from readers' threads at any time; the case's own
 * thread takes them out when a step ends. */
typedef struct oc_exchange_log oc_exchange_log;

typedef struct oc_logged_exchange {
    const char *actor; /* "card", "psam"; static */
    oc_exchange exchange;
    const char *fault; /* what was done to it; "" for nothing */
    bool silent;       /* no answer, and a fault is why */
} oc_logged_exchange;

OC_MUST_USE oc_result oc_exchange_log_new(oc_exchange_log **out);
void oc_exchange_log_free(oc_exchange_log **log);

/* Copies it. A terminal that floods is cut: past 4096 exchanges or 4 MiB the newest are left out. Any thread. */
void oc_exchange_log_note(oc_exchange_log *log, const oc_logged_exchange *one);

/* What of it came since it was opened, with resets that were not passed on to the card: oc_card_watch. */
void oc_exchange_log_sight(oc_exchange_log *log, oc_card_sight *out);
/* A reader powered `actor`, and the card was not told. Any thread. */
void oc_exchange_log_powered(oc_exchange_log *log, const char *actor);

typedef void oc_exchange_log_reader(void *context, const oc_logged_exchange *one);
/* Hands over what came since the last time, in its order, and forgets it; `read` NULL: only forgets. */
void oc_exchange_log_take(oc_exchange_log *log, oc_exchange_log_reader *read, void *context);

#ifdef __cplusplus
}
#endif
#endif
