/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/functions.h"

#include <stdlib.h>

#include "conformance/dialect/functions_impl.h"

/* Alphabetical. A row is a function, what it takes, and the C function that computes it.
 * Parameters: R a required, O an optional one. */
#define R(name, kind, len)                                                                                            \
    {                                                                                                                 \
        name, OC_ARGUMENT_##kind, true, len                                                                           \
    }
#define O(name, kind, len)                                                                                            \
    {                                                                                                                 \
        name, OC_ARGUMENT_##kind, false, len                                                                          \
    }

static const oc_function functions[] = {
    {"bytes", {R("value", BYTES, 0)}, oc_fn_bytes},
    {"card-id-check", {R("key", KEY, 0), R("data", BYTES, 12)}, oc_fn_card_id_check},
    {"card-number-check", {R("data", BYTES, 8)}, oc_fn_card_number_check},
    {"certificate-check",
     {R("certificate", BYTES, 0), R("root", BYTES, 0), R("usage", TEXT, 0)},
     oc_fn_certificate_check},
    {"certificate-key", {R("certificate", BYTES, 0)}, oc_fn_certificate_key},
    {"decipher",
     {R("key", KEY, 0), R("data", BYTES, 0), O("session", BYTES, 0), O("factors", BYTES, 0)},
     oc_fn_decipher},
    {"difference", {R("a", BYTES, 0), R("b", BYTES, 0)}, oc_fn_difference},
    {"encipher",
     {R("key", KEY, 0), R("data", BYTES, 0), O("session", BYTES, 0), O("factors", BYTES, 0)},
     oc_fn_encipher},
    {"fen", {R("yuan", TEXT, 0)}, oc_fn_fen},
    {"fold4", {R("data", BYTES, 16)}, oc_fn_fold4},
    {"fold8", {R("data", BYTES, 16)}, oc_fn_fold8},
    {"hex", {R("data", BYTES, 0)}, oc_fn_hex},
    {"id-number-check", {R("data", BYTES, 17)}, oc_fn_id_number_check},
    {"is-kind", {R("kind", TEXT, 0), R("data", BYTES, 0)}, oc_fn_is_kind},
    {"mac",
     {R("key", KEY, 0), R("data", BYTES, 0), O("icv", BYTES, 0), O("session", BYTES, 0), O("factors", BYTES, 0)},
     oc_fn_mac},
    {"mac4",
     {R("key", KEY, 0), R("data", BYTES, 0), O("icv", BYTES, 0), O("session", BYTES, 0), O("factors", BYTES, 0)},
     oc_fn_mac4},
    {"now-bcd7", {{0}}, oc_fn_now_bcd7},
    {"pin-block", {R("pin", BYTES, 0), R("block", NUMBER, 0)}, oc_fn_pin_block},
    {"random", {R("len", NUMBER, 0)}, oc_fn_random},
    {"retail-mac",
     {R("key", KEY, 0), R("data", BYTES, 0), O("icv", BYTES, 8), O("session", BYTES, 0), O("factors", BYTES, 0)},
     oc_fn_retail_mac},
    {"sm2-encrypt", {R("public", BYTES, 64), R("data", BYTES, 0), R("rnd", BYTES, 0)}, oc_fn_sm2_encrypt},
    {"sm2-verify", {R("public", BYTES, 64), R("digest", BYTES, 32), R("signature", BYTES, 0)}, oc_fn_sm2_verify},
    {"sm3", {R("data", BYTES, 0)}, oc_fn_sm3},
    {"sm4", {R("raw", BYTES, 16), R("data", BYTES, 0)}, oc_fn_sm4},
    {"sm4-mac4", {R("raw", BYTES, 16), R("icv", BYTES, 16), R("data", BYTES, 0)}, oc_fn_sm4_mac4},
    {"ssc-external-auth",
     {R("alg", BYTES, 1), R("key", KEY, 0), R("challenge", BYTES, 8), R("text", BYTES, 8)},
     oc_fn_external_auth},
    {"ssc-internal-auth",
     {R("alg", BYTES, 1), R("key", KEY, 0), R("challenge", BYTES, 8), R("text", BYTES, 8)},
     oc_fn_internal_auth},
    {"ssc-load-mac1",
     {R("alg", BYTES, 1), R("key", KEY, 0), R("balance", BYTES, 4), R("amount", BYTES, 4), R("terminal", BYTES, 6),
      R("rnd", BYTES, 4), R("seq", BYTES, 2)},
     oc_fn_load_mac1},
    {"ssc-load-mac2",
     {R("alg", BYTES, 1), R("key", KEY, 0), R("amount", BYTES, 4), R("terminal", BYTES, 6), R("time", BYTES, 7),
      R("rnd", BYTES, 4), R("seq", BYTES, 2)},
     oc_fn_load_mac2},
    {"ssc-load-tac",
     {R("alg", BYTES, 1), R("key", KEY, 0), R("balance", BYTES, 4), R("seq", BYTES, 2), R("amount", BYTES, 4),
      R("terminal", BYTES, 6), R("time", BYTES, 7)},
     oc_fn_load_tac},
    {"ssc-purchase-mac1",
     {R("alg", BYTES, 1), R("key", KEY, 0), R("own", BYTES, 4), R("cash", BYTES, 4), R("pooled", BYTES, 4),
      R("type", BYTES, 1), R("terminal", BYTES, 6), R("serial", BYTES, 4), R("time", BYTES, 7), R("rnd", BYTES, 4),
      R("seq", BYTES, 2)},
     oc_fn_purchase_mac1},
    {"ssc-purchase-mac2",
     {R("alg", BYTES, 1), R("key", KEY, 0), R("own", BYTES, 4), R("cash", BYTES, 4), R("pooled", BYTES, 4),
      R("serial", BYTES, 4), R("rnd", BYTES, 4), R("seq", BYTES, 2)},
     oc_fn_purchase_mac2},
    {"ssc-purchase-tac",
     {R("alg", BYTES, 1), R("key", KEY, 0), R("own", BYTES, 4), R("cash", BYTES, 4), R("pooled", BYTES, 4),
      R("type", BYTES, 1), R("terminal", BYTES, 6), R("serial", BYTES, 4), R("time", BYTES, 7)},
     oc_fn_purchase_tac},
    {"sum", {R("a", BYTES, 0), R("b", BYTES, 0)}, oc_fn_sum},
    {"tac", {R("key", KEY, 0), R("data", BYTES, 0), O("factors", BYTES, 0)}, oc_fn_tac},
    {"unhex", {R("data", BYTES, 0)}, oc_fn_unhex},
    {"xor", {R("a", BYTES, 0), R("b", BYTES, 0)}, oc_fn_xor},
};

