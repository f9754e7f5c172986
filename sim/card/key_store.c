/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/key_store.h"

/* Entry: kind id version usage tries algorithm index options | next(4) | secret(16) | 0(4) */
enum { AT_TRIES = 4, AT_NEXT = 8, AT_SECRET = 12 };

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool fits(int wanted, uint8_t value)
{
    return wanted == OC_KEY_ANY || wanted == value;
}

static bool matches(const oc_key_query *query, const uint8_t *e)
{
    return fits(query->kind, e[0]) && fits(query->id, e[1]) && fits(query->version, e[2]) &&
           fits(query->usage, e[3]) && fits(query->alg, e[5]) && fits(query->index, e[6]);
}

bool oc_key_find(const oc_nvm *nvm, uint32_t dir, const oc_key_query *query, oc_stored_key *out)
{
    const uint8_t *best = NULL;
    uint32_t best_at = OC_FS_NONE;
    for (uint32_t at = oc_fs_first_key(nvm, dir); at != OC_FS_NONE;) {
        const uint8_t *e = oc_nvm_view(nvm, at, OC_FS_ENTRY);
        if (matches(query, e) && (best == NULL || e[2] < best[2])) {
            best = e;
            best_at = at;
            if (e[2] == OC_KEY_VERSION_MIN) {
                break;
            }
        }
        at = get32(e + AT_NEXT);
    }
    if (best == NULL) {
        return false;
    }
    *out = (oc_stored_key){.at = best_at,
                           .kind = best[0],
                           .id = best[1],
                           .version = best[2],
                           .usage = best[3],
                           .tries = best[4],
                           .alg = best[5],
                           .index = best[6],
                           .options = best[7]};
    memcpy(out->secret, best + AT_SECRET, OC_KEY_SIZE);
    return true;
}

uint32_t oc_key_next(const oc_nvm *nvm, uint32_t key)
{
    return get32(oc_nvm_view(nvm, key + AT_NEXT, 4));
}

oc_result oc_key_use(const oc_stored_key *stored, oc_key *out)
{
    oc_result r = oc_key_load(out, stored->alg, oc_span_of(stored->secret, OC_KEY_SIZE));
    return oc_is_ok(r) ? r : oc_fail(OC_E_CRYPTO);
}

static oc_result store(oc_nvm *nvm, const oc_stored_key *key, uint32_t next)
{
    uint8_t bytes[OC_FS_ENTRY];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    const uint8_t head[AT_NEXT] = {key->kind,  key->id,  key->version, key->usage,
                                   key->tries, key->alg, key->index,   key->options};
    oc_wr_bytes(&wr, oc_span_of(head, sizeof head));
    oc_wr_u32(&wr, next);
    oc_wr_bytes(&wr, oc_span_of(key->secret, OC_KEY_SIZE));
    oc_result r = oc_nvm_write(nvm, key->at, oc_wr_span(&wr));
    oc_wipe(bytes, sizeof bytes);
    return r;
}

oc_result oc_key_add(oc_nvm *nvm, uint32_t dir, oc_stored_key *key)
{
    OC_TRY(oc_fs_take(nvm, OC_FS_ENTRY, &key->at));
    OC_TRY(store(nvm, key, oc_fs_first_key(nvm, dir)));
    return oc_fs_set_first_key(nvm, dir, key->at);
}

static uint8_t full(uint8_t tries)
{
    return (uint8_t)((tries & 0xF0) | tries >> 4);
}

oc_result oc_key_replace(oc_nvm *nvm, oc_stored_key *key, const uint8_t secret[OC_KEY_SIZE])
{
    if (key->kind == OC_KEY_KIND_PIN && memcmp(key->secret, secret, OC_KEY_SIZE) != 0) {
        key->options = 0;
    }
    memcpy(key->secret, secret, OC_KEY_SIZE);
    key->tries = full(key->tries);
    return store(nvm, key, get32(oc_nvm_view(nvm, key->at + AT_NEXT, 4)));
}

static oc_result store_tries(oc_nvm *nvm, const oc_stored_key *key)
{
    return oc_nvm_write(nvm, key->at + AT_TRIES, oc_span_of(&key->tries, 1));
}

oc_result oc_key_attempt(oc_nvm *nvm, oc_stored_key *key)
{
    if (key->tries == 0 || oc_key_blocked(key)) {
        return oc_ok();
    }
    key->tries--;
    OC_TRY(store_tries(nvm, key));
    return oc_nvm_commit(nvm);
}

oc_result oc_key_restore(oc_nvm *nvm, oc_stored_key *key)
{
    key->tries = full(key->tries);
    return store_tries(nvm, key);
}
