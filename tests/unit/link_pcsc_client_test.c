/* SPDX-License-Identifier: Apache-2.0 */
/* A daemon that hangs ends no client's patience: also when it lets nobody in any more, and the client has no socket yet
 * that could be shut. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/link/pcsc_client.h"
#include "tests/support/oc_test.h"

#define TIMEOUT_MS 100
/* As many as wait in a queue of one, and more. */
#define CLIENTS 4
#define PATIENCE_NS 20000000000u

static char folder[] = "/tmp/onecard-client-XXXXXX";
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static int listener;

/* libpcsclite reads the variable once, at its first use. */
static bool begin_daemon(void)
{
    if (mkdtemp(folder) == NULL) {
        return false;
    }
    snprintf(address.sun_path, sizeof address.sun_path, "%s/s", folder);
    setenv("PCSCLITE_CSOCK_NAME", address.sun_path, 1);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0 &&
           listen(listener, 1) == 0;
}

static void a_daemon_that_answers_nobody(void)
{
    uint64_t begin = oc_clock_now_ns();
    for (unsigned i = 0; i < CLIENTS; i++) {
        oc_pcsc_client *client = NULL;
        oc_diag diag = {0};
        oc_result r = oc_pcsc_client_new(&client, TIMEOUT_MS, &diag);
        CU_ASSERT_EQUAL(r.code, OC_E_UNAVAILABLE);
        CU_ASSERT_PTR_NULL(client);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "no answer in time"));
    }
    CU_ASSERT(oc_clock_now_ns() - begin < PATIENCE_NS);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a daemon that answers nobody", a_daemon_that_answers_nobody},
        {NULL, NULL},
    };
    int code = begin_daemon() ? oc_test_main("link: pcsc client", rows) : 1;
    close(listener);
    unlink(address.sun_path);
    rmdir(folder);
    return code;
}
