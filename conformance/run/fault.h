/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_FAULT_H
#define OC_CONFORMANCE_RUN_FAULT_H

#include "conformance/dialect/suite.h"
#include "sim/link/endpoint.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the power of a virtual card is torn. The functions keep the card's thread out while they run. */
typedef struct oc_tearing {
    void *self;
    /* Power fails after so many more bytes written to non-volatile memory; answers the bytes written so far. */
    uint64_t (*arm)(void *self, uint32_t bytes);
    /* Takes it back; answers the bytes written so far. *torn: power failed since it was armed. */
    uint64_t (*disarm)(void *self, bool *torn);
} oc_tearing;

/* What a <fault> does to the exchanges with one card (vectors/README.md, "Faults"), on whichever side of its link. It
 * outlives the link, which may be opened again. Zero-initialise. */
typedef struct oc_fault {
    oc_fault_order order; /* armed; kind NONE: nothing is */
    oc_buf data;          /* what an order of the kinds DATA and ANSWER puts in the place of the card's own */
    uint32_t pieces;      /* answers come in pieces of so many bytes; 0: as the card gives them */
    bool pieces_unmet;    /* ... and none has yet */
    bool missed;          /* an order met no exchange before the next one was armed */
    bool absent;          /* the card is out of its reader */
    bool unpowered;       /* until the next reset */
    bool silent;          /* the last exchange had no answer, and a fault is why */
    char text[64];        /* what was done to the last exchange; "" for nothing */
    oc_tearing tearing;   /* arm NULL: the card cannot be torn */
    oc_buf held;          /* an answer that waits for GET RESPONSE here, not in the card; its status word last */
    size_t held_at;
} oc_fault;

/* The card behind a fault: `command` NULL for a reset. */
typedef struct oc_fault_card {
    void *self;
    oc_result (*exchange)(void *self, const oc_span *command, enum oc_reset kind, oc_buf *answer, oc_diag *diag);
} oc_fault_card;

/* Arms it for an exchange, or, with the kinds that strike at once, does it. `data` is copied. */
OC_MUST_USE oc_result oc_fault_arm(oc_fault *fault, const oc_fault_order *order, oc_span data);
/* Nothing is armed, and the card is in its reader and has power: for the beginning of a case, before the card is
 * reset. */
void oc_fault_clear(oc_fault *fault);
/* Why the order tried nothing: it met no exchange. NULL when it did, or there was none. */
const char *oc_fault_unmet(const oc_fault *fault);
void oc_fault_free(oc_fault *fault);

/* One exchange on which faults strike: `command` NULL for a reset. What one leaves without an answer is GONE or TIMEOUT,
 * with `fault->silent`; a delay of `timeout_ms` or more is such. */
OC_MUST_USE oc_result oc_fault_exchange(oc_fault *fault, const oc_fault_card *card, const oc_span *command,
                                        enum oc_reset kind, int timeout_ms, oc_buf *answer, oc_diag *diag);

/* Private to the fault's two sources. */

/* Makes `answer`, the card's first to a command, the whole one: what waits behind 61xx is fetched; *waited tells. */
OC_MUST_USE oc_result oc_fault_gather(const oc_fault_card *card, oc_buf *answer, bool *waited, oc_diag *diag);
/* Gives a whole answer as the card would have: held behind 61xx where it waited. */
OC_MUST_USE oc_result oc_fault_give(oc_fault *fault, oc_buf *answer, bool waited);
/* Answers a GET RESPONSE from what is held; false when nothing is, or the command is another one, which drops it. */
OC_MUST_USE oc_result oc_fault_held(oc_fault *fault, oc_span command, oc_buf *answer, bool *served);

#ifdef __cplusplus
}
#endif
#endif
