/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_VALUE_H
#define OC_CONFORMANCE_DIALECT_VALUE_H

#include "sim/base/arena.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A value of the dialect: tokens separated by blanks, each yielding bytes (vectors/README.md, "Values"). */
enum oc_token_kind {
    OC_TOKEN_BYTES,   /* hex, or 'text' in GB18030: the bytes are known when the file is read */
    OC_TOKEN_CAPTURE, /* $name or $name[offset:length] */
    OC_TOKEN_PROFILE, /* @reference */
    OC_TOKEN_KEY      /* key:DIR/NAME#version or #$name; an argument of its own, never joined with others */
};

typedef struct oc_token {
    enum oc_token_kind kind;
    oc_span bytes;       /* BYTES */
    const char *name;    /* CAPTURE: name; PROFILE: reference without '@'; KEY: name without "key:" and "#$name" */
    const char *version; /* KEY with #$name: the capture that holds its version */
    bool sliced;         /* CAPTURE with [offset:length] */
    size_t offset;
    size_t length;
} oc_token;

typedef struct oc_value {
    const char *source; /* as written */
    const oc_token *tokens;
    size_t count;
} oc_value;

/* Letters, digits, '-' and '_': what the names of captures and of row attributes are made of. */
bool oc_name_char(char c);

/* Reads a value. Odd hex, an open quote, text outside GB18030 and malformed tokens are FORMAT with the reason. */
OC_MUST_USE oc_result oc_value_read(oc_value *out, oc_arena *arena, const char *source, oc_diag *diag);

/* Where names get their bytes from while a case runs. Both append and answer NOT_FOUND for unknown names. */
typedef struct oc_scope {
    void *self;
    oc_result (*capture)(void *self, const char *name, oc_buf *out);
    oc_result (*profile)(void *self, const char *reference, oc_buf *out);
} oc_scope;

/* Appends the bytes. NOT_FOUND names the profile value that is not known, FORMAT a capture without a value (of an
 * optional object that the card left out, say; lint finds those that can never have one), LIMIT a slice outside. */
OC_MUST_USE oc_result oc_value_bytes(const oc_value *value, const oc_scope *scope, oc_buf *out, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
