/* SPDX-License-Identifier: Apache-2.0 */
/* A card from a faulty issuer, over the stdio protocol: faulty_card PROFILE FAULT [FROM TO]. FAULT is a number of enum
 * oc_issue_fault; FROM and TO are hex of one length: wherever an answer holds FROM, it holds TO instead. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/hex.h"
#include "sim/issuer/issuer.h"
#include "sim/link/transports.h"

struct faulty {
    oc_endpoint inner;
    oc_buf from;
    oc_buf to;
};

static oc_result faulty_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct faulty *card = self;
    return card->inner.reset(card->inner.self, kind, atr);
}

static oc_result faulty_exchange(void *self, oc_span command, oc_wr *response)
{
    struct faulty *card = self;
    oc_result r = card->inner.exchange(card->inner.self, command, response);
    size_t len = card->from.len;
    for (size_t i = 0; len > 0 && i + len <= response->len; i++) {
        if (memcmp(response->at + i, card->from.at, len) == 0) {
            memcpy(response->at + i, card->to.at, len);
        }
    }
    return r;
}

static oc_result issue(oc_card *card, oc_crypto *crypto, const oc_profile *profile, const char *fault, oc_diag *diag)
{
    oc_link *link = NULL;
    oc_issue_order order = {.profile = profile, .fault = (enum oc_issue_fault)atoi(fault)};
    OC_TRY(oc_link_inproc(&link, oc_card_endpoint(card)));
    oc_result r = oc_issuer_issue(link, crypto, &order, diag);
    oc_link_free(&link);
    return r;
}

int main(int argc, char **argv)
{
    oc_diag diag = {0};
    oc_profile *profile = NULL;
    oc_crypto *crypto = NULL;
    oc_card_os *os = NULL;
    oc_card *card = NULL;
    struct faulty faulty = {0};
    oc_result r = argc < 3 ? oc_fail(OC_E_USAGE) : oc_profile_load(&profile, argv[1], &diag);
    r = oc_is_ok(r) ? oc_crypto_new(&crypto) : r;
    r = oc_is_ok(r) ? oc_issuer_card_os(&os) : r;
    r = oc_is_ok(r) ? oc_issuer_make_blank(&card, os, crypto, profile, &diag) : r;
    r = oc_is_ok(r) ? issue(card, crypto, profile, argv[2], &diag) : r;
    if (oc_is_ok(r) && argc > 4) {
        r = oc_hex_decode(&faulty.from, argv[3], strlen(argv[3]));
        r = oc_is_ok(r) ? oc_hex_decode(&faulty.to, argv[4], strlen(argv[4])) : r;
        r = oc_is_ok(r) && faulty.from.len != faulty.to.len ? oc_fail(OC_E_USAGE) : r;
    }
    if (oc_is_ok(r)) {
        faulty.inner = oc_card_endpoint(card);
        oc_endpoint endpoint = {&faulty, faulty_reset, faulty_exchange};
        r = oc_serve_stdio(endpoint, STDIN_FILENO, STDOUT_FILENO, &diag);
    }
    if (!oc_is_ok(r)) {
        fprintf(stderr, "faulty_card: %s %s\n", oc_code_name(r.code), diag.reason);
    }
    oc_card_free(&card);
    oc_card_os_free(&os);
    oc_crypto_free(&crypto);
    oc_profile_free(&profile);
    oc_buf_free(&faulty.from);
    oc_buf_free(&faulty.to);
    return oc_is_ok(r) ? 0 : 1;
}
