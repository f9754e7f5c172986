/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_TORTURE_HOST_CLIENT_H
#define OC_TESTS_TORTURE_HOST_CLIENT_H

#include "tests/support/oc_visit.h"

/* A hospital that settles visits one after the other and does right when the back-end dies under it: what it asked and was
 * not answered it asks again with the same number, or takes it back by 2601 when it was a settlement. It keeps what was
 * acknowledged. */

struct host_settled {
    char setl_id[31];
    char insutype[4];
    char clr_type[8];
    int64_t medfee; /* fen; negative for a cancellation */
    int64_t fund;
    int64_t account;
    int64_t cash;
};

enum host_client_deed { HOST_SIGN_IN, HOST_STEP, HOST_CANCEL, HOST_REVERSE };

struct host_client {
    oc_visit visit;
    uint64_t random;
    enum host_client_deed deed;
    bool doubtful;    /* visit.request was made for the deed, and its answer did not come */
    char infno[8];    /* of that message */
    char doubted[31]; /* the msgid that HOST_REVERSE takes back */
    char setl_id[31]; /* of the settlement at hand */
    oc_buf answer;
    struct host_settled *held;
    size_t held_count;
    char (*reversed)[31]; /* msgids of settlements that were taken back by 2601 */
    size_t reversed_count;
    size_t messages; /* that were answered */
    size_t visits;   /* that were settled */
    size_t again;    /* messages sent again after a kill */
    size_t twice;    /* messages sent on two connections at once */
    char failure[400];
};

OC_MUST_USE oc_result host_client_open(struct host_client *client, const oc_region *region, size_t at, size_t of,
                                       uint64_t seed);
void host_client_close(struct host_client *client);
/* Forgets what was settled, as another store begins. */
void host_client_forget(struct host_client *client);

/* Lives on until the connection breaks, or, with `finish`, until nothing is in doubt. A refusal of what is right is noted
 * in `failure` and ends it, too. */
void host_client_live(struct host_client *client, const char *address, bool finish);

/* One message of another kind on a connection of its own; true when it was taken. */
bool host_client_ask(struct host_client *client, const char *address, const char *infno, const char *const *names);

#endif
