/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_FRAME_MAKING_H
#define OC_TESTS_MUTANTS_FRAME_MAKING_H

#include "sim/card/card.h"

/* Whether cards are being made for the run in this thread: they are right then, while their issuer may be defective. */
bool mutant_making(void);
void mutant_note_psam(oc_card *psam);

#endif
