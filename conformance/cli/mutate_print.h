/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_MUTATE_PRINT_H
#define OC_CONFORMANCE_CLI_MUTATE_PRINT_H

#include <stdio.h>

#include "conformance/mutate/score.h"

/* Private to the command line: what a campaign against mutants comes to, for a person. `chinese`: which of the titles. */
OC_MUST_USE oc_result oc_mutate_print(FILE *out, const oc_campaign *campaign, bool quick, bool chinese);

#endif
