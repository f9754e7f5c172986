/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/dut/modules.h"
#include "tests/support/oc_test.h"

static const oc_module *named(oc_module_log *log, const char *part, size_t *times)
{
    size_t count = 0;
    const oc_module *all = oc_module_log_all(log, &count);
    const oc_module *found = NULL;
    *times = 0;
    for (size_t i = 0; i < count; i++) {
        if (strstr(all[i].path, part) != NULL) {
            found = &all[i];
            ++*times;
        }
    }
    return found;
}

static oc_module_log *fresh(char own[PATH_MAX])
{
    oc_module_log *log = NULL;
    ssize_t len = readlink("/proc/self/exe", own, PATH_MAX - 1);
    CU_ASSERT_FATAL(len > 0);
    own[len] = '\0';
    OC_ASSERT_OK(oc_module_log_new(&log));
    return log;
}

static void what_is_mapped_is_told_once(void)
{
    char own[PATH_MAX];
    size_t times = 0;
    oc_module_log *log = fresh(own);
    OC_ASSERT_OK(oc_module_log_tell(log, own, NULL));
    OC_ASSERT_OK(oc_module_log_look(log, getpid()));
    OC_ASSERT_OK(oc_module_log_look(log, getpid()));
    const oc_module *item = named(log, own, &times);
    CU_ASSERT_PTR_NOT_NULL_FATAL(item);
    CU_ASSERT_EQUAL(times, 1);
    CU_ASSERT_STRING_EQUAL(item->place, "item");
    CU_ASSERT_EQUAL(strlen(item->sha256), 64);
    CU_ASSERT_EQUAL(strlen(item->sm3), 64);
    CU_ASSERT(item->size > 0);
    const oc_module *library = named(log, "/libc.so", &times);
    if (library != NULL) { /* unless it is linked in */
        CU_ASSERT_STRING_EQUAL(library->place, "system");
    }
    oc_module_log_free(&log);
}

/* A child of a child, of which nobody told. */
static void processes_below_are_looked_at(void)
{
    char own[PATH_MAX];
    size_t times = 0;
    oc_module_log *log = fresh(own);
    pid_t child = fork();
    CU_ASSERT_FATAL(child >= 0);
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", "sleep 60 & wait", (char *)NULL);
        _exit(127);
    }
    setpgid(child, child);
    for (unsigned i = 0; i < 200 && named(log, "sleep", &times) == NULL && named(log, "coreutils", &times) == NULL;
         i++) {
        OC_ASSERT_OK(oc_module_log_look(log, child));
        usleep(20000);
    }
    CU_ASSERT(named(log, "sleep", &times) != NULL || named(log, "coreutils", &times) != NULL);
    kill(-child, SIGKILL);
    CU_ASSERT_EQUAL(waitpid(child, NULL, 0), child);
    OC_ASSERT_OK(oc_module_log_look(log, child)); /* gone: nothing more */
    CU_ASSERT_PTR_NULL(named(log, "(not shown)", &times));
    oc_module_log_free(&log);
}

/* The same path, another content: the one that was there first does not hide it. */
static void a_file_that_was_exchanged_is_told_again(void)
{
    char own[PATH_MAX];
    char path[64];
    char line[256];
    size_t times = 0;
    oc_module_log *log = fresh(own);
    snprintf(path, sizeof path, "/tmp/onecard-module-%ld", (long)getpid());
    snprintf(line, sizeof line, "cp /bin/sleep %s", path);
    CU_ASSERT_EQUAL_FATAL(system(line), 0);
    for (unsigned round = 1; round <= 2; round++) {
        pid_t child = fork();
        CU_ASSERT_FATAL(child >= 0);
        if (child == 0) {
            execl(path, "sleep", "60", (char *)NULL);
            _exit(127);
        }
        for (unsigned i = 0; i < 200 && times < round; i++) {
            OC_ASSERT_OK(oc_module_log_look(log, child));
            (void)named(log, path, &times);
            usleep(20000);
        }
        CU_ASSERT_EQUAL(times, round);
        kill(child, SIGKILL);
        CU_ASSERT_EQUAL(waitpid(child, NULL, 0), child);
        snprintf(line, sizeof line, "printf x >>%s", path);
        CU_ASSERT_EQUAL_FATAL(system(line), 0);
    }
    const oc_module *module = named(log, path, &times);
    CU_ASSERT_PTR_NOT_NULL_FATAL(module);
    CU_ASSERT_STRING_EQUAL(module->place, "other");
    CU_ASSERT_EQUAL(unlink(path), 0);
    oc_module_log_free(&log);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"what is mapped is told once", what_is_mapped_is_told_once},
        {"processes below are looked at", processes_below_are_looked_at},
        {"a file that was exchanged is told again", a_file_that_was_exchanged_is_told_again},
        {NULL, NULL},
    };
    return oc_test_main("dut modules", rows);
}
