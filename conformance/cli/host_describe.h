/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_HOST_DESCRIBE_H
#define OC_CONFORMANCE_CLI_HOST_DESCRIBE_H

#include "conformance/cli/cli.h"

/* Prints the field tables of a message ("2207", "envelope"; "" for all) as `region` has them, a file or NULL for the
 * shipped national one, with the differences of the other shipped regions. Answers the exit code. */
int oc_host_describe(const oc_cli *cli, const char *region, const char *infno);

#endif
