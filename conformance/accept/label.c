/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/label.h"

#include <stdio.h>

#include "sim/base/hex.h"

#define SHOWN 2
#define DIGEST_SHOWN 4 /* bytes */

static oc_result keyed(oc_crypto *crypto, const uint8_t key[OC_LABEL_KEY], oc_span text, uint8_t out[32])
{
    oc_buf message = {0};
    oc_result r = oc_buf_append(&message, oc_span_of(key, OC_LABEL_KEY));
    if (oc_is_ok(r)) {
        r = oc_buf_append(&message, text);
    }
    if (oc_is_ok(r)) {
        r = oc_sha256(crypto, oc_buf_span(&message), out);
    }
    oc_buf_free(&message);
    return r;
}

static bool is_printable(oc_span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] <= ' ' || s.at[i] >= 0x7F) {
            return false;
        }
    }
    return s.len > 0;
}

oc_result oc_label_make(char out[OC_LABEL_MAX], oc_crypto *crypto, const uint8_t key[OC_LABEL_KEY], oc_span identity,
                        bool reveal)
{
    uint8_t digest[32];
    char hex[2 * DIGEST_SHOWN + 1];
    char text[65];
    OC_TRY(keyed(crypto, key, identity, digest));
    OC_TRY(keyed(crypto, key, oc_span_of(digest, sizeof digest), digest));
    oc_hex_encode(hex, sizeof hex, oc_span_of(digest, DIGEST_SHOWN));
    if (is_printable(identity) && identity.len < sizeof text) {
        memcpy(text, identity.at, identity.len);
        text[identity.len] = '\0';
    } else {
        oc_hex_encode(text, sizeof text, identity); /* a card id code, or what is no number at all */
    }
    size_t len = strlen(text);
    for (size_t i = 0; i < len && !reveal; i++) {
        bool shown = len > 3 * SHOWN && (i < SHOWN || i >= len - SHOWN);
        text[i] = shown ? text[i] : '*';
    }
    snprintf(out, OC_LABEL_MAX, "%s#%s", len == 0 ? "?" : text, hex);
    return oc_ok();
}