#define FUNCTION_COUNT (sizeof functions / sizeof functions[0])

const oc_function *oc_function_find(const char *name)
{
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        if (strcmp(functions[i].name, name) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

const oc_function *oc_function_at(size_t at)
{
    return at < FUNCTION_COUNT ? &functions[at] : NULL;
}

const char *oc_function_name(const oc_function *function)
{
    return function->name;
}

const oc_parameter *oc_function_parameter_at(const oc_function *function, size_t at)
{
    return at < OC_PARAMETERS_MAX && function->parameters[at].name != NULL ? &function->parameters[at] : NULL;
}

const oc_parameter *oc_function_parameter(const oc_function *function, const char *name)
{
    const oc_parameter *parameter;
    for (size_t i = 0; (parameter = oc_function_parameter_at(function, i)) != NULL; i++) {
        if (strcmp(parameter->name, name) == 0) {
            return parameter;
        }
    }
    return NULL;
}

static const oc_argument *argument_of(const oc_step *let, const char *name)
{
    for (size_t i = 0; i < let->argument_count; i++) {
        if (strcmp(let->arguments[i].name, name) == 0) {
            return &let->arguments[i];
        }
    }
    return NULL;
}

/* The version that a command or answer named; a command that names none means version 1. */
static oc_result take_version(const oc_token *token, const oc_scope *scope, oc_key_name *key, oc_diag *diag)
{
    oc_buf bytes = {0};
    oc_result r = scope->capture(scope->self, token->version, &bytes);
    if (r.code == OC_E_NOT_FOUND) {
        r = oc_diag_fail(diag, OC_E_FORMAT, "$%s has no value", token->version);
    } else if (oc_is_ok(r) && (bytes.len > 1 || (bytes.len == 1 && bytes.at[0] == 0))) {
        r = oc_diag_fail(diag, OC_E_FORMAT, "$%s is no version of a key", token->version);
    } else if (oc_is_ok(r) && bytes.len == 1) {
        key->version = bytes.at[0];
    }
    oc_buf_free(&bytes);
    return r;
}

static oc_result take_argument(const oc_parameter *parameter, const oc_argument *argument, oc_call *call,
                               oc_call_argument *out, oc_diag *diag)
{
    out->given = true;
    out->text = argument->value.source;
    switch (parameter->kind) {
    case OC_ARGUMENT_BYTES:
        OC_TRY(oc_value_bytes(&argument->value, call->world->scope, &out->bytes, diag));
        if (parameter->len != 0 && out->bytes.len != parameter->len) {
            return oc_diag_fail(diag, OC_E_FORMAT, "argument %s has %zu bytes instead of %zu", parameter->name,
                                out->bytes.len, parameter->len);
        }
        return oc_ok();
    case OC_ARGUMENT_KEY:
        if (argument->value.count != 1 || argument->value.tokens[0].kind != OC_TOKEN_KEY ||
            !oc_is_ok(oc_key_name_parse(&out->key, argument->value.tokens[0].name))) {
            return oc_diag_fail(diag, OC_E_FORMAT, "argument %s is not of the form key:DIR/NAME#version",
                                parameter->name);
        }
        return argument->value.tokens[0].version == NULL
                   ? oc_ok()
                   : take_version(&argument->value.tokens[0], call->world->scope, &out->key, diag);
    case OC_ARGUMENT_NUMBER: {
        char *end = NULL;
        out->number = strtoul(out->text, &end, 10);
        if (end == out->text || *end != '\0' || out->number > 65535) {
            return oc_diag_fail(diag, OC_E_FORMAT, "argument %s is not a decimal number", parameter->name);
        }
        return oc_ok();
    }
    case OC_ARGUMENT_TEXT:
        return oc_ok();
    }
    return oc_fail(OC_E_INTERNAL);
}

oc_result oc_function_run(const oc_step *let, const oc_function_world *world, oc_buf *out, oc_diag *diag)
{
    const oc_function *function = oc_function_find(let->name);
    if (function == NULL) {
        return oc_diag_fail(diag, OC_E_USAGE, "no function is called %s", let->name);
    }
    oc_call call = {.world = world, .let_id = let->own_id};
    oc_result r = oc_ok();
    const oc_parameter *parameter;
    for (size_t i = 0; oc_is_ok(r) && (parameter = oc_function_parameter_at(function, i)) != NULL; i++) {
        const oc_argument *argument = argument_of(let, parameter->name);
        if (argument != NULL) {
            r = take_argument(parameter, argument, &call, &call.arguments[i], diag);
        } else if (parameter->required) {
            r = oc_diag_fail(diag, OC_E_USAGE, "function %s needs the argument %s", function->name, parameter->name);
        }
    }
    if (oc_is_ok(r)) {
        r = function->compute(&call, out, diag);
    }
    for (size_t i = 0; i < OC_PARAMETERS_MAX; i++) {
        oc_buf_free(&call.arguments[i].bytes);
    }
    return r;
}
