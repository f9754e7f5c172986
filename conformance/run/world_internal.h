/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_WORLD_INTERNAL_H
#define OC_CONFORMANCE_RUN_WORLD_INTERNAL_H

#include "conformance/run/card_side.h"
#include "conformance/run/slots.h"
#include "conformance/run/world.h"

/* Private to the sources named world*.c. */

/* A virtual card or PSAM as its tears see it. */
struct oc_victim {
    oc_card *card;            /* borrowed; NULL: there is none */
    oc_vpcd_card **in_reader; /* points at NULL in-process */
    oc_torn_card torn;        /* behind its link */
};

/* The harness's own way to a card that sits in a reader of the terminal under test. */
struct oc_direct {
    struct oc_world *world;
    enum oc_slot slot;
    bool used;  /* since the terminal had it */
    bool stale; /* the terminal had it since: the card is reset before it is used here */
};

/* What there is for a terminal under test; all 0 without one. */
struct oc_world_dut {
    oc_exchange_log *log;
    oc_card_side sides[OC_SLOT_COUNT];
    struct oc_direct direct[OC_SLOT_COUNT];
    oc_slots *slots;
    oc_terminal_dut *terminal;
    oc_breach breach; /* why the case cannot call it */
    bool begun;
};

struct oc_world {
    oc_world_plan plan;
    oc_crypto *crypto;          /* of the virtual card */
    oc_crypto *psam_crypto;     /* of the virtual PSAM */
    oc_crypto *terminal_crypto; /* of vectors, terminal, host and issuer */
    oc_key_provider keys;
    oc_crypto *keys_crypto; /* of the virtual PSAM that is the key provider, as the next two; else NULL */
    oc_card *keys_psam;
    oc_card_image *keys_image;
    bool card_learned; /* the key provider was told, or cannot be told, whose keys are meant */
    oc_card *card;
    oc_card *psam;
    oc_card_image *blank;
    oc_card_image *issued;
    oc_card_image *psam_image;
    oc_vpcd_card *card_in_reader;
    oc_vpcd_card *psam_in_reader;
    oc_link *card_link;
    oc_link *psam_link;
    oc_link_traits traits;     /* of the card's link, also while it is down */
    enum oc_protocol protocol; /* of the last reset that the card answered */
    bool card_dead;
    bool psam_dead;
    oc_recorded *recorded; /* that answers, where the plan says so */
    oc_fault card_fault;
    oc_fault psam_fault;
    struct oc_victim card_victim;
    struct oc_victim psam_victim;
    oc_watch watch;
    oc_sample_ledger *ledger;
    oc_unrestored *unrestored; /* where there is a ledger */
    oc_link_observer *card_observer;
    oc_link_observer *psam_observer;
    void *observer_context;
    oc_run_context context;
    oc_random terminal_random;
    oc_terminal *terminal;
    struct oc_world_dut dut;
    oc_card *other; /* that a swap put in the place of the card */
    oc_card *other_psam;
    oc_host *host;
    oc_settlement *settlement;
    oc_buf atr;
};

/* Opens the link to the card or PSAM, which must not be open, as the plan says. */
OC_MUST_USE oc_result oc_world_open_card(oc_world *world, oc_diag *diag);
OC_MUST_USE oc_result oc_world_open_psam(oc_world *world, oc_diag *diag);
/* Ends what a case began: its terminal and its host go, the card that a swap took away comes back. */
void oc_world_end_case(oc_world *world);
/* Makes world->keys as the plan says. */
OC_MUST_USE oc_result oc_world_open_keys(oc_world *world, oc_diag *diag);
/* oc_watch.prove; the context is the world. */
bool oc_world_prove(void *context, const oc_presentation *presentation, uint8_t proof[OC_GUARD_PROOF]);
/* oc_watch.limit, from the profile. */
unsigned oc_world_limit(void *context, oc_guard_reference reference);
/* Reads the diversification factors off the card, once, where the profile does not know them. The card has just been
 * reset, and is again afterwards. */
OC_MUST_USE oc_result oc_world_learn_card(oc_world *world, oc_diag *diag);
/* Puts the virtual cards into the readers of the terminal under test and opens it. */
OC_MUST_USE oc_result oc_world_open_terminal(oc_world *world, oc_diag *diag);
void oc_world_close_terminal(oc_world *world);
/* Begins its case, with its cards in their readers. */
OC_MUST_USE oc_result oc_world_begin_terminal(oc_world *world, oc_diag *diag);
/* The cards are in their readers; to be asked before they are put back. */
OC_MUST_USE oc_result oc_world_seat_cards(oc_world *world, oc_diag *diag);
/* How the harness reaches that card itself. */
oc_endpoint oc_world_direct(oc_world *world, enum oc_slot slot);
/* Keeps a reader's thread away from the card, or lets it in again. Of no effect in-process. */
void oc_world_keep_out(oc_world *world, enum oc_slot slot, bool out);
/* Takes away what swaps put in the place of card and PSAM. */
void oc_world_unswap(oc_world *world);
/* Makes a virtual card one that can be torn; of no effect without one. */
void oc_world_expose(struct oc_victim *victim, oc_card *card, oc_vpcd_card **in_reader, oc_fault *fault);

#endif
