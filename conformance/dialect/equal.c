/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "conformance/dialect/build.h"

/* A number or word of an argument that is no value: 8 and 08 are the same length. */
static bool same_literal(const char *a, const char *b)
{
    char *end_a = NULL;
    char *end_b = NULL;
    double left = strtod(a, &end_a);
    double right = strtod(b, &end_b);
    bool numbers = end_a != a && *end_a == '\0' && end_b != b && *end_b == '\0';
    return strcmp(a, b) == 0 || (numbers && !(left < right) && !(left > right));
}

/* Bytes that stand in one value, however they are cut into tokens. */
struct walk {
    const oc_value *value;
    size_t token;
    size_t byte; /* of a token of bytes */
};

static const oc_token *here(struct walk *walk)
{
    for (; walk->token < walk->value->count; walk->token++) {
        const oc_token *token = &walk->value->tokens[walk->token];
        if (token->kind != OC_TOKEN_BYTES || walk->byte < token->bytes.len) {
            return token;
        }
        walk->byte = 0;
    }
    return NULL;
}

static bool same_reference(const oc_token *a, const oc_token *b)
{
    return strcmp(a->name, b->name) == 0 && a->sliced == b->sliced && a->offset == b->offset && a->length == b->length;
}

static bool same_tokens(const oc_value *a, const oc_value *b)
{
    struct walk left = {a, 0, 0};
    struct walk right = {b, 0, 0};
    for (;;) {
        const oc_token *l = here(&left);
        const oc_token *r = here(&right);
        if (l == NULL || r == NULL) {
            return l == r;
        }
        if (l->kind != r->kind) {
            return false;
        }
        if (l->kind == OC_TOKEN_BYTES) {
            if (l->bytes.at[left.byte++] != r->bytes.at[right.byte++]) {
                return false;
            }
        } else if (same_reference(l, r)) {
            left.token++;
            right.token++;
        } else {
            return false;
        }
    }
}

bool oc_value_same(const oc_value *a, const oc_value *b)
{
    if (a->count == 0 && b->count == 0) {
        return same_literal(a->source == NULL ? "" : a->source, b->source == NULL ? "" : b->source);
    }
    return same_tokens(a, b);
}
