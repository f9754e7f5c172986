/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_PRESENT_H
#define OC_CONFORMANCE_ACCEPT_PRESENT_H

#include <signal.h>

#include "conformance/dut/open.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where the cards of a batch come from, one after another: each exec: and vpcd: is one card; into a pcsc: reader the user
 * puts card after card. Prompts go to standard error. */
typedef struct oc_presenter {
    const oc_spec *specs;
    size_t count;
    const volatile sig_atomic_t *stop; /* becomes non-zero when the user interrupts; may be NULL */
    int timeout_ms;                    /* of each exchange */
    size_t at;                         /* 0 at first */
    size_t taken;                      /* from the reader in turn; 0 at first */
} oc_presenter;

/* Opens the next card. *link stays NULL at the end: no source is left, the user stopped, or ended a reader's cards with
 * Enter (where standard input is a terminal). `enough`: no further card is asked of a reader. A source that cannot be
 * opened is an error; the one after it is next. */
OC_MUST_USE oc_result oc_present_next(oc_presenter *presenter, bool enough, oc_link **link, const oc_spec **spec,
                                      oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
