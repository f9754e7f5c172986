/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/torture/host_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/host/medical/money.h"
#include "tests/support/oc_http_client.h"

#define PATH "/fsi/api"
#define PATIENCE_MS 30000

enum outcome { TAKEN, REFUSED, BROKEN };

static bool one_in(struct host_client *client, unsigned n)
{
    client->random ^= client->random << 13;
    client->random ^= client->random >> 7;
    client->random ^= client->random << 17;
    return client->random % n == 0;
}

oc_result host_client_open(struct host_client *client, const oc_region *region, size_t at, size_t of, uint64_t seed)
{
    *client = (struct host_client){.random = seed * 2654435761u + at * 40503u + 1};
    return oc_visit_open(&client->visit, region, NULL, at, of, NULL);
}

void host_client_forget(struct host_client *client)
{
    free(client->held);
    free(client->reversed);
    client->held = NULL;
    client->reversed = NULL;
    client->held_count = 0;
    client->reversed_count = 0;
    client->deed = HOST_SIGN_IN;
    client->doubtful = false;
}

void host_client_close(struct host_client *client)
{
    host_client_forget(client);
    oc_visit_close(&client->visit);
    oc_buf_free(&client->answer);
}

static void fail(struct host_client *client, const char *what, const char *more)
{
    snprintf(client->failure, sizeof client->failure, "%s %s: %s", client->infno, what, more);
}

static int64_t fen(const struct host_client *client, const char *name)
{
    char text[40];
    int64_t amount = INT64_MIN; /* no amount adds up to anything then */
    oc_visit_get(&client->visit, name, text, sizeof text);
    return oc_med_decimal_text(text, 2, &amount) ? amount : INT64_MIN;
}

static void hold(struct host_client *client)
{
    struct host_settled *more = realloc(client->held, (client->held_count + 1) * sizeof *more);
    if (more == NULL) {
        fail(client, "memory ran out", "");
        return;
    }
    client->held = more;
    struct host_settled *settled = &more[client->held_count++];
    *settled = (struct host_settled){.medfee = fen(client, "output.setlinfo.medfee_sumamt"),
                                     .fund = fen(client, "output.setlinfo.fund_pay_sumamt"),
                                     .account = fen(client, "output.setlinfo.acct_pay"),
                                     .cash = fen(client, "output.setlinfo.psn_cash_pay")};
    oc_visit_get(&client->visit, "output.setlinfo.setl_id", settled->setl_id, sizeof settled->setl_id);
    oc_visit_get(&client->visit, "output.setlinfo.insutype", settled->insutype, sizeof settled->insutype);
    oc_visit_get(&client->visit, "output.setlinfo.clr_type", settled->clr_type, sizeof settled->clr_type);
    snprintf(client->setl_id, sizeof client->setl_id, "%s", settled->setl_id);
}

static void note_reversed(struct host_client *client)
{
    char(*more)[31] = realloc(client->reversed, (client->reversed_count + 1) * sizeof *more);
    if (more == NULL) {
        fail(client, "memory ran out", "");
        return;
    }
    client->reversed = more;
    memcpy(more[client->reversed_count++], client->doubted, sizeof client->doubted);
}

static oc_result make(struct host_client *client)
{
    oc_visit *visit = &client->visit;
    const char *const cancel[] = {"data.setl_id",       client->setl_id,      "data.mdtrt_id",
                                  visit->mdtrt_id,      "data.psn_no",        visit->psn_no,
                                  "env.insuplc_admdvs", visit->person.admdvs, NULL};
    const char *const reverse[] = {"data.psn_no",        visit->psn_no,        "data.omsgid",
                                   client->doubted,      "data.oinfno",        "2207",
                                   "env.insuplc_admdvs", visit->person.admdvs, NULL};
    static const char *const numbers[] = {"9001", "", "2208", "2601"};
    snprintf(client->infno, sizeof client->infno, "%s",
             client->deed == HOST_STEP ? oc_visit_infno(visit) : numbers[client->deed]);
    switch (client->deed) {
    case HOST_SIGN_IN:
        return oc_visit_sign_in(visit);
    case HOST_CANCEL:
        return oc_visit_message(visit, "2208", cancel);
    case HOST_REVERSE:
        return oc_visit_message(visit, "2601", reverse);
    case HOST_STEP:
    default:
        return oc_visit_make(visit);
    }
}

static void next_visit(struct host_client *client)
{
    oc_visit_next(&client->visit);
    client->deed = HOST_STEP;
    client->visits++;
}

