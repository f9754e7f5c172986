/* SPDX-License-Identifier: Apache-2.0 */
/* A purchase in this process against the bare OpenSSL calls that it makes.
 * One purchase in steady state is recorded at the seam to OpenSSL and then replayed. */
#include <stdio.h>

#include "tests/bench/bench.h"
#include "tests/bench/openssl_calls.h"
#include "tests/support/oc_world.h"

static bool purchase(void *world)
{
    return oc_world_purchase(world);
}

static void bench_profile(const char *path)
{
    oc_world world;
    oc_diag diag = {0};
    oc_result r = oc_world_new(&world, path, &diag);
    if (oc_is_ok(r)) {
        r = oc_world_load(&world, 9000000, &diag);
    }
    if (!oc_is_ok(r)) {
        printf("\n%s: skipped, %s\n", path, diag.reason);
        oc_world_free(&world);
        return;
    }
    bench_require(oc_world_open_purse(&world), "the card does not open its purse");
    for (int i = 0; i < 3; i++) {
        bench_require(oc_world_purchase(&world), "the purchase fails");
    }
    bench_record_calls();
    bench_require(oc_world_purchase(&world), "the purchase fails");
    bench_stop_recording();

    bench_contender contenders[] = {
        {.name = "bare OpenSSL calls of one purchase", .run = bench_replay, .calls = 400},
        {.name = "purchase: card, PSAM and host in process", .run = purchase, .context = &world, .calls = 400},
    };
    bench_measure(contenders, 2, 20);
    char title[200];
    snprintf(title, sizeof title, "Purchase, %s (%s)", oc_profile_id(world.profile),
             oc_alg_name(oc_profile_alg(world.profile)));
    bench_print(title, contenders, 2, 0);
    bench_print_calls("one purchase");
    bench_free(contenders, 2);
    bench_forget_calls();
    oc_world_free(&world);
}

int main(int argc, char **argv)
{
    static const char *const shipped[] = {"vectors/cards/ssc-2.0.xml", "vectors/cards/ssc-3.0.xml"};
    if (argc > 1) {
        for (int i = 1; i < argc; i++) {
            bench_profile(argv[i]);
        }
        return 0;
    }
    bench_profile(shipped[0]);
    bench_profile(shipped[1]);
    return 0;
}
