/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/run_shard.h"
#include "conformance/cli/words.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/file.h"

/* How an engine tells its part. */
static const struct engine {
    const char *index;
    const char *total;
    const char *first; /* the number of the first part, where that is set; or NULL */
    const char *step;  /* between two parts, where that is set; or NULL */
    unsigned base;     /* number of the first part otherwise */
} engines[] = {
    {"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", NULL, NULL, 0},
    {"GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", NULL, NULL, 0},
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP", 0},
    {"CI_NODE_INDEX", "CI_NODE_TOTAL", NULL, NULL, 1},
    {"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", NULL, NULL, 0},
};

static bool read_number(const char *text, unsigned *out)
{
    char *end = NULL;
    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    *out = (unsigned)value;
    return errno == 0 && *end == '\0' && value <= INT_MAX;
}

bool oc_shard_parse(const char *text, unsigned *shard, unsigned *shards)
{
    const char *slash = strchr(text, '/');
    char first[12];
    if (slash == NULL || (size_t)(slash - text) >= sizeof first) {
        return false;
    }
    memcpy(first, text, (size_t)(slash - text));
    first[slash - text] = '\0';
    return read_number(first, shard) && read_number(slash + 1, shards) && *shard >= 1 && *shard <= *shards &&
           *shards <= OC_SHARDS_MAX;
}

static const char *set(const char *name)
{
    const char *value = name == NULL ? NULL : getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

static oc_result number_of(const char *name, unsigned *out, oc_diag *diag)
{
    const char *value = set(name);
    if (value != NULL && !read_number(value, out)) {
        return oc_diag_fail(diag, OC_E_USAGE, _("%s is no number: %.40s"), name, value);
    }
    return oc_ok();
}

static oc_result ask(const struct engine *engine, unsigned *shard, unsigned *shards, oc_diag *diag)
{
    unsigned index = 0;
    unsigned total = 0;
    unsigned first = engine->base;
    unsigned step = 1;
    const char *missing = set(engine->index) == NULL   ? engine->index
                          : set(engine->total) == NULL ? engine->total
                                                       : NULL;
    *shards = 0;
    if (set(engine->index) == NULL && set(engine->total) == NULL) {
        return oc_ok();
    }
    if (missing != NULL) {
        return oc_diag_fail(diag, OC_E_USAGE, _("%s is set and %s is not: which part is this? Say --shard I/N"),
                            missing == engine->index ? engine->total : engine->index, missing);
    }
    OC_TRY(number_of(engine->index, &index, diag));
    OC_TRY(number_of(engine->total, &total, diag));
    OC_TRY(number_of(engine->first, &first, diag));
    OC_TRY(number_of(engine->step, &step, diag));
    if (index < first || step == 0 || (index - first) / step >= total || total > OC_SHARDS_MAX) {
        return oc_diag_fail(diag, OC_E_USAGE, _("%s=%u is no part of %s=%u"), engine->index, index, engine->total,
                            total);
    }
    *shard = (index - first) / step + 1;
    *shards = total;
    return oc_ok();
}

/* Bazel takes a test that does not make this file for one that ran everything. */
static oc_result acknowledge(oc_diag *diag)
{
    const char *path = set("TEST_SHARD_STATUS_FILE");
    if (path == NULL || set("TEST_TOTAL_SHARDS") == NULL) {
        return oc_ok();
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        return oc_diag_fail_at(diag, OC_E_IO, path, 0, "TEST_SHARD_STATUS_FILE cannot be made: %s", strerror(errno));
    }
    close(fd);
    return oc_ok();
}

oc_result oc_shard_from_environment(unsigned *shard, unsigned *shards, oc_diag *diag)
{
    const struct engine *who = NULL;
    *shard = 0;
    *shards = 0;
    for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++) {
        unsigned its = 0;
        unsigned total = 0;
        OC_TRY(ask(&engines[i], &its, &total, diag));
        if (total == 0) {
            continue;
        }
        if (who != NULL && (its != *shard || total != *shards)) {
            return oc_diag_fail(diag, OC_E_USAGE,
                                _("%s says part %u of %u, and %s says part %u of %u: say --shard I/N"), who->index,
                                *shard, *shards, engines[i].index, its, total);
        }
        who = &engines[i];
        *shard = its;
        *shards = total;
    }
    return acknowledge(diag);
}

const char *oc_shard_node(char room[OC_SHARD_NODE_ROOM])
{
    if (gethostname(room, OC_SHARD_NODE_ROOM - 1) != 0) {
        room[0] = '\0';
    }
    room[OC_SHARD_NODE_ROOM - 1] = '\0';
    return room;
}

oc_result oc_shard_name_record(const char *folder, unsigned shard, unsigned shards, oc_diag *diag)
{
    char name[48];
    char record[PATH_MAX];
    char part[PATH_MAX];
    char temporary[PATH_MAX + 16];
    snprintf(name, sizeof name, "part-%u-of-%u.xml", shard, shards);
    OC_TRY(oc_file_join(record, sizeof record, folder, "result.xml"));
    OC_TRY(oc_file_join(part, sizeof part, folder, name));
    snprintf(temporary, sizeof temporary, "%s.%ld", part, (long)getpid());
    if (link(record, temporary) != 0 || rename(temporary, part) != 0) {
        oc_result r = oc_diag_fail_at(diag, OC_E_IO, part, 0, "cannot be made: %s", strerror(errno));
        (void)unlink(temporary);
        return r;
    }
    return oc_ok();
}
