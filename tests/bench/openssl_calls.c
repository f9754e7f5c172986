/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/openssl_calls.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "tests/bench/bench.h"

#define OPS_MAX 65536
#define CONTEXTS_MAX 256
#define BYTES_MAX 4096

enum op_kind { OP_INIT, OP_UPDATE, OP_DIGEST_INIT, OP_DIGEST_UPDATE, OP_DIGEST_FINAL, OP_POINT };

struct op {
    enum op_kind kind;
    size_t context; /* index into the replay's contexts */
    const EVP_CIPHER *cipher;
    const EVP_MD *digest;
    bool has_key;
    bool has_iv;
    int encipher;
    size_t len;
    const EC_GROUP *group; /* of a point multiplication */
    bool by_generator;
    bool by_point;
};

static struct {
    bool on;
    bool overflow;
    struct op ops[OPS_MAX];
    size_t count;
    const void *seen[CONTEXTS_MAX];
    EVP_CIPHER_CTX *ciphers[CONTEXTS_MAX];
    EVP_MD_CTX *digests[CONTEXTS_MAX];
    size_t contexts;
} record;

static struct {
    BN_CTX *room;
    BIGNUM *scalar;
    EC_POINT *in;
    EC_POINT *out;
} points;

static size_t context_of(const void *context)
{
    for (size_t i = 0; i < record.contexts; i++) {
        if (record.seen[i] == context) {
            return i;
        }
    }
    if (record.contexts == CONTEXTS_MAX) {
        record.overflow = true;
        return 0;
    }
    record.seen[record.contexts] = context;
    return record.contexts++;
}

static struct op *note(enum op_kind kind, const void *context)
{
    static struct op spare;
    if (record.count == OPS_MAX) {
        record.overflow = true;
        return &spare;
    }
    struct op *op = &record.ops[record.count++];
    *op = (struct op){.kind = kind, .context = context_of(context)};
    return op;
}

/* The names are the linker's: --wrap=NAME sends calls of NAME to __wrap_NAME and offers the original as __real_NAME. */
int __real_EVP_CipherInit_ex2(EVP_CIPHER_CTX *, const EVP_CIPHER *, const unsigned char *, const unsigned char *, int,
                              const OSSL_PARAM *);
int __wrap_EVP_CipherInit_ex2(EVP_CIPHER_CTX *, const EVP_CIPHER *, const unsigned char *, const unsigned char *, int,
                              const OSSL_PARAM *);
int __real_EVP_CipherUpdate(EVP_CIPHER_CTX *, unsigned char *, int *, const unsigned char *, int);
int __wrap_EVP_CipherUpdate(EVP_CIPHER_CTX *, unsigned char *, int *, const unsigned char *, int);
int __real_EVP_DigestInit_ex2(EVP_MD_CTX *, const EVP_MD *, const OSSL_PARAM *);
int __wrap_EVP_DigestInit_ex2(EVP_MD_CTX *, const EVP_MD *, const OSSL_PARAM *);
int __real_EVP_DigestUpdate(EVP_MD_CTX *, const void *, size_t);
int __wrap_EVP_DigestUpdate(EVP_MD_CTX *, const void *, size_t);
int __real_EVP_DigestFinal_ex(EVP_MD_CTX *, unsigned char *, unsigned int *);
int __wrap_EVP_DigestFinal_ex(EVP_MD_CTX *, unsigned char *, unsigned int *);

int __wrap_EVP_CipherInit_ex2(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, const unsigned char *key,
                              const unsigned char *iv, int encipher, const OSSL_PARAM *params)
{
    if (record.on) {
        struct op *op = note(OP_INIT, context);
        op->cipher = cipher != NULL ? cipher : EVP_CIPHER_CTX_get0_cipher(context);
        op->has_key = key != NULL;
        op->has_iv = iv != NULL;
        op->encipher = encipher;
    }
    return __real_EVP_CipherInit_ex2(context, cipher, key, iv, encipher, params);
}

int __wrap_EVP_CipherUpdate(EVP_CIPHER_CTX *context, unsigned char *out, int *done, const unsigned char *in, int len)
{
    if (record.on) {
        struct op *op = note(OP_UPDATE, context);
        op->cipher = EVP_CIPHER_CTX_get0_cipher(context);
        op->encipher = EVP_CIPHER_CTX_is_encrypting(context);
        op->len = (size_t)len;
    }
    return __real_EVP_CipherUpdate(context, out, done, in, len);
}

int __wrap_EVP_DigestInit_ex2(EVP_MD_CTX *context, const EVP_MD *digest, const OSSL_PARAM *params)
{
    if (record.on) {
        note(OP_DIGEST_INIT, context)->digest = digest;
    }
    return __real_EVP_DigestInit_ex2(context, digest, params);
}

int __wrap_EVP_DigestUpdate(EVP_MD_CTX *context, const void *data, size_t len)
{
    if (record.on) {
        note(OP_DIGEST_UPDATE, context)->len = len;
    }
    return __real_EVP_DigestUpdate(context, data, len);
}

int __wrap_EVP_DigestFinal_ex(EVP_MD_CTX *context, unsigned char *out, unsigned int *len)
{
    if (record.on) {
        (void)note(OP_DIGEST_FINAL, context);
    }
    return __real_EVP_DigestFinal_ex(context, out, len);
}

