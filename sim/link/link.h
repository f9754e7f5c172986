/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_LINK_H
#define OC_LINK_LINK_H

#include "sim/base/diag.h"
#include "sim/link/endpoint.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The terminal's side: a connection to one card, over which resets and raw commands travel. Every transport makes
 * one of these; logical APDUs go through the layer above it (apdu.h). One thread at a time. */
typedef struct oc_link oc_link;

/* How commands travel: as TPDUs of T=0, or whole, with T=1 or without contacts. */
enum oc_protocol { OC_PROTOCOL_T0, OC_PROTOCOL_T1 };

/* What a transport can carry. */
typedef struct oc_link_traits {
    const char *transport; /* "inproc", "exec", "vpcd", "pcsc" */
    bool raw_tpdu;         /* a TPDU reaches the card as it is, without a reader that maps it */
    bool short_commands;   /* commands of 0 to 3 bytes can be sent */
    size_t command_max;    /* longest command in bytes */
} oc_link_traits;

/* One exchange as it happened, for traces. Spans are valid during the call only. */
typedef struct oc_exchange {
    bool is_reset;
    enum oc_reset reset;
    oc_span command;  /* empty for a reset */
    oc_span response; /* the ATR for a reset; empty when `failed` */
    bool failed;
    uint64_t begin_ns; /* CLOCK_MONOTONIC_RAW */
    uint64_t end_ns;
} oc_exchange;

typedef void oc_link_observer(void *context, const oc_exchange *exchange);

/* Implemented by each transport; `self` is the transport's own state. `timeout_ms` bounds the call. */
typedef struct oc_link_ops {
    oc_result (*reset)(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag);
    oc_result (*transmit)(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag);
    void (*free)(void *self);
    /* What was agreed at the last reset; NULL: what the answer to reset says (oc_atr_protocol). */
    enum oc_protocol (*protocol)(void *self);
    /* To be agreed from the next reset on; NULL: the transport has no say in it. */
    void (*prefer)(void *self, enum oc_protocol protocol);
} oc_link_ops;

/* Takes `self` over, also on failure. `ops` and `traits.transport` live for ever. */
OC_MUST_USE oc_result oc_link_new(oc_link **out, const oc_link_ops *ops, oc_link_traits traits, void *self);
void oc_link_free(oc_link **link);

oc_link_traits oc_link_traits_of(const oc_link *link);
/* Of the last reset; T=0 before one. */
enum oc_protocol oc_link_protocol(const oc_link *link);
/* T=1 from the next reset on with a card that offers it beside T=0, as a terminal asks for it by PPS; a reset of one
 * that does not offer it is UNAVAILABLE then. For the link itself, not for one wrapped around it. */
void oc_link_prefer_t1(oc_link *link);
/* Default 10,000 ms for each exchange. */
void oc_link_set_timeout(oc_link *link, int timeout_ms);
/* At most one observer; NULL takes it away. */
void oc_link_observe(oc_link *link, oc_link_observer *observer, void *context);

/* Resets the card. `atr` is replaced.
 * GONE: reader, daemon, child or card went away. TIMEOUT: silent. GARBAGE: an answer that is none. */
OC_MUST_USE oc_result oc_link_reset(oc_link *link, enum oc_reset kind, oc_buf *atr, oc_diag *diag);

/* One raw exchange. `response` is replaced and holds at least a status word on success.
 * LIMIT when the transport cannot carry the command (see traits). */
OC_MUST_USE oc_result oc_link_transmit(oc_link *link, oc_span command, oc_buf *response, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
