/* SPDX-License-Identifier: Apache-2.0 */
/* PKI_SignData and PKI_VerifySign on the certificate application (ssc-card sheet 9). LD/T 6001.5 clause 7 gives their
 * parameters alone; what stands in the strings is a project choice (terminal.h). */
#include "sim/crypto/certificate.h"
#include "sim/crypto/pin_block.h"
#include "sim/terminal/file_address.h"
#include "sim/terminal/file_items.h"
#include "sim/terminal/info.h"
#include "sim/terminal/pin_entry.h"

#define SIGNATURE_CERTIFICATE 0x0018
#define USER_PIN 0x81
#define BLOCK 16
#define CHALLENGE 8

/* "PKI." and 社会保障 in GBK, and in it "SS.CERT.ADF1". */
static const uint8_t environment[] = {0x50, 0x4B, 0x49, 0x2E, 0xC9, 0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF};
static const char directory[] = "SS.CERT.ADF1";

oc_result oc_step_pki_enter(struct oc_call *call)
{
    OC_TRY(oc_call_select_name(call, oc_span_of(environment, sizeof environment)));
    return oc_call_ended(call) ? oc_ok() : oc_call_select_name(call, oc_span_text(directory));
}

/* The challenge filled up to a block, enciphered with the PIN's key. */
static oc_result make_proof(struct oc_call *call, oc_span packed, uint8_t proof[BLOCK])
{
    const oc_apdu ask = {.ins = 0x84, .has_le = true, .le = CHALLENGE};
    OC_TRY(oc_call_card_for(call, &ask, CHALLENGE));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    uint8_t block[BLOCK] = {0};
    memcpy(block, call->response->at, CHALLENGE);
    oc_key key;
    OC_TRY(oc_pin_key(call->crypto, packed, &key));
    oc_result r = oc_encipher(call->crypto, &key, oc_span_of(block, sizeof block), proof);
    oc_key_wipe(&key);
    return r;
}

static oc_result verify(struct oc_call *call, oc_span packed)
{
    uint8_t proof[BLOCK];
    OC_TRY(make_proof(call, packed, proof));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    const oc_apdu apdu = {.ins = 0x20, .p1 = 0x01, .p2 = USER_PIN, .data = oc_span_of(proof, sizeof proof)};
    OC_TRY(oc_call_card(call, &apdu));
    return oc_pin_judge(call);
}

/* The PIN of this application is an argument, not typed. */
oc_result oc_step_pki_verify_pin(struct oc_call *call)
{
    oc_span digits = oc_call_arg(call, "user-pin");
    if (!oc_info_all_digits(digits)) {
        return oc_call_end(call, OC_CODE_CHARACTER);
    }
    oc_buf packed = {0};
    oc_result r = oc_pin_pack(&packed, digits);
    if (oc_is_ok(r)) {
        r = verify(call, oc_buf_span(&packed));
    } else if (r.code == OC_E_FORMAT) {
        r = oc_call_end(call, OC_CODE_PIN_LENGTH);
    }
    oc_buf_free(&packed);
    return r;
}

/* What is signed: SM3 over the default user id, the certificate's key and the text. */
static oc_result digest_of(struct oc_call *call, const oc_sm2_key *key, oc_span text, uint8_t digest[OC_SM2_DIGEST])
{
    return oc_sm2_digest(call->crypto, key, oc_span_text(OC_SM2_DEFAULT_ID), text, digest);
}

static oc_result sign(struct oc_call *call, oc_span certificate, oc_buf *out)
{
    oc_sm2_key key;
    bool found;
    uint8_t digest[OC_SM2_DIGEST];
    OC_TRY(oc_certificate_key(call->crypto, certificate, &key, &found));
    if (!found) {
        return oc_call_end(call, OC_CODE_CHECK);
    }
    OC_TRY(digest_of(call, &key, oc_call_arg(call, "in-data"), digest));
    const oc_apdu apdu = {.ins = 0x2A,
                          .p1 = 0x9E,
                          .p2 = 0x9A,
                          .data = oc_span_of(digest, sizeof digest),
                          .has_le = true,
                          .le = OC_SM2_SIGNATURE};
    OC_TRY(oc_call_card_for(call, &apdu, OC_SM2_SIGNATURE));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    OC_TRY(oc_info_append_hex(out, oc_call_data(call)));
    OC_TRY(oc_buf_append_byte(out, '|'));
    OC_TRY(oc_info_append_hex(out, oc_certificate_trim(certificate)));
    OC_TRY(oc_buf_append_byte(out, '|'));
    return oc_fields_set(call->answer, "out", oc_buf_span(out));
}

oc_result oc_step_pki_sign(struct oc_call *call)
{
    oc_buf certificate = {0};
    oc_buf out = {0};
    oc_result r = oc_file_read_binary(call, SIGNATURE_CERTIFICATE, &certificate);
    if (oc_is_ok(r) && !oc_call_ended(call)) {
        r = sign(call, oc_buf_span(&certificate), &out);
    }
    oc_buf_free(&certificate);
    oc_buf_free(&out);
    return r;
}

/* The certificate's issuer is nobody's business here: no root is given. */
static oc_result check(struct oc_call *call, oc_span certificate, oc_span signature)
{
    oc_sm2_key key;
    enum oc_certificate_flaw flaw;
    uint8_t digest[OC_SM2_DIGEST];
    bool valid;
    if (signature.len != OC_SM2_SIGNATURE) {
        return oc_call_end(call, OC_CODE_DATA_LENGTH);
    }
    OC_TRY(oc_certificate_key_at(call->crypto, certificate, call->parts->clock->seconds, &key, &flaw));
    if (flaw == OC_CERTIFICATE_MALFORMED) {
        return oc_call_end(call, OC_CODE_INPUT);
    }
    if (flaw != OC_CERTIFICATE_RIGHT) {
        return oc_call_end(call, OC_CODE_CHECK);
    }
    OC_TRY(digest_of(call, &key, oc_call_arg(call, "clear-text"), digest));
    OC_TRY(oc_sm2_verify(&key, oc_span_of(digest, sizeof digest), signature, &valid));
    return valid ? oc_ok() : oc_call_end(call, OC_CODE_CHECK);
}

oc_result oc_step_pki_check(struct oc_call *call)
{
    oc_buf certificate = {0};
    oc_buf signature = {0};
    oc_result r = oc_file_make_bytes(call, &certificate, oc_call_arg(call, "cert"));
    if (oc_is_ok(r) && !oc_call_ended(call)) {
        r = oc_file_make_bytes(call, &signature, oc_call_arg(call, "signature"));
    }
    if (oc_is_ok(r) && !oc_call_ended(call)) {
        r = check(call, oc_buf_span(&certificate), oc_buf_span(&signature));
    }
    oc_buf_free(&certificate);
    oc_buf_free(&signature);
    return r;
}
