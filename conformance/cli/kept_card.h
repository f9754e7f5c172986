/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_KEPT_CARD_H
#define OC_CONFORMANCE_CLI_KEPT_CARD_H

#include <limits.h>

#include "sim/card/card.h"

/* A virtual card whose state is kept in a file between runs, as a real one keeps its own. What a command changed is in
 * the file before the command is answered; the file is the state before it or after it, whatever is killed. */
typedef struct oc_kept_card {
    oc_card *card; /* borrowed */
    char path[PATH_MAX];
    uint64_t written; /* of the card, when it was saved */
    oc_diag diag;     /* why saving failed */
} oc_kept_card;

/* Puts the file's state into the card, or makes the file where there is none. FORMAT when it is damaged, or of another
 * card: its answer to reset has to be the card's. */
OC_MUST_USE oc_result oc_kept_card_open(oc_kept_card *kept, oc_card *card, const char *path, oc_diag *diag);
/* The card's side of a link. IO when the state cannot be saved, with the reason in `diag`; power then is gone. */
oc_endpoint oc_kept_card_endpoint(oc_kept_card *kept);

#endif
