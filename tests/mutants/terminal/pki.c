/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures: PKI_SignData and PKI_VerifySign. */
#include "sim/crypto/certificate.h"
#include "tests/mutants/terminal/seam.h"

#define CUT 16

MUTANT_WRAPS(oc_result, oc_certificate_key_at, oc_crypto *crypto, oc_span certificate, int64_t now, oc_sm2_key *key,
             enum oc_certificate_flaw *flaw);
MUTANT_WRAPS(oc_result, oc_sm2_digest, oc_crypto *crypto, const oc_sm2_key *key, oc_span id, oc_span message,
             uint8_t digest[OC_SM2_DIGEST]);

oc_result __wrap_oc_certificate_key_at(oc_crypto *crypto, oc_span certificate, int64_t now, oc_sm2_key *key,
                                       enum oc_certificate_flaw *flaw)
{
    OC_TRY(__real_oc_certificate_key_at(crypto, certificate, now, key, flaw));
    bool taken = *flaw == OC_CERTIFICATE_EXPIRED && mutant_running() == MUTANT_TERMINAL &&
                 mutant_is("terminal.pki.expired-taken");
    *flaw = taken ? OC_CERTIFICATE_RIGHT : *flaw;
    return oc_ok();
}

/* The user's id is another than that of the standard. */
oc_result __wrap_oc_sm2_digest(oc_crypto *crypto, const oc_sm2_key *key, oc_span id, oc_span message,
                               uint8_t digest[OC_SM2_DIGEST])
{
    bool signs = mutant_running() == MUTANT_TERMINAL && terminal_is_in("PKI_SignData");
    return __real_oc_sm2_digest(crypto, key, signs && mutant_is("terminal.pki.no-user-id") ? oc_span_empty() : id,
                                signs && mutant_is("terminal.pki.text-cut") ? oc_span_slice(message, 0, CUT) : message,
                                digest);
}

static int always_right(const char *function, int code)
{
    return strcmp(function, "PKI_VerifySign") == 0 && code == OC_CODE_CHECK ? OC_CODE_OK : code;
}

static oc_result wrong_passes(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->code = call->code == OC_CODE_PIN_WRONG ? OC_CODE_OK : call->code;
    return oc_ok();
}

static oc_result verified_twice(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    if (call->code != OC_CODE_PIN_WRONG) {
        return oc_ok();
    }
    call->code = OC_CODE_OK;
    return right(call);
}

static const struct mutant rows[] = {
    {.id = "terminal.pki.expired-taken"},
    {.id = "terminal.pki.no-user-id"},
    {.id = "terminal.pki.text-cut"},
    {.id = "terminal.pki.always-right", TERMINAL(.code = always_right)},
    {.id = "terminal.pki.pin-not-presented", TERMINAL(.steps = {WITHOUT(oc_step_pki_verify_pin)})},
    {.id = "terminal.pki.wrong-pin-passes", TERMINAL(.steps = {{oc_step_pki_verify_pin, wrong_passes}})},
    {.id = "terminal.pki.pin-retried", TERMINAL(.steps = {{oc_step_pki_verify_pin, verified_twice}})},
    {.id = "terminal.pki.not-checked", TERMINAL(.steps = {WITHOUT(oc_step_pki_check)})},
};
MUTANT_TABLE(rows);
