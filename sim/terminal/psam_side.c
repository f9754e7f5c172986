/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal's dialogue with its PSAM (ssc-card sheet 8). */
#include "sim/keys/psam_apdu.h"
#include "sim/terminal/authenticate.h"

#define BLOCK_MAX 16
#define P1_ENCIPHER 0x00 /* of 80 FA */
#define P1_MAC_WITH_ICV 0x05
#define LEVEL_SHIFT 5 /* of a PSAM usage byte (ssc-card sheet 6.1) */
#define KIND_MASK 0x1Fu

static oc_result select_fid(struct oc_call *call, uint16_t fid)
{
    const uint8_t bytes[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    const oc_apdu select = {.ins = 0xA4, .data = oc_span_of(bytes, sizeof bytes), .has_le = true};
    return oc_call_psam_for(call, &select, OC_ANY_LENGTH);
}

static oc_result select_name(struct oc_call *call, oc_span name)
{
    const oc_apdu select = {.ins = 0xA4, .p1 = 0x04, .data = name, .has_le = true};
    return oc_call_psam_for(call, &select, OC_ANY_LENGTH);
}

static oc_result read_number(struct oc_call *call)
{
    const oc_apdu read = {.ins = 0xB0, .p1 = 0x96, .has_le = true, .le = sizeof call->session->terminal_number};
    OC_TRY(oc_call_psam_for(call, &read, sizeof call->session->terminal_number));
    if (!oc_call_ended(call)) {
        memcpy(call->session->terminal_number, call->response->at, sizeof call->session->terminal_number);
    }
    return oc_ok();
}

/* 3DES keys are found from the MF by the application's name, SM4 keys in an environment of their own. */
static oc_result open_application(struct oc_call *call)
{
    if (!call->session->card.third) {
        return select_name(call, oc_psam_application);
    }
    OC_TRY(select_name(call, oc_psam_sm4_environment));
    if (oc_call_ended(call)) {
        bool lacks = call->sw.value == OC_SW_FILE_NOT_FOUND || call->sw.value == OC_SW_NOT_SUPPORTED;
        return lacks ? oc_call_end(call, OC_CODE_PSAM_ALGORITHM) : oc_ok();
    }
    return select_fid(call, OC_PSAM_FID_DF01);
}

static oc_result open_psam(struct oc_call *call)
{
    OC_TRY(oc_call_reset_psam(call));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    OC_TRY(select_fid(call, OC_PSAM_FID_MF));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    OC_TRY(read_number(call));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    call->session->has_psam = true;
    return open_application(call);
}

oc_result oc_step_psam(struct oc_call *call)
{
    return call->parts->psam == NULL ? oc_call_end(call, OC_CODE_NO_PSAM) : open_psam(call);
}

oc_result oc_step_psam_if_there(struct oc_call *call)
{
    bool needed = call->session->card.third && call->settings->without_psam == OC_WITHOUT_PSAM_REFUSED;
    return call->parts->psam == NULL && !needed ? oc_ok() : oc_step_psam(call);
}

oc_result oc_step_psam_purchase(struct oc_call *call)
{
    const oc_apdu read = {.ins = 0xB0, .p1 = 0x9C, .has_le = true, .le = 1};
    OC_TRY(oc_call_psam_for(call, &read, 1));
    if (!oc_call_ended(call)) {
        call->session->transaction.index = call->response->at[0];
    }
    return oc_ok();
}

static oc_result init_descrypt(struct oc_call *call, uint8_t usage, uint8_t id, const uint8_t challenge[8],
                               size_t block)
{
    const uint8_t *const factors[3] = {call->session->card.factor, call->session->card.city,
                                       call->session->card.province};
    uint8_t room[OC_PSAM_INIT_MAX];
    const oc_apdu init = oc_psam_init_descrypt_apdu(usage, id, factors, oc_span_of(challenge, 8), block, room);
    return oc_call_psam(call, &init);
}

/* The key is not there as it should be. A PSAM of a lower level has it with fewer levels to derive: that is another
 * lack than having none (ssc-terminal sheet 4.9: -24 and -27272). How drivers tell them apart is not public; asking
 * for each lower level is a project choice. */
static oc_result explain_missing_key(struct oc_call *call, const struct oc_terminal_key *key,
                                     const uint8_t challenge[8], size_t block)
{
    unsigned kind = key->usage & KIND_MASK;
    for (unsigned levels = oc_psam_levels(key->usage) - 1u; levels > 0; levels--) {
        OC_TRY(init_descrypt(call, (uint8_t)(levels << LEVEL_SHIFT | kind), key->psam_id, challenge, block));
        if (oc_sw_ok(call->sw)) {
            return oc_call_end(call, OC_CODE_PSAM_LEVEL);
        }
        if (oc_call_ended(call)) {
            return oc_ok();
        }
    }
    return oc_call_end(call, -(int)OC_SW_KEY_NOT_FOUND);
}

static oc_result prepare_key(struct oc_call *call, const struct oc_terminal_key *key, const uint8_t challenge[8],
                             size_t block)
{
    OC_TRY(init_descrypt(call, key->usage, key->psam_id, challenge, block));
    if (call->sw.value == OC_SW_KEY_NOT_FOUND) {
        return explain_missing_key(call, key, challenge, block);
    }
    if (!oc_sw_ok(call->sw)) {
        return oc_call_end_sw(call);
    }
    return oc_call_data(call).len == 0 ? oc_ok() : oc_call_end(call, OC_CODE_DATA_LENGTH);
}

static size_t block_of(const struct oc_call *call)
{
    return oc_alg_block(call->session->card.third ? OC_ALG_SM4 : OC_ALG_3DES);
}

/* Session key from the challenge, then 80 FA with P1; the last block of the answer is what counts for a MAC. */
static oc_result crypt(struct oc_call *call, const struct oc_terminal_key *key, const uint8_t challenge[8], uint8_t p1,
                       oc_span data, size_t answer)
{
    OC_TRY(prepare_key(call, key, challenge, block_of(call)));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    const oc_apdu apdu = {.cla = 0x80, .ins = 0xFA, .p1 = p1, .data = data, .has_le = true, .le = (uint8_t)answer};
    return oc_call_psam_for(call, &apdu, answer);
}

oc_result oc_psam_cryptogram(struct oc_call *call, const struct oc_terminal_key *key, const uint8_t challenge[8],
                             const uint8_t text[8], uint8_t out[8])
{
    size_t block = block_of(call);
    uint8_t data[BLOCK_MAX] = {0};
    memcpy(data, text, 8);
    OC_TRY(crypt(call, key, challenge, P1_ENCIPHER, oc_span_of(data, block), block));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    if (block == BLOCK_MAX) {
        oc_ssc_fold8(call->response->at, out);
    } else {
        memcpy(out, call->response->at, 8);
    }
    return oc_ok();
}

oc_result oc_psam_encipher(struct oc_call *call, const struct oc_terminal_key *key, const uint8_t challenge[8],
                           oc_span data, uint8_t *out)
{
    OC_TRY(crypt(call, key, challenge, P1_ENCIPHER, data, data.len));
    if (!oc_call_ended(call)) {
        memcpy(out, call->response->at, data.len);
    }
    return oc_ok();
}

oc_result oc_psam_mac(struct oc_call *call, const struct oc_terminal_key *key, const uint8_t challenge[8],
                      oc_span message, uint8_t mac[4])
{
    size_t block = block_of(call);
    uint8_t data[UINT8_MAX];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_fill(&wr, 0x00, block); /* the ICV */
    oc_wr_bytes(&wr, message);
    oc_wr_u8(&wr, 0x80);
    oc_wr_fill(&wr, 0x00, (block - wr.len % block) % block);
    if (wr.bad) {
        return oc_fail(OC_E_LIMIT);
    }
    OC_TRY(crypt(call, key, challenge, P1_MAC_WITH_ICV, oc_wr_span(&wr), block));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    if (block == BLOCK_MAX) {
        oc_ssc_fold4(call->response->at, mac);
    } else {
        memcpy(mac, call->response->at, 4);
    }
    return oc_ok();
}
