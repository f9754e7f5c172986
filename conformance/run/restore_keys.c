/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/restore_keys.h"

/* Enciphering or a MAC under a session key: what every right and every MAC on a card is made of. */
static oc_result probe(void *context, const oc_key_name *key, oc_diag *diag)
{
    const oc_key_provider *keys = context;
    static const enum oc_key_use uses[] = {OC_KEY_ENCIPHER, OC_KEY_MAC};
    static const uint8_t zeros[16];
    enum oc_alg alg;
    if (!oc_is_ok(oc_key_provider_alg(keys, key, &alg))) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "key %s/%s version %u is not known", key->dir, key->name,
                            key->version);
    }
    oc_result r = oc_ok();
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        const oc_key_question question = {.use = uses[i],
                                          .key = *key,
                                          .session = oc_span_of(zeros, 8),
                                          .data = oc_span_of(zeros, oc_alg_block(alg))};
        uint8_t room[16];
        oc_wr answer = oc_wr_of(room, sizeof room);
        oc_diag_clear(diag);
        r = oc_key_provider_answer(keys, &question, &answer, diag);
        if (r.code != OC_E_UNAVAILABLE) {
            break;
        }
    }
    return r;
}

oc_result oc_restore_keys_visit(const oc_case *subject, oc_restore_key_visit *visit, void *context, oc_diag *diag)
{
    for (size_t i = 0; i < subject->restore_count; i++) {
        const oc_step *step = &subject->restore[i];
        for (size_t k = 0; step->kind == OC_STEP_LET && k < step->argument_count; k++) {
            const oc_value *value = &step->arguments[k].value;
            oc_key_name key;
            if (value->count == 1 && value->tokens[0].kind == OC_TOKEN_KEY &&
                oc_is_ok(oc_key_name_parse(&key, value->tokens[0].name))) {
                OC_TRY(visit(context, &key, diag));
            }
        }
    }
    return oc_ok();
}

oc_result oc_restore_keys_check(const oc_case *subject, const oc_key_provider *keys, oc_diag *diag)
{
    oc_key_provider provider = *keys;
    return oc_restore_keys_visit(subject, probe, &provider, diag);
}
