/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_GUARDED_LINK_H
#define OC_CONFORMANCE_RUN_GUARDED_LINK_H

#include "conformance/run/interlock.h"
#include "conformance/run/sample_ledger.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is known of the tries of one foreign card, and what the present step means to do. It outlives the link, which
 * may be opened again. */
typedef struct oc_watch {
    oc_guard guard;
    bool wrong;               /* the running step presents what is meant to be refused */
    oc_sample_ledger *ledger; /* what earlier runs left, or NULL; borrowed */
} oc_watch;

/* A link that lets no command pass that could leave PIN or key with fewer than two tries, whoever sends it: a step, the
 * T=0 layer or a terminal function. UNAVAILABLE then, before anything is sent. Takes `inner` over, also on failure;
 * `watch` is borrowed. */
OC_MUST_USE oc_result oc_guarded_link(oc_link **out, oc_link *inner, oc_watch *watch);

#ifdef __cplusplus
}
#endif
#endif
