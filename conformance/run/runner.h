/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_RUNNER_H
#define OC_CONFORMANCE_RUN_RUNNER_H

#include <signal.h>

#include "conformance/dialect/catalogue.h"
#include "conformance/dut/http_post.h"
#include "conformance/dut/keys_spec.h"
#include "conformance/dut/spec.h"
#include "conformance/dut/terminal_spec.h"
#include "conformance/record/record.h"
#include "conformance/run/events.h"
#include "conformance/run/ics.h"
#include "conformance/run/plan.h"
#include "conformance/run/waivers.h"
#include "sim/card/card.h"
#include "sim/link/link.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OC_PROFILES_MAX 16

/* What one run does: every selected case on every card over every link. */
typedef struct oc_run_options {
    const oc_profile *profiles[OC_PROFILES_MAX];
    size_t profile_count;
    const oc_spec *card;
    const oc_spec *psam;
    const oc_terminal_spec *terminal; /* the one under test, with a virtual card; NULL: the virtual one */
    const char *serve_cards;          /* address of the card server for the terminal; NULL: a private one */
    uint32_t card_delay_us;           /* that the virtual card and PSAM take for an answer at least */
    oc_link *lent;                    /* an open link to `card`, used and left open; or NULL */
    const char *pass_id;              /* of the only pass there is, or NULL: PROFILE/LINK */
    bool via_inproc;                  /* for virtual cards: over which links */
    bool via_pcsc;
    enum oc_card_interface interface; /* of the virtual card */
    bool prefer_t1;                   /* with a card that offers T=0 too */
    const oc_keys_spec *keys;
    const char *host_url;                 /* of the back-end under test; NULL: the virtual one */
    oc_http_credentials host_credentials; /* for it */
    const char *vectors_folder;           /* with the regions of settlement messages; NULL: there are none */
    const oc_ics *ics;                    /* the declaration of who is under test, or NULL */
    bool reveal;
    bool strict;
    bool expendable;
    unsigned allowed; /* enum oc_touch bits */
    unsigned jobs;
    unsigned repeat; /* how often each case runs; 0 and 1: once */
    bool resume;     /* take verdicts from the record where it has them */
    uint64_t seed;
    int timeout_ms;
    const oc_waivers *waivers;         /* or NULL */
    oc_events *events;                 /* or NULL */
    bool *left;                        /* becomes true when the operator of a terminal leaves; or NULL */
    const volatile sig_atomic_t *stop; /* becomes non-zero when the user interrupts */
    /* Called after each outcome, for progress; may be NULL. Never from two threads at once. */
    void (*progress)(void *context, const oc_outcome *outcome, size_t done, size_t planned);
    void *progress_context;
} oc_run_options;

/* Whether the run can begin: cards that can be issued, readers that are there. To be asked before a record is opened,
 * so that a slip of the pen does not cost the results of the run before. */
OC_MUST_USE oc_result oc_run_check(const oc_run_options *options, oc_diag *diag);

/* Runs everything into the record. A pass that cannot be had at all (no card, no pcscd) is an error result; what a
 * device does wrong is in the record. *differences counts cases whose verdict differs between links. */
OC_MUST_USE oc_result oc_run(const oc_run_options *options, const oc_plan *plan, const oc_catalogue *catalogue,
                             oc_record *record, size_t *differences, oc_diag *diag);

/* "ssc-3.0/inproc": the pass on the card of `profile`, over pcscd or not. */
#define OC_PASS_ID_MAX 96
void oc_run_pass_id(const oc_run_options *options, const oc_profile *profile, bool pcsc, char out[OC_PASS_ID_MAX]);

/* Passes that `options` ask for, how often each runs a case, and the outcomes that come of it. */
size_t oc_run_pass_count(const oc_run_options *options);
unsigned oc_run_repeat(const oc_run_options *options);
/* True for a pass in which cases of oc_plan_is_of_host do not run: a profile's second link. */
bool oc_run_leaves_host(const oc_run_options *options, bool pcsc);
size_t oc_run_planned(const oc_run_options *options, const oc_plan *plan);

/* The exit code for verdict counts (architecture of exit codes: 130, 2, 1, 3, 4, 6, 5, 0 in this precedence). */
int oc_run_exit_code(const size_t counts[OC_VERDICT_COUNT], size_t differences, bool strict, bool interrupted);

#ifdef __cplusplus
}
#endif
#endif
