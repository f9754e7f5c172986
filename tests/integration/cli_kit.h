/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_INTEGRATION_CLI_KIT_H
#define OC_TESTS_INTEGRATION_CLI_KIT_H

#include "tests/support/oc_program.h"
#include "tests/support/oc_results.h"
#include "tests/support/oc_test.h"

/* The real program, as a user calls it, with an output folder of its own. */

#define OC_CARD_3 "vectors/cards/ssc-3.0.xml"
#define OC_CARD_2 "vectors/cards/ssc-2.0.xml"
#define OC_ARGV_MAX 32

typedef struct oc_cli_kit {
    char folder[PATH_MAX]; /* temporary */
    char out[PATH_MAX];    /* FOLDER/out */
} oc_cli_kit;

void oc_kit_open(oc_cli_kit *kit);
void oc_kit_close(oc_cli_kit *kit);

/* onecard COMMAND ARGUMENT...; arguments end with NULL. For `run`, "-q -o OUT" are put in front. */
void oc_kit_command(oc_program *program, const oc_cli_kit *kit, const char *command, const char *const *arguments);
/* Starts only. */
void oc_kit_start(oc_program *program, const oc_cli_kit *kit, const char *command, const char *const *arguments);

/* Runs and returns the exit code; asserts that standard error has one line, or none when `part` is NULL, and that it
 * contains `part`. */
int oc_kit_said(const oc_cli_kit *kit, const char *command, const char *const *arguments, const char *part);

/* "onecard:" is printed from this program's own folder of the build. */
const char *oc_kit_onecard(void);

#define OC_ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
