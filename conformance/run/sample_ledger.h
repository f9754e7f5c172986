/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_SAMPLE_LEDGER_H
#define OC_CONFORMANCE_RUN_SAMPLE_LEDGER_H

#include "conformance/run/interlock.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What runs before this one left of the tries of one card, in a file named after the historical bytes of its ATR: a
 * card does not forget when a program ends, and a dual-interface card has the same ones with contacts and without (PC/SC
 * part 3, 3.1.3.2.3.1); where there are fewer than 8, which name no single card, after the whole ATR. The folder is ONECARD_LEDGER, else XDG_STATE_HOME/onecard/ledger, else HOME/.local/state/onecard/ledger.
 * A line a PIN or key: its reference (oc_guard_reference, 8 hex digits), the tries that may be left or - when the
 * counter is full, the presentations that cost a try or may have, and the fingerprint of the right secret or -. A line
 * "used LOADS DEBITS" counts what the card booked. */
typedef struct oc_sample_ledger oc_sample_ledger;

/* Opens the card's ledger and enters what it knows into *guard. IO when the folder cannot be made or the file is not
 * what this program wrote: nothing is sent to a card whose history is unknown. */
OC_MUST_USE oc_result oc_sample_ledger_open(oc_sample_ledger **out, oc_span atr, oc_guard *guard, oc_diag *diag);
/* Writes the file anew where the guard knows something else than it did. */
OC_MUST_USE oc_result oc_sample_ledger_keep(oc_sample_ledger *ledger, const oc_guard *guard, oc_diag *diag);
/* Its file, to name others after it. */
const char *oc_sample_ledger_path(const oc_sample_ledger *ledger);
void oc_sample_ledger_free(oc_sample_ledger **ledger);

#ifdef __cplusplus
}
#endif
#endif
