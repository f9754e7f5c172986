/* SPDX-License-Identifier: Apache-2.0 */
/* Cards that are none, over the stdio protocol: null_card sw XXXX|echo|silent|random SEED|likely SEED. Whatever a vector accepts from
 * one of them it would accept from a broken card. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/link/transports.h"

enum mode { SW, ECHO, SILENT, RANDOM, LIKELY };

struct null_card {
    enum mode mode;
    uint16_t word; /* SW: the answer to everything */
    uint64_t seed;
    uint64_t state; /* of xorshift64, Marsaglia 2003 */
};

static uint64_t next(struct null_card *card)
{
    card->state ^= card->state << 13;
    card->state ^= card->state >> 7;
    card->state ^= card->state << 17;
    return card->state;
}

/* Every answer depends on the seed and on the commands since the reset alone, so that a case has the same luck
 * whatever ran before it. */
static void stir(struct null_card *card, oc_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        card->state ^= bytes.at[i];
        card->state *= 0x100000001B3; /* FNV-1a */
    }
    card->state |= 1;
    for (int i = 0; i < 8; i++) {
        (void)next(card);
    }
}

static void wait_for_ever(void)
{
    for (;;) {
        pause();
    }
}

static oc_result reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct null_card *card = self;
    card->state = card->seed * 0x9E3779B97F4A7C15 + (uint64_t)kind;
    if (card->mode == SILENT) {
        wait_for_ever();
    }
    /* A well-formed answer to reset with 13 historical bytes, as the applications' cards have. */
    oc_wr_bytes(atr, oc_span_of("\x3B\x6D\x00\x00\x00\x99\x4F\x43\x00\x00\x00\x00\x00\x00\x00\x00\x00", 17));
    return oc_ok();
}

/* As many bytes as were asked for, and any status word; `likely`: one of those that exist. */
static void answer_by_chance(struct null_card *card, oc_span command, oc_wr *response)
{
    static const uint16_t words[] = {0x9000, 0x9000, 0x9000, 0x9000, 0x6982, 0x6982, 0x6A82, 0x6A83,
                                     0x6700, 0x63C5, 0x63C2, 0x6983, 0x6985, 0x6A80, 0x6A86, 0x6D00,
                                     0x6E00, 0x9302, 0x6988, 0x6984, 0x6A88, 0x9401};
    stir(card, command);
    bool likely = card->mode == LIKELY;
    uint16_t word = likely ? words[next(card) % (sizeof words / sizeof words[0])] : (uint16_t)next(card);
    size_t asked = command.len != 5 ? 0 : command.at[4] == 0 ? next(card) % 64 : command.at[4];
    size_t len = likely && word != 0x9000 ? 0 : asked;
    for (size_t i = 0; i < len; i++) {
        oc_wr_u8(response, (uint8_t)next(card));
    }
    oc_wr_u16(response, word);
}

static oc_result exchange(void *self, oc_span command, oc_wr *response)
{
    struct null_card *card = self;
    switch (card->mode) {
    case SILENT:
        wait_for_ever();
        break;
    case RANDOM:
    case LIKELY:
        answer_by_chance(card, command, response);
        break;
    case ECHO:
        oc_wr_bytes(response, command.len > 5 ? oc_span_slice(command, 5, 255) : oc_span_empty());
        oc_wr_u16(response, 0x9000);
        break;
    case SW:
        oc_wr_u16(response, card->word);
        break;
    }
    return oc_ok();
}

int main(int argc, char **argv)
{
    static const char *const names[] = {
        [SW] = "sw", [ECHO] = "echo", [SILENT] = "silent", [RANDOM] = "random", [LIKELY] = "likely"};
    struct null_card card = {.seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1,
                             .word = (uint16_t)(argc > 2 ? strtoul(argv[2], NULL, 16) : 0x9000)};
    for (size_t i = 0; argc > 1 && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(argv[1], names[i]) == 0) {
            card.mode = (enum mode)i;
            oc_endpoint endpoint = {&card, reset, exchange};
            oc_diag diag = {0};
            return oc_is_ok(oc_serve_stdio(endpoint, STDIN_FILENO, STDOUT_FILENO, &diag)) ? 0 : 1;
        }
    }
    fprintf(stderr, "usage: null_card sw XXXX|echo|silent|random SEED|likely SEED\n");
    return 2;
}
