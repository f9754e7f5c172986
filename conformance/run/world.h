/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_WORLD_H
#define OC_CONFORMANCE_RUN_WORLD_H

#include "conformance/dialect/terms.h"
#include "conformance/dut/keys_spec.h"
#include "conformance/dut/spec.h"
#include "conformance/dut/terminal_dut.h"
#include "conformance/run/exchange_log.h"
#include "conformance/run/fault_link.h"
#include "conformance/run/guarded_link.h"
#include "conformance/run/recorded.h"
#include "conformance/run/settlement.h"
#include "conformance/run/unrestored.h"
#include "sim/base/run_context.h"
#include "sim/host/host.h"
#include "sim/issuer/issuer.h"
#include "sim/link/transports.h"
#include "sim/terminal/terminal.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a pass is made of: shared by its workers, unchanging while they run. */
typedef struct oc_world_plan {
    const oc_profile *profile;
    const oc_card_os *card_os;
    const oc_card_os *psam_os;
    const oc_spec *card;
    const oc_spec *psam;
    oc_link *lent;                 /* an open link to `card`, used and left open; or NULL */
    const oc_private_pcscd *pcscd; /* NULL: in-process */
    const oc_keys_spec *keys;
    const char *vectors_folder;           /* oc_settlement_parts */
    const char *host_url;                 /* of the back-end under test; NULL: the virtual one */
    oc_http_credentials host_credentials; /* for it */
    enum oc_card_interface interface;     /* by which the virtual card is reached */
    bool prefer_t1;                       /* oc_link_prefer_t1 */
    unsigned allowed;                     /* enum oc_touch bits: lasting changes of a foreign card */
    bool expendable;                      /* a foreign card's PIN and keys may be locked */
    int timeout_ms;
    const oc_terminal_spec *terminal; /* the one under test; NULL: the virtual one */
    const char *serve_cards;          /* oc_slots_start */
    uint32_t card_delay_us;           /* oc_torn_card.delay_us, of the virtual card and PSAM */
    oc_module_log *modules;           /* what a terminal under test consists of is noted here; or NULL */
    bool replays;                     /* cards and whoever is under test answer from a record: oc_world_play */
    uint64_t empty_ns;                /* what an empty exchange costs on the way to them; 0: not known */
} oc_world_plan;

/* All actors of one worker: card and PSAM with their links, terminal, host, issuer, key provider. A virtual card
 * and PSAM are put back to their issued state before each case; a foreign card is only reset. */
typedef struct oc_world oc_world;

OC_MUST_USE oc_result oc_world_new(oc_world **out, const oc_world_plan *plan, oc_diag *diag);
void oc_world_free(oc_world **world);

bool oc_world_card_is_virtual(const oc_world *world);
/* True when the card is a child or a soft card: what it breaks is its own failure, not the link's. */
bool oc_world_card_is_ours_to_judge(const oc_world *world);

/* Whether the run tests that actor, "card", "terminal", "host" or "psam": one of somebody else's is tested, and where all
 * are the simulator's own, all are. */
bool oc_world_is_under_test(const oc_world *world, const char *actor);

/* What answers in the next case of a world that replays; borrowed until the next one. */
OC_MUST_USE oc_result oc_world_play(oc_world *world, oc_recorded *recorded, oc_diag *diag);
/* NULL in a world that does not replay. */
oc_recorded *oc_world_recorded(const oc_world *world);

/* Begins a case: images restored, random sources reseeded, both cards reset cold, no terminal and host left.
 * A link that died is opened again first. After a failure oc_world_psam_is_dead tells whose link it was. */
OC_MUST_USE oc_result oc_world_begin(oc_world *world, const oc_run_context *context, oc_diag *diag);

/* Resets a card of which nothing is known yet, so that terms about its link can be answered. */
void oc_world_meet(oc_world *world);

