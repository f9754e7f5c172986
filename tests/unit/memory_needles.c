/* SPDX-License-Identifier: Apache-2.0 */
/* The schedule of DES is wanted, which OpenSSL 3 shows by its old functions only. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "tests/unit/memory_needles.h"

#include <openssl/des.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/base/hex.h"
#include "sim/crypto/pin_block.h"
#include "sim/profile/profile.h"

#define SHOWN_MAX 60
#define SCHEDULE_SHOWN 16

static void add(needles *all, const char *name, const char *form, const void *bytes, size_t len)
{
    if (all->count == NEEDLES_MAX || len > NEEDLE_MAX) {
        return;
    }
    needle *one = &all->at[all->count++];
    snprintf(one->name, sizeof one->name, "%s, %s", name, form);
    one->len = (uint8_t)len;
    for (size_t i = 0; i < len; i++) {
        one->masked[i] = ((const uint8_t *)bytes)[i] ^ NEEDLE_MASK;
    }
}

static void add_hex(needles *all, const char *name, const uint8_t *bytes, size_t len)
{
    char text[2 * NEEDLE_MAX + 1];
    oc_hex_encode(text, sizeof text, oc_span_of(bytes, len));
    add(all, name, "hex", text, strlen(text));
    for (char *c = text; *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'F' ? (char)(*c - 'A' + 'a') : *c;
    }
    add(all, name, "small hex", text, strlen(text));
}

static void add_key(void *context, const char *name, const oc_key *key)
{
    add(context, name, "as it is", key->sealed, OC_KEY_SIZE);
    add_hex(context, name, key->sealed, OC_KEY_SIZE);
    for (size_t half = 0; half < 2 && key->alg == OC_ALG_3DES; half++) {
        DES_cblock part;
        DES_key_schedule schedule;
        memcpy(part, key->sealed + 8 * half, sizeof part);
        DES_set_key_unchecked(&part, &schedule);
        add(context, name, "schedule", &schedule, SCHEDULE_SHOWN);
    }
}

static void add_pin(void *context, const char *reference, oc_span value)
{
    if (strstr(reference, "pin") == NULL || value.len < 3 || value.len > 6) {
        return;
    }
    char digits[16];
    oc_buf block = {0};
    oc_hex_encode(digits, sizeof digits, value);
    digits[strcspn(digits, "F")] = '\0';
    add(context, reference, "digits", digits, strlen(digits));
    if (oc_is_ok(oc_pin_block(&block, value, 8))) {
        add(context, reference, "block", block.at, block.len);
    }
    oc_buf_free(&block);
}

bool needles_collect(needles *out, const char *path)
{
    oc_crypto *crypto = NULL;
    oc_profile *profile = NULL;
    bool done = oc_is_ok(oc_crypto_new(&crypto)) && oc_is_ok(oc_profile_load(&profile, path, NULL));
    if (done) {
        oc_key transport;
        oc_profile_keys_visit(profile, crypto, add_key, out);
        oc_profile_secrets(profile, add_pin, out);
        add_pin(out, "new pin", oc_span_text("\x13\x57\x90"));
        done = oc_is_ok(oc_profile_transport_key(profile, &transport));
        add_key(out, "transport key", &transport);
    }
    oc_profile_free(&profile);
    oc_crypto_free(&crypto);
    return done;
}

static unsigned head_of(const uint8_t *at, uint8_t mask)
{
    return (unsigned)(at[0] ^ mask) << 8 | (unsigned)(at[1] ^ mask);
}

void needles_index(needles *all)
{
    memset(all->first, 0, sizeof all->first);
    for (unsigned i = 0; i < all->count; i++) {
        unsigned head = head_of(all->at[i].masked, NEEDLE_MASK);
        all->next[i] = all->first[head];
        all->first[head] = (unsigned short)(i + 1);
    }
}

static bool stands(const needle *one, const uint8_t *at, size_t left)
{
    size_t same = 0;
    while (same < one->len && same < left && (at[same] ^ NEEDLE_MASK) == one->masked[same]) {
        same++;
    }
    return same == one->len;
}

struct range {
    uintptr_t from;
    uintptr_t to;
    char name[128];
};

static unsigned look_through(needles *all, const struct range *range, bool learns, unsigned found)
{
    for (const uint8_t *at = (const uint8_t *)range->from; at + 2 <= (const uint8_t *)range->to; at++) {
        if (at == (const uint8_t *)all) {
            at += sizeof *all - 1;
            continue;
        }
        for (unsigned i = all->first[head_of(at, 0)]; i != 0; i = all->next[i - 1]) {
            if (stands(&all->at[i - 1], at, (size_t)(range->to - (uintptr_t)at))) {
                if (learns) {
                    all->at[i - 1].is_common = true;
                } else if (!all->at[i - 1].is_common && found++ < SHOWN_MAX) {
                    printf("\n    %s at %p in %s", all->at[i - 1].name, (const void *)at, range->name);
                }
            }
        }
    }
    return found;
}

static unsigned look(needles *all, bool learns)
{
    static struct range ranges[1024];
    size_t count = 0;
    unsigned found = 0;
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "re");
    while (maps != NULL && count < 1024 && fgets(line, sizeof line, maps) != NULL) {
        struct range *range = &ranges[count];
        char rights[8] = "";
        int name = 0;
        if (sscanf(line, "%zx-%zx %7s %*s %*s %*s %n", &range->from, &range->to, rights, &name) >= 3 &&
            strncmp(rights, "rw", 2) == 0) {
            snprintf(range->name, sizeof range->name, "%.*s", (int)strcspn(line + name, "\n"), line + name);
            count++;
        }
    }
    if (maps == NULL) {
        return 1;
    }
    fclose(maps);
    for (size_t i = 0; i < count; i++) {
        found = look_through(all, &ranges[i], learns, found);
    }
    return found;
}

void needles_learn(needles *all)
{
    (void)look(all, true);
}

unsigned needles_look(needles *all)
{
    return look(all, false);
}
