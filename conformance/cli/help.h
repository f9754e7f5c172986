/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_HELP_H
#define OC_CONFORMANCE_CLI_HELP_H

#include <argp.h>
#include <stdio.h>

/* Prints what argp's own help would, for a command named `name`: argp counts bytes where Chinese takes columns, and
 * its lines come apart where its buffer ends. Options stand in the order of the table. help2man reads this form. */
void oc_help_print(FILE *out, const struct argp *argp, const struct argp_option *common, const char *name);

#endif
