/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/pki_app.h"
#include "sim/apps/ssc_app.h"
#include "sim/base/atr.h"
#include "sim/issuer/issuer.h"
#include "sim/issuer/psam_fill.h"
#include "sim/link/transports.h"
#include "sim/psam/psam.h"

/* The chips of one world must not draw the same random numbers; a run starts both afresh for each case. */
#define SEED_CARD 1
#define SEED_PSAM 2

oc_result oc_issuer_card_os(oc_card_os **out)
{
    static const oc_card_app *const apps[] = {&oc_ssc_app, &oc_pki_app};
    return oc_card_os_new(out, apps, sizeof apps / sizeof apps[0]);
}

oc_result oc_issuer_psam_os(oc_card_os **out)
{
    static const oc_card_app *const apps[] = {&oc_psam_app};
    return oc_card_os_new(out, apps, sizeof apps / sizeof apps[0]);
}

/* What the chip can do, by the settings of the profile. */
static unsigned features_of(const oc_profile *profile)
{
    static const struct {
        const char *setting;
        unsigned feature;
    } features[] = {{"card-t1", OC_FEATURE_T1},
                    {"card-extended-length", OC_FEATURE_EXTENDED_LENGTH},
                    {"card-chaining", OC_FEATURE_CHAINING},
                    {"card-contactless", OC_FEATURE_CONTACTLESS},
                    {"contactless-write", OC_FEATURE_CONTACTLESS_WRITE}};
    unsigned all = 0;
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++) {
        const char *value = oc_profile_setting(profile, features[i].setting);
        all |= value != NULL && strcmp(value, "on") == 0 ? features[i].feature : 0;
    }
    return all;
}

static oc_result make_chip(oc_card **out, const oc_card_os *os, oc_crypto *crypto, const oc_profile *profile,
                           oc_span atr, uint64_t seed, oc_diag *diag)
{
    oc_card_params params = {.atr = atr, .transport_key = oc_profile_transport_bytes(profile), .seed = seed};
    params.features = seed == SEED_CARD ? features_of(profile) : 0; /* a PSAM sits in a T=0 slot */
    params.transport_alg = (uint8_t)oc_profile_alg(profile);
    if (params.atr.len == 0 || params.transport_key.len == 0) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "profile %s gives no atr or no transport-key to make a chip with",
                            oc_profile_id(profile));
    }
    return oc_card_new(out, os, crypto, &params);
}

oc_result oc_issuer_make_blank(oc_card **out, const oc_card_os *os, oc_crypto *crypto, const oc_profile *profile,
                               oc_diag *diag)
{
    *out = NULL;
    return make_chip(out, os, crypto, profile, oc_profile_atr(profile), SEED_CARD, diag);
}

static oc_result issue(oc_card **card, oc_crypto *crypto, const oc_issue_order *order, oc_diag *diag)
{
    oc_link *link = NULL;
    oc_result r = oc_link_inproc(&link, oc_card_endpoint(*card));
    if (oc_is_ok(r)) {
        r = oc_issuer_issue(link, crypto, order, diag);
    }
    oc_link_free(&link);
    if (!oc_is_ok(r)) {
        oc_card_free(card);
    }
    return r;
}

oc_result oc_issuer_make_card(oc_card **out, const oc_card_os *os, oc_crypto *crypto, const oc_profile *profile,
                              oc_diag *diag)
{
    OC_TRY(oc_issuer_make_blank(out, os, crypto, profile, diag));
    return issue(out, crypto, &(oc_issue_order){.profile = profile}, diag);
}

/* A chip of the profile's kind with a serial number of its own, issued by `order`. */
static oc_result make_own_card(oc_card **out, const oc_card_os *os, oc_crypto *crypto, const oc_issue_order *order,
                               oc_diag *diag)
{
    *out = NULL;
    oc_span atr = oc_profile_atr(order->profile);
    oc_span historical;
    uint8_t own[OC_ATR_MAX];
    if (atr.len > sizeof own || !oc_atr_historical(atr, &historical) || historical.len < 2) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "profile %s gives no atr to make a chip with",
                            oc_profile_id(order->profile));
    }
    memcpy(own, atr.at, atr.len);
    size_t end = (size_t)(historical.at - atr.at) + historical.len;
    own[end - 1] ^= 0x55; /* the same in two bytes, so that a check byte behind them stays right */
    own[end - 2] ^= 0x55;
    OC_TRY(make_chip(out, os, crypto, order->profile, oc_span_of(own, atr.len), SEED_CARD, diag));
    return issue(out, crypto, order, diag);
}