oc_run_context *oc_world_context(oc_world *world);
/* Borrowed; the PSAM's may be NULL. */
oc_link *oc_world_card(oc_world *world);
oc_link *oc_world_psam(oc_world *world);
const char *oc_world_transport(const oc_world *world); /* also while the link is down */
oc_span oc_world_atr(const oc_world *world);
const oc_key_provider *oc_world_keys(const oc_world *world);
oc_crypto *oc_world_crypto(oc_world *world);
const oc_profile *oc_world_profile(const oc_world *world);
/* Tells the world that a link failed, so that the next case opens it anew. */
void oc_world_card_failed(oc_world *world);
void oc_world_psam_failed(oc_world *world);
bool oc_world_psam_is_dead(const oc_world *world);
/* In mid-case: opens the card's link anew where it failed and resets the card, so that it can be restored. */
OC_MUST_USE oc_result oc_world_recover(oc_world *world, oc_diag *diag);
/* What faults do to the exchanges with "card" or "psam". */
oc_fault *oc_world_fault(oc_world *world, const char *actor);
/* What guards a foreign card's tries; of no effect for the virtual card. */
oc_watch *oc_world_watch(oc_world *world);
/* Whether a case can be sure to put the card right again: keys at hand, and tries of a foreign card left even if power
 * fails. UNAVAILABLE with the key when it cannot. */
OC_MUST_USE oc_result oc_world_check_restore(oc_world *world, const oc_case *subject, oc_diag *diag);
/* What cases have to put right on a foreign card; NULL where nobody keeps a ledger of it. */
oc_unrestored *oc_world_unrestored(oc_world *world);

/* Does what a fault step orders; `data` is copied. UNAVAILABLE where the card cannot be swapped. */
OC_MUST_USE oc_result oc_world_arm(oc_world *world, const char *actor, const oc_fault_order *order, oc_span data,
                                   oc_diag *diag);

/* The terminal under test; NULL: the virtual terminal is used, oc_world_terminal. */
oc_terminal_dut *oc_world_dut(const oc_world *world);
/* Whether one is under test, also where it answers from a record. */
bool oc_world_terminal_is_foreign(const oc_world *world);
/* Whether the terminal, whichever it is, has the function. One under test that cannot be called at all is taken to have
 * the standard's: that it is dead is a failure of its cases. */
bool oc_world_terminal_offers(const oc_world *world, const char *function);
/* "pcsc" or "inproc": how the terminal under test reaches its cards. */
const char *oc_world_via(const oc_world *world);

/* Where the time of a call went. The rest of the whole is the terminal's own, and that of the way to its cards. */
typedef struct oc_call_times {
    uint64_t whole_ns; /* by hand: from the first exchange to the end of the last */
    uint64_t card_ns;  /* inside the virtual card and PSAM, command in to answer out */
    uint64_t link_ns;  /* exchanges times oc_world_plan.empty_ns */
    size_t exchanges;
    bool by_hand; /* an operator made the call: what he took for it is nobody's latency */
} oc_call_times;

/* Calls a function of the terminal under test (oc_terminal_dut_call), or two of them at the same time
 * (oc_terminal_dut_beside; else NULL), with the cards lent to it. What it exchanged with them goes to `read`. */
OC_MUST_USE oc_result oc_world_call(oc_world *world, const oc_terminal_order *order, const oc_beside *beside,
                                    oc_breach *breach, oc_call_times *times, oc_exchange_log_reader *read,
                                    void *context, oc_diag *diag);
/* Ends the case of the terminal under test; `breach` is what it left. Of no effect without one. */
OC_MUST_USE oc_result oc_world_end_terminal(oc_world *world, oc_breach *breach, oc_diag *diag);

/* Made when first asked for in a case. */
OC_MUST_USE oc_result oc_world_terminal(oc_world *world, oc_terminal **out, oc_diag *diag);
OC_MUST_USE oc_result oc_world_host(oc_world *world, oc_host **out, oc_diag *diag);
/* Whether settlement messages go to the virtual back-end. */
bool oc_world_host_is_virtual(const oc_world *world);
OC_MUST_USE oc_result oc_world_settlement(oc_world *world, oc_settlement **out, oc_diag *diag);
/* Replaces the virtual card by a fresh blank chip and has the issuer personalise it over the link. */
OC_MUST_USE oc_result oc_world_issue(oc_world *world, bool initial_pin, enum oc_issue_fault fault, oc_diag *diag);

/* Observers of both links get `context`; NULL functions take them away. */
void oc_world_observe(oc_world *world, oc_link_observer *card, oc_link_observer *psam, void *context);

/* Answers an applicability term (vectors/terms.xml); the context is the world. */
oc_term_answer oc_world_term;

#ifdef __cplusplus
}
#endif
#endif
