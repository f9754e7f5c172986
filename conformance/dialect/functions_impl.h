/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_FUNCTIONS_IMPL_H
#define OC_CONFORMANCE_DIALECT_FUNCTIONS_IMPL_H

#include "conformance/dialect/functions.h"

/* Private to the functions: a call with its arguments taken, in the order of the function's parameters. */
typedef struct oc_call_argument {
    bool given;
    const char *text;
    oc_buf bytes;
    oc_key_name key;
    unsigned long number;
} oc_call_argument;

typedef struct oc_call {
    const oc_function_world *world;
    const char *let_id;
    oc_call_argument arguments[OC_PARAMETERS_MAX];
} oc_call;

typedef oc_result oc_function_compute(oc_call *call, oc_buf *out, oc_diag *diag);

struct oc_function {
    const char *name;
    oc_parameter parameters[OC_PARAMETERS_MAX];
    oc_function_compute *compute;
};

/* functions_bytes.c */
oc_function_compute oc_fn_bytes, oc_fn_hex, oc_fn_unhex, oc_fn_xor, oc_fn_fold4, oc_fn_fold8, oc_fn_sum,
    oc_fn_difference, oc_fn_fen, oc_fn_now_bcd7, oc_fn_random, oc_fn_pin_block, oc_fn_sm3, oc_fn_card_number_check,
    oc_fn_id_number_check, oc_fn_is_kind;
/* functions_keys.c */
oc_function_compute oc_fn_encipher, oc_fn_decipher, oc_fn_mac, oc_fn_mac4, oc_fn_retail_mac, oc_fn_tac,
    oc_fn_card_id_check;
/* functions_pki.c */
oc_function_compute oc_fn_sm4, oc_fn_sm4_mac4, oc_fn_sm2_verify, oc_fn_sm2_encrypt, oc_fn_certificate_check,
    oc_fn_certificate_key;
/* functions_ssc.c */
oc_function_compute oc_fn_external_auth, oc_fn_internal_auth, oc_fn_load_mac1, oc_fn_load_mac2, oc_fn_load_tac,
    oc_fn_purchase_mac1, oc_fn_purchase_mac2, oc_fn_purchase_tac;

/* Asks the provider and appends the answer; for MACs under an SM4 or 3DES key `short_mac` shortens it to the 4
 * bytes of oc_ssc_mac4. */
OC_MUST_USE oc_result oc_fn_ask(oc_call *call, const oc_key_question *question, bool short_mac, oc_buf *out,
                                oc_diag *diag);

static inline oc_span oc_fn_span(const oc_call *call, size_t at)
{
    return oc_buf_span(&call->arguments[at].bytes);
}

#endif