void bench_record_calls(void)
{
    record.on = true;
}

int __real_EC_POINT_mul(const EC_GROUP *, EC_POINT *, const BIGNUM *, const EC_POINT *, const BIGNUM *, BN_CTX *);
int __wrap_EC_POINT_mul(const EC_GROUP *, EC_POINT *, const BIGNUM *, const EC_POINT *, const BIGNUM *, BN_CTX *);

int __wrap_EC_POINT_mul(const EC_GROUP *group, EC_POINT *out, const BIGNUM *n, const EC_POINT *q, const BIGNUM *m,
                        BN_CTX *room)
{
    if (record.on) {
        struct op *op = note(OP_POINT, group);
        op->group = group;
        op->by_generator = n != NULL;
        op->by_point = q != NULL;
    }
    return __real_EC_POINT_mul(group, out, n, q, m, room);
}

/* One scalar and one point serve all: the time does not depend on them. */
static void prepare_points(const EC_GROUP *group)
{
    if (points.scalar == NULL) {
        points.room = BN_CTX_new();
        points.scalar = BN_dup(EC_GROUP_get0_order(group));
        points.out = EC_POINT_new(group);
        points.in = EC_POINT_dup(EC_GROUP_get0_generator(group), group);
        bench_require(points.room != NULL && points.scalar != NULL && points.out != NULL && points.in != NULL &&
                          BN_sub_word(points.scalar, 12345) == 1,
                      "no memory");
    }
}

/* Contexts that hold a key already when the recording begins get one here. */
static void prepare(void)
{
    static const uint8_t bytes[64] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    for (size_t i = 0; i < record.count; i++) {
        const struct op *op = &record.ops[i];
        if (op->cipher != NULL && record.ciphers[op->context] == NULL) {
            EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
            bench_require(context != NULL && __real_EVP_CipherInit_ex2(context, op->cipher, bytes, bytes,
                                                                       op->encipher == 0 ? 0 : 1, NULL) == 1,
                          "cannot prepare a cipher");
            (void)EVP_CIPHER_CTX_set_padding(context, 0);
            record.ciphers[op->context] = context;
        } else if (op->group != NULL) {
            prepare_points(op->group);
        } else if (op->cipher == NULL && record.digests[op->context] == NULL) {
            record.digests[op->context] = EVP_MD_CTX_new();
            bench_require(record.digests[op->context] != NULL, "no memory");
        }
    }
}

void bench_stop_recording(void)
{
    record.on = false;
    bench_require(!record.overflow, "too many operations to record");
    prepare();
}

bool bench_replay(void *unused)
{
    (void)unused;
    static const uint8_t key[64] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    static const uint8_t in[BYTES_MAX];
    static uint8_t out[BYTES_MAX + 32];
    int fine = 1;
    for (size_t i = 0; i < record.count && fine == 1; i++) {
        const struct op *op = &record.ops[i];
        int done = 0;
        switch (op->kind) {
        case OP_INIT:
            fine = __real_EVP_CipherInit_ex2(record.ciphers[op->context], NULL, op->has_key ? key : NULL,
                                             op->has_iv ? in : NULL, op->encipher, NULL);
            break;
        case OP_UPDATE:
            fine = __real_EVP_CipherUpdate(record.ciphers[op->context], out, &done, in, (int)op->len);
            break;
        case OP_DIGEST_INIT:
            fine = __real_EVP_DigestInit_ex2(record.digests[op->context], op->digest, NULL);
            break;
        case OP_DIGEST_UPDATE:
            fine = __real_EVP_DigestUpdate(record.digests[op->context], in, op->len);
            break;
        case OP_DIGEST_FINAL:
            fine = __real_EVP_DigestFinal_ex(record.digests[op->context], out, NULL);
            break;
        case OP_POINT:
            fine = __real_EC_POINT_mul(op->group, points.out, op->by_generator ? points.scalar : NULL,
                                       op->by_point ? points.in : NULL, op->by_point ? points.scalar : NULL,
                                       points.room);
            break;
        }
    }
    return fine == 1;
}

void bench_print_calls(const char *what)
{
    size_t schedules = 0, vectors = 0, blocks = 0, digests = 0, curve = 0;
    for (size_t i = 0; i < record.count; i++) {
        const struct op *op = &record.ops[i];
        schedules += op->kind == OP_INIT && op->has_key;
        vectors += op->kind == OP_INIT && !op->has_key;
        digests += op->kind == OP_DIGEST_FINAL;
        curve += op->kind == OP_POINT;
        if (op->kind == OP_UPDATE) {
            blocks += op->len / (size_t)EVP_CIPHER_get_block_size(op->cipher);
        }
    }
    printf("  %s makes %zu key schedules, %zu resets of an initial vector, %zu cipher blocks, %zu digests, %zu "
           "multiplications on the SM2 curve\n",
           what, schedules, vectors, blocks, digests, curve);
}

void bench_forget_calls(void)
{
    for (size_t i = 0; i < CONTEXTS_MAX; i++) {
        EVP_CIPHER_CTX_free(record.ciphers[i]);
        EVP_MD_CTX_free(record.digests[i]);
    }
    memset(&record, 0, sizeof record);
    BN_CTX_free(points.room);
    BN_free(points.scalar);
    EC_POINT_free(points.in);
    EC_POINT_free(points.out);
    memset(&points, 0, sizeof points);
}
