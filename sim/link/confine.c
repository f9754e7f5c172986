/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/confine.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* A file that fills the disk; more processes of a user, or descriptors, than any driver needs; a day of processor
 * time, since a program may serve a whole run. */
#define FILE_BYTES ((rlim_t)256 * 1024 * 1024)
#define PROCESSES 4096
#define DESCRIPTORS 1024
#define PROCESSOR_SECONDS ((rlim_t)24 * 60 * 60)

static void limit(__rlimit_resource_t resource, rlim_t value)
{
    struct rlimit now;
    if (getrlimit(resource, &now) == 0) {
        value = now.rlim_max != RLIM_INFINITY && now.rlim_max < value ? now.rlim_max : value;
        const struct rlimit wanted = {value, value};
        setrlimit(resource, &wanted);
    }
}

void oc_confinement_free(oc_confinement *confinement)
{
    free(confinement->filter);
    *confinement = (oc_confinement){0};
}

void oc_confinement_enter(const oc_confinement *confinement)
{
    limit(RLIMIT_CORE, 0); /* an image of its memory would hold PINs */
    if (confinement->is_off) {
        return;
    }
    limit(RLIMIT_FSIZE, FILE_BYTES);
    limit(RLIMIT_NPROC, PROCESSES);
    limit(RLIMIT_NOFILE, DESCRIPTORS);
    limit(RLIMIT_CPU, PROCESSOR_SECONDS);
    if (confinement->data_mb > 0) {
        limit(RLIMIT_DATA, (rlim_t)confinement->data_mb * 1024 * 1024);
    }
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (confinement->filter != NULL) {
        const struct sock_fprog program = {.len = confinement->count, .filter = confinement->filter};
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    }
}