oc_result oc_issuer_make_other_card(oc_card **out, const oc_card_os *os, oc_crypto *crypto, const oc_profile *profile,
                                    oc_diag *diag)
{
    const oc_issue_order order = {.profile = profile, .own_serial = true, .fault = OC_ISSUE_HOLDER_DIFFERS};
    return make_own_card(out, os, crypto, &order, diag);
}

oc_result oc_issuer_make_renewed_card(oc_card **out, const oc_card_os *os, oc_crypto *crypto,
                                      const oc_profile *profile, const oc_profile *old, oc_diag *diag)
{
    const oc_issue_order order = {
        .profile = profile, .own_serial = true, .new_number = true, .holder_of = old, .fault = OC_ISSUE_RIGHT};
    return make_own_card(out, os, crypto, &order, diag);
}

static oc_result make_psam(oc_card **out, const oc_card_os *os, oc_crypto *crypto, const oc_profile *profile,
                           const oc_profile_psam *psam, oc_diag *diag)
{
    *out = NULL;
    oc_buf atr = {0};
    oc_link *link = NULL;
    (void)oc_psam_atr(profile, &atr).code; /* without one make_chip says what is missing */
    oc_result r = make_chip(out, os, crypto, profile, oc_buf_span(&atr), SEED_PSAM, diag);
    oc_buf_free(&atr);
    if (oc_is_ok(r)) {
        r = oc_link_inproc(&link, oc_card_endpoint(*out));
    }
    if (oc_is_ok(r)) {
        r = oc_psam_fill(link, crypto, profile, psam, diag);
    }
    oc_link_free(&link);
    if (!oc_is_ok(r)) {
        oc_card_free(out);
    }
    return r;
}

oc_result oc_issuer_make_psam(oc_card **out, const oc_card_os *os, oc_crypto *crypto, const oc_profile *profile,
                              oc_diag *diag)
{
    return make_psam(out, os, crypto, profile, oc_profile_psam_of(profile), diag);
}

/* What the other PSAM lacks, by the words of issuer.h. */
static oc_result take_away(oc_profile_psam *psam, const char *lack, oc_key_name *without, oc_diag *diag)
{
    static const struct {
        const char *word;
        uint8_t level; /* 0: it keeps its own */
        enum oc_alg only;
    } words[] = {
        {"province", 2, OC_ALG_3DES}, {"city", 1, OC_ALG_3DES}, {"3DES", 0, OC_ALG_3DES}, {"SM4", 0, OC_ALG_SM4}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].word, lack) != 0) {
            continue;
        }
        if (words[i].level != 0) {
            psam->level = psam->level < words[i].level ? psam->level : words[i].level;
            return oc_ok();
        }
        psam->all_algs = true;
        psam->has_3des = words[i].only == OC_ALG_3DES;
        psam->has_sm4 = words[i].only == OC_ALG_SM4;
        return oc_ok();
    }
    if (!oc_is_ok(oc_key_name_parse(without, lack))) {
        return oc_diag_fail(diag, OC_E_FORMAT,
                            "a PSAM may be of a province or a city, of 3DES or SM4, or lack a key: %s", lack);
    }
    without->version = strchr(lack, '#') == NULL ? 0 : without->version;
    psam->without = without;
    psam->without_count = 1;
    return oc_ok();
}

oc_result oc_issuer_make_lesser_psam(oc_card **out, const oc_card_os *os, oc_crypto *crypto, const oc_profile *profile,
                                     const char *lack, oc_diag *diag)
{
    *out = NULL;
    oc_profile_psam psam = *oc_profile_psam_of(profile);
    oc_key_name without;
    OC_TRY(take_away(&psam, lack, &without, diag));
    return make_psam(out, os, crypto, profile, &psam, diag);
}
