/* SPDX-License-Identifier: Apache-2.0 */
/* Ten thousand, and a hundred thousand, issued cards alive in one process: what each of them costs in memory, and whether an exchange with one
 * of many is slower than with the only one. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/link/transports.h"
#include "tests/bench/bench.h"
#include "tests/support/oc_world.h"

#define CARDS_MAX 100000

static const uint8_t get_challenge[] = {0x00, 0x84, 0x00, 0x00, 0x08};

struct population {
    oc_card *cards[CARDS_MAX];
    size_t count;
    size_t next;
};

static bool one_exchange(oc_card *card)
{
    uint8_t room[258];
    oc_wr response = oc_wr_of(room, sizeof room);
    oc_endpoint endpoint = oc_card_endpoint(card);
    return oc_is_ok(endpoint.exchange(endpoint.self, oc_span_of(get_challenge, sizeof get_challenge), &response)) &&
           response.len == 10;
}

/* Another card each time, in an order that the processor's caches cannot foresee. */
static bool any_card(void *context)
{
    struct population *all = context;
    all->next = (all->next * 1103515245u + 12345u) % 2147483648u;
    return one_exchange(all->cards[all->next / 64 % all->count]);
}

static bool same_card(void *context)
{
    struct population *all = context;
    return one_exchange(all->cards[0]);
}

static oc_result make_card(const oc_world *world, const oc_card_image *image, oc_card **out)
{
    OC_TRY(oc_issuer_make_blank(out, world->card_os, world->crypto, world->profile, NULL));
    OC_TRY(oc_card_image_put(*out, image));
    uint8_t room[OC_ATR_MAX];
    oc_wr atr = oc_wr_of(room, sizeof room);
    oc_endpoint endpoint = oc_card_endpoint(*out);
    return endpoint.reset(endpoint.self, OC_RESET_COLD, &atr);
}

static size_t heap_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* A card with a serial number, and so keys, of its own, issued command by command; what it has in common with `image`
 * is shared. */
static oc_result issue_card(const oc_world *world, const oc_card_image *image, uint32_t serial, oc_card **out)
{
    oc_span profile_atr = oc_profile_atr(world->profile);
    uint8_t atr[OC_ATR_MAX];
    memcpy(atr, profile_atr.at, profile_atr.len);
    oc_wr wr = oc_wr_of(atr + profile_atr.len - 4, 4);
    oc_wr_u32(&wr, serial);
    oc_card_params params = {.atr = oc_span_of(atr, profile_atr.len),
                             .transport_key = oc_profile_transport_bytes(world->profile),
                             .transport_alg = (uint8_t)oc_profile_alg(world->profile),
                             .seed = serial};
    OC_TRY(oc_card_new(out, world->card_os, world->crypto, &params));
    oc_link *link = NULL;
    OC_TRY(oc_link_inproc(&link, oc_card_endpoint(*out)));
    oc_issue_order order = {.profile = world->profile, .own_serial = true};
    oc_result r = oc_issuer_issue(link, world->crypto, &order, NULL);
    oc_link_free(&link);
    oc_card_share(*out, image);
    return r;
}

/* Cards that are each somebody's: none is a copy of another. */
static void bench_issued(const char *path, size_t cards, struct population *all)
{
    oc_world world;
    oc_diag diag = {0};
    bench_require(oc_is_ok(oc_world_new(&world, path, &diag)), "the profile cannot be used");
    oc_card_image *image = NULL;
    bench_require(oc_is_ok(oc_card_image_take(&image, world.card)), "the card's image cannot be taken");
    size_t before = heap_in_use();
    size_t own = 0;
    for (all->count = 0; all->count < cards; all->count++) {
        oc_result r = issue_card(&world, image, 0x40000000u + (uint32_t)all->count, &all->cards[all->count]);
        bench_require(oc_is_ok(r), "a card cannot be issued");
        own += oc_card_memory(all->cards[all->count]);
    }
    printf("\n%zu cards of %s, each issued with its own serial number and keys: %zu bytes of heap a card, %zu by the "
           "card's own account\n",
           cards, oc_profile_id(world.profile), (heap_in_use() - before) / cards, own / cards);
    for (size_t i = 0; i < all->count; i++) {
        oc_card_free(&all->cards[i]);
    }
    oc_card_image_free(&image);
    oc_world_free(&world);
}

/* A purchase with each card. Returns the bytes that a card holds then. */
static size_t use_each(oc_world *world, struct population *all)
{
    oc_card *first = world->card;
    size_t own = 0;
    for (size_t i = 0; i < all->count; i++) {
        world->card = all->cards[i];
        bench_require(oc_world_open_purse(world) && oc_world_purchase(world), "a card does not pay");
        own += oc_card_memory(all->cards[i]);
    }
    world->card = first;
    return own / all->count;
}

static void bench_profile(const char *path, size_t cards, struct population *all)
{
    oc_world world;
    oc_diag diag = {0};
    if (!oc_is_ok(oc_world_new(&world, path, &diag)) || !oc_is_ok(oc_world_load(&world, 100000, &diag))) {
        printf("\n%s: skipped, %s\n", path, diag.reason);
        oc_world_free(&world);
        return;
    }
    size_t alone = oc_card_memory(world.card);
    oc_card_image *image = NULL;
    bench_require(oc_is_ok(oc_card_image_take(&image, world.card)), "the card's image cannot be taken");
    size_t before = heap_in_use();
    size_t own = 0;
    for (all->count = 0; all->count < cards; all->count++) {
        bench_require(oc_is_ok(make_card(&world, image, &all->cards[all->count])), "a card cannot be made");
        own += oc_card_memory(all->cards[all->count]);
    }
    size_t after = heap_in_use();

    bench_contender contenders[] = {
        {.name = "GET CHALLENGE, the same card", .run = same_card, .context = all, .calls = 2000},
        {.name = "GET CHALLENGE, one of many", .run = any_card, .context = all, .calls = 2000},
    };
    bench_measure(contenders, 2, 20);
    char title[200];
    snprintf(title, sizeof title, "%zu issued cards in one process, %s", cards, oc_profile_id(world.profile));
    bench_print(title, contenders, 2, 0);
    printf("  %zu bytes of heap a card, %zu by the card's own account; %zu after a purchase with each; "
           "%zu for a card that shares nothing\n",
           (after - before) / cards, own / cards, use_each(&world, all), alone);
    bench_free(contenders, 2);
    for (size_t i = 0; i < all->count; i++) {
        oc_card_free(&all->cards[i]);
    }
    oc_card_image_free(&image);
    oc_world_free(&world);
}

int main(void)
{
    struct population *all = calloc(1, sizeof *all);
    bench_require(all != NULL, "no memory");
    bench_profile("vectors/cards/ssc-2.0.xml", CARDS_MAX / 10, all);
    bench_profile("vectors/cards/ssc-3.0.xml", CARDS_MAX / 10, all);
    bench_profile("vectors/cards/ssc-3.0.xml", CARDS_MAX, all);
    bench_issued("vectors/cards/ssc-2.0.xml", CARDS_MAX / 10, all);
    bench_issued("vectors/cards/ssc-3.0.xml", CARDS_MAX, all);
    free(all);
    return 0;
}
