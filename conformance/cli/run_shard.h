/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_RUN_SHARD_H
#define OC_CONFORMANCE_CLI_RUN_SHARD_H

#include <stdbool.h>

#include "sim/base/diag.h"

/* Private to the command line: which part of a plan this process runs. */

#define OC_SHARDS_MAX 10000u

/* "I/N" with 1 <= I <= N <= OC_SHARDS_MAX. */
bool oc_shard_parse(const char *text, unsigned *shard, unsigned *shards);

/* What the engine that started this process says in its environment: Bazel (TEST_SHARD_INDEX, TEST_TOTAL_SHARDS, whose
 * TEST_SHARD_STATUS_FILE is made), GoogleTest (GTEST_SHARD_INDEX, GTEST_TOTAL_SHARDS), Slurm arrays
 * (SLURM_ARRAY_TASK_ID, _MIN, _STEP, _COUNT), GitLab and others (CI_NODE_INDEX, CI_NODE_TOTAL), Kubernetes
 * (JOB_COMPLETION_INDEX, with JOB_COMPLETIONS set by the job's author). *shards is 0 when none says anything. USAGE for
 * half of a pair, a number that is none, and two engines that say different things: a runner that misses its number
 * would run everything, and all would look well. */
OC_MUST_USE oc_result oc_shard_from_environment(unsigned *shard, unsigned *shards, oc_diag *diag);

#define OC_SHARD_NODE_ROOM 65
/* The machine's name, in `room`. */
const char *oc_shard_node(char room[OC_SHARD_NODE_ROOM]);

/* Makes the record of a shard known as FOLDER/part-I-of-N.xml too. */
OC_MUST_USE oc_result oc_shard_name_record(const char *folder, unsigned shard, unsigned shards, oc_diag *diag);

#endif
