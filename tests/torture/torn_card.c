/* SPDX-License-Identifier: Apache-2.0 */
/* torn_card PROFILE IMAGE SEED [contactless]: a card on standard input and output whose state lasts in IMAGE, that now and then loses
 * its power while it writes, also while it recovers from that. When any PIN or key has fewer than two tries left, it says
 * so in IMAGE.violations. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "conformance/cli/kept_card.h"
#include "sim/base/random.h"
#include "sim/card/card_internal.h"
#include "sim/card/key_store.h"
#include "sim/issuer/issuer.h"
#include "sim/link/transports.h"

#define TRIES_LEAST 2
#define WRITES_MAX 6000 /* bytes that a power session may write before a tear strikes */

struct torn {
    oc_kept_card kept;
    oc_profile *profile;
    oc_random random;
    char violations[PATH_MAX];
};

static uint32_t next(struct torn *torn, uint32_t below)
{
    uint8_t bytes[4];
    if (!oc_is_ok(oc_random_bytes(&torn->random, bytes, sizeof bytes))) {
        abort();
    }
    return ((uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3]) % below;
}

static uint32_t find_dir(const oc_nvm *nvm, const oc_profile_dir *dir)
{
    uint32_t parent = dir->parent_fid == OC_FS_FID_MF ? OC_FS_MF : oc_fs_child(nvm, OC_FS_MF, dir->parent_fid);
    return parent == OC_FS_NONE ? OC_FS_NONE : oc_fs_child(nvm, parent, dir->fid);
}

static void look_at_tries(const struct torn *torn)
{
    const oc_nvm *nvm = &torn->kept.card->nvm;
    size_t count = 0;
    const oc_profile_dir *dirs = oc_profile_dirs(torn->profile, &count);
    for (size_t d = 0; d < count; d++) {
        uint32_t at = find_dir(nvm, &dirs[d]);
        for (size_t k = 0; at != OC_FS_NONE && k < dirs[d].keys_count; k++) {
            const oc_profile_key *key = &dirs[d].keys[k];
            bool is_pin = key->kind == OC_KEY_KIND_PIN;
            const oc_key_query query = {(int)key->kind, key->id,    is_pin ? OC_KEY_ANY : key->name.version,
                                        OC_KEY_ANY,     OC_KEY_ANY, OC_KEY_ANY};
            oc_stored_key stored;
            if (oc_key_find(nvm, at, &query, &stored) && stored.tries != 0 && oc_key_left(&stored) < TRIES_LEAST) {
                FILE *file = fopen(torn->violations, "a");
                fprintf(file, "%s/%s has %u tries left\n", dirs[d].name, key->name.name, oc_key_left(&stored));
                fclose(file);
            }
        }
    }
}

/* Power is back: recovery, torn once more now and then, then the state is kept and the card is gone. */
static void recover_and_leave(struct torn *torn)
{
    oc_endpoint card = oc_card_endpoint(torn->kept.card);
    uint8_t atr[OC_ATR_MAX];
    oc_result r;
    oc_card_hold(torn->kept.card);
    if (next(torn, 4) == 0) {
        oc_card_tear_after(torn->kept.card, next(torn, 40));
    }
    do {
        oc_wr wr = oc_wr_of(atr, sizeof atr);
        r = card.reset(card.self, OC_RESET_COLD, &wr);
        oc_card_hold(torn->kept.card);
    } while (r.code == OC_E_GONE);
    oc_endpoint kept = oc_kept_card_endpoint(&torn->kept);
    oc_wr wr = oc_wr_of(atr, sizeof atr);
    r = kept.reset(kept.self, OC_RESET_COLD, &wr);
    look_at_tries(torn);
    FILE *tears = fopen("tears", "a");
    fputs("x", tears);
    fclose(tears);
    exit(oc_is_ok(r) ? 9 : 3);
}

static oc_result torn_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct torn *torn = self;
    oc_endpoint kept = oc_kept_card_endpoint(&torn->kept);
    oc_result r = kept.reset(kept.self, kind, atr);
    if (r.code == OC_E_GONE) {
        recover_and_leave(torn);
    }
    look_at_tries(torn);
    return r;
}

static oc_result torn_exchange(void *self, oc_span command, oc_wr *response)
{
    struct torn *torn = self;
    oc_endpoint kept = oc_kept_card_endpoint(&torn->kept);
    oc_result r = kept.exchange(kept.self, command, response);
    if (r.code == OC_E_GONE) {
        recover_and_leave(torn);
    }
    look_at_tries(torn);
    return r;
}

/* One card at a time: a killed run's card may still be busy. */
static void wait_for_the_other(const char *image)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s.lock", image);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX) != 0) {
        exit(3);
    }
    snprintf(path, sizeof path, "%s.pid", image);
    FILE *file = fopen(path, "w");
    fprintf(file, "%ld\n", (long)getpid());
    fclose(file);
}

int main(int argc, char **argv)
{
    struct torn torn = {0};
    oc_crypto *crypto = NULL;
    oc_card_os *os = NULL;
    oc_card *card = NULL;
    oc_diag diag = {0};
    if (argc != 4 && argc != 5) {
        return 2;
    }
    wait_for_the_other(argv[2]);
    snprintf(torn.violations, sizeof torn.violations, "%s.violations", argv[2]);
    oc_random_init(&torn.random, strtoull(argv[3], NULL, 10), argv[2]);
    oc_result r = oc_profile_load(&torn.profile, argv[1], &diag);
    r = oc_is_ok(r) ? oc_crypto_new(&crypto) : r;
    r = oc_is_ok(r) ? oc_issuer_card_os(&os) : r;
    r = oc_is_ok(r) ? oc_issuer_make_card(&card, os, crypto, torn.profile, &diag) : r;
    r = oc_is_ok(r) ? oc_kept_card_open(&torn.kept, card, argv[2], &diag) : r;
    if (oc_is_ok(r)) {
        oc_card_set_interface(card, argc == 5 ? OC_INTERFACE_CONTACTLESS : OC_INTERFACE_CONTACT);
        if (strcmp(argv[3], "0") != 0 && next(&torn, 3) > 0) {
            oc_card_tear_after(card, next(&torn, WRITES_MAX));
        }
        r = oc_serve_stdio((oc_endpoint){&torn, torn_reset, torn_exchange}, STDIN_FILENO, STDOUT_FILENO, &diag);
    }
    if (!oc_is_ok(r)) {
        fprintf(stderr, "torn_card: %s\n", diag.reason);
    }
    oc_card_free(&card);
    oc_card_os_free(&os);
    oc_crypto_free(&crypto);
    oc_profile_free(&torn.profile);
    return oc_is_ok(r) ? 0 : 3;
}
