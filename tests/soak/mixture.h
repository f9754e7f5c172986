/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SOAK_MIXTURE_H
#define OC_TESTS_SOAK_MIXTURE_H

#include "conformance/run/execute.h"
#include "conformance/run/plan.h"

/* One block of card sessions as they fall in a day of use, each a shipped case: reset, selection, PIN, authentication,
 * reads, updates, loads and purchases at a card; functions of the terminal; messages to the back-end; and now and then a
 * key made or a signature. How often each comes in a block is a project choice. */
#define MIXTURE_BLOCK 200

typedef struct mixture mixture;

/* Loads what is needed from the folder vectors. Aborts when the project's own data cannot be had. */
mixture *mixture_new(void);
void mixture_free(mixture *mix);

const oc_catalogue *mixture_catalogue(const mixture *mix);

/* Session `at` (below MIXTURE_BLOCK) of a block: the same sessions in each, in an order that `block` decides. */
const oc_case *mixture_session(const mixture *mix, uint64_t block, size_t at);

/* Ends the program with the sentence of a failure. */
void soak_demand(oc_result r, const oc_diag *diag);

#endif
