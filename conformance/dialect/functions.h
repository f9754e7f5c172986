/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_FUNCTIONS_H
#define OC_CONFORMANCE_DIALECT_FUNCTIONS_H

#include "conformance/dialect/suite.h"
#include "sim/base/run_context.h"
#include "sim/crypto/key_provider.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The closed list of functions of <let> (vectors/README.md, "Functions"). */
enum oc_argument_kind {
    OC_ARGUMENT_BYTES,  /* a value */
    OC_ARGUMENT_KEY,    /* key:DIR/NAME#version */
    OC_ARGUMENT_NUMBER, /* decimal, 0 to 65535 */
    OC_ARGUMENT_TEXT    /* as it is written: "10.00", "cn" */
};

typedef struct oc_parameter {
    const char *name;
    enum oc_argument_kind kind;
    bool required;
    size_t len; /* BYTES: the exact length, or 0 for any */
} oc_parameter;

#define OC_PARAMETERS_MAX 12

typedef struct oc_function oc_function;

const oc_function *oc_function_find(const char *name);
/* The list in alphabetical order; NULL past its end. */
const oc_function *oc_function_at(size_t at);
const char *oc_function_name(const oc_function *function);
const oc_parameter *oc_function_parameter(const oc_function *function, const char *name);
/* By position; NULL past the last. */
const oc_parameter *oc_function_parameter_at(const oc_function *function, size_t at);

typedef struct oc_function_world {
    const oc_scope *scope;
    const oc_key_provider *keys;
    oc_crypto *crypto; /* for digests only: keys are asked of the provider */
    const oc_run_context *run;
} oc_function_world;

/* Computes a <let> step and appends the result.
 * UNAVAILABLE: the provider lacks a key. NOT_FOUND: the profile lacks a value. FORMAT: an argument has the wrong
 * length, a sum overflows, or `alg` contradicts the key's algorithm. */
OC_MUST_USE oc_result oc_function_run(const oc_step *let, const oc_function_world *world, oc_buf *out, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
