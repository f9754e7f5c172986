/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_TORTURE_HOST_AUDIT_H
#define OC_TESTS_TORTURE_HOST_AUDIT_H

#include "tests/torture/host_client.h"

/* The books of the clients against the back-end's store, by SQL of its own, and against what the back-end answers to 3201
 * and 3202. What does not agree is printed and counted. */
struct host_audit {
    size_t settlements; /* acknowledged, cancellations among them */
    size_t reversals;   /* 2601 that were taken */
    size_t reversed;    /* of these, such as had been booked before the kill */
    size_t totals;      /* 3201 that were even */
    size_t details;     /* 3202 that were even */
    size_t lost;        /* acknowledged, but not in the store */
    size_t doubled;     /* in the store, but acknowledged to nobody */
    size_t changed;     /* in the store with other amounts */
    size_t other;       /* anything else */
};

/* With the service at `address` still running, and no message in doubt. */
void host_audit_answers(struct host_audit *audit, struct host_client *clients, size_t count, const char *address,
                        const char *store);
/* The file alone, when the service has ended. */
void host_audit_file(struct host_audit *audit, const struct host_client *clients, size_t count, const char *store,
                     const oc_region *region);

#endif