/* What follows from an answer that says yes. */
static void go_on(struct host_client *client)
{
    switch (client->deed) {
    case HOST_SIGN_IN:
        oc_visit_next(&client->visit);
        client->deed = HOST_STEP;
        break;
    case HOST_CANCEL:
        hold(client);
        next_visit(client);
        break;
    case HOST_REVERSE:
        note_reversed(client);
        client->deed = HOST_STEP; /* 2207 anew */
        break;
    case HOST_STEP:
    default:
        if (client->visit.step == OC_VISIT_STEPS) {
            hold(client);
            if (one_in(client, 8)) {
                client->deed = HOST_CANCEL;
            } else {
                next_visit(client);
            }
        }
    }
}

static enum outcome take(struct host_client *client)
{
    oc_span answer = oc_buf_span(&client->answer);
    bool taken = client->deed == HOST_STEP ? oc_visit_take(&client->visit, answer)
                                           : oc_visit_read(&client->visit, client->infno, answer);
    client->doubtful = false;
    client->messages++;
    if (!taken) {
        char said[300];
        oc_visit_get(&client->visit, "err_msg", said, sizeof said);
        fail(client, "was refused", said);
        return REFUSED;
    }
    go_on(client);
    return TAKEN;
}

/* The same message on a second connection at the same time: both are answered alike, or not at all. */
static bool post_twice(struct host_client *client, const char *address, int fd)
{
    oc_buf other = {0};
    int second = oc_client_dial(address);
    oc_span request = oc_buf_span(&client->visit.request);
    bool said = oc_client_post(fd, PATH, request);
    bool both = second >= 0 && oc_client_post(second, PATH, request);
    bool came = said && oc_client_hear(fd, &client->answer, PATIENCE_MS) == 200;
    if (both && oc_client_hear(second, &other, PATIENCE_MS) == 200 && came &&
        !oc_span_equal(oc_buf_span(&other), oc_buf_span(&client->answer))) {
        fail(client, "was answered in two ways", "");
    }
    if (second >= 0) {
        close(second);
    }
    oc_buf_free(&other);
    client->twice++;
    return came;
}

static bool is_booked(const char *infno)
{
    return strcmp(infno, "1101") != 0 && strcmp(infno, "2206") != 0;
}

static enum outcome exchange(struct host_client *client, const char *address, int fd, bool again)
{
    bool twice = !again && is_booked(client->infno) && one_in(client, 16);
    bool came = twice ? post_twice(client, address, fd)
                      : oc_client_post(fd, PATH, oc_buf_span(&client->visit.request)) &&
                            oc_client_hear(fd, &client->answer, PATIENCE_MS) == 200;
    return came ? take(client) : BROKEN;
}

/* A settlement that may have been booked: half of the clients take it back before they settle anew. */
static void choose(struct host_client *client)
{
    client->again++;
    if (strcmp(client->infno, "2207") == 0 && one_in(client, 2)) {
        snprintf(client->doubted, sizeof client->doubted, "%s", oc_hospital_msgid(client->visit.hospital));
        client->deed = HOST_REVERSE;
        client->doubtful = false;
    }
}

void host_client_live(struct host_client *client, const char *address, bool finish)
{
    int fd = oc_client_dial(address);
    enum outcome outcome = fd >= 0 ? TAKEN : BROKEN;
    bool again = client->doubtful;
    if (again && fd >= 0) {
        choose(client);
    }
    while (outcome == TAKEN && client->failure[0] == '\0' &&
           !(finish && !client->doubtful && client->deed != HOST_REVERSE)) {
        if (!client->doubtful && !oc_is_ok(make(client))) {
            fail(client, "could not be made", "");
            break;
        }
        again = again && client->doubtful;
        client->doubtful = true;
        outcome = exchange(client, address, fd, again);
        again = false;
    }
    if (fd >= 0) {
        close(fd);
    }
}

bool host_client_ask(struct host_client *client, const char *address, const char *infno, const char *const *names)
{
    int fd = oc_client_dial(address);
    bool taken = fd >= 0 && oc_is_ok(oc_visit_message(&client->visit, infno, names)) &&
                 oc_client_post(fd, PATH, oc_buf_span(&client->visit.request)) &&
                 oc_client_hear(fd, &client->answer, PATIENCE_MS) == 200 &&
                 oc_visit_read(&client->visit, infno, oc_buf_span(&client->answer));
    if (fd >= 0) {
        close(fd);
    }
    return taken;
}
