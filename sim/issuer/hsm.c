/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/issuer/hsm.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/atr.h"
#include "sim/crypto/key_wrap.h"
#include "sim/crypto/ssc.h"

#define FACTOR 8
#define LEVELS 3
#define PROOF_TAIL 6

struct oc_hsm {
    const oc_profile *profile;
    oc_crypto *crypto;
    uint8_t factors[LEVELS][FACTOR]; /* province, city, chip: the order of computation (ssc-card 6.3) */
    oc_key transport;
    char master_of[12]; /* directory whose master key `master` is; "" for none yet */
    oc_key master;
};

oc_result oc_hsm_new(oc_hsm **out, const oc_profile *profile, oc_crypto *crypto, oc_span atr, oc_diag *diag)
{
    *out = NULL;
    oc_buf area = {0};
    oc_hsm *hsm = calloc(1, sizeof *hsm);
    if (hsm == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    hsm->profile = profile;
    hsm->crypto = crypto;
    bool ready = oc_atr_factor(atr, hsm->factors[2]) && oc_is_ok(oc_profile_value(profile, "area", &area)) &&
                 oc_is_ok(oc_ssc_province_factor(oc_buf_span(&area), hsm->factors[0])) &&
                 oc_is_ok(oc_ssc_city_factor(oc_buf_span(&area), hsm->factors[1])) &&
                 oc_is_ok(oc_profile_transport_key(profile, &hsm->transport));
    oc_buf_free(&area);
    if (!ready) {
        oc_hsm_free(&hsm);
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "profile %s lacks the area or the transport key to issue with",
                            oc_profile_id(profile));
    }
    *out = hsm;
    return oc_ok();
}

void oc_hsm_free(oc_hsm **hsm)
{
    if (*hsm != NULL) {
        oc_wipe(*hsm, sizeof **hsm);
        free(*hsm);
        *hsm = NULL;
    }
}

oc_result oc_hsm_transport_proof(oc_hsm *hsm, oc_wr *out)
{
    /* 00 00 and the last 6 bytes of the ATR, filled up to a block. */
    uint8_t text[16] = {0};
    memcpy(text + FACTOR - PROOF_TAIL, hsm->factors[2] + FACTOR - PROOF_TAIL, PROOF_TAIL);
    size_t block = oc_alg_block((enum oc_alg)hsm->transport.alg);
    OC_TRY(oc_encipher(hsm->crypto, &hsm->transport, oc_span_of(text, block), text));
    oc_wr_bytes(out, oc_span_of(text, block));
    return out->bad ? oc_fail(OC_E_INTERNAL) : oc_ok();
}

static void take_factors(const oc_hsm *hsm, oc_span factors[LEVELS])
{
    for (size_t i = 0; i < LEVELS; i++) {
        factors[i] = oc_span_of(hsm->factors[i], FACTOR);
    }
}

static oc_result derive(oc_hsm *hsm, const oc_key_name *name, unsigned levels, oc_key *key, oc_diag *diag)
{
    oc_span factors[LEVELS];
    take_factors(hsm, factors);
    return oc_profile_derive(hsm->profile, hsm->crypto, name, factors, levels, key, diag);
}

/* The key to be loaded, in the algorithm that its header names: a PSAM may hold one key in both. */
static oc_result derive_load(oc_hsm *hsm, const oc_hsm_load *load, oc_key *key, oc_diag *diag)
{
    oc_span factors[LEVELS];
    take_factors(hsm, factors);
    return oc_profile_derive_as(hsm->profile, hsm->crypto, &load->name, (enum oc_alg)load->header[OC_HSM_HEADER_ALG],
                                factors, load->levels, key, diag);
}

/* What protects a load: the chip's transport key, or the directory's master key of this chip. */
static oc_result wrapping_key(oc_hsm *hsm, const oc_hsm_load *load, oc_key *key, oc_diag *diag)
{
    if (load->is_master) {
        *key = hsm->transport;
        return oc_ok();
    }
    if (strcmp(hsm->master_of, load->dir) != 0) {
        oc_key_name master = {.name = "MK", .version = 1};
        snprintf(master.dir, sizeof master.dir, "%s", load->dir);
        OC_TRY(derive(hsm, &master, OC_HSM_CHIP, &hsm->master, diag));
        snprintf(hsm->master_of, sizeof hsm->master_of, "%s", load->dir);
    }
    *key = hsm->master;
    return oc_ok();
}

/* A PIN takes a key's place in the load, filled up with FF. */
static oc_result pin_as_key(const oc_hsm *hsm, oc_span pin, oc_key *key)
{
    uint8_t filled[OC_KEY_SIZE];
    oc_wr wr = oc_wr_of(filled, sizeof filled);
    oc_wr_bytes(&wr, pin);
    oc_wr_fill(&wr, 0xFF, wr.bad ? 0 : sizeof filled - wr.len);
    oc_result r = wr.bad ? oc_fail(OC_E_LIMIT)
                         : oc_key_load(key, hsm->transport.alg, oc_span_of(filled, sizeof filled));
    oc_wipe(filled, sizeof filled);
    return r;
}

oc_result oc_hsm_wrap(oc_hsm *hsm, const oc_hsm_load *load, uint8_t out[32], oc_diag *diag)
{
    oc_key wrapping = {0};
    oc_key key = {0};
    oc_result r = wrapping_key(hsm, load, &wrapping, diag);
    if (oc_is_ok(r)) {
        r = load->pin.len != 0 ? pin_as_key(hsm, load->pin, &key) : derive_load(hsm, load, &key, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_key_wrap(hsm->crypto, &wrapping, load->header, &key, out);
    }
    oc_key_wipe(&wrapping);
    oc_key_wipe(&key);
    return r;
}

oc_result oc_hsm_card_id_check(oc_hsm *hsm, oc_span first12, uint8_t out[4], oc_diag *diag)
{
    const oc_key_name irk = {"SSSE", "IRK", 1};
    oc_key key = {0};
    oc_result r = derive(hsm, &irk, OC_HSM_CHIP, &key, diag);
    if (oc_is_ok(r)) {
        r = oc_ssc_card_id_check(hsm->crypto, &key, first12, out);
    }
    oc_key_wipe(&key);
    return r;
}
