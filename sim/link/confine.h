/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_CONFINE_H
#define OC_LINK_CONFINE_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bounds of a process that runs what is under test (project choice throughout): it gains no privileges, cannot look
 * into other processes, change mounts or the machine, fill the disk or the memory. This contains accidents; it is no
 * sandbox for an attacker, who may still read and write the user's files. */

/* A system call filter, made before the fork because making it allocates. */
typedef struct oc_confinement {
    void *filter;          /* struct sock_filter[count]; owned; NULL: none */
    unsigned short count;  /* instructions */
    unsigned long data_mb; /* data that the process may have; 0: no bound */
    bool is_off;           /* ONECARD_DUT_UNCONFINED=1: nothing but the limit of core images */
} oc_confinement;

/* Name of the environment variable that, set to "1", turns confinement off for children started under it: for a driver
 * that needs more, or a command that uses sudo. */
#define OC_DUT_UNCONFINED "ONECARD_DUT_UNCONFINED"

/* Without libseccomp at build time, or where it cannot make a filter, `filter` is NULL: the limits remain. */
void oc_confinement_make(oc_confinement *out, unsigned long data_mb);
void oc_confinement_free(oc_confinement *confinement);
/* Between fork and exec, in the child; async-signal-safe. Lowers limits only. A kernel without seccomp runs the child
 * without the filter. */
void oc_confinement_enter(const oc_confinement *confinement);

#ifdef __cplusplus
}
#endif
#endif
