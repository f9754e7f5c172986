/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what SM2 and the makers of certificates give for random inputs, one a line: operation, arguments, '=',
 * result; all in hex. pki_agreement_test.py computes each of them again, and asks the openssl command about the
 * certificates. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/base/random.h"
#include "sim/crypto/certificate.h"
#include "sim/crypto/pin_block.h"

#define ARGUMENTS_MAX 3
#define ARGUMENT_SIZE_MAX 200
#define RESULT_MAX 1100

struct work {
    oc_crypto *crypto;
    oc_sm2_key pair; /* of the first argument */
    oc_span arguments[ARGUMENTS_MAX];
    oc_buf result;
};

typedef oc_result operation(struct work *work);

static oc_result keep(struct work *work, const uint8_t *bytes, size_t len)
{
    return oc_buf_append(&work->result, oc_span_of(bytes, len));
}

static oc_result pair(struct work *work)
{
    OC_TRY(keep(work, work->pair.scalar, sizeof work->pair.scalar));
    return keep(work, work->pair.point, sizeof work->pair.point);
}

static oc_result digest(struct work *work)
{
    uint8_t e[OC_SM2_DIGEST];
    OC_TRY(oc_sm2_digest(work->crypto, &work->pair, work->arguments[1], work->arguments[2], e));
    return keep(work, e, sizeof e);
}

static oc_result sign(struct work *work)
{
    uint8_t signature[OC_SM2_SIGNATURE];
    OC_TRY(oc_sm2_sign(work->crypto, &work->pair, work->arguments[1], work->arguments[2], signature));
    return keep(work, signature, sizeof signature);
}

/* The signature, altered in a place that the random bytes choose, and what is thought of it. */
static oc_result verify(struct work *work)
{
    uint8_t signature[OC_SM2_SIGNATURE];
    bool valid;
    OC_TRY(oc_sm2_sign(work->crypto, &work->pair, work->arguments[1], oc_span_empty(), signature));
    signature[work->arguments[2].at[0] % sizeof signature] ^= work->arguments[2].at[1] & 1;
    OC_TRY(oc_sm2_verify(&work->pair, work->arguments[1], oc_span_of(signature, sizeof signature), &valid));
    OC_TRY(keep(work, signature, sizeof signature));
    return oc_buf_append_byte(&work->result, valid);
}

static oc_result encrypt(struct work *work)
{
    return oc_sm2_encrypt(work->crypto, &work->pair, work->arguments[1], work->arguments[2], &work->result);
}

static oc_result decrypt(struct work *work)
{
    oc_buf cipher = {0};
    bool right = false;
    oc_result r = oc_sm2_encrypt(work->crypto, &work->pair, work->arguments[1], work->arguments[2], &cipher);
    r = oc_is_ok(r) ? oc_sm2_decrypt(work->crypto, &work->pair, oc_buf_span(&cipher), &work->result, &right) : r;
    oc_buf_free(&cipher);
    return oc_is_ok(r) && !right ? oc_fail(OC_E_CRYPTO) : r;
}

static oc_result pin(struct work *work)
{
    oc_key key;
    uint8_t block[16] = {0};
    OC_TRY(oc_pin_key(work->crypto, oc_span_slice(work->arguments[1], 0, 3), &key));
    OC_TRY(oc_encipher(work->crypto, &key, oc_span_of(block, sizeof block), block));
    return keep(work, block, sizeof block);
}

/* Root, then a certificate for another key under it. */
static oc_result certificate(struct work *work)
{
    oc_sm2_key holder;
    OC_TRY(oc_sm2_pair_from(work->crypto, &holder, work->arguments[1]));
    oc_certificate_order order = {.use = OC_CERTIFICATE_ROOT,
                                  .serial = work->arguments[2],
                                  .issuer = "foreign root",
                                  .subject = "foreign root",
                                  .not_before = 1577836800,
                                  .not_after = 2600000000,
                                  .signer = &work->pair,
                                  .receiver = &work->pair};
    OC_TRY(oc_certificate_make(work->crypto, &order, &work->result));
    order.use = work->arguments[2].at[0] % 2 == 0 ? OC_CERTIFICATE_SIGNING : OC_CERTIFICATE_ENCIPHERING;
    order.subject = "样本";
    order.receiver = &holder;
    return oc_certificate_make(work->crypto, &order, &work->result);
}

static const struct operation_row {
    const char *name;
    operation *run;
    uint8_t sizes[2]; /* bytes of the arguments after the seed of the key; VARIABLE: 1 to 120 */
} operations[] = {
    {"pair", pair, {0, 0}},      {"digest", digest, {16, 0xFF}},       {"sign", sign, {32, 32}},
    {"verify", verify, {32, 2}}, {"encrypt", encrypt, {0xFF, 32}},     {"decrypt", decrypt, {0xFF, 8}},
    {"pin", pin, {3, 0}},        {"certificate", certificate, {8, 9}},
};
#define VARIABLE 0xFF

static void print_hex(const char *before, oc_span bytes)
{
    char text[2 * RESULT_MAX + 1];
    oc_hex_encode(text, sizeof text, bytes);
    printf("%s%s", before, bytes.len == 0 ? "-" : text);
}

static oc_result one_line(struct work *work, const struct operation_row *row, oc_random *random)
{
    uint8_t rooms[ARGUMENTS_MAX][ARGUMENT_SIZE_MAX];
    uint8_t dice;
    OC_TRY(oc_random_bytes(random, &dice, 1));
    printf("%s", row->name);
    for (unsigned i = 0; i < ARGUMENTS_MAX; i++) {
        size_t size = i == 0 ? 16 : row->sizes[i - 1] == VARIABLE ? 1u + dice % 120u : row->sizes[i - 1];
        OC_TRY(oc_random_bytes(random, rooms[i], size));
        work->arguments[i] = oc_span_of(rooms[i], size);
        print_hex(" ", work->arguments[i]);
    }
    oc_buf_clear(&work->result);
    OC_TRY(oc_sm2_pair_from(work->crypto, &work->pair, work->arguments[0]));
    OC_TRY(row->run(work));
    print_hex(" = ", oc_buf_span(&work->result));
    putchar('\n');
    return oc_ok();
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: print_pki SEED COUNT\n");
        return 2;
    }
    oc_random random;
    oc_random_init(&random, strtoull(argv[1], NULL, 10), "pki");
    unsigned long count = strtoul(argv[2], NULL, 10);
    struct work work = {0};
    oc_result r = oc_crypto_new(&work.crypto);
    for (unsigned long i = 0; i < count && oc_is_ok(r); i++) {
        r = one_line(&work, &operations[i % (sizeof operations / sizeof operations[0])], &random);
    }
    oc_crypto_free(&work.crypto);
    oc_buf_free(&work.result);
    return oc_is_ok(r) ? 0 : 1;
}
