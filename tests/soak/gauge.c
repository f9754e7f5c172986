/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/soak/gauge.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define YARD_WORDS 32768u /* 256 KiB: beyond the first cache */
#define YARD_STEPS 400000u

static uint64_t resident_of(const char *process)
{
    char path[64];
    unsigned long size = 0;
    unsigned long resident = 0;
    snprintf(path, sizeof path, "/proc/%s/statm", process);
    FILE *file = fopen(path, "re");
    if (file != NULL && fscanf(file, "%lu %lu", &size, &resident) != 2) {
        resident = 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t entries_in(const char *process, const char *what)
{
    char path[64];
    uint64_t count = 0;
    snprintf(path, sizeof path, "/proc/%s/%s", process, what);
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return 0;
    }
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count;
}

void gauge_read(gauge *out, pid_t daemon)
{
    struct mallinfo2 heap = mallinfo2();
    out->heap = heap.uordblks + heap.hblkhd;
    out->resident = resident_of("self");
    out->descriptors = entries_in("self", "fd");
    out->threads = entries_in("self", "task");
    if (daemon != 0) {
        char process[24];
        snprintf(process, sizeof process, "%ld", (long)daemon);
        out->daemon_resident = resident_of(process);
        out->daemon_descriptors = entries_in(process, "fd");
    }
}

uint64_t gauge_cpu_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t gauge_yard(void)
{
    static uint64_t words[YARD_WORDS];
    uint64_t begin = gauge_cpu_now();
    uint64_t at = 88172645463325252u;
    for (unsigned i = 0; i < YARD_STEPS; i++) {
        at ^= at << 13;
        at ^= at >> 7;
        at ^= at << 17;
        words[at % YARD_WORDS] += at;
        at += words[(at >> 32) % YARD_WORDS];
    }
    return gauge_cpu_now() - begin;
}

pid_t gauge_child(const char *name)
{
    char path[64];
    char comm[32] = "";
    long child = 0;
    pid_t found = 0;
    snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
    FILE *children = fopen(path, "re");
    while (children != NULL && found == 0 && fscanf(children, "%ld", &child) == 1) {
        snprintf(path, sizeof path, "/proc/%ld/comm", child);
        FILE *file = fopen(path, "re");
        if (file != NULL && fgets(comm, sizeof comm, file) != NULL && strcspn(comm, "\n") == strlen(name) &&
            strncmp(comm, name, strlen(name)) == 0) {
            found = (pid_t)child;
        }
        if (file != NULL) {
            fclose(file);
        }
    }
    if (children != NULL) {
        fclose(children);
    }
    return found;
}
