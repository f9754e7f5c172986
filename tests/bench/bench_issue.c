/* SPDX-License-Identifier: Apache-2.0 */
/* Issuing a whole card in this process, from the blank chip to END OF ISSUING, against the bare OpenSSL calls that it
 * makes: deriving each key over its levels, wrapping it for the chip and unwrapping it there. */
#include <stdio.h>

#include "sim/link/transports.h"
#include "tests/bench/bench.h"
#include "tests/bench/openssl_calls.h"
#include "tests/support/oc_world.h"

struct issue {
    oc_world world;
    oc_card_image *blank;
    oc_link *link;
};

static bool issue(void *context)
{
    struct issue *self = context;
    oc_issue_order order = {.profile = self->world.profile};
    return oc_is_ok(oc_card_image_put(self->world.card, self->blank)) &&
           oc_is_ok(oc_issuer_issue(self->link, self->world.crypto, &order, NULL));
}

static oc_result open_issue(struct issue *self, const char *path, oc_diag *diag)
{
    OC_TRY(oc_world_new(&self->world, path, diag));
    oc_card *chip = NULL;
    OC_TRY(oc_issuer_make_blank(&chip, self->world.card_os, self->world.crypto, self->world.profile, diag));
    oc_result r = oc_card_image_take(&self->blank, chip);
    oc_card_free(&chip);
    OC_TRY(r);
    return oc_link_inproc(&self->link, oc_card_endpoint(self->world.card));
}

static size_t keys_of(const oc_profile *profile)
{
    size_t count = 0;
    size_t keys = 0;
    const oc_profile_dir *dirs = oc_profile_dirs(profile, &count);
    for (size_t d = 0; d < count; d++) {
        keys += dirs[d].keys_count;
    }
    return keys;
}

static void measure(struct issue *self)
{
    bench_require(issue(self), "the card cannot be issued");
    bench_record_calls();
    bench_require(issue(self), "the card cannot be issued");
    bench_stop_recording();
    bench_contender contenders[] = {
        {.name = "bare OpenSSL calls of one issuing", .run = bench_replay, .calls = 20},
        {.name = "issuing: issuer and chip in process", .run = issue, .context = self, .calls = 20},
    };
    bench_measure(contenders, 2, 20);
    char title[200];
    snprintf(title, sizeof title, "Issuing, %s (%s), %zu keys and PINs", oc_profile_id(self->world.profile),
             oc_alg_name(oc_profile_alg(self->world.profile)), keys_of(self->world.profile));
    bench_print(title, contenders, 2, 0);
    bench_print_calls("one issuing");
    bench_free(contenders, 2);
    bench_forget_calls();
}

int main(void)
{
    static const char *const paths[] = {"vectors/cards/ssc-2.0.xml", "vectors/cards/ssc-3.0.xml"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct issue self = {0};
        oc_diag diag = {0};
        if (oc_is_ok(open_issue(&self, paths[i], &diag))) {
            measure(&self);
        } else {
            printf("\n%s: skipped, %s\n", paths[i], diag.reason);
        }
        oc_link_free(&self.link);
        oc_card_image_free(&self.blank);
        oc_world_free(&self.world);
    }
    return 0;
}
