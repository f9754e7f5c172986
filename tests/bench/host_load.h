/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_BENCH_HOST_LOAD_H
#define OC_TESTS_BENCH_HOST_LOAD_H

#include "sim/host/medical/region.h"

/* Clients of an HTTP service on this machine, each with a connection of its own that is kept, for a time. */
struct host_load {
    const char *address; /* "127.0.0.1:PORT" */
    const oc_region *region;
    unsigned clients;
    double seconds;
    double rate; /* visits a second, at intended times; 0: each client as fast as it is answered */
    bool visits; /* false: a message of the same size over and over, whatever is answered */
};

struct host_load_result {
    double seconds; /* that it took in the end */
    size_t messages;
    size_t visits;
    size_t failures;
    /* Of visits, or of messages where there are none; sorted, nanoseconds. */
    uint64_t *latency; /* from the intended start */
    uint64_t *service; /* from the real one */
    size_t count;
};

/* Ends the program where it cannot be run. */
void host_load_run(const struct host_load *load, struct host_load_result *result);
void host_load_free(struct host_load_result *result);

#endif
