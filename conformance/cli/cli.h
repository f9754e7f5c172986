/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_CLI_H
#define OC_CONFORMANCE_CLI_CLI_H

#include <argp.h>
#include <limits.h>
#include <stdio.h>

#include "sim/base/diag.h"
#include "sim/base/result.h"
#include "sim/profile/profile.h"

/* Private to the command line: what its commands share. */

enum oc_exit {
    OC_EXIT_OK = 0,
    OC_EXIT_FAIL = 1,
    OC_EXIT_USAGE = 2,
    OC_EXIT_INFRASTRUCTURE = 3,
    OC_EXIT_NOTHING = 4,
    OC_EXIT_LATENCY = 5,
    OC_EXIT_INCONCLUSIVE = 6,
    OC_EXIT_INTERRUPTED = 130
};

typedef struct oc_cli {
    char data[PATH_MAX]; /* folder that holds vectors/ and reports/ */
    const char *lang;    /* "en" or "zh", from the environment */
} oc_cli;

/* argv[0] is "onecard run" and so on. Each answers the exit code. */
typedef int oc_command(const oc_cli *cli, int argc, char **argv);
oc_command oc_command_run, oc_command_accept, oc_command_list, oc_command_lint, oc_command_issue, oc_command_card,
    oc_command_host, oc_command_reader, oc_command_report, oc_command_replay, oc_command_merge, oc_command_mutate,
    oc_command_pack, oc_command_coverage, oc_command_judge, oc_command_trace, oc_command_version;
oc_command oc_command_compare;
oc_command oc_command_bundle, oc_command_challenge, oc_command_review, oc_command_verify, oc_command_ics;

/* Finds the project's data: ONECARD_DATA, the tree that the program was built in, or where it is installed. */
OC_MUST_USE oc_result oc_cli_find_data(oc_cli *cli, oc_diag *diag);
/* DATA/name. */
OC_MUST_USE oc_result oc_cli_data_path(const oc_cli *cli, char out[PATH_MAX], const char *name);

/* The card profile in `file`, relative to where we are; NULL: the shipped third-generation card. */
OC_MUST_USE oc_result oc_cli_load_profile(const oc_cli *cli, const char *file, oc_profile **out, oc_diag *diag);

/* Prints "onecard: FILE:LINE: reason" on standard error; the code's own sentence where no reason was noted. */
void oc_cli_complain(oc_result r, const oc_diag *diag);
/* The exit code for a failure in reading what the user gave. */
int oc_cli_input_exit(oc_result r);
/* The exit code for a failure of a transport, daemon, disk. */
int oc_cli_world_exit(oc_result r);

/* argp_parse with this project's manners: exit code 2 on misuse, argv[0] as the name in messages. */
int oc_cli_parse(const struct argp *argp, int argc, char **argv, void *input);

/* argv with blanks between; argv[0] is the command's name. NULL when memory is out; to be freed. The record cuts the
 * paths that it tells. */
char *oc_cli_line(int argc, char **argv);

#endif
