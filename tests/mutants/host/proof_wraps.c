/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of cards, the HSM, certificates, and the codes of electronic cards. */
#include <stdarg.h>
#include <stdio.h>

#include "sim/crypto/certificate.h"
#include "sim/host/ecard/token.h"
#include "tests/mutants/host/change.h"

MUTANT_WRAPS(oc_result, oc_proof_of_tac, const oc_key_provider *keys, const struct oc_message *message, oc_span data,
             enum oc_proof *proof, oc_diag *diag);
MUTANT_WRAPS(oc_result, oc_proof_of_card, const oc_key_provider *keys, const struct oc_message *message,
             enum oc_proof *proof, oc_diag *diag);
oc_result __wrap_oc_hsm_refuse(struct oc_hsm_call *call, const char *format, ...) OC_PRINTF(2, 3);
oc_result __real_oc_hsm_refuse(struct oc_hsm_call *call, const char *format, ...) OC_PRINTF(2, 3);
MUTANT_WRAPS(oc_result, oc_hsm_read, struct oc_hsm_call *call, const struct oc_hsm_layout *layout,
             struct oc_hsm_string *out);
MUTANT_WRAPS(oc_result, oc_hsm_debit_check, struct oc_hsm_call *call);
MUTANT_WRAPS(oc_result, oc_certificate_check, oc_crypto *crypto, oc_span certificate, oc_span root,
             enum oc_certificate_use use, int64_t now, oc_sm2_key *key, enum oc_certificate_flaw *flaw);
MUTANT_WRAPS(oc_result, oc_sm2_verify, const oc_sm2_key *key, oc_span digest, oc_span signature, bool *valid);
MUTANT_WRAPS(oc_result, oc_ecard_token_read, oc_crypto *crypto, const oc_sm2_key *key, oc_span text, int64_t now,
             char scope, oc_ecard_token *token, enum oc_ecard_flaw *flaw);

oc_result __wrap_oc_proof_of_tac(const oc_key_provider *keys, const struct oc_message *message, oc_span data,
                                 enum oc_proof *proof, oc_diag *diag)
{
    const struct host_change *change = host_change();
    OC_TRY(__real_oc_proof_of_tac(keys, message, data, proof, diag));
    *proof = *proof == OC_PROOF_WRONG && change != NULL && change->takes_any_tac ? OC_PROOF_RIGHT : *proof;
    return oc_ok();
}

oc_result __wrap_oc_proof_of_card(const oc_key_provider *keys, const struct oc_message *message, enum oc_proof *proof,
                                  oc_diag *diag)
{
    const struct host_change *change = host_change();
    OC_TRY(__real_oc_proof_of_card(keys, message, proof, diag));
    *proof = *proof == OC_PROOF_WRONG && change != NULL && change->takes_any_cryptogram ? OC_PROOF_RIGHT : *proof;
    return oc_ok();
}

oc_result __wrap_oc_hsm_refuse(struct oc_hsm_call *call, const char *format, ...) OC_PRINTF(2, 3);

oc_result __wrap_oc_hsm_refuse(struct oc_hsm_call *call, const char *format, ...)
{
    const struct host_change *change = host_change();
    char why[sizeof call->why];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    return change != NULL && change->hsm_unsaid != NULL && strstr(why, change->hsm_unsaid) != NULL
               ? oc_ok()
               : __real_oc_hsm_refuse(call, "%s", why);
}

oc_result __wrap_oc_hsm_read(struct oc_hsm_call *call, const struct oc_hsm_layout *layout, struct oc_hsm_string *out)
{
    const struct host_change *change = host_change();
    OC_TRY(__real_oc_hsm_read(call, layout, out));
    if (change != NULL && change->hsm_string != NULL && !oc_hsm_refused(call)) {
        change->hsm_string(layout, out);
    }
    return oc_ok();
}

oc_result __wrap_oc_hsm_debit_check(struct oc_hsm_call *call)
{
    const struct host_change *change = host_change();
    OC_TRY(__real_oc_hsm_debit_check(call));
    if (change == NULL || change->hsm_takes == NULL ||
        !oc_span_equal(oc_fields_span(call->answer, "reason"), oc_span_text(change->hsm_takes))) {
        return oc_ok();
    }
    oc_fields_free(call->answer);
    return oc_fields_set_text(call->answer, "result", "accepted");
}

oc_result __wrap_oc_certificate_check(oc_crypto *crypto, oc_span certificate, oc_span root,
                                      enum oc_certificate_use use, int64_t now, oc_sm2_key *key,
                                      enum oc_certificate_flaw *flaw)
{
    const struct host_change *change = host_change();
    OC_TRY(__real_oc_certificate_check(crypto, certificate, root, use, now, key, flaw));
    if (mutant_running() != MUTANT_HOST || change == NULL || change->certificate_flaw == NULL ||
        strstr(change->certificate_flaw, oc_certificate_flaw_name(*flaw)) == NULL) {
        return oc_ok();
    }
    bool found = false;
    OC_TRY(oc_certificate_key(crypto, certificate, key, &found));
    *flaw = found ? OC_CERTIFICATE_RIGHT : *flaw;
    return oc_ok();
}

oc_result __wrap_oc_sm2_verify(const oc_sm2_key *key, oc_span digest, oc_span signature, bool *valid)
{
    const struct host_change *change = host_change();
    OC_TRY(__real_oc_sm2_verify(key, digest, signature, valid));
    *valid = *valid || (mutant_running() == MUTANT_HOST && change != NULL && change->takes_any_signature);
    return oc_ok();
}

oc_result __wrap_oc_ecard_token_read(oc_crypto *crypto, const oc_sm2_key *key, oc_span text, int64_t now, char scope,
                                     oc_ecard_token *token, enum oc_ecard_flaw *flaw)
{
    const struct host_change *change = host_change();
    OC_TRY(__real_oc_ecard_token_read(crypto, key, text, now, scope, token, flaw));
    if (change != NULL && change->code_flaw != NULL && strcmp(oc_ecard_flaw_word(*flaw), change->code_flaw) == 0) {
        *flaw = OC_ECARD_RIGHT;
    }
    return oc_ok();
}
