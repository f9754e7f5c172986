/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/random.h"

#include <openssl/sha.h>
#include <stdio.h>

void oc_random_init(oc_random *random, uint64_t seed, const char *label)
{
    random->seed = seed;
    snprintf(random->label, sizeof random->label, "%s", label);
    random->counter = 0;
    random->used = sizeof random->block;
}

static oc_result next_block(oc_random *random)
{
    uint8_t message[8 + sizeof random->label + 4];
    oc_wr wr = oc_wr_of(message, sizeof message);
    oc_wr_u32(&wr, (uint32_t)(random->seed >> 32));
    oc_wr_u32(&wr, (uint32_t)random->seed);
    oc_wr_bytes(&wr, oc_span_text(random->label));
    oc_wr_u32(&wr, random->counter++);
    if (wr.bad || SHA256(message, wr.len, random->block) == NULL) {
        return oc_fail(OC_E_CRYPTO);
    }
    random->used = 0;
    return oc_ok();
}

oc_result oc_random_bytes(oc_random *random, uint8_t *out, size_t len)
{
    while (len > 0) {
        if (random->used == sizeof random->block) {
            OC_TRY(next_block(random));
        }
        size_t n = sizeof random->block - random->used;
        n = n < len ? n : len;
        memcpy(out, random->block + random->used, n);
        random->used = (uint8_t)(random->used + n);
        out += n;
        len -= n;
    }
    return oc_ok();
}
